package command

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"escort/explain/quote"
	"escort/session"
	"escort/session/event"
	"escort/session/record"
	"escort/tui"
)

// endFor bounds how long the end of a session is waited for.
const endFor = 15 * time.Second

// memory is what the console keeps to, in bytes, before it saves processor time:
// in a flood of output with all of the scrollback full, little of it is garbage
// for long. It is no bound; what is needed above it is taken. The program's own
// text comes on top, some 18 MB, and 60 are to be enough for both.
const memory = 38 << 20

// liveConsole opens the console and starts a session on this machine in it.
func liveConsole(ctx context.Context, c Session) error {
	run, err := record.RunRoot(os.Getenv)
	if err != nil {
		return err
	}
	conf := c.config()
	conf.Runbook = c.planned()
	conf.Env, conf.Guard = c.keepAgent(conf.Env, guarded(run))
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory)
	}
	var l launch
	now := time.Now()
	opt := tui.Options{Host: conf.Host, User: c.Who, Ticket: c.title(), Who: c.Who, Notes: session.Notes(conf), Keys: c.Keys, Theme: c.Theme, Runbook: c.Runbook}
	opt.NoMouse = c.NoMouse || c.Policy != nil && !c.Policy.Mouse
	opt.Earlier = beside(func() []event.Judged { return record.Earlier(c.StateRoot, now) })
	opt.Plain, opt.Why, opt.Alert, opt.NoCopy, opt.NoFold = c.Plain, c.Why, c.Alert, !c.Policy.Copy, !c.Policy.Fold
	opt.Start = func(cols, rows int) (event.Source, error) {
		conf.Cols, conf.Rows = cols, rows
		live, err := l.start(ctx, conf)
		if err != nil {
			return nil, err
		}
		return c.tells(c.signed(live, live.ID(), c.Who), live.ID()), nil
	}
	var sum []string
	opt.Over = func(lines []string) { sum = lines }
	err = tui.Run(ctx, nil, opt)
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), endFor)
	defer cancel()
	return errors.Join(err, l.end(end), l.report(c.Out, sum))
}

// beside begins f at once and hands out its answer when it is there, so that
// nothing waits for it before.
func beside[T any](f func() T) func() T {
	answer := make(chan T, 1)
	go func() { answer <- f() }()
	return func() T { return <-answer }
}

// config is what a session is started with, by whoever asked for c.
func (c Session) config() session.Config {
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	return session.Config{
		Shell: c.Shell, Cols: c.Cols, Rows: c.Rows, StateRoot: c.StateRoot, Dir: c.Dir, Env: c.Env, Host: host,
		User: c.Who, Who: c.Who, Ticket: c.Ticket, Reason: c.Reason, Version: Version,
		Policy: c.Policy, UserRC: c.UserRC, AllowNoScopes: c.AllowNoScopes,
	}
}

// report says how the session went, where its record is and how to check it.
func (l *launch) report(out io.Writer, sum []string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.live == nil || sum == nil {
		return nil
	}
	sum = append(sum, "record      "+quote.Word(l.live.Dir()), "check it    escort verify "+quote.Word(l.live.Dir()))
	_, err := io.WriteString(out, strings.Join(sum, "\n")+"\n")
	return err
}

// launch is a session that the console starts when it knows its size, which may
// be while the console is ended already.
type launch struct {
	mu   sync.Mutex
	over bool
	live *session.Session
}

func (l *launch) start(ctx context.Context, conf session.Config) (*session.Session, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return nil, event.ErrClosed
	}
	s, err := session.Start(ctx, conf)
	if err != nil {
		return nil, cannot(err, &Error{
			Code: Failed, Err: err,
			Hint: "records are kept in " + conf.StateRoot + "; XDG_STATE_HOME names another folder",
		})
	}
	l.live = s
	return s, nil
}

// end ends the session, if there is one, and keeps a late one from starting.
func (l *launch) end(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	if l.live == nil {
		return nil
	}
	return l.live.End(ctx)
}

// title is what the header says the session is for.
func (c Session) title() string {
	return titled(c.Ticket, c.Reason)
}
