package tui

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"escort/explain/effect"
	"escort/keymap"
	"escort/session/event"
)

func surprise(id string) event.Event {
	e := typed(id, effect.Low)
	e.Layer, e.Cause = event.LayerStart, event.CauseSurprise
	return e
}

func TestFocus(t *testing.T) {
	b := newBench(t, 120, 40)
	b.mode(keymap.Terminal)
	b.sees("keys go to: the shell (ctrl+] for the card)")
	b.play(typed("h1", effect.Safe))
	b.mode(keymap.Card)
	b.sees("keys go to: the card")
	b.press("ctrl+]")
	b.mode(keymap.Terminal)
	b.sees("held", "SAFE")
	b.press("ctrl+]")
	b.mode(keymap.Card)
	b.play(event.Event{Kind: event.Decided, Hold: "h1", Verdict: event.Allow})
	b.mode(keymap.Terminal)
}

func TestUntypedHoldWaitsForAPause(t *testing.T) {
	b := newBench(t, 120, 40)
	b.press("l")
	b.play(surprise("h1"))
	b.mode(keymap.Terminal)
	b.wait(time.Second)
	b.press("s") // still typing
	b.wait(grab - time.Millisecond)
	b.mode(keymap.Terminal)
	b.wait(time.Millisecond)
	b.mode(keymap.Card)
}

func TestChosenTerminalIsNotTakenAgain(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(surprise("h1"))
	b.wait(grab)
	b.mode(keymap.Card)
	b.press("ctrl+]")
	b.wait(time.Hour)
	b.mode(keymap.Terminal)
	b.play(typed("h2", effect.Safe)) // but a line just entered takes it, and is shown
	b.mode(keymap.Card)
	b.sees("Lists what is in", "2 of 2")
}

func TestTerminalKeysReachTheProgram(t *testing.T) {
	b := newBench(t, 120, 40)
	b.letters("ls")
	b.press("enter", "up", "ctrl+c", "ctrl+]")
	b.press("x") // the console's now: nothing of it is sent
	b.m.works.drain(t)
	if got, want := string(b.src.input), "ls\r\x1b[A\x03"; got != want {
		t.Errorf("sent %q, want %q", got, want)
	}
}

// drain makes the calls that wait.
func (w *worker) drain(t *testing.T) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, call := range w.calls {
		if err := call(); err != nil {
			t.Fatal(err)
		}
	}
	w.calls = nil
}

func TestPaste(t *testing.T) {
	b := newBench(t, 120, 40)
	b.play(output("\x1b[?2004h"))
	b.m.Update(tea.PasteMsg{Content: "a\nb\x1b[20\x1b[201~1~c"})
	b.m.works.drain(t)
	if got, want := string(b.src.input), "\x1b[200~a\rbc\x1b[201~"; got != want {
		t.Errorf("sent %q, want %q", got, want)
	}
	b.hold(typed("h1", effect.Safe))
	b.m.Update(tea.PasteMsg{Content: "a"})
	b.press("a")
	b.verdicts()
}

func TestHeldWhileTyping(t *testing.T) {
	b := newBench(t, 120, 40)
	b.letters("ls -la")
	b.play(typed("h1", effect.Safe))
	b.letters("aaaa") // keys in flight
	b.verdicts()
	b.m.works.drain(t)
	if got := string(b.src.input); got != "ls -la" {
		t.Errorf("sent %q after the hold took the keyboard", got)
	}
}

func TestTerminalKeepsItsSize(t *testing.T) {
	for _, size := range sizes {
		b := newBench(t, size[0], size[1])
		cols, rows := b.m.lay.Cols, b.m.lay.Rows
		b.hold(typed("h1", effect.High))
		if b.m.lay.Cols != cols || b.m.lay.Rows != rows {
			t.Errorf("%v: a hold made it %d×%d, was %d×%d", size, b.m.lay.Cols, b.m.lay.Rows, cols, rows)
		}
	}
}

// The card of a surprise stands there long before it takes the keyboard from
// somebody who has paused in the middle of a word.
func TestTakenFocusIsNotArmed(t *testing.T) {
	b := newBench(t, 120, 40)
	b.press("c")
	b.play(surprise("h1"))
	b.wait(grab)
	b.mode(keymap.Card)
	b.sees("wait…")
	b.letters("at")
	b.verdicts()
	b.wait(armAfter)
	b.seesNot("wait…")
	b.press("a")
	b.verdicts(event.Decision{Hold: "h1", Verdict: event.Allow, Who: "eva"})
}

// A hold that goes by itself leaves the rest of the word that was being typed.
func TestRestOfAWordIsNoInput(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.High))
	b.press("a")
	b.letters("DEL")
	b.play(event.Event{Kind: event.Withdrawn, Hold: "h1", Time: start})
	b.letters("ETE")
	b.press("enter")
	b.now = b.now.Add(armAfter)
	b.letters("ls")
	b.m.works.drain(t)
	if got := string(b.src.input); got != "ls" {
		t.Errorf("sent %q, want the line that was typed after a pause", got)
	}
}

func TestFocusIsMarkedWithoutColour(t *testing.T) {
	for _, size := range sizes {
		b := newBench(t, size[0], size[1])
		b.sees("▸session")
		b.hold(typed("h1", effect.Safe))
		b.seesNot("▸session")
		b.sees("▸this wants")
	}
}
