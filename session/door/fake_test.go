package door

import (
	"context"
	"sync"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/session/event"
)

// fake is a session that notes what is asked of it.
type fake struct {
	mu      sync.Mutex
	log     []event.Event
	notes   []string
	frozen  bool
	changed chan struct{}
	done    chan struct{}
}

func newFake() *fake { return &fake{changed: make(chan struct{}), done: make(chan struct{})} }

func (f *fake) ID() string { return "20261123-231502-4f2a" }

func (f *fake) note(words string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.notes = append(f.notes, words)
	f.wake()
}

// wake needs mu.
func (f *fake) wake() {
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *fake) happen(e event.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e.Seq = uint64(len(f.log) + 1)
	f.log = append(f.log, e)
	f.wake()
}

func (f *fake) Join(who string) func(string) {
	f.note("joined " + who)
	return func(why string) { f.note("left " + who + " " + why) }
}

func (f *fake) Engineer(who string, here bool, why string) {
	if here {
		f.note("engineer " + who)
	} else {
		f.note("engineer left " + why)
	}
}

func (f *fake) Say(who, text string, engineer bool) error {
	f.note(who + " says " + text)
	return nil
}

func (f *fake) FreezeBy(_ context.Context, who, why string, on bool) error {
	f.mu.Lock()
	f.frozen = on
	f.mu.Unlock()
	if on {
		f.note("frozen by " + who + ": " + why)
	} else {
		f.note("thawed by " + who + ": " + why)
	}
	return nil
}

func (f *fake) EndFor(_ context.Context, why string) error {
	f.note("ended: " + why)
	f.happen(event.Event{Kind: event.Closed})
	close(f.done)
	return nil
}

func (f *fake) Release(who string, w event.Withheld) error {
	f.happen(event.Event{Kind: event.Released, Who: who, Text: w.Text, Lines: len(w.Text), Masked: w.Hidden, SHA256: w.SHA256})
	return nil
}

func (f *fake) Ended(status int) error {
	f.happen(event.Event{Kind: event.Ended, Status: &status})
	return nil
}

func (f *fake) AtEnd(func(context.Context, int)) {}

func (f *fake) Frozen() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.frozen
}

func (f *fake) Waiting() int                       { return 2 }
func (f *fake) Done() <-chan struct{}              { return f.done }
func (f *fake) Tell(context.Context, string) error { panic("the door says who tells") }
func (f *fake) Freeze(context.Context, bool) error { panic("the door says who freezes") }
func (f *fake) End(context.Context) error          { panic("the door says who ends it") }
func (f *fake) Resize(int, int) error              { f.note("resized"); return nil }
func (f *fake) Input(p []byte) error               { f.note("input " + string(p)); return nil }

func (f *fake) Decide(_ context.Context, d event.Decision) error {
	f.note(d.Who + " decided " + d.Hold + " " + d.Verdict)
	if d.Hold != "h1" {
		return event.ErrNoHold
	}
	return nil
}

func (f *fake) Events(ctx context.Context, after uint64) (<-chan event.Event, error) {
	out := make(chan event.Event)
	go func() {
		defer close(out)
		for {
			f.mu.Lock()
			more, changed := f.log[min(int(after), len(f.log)):], f.changed
			f.mu.Unlock()
			for _, e := range more {
				select {
				case out <- e:
					after = e.Seq
				case <-ctx.Done():
					return
				}
				if e.Kind == event.Closed {
					return
				}
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out, nil
}

// noted waits until something was asked of the session.
func (f *fake) noted(t *testing.T, want string) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		f.mu.Lock()
		notes, changed := f.notes, f.changed
		f.mu.Unlock()
		for _, n := range notes {
			if n == want {
				return
			}
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("%q did not happen; this did: %q", want, notes)
		}
	}
}

var (
	ravi = Person{Name: "ravi", UID: 1001}
	eva  = Person{Name: "eva", UID: 1002}
	tom  = Person{Name: "tom", UID: -1, Key: "SHA256:abc"}
)

func enter(t *testing.T, r *Room, p Person, as Role) *Seat {
	t.Helper()
	s, err := r.Enter(p, as)
	if err != nil {
		t.Fatalf("%s as %s: %v", p.Name, as, err)
	}
	return s
}

// held is a hold with everything that an escort sees of it.
func held() event.Event {
	x := effect.Explanation{Command: "rm -rf x", Headline: "Deletes x.", Risk: effect.High}
	return event.Event{Kind: event.Held, Hold: "h1", Layer: event.LayerLine, Typed: "rm -rf x", Word: "DELETE", Explanation: x.Normalize()}
}
