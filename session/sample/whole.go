package sample

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"escort/session/event"
)

// How long the moments of a film take.
const (
	filmKey    = 45 * time.Millisecond // one letter that is typed
	filmPrompt = 900 * time.Millisecond
	filmOutput = 500 * time.Millisecond
	filmRead   = 2500 * time.Millisecond // the least that a card is read
	filmWord   = 30 * time.Millisecond   // more for each letter of its headline
	filmEnd    = 6 * time.Second
)

// Whole plays s at once from its first to its last step, with the right answers,
// and returns what happened at the times at which people would follow it: for a
// film. end is when the last picture has been up for a while.
func Whole(ctx context.Context, s Sample, opt Options) (events []event.Event, end time.Time, err error) {
	at := s.Start()
	opt.Pace, opt.Now = time.Nanosecond, func() time.Time { return at }
	p := New(s, opt)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer func() { err = errors.Join(err, p.End(context.WithoutCancel(ctx))) }()
	source, err := p.Events(ctx, 0)
	if err != nil {
		return nil, time.Time{}, err
	}
	clock := at
	for e := range source {
		if e.Kind == event.Closed {
			break
		}
		clock = clock.Add(filmed(e))
		e.Time = clock
		events = append(events, e)
		switch {
		case e.Kind == event.Held:
			clock = clock.Add(filmRead + filmWord*time.Duration(len(e.Explanation.Headline)))
			d := event.Decision{Hold: e.Hold, Verdict: s.Steps[p.held()-1].Verdict(), Word: e.Word}
			if err := p.Decide(ctx, d); err != nil {
				return nil, time.Time{}, err
			}
		case e.Kind == event.Message && e.Who == presenter:
			if err := p.Input([]byte{keyQuit}); err != nil {
				return nil, time.Time{}, err
			}
		}
	}
	return events, clock.Add(filmEnd), nil
}

// filmed is how long after the one before an event comes.
func filmed(e event.Event) time.Duration {
	switch {
	case e.Kind != event.Output:
		return 0
	case utf8.RuneCount(e.Data) == 1:
		return filmKey
	case len(e.Data) > 1 && string(e.Data[len(e.Data)-2:]) == "$ ":
		return filmPrompt
	}
	return filmOutput
}
