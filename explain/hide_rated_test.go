package explain

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"escort/explain/effect"
)

// judgedRows are commands of a judged table up to a rating, and from one on.
func judgedRows(t *testing.T, file string, from, to Risk) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/judged/" + file + ".tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for row := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSpace(row), "\t")
		if len(f) != 3 || f[0] == "#" || strings.Contains(f[0], "\n") {
			continue
		}
		low, high, both := strings.Cut(f[1], "..")
		if !both {
			high = low
		}
		if Risk(low).AtLeast(from) && to.AtLeast(Risk(high)) {
			out = append(out, f[0])
		}
	}
	return out
}

// every takes about n of a list, spread over it.
func every(list []string, n int) []string {
	var out []string
	step := max(len(list)/n, 1)
	for i := 0; i < len(list); i += step {
		out = append(out, list[i])
	}
	return out
}

// score counts what came of hiding commands in one way.
type score struct {
	all, high, found, told int
	missed                 []string
}

func (s *score) add(t *testing.T, text, plain string, open bool, low Risk) {
	e := line(t, text, Nowhere)
	was := line(t, plain, Nowhere)
	s.all++
	found := open || effect.Found(e.Findings, "disguised-text")
	told := strings.Contains(strings.ToLower(e.Headline), clipped(was.Headline))
	if e.Risk.AtLeast(low) {
		s.high++
	}
	if found {
		s.found++
	}
	if told {
		s.told++
	}
	if !e.Risk.AtLeast(low) || !found || !told {
		s.missed = append(s.missed, fmt.Sprintf("%s found=%v told=%v %q <- %q\n%s", e.Risk, found, told, e.Headline, was.Headline, text))
	}
}

// clipped is the beginning of a headline, without what may be said otherwise.
func clipped(s string) string {
	s = strings.ToLower(s)
	return s[:min(len(s), 14)]
}

// TestHiddenCommands measures each way of hiding over commands that do harm.
func TestHiddenCommands(t *testing.T) {
	hostile := append(every(judgedRows(t, "hostile", effect.High, effect.Critical), 90), every(judgedRows(t, "reverse_shells", effect.High, effect.Critical), 40)...)
	harmless := every(judgedRows(t, "everyday", effect.Safe, effect.Low), 60)
	if len(hostile) < 120 || len(harmless) < 60 {
		t.Fatalf("%d hostile and %d harmless commands", len(hostile), len(harmless))
	}
	show := os.Getenv("ESCORT_SHOW_WAY")
	names := sortedNames(ways)
	for depth := 1; depth <= 4; depth++ {
		names = append(names, fmt.Sprintf("stack of %d", depth))
	}
	some := 5 // each way hides every fifth command, and all with ESCORT_ALL_WAYS
	if show != "" || os.Getenv("ESCORT_ALL_WAYS") != "" {
		some = 1
	}
	var sum, calm score
	for i, name := range names {
		hide := ways[name]
		if hide == nil {
			hide = func(c string, n int) string { return stacked(c, n, int(name[len(name)-1]-'0')) }
		}
		var bad, good score
		for n, c := range hostile {
			if (n+i)%some != 0 {
				continue
			}
			if text := hide(c, n); text != "" {
				bad.add(t, text, c, openWays[name], effect.High)
			}
		}
		for n, c := range harmless {
			if (n+i)%some != 0 {
				continue
			}
			if text := hide(c, n); text != "" {
				good.add(t, text, c, openWays[name], effect.Safe)
			}
		}
		t.Logf("%-28s hostile %3d: high %s found %s told %s   harmless %3d: found %s told %s", name,
			bad.all, share(bad.high, bad.all), share(bad.found, bad.all), share(bad.told, bad.all), good.all, share(good.found, good.all), share(good.told, good.all))
		if name == show {
			t.Log(strings.Join(bad.missed, "\n"), "\n=== harmless\n", strings.Join(good.missed, "\n"))
		}
		// Of few commands one more may be missed than the share says.
		if least := leastFound(name); bad.all >= 20 && ((bad.all-bad.high-1)*100 > bad.all*3 || (bad.all-bad.found-1)*100 > bad.all*(100-least)) {
			t.Errorf("%s: %d of %d are high, %d found to be hidden; want 97 and %d of 100", name, bad.high, bad.all, bad.found, least)
		}
		sum.all, sum.high, sum.found, sum.told = sum.all+bad.all, sum.high+bad.high, sum.found+bad.found, sum.told+bad.told
		calm.all, calm.found, calm.told = calm.all+good.all, calm.found+good.found, calm.told+good.told
	}
	if sum.found*100 < sum.all*93 || calm.found*100 < calm.all*92 || sum.told*100 < sum.all*80 {
		t.Errorf("of %d hidden commands %d are found and %d told; of %d harmless ones %d are found", sum.all, sum.found, sum.told, calm.all, calm.found)
	}
	t.Logf("in all: hostile %d: high %s found %s told %s; harmless %d: found %s told %s", sum.all, share(sum.high, sum.all), share(sum.found, sum.all), share(sum.told, sum.all),
		calm.all, share(calm.found, calm.all), share(calm.told, calm.all))
}

// leastFound is how many of a hundred commands hidden in one way are at least found
// to be hidden. What one way hides may be run by another that hides that again.
func leastFound(name string) int {
	if strings.HasPrefix(name, "stack") {
		return 80
	}
	switch name {
	case "run: awk", "run: awk ENVIRON", "run: env -S", "run: git", "run: sed e", "run: trap later", // code of other languages, and values that are known later
		"hold: function slices", "hold: slash of HOME", "print: m4":
		return 0
	case "hold: assigned default":
		return 50
	case "pipe: backquotes", "pipe: perl pipe", "pipe: python pipe", "print: here-document", "print: here-document rev":
		return 60
	}
	return 75
}

func share(n, all int) string {
	if all == 0 {
		return "  -  "
	}
	return fmt.Sprintf("%5.1f", float64(n)*100/float64(all))
}

// openWays leave the text to be read as it stands: they are no disguise.
var openWays = func() map[string]bool {
	out := map[string]bool{}
	for _, name := range []string{
		"old: alias", "hold: one variable", "hold: alias text", "hold: nameref", "hold: read", "hold: read fields", "hold: mapfile", "hold: file read", "hold: quoted @Q",
		"word: word array", "word: word arguments",
	} {
		out[name] = true
	}
	return out
}()
