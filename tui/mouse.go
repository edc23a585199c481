package tui

import (
	tea "charm.land/bubbletea/v2"

	"escort/keymap"
	"escort/session/screen"
	"escort/tui/layout"
	"escort/tui/pane"
)

// mouse is what the console knows of the mouse. It never decides anything: it
// scrolls, chooses a pane and moves the split. The program inside gets it only
// if it asked for it and has the keyboard.
type mouse struct {
	on    bool // the console takes it; else it is the terminal's, to select text
	given bool // the program has got a press, so the release is for it too
	drag  bool // the split is being moved
	from  [2]int
	was   layout.Split // the split when that began
}

// wheelLines is how far one notch of the wheel scrolls.
const wheelLines = 3

func (m *Model) toggleMouse(string) tea.Cmd {
	m.mouse.on, m.mouse.drag = !m.mouse.on, false
	key := m.keys.Key(keymap.Card, keymap.Mouse)
	if m.mouse.on {
		m.say("the mouse scrolls here ·", key, "to select text with it")
	} else {
		m.say("the mouse selects text ·", key, "to scroll with it")
	}
	return nil
}

// mouseMode is which events the escort's terminal is asked for, after the
// session's pane was drawn.
func (m *Model) mouseMode() tea.MouseMode {
	switch {
	case !m.mouse.on:
		return tea.MouseModeNone
	case m.mode == keymap.Terminal && m.pane.Drawn().Mouse == screen.MouseMotion:
		return tea.MouseModeAllMotion
	}
	return tea.MouseModeCellMotion
}

func (m *Model) mouseEvent(e tea.MouseMsg) tea.Cmd {
	at := e.Mouse()
	if !m.mouse.on || m.lay.Small {
		return nil
	}
	if m.mouse.drag {
		return m.dragged(e, at)
	}
	if m.lay.Term.Has(at.X, at.Y) && m.toProgram(e, at) {
		return nil
	}
	switch e.(type) {
	case tea.MouseWheelMsg:
		m.wheel(at)
	case tea.MouseClickMsg:
		return m.click(at)
	}
	return nil
}

// toProgram gives the event to the program inside, if it is for it.
func (m *Model) toProgram(e tea.MouseMsg, at tea.Mouse) bool {
	modes := m.pane.Modes()
	if m.mode != keymap.Terminal || modes.Mouse == screen.MouseOff || m.pane.Offset() > 0 {
		return false
	}
	x, y := at.X-m.lay.Term.X, at.Y-m.lay.Term.Y-1
	if m.lay.Boxed {
		x--
	}
	col, row, ok := m.pane.At(x, y)
	if !ok {
		return false
	}
	switch e.(type) {
	case tea.MouseMotionMsg:
		if at.Button != tea.MouseNone && !m.mouse.given {
			return false
		}
	case tea.MouseReleaseMsg:
		if !m.mouse.given {
			return false // of the click that gave it the keyboard
		}
		m.mouse.given = false
	default:
		m.mouse.given = at.Button < tea.MouseWheelUp
		m.termKey = m.opt.now()
	}
	m.send(pane.EncodeMouse(e, col, row, modes))
	return true
}

// wheel scrolls what is under the pointer.
func (m *Model) wheel(at tea.Mouse) {
	n := map[tea.MouseButton]int{tea.MouseWheelUp: -wheelLines, tea.MouseWheelDown: wheelLines}[at.Button]
	switch {
	case m.lay.Term.Has(at.X, at.Y):
		m.pane.Scroll(-n)
	case m.lay.Side.Has(at.X, at.Y):
		m.moveSide(n)
	}
}

// click takes hold of the split, or chooses a pane.
func (m *Model) click(at tea.Mouse) tea.Cmd {
	switch {
	case at.Button != tea.MouseLeft:
		return nil
	case m.lay.Border.Has(at.X, at.Y):
		m.mouse.drag, m.mouse.from, m.mouse.was = true, [2]int{at.X, at.Y}, m.lay.Split
		return nil
	}
	return m.choose(at)
}

// choose gives the keyboard to the pane under the pointer. Nothing that is
// being written is lost by it.
func (m *Model) choose(at tea.Mouse) tea.Cmd {
	session := m.mode == keymap.Terminal
	switch {
	case !session && m.mode != keymap.Card && m.mode != keymap.Page:
		return nil
	case m.lay.Term.Has(at.X, at.Y) && !session, m.lay.Side.Has(at.X, at.Y) && session:
		return m.switchFocus()
	case m.lay.Side.Has(at.X, at.Y) && m.session:
		return m.nextPane("")
	}
	return nil
}

// dragged moves the split with the pointer, and lets go of it. Where the
// pointer did not move, it was a click.
func (m *Model) dragged(e tea.MouseMsg, at tea.Mouse) tea.Cmd {
	switch e.(type) {
	case tea.MouseMotionMsg:
		m.split = m.mouse.was
		if m.lay.Boxed {
			m.split.Cols += at.X - m.mouse.from[0]
		} else {
			m.split.Rows += at.Y - m.mouse.from[1]
		}
	case tea.MouseReleaseMsg:
		m.mouse.drag = false
		if m.lay.Split == m.mouse.was {
			return m.choose(at)
		}
	}
	return m.resplit()
}
