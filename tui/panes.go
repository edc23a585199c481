package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"escort/keymap"
	"escort/tui/layout"
)

// place computes where things stand. A card that went out of sight or came into
// it is not armed.
func (m *Model) place() {
	before := m.onScreen()
	m.lay = layout.For(m.w, m.h, layout.Wish{Side: m.sided(), Notes: m.noteLines(), Split: m.split, Zoom: m.zoom()})
	if m.onScreen() != before {
		m.arming.armed, m.arming.drawn = false, time.Time{}
	}
}

// sided reports whether something stands beside the terminal.
func (m *Model) sided() bool {
	return len(m.holds) > 0 || m.page != noPage || m.mode != keymap.Terminal && m.mode != keymap.Card
}

// onSession reports whether the session's pane is the one in use: it has the
// keyboard, or is what scrolls.
func (m *Model) onSession() bool {
	return m.mode == keymap.Terminal || m.mode == keymap.Card && m.toSession()
}

// fewRows is the height of a window below which pages and what is written fill
// it: two panes would leave them a line or two.
const fewRows = 20

// zoom is what is drawn: both panes or the one in use, so that whatever asks
// for keys is never behind the other one.
func (m *Model) zoom() layout.Zoom {
	aside := m.mode != keymap.Terminal && m.mode != keymap.Card
	switch {
	case aside && m.h < fewRows:
		return layout.SideOnly
	case !m.zoomed:
		return layout.Both
	case m.onSession():
		return layout.TermOnly
	}
	return layout.SideOnly
}

func (m *Model) toggleZoom(string) tea.Cmd {
	m.zoomed = !m.zoomed
	m.place()
	return m.watch()
}

// nextPane chooses the other pane for scrolling; zoomed, it is shown instead.
func (m *Model) nextPane(string) tea.Cmd {
	m.session = !m.session
	m.place()
	return m.watch()
}

// The steps in which keys move the split.
const (
	stepCols = 4
	stepRows = 1
)

func (m *Model) smaller(string) tea.Cmd { return m.push(-1) }
func (m *Model) larger(string) tea.Cmd  { return m.push(1) }

// push moves the split by n steps, as far as there is room.
func (m *Model) push(n int) tea.Cmd {
	m.split = m.lay.Split
	if m.lay.Boxed {
		m.split.Cols += n * stepCols
	} else {
		m.split.Rows += n * stepRows
	}
	return m.resplit()
}

// resplit lays out anew after the split was moved.
func (m *Model) resplit() tea.Cmd {
	m.place()
	m.split = m.lay.Split
	m.settle()
	return m.watch()
}

// settle gives the session the size that the layout has for it, if this is the
// time: while something is held its terminal stays as it is, and while the
// split is dragged nothing rests yet.
func (m *Model) settle() {
	if len(m.holds) == 0 && !m.mouse.drag {
		m.fit()
	}
}

// fit gives the session the size that the layout has for it.
func (m *Model) fit() {
	size := [2]int{m.lay.Cols, m.lay.Rows}
	if size == m.size || m.opt.Watch {
		return
	}
	m.size = size
	m.scr.Resize(size[0], size[1])
	if m.src != nil {
		m.resizeSession()
	}
}

func (m *Model) resizeSession() {
	if m.opt.Watch {
		return
	}
	src, size := m.src, m.size
	m.works.resize(func() error { return src.Resize(size[0], size[1]) })
}

// cardKey is the key that shows the card while the session fills the window.
func (m *Model) cardKey() string {
	if m.mode == keymap.Terminal {
		return m.keys.Key(keymap.Terminal, keymap.Switch)
	}
	return m.keys.Key(keymap.Card, keymap.NextPane)
}
