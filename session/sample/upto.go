package sample

import (
	"context"
	"errors"
	"fmt"
	"time"

	"escort/session/event"
)

// ErrNoStep is what UpTo answers for a step that the sample does not have.
var ErrNoStep = errors.New("no such step")

// UpTo plays s at once, with the right answers, and returns what happened up to
// the card of step n, counted from 1; n = 0 is the first step that is right to
// deny. at is the moment at which that card has been up for a few seconds.
func UpTo(ctx context.Context, s Sample, n int, opt Options) (events []event.Event, at time.Time, err error) {
	if n == 0 {
		n = firstDeny(s)
	}
	if n < 1 || n > len(s.Steps) {
		return nil, time.Time{}, fmt.Errorf("%w: %d of %d", ErrNoStep, n, len(s.Steps))
	}
	// Pictures tell the time: the same sample gives the same, wherever it is drawn.
	start := s.Start()
	opt.Pace, opt.Now = time.Nanosecond, func() time.Time { return start }
	p := New(s, opt)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer func() { err = errors.Join(err, p.End(context.WithoutCancel(ctx))) }()
	source, err := p.Events(ctx, 0)
	if err != nil {
		return nil, time.Time{}, err
	}
	for e := range source {
		e.Time = start.Add(time.Duration(len(events)) * 200 * time.Millisecond)
		events = append(events, e)
		if e.Kind != event.Held {
			continue
		}
		if n--; n == 0 {
			return events, e.Time.Add(8 * time.Second), nil
		}
		step := s.Steps[p.held()-1]
		if err := p.Decide(ctx, event.Decision{Hold: e.Hold, Verdict: step.Verdict(), Word: e.Word}); err != nil {
			return nil, time.Time{}, err
		}
	}
	return nil, time.Time{}, ErrNoStep
}

// firstDeny is the number of the first step that is right to deny, 1 if none is.
func firstDeny(s Sample) int {
	for i, st := range s.Steps {
		if st.Verdict() == event.Deny {
			return i + 1
		}
	}
	return 1
}

// held is how many steps have been held.
func (p *Play) held() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.holds
}
