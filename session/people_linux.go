package session

import (
	"context"
	"errors"
	"strings"
	"sync"

	"escort/explain/quote"
	"escort/session/event"
)

// LayerEngineer is the layer of joined and left events that are the engineer's.
const LayerEngineer = "engineer"

// Join tells that an escort attends, and leave that the escort went, once; why
// is in words and may be empty. Whoever attends at two consoles is one escort.
func (s *Session) Join(who string) (leave func(why string)) {
	s.board.join(who)
	_ = s.hub.publish(event.Event{Kind: event.Joined, Who: who})
	var once sync.Once
	return func(why string) {
		once.Do(func() {
			s.board.leave(who)
			_ = s.hub.publish(event.Event{Kind: event.Left, Who: who, Reason: why})
		})
	}
}

// Engineer tells that the engineer's terminal came, or went.
func (s *Session) Engineer(who string, here bool, why string) {
	e := event.Event{Kind: event.Joined, Who: who, Layer: LayerEngineer, Reason: why}
	if !here {
		e.Kind = event.Left
	}
	_ = s.hub.publish(e)
}

// Say passes a line of text on. What an escort says is shown in the engineer's
// terminal as well.
func (s *Session) Say(who, text string, engineer bool) error {
	if strings.TrimSpace(text) == "" {
		return errors.New("there is nothing to say")
	}
	if err := s.hub.publish(event.Event{Kind: event.Message, Who: who, Reason: text}); err != nil {
		return err
	}
	if !engineer {
		s.sayInStream("escort says: " + quote.Line(text).String())
	}
	return nil
}

// Tell sends a line of text to the engineer.
func (s *Session) Tell(_ context.Context, text string) error { return s.Say(s.conf.Who, text, false) }

// Freeze stops every process of the session, or resumes them.
func (s *Session) Freeze(ctx context.Context, on bool) error {
	return s.FreezeBy(ctx, s.conf.Who, "", on)
}

// FreezeBy is Freeze by somebody and for a reason, which may be empty.
func (s *Session) FreezeBy(ctx context.Context, who, why string, on bool) error {
	if on {
		return s.freeze(ctx, who, why)
	}
	if err := s.gate.Thaw(ctx); err != nil {
		return err
	}
	s.frozen.Store(false)
	return s.hub.publish(event.Event{Kind: event.Thawed, Who: who, Reason: why})
}

func (s *Session) freeze(ctx context.Context, who, why string) error {
	s.frozen.Store(true)
	if err := s.gate.Freeze(ctx); err != nil {
		return errors.Join(errors.New("not everything could be stopped"), err)
	}
	return s.hub.publish(event.Event{Kind: event.Frozen, Who: who, Reason: why})
}

// Release tells that the engineer is given lines of output that were held back.
func (s *Session) Release(who string, w event.Withheld) error {
	return s.hub.publish(event.Event{
		Kind: event.Released, Who: who, Text: w.Text, Lines: len(w.Text), Masked: w.Hidden, SHA256: w.SHA256,
	})
}

// Ended tells that the shell or the command has ended while output waits.
func (s *Session) Ended(status int) error {
	return s.hub.publish(event.Event{Kind: event.Ended, Status: &status})
}

// AtEnd has f called when the shell or the command has ended by itself and all
// that it wrote was told, before the session closes. Its context ends when the
// session is ended.
func (s *Session) AtEnd(f func(ctx context.Context, status int)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.atEnd = f
}

// Frozen reports whether every process is stopped.
func (s *Session) Frozen() bool { return s.frozen.Load() }

// Waiting is the number of holds that nobody has decided yet.
func (s *Session) Waiting() int { return s.board.waiting() }

// End kills every process of the session and waits until its record is closed.
func (s *Session) End(ctx context.Context) error { return s.EndFor(ctx, "ended by the escort") }

// EndFor is End for a reason.
func (s *Session) EndFor(ctx context.Context, why string) error {
	s.stop(why)
	select {
	case <-s.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Done is closed when the session is over and its record closed.
func (s *Session) Done() <-chan struct{} { return s.done }
