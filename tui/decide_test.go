package tui

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"escort/explain/effect"
	"escort/keymap"
	"escort/session/event"
)

func TestVerdicts(t *testing.T) {
	allow := event.Decision{Hold: "h1", Verdict: event.Allow, Who: "eva"}
	worded := allow
	worded.Word = "DELETE"
	deny := func(reason string) event.Decision {
		return event.Decision{Hold: "h1", Verdict: event.Deny, Reason: reason, Who: "eva"}
	}
	for _, tc := range []struct {
		name string
		risk effect.Risk
		keys []string
		want []event.Decision
	}{
		{"safe takes one key", effect.Safe, []string{"a"}, []event.Decision{allow}},
		{"low takes one key", effect.Low, []string{"a"}, []event.Decision{allow}},
		{"caution needs more", effect.Caution, []string{"a"}, nil},
		{"caution takes enter", effect.Caution, []string{"a", "enter"}, []event.Decision{allow}},
		{"caution taken back", effect.Caution, []string{"a", "esc", "enter"}, nil},
		{"enter alone decides nothing", effect.Safe, []string{"enter"}, nil},
		{"high needs the word", effect.High, []string{"a", "enter"}, nil},
		{"high with the word", effect.High, []string{"a", "D", "e", "l", "E", "T", "e", "enter"}, []event.Decision{worded}},
		{"high with another word", effect.High, []string{"a", "Y", "E", "S", "enter"}, nil},
		{"high corrected", effect.High, []string{"a", "D", "X", "backspace", "E", "L", "E", "T", "E", "enter"}, []event.Decision{worded}},
		{"critical with the word", effect.Critical, []string{"a", "d", "e", "l", "e", "t", "e", "enter"}, []event.Decision{worded}},
		{"critical taken back", effect.Critical, []string{"a", "d", "e", "esc", "enter"}, nil},
		{"deny without reason", effect.High, []string{"d", "enter"}, []event.Decision{deny("")}},
		{"deny by number", effect.High, []string{"d", "1", "enter"}, []event.Decision{deny("not in the ticket")}},
		{"deny in own words", effect.High, []string{"d", "n", "o", "2", "enter"}, []event.Decision{deny("no2")}},
		{"deny taken back", effect.High, []string{"d", "1", "esc"}, nil},
		{"cannot tell", effect.High, []string{"c"}, []event.Decision{{Hold: "h1", Verdict: event.CannotTell, Who: "eva"}}},
		{"decided once", effect.Safe, []string{"a", "a"}, []event.Decision{allow}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(t, 120, 40)
			b.hold(typed("h1", tc.risk))
			for _, k := range tc.keys {
				b.press(k)
			}
			b.verdicts(tc.want...)
		})
	}
}

func TestWordIsAskedFor(t *testing.T) {
	b := newBench(t, 80, 24)
	b.hold(typed("h1", effect.High))
	b.press("a")
	b.sees("type DELETE to allow")
	b.letters("NO")
	b.press("enter")
	b.sees("that was not the word", "type DELETE to allow")
	b.press("esc")
	b.seesNot("to allow:")
	b.mode(keymap.Card)
}

// TestWordIsWhatTheHoldSays: the policy says from which risk on there is one.
func TestWordIsWhatTheHoldSays(t *testing.T) {
	for _, tc := range []struct {
		risk effect.Risk
		word string
		mode keymap.Mode
	}{{effect.Low, "CREATE", keymap.Word}, {effect.High, "", keymap.Confirm}} {
		e := typed("h1", tc.risk)
		e.Word = tc.word
		b := newBench(t, 80, 24)
		b.hold(e)
		b.press("a")
		b.mode(tc.mode)
	}
}

func TestWhenAHoldIsDeniedByItself(t *testing.T) {
	b := newBench(t, 80, 24)
	e := typed("h1", effect.Low)
	e.ExpiresMS = 90_000
	b.hold(e)
	b.sees("denied in 1:30 · nothing runs")
	b.now = b.now.Add(30 * time.Second)
	b.sees("denied in 1:00")
}

func TestArming(t *testing.T) {
	b := newBench(t, 120, 40)
	b.play(typed("h1", effect.Safe))
	b.sees("wait…")
	b.press("a") // in flight: goes nowhere
	b.wait(armAfter - time.Millisecond)
	b.press("a") // too early still, and it begins the pause anew
	b.wait(armAfter - time.Millisecond)
	b.sees("wait…")
	b.verdicts()
	b.wait(time.Millisecond)
	b.seesNot("wait…")
	b.sees("a allow")
	b.press("pgdown", "right", "?", "esc") // closing a page is a key too
	b.press("a")
	b.verdicts()
	b.wait(armAfter)
	b.press("a")
	b.verdicts(event.Decision{Hold: "h1", Verdict: event.Allow, Who: "eva"})
}

func TestKeyWithoutMeaningDisarms(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.Safe))
	b.press("k")
	b.sees("k does nothing here · ? keys")
	b.press("a")
	b.verdicts()
}

func TestAnotherHoldDisarms(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.Safe))
	b.play(typed("h2", effect.Low)) // waits behind: what is shown stays
	b.sees("HOLD 1 (+1 waiting)", "Lists what is in")
	b.press("]")
	b.sees("wait…", "2 of 2", "Creates the empty file")
	b.press("a")
	b.verdicts()
	b.wait(armAfter)
	b.press("a")
	b.verdicts(event.Decision{Hold: "h2", Verdict: event.Allow, Who: "eva"})
}

func TestUndrawnCardDecidesNothing(t *testing.T) {
	b := newBench(t, 120, 40)
	b.m.pump.take(b.src, typed("h1", effect.Safe))
	b.m.pumped() // no frame was drawn
	b.wait(time.Hour)
	b.press("a")
	b.verdicts()
}

func TestTooSmall(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.Safe))
	b.m.resize(39, 12)
	b.drawn()
	b.wait(time.Hour)
	b.sees("too small", "held: 1")
	b.press("a", "d", "x")
	b.verdicts()
	b.press("ctrl+]", "l")
	b.m.works.drain(t)
	if len(b.src.input) > 0 {
		t.Errorf("sent %q to a program that nobody sees", b.src.input)
	}
	b.press("ctrl+]")
	b.m.resize(120, 40)
	b.drawn()
	b.wait(armAfter)
	b.press("a")
	b.verdicts(event.Decision{Hold: "h1", Verdict: event.Allow, Who: "eva"})
}

func TestLooked(t *testing.T) {
	b := newBench(t, 120, 40)
	b.play(typed("h1", effect.Safe))
	b.wait(7 * time.Second)
	b.press("a")
	if got := b.src.decided[0].LookedMS; got != 7000 {
		t.Errorf("looked %d ms, want 7000", got)
	}
}

func TestRefusedDecision(t *testing.T) {
	for _, tc := range []struct {
		err  error
		left int
	}{{event.ErrDecided, 0}, {event.ErrNoHold, 0}, {event.ErrFrozen, 1}, {event.ErrRecord, 1}} {
		t.Run(tc.err.Error(), func(t *testing.T) {
			b := newBench(t, 160, 45)
			b.src.refuse = tc.err
			b.hold(typed("h1", effect.Safe))
			b.press("a")
			b.sees(tc.err.Error())
			if len(b.m.holds) != tc.left {
				t.Errorf("%d holds left, want %d", len(b.m.holds), tc.left)
			}
		})
	}
}

func TestDecidedElsewhere(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.High))
	b.press("a")
	b.letters("DEL")
	b.play(event.Event{Kind: event.Decided, Hold: "h1", Verdict: event.Deny, Who: "tom", Time: start})
	b.mode(keymap.Terminal)
	b.press("enter")
	b.verdicts()
	b.sees("✗ denied", "Deletes every backup")
}

func TestParkedStays(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.High))
	b.press("c")
	b.play(event.Event{Kind: event.Parked, Hold: "h1", Who: "eva"})
	b.sees("Passed on by eva", "HOLD 1")
	b.wait(armAfter)
	b.press("d", "enter")
	if len(b.src.decided) != 2 {
		t.Fatalf("%d decisions, want 2", len(b.src.decided))
	}
}

func TestOtherCalls(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.High))
	b.press("m", "enter")
	b.wait(armAfter)
	b.press("m")
	b.letters("hold on")
	b.press("enter")
	if diff := cmp.Diff([]string{"Where is the other copy?", "hold on"}, b.src.told); diff != "" {
		t.Error(diff)
	}
	b.wait(armAfter)
	b.press("f")
	b.play(event.Event{Kind: event.Frozen})
	b.sees("FROZEN", "f thaw")
	b.press("f")
	if diff := cmp.Diff([]bool{true, false}, b.src.frozen); diff != "" {
		t.Error(diff)
	}
	b.press("x")
	b.sees("end the session? y/n")
	b.press("n")
	b.wait(armAfter)
	b.press("x", "enter")
	if b.src.ended != 0 {
		t.Error("ended without a yes")
	}
	b.wait(armAfter)
	b.press("y")
	if b.src.ended != 1 {
		t.Errorf("ended %d times, want 1", b.src.ended)
	}
}

func TestNoExplanationIsHigh(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(event.Event{Kind: event.Held, Hold: "h1", Layer: event.LayerStart, Cause: event.CauseUnreadable, Argv: []string{"/tmp/x", "a b"}, Word: "EXECUTE"})
	b.sees("HIGH · I cannot tell what this does", "What it would start could not be read.", "/tmp/x 'a b'", "pass it on (c)")
	b.press("a", "enter")
	b.verdicts()
}

func TestSurprise(t *testing.T) {
	x := *samples[effect.High]
	b := newBench(t, 120, 40)
	b.play(event.Event{
		Kind: event.Held, Hold: "h1", Layer: event.LayerStart, Cause: event.CauseSurprise, Typed: "make", Expanded: "make -j2",
		Actual: "rm -rf /srv/backup", Explanation: &x, Word: "DELETE",
	})
	b.sees("A program wants to start.", "No card that was allowed has shown this.", "typed         make", "expanded      make -j2", "wants to run  rm -rf /srv/backup", "held")
}

func TestPages(t *testing.T) {
	for _, tc := range []struct{ key, want string }{
		{"e", "Why this risk?"}, {"v", "rm -rf /srv/backup/*"}, {"h", "Nothing was decided yet."}, {"?", "At the card"},
	} {
		t.Run(tc.key, func(t *testing.T) {
			b := newBench(t, 120, 40)
			b.hold(typed("h1", effect.Critical))
			b.press(tc.key)
			b.mode(keymap.Page)
			b.sees(tc.want, "esc close")
			b.press("a") // no verdict through a page
			b.press("esc")
			b.mode(keymap.Card)
			b.verdicts()
		})
	}
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.Safe))
	b.press("v")
	b.sees("v: no script in this")
}

func TestWholeCardCanBeReached(t *testing.T) {
	e := typed("h1", effect.Critical)
	for i := range 60 {
		e.Explanation.Command += fmt.Sprintf(" word%02d", i)
	}
	e.Explanation.Command += " THE-TAIL"
	b := newBench(t, 80, 24)
	b.hold(e)
	for range 10 {
		if b.m.scroll > 0 && b.screenHas("Ask:") {
			break
		}
		b.press("pgdown")
	}
	b.sees("Ask: \"Why does a restart need to delete backups?\"")
	b.press("/")
	b.letters("the-tail")
	b.press("enter")
	b.sees("THE-TAIL")
}

func TestReasonByNumber(t *testing.T) {
	for _, tc := range []struct {
		keys []string
		want string
	}{
		{[]string{"1"}, "not in the ticket"},
		{[]string{"1", "2"}, "explain it first"}, // the other one was meant
		{[]string{"1", "backspace"}, ""},
		{[]string{"1", "n", "o", "2"}, "not in the ticket: no2"},
		{[]string{"n", "1"}, "n1"},
	} {
		b := newBench(t, 40, 12)
		b.hold(typed("h1", effect.High))
		b.press("d")
		for i, r := range reasons {
			b.sees(fmt.Sprintf("%d %s", i+1, r))
		}
		b.press(tc.keys...)
		b.press("enter")
		b.verdicts(event.Decision{Hold: "h1", Verdict: event.Deny, Reason: tc.want, Who: "eva"})
	}
}

// An allow while nothing may run would only be refused after the word was typed.
func TestFrozenAllowsNothing(t *testing.T) {
	b := newBench(t, 120, 40)
	b.hold(typed("h1", effect.High))
	b.play(event.Event{Kind: event.Frozen, Time: start})
	b.sees("FROZEN · f thaws", "Frozen. d denies. To allow, thaw first: f", "f thaw", "· note      frozen")
	b.seesNot("a allow")
	b.seesNot("frozen: \n")
	b.press("a")
	b.mode(keymap.Card)
	b.sees("frozen: thaw first (f)")
	b.press("ctrl+]")
	b.sees("FROZEN · ctrl+] then f thaws")
	b.play(event.Event{Kind: event.Thawed, Time: start})
	b.seesNot("FROZEN")
}
