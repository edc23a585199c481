package plain

import (
	"testing"
	"time"

	"escort/explain/effect"
	"escort/session/event"
)

// whole is a hold of which everything is known, in a folder.
func whole(id string) event.Event {
	e := held(id, effect.Caution)
	e.Dir, e.Explanation.Plan.Complete = "/home/ravi", true
	return e
}

func TestRepeatTakesOneWord(t *testing.T) {
	b := newBench(t)
	b.play(whole("h1"))
	b.wait(time.Second)
	b.line("allow")
	b.line("")
	b.play(decided("h1", event.Allow))
	b.play(whole("h2"))
	b.says("Same as a moment ago, allowed by you")
	b.wait(time.Second)
	b.line("allow")
	b.verdicts(
		event.Decision{Hold: "h1", Verdict: event.Allow, Who: "eva"},
		event.Decision{Hold: "h2", Verdict: event.Allow, Who: "eva", Reason: "exactly as allowed before"},
	)
}

func TestRepeatTakesAllWordsByPolicy(t *testing.T) {
	b := newBench(t)
	b.c.past = newConsole(t.Context(), b.src, Options{NoFold: true, Who: "eva"}, func() int { return 80 }).past
	b.play(whole("h1"))
	b.wait(time.Second)
	b.line("allow")
	b.line("")
	b.play(decided("h1", event.Allow))
	b.play(whole("h2"))
	b.wait(time.Second)
	b.line("allow")
	b.says("Press Enter once more to allow hold 2")
	b.verdicts(event.Decision{Hold: "h1", Verdict: event.Allow, Who: "eva"})
}
