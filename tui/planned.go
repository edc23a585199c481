package tui

import "escort/tui/theme"

// runbookLines lists the planned lines below their headings: those that were
// allowed are ticked, the next one is pointed at.
func (m *Model) runbookLines(w int) []theme.Line {
	var out []theme.Line
	heading, next := "", m.opt.Runbook.Next()
	for i, s := range m.opt.Runbook.Steps() {
		if s.Heading != heading {
			heading = s.Heading
			if len(out) > 0 {
				out = append(out, theme.Line{})
			}
			out = append(out, theme.Line{say(theme.Strong, heading)}.Wrap(w, 0)...)
		}
		mark, look := theme.Own(theme.Plain, "  "), theme.Plain
		switch {
		case s.Taken:
			mark = theme.Own(theme.Faint, "✓ ")
		case i == next:
			mark, look = theme.Own(theme.Accent, "▸ "), theme.Strong
		}
		l := theme.Line{mark, sayf(theme.Faint, "%3d  ", i+1), say(look, s.Line)}
		if i == next {
			l = append(l, theme.Own(theme.Faint, "  next"))
		}
		out = append(out, l.Wrap(w, 7)...)
	}
	return out
}
