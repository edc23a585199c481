package shot

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// run is neighbouring cells of one style, and of one shape if they are no text.
type run struct {
	x, cells int
	text     string
	shape    rune // a frame's line or a full block; 0: text
	style    style
}

// style is what the sequences so far have set. Colours are "#rrggbb"; empty:
// the default.
type style struct {
	on                                      *Paper
	fg, bg                                  string
	bold, faint, italic, under, rev, strike bool
}

// Paper is what a picture is drawn on: the terminal's own colours.
type Paper struct {
	ink, back, faint string
	named            [16]string // readable on back
}

// The papers.
var (
	Dark = &Paper{"#d6dae0", "#14181f", "#7d8590", [16]string{
		"#484f58", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#d6dae0",
		"#6e7681", "#ffa198", "#aff5b4", "#f2cc60", "#a5d6ff", "#e2c5ff", "#b3f0ff", "#ffffff",
	}}
	Light = &Paper{"#1f2328", "#ffffff", "#59636e", [16]string{
		"#24292f", "#b00020", "#1a6b2d", "#7a5200", "#0550ae", "#7a3fb5", "#00667a", "#59636e",
		"#57606a", "#cf222e", "#1a7f37", "#633c01", "#0969da", "#8250df", "#1b7c83", "#1f2328",
	}}
)

// runs cuts a row of text with sequences into runs, at most cols cells in all.
func runs(row string, cols int, on *Paper) []run {
	var out []run
	st := style{on: on}
	x := 0
	for row != "" {
		if row[0] == '\x1b' {
			params, rest := sequence(row)
			st.set(params)
			row = rest
			continue
		}
		r, n := utf8.DecodeRuneInString(row) // U+FFFD for a byte that is no text
		row = row[n:]
		w := runewidth.RuneWidth(r)
		if r < ' ' || x+w > cols {
			continue
		}
		out = push(out, run{x: x, cells: w, text: string(r), shape: shapeOf(r), style: st})
		x += w
	}
	return trimmed(out)
}

func shapeOf(r rune) rune {
	if _, ok := shapes[r]; ok || r == '█' {
		return r
	}
	return 0
}

// push adds a cell, to the last run where it goes on in the same way.
func push(out []run, c run) []run {
	if n := len(out); n > 0 {
		last := &out[n-1]
		joins := c.shape == 0 || c.shape == '─' || c.shape == '█'
		gap := c.text != " " && strings.HasSuffix(last.text, "  ") // columns stand for themselves
		if last.style == c.style && last.shape == c.shape && joins && !gap && last.x+last.cells == c.x {
			last.text += c.text
			last.cells += c.cells
			return out
		}
	}
	return append(out, c)
}

// trimmed is the runs without blanks at their ends that show nothing: viewers
// do not agree on what such blanks are worth.
func trimmed(rs []run) []run {
	var out []run
	for _, r := range rs {
		if _, bg := r.style.colours(); bg == "" && r.shape == 0 && !r.style.under && !r.style.strike {
			text := strings.TrimLeft(r.text, " ")
			r.x += len(r.text) - len(text)
			r.cells -= len(r.text) - len(text)
			r.text = strings.TrimRight(text, " ")
			r.cells -= len(text) - len(r.text)
		}
		if r.text != "" {
			out = append(out, r)
		}
	}
	return out
}

// sequence takes an escape sequence off the front of s. params is nil unless
// it sets a style.
func sequence(s string) (params []int, rest string) {
	if len(s) < 2 || s[1] != '[' {
		return nil, s[1:]
	}
	end := 2
	for end < len(s) && (s[end] < 0x40 || s[end] > 0x7e) {
		end++
	}
	if end == len(s) {
		return nil, ""
	}
	if s[end] != 'm' {
		return nil, s[end+1:]
	}
	for p := range strings.SplitSeq(s[2:end], ";") {
		n, err := strconv.Atoi(p)
		if err != nil && p != "" {
			return nil, s[end+1:]
		}
		params = append(params, n)
	}
	return params, s[end+1:]
}

// flags are the parameters that turn attributes on and off.
var flags = map[int]func(*style){
	0: func(s *style) { *s = style{on: s.on} },
	1: func(s *style) { s.bold = true }, 2: func(s *style) { s.faint = true }, 3: func(s *style) { s.italic = true },
	4: func(s *style) { s.under = true }, 7: func(s *style) { s.rev = true }, 9: func(s *style) { s.strike = true },
	22: func(s *style) { s.bold, s.faint = false, false }, 23: func(s *style) { s.italic = false },
	24: func(s *style) { s.under = false }, 27: func(s *style) { s.rev = false }, 29: func(s *style) { s.strike = false },
	39: func(s *style) { s.fg = "" }, 49: func(s *style) { s.bg = "" },
}

// set applies the parameters of one sequence.
func (s *style) set(ps []int) {
	for i := 0; i < len(ps); i++ {
		p := ps[i]
		switch {
		case flags[p] != nil:
			flags[p](s)
		case p >= 30 && p <= 37:
			s.fg = s.on.named[p-30]
		case p >= 90 && p <= 97:
			s.fg = s.on.named[p-82]
		case p >= 40 && p <= 47:
			s.bg = s.on.named[p-40]
		case p >= 100 && p <= 107:
			s.bg = s.on.named[p-92]
		case p == 38 || p == 48:
			c, used := s.on.extended(ps[i+1:])
			i += used
			if p == 38 {
				s.fg = c
			} else {
				s.bg = c
			}
		}
	}
}

// extended reads a colour of the 256 or of three channels, and how many
// parameters it took.
func (p *Paper) extended(ps []int) (colour string, used int) {
	switch {
	case len(ps) >= 2 && ps[0] == 5:
		return p.indexed(ps[1] & 0xff), 2
	case len(ps) >= 4 && ps[0] == 2:
		return fmt.Sprintf("#%02x%02x%02x", ps[1]&0xff, ps[2]&0xff, ps[3]&0xff), 4
	}
	return "", len(ps)
}

// indexed is colour i of xterm's 256: the named, a cube of 6×6×6, 24 greys.
func (p *Paper) indexed(i int) string {
	if i < 16 {
		return p.named[i]
	}
	if i >= 232 {
		v := 8 + 10*(i-232)
		return fmt.Sprintf("#%02x%02x%02x", v, v, v)
	}
	level := func(n int) int {
		if n == 0 {
			return 0
		}
		return 55 + 40*n
	}
	i -= 16
	return fmt.Sprintf("#%02x%02x%02x", level(i/36), level(i/6%6), level(i%6))
}

// colours are those that are drawn; bg is empty where it is the picture's own.
func (s style) colours() (fg, bg string) {
	fg, bg = s.fg, s.bg
	if fg == "" {
		fg = s.on.ink
		if s.faint {
			fg = s.on.faint
		}
	}
	if s.rev {
		if bg == "" {
			bg = s.on.back
		}
		return bg, fg
	}
	return fg, bg
}

// attributes are those of the text that are no colours.
func (s style) attributes() string {
	a := ""
	if s.bold {
		a += ` font-weight="bold"`
	}
	if s.italic {
		a += ` font-style="italic"`
	}
	switch {
	case s.under && s.strike:
		a += ` text-decoration="underline line-through"`
	case s.under:
		a += ` text-decoration="underline"`
	case s.strike:
		a += ` text-decoration="line-through"`
	}
	return a
}
