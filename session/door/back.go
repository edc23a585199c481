package door

import (
	"context"
	"sync"

	"escort/session/event"
	"escort/session/release"
)

// back is the output of a session that the engineer gets when it is released.
type back struct {
	held  *release.Held
	live  Live
	given chan struct{} // capacity 1: something was released
	all   chan struct{} // closed when all that the shell or command wrote is held
	end   sync.Once
}

// holdBack holds the output of live back from its beginning.
func holdBack(live Live) *back {
	b := &back{held: release.New(24), live: live, given: make(chan struct{}, 1), all: make(chan struct{})}
	go b.follow()
	return b
}

// follow takes what is written. What the session says itself the engineer is told
// otherwise.
func (b *back) follow() {
	defer b.over()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-b.live.Done():
			cancel()
		case <-ctx.Done():
		}
	}()
	events, err := b.live.Events(ctx, 0)
	if err != nil {
		return
	}
	for e := range events {
		switch e.Kind {
		case event.Opened, event.Resized:
			if e.Rows > 0 {
				b.held.Resize(e.Rows)
			}
		case event.Output:
			if e.Who == "" {
				_, _ = b.held.Write(e.Data) // never fails
			}
		case event.Ended:
			b.over()
		}
	}
}

func (b *back) over() {
	b.end.Do(func() {
		b.held.End()
		close(b.all)
	})
}

// Settle tells that the shell or the command has ended with a status, and waits
// until nothing of its output is held back any more, or ctx ends.
func (r *Room) Settle(ctx context.Context, status int) {
	b := r.held
	if b == nil || b.live.Ended(status) != nil {
		return
	}
	select {
	case <-b.all:
	case <-ctx.Done():
		return
	}
	for !b.held.Empty() {
		select {
		case <-b.given:
		case <-ctx.Done():
			return
		}
	}
}

// Withheld is the output that is held back.
func (s *Seat) Withheld(_ context.Context, n int) (event.Withheld, error) {
	if err := s.may(Escort); err != nil {
		return event.Withheld{}, err
	}
	if s.room.held == nil {
		return event.Withheld{}, ErrFlows
	}
	return s.room.held.held.Next(n), nil
}

// Release gives the engineer output that was held back. It takes somebody who is
// there, as an allow does.
func (s *Seat) Release(_ context.Context, n int, shown string) error {
	if err := s.may(Escort); err != nil {
		return err
	}
	b := s.room.held
	switch {
	case b == nil:
		return ErrFlows
	case s.away():
		return event.ErrAway
	}
	s.Touch()
	err := b.held.Take(n, shown, func(w event.Withheld) error { return b.live.Release(s.who.Name, w) })
	if err == nil {
		select {
		case b.given <- struct{}{}:
		default:
		}
	}
	return err
}

// forEngineer leaves out what is the escort's: how the line is judged, and with
// which word it would be allowed.
func forEngineer(e event.Event) (event.Event, bool) {
	e.Explanation, e.Word, e.Effect, e.LookedMS = nil, "", nil, 0
	return e, shown[e.Kind]
}

// shown are the kinds that the engineer's side is told of.
var shown = map[string]bool{
	event.Opened: true, event.Output: true, event.Resized: true, event.Held: true, event.Parked: true, event.Withdrawn: true,
	event.Decided: true, event.Message: true, event.Frozen: true, event.Thawed: true, event.Joined: true, event.Left: true,
	event.Released: true, event.Ended: true, event.Closed: true,
}

// withoutOutput is forEngineer where output is held back. Of each kind only those
// members are passed on that people, or the engineer's own line, are the source
// of: a program chooses what it is called and what it starts, and could say so
// what it may not show.
func withoutOutput(e event.Event) (event.Event, bool) {
	keep, ok := bare[e.Kind]
	if !ok {
		return event.Event{}, false
	}
	out := event.Event{Seq: e.Seq, Time: e.Time, Kind: e.Kind, Who: e.Who}
	keep(&out, e)
	return out, true
}

// bare says what of each kind is kept.
var bare = map[string]func(to *event.Event, e event.Event){
	event.Opened:    func(to *event.Event, e event.Event) { to.Cols, to.Rows = e.Cols, e.Rows },
	event.Resized:   func(to *event.Event, e event.Event) { to.Cols, to.Rows = e.Cols, e.Rows },
	event.Held:      keepHeld,
	event.Parked:    keepReason,
	event.Withdrawn: keepReason,
	event.Decided:   func(to *event.Event, e event.Event) { keepReason(to, e); to.Verdict = e.Verdict },
	event.Finished:  func(to *event.Event, e event.Event) { to.Hold, to.Status = e.Hold, e.Status },
	event.Message:   keepReason,
	event.Frozen:    keepReason,
	event.Thawed:    keepReason,
	event.Joined:    func(to *event.Event, e event.Event) { to.Layer = e.Layer },
	event.Left:      func(to *event.Event, e event.Event) { keepReason(to, e); to.Layer = e.Layer },
	event.Released: func(to *event.Event, e event.Event) {
		to.Text, to.Lines, to.Masked, to.SHA256 = e.Text, e.Lines, e.Masked, e.SHA256
	},
	event.Ended:  func(to *event.Event, e event.Event) { to.Status = e.Status },
	event.Closed: func(to *event.Event, e event.Event) { keepReason(to, e); to.Status = e.Status },
}

func keepHeld(to *event.Event, e event.Event) {
	to.Hold, to.Layer, to.Cause, to.ExpiresMS = e.Hold, e.Layer, e.Cause, e.ExpiresMS
	if e.Layer == event.LayerLine && e.Cause == event.CauseTyped {
		to.Typed = e.Typed
	}
}

// keepReason keeps words of a person's. Those of the supervision name programs and
// files, which are called as a program likes.
func keepReason(to *event.Event, e event.Event) {
	to.Hold, to.Reason = e.Hold, e.Reason
	if words, ok := instead[[2]string{e.Kind, e.Who}]; ok {
		to.Reason = words
	}
}

// instead is what stands in place of the supervision's own words.
var instead = map[[2]string]string{
	{event.Message, "escort"}:     "the supervision has noted something, which the escort sees",
	{event.Decided, event.Policy}: "by the policy; the escort sees why",
}
