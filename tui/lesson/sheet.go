// Package lesson has the screens around a lesson: the list of lessons, the
// introduction, the briefing, and the debrief line by line. They are plain
// structs; the lesson itself is taken in the console, which knows nothing of
// them.
//
// The rules:
//
//   - Every text of a sample or an explanation goes through explain/quote before
//     it becomes part of a line.
//   - Right and wrong stand in words, never by colour alone.
//   - Nothing is cut: what does not fit is folded, and the rest scrolled.
package lesson

import (
	"fmt"
	"slices"

	"escort/explain/quote"
	"escort/keymap"
	"escort/tui/theme"
)

// measure is the widest that words are set: longer lines are hard to follow.
const measure = 96

// Sheet is a page of text that scrolls.
type Sheet struct {
	Title string
	Lines func(w int) []theme.Line // the text, folded to w cells
	Leave []keymap.Action          // the keys that leave it, in the order of the footer

	Left keymap.Action // how it was left; empty: not yet

	top, w, h int
	text      []theme.Line
}

func say(t theme.Token, s string) theme.Span { return theme.Of(t, quote.Line(s)) }

func sayf(t theme.Token, format string, args ...any) theme.Span {
	return say(t, fmt.Sprintf(format, args...))
}

// View is the page as a window of w columns and h rows shows it.
func (s *Sheet) View(w, h int) []theme.Line {
	s.size(w, h)
	out := []theme.Line{head(s.Title).Fit(w)}
	room := s.room()
	for i := range room {
		l := theme.Line{theme.Blank(2)}
		if at := s.top + i; at < len(s.text) {
			l = append(l, s.text[at]...)
		}
		out = append(out, l)
	}
	return append(out, foot(s.Leave, s.below(), w))
}

// size lays the text out anew where the window has changed.
func (s *Sheet) size(w, h int) {
	if w != s.w {
		s.text = s.Lines(min(max(w-4, 10), measure))
	}
	s.w, s.h = w, h
	s.top = max(min(s.top, len(s.text)-s.room()), 0)
}

func (s *Sheet) room() int { return max(s.h-2, 1) }

// below is how many lines there are below those that are shown.
func (s *Sheet) below() int { return max(len(s.text)-s.top-s.room(), 0) }

// Press takes a key; done tells that the page is left.
func (s *Sheet) Press(name string) (done bool) {
	b, ok := keymap.LessonKey(name)
	if !ok {
		return false
	}
	page := max(s.room()-1, 1)
	switch b.Action {
	case keymap.LineUp:
		s.top--
	case keymap.LineDown:
		s.top++
	case keymap.PageUp:
		s.top -= page
	case keymap.PageDown:
		s.top += page
	case keymap.Top:
		s.top = 0
	case keymap.Bottom:
		s.top = len(s.text)
	case keymap.Enter:
		if s.below() > 0 { // who reads on with the same key sees all of it
			s.top += page
		} else if slices.Contains(s.Leave, b.Action) {
			s.Left = b.Action
		}
	default:
		if slices.Contains(s.Leave, b.Action) {
			s.Left = b.Action
		}
	}
	s.top = max(min(s.top, len(s.text)-s.room()), 0)
	return s.Left != ""
}

// head is the first row of every page.
func head(title string) theme.Line {
	return theme.Line{theme.Own(theme.Strong, " escort training"), theme.Own(theme.Faint, " · "), say(theme.Plain, title)}
}

// foot is the last row: what can be pressed, and that there is more.
func foot(leave []keymap.Action, below, w int) theme.Line {
	l := theme.Line{theme.Own(theme.Plain, " ")}
	if below > 0 {
		l = append(l, sayf(theme.Held, "%d more below", below), theme.Own(theme.Plain, "  "))
	}
	for _, b := range keymap.Lesson {
		word := b.Short
		if !slices.Contains(leave, b.Action) {
			continue
		}
		if b.Action == keymap.Enter && below > 0 {
			word = "read on"
		}
		k := theme.Line{say(theme.Accent, b.Keys[0]), say(theme.Plain, " "+word+"  ")}
		if l.Width()+k.Width() <= w {
			l = append(l, k...)
		}
	}
	return l
}

// pen writes paragraphs of a page.
type pen struct {
	w     int
	lines []theme.Line
}

func (p *pen) add(indent int, spans ...theme.Span) {
	p.lines = append(p.lines, theme.Line(spans).Wrap(p.w, indent)...)
}

// in writes a paragraph that is moved in, as a whole.
func (p *pen) in(by int, spans ...theme.Span) {
	for _, l := range theme.Line(spans).Wrap(max(p.w-by, 10), 0) {
		p.lines = append(p.lines, append(theme.Line{theme.Blank(by)}, l...))
	}
}

func (p *pen) gap() { p.lines = append(p.lines, theme.Line{}) }

func (p *pen) title(text string) {
	if len(p.lines) > 0 {
		p.gap()
	}
	p.add(0, say(theme.Strong, text))
}
