package lore

import (
	"strings"
	"testing"

	"escort/explain/effect"
)

// Every row of the tables must be readable and use words of the closed lists.
func TestDeedTables(t *testing.T) {
	d := deeds()
	for _, row := range d.bad {
		t.Errorf("cannot be read: %s", row)
	}
	for name, k := range d.kinds {
		if !effect.KnownVerb(k.verb) || k.dimension == "" || k.access != "list" && k.access != "write" && k.access != "delete" {
			t.Errorf("kind %s: %+v", name, k)
		}
	}
	for w, kind := range d.verbs {
		if d.kinds[kind] == nil {
			t.Errorf("verb %s: no kind %s", w, kind)
		}
	}
	n := 0
	for tool, cases := range d.cases {
		seen := map[string]bool{}
		if e, err := Lookup(tool); err != nil || e == nil || e.Deeds == "" && !anySub(e) {
			t.Errorf("cases of %s, which has no entry with deeds", tool)
		}
		for _, c := range cases {
			n++
			key := " " + c.key()
			if seen[key] || d.kinds[c.kind] == nil || c.say == "" {
				t.Errorf("case %s%s: twice, or no kind %s, or no sentence", tool, key, c.kind)
			}
			seen[key] = true
		}
	}
	if n < 300 || len(d.things) < 150 {
		t.Errorf("only %d cases and %d things", n, len(d.things))
	}
	for _, f := range d.findings {
		for _, k := range f.kinds {
			if d.kinds[k] == nil {
				t.Errorf("finding %s: no kind %s", f.ID, k)
			}
		}
	}
}

// anySub reports whether a subcommand has deeds.
func anySub(e *Entry) bool {
	for _, s := range e.Subcommands {
		if s.Deeds != "" || anySub(s) {
			return true
		}
	}
	return false
}

func TestThingPhrases(t *testing.T) {
	vm, who, bare := newThing("", "", "instance", "instances"), newThing("", "", "who may use it", "who may use it"), newThing("", "", "the store", "the stores")
	for _, c := range []struct{ got, want string }{
		{vm.phrase(nil, false), "an instance"},
		{vm.phrase(nil, true), "instances"},
		{vm.phrase([]string{"web"}, true), "the instance web"},
		{vm.phrase([]string{"a", "b"}, false), "the instances a and b"},
		{vm.phrase([]string{"a", "b", "c", "d"}, false), "the instances a, b and others"},
		{who.phrase([]string{"bob"}, false), "who may use it"},
		{bare.phrase([]string{"x"}, false), "the store x"},
		{singular("db-instances"), "db instance"},
		{singular("policies"), "policy"},
		{singular("access-keys"), "access key"},
		{singular("kms"), "kms"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// A command's words must be read as its tool does, whichever way it puts them.
func TestDeedsAreFound(t *testing.T) {
	for _, c := range []struct{ program, words, say string }{
		{"aws", "ec2 terminate-instances --instance-ids i-1 i-2", "Deletes the virtual machines i-1 and i-2, disks and all, in the Amazon cloud"},
		{"aws", "rds describe-db-instances --no-paginate", "Lists databases in the Amazon cloud"},
		{"aws", "glacier purge-widget-things", "Deletes a glacier widget thing in the Amazon cloud"},
		{"az", "network public-ip delete -n ip1 -g rg", "Deletes the network address ip1 in the Azure cloud"},
		{"gcloud", "compute instances delete web --zone z", "Deletes the virtual machine web in the Google cloud"},
		{"ibmcloud", "is instance-delete i1", "Deletes the virtual machine i1 in the IBM cloud"},
		{"heroku", "domains:add www.example.com", "Changes the name of an app www.example.com at Heroku"},
		{"kubectl", "delete deploy/web svc/web", "Deletes the deployments and services web and web in the cluster"},
		{"gcloud", "app versions stop v1", "Stops the release v1 in the Google cloud"},
		{"aws", "deploy create-deployment --application-name a", "Makes a release in the Amazon cloud, for the application a"},
		{"gcloud", "", "Shows how to use gcloud"},
	} {
		e, err := Lookup(c.program)
		if err != nil || e == nil {
			t.Fatalf("%s: %v", c.program, err)
		}
		var words []Word
		for w := range strings.FieldsSeq(c.words) {
			words = append(words, Word{Text: w, Known: true})
		}
		u := e.Read(c.program, words)
		made := u.Effects(Where{})
		if len(made) == 0 || made[0].Say != c.say {
			t.Errorf("%s %s: %+v", c.program, c.words, made)
		}
	}
}

// A deed that no word names is in doubt, the more so where a word is not known.
func TestUnknownDeeds(t *testing.T) {
	e, _ := Lookup("az")
	u := e.Read("az", []Word{{Text: "frob", Known: true}})
	if made := u.Effects(Where{}); len(u.Strange) != 1 || made[0].Risk != effect.Caution {
		t.Errorf("%v, %+v", u.Strange, made)
	}
	u = e.Read("az", []Word{{Text: "vm", Known: true}, {Text: unknown}, {Text: unknown}})
	if made := u.Effects(Where{}); len(made) == 0 {
		t.Errorf("%+v", made)
	}
}
