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
	conf := session.Config{
		Shell: c.Shell, StateRoot: c.StateRoot, Dir: c.Dir, Env: c.Env, Host: host,
		User: c.Who, Who: c.Who, Ticket: c.Ticket, Reason: c.Reason, Version: Version,
		UserRC: c.UserRC, AllowNoScopes: c.AllowNoScopes,
	}
	var live *session.Session
	opt := tui.Options{Host: host, User: c.Who, Ticket: c.title(), Who: c.Who, Notes: session.Notes(conf)}
	opt.Start = func(cols, rows int) (event.Source, error) {
		conf.Cols, conf.Rows = cols, rows
		s, err := session.Start(ctx, conf)
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
