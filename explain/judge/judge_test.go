package judge

import (
	"cmp"
	"regexp"
	"slices"
	"testing"

	"escort/explain/effect"
	"escort/explain/say"
)

func TestEveryPatternCompilesAndEveryRuleHasExamples(t *testing.T) {
	for _, r := range Rules() {
		for _, p := range []string{r.Words, r.Unless, r.Env, r.EnvUsual, r.Typed, r.Plumb} {
			if _, err := regexp.Compile(p); err != nil {
				t.Errorf("%s: %v", r.ID, err)
			}
		}
		if !say.Known("finding."+cmp.Or(r.Says, r.ID)) || r.Risk == "" || r.Dimension == "" || len(r.Match) == 0 || len(r.NotMatch) == 0 {
			t.Errorf("%s is not complete, or explain/say/words/en/finding.txt does not say it: %+v", r.ID, r)
		}
		if (r.Class == "") != (r.Access == "") {
			t.Errorf("%s: Class and Access belong together", r.ID)
		}
	}
}

func TestFindings(t *testing.T) {
	for _, c := range []struct {
		name string
		cmd  Command
		want string // empty: none
	}{
		{"variable", Command{Env: []string{"PROMPT_COMMAND=x"}}, Supervision},
		{"descriptor closed", Command{Program: "exec", Words: []string{"exec"}, Plumb: []string{"63>&-"}}, Supervision},
		{"descriptor used", Command{Program: "echo", Words: []string{"echo", "x"}, Plumb: []string{"1>&63"}}, Supervision},
		{"another descriptor", Command{Program: "echo", Words: []string{"echo", "x"}, Plumb: []string{"1>&2"}}, ""},
		{"as it was written", Command{Program: "kill", Words: []string{"kill", "17"}, Typed: "kill $PPID"}, Supervision},
		{"place", Command{Program: "rm", Words: []string{"rm"}, Acts: []Act{{Class: "log", Access: "delete"}}}, "log-tampering"},
		{"same place, only read", Command{Program: "cat", Words: []string{"cat"}, Acts: []Act{{Class: "log", Access: "read"}}}, ""},
		{"fetched input", Command{Program: "sh", Words: []string{"sh"}, Input: "network"}, "runs-fetched-code"},
		{"nothing", Command{}, ""},
	} {
		got := Findings(c.cmd)
		if c.want == "" && len(got) > 0 || c.want != "" && !slices.ContainsFunc(got, func(f effect.Finding) bool { return f.ID == c.want }) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
