package tui

import (
	"testing"
	"time"

	"escort/explain/effect"
	"escort/keymap"
	"escort/session/event"
)

// whole is a hold of which everything is known, in a folder.
func whole(id string, r effect.Risk) event.Event {
	e := typed(id, r)
	e.Dir, e.Explanation.Plan.Complete = "/home/ravi", true
	return e
}

// decided plays the source's answer, as it comes.
func (b *bench) decided(id, verdict, who string) {
	b.play(event.Event{Kind: event.Decided, Time: b.now, Hold: id, Verdict: verdict, Who: who})
}

func TestRepeatTakesOneKey(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(whole("h1", effect.Caution))
	b.press("a", "enter")
	b.decided("h1", event.Allow, "eva")
	b.wait(4 * time.Minute)
	b.hold(whole("h2", effect.Caution))
	b.sees("CAUTION", "Same as 4 minutes ago, allowed by you: one key")
	b.press("a")
	b.mode(keymap.Card)
	b.verdicts(
		event.Decision{Hold: "h1", Verdict: event.Allow, Who: "eva"},
		event.Decision{Hold: "h2", Verdict: event.Allow, Who: "eva", Reason: "exactly as allowed before"},
	)
}

// Where the card has no room to say that it is the same, nobody can know it.
func TestRepeatThatIsNotSaidTakesAllKeys(t *testing.T) {
	b := newBench(t, 40, 12)
	b.hold(whole("h1", effect.Caution))
	b.decided("h1", event.Allow, "eva")
	b.hold(whole("h2", effect.Caution))
	b.seesNot("Same as")
	b.press("a")
	b.mode(keymap.Confirm)
	b.press("esc")
	b.wait(armAfter)
	for !b.screenHas("Same as") {
		b.press("pgdown")
	}
	b.press("a")
	b.mode(keymap.Card)
	b.verdicts(event.Decision{Hold: "h2", Verdict: event.Allow, Who: "eva", Reason: "exactly as allowed before"})
}

// Where the policy wants it so, the console folds nothing.
func TestRepeatTakesAllKeysByPolicy(t *testing.T) {
	b := newBench(t, 120, 40)
	b.m.past = newModel(t.Context(), b.src, Options{NoFold: true, Who: "eva", Env: []string{}}).past
	b.hold(whole("h1", effect.Caution))
	b.decided("h1", event.Allow, "eva")
	b.hold(whole("h2", effect.Caution))
	b.seesNot("one key allows it")
	b.press("a")
	b.mode(keymap.Confirm)
	b.verdicts()
}

// The pause without keys is not part of what a repeat saves.
func TestRepeatArmsAsLate(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(whole("h1", effect.Caution))
	b.decided("h1", event.Allow, "eva")
	b.play(whole("h2", effect.Caution))
	b.press("a")
	b.sees("wait…")
	b.verdicts()
}

func TestRepeatOfSomebodyElseTakesAllKeys(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(whole("h1", effect.Caution))
	b.decided("h1", event.Allow, "tom")
	b.hold(whole("h2", effect.Caution))
	b.sees("tom allowed this once today, a moment ago.")
	b.press("a")
	b.mode(keymap.Confirm)
}

// A denial of the same line elsewhere takes the short way back while its card
// is on the screen, and the card must be read again.
func TestDenialElsewhereUnfolds(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(whole("h1", effect.Caution))
	b.decided("h1", event.Allow, "eva")
	b.hold(whole("h2", effect.Caution))
	b.play(whole("h3", effect.Caution))
	b.decided("h3", event.Deny, "tom")
	b.sees("wait…", "tom denied this once today")
	b.seesNot("one key allows it")
	b.wait(armAfter)
	b.press("a")
	b.mode(keymap.Confirm)
	b.verdicts()
}

func TestWhatDiffersIsMarked(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(whole("h1", effect.Caution))
	b.decided("h1", event.Allow, "eva")
	e := whole("h2", effect.Caution)
	e.Typed = "sudo systemctl restart web-api"
	e.Explanation.Command = e.Typed
	b.hold(e)
	b.sees("Like one allowed a moment ago, but:", `"web-api"`, `in place of "billing-api"`)
}
