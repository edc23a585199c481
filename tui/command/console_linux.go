package command

import (
	"context"
	"errors"
	"os"
	"time"

	"escort/session"
	"escort/session/event"
	"escort/tui"
)

// endFor bounds how long the end of a session is waited for.
const endFor = 15 * time.Second

// liveConsole opens the console and starts a session on this machine in it.
func liveConsole(ctx context.Context, c Session) error {
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	var live *session.Session
	var opt tui.Options
	opt = tui.Options{Host: host, User: c.Who, Ticket: c.title(), Who: c.Who}
	opt.Start = func(cols, rows int) (event.Source, error) {
		s, err := session.Start(ctx, session.Config{
			Shell: c.Shell, Cols: cols, Rows: rows, StateRoot: c.StateRoot, Dir: c.Dir, Env: c.Env, Host: host,
			User: c.Who, Who: c.Who, Ticket: c.Ticket, Reason: c.Reason, Version: Version,
			UserRC: c.UserRC, AllowNoScopes: c.AllowNoScopes,
		})
		if err != nil {
			return nil, err
		}
		live = s
		return s, nil
	}
	err = tui.Run(ctx, nil, opt)
	if live != nil {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), endFor)
		defer cancel()
		err = errors.Join(err, live.End(end))
	}
	var cannot *session.Cannot
	if errors.As(err, &cannot) {
		return &Error{Code: Unable, Err: cannot.Err, Hint: cannot.Hint}
	}
	return err
}

// title is what the header says the session is for.
func (c Session) title() string {
	switch {
	case c.Reason == "":
		return c.Ticket
	case c.Ticket == "":
		return c.Reason
	}
	return c.Ticket + " · " + c.Reason
}
