package command

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"

	"escort/explain/quote"
	"escort/session"
	"escort/session/door"
	"escort/session/event"
	"escort/tui/engineer"
)

// livePropose keeps a session in this process that is a text.
func livePropose(ctx context.Context, c Session, p Proposal) (status int, err error) {
	conf := c.config()
	conf.Script = p.Text
	w := Work{Solo: p.Solo}
	var v answer
	s, err := keep(ctx, c, conf, w, func(h *hosted) (err error) {
		p.say(described(p.Text))
		v, err = p.run(ctx, h.seat, engineer.Options{How: w.how(h.id), Output: c.Policy.Output, Out: c.Out})
		return err
	})
	if err != nil {
		return 0, err
	}
	return p.outcome(s, v)
}

// described names a proposal to who makes it as the card names it.
func described(text []byte) string {
	lines := strings.Count(strings.TrimRight(string(text), "\n"), "\n") + 1
	return fmt.Sprintf("proposed: %d lines, sha256 %x", lines, sha256.Sum256(text))
}

// answer is how a proposal ended.
type answer struct {
	end    engineer.End
	reason string // of the last denial
	denied bool
}

// smaller is the reason of an escort's that asks for a proposal in steps.
const smaller = "smaller steps"

// run passes on what is released of a session that reads nothing, until it is over.
func (p Proposal) run(ctx context.Context, seat *door.Seat, opt engineer.Options) (v answer, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	events, err := seat.Events(ctx, 0)
	if err != nil {
		return v, err
	}
	decided := make(chan event.Event, 1)
	go func() {
		var last event.Event
		for e := range events {
			if e.Kind == event.Decided {
				last = e
			}
		}
		decided <- last
	}()
	nothing, end := io.Pipe() // no key is ever pressed
	defer end.Close()
	opt.In, opt.Notes, opt.Plain, opt.Cols, opt.Rows = nothing, p.Notes, !p.Terminal, 80, 24
	v.end, err = engineer.Run(ctx, seat, opt)
	if err != nil {
		return v, err
	}
	last := <-decided
	v.denied, v.reason = last.Verdict == event.Deny, last.Reason
	return v, nil
}

func (p Proposal) say(text string) {
	_, _ = io.WriteString(p.Notes, "escort: "+quote.Line(text).String()+"\n")
}

// outcome says how a proposal ended, and answers its status.
func (p Proposal) outcome(s *session.Session, v answer) (int, error) {
	status, err := s.Wait()
	switch {
	case errors.Is(err, session.ErrDenied):
		e := &Error{Code: Denied, Err: session.ErrDenied}
		if strings.Contains(strings.ToLower(v.reason), smaller) {
			e.Hint = "escort propose --lines proposes each command by itself"
		}
		return 0, e
	case !v.end.Came:
		return 0, &Error{
			Code: Failed, Err: errors.New(cmp.Or(v.end.Reason, "the session ended before an escort came")),
			Hint: "agree with an escort before you propose something",
		}
	}
	if v.end.Reason != "" {
		p.say("the session is over: " + v.end.Reason)
	}
	return status, err
}
