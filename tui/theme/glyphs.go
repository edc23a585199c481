package theme

import "strings"

// Glyphs is which characters a terminal can show.
type Glyphs uint8

// The sets of characters.
const (
	Unicode Glyphs = iota
	Console        // the Linux console: its fonts have lines and Latin letters, few symbols
	ASCII
)

// symbols stand in for those of the program where the terminal has none. None
// of them looks like what a command is made of: the same replacement may happen
// to text of a session.
var symbols = map[rune]rune{
	'○': '=', '●': '*', '◆': '+', '△': '!', '▲': '#', '✓': '+', '✗': '-', '▸': '>', '▷': '>', '↺': '=',
	'…': '~', '⋮': ':',
}

// lines stand in for what frames are made of, in the program's own words alone.
var lines = map[rune]rune{
	'─': '-', '│': '|', '┌': '+', '┐': '+', '└': '+', '┘': '+', '█': '#', '·': ':', '×': 'x', '»': '>',
}

// Text is s in the characters of the terminal, as wide as before. own: it is
// the program's; of other text a character that the terminal does not have
// becomes a question mark, never another one that it looks like.
func (g Glyphs) Text(s string, own bool) string {
	if g == Unicode || plain(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		b.WriteString(g.text(r, own))
	}
	return b.String()
}

func (g Glyphs) text(r rune, own bool) string {
	if to, ok := symbols[r]; ok {
		return string(to)
	}
	if r < 0x7f || g == Console {
		return string(r)
	}
	if r == '·' {
		own = true // separates the program's words also where they are joined to others
	}
	if to, ok := lines[r]; ok && own {
		return string(to)
	}
	return strings.Repeat("?", runeCells(r))
}

// plain reports whether s is ASCII.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
