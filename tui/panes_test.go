package tui

import (
	"strings"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/keymap"
	"escort/session/event"
)

// A session that fills the window says that something is held, and nothing can
// be decided before its card has come back and stood there.
func TestZoomedSessionTellsOfAHold(t *testing.T) {
	for _, size := range sizes {
		b := newBench(t, size[0], size[1])
		b.hold(typed("h1", effect.Safe))
		b.press("o", "tab")
		b.seesNot("SAFE")
		b.sees("HOLD 1", "session · held", "keys go to: the console", "held", "tab")
		b.wait(time.Hour)
		b.press("a", "d", "c")
		b.mode(keymap.Card)
		b.verdicts()
		b.press("tab")
		b.sees("SAFE", "wait…")
		b.press("a")
		b.verdicts()
		b.wait(armAfter)
		b.press("a")
		b.verdicts(event.Decision{Hold: "h1", Verdict: event.Allow, Who: "eva"})
	}
}

// What asks for keys is never behind the pane that fills the window.
func TestZoomShowsWhatIsInUse(t *testing.T) {
	b := newBench(t, 80, 24)
	b.hold(typed("h1", effect.High))
	b.press("o", "ctrl+]")
	b.seesNot("HIGH")
	b.sees("keys go to: the shell  held: ctrl+] shows the card")
	b.play(typed("h2", effect.Low)) // the line just entered
	b.sees("LOW", "2 of 2", "keys go to: the card")
	b.wait(armAfter)
	b.press("tab")
	b.seesNot("LOW")
	b.press("m")
	b.sees("to the engineer:")
	b.press("esc")
	b.seesNot("LOW")
	b.press("?")
	b.sees("At the card")
	b.press("ctrl+]")
	b.play(event.Event{Kind: event.Withdrawn, Hold: "h2", Time: start}, event.Event{Kind: event.Withdrawn, Hold: "h1", Time: start})
	b.play(surprise("h3"))
	b.sees("keys go to: the shell  held: ctrl+] shows the card")
	b.wait(grab)
	b.sees("A program wants to start.", "keys go to: the card")
}

func TestSplitAndZoomKeepTheSession(t *testing.T) {
	for _, size := range sizes {
		b := newBench(t, size[0], size[1])
		was := b.m.size
		b.hold(typed("h1", effect.High))
		b.press("-", "-", "-", "o", "o", "+")
		if b.m.size != was {
			t.Errorf("%v: the session became %v, was %v", size, b.m.size, was)
		}
		b.m.works.drain(t)
		if n := len(b.src.sizes); n != 1 {
			t.Errorf("%v: told %d sizes, want the first alone", size, n)
		}
	}
}

// Where the panel stands always, a moved split is a wish for another width,
// which waits until nothing is held.
func TestSplitSizesTheSessionOfARoomyWindow(t *testing.T) {
	b := newBench(t, 200, 60)
	was := b.m.size
	b.hold(typed("h1", effect.High))
	b.press("-", "-")
	if b.m.size != was {
		t.Errorf("resized to %v while something was held", b.m.size)
	}
	b.play(event.Event{Kind: event.Withdrawn, Hold: "h1", Time: start})
	if want := [2]int{was[0] - 2*stepCols, was[1]}; b.m.size != want {
		t.Errorf("the session is %v, want %v", b.m.size, want)
	}
	b.press("ctrl+]")
	for range 60 {
		b.press("-")
	}
	if b.m.size[0] != 80 {
		t.Errorf("the session has %d columns, want 80", b.m.size[0])
	}
	b.press("+")
	if b.m.split.Cols >= 0 || b.m.lay.Border.X != 40-1+stepCols {
		t.Errorf("one step back is %d, %d", b.m.split.Cols, b.m.lay.Border.X)
	}
}

// A pane that is larger than the session shows where the session ends.
func TestEdgeOfTheSession(t *testing.T) {
	b := newBench(t, 200, 60)
	b.play(output(strings.Repeat("x", b.m.size[0])))
	b.press("ctrl+]", "o")
	b.sees(strings.Repeat("x", b.m.size[0]) + "│")
	b.sees("o: both panes")
}

func TestPartOfAFullScreenProgramIsSaid(t *testing.T) {
	b := newBench(t, 120, 40)
	b.play(output("\x1b[?1049h\x1b[H" + strings.Repeat("y", 118)))
	b.hold(surprise("h1"))
	b.sees("held: waiting for the escort ─ a part · tab, o: all")
	b.wait(grab)
	b.wait(armAfter)
	b.press("tab", "o")
	b.sees(strings.Repeat("y", 118))
	b.seesNot("a part")
}

// A storm of sizes tells the session the last one.
func TestResizeStorm(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.High))
	for i := range 500 {
		b.m.resize(20+i%280, 5+i%75)
		b.drawn()
	}
	b.m.resize(100, 30)
	b.m.works.drain(t)
	if n := len(b.src.sizes); n != 1 || b.src.sizes[0] != b.m.size || b.m.size != [2]int{98, 20} {
		t.Errorf("told %d sizes, last %v, is %v", n, b.src.sizes, b.m.size)
	}
}
