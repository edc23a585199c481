package pane

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"escort/session/screen"
)

// farthest is the last column or row, from 0, that the old encoding can name.
const farthest = 255 - 33

// EncodeMouse is what a mouse event at the session's cell x, y sends to the
// program inside (xterm ctlseqs, "Mouse Tracking"); nil for what it did not ask
// for, and for places that its encoding cannot name.
func EncodeMouse(e tea.MouseMsg, x, y int, m screen.Modes) []byte {
	_, release := e.(tea.MouseReleaseMsg)
	_, motion := e.(tea.MouseMotionMsg)
	at := e.Mouse()
	button := at.Button
	if !wanted(m.Mouse, release, motion, button) {
		return nil
	}
	mod := at.Mod
	if m.Mouse == screen.MouseX10 {
		mod = 0
	}
	if release && !m.MouseSGR {
		button = tea.MouseNone
	}
	code := ansi.EncodeMouseButton(button, motion, mod.Contains(tea.ModShift), mod.Contains(tea.ModAlt), mod.Contains(tea.ModCtrl))
	switch {
	case m.MouseSGR:
		return []byte(ansi.MouseSgr(code, x, y, release))
	case x > farthest || y > farthest || int(code) > 255-32:
		return nil
	}
	return []byte{'\x1b', '[', 'M', code + 32, byte(x + 33), byte(y + 33)}
}

// wanted reports whether the program asked for such an event.
func wanted(m screen.MouseMode, release, motion bool, button tea.MouseButton) bool {
	switch {
	case motion && button == tea.MouseNone:
		return m == screen.MouseMotion
	case motion:
		return m == screen.MouseDrag || m == screen.MouseMotion
	case release:
		return m != screen.MouseOff && m != screen.MouseX10
	}
	return m != screen.MouseOff
}
