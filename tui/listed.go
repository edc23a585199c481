package tui

import (
	"sort"

	tea "charm.land/bubbletea/v2"

	"escort/keymap"
	"escort/tui/theme"
)

// historyRows lists what was decided, below the sum of it and which part of it
// is shown. at says in which line each row begins.
func (m *Model) historyRows(w int) (lines []theme.Line, at []int) {
	var head []theme.Line
	if len(m.holds) == 0 {
		head = theme.Line{theme.Own(theme.Plain, "Nothing is held: nobody waits for you.")}.Wrap(w, 0)
	}
	head = append(append(head, theme.Line{
		theme.Own(theme.Faint, "shown: "), say(theme.Strong, m.filter.String()),
		sayf(theme.Faint, " (%s for others)", m.keys.Key(keymap.Page, keymap.Filter)),
	}.Wrap(w, 2)...), theme.Line{say(theme.Plain, m.list.Total().Brief())}.Wrap(w, 2)...)
	lines, at = m.list.Rows(w, m.filter, m.chosen)
	for i := range at {
		at[i] += len(head)
	}
	return append(head, lines...), at
}

// openHistory begins with the newest row.
func (m *Model) openHistory() { m.markRow(scrollback * 10) }

// nextFilter shows another part of the list of decisions.
func (m *Model) nextFilter(string) tea.Cmd {
	m.filter, m.turned = m.filter.Next(), 0
	m.openHistory()
	return nil
}

// markRow marks a row of the list and scrolls so that all of it is seen, or as
// much as fits.
func (m *Model) markRow(i int) {
	n := len(m.list.Shown(m.filter))
	m.chosen = max(min(i, n-1), 0)
	if n == 0 {
		return
	}
	r := m.sideRoom()
	lines, at := m.historyRows(r.w)
	start, end := at[m.chosen], len(lines)
	if m.chosen+1 < len(at) {
		end = at[m.chosen+1]
	}
	if m.chosen == 0 {
		start = 0 // with what stands above it
	}
	m.turned = max(m.turned, end-r.h)
	m.turned = min(m.turned, start)
}

// chooseFar marks the row that stands n lines below the chosen one.
func (m *Model) chooseFar(n int) {
	_, at := m.historyRows(m.sideRoom().w)
	if m.chosen >= len(at) {
		return
	}
	to := at[m.chosen] + n
	m.markRow(sort.Search(len(at), func(i int) bool { return at[i] > to }) - 1)
}

// chooseWith marks the next row with a text in it, round and round.
func (m *Model) chooseWith(text string) bool {
	rows := m.list.Shown(m.filter)
	for i := range rows {
		n := (m.chosen + 1 + i) % len(rows)
		if rows[n].Has(text) {
			m.markRow(n)
			return true
		}
	}
	return false
}

// above is how many lines are shown above a moment: a line stands above the
// place at which it is held.
const above = 2

// jump scrolls the session back to the moment of the chosen row.
func (m *Model) jump(string) tea.Cmd {
	if m.page == heldPage {
		return m.give()
	}
	rows := m.list.Shown(m.filter)
	if m.chosen >= len(rows) || rows[m.chosen].Place == 0 {
		m.say("there is no such moment in the session")
		return nil
	}
	back, kept := m.scr.Back(max(rows[m.chosen].Place, above+1) - above)
	m.zoomed = false // both must be seen
	m.place()
	if m.lay.Term.Empty() { // there is no room for both
		m.page, m.mode, m.session = noPage, keymap.Card, true
		m.place()
	}
	m.pane.Show(back)
	switch {
	case !kept:
		m.say("longer ago than is kept here; the record has it")
	case back == 0:
		m.say("that is what the session shows now")
	}
	if m.mode == keymap.Card {
		return m.disarm()
	}
	return nil
}
