package plain

import (
	"context"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/session/event"
)

// attached is a session that an escort has come to from elsewhere.
type attached struct {
	*fake
	proved []string
}

func (a *attached) Touch() {}

func (a *attached) Prove(name string) error {
	a.proved = append(a.proved, name)
	a.refuse = nil
	return nil
}

func TestAWatchingConsole(t *testing.T) {
	b := newBench(t)
	a := &attached{fake: b.src}
	b.c.opt.Watch, b.c.src = true, a
	b.said()
	b.c.begin()
	b.says("Your lines are words for the console. Type help.")
	b.play(event.Event{Kind: event.Opened, Cols: 132, Rows: 40}, event.Event{Kind: event.Joined, Who: "ravi", Layer: "engineer"},
		event.Event{Kind: event.Left, Who: "tom", Reason: "the line dropped"})
	b.says("The engineer came: ravi", "An escort went: tom: the line dropped")
	for _, line := range []string{"shell", "press ctrl+c", "\x1d"} {
		b.line(line)
		b.says("Only the engineer types in this session.")
	}
	b.w = 50
	b.play(held("h1", effect.Caution), event.Event{Kind: event.Output, Data: []byte("\x1b[c")})
	b.said()
	b.play(event.Event{Kind: event.Agreed, Hold: "h1", Who: "tom"})
	b.says("tom allows it. A second escort must allow")
	b.src.refuse = event.ErrAway
	b.line("allow")
	b.line("")
	b.says("show that you are there")
	b.line("here eva")
	b.says("You are there. Decide again.")
	if len(a.proved) != 1 || a.proved[0] != "eva" {
		t.Errorf("shown as %q", a.proved)
	}
	if b.src.input != "" || len(b.src.sizes) > 0 {
		t.Errorf("the session got %q and the sizes %v", b.src.input, b.src.sizes)
	}
	b.line("leave")
	if !b.c.over || b.src.ended > 0 {
		t.Error("it does not leave, or it ended the session")
	}
}

// back has output that is held back.
type back struct {
	w     event.Withheld
	given []string
}

func (b *back) Withheld(context.Context, int) (event.Withheld, error) { return b.w, nil }

func (b *back) Release(_ context.Context, _ int, shown string) error {
	b.given = append(b.given, shown)
	return nil
}

func TestReleasing(t *testing.T) {
	b := newBench(t)
	b.c.opt.Watch = true
	b.c.begin()
	b.line("release")
	b.says("No output is held back in this session.")
	a := &back{}
	b.c.opt.Release = a
	b.line("release")
	b.says("No line waits to be released.")
	a.w = event.Withheld{Lines: 9, Masked: 3, Text: []string{"key=[masked: secret]", "Your lines"}, SHA256: "abc"}
	b.wait(2 * time.Second)
	b.keys("release\r")
	b.says("9 lines are held back; something is masked in 3. The engineer would get these 2:", "| key=[masked: secret]\n| Your lines", "Type release once more")
	b.keys("release\r")
	if len(a.given) > 0 {
		t.Errorf("given too soon: %q", a.given)
	}
	b.wait(2 * time.Second)
	b.line("release")
	if len(a.given) != 1 || a.given[0] != "abc" {
		t.Errorf("given: %q", a.given)
	}
	status := 1
	b.play(event.Event{Kind: event.Released, Who: "eva", Lines: 2, Masked: 1}, event.Event{Kind: event.Ended, Status: &status})
	b.says("Released by eva: 2 lines, something masked in 1.", "ended with status 1")
	b.line("release")
	if len(a.given) != 1 {
		t.Error("given without being read out")
	}
}
