package command

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"escort/session/door"
	"escort/session/event"
	"escort/session/record"
	"escort/tui"
)

// liveAttach reaches the sessions of this machine by their sockets.
var liveAttach = Attach{List: meetings, Console: attachConsole, JSON: attachJSON}

// askFor bounds how long a socket is asked what it has.
const askFor = 3 * time.Second

// meetings are the sessions that this account can reach, the oldest first.
func meetings(ctx context.Context) ([]Meeting, error) {
	run, err := record.RunRoot(os.Getenv)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	var out []Meeting
	var asked sync.WaitGroup
	for _, path := range sockets(run) {
		asked.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, askFor)
			defer cancel()
			c, err := door.Dial(ctx, path)
			if err != nil {
				return // of a session that is gone, or another account's
			}
			all, err := door.List(ctx, c)
			if err != nil {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			for _, a := range all {
				out = append(out, Meeting{a, path})
			}
		})
	}
	asked.Wait()
	slices.SortFunc(out, func(a, b Meeting) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// reach comes to a session as an escort.
func reach(ctx context.Context, at Meeting) (*door.Remote, error) {
	c, err := door.Dial(ctx, at.Socket)
	if err != nil {
		return nil, &Error{Code: Failed, Err: fmt.Errorf("session %s cannot be reached: %w", at.ID, err), Hint: "escort attach --list names those that there are"}
	}
	r, err := door.Reach(ctx, c, door.Hello{As: door.Escort, ID: at.ID})
	if errors.Is(err, door.ErrOwn) {
		return nil, &Error{Code: Failed, Err: err, Hint: "another account decides; escort shell --solo lets one account do both, and says so for the whole session"}
	}
	if err != nil {
		return nil, &Error{Code: Failed, Err: err, Hint: "escort attach --list names the sessions that there are"}
	}
	return r, nil
}

func attachConsole(ctx context.Context, at Meeting, c Session) error {
	r, err := reach(ctx, at)
	if err != nil {
		return err
	}
	about := r.About()
	opt := tui.Options{
		Host: about.Host, User: about.Engineer, Ticket: titled(about.Ticket, about.Reason), Who: r.You(), Notes: about.Notes,
		Keys: c.Keys, Theme: c.Theme, NoMouse: c.NoMouse || !c.Policy.Mouse, Plain: c.Plain, Why: c.Why, Alert: c.Alert, Watch: true,
		NoCopy: !c.Policy.Copy, NoFold: !c.Policy.Fold,
	}
	if about.Output == event.OutputReleased {
		opt.Release = r
	}
	var sum []string
	opt.Over = func(lines []string) { sum = lines }
	err = tui.Run(ctx, c.tells(c.signed(r, about.ID, r.You()), about.ID), opt)
	lost := r.Lost()
	_ = r.Close()
	for _, l := range sum {
		_, _ = fmt.Fprintln(c.Out, l)
	}
	if err == nil && lost != nil {
		err = &Error{Code: Failed, Err: lost, Hint: "what is held stays held; escort attach " + about.ID + " comes back, if the session still runs"}
	}
	return err
}

// attachJSON is a session for programs.
func attachJSON(ctx context.Context, at Meeting, in io.Reader, out io.Writer) error {
	c, err := door.Dial(ctx, at.Socket)
	if err != nil {
		return &Error{Code: Failed, Err: err, Hint: "escort attach --list names the sessions that there are"}
	}
	return passJSON(c, at.ID, in, out)
}

// passJSON passes lines: events and answers out as they come, requests in.
func passJSON(c net.Conn, id string, in io.Reader, out io.Writer) error {
	defer c.Close()
	hello, err := json.Marshal(door.Hello{As: door.Escort, ID: id})
	if err != nil {
		return err
	}
	if _, err := c.Write(append(hello, '\n')); err != nil {
		return &Error{Code: Failed, Err: err}
	}
	lines := bufio.NewReaderSize(c, 64<<10)
	first, err := lines.ReadBytes('\n')
	if err != nil {
		return &Error{Code: Failed, Err: fmt.Errorf("the session does not answer: %w", err)}
	}
	var a door.Answer
	if err := json.Unmarshal(first, &a); err != nil || a.Error != "" {
		return &Error{Code: Failed, Err: errors.New(cmp.Or(a.Error, "the other side does not speak as a session does"))}
	}
	var over atomic.Bool // the input
	go func() {          // ends with the connection, or with this process
		_, _ = io.Copy(c, in)
		over.Store(true)
		_, _ = io.WriteString(c, "\n{\"leave\":true}\n")
	}()
	closed := false
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			if _, err := out.Write(line); err != nil {
				return nil // nobody listens any more
			}
			closed = closed || bytes.Contains(line, []byte(`"kind":"closed"`)) && bytes.HasPrefix(line, []byte(`{"seq":`))
		}
		switch {
		case err == nil:
		case closed || over.Load():
			return nil
		case errors.Is(err, io.EOF):
			return &Error{Code: Failed, Err: errors.New("the session let go of this program"), Hint: "it may still run: escort attach --list"}
		default:
			return &Error{Code: Failed, Err: err}
		}
	}
}

// sockets are the sockets in the folders of this account, of escort serve and,
// for root, of everybody.
func sockets(own string) []string {
	folders := []string{own, sharedRun}
	if os.Geteuid() == 0 {
		all, _ := filepath.Glob("/run/user/*/escort")
		folders = append(folders, all...)
	}
	var out []string
	for _, dir := range folders {
		names, _ := filepath.Glob(filepath.Join(dir, "*.sock"))
		for _, n := range names {
			if !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	return out
}
