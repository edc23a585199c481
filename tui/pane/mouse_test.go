package pane

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"escort/session/screen"
	"escort/tui/theme"
)

func TestEncodeMouse(t *testing.T) {
	left := tea.Mouse{Button: tea.MouseLeft}
	ctrl := tea.Mouse{Button: tea.MouseRight, Mod: tea.ModCtrl}
	wheel := tea.Mouse{Button: tea.MouseWheelDown}
	for _, tc := range []struct {
		e    tea.MouseMsg
		x, y int
		mode screen.MouseMode
		sgr  bool
		want string
	}{
		{tea.MouseClickMsg(left), 0, 0, screen.MouseOff, true, ""},
		{tea.MouseClickMsg(left), 2, 4, screen.MouseClicks, true, "\x1b[<0;3;5M"},
		{tea.MouseReleaseMsg(left), 2, 4, screen.MouseClicks, true, "\x1b[<0;3;5m"},
		{tea.MouseClickMsg(left), 2, 4, screen.MouseClicks, false, "\x1b[M #%"},
		{tea.MouseReleaseMsg(left), 2, 4, screen.MouseClicks, false, "\x1b[M##%"},
		{tea.MouseClickMsg(ctrl), 300, 4, screen.MouseClicks, true, "\x1b[<18;301;5M"},
		{tea.MouseClickMsg(ctrl), 300, 4, screen.MouseClicks, false, ""},
		{tea.MouseClickMsg(left), 222, 0, screen.MouseClicks, false, "\x1b[M \xff!"},
		{tea.MouseClickMsg(ctrl), 0, 0, screen.MouseX10, false, "\x1b[M\"!!"},
		{tea.MouseReleaseMsg(left), 0, 0, screen.MouseX10, true, ""},
		{tea.MouseWheelMsg(wheel), 0, 0, screen.MouseClicks, true, "\x1b[<65;1;1M"},
		{tea.MouseMotionMsg(left), 0, 0, screen.MouseClicks, true, ""},
		{tea.MouseMotionMsg(left), 0, 0, screen.MouseDrag, true, "\x1b[<32;1;1M"},
		{tea.MouseMotionMsg{}, 0, 0, screen.MouseDrag, true, ""},
		{tea.MouseMotionMsg{}, 0, 0, screen.MouseMotion, true, "\x1b[<35;1;1M"},
	} {
		m := screen.Modes{Mouse: tc.mode, MouseSGR: tc.sgr}
		if got := string(EncodeMouse(tc.e, tc.x, tc.y, m)); got != tc.want {
			t.Errorf("%T %v at %d,%d, mode %d, SGR %v: %q, want %q", tc.e, tc.e, tc.x, tc.y, tc.mode, tc.sgr, got, tc.want)
		}
	}
}

// Where lines are folded or cropped, a place in the pane is that of the cell
// that was drawn there.
func TestAt(t *testing.T) {
	scr := screen.New(10, 4, 10)
	p := New(scr, true, theme.Unicode)
	write := func(s string) { _, _ = scr.Write([]byte(s)) }
	write("0123456789\r\nab")
	for _, tc := range []struct {
		w, h, x, y, col, row int
		ok                   bool
	}{
		{4, 4, 1, 0, 1, 0, true},
		{4, 4, 1, 1, 5, 0, true},
		{4, 4, 1, 2, 9, 0, true},
		{4, 4, 2, 2, 0, 0, false},
		{4, 4, 1, 3, 1, 1, true},
		{4, 1, 1, 0, 1, 1, true},
		{4, 4, -1, 0, 0, 0, false},
		{4, 4, 0, 4, 0, 0, false},
	} {
		p.View(tc.w, tc.h)
		if col, row, ok := p.At(tc.x, tc.y); ok != tc.ok || ok && (col != tc.col || row != tc.row) {
			t.Errorf("%d×%d: at %d,%d is %d,%d %v, want %d,%d %v", tc.w, tc.h, tc.x, tc.y, col, row, ok, tc.col, tc.row, tc.ok)
		}
	}
	write("\x1b[?1049h\x1b[3;9Hx")
	p.View(4, 2)
	if col, row, ok := p.At(0, 1); col != 6 || row != 2 || !ok {
		t.Errorf("of the cropped screen it is %d,%d %v", col, row, ok)
	}
	if !p.Part() {
		t.Error("nothing says that a part was drawn")
	}
}
