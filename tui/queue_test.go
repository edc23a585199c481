package tui

import (
	"testing"
	"time"

	"escort/explain/effect"
	"escort/keymap"
	"escort/session/event"
)

func parked(id, who string) event.Event {
	return event.Event{Kind: event.Parked, Time: start, Hold: id, Who: who}
}

func TestPassedOnGoesToTheEndOfTheQueue(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.High))
	b.play(typed("h2", effect.Low))
	b.press("c")
	b.sees("passed on; the engineer is told")
	b.play(parked("h1", "eva"))
	b.sees("Creates the empty file", "1 of 2", "passed on: Deletes every back…", "wait…")
	b.press("a") // meant for the card that went
	b.verdicts(event.Decision{Hold: "h1", Verdict: event.CannotTell, Who: "eva"})
	b.play(typed("h3", effect.Safe)) // stands before what was passed on
	b.sees("Creates the empty file", "1 of 3")
	b.wait(armAfter)
	b.press("]")
	b.sees("Lists what is in", "2 of 3")
	b.wait(armAfter)
	b.press("]")
	b.sees("this wants to run · passed on", "3 of 3", "Passed on by eva")
}

// Whoever looks at what was passed on has nothing to do there: the next hold
// is shown at once, and must be read like any other.
func TestNewHoldComesBeforeWhatWasPassedOn(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.High))
	b.play(parked("h1", "eva"))
	b.sees("Passed on by eva", "HOLD 1")
	b.wait(armAfter)
	b.play(typed("h2", effect.Safe))
	b.sees("Lists what is in", "1 of 2", "wait…")
	b.press("a")
	b.verdicts()
}

// The same while the keyboard is the session's.
func TestSurpriseComesBeforeWhatWasPassedOn(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.High))
	b.play(parked("h1", "eva"))
	b.press("ctrl+]")
	e := typed("h2", effect.Low)
	e.Cause = event.CauseSurprise
	b.play(e)
	b.wait(grab)
	b.mode(keymap.Card)
	b.sees("Creates the empty file", "1 of 2")
}

func TestNewHoldDoesNotDisturbWhatIsWritten(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.High))
	b.play(parked("h1", "eva"))
	b.wait(armAfter)
	b.press("d")
	b.letters("no")
	b.play(typed("h2", effect.Safe))
	b.mode(keymap.Deny)
	b.press("enter")
	b.verdicts(event.Decision{Hold: "h1", Verdict: event.Deny, Reason: "no", Who: "eva"})
}

func TestPassedOnElsewhereWhileSomethingIsWritten(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.High))
	b.play(typed("h2", effect.Low))
	b.press("d")
	b.letters("no")
	b.play(parked("h1", "tom"))
	b.mode(keymap.Card)
	b.press("enter") // means the other card
	b.verdicts()
}

func TestStaleHoldIsSetApart(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.Low))
	b.press("ctrl+]")
	b.wait(staleAfter - armAfter - time.Second)
	b.seesNot("HOLD 1  waits")
	b.wait(time.Second)
	b.sees("HOLD 1  waits 2:00", "! 2:00", "waiting 2:00: the engineer cannot go on")
	b.play(typed("h2", effect.Safe))
	b.sees("(+1 waiting)  waits 2:00")
}

func TestQueueIsListed(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.Low))
	b.wait(30 * time.Second)
	for _, id := range []string{"h2", "h3", "h4", "h5"} {
		b.play(typed(id, effect.High))
	}
	b.sees("also 0:00  △ HIGH  Deletes every backup", "and 1 more")
	b.m.resize(80, 24) // there the card needs the rows
	b.seesNot("also")
}
