package tui

import (
	"testing"
	"time"

	"escort/explain/effect"
	"escort/session/event"
)

// fakeSignals notes what a terminal was told.
type fakeSignals struct {
	rings, notes int
	copied       string
}

func (f *fakeSignals) Ring()                      { f.rings++ }
func (f *fakeSignals) Notify()                    { f.notes++ }
func (f *fakeSignals) Copy(text string) (ok bool) { f.copied = text; return len(text) < 1000 }

// An alert is given as it was asked for, for a storm of holds once, and for
// nothing else that happens.
func TestAlert(t *testing.T) {
	for alert, want := range map[string]fakeSignals{
		"": {}, "none": {}, "bell": {rings: 2}, "desktop": {notes: 2}, "both": {rings: 2, notes: 2},
	} {
		b := newBench(t, 120, 40)
		b.m.opt.Alert = alert
		b.play(output("\a\x1b]9;x\x07"), event.Event{Kind: event.Message, Who: "ravi", Reason: "hello"})
		for _, id := range []string{"h1", "h2", "h3"} {
			b.run(b.m.takeHeld(typed(id, effect.Low)))
		}
		b.now = b.now.Add(time.Minute)
		b.run(b.m.takeHeld(typed("h4", effect.Low)))
		if b.signals != want {
			t.Errorf("%q: %+v, want %+v", alert, b.signals, want)
		}
	}
}

// What is copied is what is shown, and only where the policy lets it.
func TestCopy(t *testing.T) {
	b := newBench(t, 120, 40)
	e := typed("h1", effect.High)
	e.Explanation.Command = "rm \u202e\x1b]52;c;x\x07 -rf"
	b.hold(e)
	b.press("ctrl+y")
	if want := "rm <U+202E>␛]52;c;x␇ -rf"; b.signals.copied != want {
		t.Errorf("copied %q, want %q", b.signals.copied, want)
	}
	b.sees("if your terminal allows it")
	b.m.outside.can = abilityOf([]string{"TMUX=/tmp/tmux-0/default,1,0"})
	b.press("ctrl+y")
	b.sees("if tmux has set-clipboard on")
	b.m.opt.NoCopy = true
	b.signals.copied = ""
	b.press("ctrl+y")
	b.sees("the policy lets nothing onto the clipboard")
	if b.signals.copied != "" {
		t.Errorf("copied %q", b.signals.copied)
	}
	b.verdicts()
}
