package explain

import (
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"escort/explain/effect"
)

// bench is a world of the files of one table; others are surely absent.
type bench struct{ paper }

func (b bench) Stat(ctx context.Context, name string) (Info, error) {
	for file := range b.files {
		if strings.HasPrefix(file, strings.TrimSuffix(b.abs(name), "/")+"/") {
			return Info{Mode: fs.ModeDir | 0o755}, nil
		}
	}
	return b.paper.Stat(ctx, name)
}

func (b bench) Glob(_ context.Context, pattern string, _ int) ([]string, bool, error) {
	var out []string
	for file := range b.files {
		if ok, err := path.Match(b.abs(pattern), file); err == nil && ok {
			out = append(out, file)
		}
	}
	slices.Sort(out)
	return out, false, nil
}

// TestRecipes holds the files of testdata/recipes to what is written above
// them. "$ command" begins a case, "-f name" explains a file as a script; then
// "risk" (one or low..high), "says" (in the headline), "not_says", "finding",
// "line N words" (a line that is singled out), "unknown", "starts" (a program
// of the plan), "no_starts". "-- name --" begins a file; files stand after the cases.
func TestRecipes(t *testing.T) {
	tables, err := filepath.Glob("testdata/recipes/*.txt")
	if err != nil || len(tables) == 0 {
		t.Fatalf("no tables: %v", err)
	}
	cases := 0
	for _, table := range tables {
		text, err := os.ReadFile(table)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(table), ".txt"), func(t *testing.T) {
			rules, w := unpack(string(text))
			var e Explanation
			cmd := ""
			for row := range strings.Lines(rules) {
				row = strings.TrimRight(row, "\n")
				if c, ok := strings.CutPrefix(row, "$ "); ok {
					cases++
					cmd, e = c, benched(t, c, w)
				} else if row != "" && row[0] != '#' {
					if why := holds(e, row); why != "" {
						t.Errorf("%s: %s: %s\n  %s %q %+v", cmd, row, why, e.Risk, e.Headline, e.Scripts)
					}
				}
			}
		})
	}
	if cases < 60 {
		t.Errorf("there are only %d cases", cases)
	}
}

func benched(t *testing.T, cmd string, w bench) Explanation {
	t.Helper()
	if name, ok := strings.CutPrefix(cmd, "-f "); ok {
		e := Explain(context.Background(), Request{Text: w.files["/home/ravi/"+name], Kind: effect.KindScript, Name: name, World: w})
		sound(t, e)
		return e
	}
	e := line(t, cmd, w)
	sound(t, e)
	return e
}

// unpack divides a table into its rules and its files.
func unpack(text string) (string, bench) {
	w := bench{paper{files: map[string]string{}}}
	var rules, body strings.Builder
	name := ""
	keep := func() {
		if name != "" {
			w.files[w.abs(name)] = body.String()
		}
		body.Reset()
	}
	for row := range strings.Lines(text) {
		if n, ok := strings.CutPrefix(strings.TrimSpace(row), "-- "); ok && strings.HasSuffix(n, " --") {
			keep()
			name = strings.TrimSuffix(n, " --")
		} else if name == "" {
			rules.WriteString(row)
		} else {
			body.WriteString(row)
		}
	}
	keep()
	return rules.String(), w
}

// holds says why a rule does not hold; empty: it does.
func holds(e Explanation, row string) string {
	word, rest, _ := strings.Cut(row, " ")
	started := func() bool {
		return slices.ContainsFunc(e.Plan.Starts, func(s Start) bool { return len(s.Argv) > 0 && s.Argv[0] != nil && *s.Argv[0] == rest })
	}
	said := strings.Contains(strings.ToLower(e.Headline), strings.ToLower(rest))
	ok := false
	switch word {
	case "risk":
		low, high, both := strings.Cut(rest, "..")
		if !both {
			high = low
		}
		ok = e.Risk.AtLeast(Risk(low)) && Risk(high).AtLeast(e.Risk)
	case "says":
		ok = said
	case "not_says":
		ok = !said
	case "finding":
		ok = slices.ContainsFunc(e.Findings, func(f Finding) bool { return f.ID == rest })
	case "no_finding":
		ok = !slices.ContainsFunc(e.Findings, func(f Finding) bool { return f.ID == rest })
	case "unknown":
		ok = slices.ContainsFunc(e.Unknowns, func(u Unknown) bool { return strings.Contains(u.Text, rest) })
	case "starts":
		ok = started()
	case "no_starts":
		ok = !started()
	case "line":
		n, words, _ := strings.Cut(rest, " ")
		want, _ := strconv.Atoi(n)
		ok = slices.ContainsFunc(e.Scripts, func(s Script) bool {
			return slices.ContainsFunc(s.Worst, func(l ScriptLine) bool { return l.Line == want && strings.Contains(l.Meaning, words) })
		})
	default:
		return "no such rule"
	}
	if ok {
		return ""
	}
	return "it is not so"
}
