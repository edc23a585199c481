package plain

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"escort/explain/quote"
	"escort/keymap"
)

// maxLine bounds what can be typed, in characters.
const maxLine = 2000

// typed is a line that was entered, and when.
type typed struct {
	text   string
	begun  time.Time // when its first key came
	before time.Time // when the last key before that came
}

// editor makes lines of keys. It knows when each was begun, which a terminal
// that edits lines itself would not tell.
type editor struct {
	line  []rune
	begun time.Time
	quiet time.Time // when the last key before the line came
	last  time.Time // when the last key of all came
	cut   []byte    // the beginning of a character
	esc   escape    // inside the sequence of a key such as an arrow
	since time.Time // when that began
	ended bool      // the last byte was a carriage return
}

// escape is where the editor stands in a sequence that a key sends.
type escape int

const (
	none escape = iota
	began
	inside // until its final byte
)

// escapeFor is how long the bytes of one key may take; Esc alone is over then.
const escapeFor = 50 * time.Millisecond

// outcome is what one byte leads to.
type outcome struct {
	echo  string // for the terminal
	enter bool   // the line is complete
	key   keymap.Action
	raw   byte // the byte of key
}

// key takes one byte. shown: what is typed is shown.
func (e *editor) key(b byte, at time.Time, shown bool) outcome {
	before := e.last
	e.last = at
	if e.skips(b) {
		return outcome{}
	}
	after := e.ended
	e.ended = b == '\r'
	if b == '\n' && after {
		return outcome{} // CR LF is one Enter
	}
	if a, ok := keymap.LineKey(b); ok {
		return e.control(a, b, before, shown)
	}
	if b < ' ' {
		return outcome{}
	}
	e.cut = append(e.cut, b)
	if !utf8.FullRune(e.cut) {
		return outcome{}
	}
	r, _ := utf8.DecodeRune(e.cut)
	e.cut = e.cut[:0]
	if r == utf8.RuneError || !unicode.IsGraphic(r) || len(e.line) >= maxLine {
		return outcome{}
	}
	e.start(before)
	e.line = append(e.line, r)
	if !shown {
		return outcome{}
	}
	return outcome{echo: quote.Line(string(r)).String()}
}

// start notes when a line is begun.
func (e *editor) start(before time.Time) {
	if len(e.line) == 0 {
		e.begun, e.quiet = e.last, before
	}
}

// control obeys a key that edits or leaves the line.
func (e *editor) control(a keymap.Action, b byte, before time.Time, shown bool) outcome {
	switch a {
	case keymap.Enter:
		e.start(before)
		return outcome{enter: true}
	case keymap.Erase:
		n := len(e.line)
		if n == 0 {
			return outcome{}
		}
		last := quote.Line(string(e.line[n-1]))
		e.line = e.line[:n-1]
		if !shown {
			return outcome{}
		}
		return outcome{echo: strings.Repeat("\b \b", last.Width())}
	}
	return outcome{key: a, raw: b}
}

// skips takes the bytes of keys that have no meaning in a line, such as arrows.
func (e *editor) skips(b byte) bool {
	if e.last.Sub(e.since) > escapeFor {
		e.esc = none
	}
	switch e.esc {
	case began:
		e.esc = none
		if b == '[' || b == 'O' {
			e.esc = inside
		}
		return true
	case inside:
		if b >= '@' && b <= '~' || b < ' ' {
			e.esc = none
		}
		return b >= ' '
	}
	if b == 0x1b {
		e.esc, e.since = began, e.last
		return true
	}
	return false
}

// take empties the line and answers it.
func (e *editor) take() typed {
	t := typed{string(e.line), e.begun, e.quiet}
	e.line, e.cut = nil, nil
	return t
}

func (e *editor) text() string { return string(e.line) }
