package lore

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"escort/explain/effect"
)

// Every entry must load, use only words of the closed lists, and bring three
// examples.
func TestData(t *testing.T) {
	for _, c := range chunks() {
		e, err := c.load()
		if err != nil {
			t.Error(err)
			continue
		}
		t.Run(c.family+"/"+c.key, func(t *testing.T) {
			if n := len(e.Examples); n < 3 {
				t.Errorf("%d examples; three are needed", n)
			}
			checkEntry(t, c.key, e)
		})
	}
}

func TestNamesOnce(t *testing.T) {
	seen := map[string]string{}
	for _, c := range chunks() {
		for _, n := range splitNames(c.key) {
			if was, ok := seen[n]; ok {
				t.Errorf("%s stands in %s and in %s", n, was, c.family)
			}
			seen[n] = c.family
		}
	}
}

func checkEntry(t *testing.T, where string, e *Entry) {
	t.Helper()
	if e.Summary == "" || strings.HasSuffix(e.Summary, ".") {
		t.Errorf("%s: a summary is needed, without a full stop: %q", where, e.Summary)
	}
	if !slices.Contains([]string{"", "gnu", "posix", "single", "old", "keyed", "none"}, e.Parse) {
		t.Errorf("%s: no such parse: %q", where, e.Parse)
	}
	if !slices.Contains([]effect.Undo{"", effect.UndoYes, effect.UndoPartly, effect.UndoNo, effect.UndoUnknown}, e.Undo) {
		t.Errorf("%s: no such undo: %q", where, e.Undo)
	}
	checkEffects(t, where, e, e.Effects)
	checkFindings(t, where, e.Findings)
	for key, o := range e.Options {
		checkEffects(t, where+" "+key, e, o.Effects)
		checkFindings(t, where+" "+key, o.Findings)
	}
	for _, s := range e.Starts {
		checkWhen(t, where, s.When)
	}
	if e.Prompt != nil {
		checkWhen(t, where, e.Prompt.When)
		if !slices.Contains(effect.Risks, e.Prompt.Risk) {
			t.Errorf("%s: prompt: no such risk: %q", where, e.Prompt.Risk)
		}
	}
	if e.Stdin != nil {
		checkWhen(t, where, e.Stdin.When)
	}
	for key, sub := range e.Subcommands {
		checkEntry(t, where+" "+key, sub)
	}
}

func checkEffects(t *testing.T, where string, e *Entry, effects []Effect) {
	t.Helper()
	for _, f := range effects {
		if !effect.KnownVerb(f.Do) {
			t.Errorf("%s: no such verb: %q", where, f.Do)
		}
		if f.Role != "" && !slices.Contains(effect.Roles, f.Role) {
			t.Errorf("%s: no such role: %q", where, f.Role)
		}
		if f.Scope != "" && !slices.Contains(effect.Scopes, f.Scope) {
			t.Errorf("%s: no such scope: %q", where, f.Scope)
		}
		if f.Dimension != "" && !slices.Contains(effect.AllDimensions, f.Dimension) {
			t.Errorf("%s: no such dimension: %q", where, f.Dimension)
		}
		if f.Risk != "" && !slices.Contains(effect.Risks, f.Risk) {
			t.Errorf("%s: no such risk: %q", where, f.Risk)
		}
		if f.What == "" {
			t.Errorf("%s: %s: what is missing", where, f.Do)
		}
		checkWhen(t, where, f.When)
	}
}

func checkFindings(t *testing.T, where string, findings []Finding) {
	t.Helper()
	for _, f := range findings {
		if f.ID == "" || f.Text == "" || !slices.Contains(effect.Risks, f.Risk) ||
			!slices.Contains(effect.AllDimensions, f.Dimension) {
			t.Errorf("%s: a finding needs id, text, risk and dimension: %+v", where, f)
		}
		checkWhen(t, where, f.When)
	}
}

func checkWhen(t *testing.T, where string, conds Strings) {
	t.Helper()
	for _, c := range conds {
		for one := range strings.SplitSeq(c, " or ") {
			if _, pattern, ok := strings.Cut(one, " ~ "); ok {
				if _, err := regexp.Compile(pattern); err != nil {
					t.Errorf("%s: when: %v", where, err)
				}
			}
		}
	}
}
