package lesson

import (
	"fmt"

	"escort/keymap"
	"escort/session/sample"
	"escort/session/training"
	"escort/tui/theme"
)

// Entry is a lesson on the list.
type Entry struct {
	Sample sample.Sample
	Stands training.Standing // of the person
}

// Course is some lessons with a title.
type Course struct {
	Title, About string
	Entries      []Entry
}

// Menu is the list of courses and lessons.
type Menu struct {
	Courses []Course
	Leave   []keymap.Action // fixed by [NewMenu]

	Left   keymap.Action // how it was left; empty: not yet
	Chosen int           // the marked lesson, counted through all courses

	top, h int
}

// NewMenu makes a list with the first lesson marked that was not passed yet.
func NewMenu(courses []Course) *Menu {
	m := &Menu{Courses: courses, Leave: []keymap.Action{keymap.Enter, keymap.LineDown, keymap.Intro, keymap.Back}}
	for i, e := range m.entries() {
		if !e.Stands.Passed {
			m.Chosen = i
			break
		}
	}
	return m
}

func (m *Menu) entries() (all []Entry) {
	for _, c := range m.Courses {
		all = append(all, c.Entries...)
	}
	return all
}

// Entry is the marked lesson.
func (m *Menu) Entry() Entry { return m.entries()[m.Chosen] }

// View is the list as a window of w columns and h rows shows it.
func (m *Menu) View(w, h int) []theme.Line {
	m.h = h
	lines, marked := m.lines(min(max(w-3, 10), measure))
	room := max(h-2, 1)
	m.top = max(min(m.top, len(lines)-room, max(marked-2, 0)), marked-room+2, 0) // with the head of its course, where it fits
	out := []theme.Line{head("lessons").Fit(w)}
	for i := range room {
		l := theme.Line{}
		if at := m.top + i; at < len(lines) {
			l = append(theme.Line{theme.Blank(1)}, lines[at]...)
		}
		out = append(out, l)
	}
	return append(out, foot(m.Leave, max(len(lines)-m.top-room, 0), w))
}

// lines are all rows, and which of them is marked.
func (m *Menu) lines(w int) (out []theme.Line, marked int) {
	n := 0
	for i, c := range m.Courses {
		if i > 0 {
			out = append(out, theme.Line{})
		}
		out = append(out, theme.Line{say(theme.Strong, c.Title), say(theme.Faint, "  "+c.About)}.Fit(w))
		for _, e := range c.Entries {
			if n == m.Chosen {
				marked = len(out)
			}
			out = append(out, row(e, n == m.Chosen, w))
			n++
		}
	}
	return out, marked
}

// row is one lesson.
func row(e Entry, marked bool, w int) theme.Line {
	sign, t := theme.Own(theme.Plain, "  "), theme.Plain
	if marked {
		sign, t = theme.Own(theme.Accent, "▸ "), theme.Strong
	}
	column, passed, tried := 24, "✓ passed, best %d", "best %d, "+fmt.Sprint(sample.Pass)+" passes"
	if w < narrow {
		column, passed, tried = 9, "✓ %d", "%d"
	}
	state := theme.Line{say(theme.Faint, counted(len(e.Sample.Steps), "line"))}
	switch s := e.Stands; {
	case s.Passed:
		state = theme.Line{sayf(theme.RiskSafe, passed, s.Best)}
	case s.Done:
		state = theme.Line{sayf(theme.Held, tried, s.Best)}
	case s.Tries > 0:
		state = theme.Line{say(theme.Faint, "begun")}
	}
	l := theme.Line{sign, say(t, e.Sample.Title)}
	return append(l.Fit(max(w-column, 10)), state...)
}

// narrow is the width below which a row says less.
const narrow = 60

// Press takes a key; done tells that the list is left.
func (m *Menu) Press(name string) (done bool) {
	b, ok := keymap.LessonKey(name)
	if !ok {
		return false
	}
	last := len(m.entries()) - 1
	step := map[keymap.Action]int{
		keymap.LineUp: -1, keymap.LineDown: 1, keymap.PageUp: -max(m.h-4, 1), keymap.PageDown: max(m.h-4, 1),
		keymap.Top: -last, keymap.Bottom: last,
	}
	switch b.Action {
	case keymap.Enter, keymap.Intro, keymap.Back:
		m.Left = b.Action
	default:
		m.Chosen = max(min(m.Chosen+step[b.Action], last), 0)
	}
	return m.Left != ""
}

// Text is the list as lines of text with numbers, for the console of lines.
func (m *Menu) Text() []string {
	var out []string
	n := 0
	for _, c := range m.Courses {
		out = append(out, c.Title+": "+c.About)
		for _, e := range c.Entries {
			n++
			out = append(out, fmt.Sprintf("%3d %s", n, row(e, false, measure).Text()))
		}
	}
	return out
}
