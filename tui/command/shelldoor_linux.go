package command

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"escort/explain/quote"
	"escort/session"
	"escort/session/door"
	"escort/tui/engineer"
)

// byDoor is a session that this machine's front door keeps for the engineer: a
// new one, or the one whose terminal went away. It is nil, and that is said, where
// there is no door or it does not know the account: then the session is kept by
// the account itself.
func byDoor(ctx context.Context, c Session, w Work) (*door.Remote, error) {
	path := filepath.Join(sharedRun, doorSocket)
	if _, err := os.Stat(path); w.Solo || os.Geteuid() == 0 || errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	hello := door.Hello{As: door.Engineer, New: &door.Work{
		Ticket: c.Ticket, Reason: c.Reason, Command: w.Command, Script: w.script, Dir: c.Dir, Env: c.Env, Cols: c.Cols, Rows: c.Rows,
	}}
	conn, err := door.Dial(ctx, path)
	if err == nil {
		var all []door.About
		if all, err = door.List(ctx, conn); err == nil {
			for _, a := range all {
				if !a.Present && w.Command == nil && w.script == nil {
					hello = door.Hello{As: door.Engineer, ID: a.ID}
				}
			}
			conn, err = door.Dial(ctx, path)
		}
	}
	var r *door.Remote
	if err == nil {
		r, err = door.Reach(ctx, conn, hello)
	}
	var refused *door.Refused
	switch {
	case errors.Is(err, door.ErrStranger), errors.Is(err, door.ErrNotThat):
		return nil, sayPlain(c.Out, "the front door of this machine does not know you as an engineer: your own account keeps this session, and could change its record")
	case errors.Is(err, door.ErrNoShell):
		return nil, &Error{Code: Failed, Err: err, Hint: "escort propose FILE"}
	case errors.As(err, &refused):
		return nil, &Error{Code: Failed, Err: err, Hint: "whoever runs escort serve on this machine sees more in its log"}
	case err != nil:
		return nil, sayPlain(c.Out, "the front door of this machine cannot be reached ("+err.Error()+"): your own account keeps this session, and could change its record")
	}
	return r, sayPlain(c.Out, "the front door of this machine keeps session "+r.About().ID)
}

func sayPlain(out io.Writer, text string) error {
	_, err := io.WriteString(out, "escort: "+quote.Line(text).String()+"\n")
	return err
}

// atDoor gives this terminal to a session that the door keeps.
func atDoor(ctx context.Context, c Session, w Work, r *door.Remote) (status int, err error) {
	refused := make(chan string, 8)
	r.Hear(func(err error) {
		select {
		case refused <- err.Error():
		default: // said often enough
		}
	})
	how := "escort attach " + r.About().ID
	end, err := passThrough(ctx, r, engineer.Options{In: os.Stdin, Out: os.Stdout, Cols: c.Cols, Rows: c.Rows, How: how, Refused: refused, Output: r.About().Output})
	lost := r.Lost()
	if errors.Is(err, engineer.ErrGaveUp) {
		err = errors.Join(r.Abandon(ctx), &Error{Code: Failed, Err: engineer.ErrGaveUp})
	}
	_ = r.Close()
	switch {
	case errors.Is(err, engineer.ErrLost) && lost != nil:
		return 0, &Error{Code: Failed, Err: lost, Hint: "escort shell takes the session up again, if it still runs"}
	case err != nil:
		return 0, err
	case w.Command != nil && end.Denied:
		return 0, &Error{Code: Denied, Err: session.ErrDenied}
	case !end.Came:
		return 0, &Error{Code: Failed, Err: errors.New(strings.TrimSpace("no escort came; " + end.Reason)), Hint: "agree with an escort before you start a session"}
	}
	text := "the session is over"
	if end.Reason != "" {
		text += ": " + end.Reason
	}
	return end.Status, sayPlain(c.Out, text)
}
