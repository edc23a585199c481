package prose

import (
	"strings"
	"testing"
	"unicode/utf8"

	"escort/explain/effect"
)

func TestClauses(t *testing.T) {
	for _, c := range []struct {
		clause Clause
		want   string
	}{
		{Clause{Verb: "delete", Role: effect.RolePath, Objects: []string{"a"}}, "Deletes a"},
		{Clause{Verb: "delete", Role: effect.RoleFolder, Objects: []string{"a"}, Recursive: true, As: "root"}, "Deletes a, everything in the folder, as administrator"},
		{Clause{Verb: "restart", Role: effect.RoleService, Objects: []string{"nginx"}, Where: "on the machine db2"}, "Restarts the service nginx, on the machine db2"},
		{Clause{Verb: "copy", Role: effect.RolePath, Objects: []string{"a", "b", "c", "d", "e"}}, "Copies a, b and three more"},
		{Clause{Say: "starts the program x. I do not know what it does", As: "root"}, "Starts the program x, as administrator. I do not know what it does"},
	} {
		if got := c.clause.Text(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestHeadlinesFitAndKeepNamesWhole(t *testing.T) {
	long := "/srv/data/" + strings.Repeat("x", 20)
	huge := "/srv/" + strings.Repeat("y", 300)
	for _, c := range []struct {
		phrases []Phrase
		has     []string
		hasNot  []string
	}{
		{[]Phrase{{Full: "Deletes a"}, {Full: "reads b"}}, []string{"Deletes a and reads b."}, []string{"more"}},
		{[]Phrase{{Full: "Deletes " + long}, {Full: "Copies " + long}, {Full: "Reads " + long}}, []string{"Deletes " + long, "copies " + long, "more"}, []string{"…"}},
		{[]Phrase{{Full: "Opens " + huge + " in an editor", As: "root"}}, []string{"Opens /srv/", "…", "administrator"}, nil},
		{[]Phrase{{Full: "Deletes " + long + " and moves " + long + " and copies " + long}}, []string{"Deletes " + long}, []string{"…"}},
	} {
		got := Join(Lead{}, c.phrases)
		if n := utf8.RuneCountInString(got); n > MaxHeadline || !strings.HasSuffix(got, ".") {
			t.Errorf("%d characters: %q", n, got)
		}
		for _, w := range c.has {
			if !strings.Contains(got, w) {
				t.Errorf("%q does not say %q", got, w)
			}
		}
		for _, w := range c.hasNot {
			if strings.Contains(got, w) {
				t.Errorf("%q says %q", got, w)
			}
		}
	}
}
