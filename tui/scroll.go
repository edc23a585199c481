package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/keymap"
	"escort/tui/theme"
)

// page is what covers the card.
type page int

const (
	noPage page = iota
	helpPage
	historyPage
	answersPage
	scriptPage
	runbookPage
	heldPage
)

// pages says how each page is named and what stands on it.
var pages = map[page]struct {
	title string
	lines func(*Model, int) []theme.Line
}{
	helpPage:    {"keys", (*Model).helpLines},
	historyPage: {"decisions", func(m *Model, w int) []theme.Line { lines, _ := m.historyRows(w); return lines }},
	heldPage:    {"held back", (*Model).heldLines},
	runbookPage: {"runbook", (*Model).runbookLines},
	answersPage: {"explained", func(m *Model, w int) []theme.Line { return m.shown().Answers(w) }},
	scriptPage: {"script", func(m *Model, w int) []theme.Line {
		lines, _ := m.shown().ScriptPage(w)
		return lines
	}},
}

// nextMark goes to the next line of the script that stands out, the worst
// first, round and round.
func (m *Model) nextMark(string) tea.Cmd {
	r := m.sideRoom()
	_, marks := m.shown().ScriptPage(r.w)
	m.mark = (m.mark + 1) % len(marks)
	m.turned = max(marks[m.mark]-1, 0)
	return nil
}

// toFirstMark turns the script to its first marked line, where that would be below
// the edge.
func (m *Model) toFirstMark() {
	r := m.sideRoom()
	if _, marks := m.shown().ScriptPage(r.w); len(marks) > 0 && marks[0] >= r.h {
		m.turned = max(marks[0]-1, 0)
	}
}

// marked reports whether the page has lines that stand out.
func (m *Model) marked() bool {
	if m.page != scriptPage || m.shown() == nil {
		return false
	}
	_, marks := m.shown().ScriptPage(m.sideRoom().w)
	return len(marks) > 0
}

// keyCells is the width of the column of keys on the page of help.
const keyCells = 12

// helpLines lists every key, as the keymap has it.
func (m *Model) helpLines(w int) []theme.Line {
	var out []theme.Line
	for _, mode := range keymap.Modes {
		bs := slices.DeleteFunc(m.keys.Of(mode.Mode), m.foreign)
		if len(bs) == 0 {
			continue
		}
		if len(out) > 0 {
			out = append(out, theme.Line{})
		}
		out = append(out, theme.Line{theme.Of(theme.Strong, quote.Line(mode.Title))})
		for _, b := range bs {
			keys := theme.Line{theme.Of(theme.Accent, quote.Line(strings.Join(b.Keys, ", ")))}
			if keys.Width() > keyCells { // on a line of their own, for none is left out
				out = append(out, keys.Wrap(w, 0)...)
				keys = nil
			}
			out = append(out, append(keys.Fit(keyCells), theme.Blank(1), theme.Of(theme.Plain, quote.Line(b.Help))).Wrap(w, keyCells+1)...)
		}
	}
	return append(out, riskLines(w)...)
}

// riskLines says what the words of risk mean, worst last.
func riskLines(w int) []theme.Line {
	out := []theme.Line{{}, {theme.Own(theme.Strong, "The words of risk")}}
	for _, r := range effect.Risks {
		k := theme.RatingOf(r)
		word := theme.Line{k.Named(k.Mark)}.Fit(12)
		out = append(out, append(word, theme.Blank(1), say(theme.Plain, k.Phrase)).Wrap(w, 13)...)
	}
	return out
}

// sideLines is what the side panel shows in all, and from which line.
func (m *Model) sideLines(w, h int) ([]theme.Line, *int) {
	if p, ok := pages[m.page]; ok {
		return p.lines(m, w), &m.turned
	}
	if hd := m.shown(); hd != nil {
		return hd.Lines(w, h), &m.scroll
	}
	return nil, &m.scroll
}

// toSession reports whether scrolling moves the session's pane.
func (m *Model) toSession() bool { return m.page == noPage && (m.session || m.shown() == nil) }

func (m *Model) pageUp(string) tea.Cmd   { return m.move(-m.pageSize()) }
func (m *Model) pageDown(string) tea.Cmd { return m.move(m.pageSize()) }
func (m *Model) lineUp(string) tea.Cmd   { return m.step(-1) }
func (m *Model) lineDown(string) tea.Cmd { return m.step(1) }
func (m *Model) top(string) tea.Cmd      { return m.move(-scrollback * 10) }
func (m *Model) bottom(string) tea.Cmd   { return m.move(scrollback * 10) }

// step moves by a line, in the list of decisions by a row.
func (m *Model) step(n int) tea.Cmd {
	if m.page == historyPage {
		m.markRow(m.chosen + n)
		return nil
	}
	return m.move(n)
}

func (m *Model) pageSize() int {
	if m.toSession() {
		return max(m.lay.Term.H-3, 1)
	}
	return max(m.sideRoom().h-1, 1)
}

func (m *Model) move(n int) tea.Cmd {
	switch {
	case m.toSession():
		m.pane.Scroll(-n)
	case m.page == historyPage:
		m.chooseFar(n)
	default:
		m.moveSide(n)
	}
	return nil
}

// moveSide scrolls what the side panel shows n lines down.
func (m *Model) moveSide(n int) {
	r := m.sideRoom()
	lines, at := m.sideLines(r.w, r.h)
	*at = min(max(*at+n, 0), max(len(lines)-r.h, 0))
}
