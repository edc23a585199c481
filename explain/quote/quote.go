// Package quote makes untrusted text visible. Whatever comes from a session, a
// file or a command goes through [Line] or [Text] once, before it is styled or
// printed, and is a [Safe] from then on: it holds no control or format rune,
// cannot move the cursor, reorder or hide its neighbours, and has a known
// width. The package also finds letters that are not what they look like
// ([Confusables], [Invisible]) and quotes words so that they paste back into a
// shell ([Argv]).
//
// # Limits
//
// Right-to-left letters stay as they are; a terminal that reorders them
// reorders them. The table of look-alikes covers what replaces ASCII in
// commands, not all of Unicode TR 39. Text that itself reads "<U+202E>" or
// "␛" looks like an escaped one.
package quote

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// Safe is text that can be shown: no control, format, private-use or
// unassigned rune is in it. One made by [Text] may hold line feeds.
type Safe struct{ s string }

// constant makes the compiler refuse anything but literals in [Plain].
type constant string

// widths ignores the locale, so that layout is the same everywhere.
var widths = &runewidth.Condition{}

// maxMarks is how many combining marks may stack on one letter. Vietnamese
// needs two; more is noise that climbs into other lines.
const maxMarks = 2

const tabStop = 8

// Line makes s visible on one line. Control characters become their pictures
// (a line feed ⏎), invalid bytes <FF>, and runes that hide, reorder or have no
// shape of their own <U+202E>.
func Line(s string) Safe {
	if plainASCII(s) {
		return Safe{s}
	}
	return Safe{visible(s, false)}
}

// Text is [Line] for several lines: line feeds stay, tabs become spaces.
func Text(s string) Safe { return Safe{visible(s, true)} }

// Plain takes a literal of the program's own. It must be printable; a rune
// that is not is made visible all the same.
func Plain(literal constant) Safe { return Text(string(literal)) }

// Join joins parts with sep between them.
func Join(parts []Safe, sep Safe) Safe {
	words := make([]string, len(parts))
	for i, p := range parts {
		words[i] = p.s
	}
	// A combining mark at the start of a part would land on its neighbour;
	// visible has already replaced such marks.
	return Safe{strings.Join(words, sep.s)}
}

// String is the visible text.
func (s Safe) String() string { return s.s }

// Width is the number of terminal cells of the widest line.
func (s Safe) Width() int { return Width(s) }

// Width is the number of terminal cells of the widest line of s.
func Width(s Safe) int {
	w := 0
	for line := range strings.SplitSeq(s.s, "\n") {
		w = max(w, widths.StringWidth(line))
	}
	return w
}

// Valid replaces each invalid byte of s by U+FFFD and reports whether there
// was one.
func Valid(s string) (fixed string, bad bool) {
	if utf8.ValidString(s) {
		return s, false
	}
	return string([]rune(s)), true
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

func visible(s string, lines bool) string {
	var b strings.Builder
	b.Grow(len(s) + 16)
	column, marks := 0, maxMarks // a mark at the start has no letter to sit on
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case lines && r == '\n':
			b.WriteByte('\n')
			column, marks = 0, maxMarks
		case lines && r == '\t':
			fill := tabStop - column%tabStop
			b.WriteString("        "[:fill])
			column, marks = column+fill, maxMarks
		case combining(r) && marks < maxMarks && !hidden(r):
			b.WriteString(s[i : i+n])
			marks++
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, "<%02X>", s[i])
			column, marks = column+4, maxMarks
		default:
			shown := picture(r)
			b.WriteString(shown)
			column += widths.StringWidth(shown)
			marks = 0
			if shown != s[i:i+n] || r == ' ' {
				marks = maxMarks
			}
		}
		i += n
	}
	return b.String()
}

// picture is how one rune is shown.
func picture(r rune) string {
	switch {
	case r == '\n':
		return "⏎"
	case r < 0x20:
		return string(0x2400 + r)
	case r == 0x7f:
		return "␡"
	case hidden(r) || combining(r) || oddSpace(r):
		return fmt.Sprintf("<U+%04X>", r)
	default:
		return string(r)
	}
}
