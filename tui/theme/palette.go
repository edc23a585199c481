package theme

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

//go:embed themes.table
var table string

// palette is each token as the parameters of "Select Graphic Rendition".
type palette [tokens]string

// rows are the tokens by their names in the table.
var rows = map[string]Token{
	"plain": Plain, "faint": Faint, "strong": Strong, "border": Border, "focus": Focus, "accent": Accent, "raw": Raw, "chosen": Chosen, "differs": Differs,
	"alarm": Alarm, "frozen": Frozen, "held": Held, "safe": RiskSafe, "low": RiskLow, "caution": RiskCaution, "high": RiskHigh,
	"critical": RiskCritical,
}

// attributes are the letters of the table.
var attributes = map[string]string{
	"b": "1", "f": "2", "u": "4", "r": "7", "red": "31", "green": "32", "yellow": "33", "cyan": "36", "-": "",
}

// palettes reads the table; that it can be read is tested.
var palettes = sync.OnceValue(func() map[string]*palette {
	ps, err := readTable(table)
	if err != nil {
		panic(err)
	}
	return ps
})

func readTable(text string) (map[string]*palette, error) {
	var names []string
	ps := map[string]*palette{}
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		switch {
		case len(f) == 0 || f[0] == "#" || strings.HasPrefix(line, "#"):
			continue
		case names == nil:
			names = f[1:]
			for _, n := range names {
				ps[n] = &palette{}
			}
			continue
		}
		t, ok := rows[f[0]]
		if !ok || len(f) != len(names)+1 {
			return nil, fmt.Errorf("the table of themes: row %q has %d columns of %d, or is no token", f[0], len(f), len(names)+1)
		}
		for i, n := range names {
			p, err := parameters(f[i+1])
			if err != nil {
				return nil, fmt.Errorf("the table of themes: %s in %s: %w", f[0], n, err)
			}
			ps[n][t] = p
		}
	}
	return ps, nil
}

// parameters turns one cell of the table into those of the terminal.
func parameters(cell string) (string, error) {
	var out []string
	for word := range strings.SplitSeq(cell, ",") {
		ink, paper, both := strings.Cut(word, "/")
		if a, ok := attributes[ink]; ok && !both {
			if a != "" {
				out = append(out, a)
			}
			continue
		}
		for i, c := range []string{ink, paper}[:map[bool]int{false: 1, true: 2}[both]] {
			n, err := strconv.ParseUint(strings.TrimPrefix(c, "#"), 16, 32)
			if err != nil || len(c) != 7 {
				return "", fmt.Errorf("%q is no colour", c)
			}
			out = append(out, fmt.Sprintf("%d;2;%d;%d;%d", 38+10*i, n>>16, n>>8&0xff, n&0xff))
		}
	}
	return strings.Join(out, ";"), nil
}

// Auto is the theme that follows the terminal's background.
const Auto = "auto"

// Names are the themes that a person can choose.
var Names = []string{Auto, "terminal", "dark", "light", "contrast", "calm", "mono", "projector"}

// Named is the theme of a name, on a light background or a dark one; ok is false
// for a name that is none. Where the background is not known, Auto is the
// terminal's own colours.
func Named(name string, known, light bool) (t Theme, ok bool) {
	shade := map[bool]string{false: "dark", true: "light"}[light]
	switch name {
	case "", Auto:
		if name = "terminal"; known {
			name = shade
		}
	case "calm":
		name += "-" + shade
	}
	p, ok := palettes()[name]
	return Theme{inks: p}, ok
}
