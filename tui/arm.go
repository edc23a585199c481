package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"escort/tui/consent"
)

// armAfter is how long no key may have come before a card takes one.
const armAfter = consent.Pause

// arming is whether the shown card takes keys.
type arming struct {
	drawn  time.Time // when the shown card was drawn; zero: not yet
	key    time.Time // the last key of all
	before time.Time // the last key before that one
	armed  bool
}

// ready reports whether the card takes a key that comes now.
func (a arming) ready(now time.Time) bool {
	return a.armed || consent.Ready(now, a.drawn, a.key)
}

// change notes that another hold is shown, or the same one differently.
func (m *Model) change() tea.Cmd {
	m.arming.armed, m.arming.drawn = false, time.Time{}
	m.scroll = 0
	m.hit.forget()
	m.place()
	return m.watch()
}

// watch asks to be told once the shown card is on the screen: commands run
// after the frame that follows an Update was handed to the renderer.
func (m *Model) watch() tea.Cmd {
	if !m.onScreen() || !m.arming.drawn.IsZero() {
		return nil
	}
	id := m.shown().Hold.Hold
	return func() tea.Msg { return drawn(id) }
}

func (m *Model) markDrawn(id string) tea.Cmd {
	h := m.shown()
	if !m.onScreen() || h.Hold.Hold != id || !m.arming.drawn.IsZero() {
		return nil
	}
	now := m.opt.now()
	m.arming.drawn = now
	if h.drawn.IsZero() {
		h.drawn = now
	}
	return m.wake(armAfter)
}

// disarm makes the card wait again.
func (m *Model) disarm() tea.Cmd {
	m.arming.armed = false
	m.arming.key = m.opt.now()
	return tea.Batch(m.watch(), m.wake(armAfter))
}

// onScreen reports whether the card of the shown hold is drawn: the window is
// large enough, no other pane fills it, and no page covers the card.
func (m *Model) onScreen() bool {
	return m.shown() != nil && !m.lay.Small && !m.lay.Side.Empty() && m.page == noPage
}

// hidden reports whether the session's pane fills the window while something is
// held. Nothing can be decided then.
func (m *Model) hidden() bool {
	return m.shown() != nil && !m.lay.Small && m.lay.Side.Empty()
}
