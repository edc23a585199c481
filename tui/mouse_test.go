package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"escort/explain/effect"
	"escort/keymap"
	"escort/session/event"
)

func (b *bench) mouse(e tea.MouseMsg) {
	_, cmd := b.m.Update(e)
	b.run(cmd)
	b.drawn()
}

func (b *bench) click(x, y int) {
	b.mouse(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	b.mouse(tea.MouseReleaseMsg{X: x, Y: y, Button: tea.MouseLeft})
}

func (b *bench) wheel(x, y int, to tea.MouseButton) {
	b.mouse(tea.MouseWheelMsg{X: x, Y: y, Button: to})
}

func TestWheelScrollsWhatIsUnderIt(t *testing.T) {
	b := newBench(t, 80, 24)
	b.play(output(strings.Repeat("line\r\n", 100)))
	b.hold(typed("h1", effect.Critical))
	b.wheel(5, 3, tea.MouseWheelUp)
	b.sees("3 lines back")
	b.wheel(5, 20, tea.MouseWheelDown)
	if b.m.scroll != wheelLines || b.m.pane.Offset() != 3 {
		t.Errorf("the card is at %d, the session at %d", b.m.scroll, b.m.pane.Offset())
	}
	b.wheel(5, 0, tea.MouseWheelUp) // the header
	b.wheel(5, 3, tea.MouseWheelDown)
	b.seesNot("lines back")
}

func TestClickChoosesAPane(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.Safe))
	b.click(3, 3)
	b.mode(keymap.Terminal)
	b.click(100, 10)
	b.mode(keymap.Card)
	b.press("a") // as after ctrl+]
	b.verdicts()
	b.wait(armAfter)
	b.press("d")
	b.letters("no")
	b.click(3, 3) // what is being written is not lost
	b.mode(keymap.Deny)
	b.sees("deny, because: no")
	b.press("esc", "?")
	b.click(3, 3)
	b.mode(keymap.Terminal)
}

func TestDragMovesTheSplit(t *testing.T) {
	for _, size := range sizes[:2] {
		b := newBench(t, size[0], size[1])
		b.hold(typed("h1", effect.High))
		at := b.m.lay.Border
		x, y := at.X, at.Y
		b.mouse(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
		b.mouse(tea.MouseMotionMsg{X: x - 5, Y: y - 2, Button: tea.MouseLeft})
		b.mouse(tea.MouseMotionMsg{X: x - 7, Y: y - 3, Button: tea.MouseLeft})
		b.mouse(tea.MouseReleaseMsg{X: x - 7, Y: y - 3, Button: tea.MouseLeft})
		b.mouse(tea.MouseMotionMsg{X: x + 9, Y: y + 9}) // let go of
		if now := b.m.lay.Border; now.X != max(x-7, 0) || now.Y != y-3 && !b.m.lay.Boxed {
			t.Errorf("%v: the border is at %d,%d, was at %d,%d", size, now.X, now.Y, x, y)
		}
		b.mode(keymap.Card)
	}
}

// A roomy window's session is told one size at the end of a drag, not each.
func TestDragResizesOnce(t *testing.T) {
	b := newBench(t, 200, 60)
	b.m.works.drain(t)
	x := b.m.lay.Border.X
	b.mouse(tea.MouseClickMsg{X: x, Y: 5, Button: tea.MouseLeft})
	for i := range 10 {
		b.mouse(tea.MouseMotionMsg{X: x - i, Y: 5, Button: tea.MouseLeft})
		b.play(output("x"))
		b.m.works.drain(t)
	}
	b.mouse(tea.MouseReleaseMsg{X: x - 9, Y: 5, Button: tea.MouseLeft})
	b.m.works.drain(t)
	if n := len(b.src.sizes); n != 2 || b.src.sizes[1][0] != b.src.sizes[0][0]-9 {
		t.Errorf("the session was told %v", b.src.sizes)
	}
}

func TestMouseOfTheProgram(t *testing.T) {
	for _, tc := range []struct {
		name, asks string
		press      []string
		want       string
	}{
		{"asked", "\x1b[?1000h\x1b[?1006h", nil, "\x1b[<0;3;2M\x1b[<0;3;2m\x1b[<64;3;2M"},
		{"did not ask", "", nil, ""},
		{"the click gives it the keyboard", "\x1b[?1000h\x1b[?1006h", []string{"ctrl+]"}, "\x1b[<64;3;2M"},
		{"the mouse is the terminal's", "\x1b[?1000h\x1b[?1006h", []string{"ctrl+]", "t", "ctrl+]"}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(t, 120, 40)
			b.play(output(tc.asks))
			b.press(tc.press...)
			b.click(3, 3)
			b.wheel(3, 3, tea.MouseWheelUp)
			b.wheel(3, 0, tea.MouseWheelUp)
			b.m.works.drain(t)
			if got := string(b.src.input); got != tc.want {
				t.Errorf("sent %q, want %q", got, tc.want)
			}
		})
	}
}

func TestMouseMode(t *testing.T) {
	b := newBench(t, 120, 40)
	want := func(mode tea.MouseMode) {
		t.Helper()
		if got := b.m.View().MouseMode; got != mode {
			t.Errorf("the mouse mode is %v, want %v", got, mode)
		}
	}
	want(tea.MouseModeCellMotion)
	b.play(output("\x1b[?1003h"))
	want(tea.MouseModeAllMotion)
	b.press("ctrl+]")
	want(tea.MouseModeCellMotion)
	b.press("t")
	want(tea.MouseModeNone)
	for _, opt := range []Options{{NoMouse: true}, {Env: []string{"STY=1.x"}}} { // Esc must arrive
		off := newModel(t.Context(), b.src, opt)
		off.resize(80, 24)
		if got := off.View().MouseMode; got != tea.MouseModeNone {
			t.Errorf("the mouse mode is %v though it is unwanted", got)
		}
	}
}

func TestProgramWithoutKeyboardGetsNoMouse(t *testing.T) {
	b := newBench(t, 120, 40)
	b.play(output("\x1b[?1003h\x1b[?1006h"))
	b.hold(typed("h1", effect.Safe))
	b.wheel(3, 3, tea.MouseWheelUp)
	b.mouse(tea.MouseMotionMsg{X: 3, Y: 3})
	b.mouse(tea.MouseClickMsg{X: 3, Y: 3, Button: tea.MouseRight})
	b.m.works.drain(t)
	if len(b.src.input) > 0 {
		t.Errorf("sent %q", b.src.input)
	}
}

// Nothing that a mouse can do decides.
func TestMouseNeverDecides(t *testing.T) {
	b := newBench(t, 80, 24)
	b.hold(typed("h1", effect.Safe))
	for y := range 24 {
		for x := range 80 {
			for _, button := range []tea.MouseButton{tea.MouseLeft, tea.MouseMiddle, tea.MouseRight, tea.MouseBackward, tea.MouseWheelDown} {
				at := tea.Mouse{X: x, Y: y, Button: button}
				for _, e := range []tea.MouseMsg{tea.MouseClickMsg(at), tea.MouseReleaseMsg(at), tea.MouseWheelMsg(at)} {
					_, cmd := b.m.Update(e)
					b.run(cmd)
				}
			}
		}
	}
	b.verdicts()
	b.play(event.Event{Kind: event.Withdrawn, Hold: "h1", Time: start})
}
