package recipe

import (
	"encoding/json"
	"strings"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/explain/regex"
	"escort/explain/say"
)

// readManifest reads what would be made in a cluster, YAML or JSON.
func readManifest(text string, _ Asked) []Step {
	var docs []*tree
	var ok bool
	if json.Valid([]byte(text)) {
		var t *tree
		t, ok = jsonTree(text)
		docs = []*tree{t}
	} else {
		docs, ok = yamls(text)
	}
	if !ok {
		return []Step{{Line: 1, Unread: say.Text("files.the-file-for-the-cluster")}}
	}
	var out []Step
	for _, d := range docs {
		things := []*tree{d}
		if d.get("kind").text == "List" {
			things = d.get("items").items
		}
		for _, t := range things {
			out = append(out, manifest(t)...)
		}
	}
	return out
}

// readChart reads a file of a package for clusters: a manifest with places to
// fill in. What stands under a condition is read as if the condition held.
func readChart(text string, a Asked) []Step {
	var out []string
	for _, l := range lines(text) {
		if strings.Contains(l, "{{") && strings.Trim(chartFill.ReplaceAllString(l, ""), " -\t") == "" {
			l = ""
		}
		out = append(out, chartFill.ReplaceAllString(l, Hole))
	}
	return readManifest(strings.Join(out, "\n"), a)
}

var chartFill = regex.New(`\{\{.*?\}\}`)

// kinds whose making gives rights or reaches the whole cluster.
var kinds = map[string]struct {
	say  string
	risk effect.Risk
}{
	"ClusterRoleBinding": {"files.gives-rights-over-the-whole", effect.High}, "RoleBinding": {"files.gives-rights-in-the-cluster", effect.High},
	"ClusterRole": {"files.names-rights-over-the-whole", effect.High}, "Role": {"files.names-rights-in-the-cluster", effect.Caution},
	"MutatingWebhookConfiguration":   {"files.lets-a-program-change-everything", effect.High},
	"ValidatingWebhookConfiguration": {"files.lets-a-program-refuse-what", effect.High},
	"DaemonSet":                      {"files.runs-a-program-on-every", effect.Caution}, "CronJob": {"files.schedules-a-job-in-the", effect.Caution},
	"Secret": {"files.puts-a-secret-into-the", effect.Caution}, "CustomResourceDefinition": {"files.adds-a-new-kind-of", effect.Caution},
}

func manifest(t *tree) []Step {
	kind, name := t.get("kind"), t.get("metadata").get("name").text
	if kind.text == "" {
		return nil
	}
	space := t.get("metadata").get("namespace").text
	s := Step{
		Line: kind.line, Verb: "change", Object: kind.text + "/" + name, Role: effect.RoleResource, Scope: effect.ScopeFleet,
		Dimension: effect.Damage, Risk: effect.Caution, Say: "files.makes-or-changes-in-the", Place: Remote,
	}
	if k, ok := kinds[kind.text]; ok {
		s.Say, s.Risk, s.Dimension = k.say, k.risk, effect.Control
		if k.risk == effect.High {
			s.ID, s.Verb, s.Technique = "cluster-rights", "grant", "T1098.006"
		}
	}
	if admin := t.get("roleRef").get("name").text; admin == "cluster-admin" {
		s.Risk, s.Say = effect.Critical, "files.gives-full-control-over-the"
	}
	where := s.Object
	if space != "" {
		where += " (" + space + ")"
	}
	s.Say = say.Text(s.Say, "object", short(where))
	out := []Step{s}
	if kind.text != "CustomResourceDefinition" {
		t.walk(func(m *tree) { out = append(out, podFacts(m)...) })
	}
	return out
}

// podFacts is what a mapping in a manifest says about a container.
func podFacts(m *tree) []Step {
	var out []Step
	for _, p := range m.pairs {
		v := p.value
		switch p.key {
		case "privileged":
			if v.yes() {
				out = append(out, remote(privilegedStep(p.line, say.Text("files.starts-a-container-with-full"))))
			}
		case "hostPID", "hostIPC", "hostNetwork":
			if v.yes() {
				s := remote(privilegedStep(p.line, say.Text("files.starts-a-container-that-shares", "what", strings.ToLower(p.key[4:]))))
				s.Verb = "share" // less than the whole machine, so that is said first
				out = append(out, s)
			}
		case "hostPath":
			if s, bad := mountStep(p.line, v.get("path").text, true); bad {
				out = append(out, remote(s))
			}
		case "image":
			if v.text != "" && m.get("name").text != "" {
				out = append(out, Step{
					Line: p.line, Verb: "start", Object: v.text, Role: effect.RoleImage, Scope: effect.ScopeFleet, Dimension: effect.Control,
					Risk: effect.Caution, Say: say.Text("files.starts-the-image", "text", short(v.text)), Place: Remote,
				})
				words := append(m.get("command").all(), m.get("args").all()...)
				if c := m.get("command"); c.is() {
					out = append(out, Step{Line: c.line, Shell: quote.Single(words), Place: Container})
				}
			}
		}
	}
	return out
}

func remote(s Step) Step {
	s.Place = Remote
	return s
}

var (
	tfResource  = regex.New(`^\s*(resource|data|module)\s+"([^"]+)"(?:\s+"([^"]+)")?`)
	tfProvision = regex.New(`^\s*provisioner\s+"(local|remote)-exec"`)
	tfCommand   = regex.New(`^\s*(?:command|inline|script)\s*=\s*(.*)$`)
	tfQuoted    = regex.New(`"((?:[^"\\]|\\.)*)"`)
	tfHeredoc   = regex.New(`<<[-~]?\s*"?(\w+)`)
	tfPublic    = regex.New(`"0\.0\.0\.0/0"|"::/0"`)
	tfSkipped   = regex.New(`^\s*(#|//)`)
)

// readTerraform reads resources and the commands of provisioners.
func readTerraform(text string, _ Asked) []Step {
	var out []Step
	all := lines(text)
	place := ""
	program := false // inside data "external"
	for n := 0; n < len(all); n++ {
		l := all[n]
		if tfSkipped.MatchString(l) {
			continue
		}
		if g := tfResource.FindStringSubmatch(l); g != nil {
			place, program = "", g[1] == "data" && g[2] == "external"
			out = append(out, tfThing(n+1, g)...)
		}
		if g := tfProvision.FindStringSubmatch(l); g != nil {
			place = Here + "local"
			if g[1] == "remote" {
				place = Remote
			}
		}
		if tfPublic.MatchString(l) && strings.Contains(l, "cidr") {
			out = append(out, Step{
				Line: n + 1, Verb: "expose", Object: say.Text("files.the-whole-internet"), Role: effect.RoleHost, Scope: effect.ScopeNetwork, Dimension: effect.Control,
				Risk: effect.Caution, Say: say.Text("files.names-the-whole-internet-in"), Place: Remote,
			})
		}
		cmd := l
		if at := tfProvision.FindStringIndex(l); at != nil {
			cmd = strings.TrimSuffix(strings.TrimSpace(strings.TrimLeft(l[at[1]:], " {")), "}")
		}
		if program {
			cmd = strings.Replace(l, "program", "inline", 1)
		}
		if g := tfCommand.FindStringSubmatch(cmd); g != nil && (place != "" || program) {
			out = append(out, tfCommands(all, &n, g[1], place)...)
		}
	}
	return out
}

func tfThing(line int, g []string) []Step {
	switch g[1] {
	case "module":
		return []Step{{Line: line, Unread: say.Text("files.the-part", "what", g[2])}}
	case "data":
		return nil
	}
	return []Step{{
		Line: line, Verb: "change", Object: g[2] + "." + g[3], Role: effect.RoleResource, Scope: effect.ScopeFleet, Dimension: effect.Damage,
		Risk: effect.Caution, Say: say.Text("files.makes-or-changes-in-the-cloud", "what", short(g[2]+"."+g[3])), Place: Remote,
	}}
}

// tfCommands reads a command, a list of them, or the text up to a mark.
func tfCommands(all []string, n *int, value, place string) []Step {
	if place == "local" {
		place = Here
	}
	first := *n + 1
	if g := tfHeredoc.FindStringSubmatch(value); g != nil {
		var body []string
		for *n++; *n < len(all) && strings.TrimSpace(all[*n]) != g[1]; *n++ {
			body = append(body, all[*n])
		}
		return []Step{{Line: first + 1, Shell: strings.Join(body, "\n"), Place: place}}
	}
	var out []Step
	list := strings.HasPrefix(strings.TrimSpace(value), "[")
	for {
		for _, q := range tfQuoted.FindAllStringSubmatch(value, -1) {
			out = append(out, Step{Line: *n + 1, Shell: tfText(q[1]), Place: place})
		}
		if !list || strings.Contains(tfQuoted.ReplaceAllString(value, ""), "]") || *n+1 >= len(all) {
			return out
		}
		*n++
		value = all[*n]
	}
}

var tfFill = regex.New(`\$\{[^}]*\}`)

func tfText(s string) string {
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\n`, "\n").Replace(tfFill.ReplaceAllString(s, Hole))
}
