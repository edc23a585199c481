package theme

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// Visible is text that was made visible: explain/quote's Safe. (This package
// is below quote in the order of imports, hence the interface.)
type Visible interface {
	String() string
	Width() int
}

// Span is a piece of a line in one style.
type Span struct {
	text  string
	token Token
	own   bool // the program's own words; else text that was made visible
}

// Line is text on one line.
type Line []Span

// literal is a type that only constants of the program convert to by themselves.
type literal string

// Own makes a span of the program's own words.
func Own(t Token, text literal) Span { return Span{string(text), t, true} }

// Of makes a span of text that was made visible. A line feed in it becomes a
// blank; use [Lines] for text of several lines.
func Of(t Token, v Visible) Span {
	return Span{text: strings.ReplaceAll(v.String(), "\n", " "), token: t}
}

// Lines makes a line of each line of v.
func Lines(t Token, v Visible) []Line {
	var ls []Line
	for s := range strings.SplitSeq(v.String(), "\n") {
		ls = append(ls, Line{{text: s, token: t}})
	}
	return ls
}

// Blank is a span of n spaces.
func Blank(n int) Span { return Span{strings.Repeat(" ", max(n, 0)), Plain, true} }

// Rule is a span of n cells of a horizontal line.
func Rule(t Token, n int) Span { return Span{strings.Repeat("─", max(n, 0)), t, true} }

// Bar is n of four cells filled.
func Bar(t Token, n int) Line {
	n = min(max(n, 0), 4)
	return Line{{strings.Repeat("█", n), t, true}, {strings.Repeat("·", 4-n), Faint, true}}
}

// Width is the number of cells of the span.
func (s Span) Width() int { return width(s.text) }

// Width is the number of cells of the line.
func (l Line) Width() int {
	n := 0
	for _, s := range l {
		n += s.Width()
	}
	return n
}

// Text is the line without its styles.
func (l Line) Text() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.text)
	}
	return b.String()
}

var cells = func() *runewidth.Condition {
	c := runewidth.NewCondition()
	c.EastAsianWidth = false
	return c
}()

func width(s string) int {
	n := 0
	for _, r := range s {
		n += runeCells(r)
	}
	return n
}

func runeCells(r rune) int {
	if r >= ' ' && r < 0x7f {
		return 1
	}
	return cells.RuneWidth(r)
}

// Fit is the line cut or filled with blanks to exactly n cells; a cut is
// marked by an ellipsis.
func (l Line) Fit(n int) Line {
	w := l.Width()
	if w <= n {
		return append(l[:len(l):len(l)], Blank(n-w))
	}
	var out Line
	left := n - 1
	for _, s := range l {
		if sw := s.Width(); sw <= left {
			out, left = append(out, s), left-sw
			continue
		}
		cut, cw := head(s.text, left)
		out, left = append(out, Span{cut, s.token, s.own}), left-cw
		break
	}
	if n > 0 {
		out = append(out, Span{"…", Faint, true}, Blank(left))
	}
	return out
}

// head is as much of s as fits n cells, and its width.
func head(s string, n int) (string, int) {
	w := 0
	for i, r := range s {
		rw := runeCells(r)
		if w+rw > n {
			return s[:i], w
		}
		w += rw
	}
	return s, w
}

// Render is the line with its styles, exactly n cells wide.
func (t Theme) Render(l Line, n int) string {
	var b strings.Builder
	for _, s := range l.Fit(n) {
		if s.text == "" {
			continue
		}
		text := t.Glyphs.Text(printable(s.text), s.own)
		if p := t.ink(s.token); p != "" {
			text = "\x1b[" + p + "m" + text + "\x1b[m"
		}
		b.WriteString(text)
	}
	return b.String()
}

// printable is the last line of defence: whatever came here, no control
// character leaves.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return '\uFFFD'
		}
		return r
	}, s)
}
