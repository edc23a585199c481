package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// hit is what was looked for last, and where it was found beside the session.
type hit struct {
	text string // in small letters
	page page
	line int // of the page or the card, from 1; 0: nowhere
}

// at reports whether the line, from 0, of a page is the one that was found.
func (h hit) at(p page, line int) bool { return h.page == p && h.line == line+1 }

// forget takes the mark away, and keeps the text for another search.
func (h *hit) forget() { h.line = 0 }

// enterSearch goes to the next line that holds what was written; with nothing
// written, what was looked for last.
func (m *Model) enterSearch() tea.Cmd {
	if text := strings.ToLower(m.entry.text()); text != "" {
		m.hit.text = text
	}
	m.mode, m.entry = m.back, entry{}
	m.place()
	if m.hit.text != "" && !m.searchFor(m.hit.text) {
		m.say("not found:", m.hit.text)
	}
	return m.disarm()
}

func (m *Model) searchFor(text string) bool {
	switch {
	case m.toSession():
		return m.pane.Search(text)
	case m.page == historyPage:
		return m.chooseWith(text)
	}
	r := m.sideRoom()
	lines, at := m.sideLines(r.w, r.h)
	from := *at
	if m.hit.page == m.page && m.hit.line > 0 {
		from = m.hit.line - 1
	}
	for i := range lines {
		n := (from + 1 + i) % len(lines)
		if strings.Contains(strings.ToLower(lines[n].Text()), text) {
			*at = min(n, max(len(lines)-r.h, 0))
			m.hit.page, m.hit.line = m.page, n+1
			return true
		}
	}
	return false
}
