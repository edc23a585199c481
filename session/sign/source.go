package sign

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"escort/session/event"
)

// source is a session whose decisions are signed.
type source struct {
	event.Source
	session string
	who     string
	signer  *Signer

	mu    sync.Mutex
	holds map[string]hold
	seq   uint64 // of the last event with a line in the ledger that was received
	head  string // hash of that line
}

// hold is what is held, as it was received.
type hold struct {
	event event.Event
	over  bool // it was decided, or went away
}

// watched is a source that wants to know whether somebody is there.
type watched struct {
	*source
	event.Present
}

// Source is src with its decisions signed in the name of who: over what is held,
// as it came, the hash of its line and that of the last line that came through it. session is the
// session's ID.
//
// What cannot be signed is not sent, and the error says why; a denial is sent
// all the same, not signed, for it lets nothing through.
func Source(src event.Source, session, who string, signer *Signer) event.Source {
	s := &source{Source: src, session: session, who: who, signer: signer, holds: map[string]hold{}}
	if p, ok := src.(event.Present); ok {
		return watched{s, p}
	}
	return s
}

// Events passes the events on and notes the hashes of their lines. Of what is
// held it is known before it is received, so that it can be decided at once.
func (s *source) Events(ctx context.Context, after uint64) (<-chan event.Event, error) {
	in, err := s.Source.Events(ctx, after)
	if err != nil {
		return nil, err
	}
	out := make(chan event.Event)
	go func() {
		defer close(out)
		for e := range in {
			s.shows(e)
			select {
			case out <- e:
				s.received(e)
			case <-ctx.Done():
				return
			}
		}
	}()
	return out, nil
}

func (s *source) shows(e event.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e.Kind {
	case event.Held:
		s.holds[e.Hold] = hold{event: e}
	case event.Decided, event.Withdrawn:
		s.holds[e.Hold] = hold{over: true}
	}
}

func (s *source) received(e event.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.Hash != "" && e.Seq > s.seq {
		s.seq, s.head = e.Seq, e.Hash
	}
}

// sees is what is held and the head, which is never before it.
func (s *source) sees(id string) (held event.Sight, head string, err error) {
	s.mu.Lock()
	h, ok := s.holds[id]
	head = s.head
	if s.seq < h.event.Seq {
		head = h.event.Hash
	}
	s.mu.Unlock()
	switch {
	case !ok:
		return held, "", event.ErrNoHold
	case h.over:
		return held, "", event.ErrDecided
	case h.event.Hash == "":
		return held, "", &Error{What: "this session does not say what its ledger holds", Do: "attach without --sign"}
	}
	held, err = h.event.Sight()
	return held, head, err
}

// signFor bounds how long a signature is waited for, which a person may have to
// confirm.
const signFor = time.Minute

var errLate = &Error{What: "no signature came within a minute", Do: "decide again, and answer the agent or touch the security key"}

// Decide signs a decision and answers the hold with it.
func (s *source) Decide(ctx context.Context, d event.Decision) error {
	d.Who = s.who
	why := s.sign(ctx, &d)
	switch {
	case why == nil:
		return s.Source.Decide(ctx, d)
	case errors.Is(why, event.ErrNoHold), errors.Is(why, event.ErrDecided):
		return why
	case d.Verdict == event.Allow:
		return fmt.Errorf("not allowed: %w", inFull(why))
	}
	if err := s.Source.Decide(ctx, d); err != nil {
		return err
	}
	return fmt.Errorf("sent, but not signed: %w", inFull(why))
}

func (s *source) sign(ctx context.Context, d *event.Decision) error {
	held, head, err := s.sees(d.Hold)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, signFor, errLate)
	defer cancel()
	signed := *d
	signed.Head = head
	signed.Signature, err = s.signer.Sign(ctx, event.Namespace, signed.Statement(s.session, held).Text())
	if err != nil && context.Cause(ctx) == error(errLate) {
		err = errLate
	}
	if err != nil {
		return err
	}
	*d = signed
	return nil
}

// inFull is an error with what to do about it.
func inFull(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return fmt.Errorf("%s; %s", e.What, e.Do)
	}
	return err
}
