package plain

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/session/event"
)

// judge has a line held and decided by the escort.
func (b *bench) judge(n int, verdict string) {
	id := fmt.Sprint("h", n)
	b.play(held(id, effect.Safe))
	b.play(decided(id, verdict))
}

func TestABreakIsSpokenOf(t *testing.T) {
	b := newBench(t)
	for i := range 59 {
		b.judge(i, event.Allow)
	}
	if s := b.said(); strings.Contains(s, "break") {
		t.Errorf("too early: %s", s)
	}
	b.judge(60, event.Deny)
	b.says("Today you denied 1 of 60.", "60 cards in a row: a short break? The word freeze stops the session.")
	b.judge(61, event.Allow)
	if s := b.said(); strings.Contains(s, "break") {
		t.Errorf("again at once: %s", s)
	}
	b.wait(remindEvery / 2)
	b.judge(62, event.Allow) // five minutes without anything held were a rest
	if s := b.said(); strings.Contains(s, "break") {
		t.Errorf("after a rest: %s", s)
	}
}

func TestABreakIsSpokenOfAfterAWhile(t *testing.T) {
	b := newBench(t)
	spoken := 0
	for i := range 16 {
		b.judge(i, event.Allow)
		spoken += strings.Count(b.said(), "a short break?")
		b.wait(4 * time.Minute)
	}
	if spoken != 1 { // at 52 minutes; again at 64
		t.Errorf("spoken of %d times", spoken)
	}
	b.judge(17, event.Allow)
	b.says("64 minutes at it: a short break?")
	b.play(event.Event{Kind: event.Frozen, Time: start})
	b.wait(2 * time.Minute)
	b.play(event.Event{Kind: event.Thawed, Time: start})
	b.wait(remindEvery)
	b.said()
	b.judge(18, event.Allow)
	if s := b.said(); strings.Contains(s, "break") {
		t.Errorf("after one: %s", s)
	}
}

func TestTheEndSumsUp(t *testing.T) {
	b := newBench(t)
	b.judge(1, event.Allow)
	b.judge(2, event.Deny)
	b.keys("\x1d")
	b.line("history")
	b.says("In all: 1 allowed, 1 denied, 0 surprises.", "Today you denied 1 of 2.")
	b.line("end")
	b.says("So far: 1 allowed, 1 denied, 0 surprises.", "Type yes or no.")
}
