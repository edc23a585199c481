package shell

import (
	"strings"

	"escort/explain/effect"
)

// maxBlank is how many blanks in a row may stand inside a line.
const maxBlank = 100

// padded finds commands that are moved out of sight by a long row of blanks in
// front of them.
func (r *reader) padded() {
	text := r.prog.Text
	gap := strings.Repeat(" ", maxBlank)
	at := strings.Index(text, gap)
	if at < 0 || strings.Contains(text, "<<") {
		return
	}
	end := at + len(text[at:]) - len(strings.TrimLeft(text[at:], " \t"))
	begin := strings.LastIndexByte(text[:at], '\n') + 1
	if strings.TrimSpace(text[begin:at]) == "" || end == len(text) || text[end] == '\n' || text[end] == '#' {
		return
	}
	for _, c := range r.prog.Commands {
		for _, w := range c.Words {
			if w.Span[0] <= at && w.Span[1] > at {
				return // it is part of a text
			}
		}
	}
	r.disguise(Disguise{Span: effect.Span{at, end}, How: HowPadding})
}
