package tui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"escort/explain/effect"
	"escort/keymap"
	"escort/session/event"
)

// attached is a session that an escort has come to from elsewhere.
type attached struct {
	*fake
	touched int
	proved  []string
}

func (a *attached) Touch() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.touched++
}

func (a *attached) Prove(name string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.proved = append(a.proved, name)
	if name != "eva" {
		return event.ErrAway
	}
	a.refuse = nil
	return nil
}

// attach makes the console one that watches.
func attach(b *bench) *attached {
	a := &attached{fake: b.src}
	b.m.opt.Watch, b.m.pump.follow, b.m.src = true, true, a
	b.m.mode = b.m.rest()
	b.play(event.Event{Kind: event.Opened, Cols: 100, Rows: 30})
	return a
}

// away brings the console to where it asks who is there.
func away(b *bench) {
	a := attach(b)
	given(effect.Safe)(b)
	a.refuse = event.ErrAway
	b.press("a")
	b.mode(keymap.Presence)
}

func proved(name string) func(*bench, string) {
	return func(b *bench, _ string) {
		b.t.Helper()
		b.mode(keymap.Card)
		got := strings.Join(b.m.src.(*attached).proved, " ")
		if got != name {
			b.t.Errorf("shown to be there as %q, want %q", got, name)
		}
	}
}

func TestAWatchingConsoleTypesNothing(t *testing.T) {
	b := newBench(t, 120, 40)
	attach(b)
	b.sees("keys go to: the console")
	b.seesNot("for the shell")
	b.press("l", "s", "enter", "ctrl+]", "x")
	b.sees("end the session? y/n", "l leaves it running")
	b.press("n")
	b.play(typed("h1", effect.Safe), event.Event{Kind: event.Output, Data: []byte("\x1b[c")}) // a question to the terminal
	b.mode(keymap.Card)
	b.play(event.Event{Kind: event.Withdrawn, Hold: "h1"})
	b.mode(keymap.Card)
	b.sees("keys go to: the console")
	if len(b.src.input) > 0 || len(b.src.sizes) > 0 {
		t.Errorf("the session got %q and the sizes %v", b.src.input, b.src.sizes)
	}
}

// A console is drawn before the session has said anything.
func TestAWatchingConsoleBeforeAnyEvent(t *testing.T) {
	m := newModel(t.Context(), newFake(), Options{Watch: true, Env: []string{}})
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	if rows, _ := m.rows(); len(rows) != 40 {
		t.Errorf("%d rows are drawn", len(rows))
	}
}

func TestAWatchingConsoleTakesTheSessionsSize(t *testing.T) {
	b := newBench(t, 120, 40)
	attach(b)
	for _, size := range [][2]int{{200, 70}, {40, 10}} {
		b.play(event.Event{Kind: event.Resized, Cols: size[0], Rows: size[1]})
		b.play(event.Event{Kind: event.Output, Data: []byte("\x1b[2J\x1b[999;1Hbottom")})
		if b.m.size != size {
			t.Errorf("the session is drawn as %v, not %v", b.m.size, size)
		}
	}
	b.sees("bottom")
	b.m.resize(80, 24)
	if len(b.src.sizes) > 0 {
		t.Errorf("the session was given the sizes %v", b.src.sizes)
	}
}

func TestKeysShowThatSomebodyIsThere(t *testing.T) {
	b := newBench(t, 120, 40)
	a := attach(b)
	done := make(chan error, 8)
	go b.m.works.run(t.Context(), func(err error) { done <- err })
	for range 3 {
		b.now = b.now.Add(touchEvery / 2)
		b.press("h", "esc")
	}
	until(t, "the session hears of keys", func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		return a.touched == 2
	}, func() string { return "" })
}

func TestASecondEscortIsSaid(t *testing.T) {
	b := newBench(t, 120, 40)
	attach(b)
	b.play(event.Event{Kind: event.Joined, Who: "eva"}, event.Event{Kind: event.Joined, Who: "tom"}, event.Event{Kind: event.Joined, Who: "ravi", Layer: "engineer"})
	b.sees("tom watches too")
	b.hold(typed("h1", effect.Critical))
	b.play(event.Event{Kind: event.Agreed, Hold: "h1", Who: "tom"})
	b.sees("tom allows it; a second escort must too")
	if b.m.arming.ready(b.now) {
		t.Error("the card is armed although it changed")
	}
	b.play(event.Event{Kind: event.Left, Who: "tom", Reason: "the line dropped"})
	b.seesNot("tom watches")
	b.press("h")
	b.sees("an escort went: the line dropped", "the engineer came")
}

func TestAHoldThatWaitedBeforeTheConsoleCame(t *testing.T) {
	b := newBench(t, 120, 40)
	attach(b)
	e := typed("h1", effect.Safe)
	e.Time = b.now.Add(-5 * time.Minute)
	b.hold(e)
	b.sees("5:00")
}
