package tui

import (
	"context"
	"errors"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/keymap"
	"escort/session/event"
)

// keeper has output that is held back.
type keeper struct {
	w     event.Withheld
	given []string
	err   error
}

func (k *keeper) Withheld(context.Context, int) (event.Withheld, error) { return k.w, nil }

func (k *keeper) Release(_ context.Context, n int, shown string) error {
	if k.err == nil {
		k.given = append(k.given, shown)
		k.w = event.Withheld{Lines: k.w.Lines - n, Text: []string{"next"}, SHA256: "def"}
	}
	return k.err
}

func keeps(b *bench) *keeper {
	k := &keeper{w: event.Withheld{Lines: 9, Masked: 3, Text: []string{"key=[masked: secret]", "escort: allowed by eva", "\x1b[2Jx"}, Hidden: 1, SHA256: "abc"}}
	b.m.opt.Release = k
	return k
}

// heldPageOf opens the page of what is held back.
func heldPageOf(b *bench) {
	attach(b)
	keeps(b)
	b.press("g")
	b.mode(keymap.Page)
}

func TestReleasingAScreenful(t *testing.T) {
	b := newBench(t, 120, 40)
	attach(b)
	b.press("g")
	b.sees("g: no output is held back here")
	k := keeps(b)
	b.play(event.Event{Kind: event.Output, Data: []byte("x")})
	b.run(b.m.lookBehind())
	b.sees("output is held back: 9 lines, something masked in 3 (g)")
	b.press("g")
	b.sees("held back", "The engineer gets these 3, exactly so:", "│ key=[masked: secret]", "│ escort: allowed by eva", "enter release it")
	b.seesNot("\x1b[2J")
	b.press("enter")
	if len(k.given) > 0 {
		t.Fatalf("given with a key in flight: %q", k.given)
	}
	b.sees("too soon after another key")
	k.err = errors.New("look again")
	b.wait(2 * time.Second)
	b.press("enter")
	b.sees("look again", "│ key=[masked: secret]")
	k.err = nil
	b.wait(2 * time.Second)
	b.press("enter")
	if len(k.given) != 1 || k.given[0] != "abc" {
		t.Fatalf("given: %q", k.given)
	}
	b.sees("│ next")
	b.play(event.Event{Kind: event.Released, Who: "eva", Lines: 3, Masked: 1})
	b.press("esc", "h")
	b.sees("released 3 lines, something masked in 1")
}

// What is longer than the page is read to its end before it is given.
func TestReleasingIsReading(t *testing.T) {
	b := newBench(t, 80, 24)
	attach(b)
	k := keeps(b)
	for range 60 {
		k.w.Text = append(k.w.Text, "line")
	}
	b.press("g")
	b.wait(2 * time.Second)
	b.press("enter")
	b.sees("read it to its end first: pgdown")
	b.press("end")
	b.wait(2 * time.Second)
	b.press("enter")
	if len(k.given) != 1 {
		t.Errorf("given: %q", k.given)
	}
}

// A hold that comes while the page is open is not decided by what is meant for it.
func TestAHoldWhileReleasing(t *testing.T) {
	b := newBench(t, 120, 40)
	heldPageOf(b)
	b.play(typed("h1", effect.Caution))
	b.press("a", "enter")
	b.verdicts()
}
