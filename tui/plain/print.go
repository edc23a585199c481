package plain

import (
	"fmt"
	"io"
	"strings"
	"time"

	"escort/explain/quote"
	"escort/tui/theme"
)

// mark is what each line of the session begins with, and no other line.
const mark = "| "

// printer writes lines, and keeps what is being typed whole between them.
type printer struct {
	w     io.Writer
	width func() int // of the terminal, in cells
	asked bool       // the last line is a prompt, with or without something typed
	last  time.Time  // when lines were last written
	now   func() time.Time
	err   error // the first that a write answered
}

// bare renders text without any sequence, and keeps controls out once more.
var bare = theme.Theme{Bare: true}

func (p *printer) write(s string) {
	if p.err == nil && s != "" {
		_, p.err = io.WriteString(p.w, s)
	}
}

// newline leaves a prompt, if there is one.
func (p *printer) newline() {
	if p.asked {
		p.write("\r\n")
		p.last = p.now()
	}
	p.asked = false
}

// lines writes text below what is there, each line folded at words; head stands
// before each piece.
func (p *printer) lines(head string, indent int, texts ...quote.Safe) {
	var b strings.Builder
	w := max(p.width(), leastWidth) - len(head)
	for _, t := range texts {
		for _, l := range (theme.Line{theme.Of(theme.Plain, t)}).Wrap(w, indent) {
			b.WriteString(strings.TrimRight(head+bare.Render(l, w), " ") + "\r\n")
		}
	}
	p.newline()
	p.write(b.String())
	p.last = p.now()
}

// say writes sentences of the console's own. No piece of one begins like a line
// of the session.
func (p *printer) say(texts ...quote.Safe) {
	for i, t := range texts {
		if strings.HasPrefix(t.String(), mark[:1]) {
			texts[i] = quote.Join([]quote.Safe{quote.Plain("Text: "), t}, quote.Plain(""))
		}
	}
	p.lines("", 2, texts...)
}

func (p *printer) sayf(format string, args ...any) { p.say(quote.Line(fmt.Sprintf(format, args...))) }

// session writes lines of the session.
func (p *printer) session(texts ...string) {
	for _, t := range texts {
		p.lines(mark, 0, quote.Line(t))
	}
}

// ask writes a prompt, and behind it what was typed so far.
func (p *printer) ask(prompt, typed string) {
	if !p.asked {
		p.write(prompt + quote.Line(typed).String())
		p.asked = true
	}
}
