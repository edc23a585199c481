package lore_test

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/lore/source"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var update = flag.Bool("update", false, "compile data/*.yaml to lore.bin, as go generate does")

// written is what the YAML says.
func written(t *testing.T) []*lore.Entry {
	t.Helper()
	entries, err := source.Read(os.DirFS("data"))
	if err != nil {
		t.Error(err)
	}
	return entries
}

// TestCompiled proves that the compiled file says what the YAML says.
func TestCompiled(t *testing.T) {
	entries := written(t)
	if *update && !t.Failed() {
		if err := os.WriteFile("lore.bin", lore.Encode(entries), 0o644); err != nil {
			t.Fatal(err)
		}
		return // what is embedded here is still the old one
	}
	file, err := os.ReadFile("lore.bin")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(file, lore.Encode(entries)) {
		t.Fatal("lore.bin is not what data/*.yaml comes to: run go generate ./explain/lore")
	}
	for _, e := range entries {
		for _, n := range e.Names {
			got, err := lore.Lookup(n)
			want := *e
			want.Examples = nil
			if diff := cmp.Diff(&want, got, cmpopts.IgnoreUnexported(lore.Entry{}), cmpopts.EquateEmpty()); err != nil || diff != "" {
				t.Errorf("%s: %v, compiled otherwise: %s", n, err, diff)
			}
		}
	}
}

// Every entry must load, use only words of the closed lists, and bring three
// examples.
func TestData(t *testing.T) {
	for _, e := range written(t) {
		key := strings.Join(e.Names, ", ")
		t.Run(e.Family+"/"+key, func(t *testing.T) {
			if n := len(e.Examples); n < 3 {
				t.Errorf("%d examples; three are needed", n)
			}
			checkEntry(t, key, e)
		})
	}
}

func TestNamesOnce(t *testing.T) {
	seen := map[string]string{}
	for _, e := range written(t) {
		for _, n := range e.Names {
			if was, ok := seen[n]; ok {
				t.Errorf("%s stands in %s and in %s", n, was, e.Family)
			}
			seen[n] = e.Family
		}
	}
}

func checkEntry(t *testing.T, where string, e *lore.Entry) {
	t.Helper()
	if e.Summary == "" || strings.HasSuffix(e.Summary, ".") {
		t.Errorf("%s: a summary is needed, without a full stop: %q", where, e.Summary)
	}
	if !slices.Contains([]string{"", "gnu", "posix", "single", "old", "keyed", "none", "pwsh"}, e.Parse) {
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
	for _, g := range e.Gives {
		checkWhen(t, where, g.When)
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

func checkEffects(t *testing.T, where string, e *lore.Entry, effects []lore.Effect) {
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

func checkFindings(t *testing.T, where string, findings []lore.Finding) {
	t.Helper()
	for _, f := range findings {
		if f.ID == "" || f.Text == "" || !slices.Contains(effect.Risks, f.Risk) ||
			!slices.Contains(effect.AllDimensions, f.Dimension) {
			t.Errorf("%s: a finding needs id, text, risk and dimension: %+v", where, f)
		}
		checkWhen(t, where, f.When)
	}
}

func checkWhen(t *testing.T, where string, conds lore.Strings) {
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
