package screen

import (
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// widths measures characters as wcwidth does in a UTF-8 locale, whatever the
// locale of the console.
var widths = &runewidth.Condition{StrictEmojiNeutral: true}

// runeWidth is the number of columns of a character: 0, 1 or 2.
func runeWidth(r rune) int {
	if r < 0x300 {
		return 1
	}
	return widths.RuneWidth(r)
}

// putASCII writes printable ASCII. It is the short way that nearly all output
// takes.
func (s *Screen) putASCII(p []byte) {
	s.last = rune(p[len(p)-1])
	if s.insert || s.c.sets[s.c.shift] {
		for _, b := range p {
			s.put(rune(b))
		}
		return
	}
	for len(p) > 0 {
		if s.c.pending {
			s.wrap()
		}
		x, r := s.c.x, s.line
		n := min(len(p), s.cols-x)
		r.split(x)
		r.split(x + n)
		cell := s.c.pen
		cells := r.cells[x : x+n]
		for i, b := range p[:n] {
			cell.text = rune(b)
			cells[i] = cell
		}
		if x+n > r.used {
			r.used = x + n
		}
		s.advance(n)
		p = p[n:]
		if s.c.pending && !s.modes.AutoWrap && len(p) > 0 {
			p = p[len(p)-1:] // each further one overwrites the last column
		}
	}
}

// advance moves the cursor right by n columns, at most to the pending state.
func (s *Screen) advance(n int) {
	if s.c.x += n; s.c.x >= s.cols {
		s.c.x, s.c.pending = s.cols-1, true
	}
}

// put writes one character.
func (s *Screen) put(r rune) {
	switch {
	case r < 0x80:
		if s.c.sets[s.c.shift] {
			r = drawing(r)
		}
	case r < 0xa0:
		r = utf8.RuneError // C1 controls are neither obeyed nor text
	}
	w := runeWidth(r)
	if w == 0 {
		s.combine(r)
		return
	}
	if w > s.cols {
		r, w = utf8.RuneError, 1
	}
	s.last = r
	if s.c.pending || s.c.x+w > s.cols {
		s.wrap()
		s.c.x = min(s.c.x, s.cols-w) // without autowrap: where it fits
	}
	if s.insert && s.c.x+w < s.cols {
		s.line.insert(s.c.x, w, s.cols, s.blank())
	}
	s.place(r, w)
	s.advance(w)
}

// place sets the cells of a character at the cursor.
func (s *Screen) place(r rune, w int) {
	x, line, cell := s.c.x, s.line, s.c.pen
	line.split(x)
	line.split(x + w)
	cell.text = r
	if w == 2 {
		cell.attr |= wideLead
		line.cells[x+1] = Cell{bg: cell.bg, fg: cell.fg, attr: s.c.pen.attr | wideTail}
		line.wide = true
	}
	line.cells[x] = cell
	line.used = max(line.used, x+w)
}

// wrap does the line break that the character before put off. Without autowrap
// the character goes where it fits at the end of the line.
func (s *Screen) wrap() {
	if !s.modes.AutoWrap {
		s.c.pending = false
		return
	}
	s.c.x = 0
	s.index()
}

// combine adds a character without width to the one before the cursor. At the
// start of a line there is none, and it is dropped.
func (s *Screen) combine(r rune) {
	x := s.c.x
	if !s.c.pending {
		x--
	}
	if x > 0 && s.line.cells[x].attr&wideTail != 0 {
		x--
	}
	if x >= 0 {
		s.line.combine(x, r)
	}
}

// index moves the cursor down, scrolling at the region's end.
func (s *Screen) index() {
	s.c.pending = false
	switch {
	case s.c.y == s.bot:
		s.cur.scrollUp(s.top, s.bot, 1, s.cols, s.blank())
	case s.c.y < s.rows-1:
		s.c.y++
	}
	s.line = s.cur.rows[s.c.y]
}

// reverseIndex moves the cursor up, scrolling at the region's start.
func (s *Screen) reverseIndex() {
	s.c.pending = false
	switch {
	case s.c.y == s.top:
		s.cur.scrollDown(s.top, s.bot, 1, s.cols, s.blank())
	case s.c.y > 0:
		s.c.y--
	}
	s.line = s.cur.rows[s.c.y]
}

// drawingSet is the DEC Special Graphics set from '`' to '~'.
var drawingSet = [...]rune{
	'◆', '▒', '␉', '␌', '␍', '␊', '°', '±', '␤', '␋', '┘', '┐', '┌', '└', '┼', '⎺',
	'⎻', '─', '⎼', '⎽', '├', '┤', '┴', '┬', '│', '≤', '≥', 'π', '≠', '£', '·',
}

func drawing(r rune) rune {
	if r == '_' {
		return ' '
	}
	if i := int(r) - '`'; i >= 0 && i < len(drawingSet) {
		return drawingSet[i]
	}
	return r
}
