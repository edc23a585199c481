package tui

import (
	"fmt"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/session/event"
	"escort/tui/stint"
)

// judge holds a line and has it decided by who.
func (b *bench) judge(verdict, who string) {
	id := fmt.Sprintf("h%d", b.m.list.Len()+1)
	b.hold(typed(id, effect.Safe))
	b.decided(id, verdict, who)
}

func TestABreakIsOfferedAfterAWhile(t *testing.T) {
	b := newBench(t, 120, 40)
	b.judge(event.Allow, "eva")
	for range 12 {
		b.seesNot("short break?")
		b.wait(4 * time.Minute)
		b.judge(event.Allow, "eva")
	}
	b.wait(2 * time.Minute)
	b.sees("50 minutes at it: a short break? ctrl+] then f freezes the session")
	b.hold(typed("next", effect.Safe))
	b.sees("50 minutes at it: a short break? f freezes the")
	b.press("a") // it is in nobody's way
	b.verdicts(event.Decision{Hold: "next", Verdict: event.Allow, Who: "eva"})
	b.decided("next", event.Allow, "eva")
	b.play(frozenBy(""))
	b.seesNot("short break?")
	b.wait(stint.FrozenRest)
	b.play(event.Event{Kind: event.Thawed, Time: start})
	b.seesNot("short break?")
	b.judge(event.Allow, "eva")
	b.seesNot("short break?")
}

func TestABreakIsOfferedAfterManyCards(t *testing.T) {
	b := newBench(t, 80, 24)
	for range 60 - 1 {
		b.judge(event.Allow, "eva")
	}
	for range 10 {
		b.judge(event.Allow, "tom") // not this escort's
	}
	b.seesNot("short break?")
	b.judge(event.Deny, "eva")
	b.sees("60 cards in a row: a short break?")
	b.m.resize(60, 24)
	b.sees("a short break?")
}

// Whoever had nothing to do for a while needs no break.
func TestWaitingIsRest(t *testing.T) {
	b := newBench(t, 120, 40)
	for range 40 {
		b.judge(event.Allow, "eva")
	}
	b.wait(stint.Rest)
	for range 40 {
		b.judge(event.Allow, "eva")
	}
	b.seesNot("short break?")
	// A card that waits all the while is work.
	b.hold(typed("long", effect.High))
	b.wait(stint.Rest)
	b.decided("long", event.Deny, "eva")
	for range 20 {
		b.judge(event.Allow, "eva")
	}
	b.sees("61 cards in a row")
}

func TestAShortFreezeIsNoBreak(t *testing.T) {
	b := newBench(t, 120, 40)
	for range 60 {
		b.judge(event.Allow, "eva")
	}
	b.play(frozenBy(""))
	b.wait(stint.FrozenRest - time.Second)
	b.play(event.Event{Kind: event.Thawed, Time: start})
	b.sees("60 cards in a row")
}

func TestDenialsOfTodayAreInSight(t *testing.T) {
	for _, size := range sizes {
		b := newBench(t, size[0], size[1])
		b.seesNot("denied")
		b.judge(event.Allow, "eva")
		b.judge(event.Allow, "tom")
		b.judge(event.Deny, "eva")
		b.sees("today 1 of 2 denied")
		b.hold(typed("next", effect.Safe))
		b.sees("today 1 of 2 denied")
		b.decided("next", event.Allow, "eva")
		b.wait(24 * time.Hour)
		b.seesNot("today")
		b.judge(event.Allow, "eva")
		b.sees("today 0 of 1 denied")
	}
}
