package toolwork

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"escort/session/event"
)

// layers are the columns of the README's table.
var layers = [...]string{event.LayerLine, event.LayerStart, event.LayerEffect, event.LayerPrompt}

// cost is how often a layer held.
type cost [len(layers)]int

func (c *cost) count(layer string) {
	for i, l := range layers {
		if l == layer {
			c[i]++
		}
	}
}

func (c cost) String() string {
	var cells []string
	for _, n := range c {
		cell := ""
		if n > 0 {
			cell = strconv.Itoa(n)
		}
		cells = append(cells, cell)
	}
	return strings.Join(cells, " | ")
}

// figures are what the README says of one row: a number, "from-to", or nothing
// for none.
type figures [len(layers)]string

func (f figures) holds(c cost) bool {
	for i, n := range c {
		if f[i] == "" && n == 0 {
			continue
		}
		from, to, ranged := strings.Cut(f[i], "–")
		if !ranged {
			to = from
		}
		low, err1 := strconv.Atoi(from)
		high, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil || n < low || n > high {
			return false
		}
	}
	return true
}

func (f figures) String() string { return strings.Join(f[:], " | ") }

var (
	head = "\n| work | " + strings.Join(layers[:], " | ") + " |\n"
	row  = regexp.MustCompile(fmt.Sprintf(`^\| (.+?)%s\|$`, strings.Repeat(` +\| *(\d*(?:–\d+)?)`, len(layers))+" *"))
)

// readme reads the table from the README.
func readme(t *testing.T) map[string]figures {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(text), head)
	if !ok {
		t.Fatal("the README has no table of everyday work")
	}
	out := map[string]figures{}
	for line := range strings.Lines(table) {
		line = strings.TrimRight(line, "\n")
		if !strings.HasPrefix(line, "|") {
			break
		}
		if strings.HasPrefix(line, "|--") {
			continue
		}
		m := row.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("the README's row is not one of figures: %s", line)
			continue
		}
		out[m[1]] = figures(m[2:])
	}
	return out
}
