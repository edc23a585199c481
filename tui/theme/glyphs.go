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

// symbols and lines stand in for what the program draws with, where the
// terminal has none of it. The Linux console has lines.
var (
	symbols = map[rune]rune{
		'○': '=', '●': '*', '◆': '+', '△': '!', '▲': '#', '✓': '+', '✗': '-', '▸': '>', '▷': '>', '↺': '=', '…': '~', '⋮': ':',
	}
	lines = map[rune]rune{
		'─': '-', '│': '|', '┌': '+', '┐': '+', '└': '+', '┘': '+', '█': '#', '·': separator, '×': 'x', '»': '>',
	}
)

// separator stands between words of the program, also where they are joined to
// those of others.
const separator = ':'

// Text is s in the characters of the terminal, as wide as before. own: it is
// the program's. A character of other text that the terminal does not have
// becomes a question mark, never one that a command might be made of.
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
	to, symbol := symbols[r]
	if !symbol {
		if r < 0x7f || g == Console {
			return string(r)
		}
		to, symbol = lines[r]
	}
	if symbol && (own || to == separator && r == '·') {
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
