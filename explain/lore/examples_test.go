package lore_test

import (
	"context"
	"path"
	"slices"
	"strings"
	"testing"

	"escort/explain"
	"escort/explain/effect"
	"escort/explain/lore"
)

// TestExamples explains the examples of every entry, with nothing known about
// the host, and compares with what they ask for.
func TestExamples(t *testing.T) {
	entries := written(t)
	for _, e := range entries {
		for _, x := range e.Examples {
			t.Run(e.Family+"/"+x.Cmd, func(t *testing.T) {
				got := explain.Explain(context.Background(), explain.Request{Text: x.Cmd, World: explain.Nowhere})
				check(t, x, got)
				if t.Failed() {
					t.Logf("risk %s, headline %q, findings %v, unknowns %v", got.Risk, got.Headline, findings(got), got.Unknowns)
				}
			})
		}
	}
}

func check(t *testing.T, x lore.Example, got explain.Explanation) {
	t.Helper()
	if !inRange(x.Risk, got.Risk) {
		t.Errorf("%s: risk is %s, wants %s", x.Cmd, got.Risk, x.Risk)
	}
	verbs := []string{}
	for _, e := range got.Effects {
		verbs = append(verbs, e.Verb)
	}
	wantAll(t, "verb", x.Verbs, verbs)
	wantNone(t, "verb", x.NoVerbs, verbs)
	wantAll(t, "finding", x.Finding, findings(got))
	wantNone(t, "finding", x.NoFinding, findings(got))
	head := strings.ToLower(got.Headline)
	for _, w := range x.Says {
		if !strings.Contains(head, strings.ToLower(w)) {
			t.Errorf("%s: headline %q does not say %q", x.Cmd, got.Headline, w)
		}
	}
	for _, w := range x.NotSays {
		if strings.Contains(head, strings.ToLower(w)) {
			t.Errorf("%s: headline %q says %q", x.Cmd, got.Headline, w)
		}
	}
	if x.Undo != "" && string(got.Undo) != x.Undo {
		t.Errorf("%s: undo is %s, wants %s", x.Cmd, got.Undo, x.Undo)
	}
	if x.Starts != nil {
		var starts []string
		for _, s := range got.Plan.Starts {
			name := "?"
			if len(s.Argv) > 0 && s.Argv[0] != nil {
				name = path.Base(*s.Argv[0])
			}
			starts = append(starts, name)
		}
		if !slices.Equal(starts, x.Starts) {
			t.Errorf("%s: starts are %q, wants %q", x.Cmd, starts, x.Starts)
		}
	}
}

func findings(e explain.Explanation) []string {
	var out []string
	for _, f := range e.Findings {
		out = append(out, f.ID)
	}
	return out
}

func wantAll(t *testing.T, what string, want, got []string) {
	t.Helper()
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("no %s %q in %q", what, w, got)
		}
	}
}

func wantNone(t *testing.T, what string, not, got []string) {
	t.Helper()
	for _, w := range not {
		if slices.Contains(got, w) {
			t.Errorf("%s %q must not be there", what, w)
		}
	}
}

// inRange reads "high", ">=high", "<=low" and "low..caution"; empty: any.
func inRange(want string, got effect.Risk) bool {
	switch {
	case want == "":
		return true
	case strings.HasPrefix(want, ">="):
		return got.AtLeast(effect.Risk(want[2:]))
	case strings.HasPrefix(want, "<="):
		return effect.Risk(want[2:]).AtLeast(got)
	}
	if low, high, ok := strings.Cut(want, ".."); ok {
		return got.AtLeast(effect.Risk(low)) && effect.Risk(high).AtLeast(got)
	}
	return string(got) == want
}
