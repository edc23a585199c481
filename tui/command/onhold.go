package command

import (
	"context"
	"os"
	"os/exec"
	"time"

	"escort/explain/quote"
	"escort/session/event"

	"github.com/spf13/cobra"
)

const (
	onHoldEvery = 2 * time.Second // a storm of holds is one
	onHoldFor   = 10 * time.Second
)

// onHoldFlag adds the flag that names a command to run when something is held.
func onHoldFlag(c *cobra.Command, to *string) {
	c.Flags().StringVar(to, "on-hold", "", "command to run when something is held, by sh; it is told of it by ESCORT_SESSION, ESCORT_HOLD, ESCORT_RISK and ESCORT_HEADLINE")
}

// teller is a session whose holds are told to a command of the escort's own.
type teller struct {
	event.Source
	command, session string
}

// toldTeller is a teller that wants to know whether somebody is there.
type toldTeller struct {
	*teller
	event.Present
}

// tells is src with its holds told to the command that was asked for, if any.
func (c Session) tells(src event.Source, session string) event.Source {
	if c.OnHold == "" {
		return src
	}
	t := &teller{src, c.OnHold, session}
	if p, ok := src.(event.Present); ok {
		return toldTeller{t, p}
	}
	return t
}

// Events passes the events on; what is held already when the console comes is
// told as well.
func (t *teller) Events(ctx context.Context, after uint64) (<-chan event.Event, error) {
	in, err := t.Source.Events(ctx, after)
	if err != nil {
		return nil, err
	}
	out := make(chan event.Event)
	go func() {
		defer close(out)
		var last time.Time
		for e := range in {
			select {
			case out <- e:
			case <-ctx.Done():
				return
			}
			if now := time.Now(); e.Kind == event.Held && now.Sub(last) >= onHoldEvery {
				last = now
				go tellOf(ctx, t.command, t.session, e)
			}
		}
	}()
	return out, nil
}

// tellOf runs the command for one hold. What it says, and whether it works, is its
// own affair: a hold waits for nobody but the escort.
func tellOf(ctx context.Context, command, session string, e event.Event) {
	ctx, cancel := context.WithTimeout(ctx, onHoldFor)
	defer cancel()
	c := exec.CommandContext(ctx, "sh", "-c", command)
	c.Env = append(os.Environ(), "ESCORT_SESSION="+session, "ESCORT_HOLD="+e.Hold)
	if x := e.Explanation; x != nil {
		c.Env = append(c.Env, "ESCORT_RISK="+string(x.Risk), "ESCORT_HEADLINE="+quote.Line(x.Headline).String())
	}
	_ = c.Run()
}
