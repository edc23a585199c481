package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/keymap"
	"escort/session/event"
)

// decidedMany plays lines that were allowed one after the other, each with much
// output.
func decidedMany(b *bench) {
	for i := range 12 {
		e := typed(fmt.Sprintf("h%d", i), effect.Low)
		e.Typed = fmt.Sprintf("touch file%d", i)
		b.play(output(prompt + e.Typed + "\r\n"))
		b.play(e)
		b.decided(e.Hold, event.Allow, "eva")
		b.play(output(strings.Repeat("...\r\n", 20)))
	}
	idle(b)
}

func TestJumpToTheMoment(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 24}, {160, 45}} {
		b := newBench(t, size[0], size[1])
		decidedMany(b)
		b.seesNot("touch file2")
		b.press("h", "home", "down", "down")
		b.sees("▸09:00:00", "12 allowed, 0 denied, 0 surprises", "shown: all")
		b.press("enter")
		b.sees("ravi@prod-db-2:~$ touch file2", "lines back")
		b.press("end", "enter")
		b.sees("ravi@prod-db-2:~$ touch file11")
		b.press("home", "enter", "esc") // closing the page returns to what is there now
		b.seesNot("lines back")
	}
}

// Where the page fills the window, it makes room.
func TestJumpInASmallWindow(t *testing.T) {
	b := newBench(t, 40, 12)
	decidedMany(b)
	b.hold(typed("h12", effect.Safe))
	b.press("h", "home", "enter")
	b.mode(keymap.Card)
	b.sees("ravi@prod-db-2:~$ touch file0", "SAFE", "wait…")
	b.press("a")
	b.verdicts()
}

func TestJumpToWhatIsOnTheScreen(t *testing.T) {
	b := newBench(t, 120, 40)
	b.play(output(prompt + "ls\r\n"))
	b.hold(typed("h1", effect.Safe))
	b.decided("h1", event.Allow, "eva")
	idle(b)
	b.press("h", "enter")
	b.sees("that is what the session shows now")
	b.seesNot("lines back")
}

func TestRowsAreMarkedInTurn(t *testing.T) {
	b := newBench(t, 80, 24)
	decidedMany(b)
	b.press("h")
	row := func(want int) {
		t.Helper()
		if b.m.chosen != want {
			t.Errorf("row %d is marked, want %d", b.m.chosen, want)
		}
		b.sees("▸09:00:00", fmt.Sprintf("touch file%d", want))
	}
	row(11)
	b.press("down")
	row(11)
	b.press("up")
	row(10)
	b.press("home")
	row(0)
	b.press("pgdown")
	if b.m.chosen < 2 || b.m.chosen > 8 {
		t.Errorf("a page down marks row %d", b.m.chosen)
	}
	b.press("/")
	b.letters("file3")
	b.press("enter")
	row(3)
	b.press("tab")
	b.sees("Nothing of that kind.", "decisions: denied and passed on")
	b.press("enter", "up", "down", "pgup", "end")
	b.mode(keymap.Page)
}

func TestJumpShowsBothPanes(t *testing.T) {
	b := newBench(t, 120, 40)
	decidedMany(b)
	b.press("h", "home")
	b.m.zoomed = true
	b.m.place()
	b.press("enter")
	b.sees("decisions", "touch file0", "lines back")
}

func TestSurprisesAreListed(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.Caution))
	b.decided("h1", event.Allow, "eva")
	s := typed("h2", effect.High)
	s.Layer, s.Cause, s.Typed, s.Actual = event.LayerStart, event.CauseSurprise, samples[effect.Caution].Command, "rm -rf /srv/backup"
	b.hold(s)
	b.decided("h2", event.Deny, "eva")
	status := 3
	b.play(
		event.Event{Kind: event.Effected, Hold: "h1", Effect: &effect.Effect{Verb: "restart", Object: "billing-api"}},
		event.Event{Kind: event.Finished, Hold: "h1", Status: &status},
	)
	idle(b)
	b.press("h")
	b.sees("! a surprise: in nothing that was", "▸09:00:01 ✗ denied", "rm -rf /srv/backup")
	b.press("up")
	b.sees("! 1 surprise came of it", "eva · exit 3 · 1 effect", "· restart billing-api", "sudo systemctl restart billing-api")
}

func TestSumAtTheEnd(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.High))
	b.decided("h1", event.Deny, "eva")
	b.wait(time.Minute)
	idle(b)
	b.press("x")
	b.sees("So far: 0 allowed, 1 denied, 0 surprises.")
}
