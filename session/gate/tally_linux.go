package gate

import (
	"strconv"
	"strings"
)

// maxRecorded is how many different effects of one line are written down one
// by one; the others are counted.
const maxRecorded = 200

// tally is what the processes of one line did.
type tally struct {
	seen            map[string]bool
	files, machines int
	others          int
	recorded        int
}

// tallyOf returns the tally of a line or hold. Needs mu.
func (g *Gate) tallyOf(hold string) *tally {
	t := g.tallies[hold]
	if t == nil {
		t = &tally{seen: map[string]bool{}}
		g.tallies[hold] = t
	}
	return t
}

// maxSeen bounds the memory of a line that changes files without end. Past it
// the counts are of what came before.
const maxSeen = 100_000

// add counts c and reports whether it is to be written down: each effect once,
// up to maxRecorded.
func (t *tally) add(c consequence) bool {
	key := c.Verb + "\x00" + c.Object
	if t.seen[key] || len(t.seen) >= maxSeen {
		return false
	}
	t.seen[key] = true
	switch {
	case c.path != "" && c.access != "":
		if file := "\x00" + c.path; !t.seen[file] {
			t.seen[file] = true
			t.files++
		}
	case c.Scope == "network":
		t.machines++
	default:
		t.others++
	}
	if t.recorded >= maxRecorded {
		return false
	}
	t.recorded++
	return true
}

// words says a tally: "changed 3 files, spoke to 1 machine".
func (t *tally) words() string {
	var parts []string
	for _, p := range []struct {
		n         int
		one, many string
	}{
		{t.files, "changed 1 file", "changed # files"},
		{t.machines, "spoke to 1 address", "spoke to # addresses"},
		{t.others, "did 1 other thing outside of itself", "did # other things outside of itself"},
	} {
		switch {
		case p.n == 1:
			parts = append(parts, p.one)
		case p.n > 1:
			parts = append(parts, strings.Replace(p.many, "#", strconv.Itoa(p.n), 1))
		}
	}
	return strings.Join(parts, ", ")
}

// Did says in words what the processes of a line have changed so far; empty:
// nothing outside of themselves.
func (g *Gate) Did(hold string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if t := g.tallies[hold]; t != nil {
		return t.words()
	}
	return ""
}
