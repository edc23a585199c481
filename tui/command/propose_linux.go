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
	"escort/session/event"
	"escort/tui/engineer"
)

// livePropose keeps a session in this process that is a text.
func livePropose(ctx context.Context, c Session, p Proposal) (status int, err error) {
	if p.ByLine {
		return proposeLines(ctx, c, p)
	}
	conf := c.config()
	conf.Script = p.Text
	w := Work{Solo: p.Solo, mute: true, script: p.Text}
	said := c
	said.Out = p.Notes
	if r, err := byDoor(ctx, said, w); r != nil || err != nil {
		if err != nil {
			return 0, err
		}
		return proposeAtDoor(ctx, c, p, r)
	}
	var v engineer.End
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

// smaller is the reason of an escort's that asks for a proposal in steps.
const smaller = "smaller steps"

// run passes on what is released of a session that reads nothing, until it is over.
func (p Proposal) run(ctx context.Context, src event.Source, opt engineer.Options) (v engineer.End, err error) {
	nothing, end := io.Pipe() // no key is ever pressed
	defer end.Close()
	opt.In, opt.Notes, opt.Plain, opt.Cols, opt.Rows = nothing, p.Notes, !p.Terminal, 80, 24
	return engineer.Run(ctx, src, opt)
}

func (p Proposal) say(text string) {
	_, _ = io.WriteString(p.Notes, "escort: "+quote.Line(text).String()+"\n")
}

// outcome says how a proposal ended, and answers its status.
func (p Proposal) outcome(s *session.Session, v engineer.End) (int, error) {
	status, err := s.Wait()
	if errors.Is(err, session.ErrDenied) {
		return 0, p.refused(v)
	}
	return p.over(v, status, err)
}

// refused is the end of a proposal that was denied.
func (p Proposal) refused(v engineer.End) error {
	e := &Error{Code: Denied, Err: session.ErrDenied}
	if strings.Contains(strings.ToLower(v.Why), smaller) {
		e.Hint = "escort propose --lines proposes each command by itself"
	}
	return e
}

// over is the end of one that was not.
func (p Proposal) over(v engineer.End, status int, err error) (int, error) {
	switch {
	case !v.Came:
		return 0, &Error{
			Code: Failed, Err: errors.New(cmp.Or(v.Reason, "the session ended before an escort came")),
			Hint: "agree with an escort before you propose something",
		}
	}
	if v.Reason != "" {
		p.say("the session is over: " + v.Reason)
	}
	return status, err
}
