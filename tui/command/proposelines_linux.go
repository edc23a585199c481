package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"escort/explain/shell"
	"escort/session"
	"escort/session/event"
	"escort/tui/engineer"
)

// steps are the commands of a text, each as it would be entered.
func steps(text []byte) ([]string, error) {
	var out []string
	step := ""
	for n, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
		if step == "" {
			if t := strings.TrimSpace(line); t == "" || strings.HasPrefix(t, "#") {
				if n == 0 && strings.HasPrefix(t, "#!") && !strings.Contains(t, "sh") {
					return nil, &Error{Code: Failed, Err: errors.New("only a text for a shell can be proposed by the line"), Hint: "leave --lines out"}
				}
				continue
			}
		} else {
			step += "\n"
		}
		if step += line; shell.Complete(step, shell.Variant("")) {
			out, step = append(out, step), ""
		}
	}
	switch {
	case step != "":
		return nil, &Error{Code: Failed, Err: errors.New("the last command is not complete"), Hint: "close its quotes, its brackets, its if or its loop"}
	case len(out) == 0:
		return nil, &Error{Code: Failed, Err: errors.New("there is no command in it: nothing is proposed"), Hint: "write the commands that shall run"}
	}
	return out, nil
}

// proposeLines proposes each command of a text by itself, in one shell.
func proposeLines(ctx context.Context, c Session, p Proposal) (status int, err error) {
	all, err := steps(p.Text)
	if err != nil {
		return 0, err
	}
	conf := c.config()
	conf.Shell = "bash"
	w := Work{Solo: p.Solo, mute: true}
	var end engineer.End
	run := &stepper{}
	_, err = keep(ctx, c, conf, w, func(h *hosted) error {
		p.say(fmt.Sprintf("%s, %d commands", described(p.Text), len(all)))
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		shown := make(chan error, 1)
		go func() {
			var err error
			end, err = p.run(ctx, h.seat, engineer.Options{How: w.how(h.id), Output: c.Policy.Output, Out: c.Out})
			if err != nil {
				cancel()
			}
			shown <- err
		}()
		failed := run.all(ctx, h.live, all)
		if failed == nil && !run.closed {
			if run.denied {
				p.say(fmt.Sprintf("command %d of %d was denied; what follows it is not run", run.done+1, len(all)))
			}
			h.room.Settle(ctx, run.status)
			failed = h.live.EndFor(ctx, "the proposal is done")
		}
		if failed != nil {
			cancel()
		}
		return errors.Join(<-shown, failed)
	})
	switch {
	case err != nil:
		return 0, err
	case run.denied:
		return 0, p.refused(engineer.End{Why: run.why})
	}
	return p.over(end, run.status, nil)
}

// stepper enters commands one after another.
type stepper struct {
	done   int    // commands that were run
	status int    // of the last one
	denied bool   // the one after them was denied
	why    string // for what reason
	closed bool   // the session is over
}

// all enters the commands, each when the one before has ended.
func (r *stepper) all(ctx context.Context, s *session.Session, steps []string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	events, err := s.Events(ctx, 0)
	if err != nil {
		return err
	}
	if err := r.begun(ctx, events); err != nil || r.closed {
		return err
	}
	for _, step := range steps {
		// Pasted, so that nothing in it is a key: no tab completes, no line ends early.
		if err := s.Input([]byte("\x1b[200~" + step + "\x1b[201~\r")); err != nil {
			return err
		}
		if err := r.one(ctx, events); err != nil || r.denied || r.closed {
			return err
		}
		r.done++
	}
	return nil
}

// next is the next event.
func (r *stepper) next(ctx context.Context, events <-chan event.Event) (event.Event, error) {
	select {
	case e, ok := <-events:
		if ok && e.Kind != event.Closed {
			return e, nil
		}
		r.closed = true
		if e.Status != nil {
			r.status = *e.Status
		}
		return e, ctx.Err()
	case <-ctx.Done():
		return event.Event{}, ctx.Err()
	}
}

// begun waits until an escort is there and the shell asks for a line.
func (r *stepper) begun(ctx context.Context, events <-chan event.Event) error {
	came, asks := false, false
	for !came || !asks {
		e, err := r.next(ctx, events)
		if err != nil || r.closed {
			return err
		}
		came = came || e.Kind == event.Joined && e.Layer == ""
		asks = asks || e.Kind == event.Output && e.Who == ""
	}
	return nil
}

// one follows a command to its end.
func (r *stepper) one(ctx context.Context, events <-chan event.Event) error {
	hold := ""
	for {
		e, err := r.next(ctx, events)
		if err != nil || r.closed {
			return err
		}
		switch {
		case e.Kind == event.Held && e.Layer == event.LayerLine:
			hold = e.Hold
		case hold == "" || e.Hold != hold:
		case e.Kind == event.Decided && e.Verdict == event.Deny, e.Kind == event.Withdrawn:
			r.denied, r.why = true, e.Reason
			return nil
		case e.Kind == event.Finished && e.Status != nil:
			r.status = *e.Status
			return nil
		}
	}
}
