package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"os/user"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"escort/explain/quote"
	"escort/session"
	"escort/session/door"
	"escort/session/event"
	"escort/session/record"
	"escort/tui/engineer"

	"github.com/charmbracelet/x/term"
)

// liveShell keeps a session in this process, lets escorts come to it by a
// socket, and passes it through this terminal.
func liveShell(ctx context.Context, c Session, w Work) (status int, err error) {
	if r, err := byDoor(ctx, c, w); r != nil || err != nil {
		if err != nil {
			return 0, err
		}
		return atDoor(ctx, c, w, r)
	}
	conf := c.config()
	conf.Command = w.Command
	var end engineer.End
	s, err := keep(ctx, c, conf, w, func(h *hosted) (err error) {
		end, err = passThrough(ctx, h.seat, engineer.Options{
			In: os.Stdin, Out: os.Stdout, Cols: c.Cols, Rows: c.Rows, How: w.how(h.id), Output: c.Policy.Output,
		})
		return err
	})
	if err != nil {
		return 0, err
	}
	return outcome(c.Out, s, end)
}

// how says how an escort comes.
func (w Work) how(id string) string {
	if w.Solo {
		return "escort attach " + id + ", in another terminal"
	}
	return "escort attach " + id
}

// ownRecord stands in the header of a session whose engineer could read the
// record, with what is held back from them.
const ownRecord = "RELAXED: output is held back, but the record with it lies in the engineer's account"

// keep has a session in this process, lets escorts come to it by a socket, and
// ends it when the engineer's work with it is done.
func keep(ctx context.Context, c Session, conf session.Config, w Work, work func(h *hosted) error) (s *session.Session, err error) {
	run, err := record.RunRoot(os.Getenv)
	if err != nil {
		return nil, err
	}
	me, err := localPerson(os.Getuid())
	if err != nil {
		return nil, err
	}
	conf.Who, conf.Attended, conf.Guard = "", true, guarded(run)
	if w.Solo {
		conf.Notes = append(conf.Notes, door.SoloNote)
	}
	if c.Policy.Output != event.OutputLive {
		conf.Notes = append(conf.Notes, ownRecord)
	}
	if s, err = session.Start(ctx, conf); err != nil {
		return nil, cannot(err, &Error{Code: Failed, Err: err, Hint: "records are kept in " + conf.StateRoot + "; XDG_STATE_HOME names another folder"})
	}
	ended := func() error { // in the end, whatever happened
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), endFor)
		defer cancel()
		return s.EndFor(end, "the engineer's terminal is gone")
	}
	rules := door.RulesOf(c.Policy, w.Solo)
	rules.Mute = w.mute
	h, err := openRoom(ctx, s, me, c.about(conf), rules, door.Place{Folder: run, Name: s.ID() + ".sock"})
	if err != nil {
		return nil, errors.Join(err, ended())
	}
	h.id, h.live = s.ID(), s
	if h.seat, err = h.room.Enter(me, door.Engineer); err == nil {
		err = work(h)
		h.seat.Leave("")
	}
	err = errors.Join(err, ended(), h.close())
	if errors.Is(err, engineer.ErrGaveUp) {
		err = &Error{Code: Failed, Err: engineer.ErrGaveUp}
	}
	return s, err
}

// outcome says how a session ended, and answers its status.
func outcome(out io.Writer, s *session.Session, end engineer.End) (int, error) {
	status, err := s.Wait()
	if errors.Is(err, session.ErrDenied) {
		return 0, &Error{Code: Denied, Err: session.ErrDenied}
	}
	if !end.Came {
		why := end.Reason
		if why == "" {
			why = "the session ended before an escort came"
		}
		return 0, &Error{Code: Failed, Err: errors.New(why), Hint: "agree with an escort before you start a session"}
	}
	text := "the session is over"
	if end.Reason != "" {
		text += ": " + end.Reason
	}
	_, err = io.WriteString(out, "escort: "+quote.Line(text).String()+"\n")
	return status, err
}

// hosted is a session of this process that people come to.
type hosted struct {
	id   string
	live *session.Session
	hall door.Hall
	room *door.Room
	seat *door.Seat // the engineer's
	stop context.CancelFunc
	work sync.WaitGroup
	err  error
}

// openRoom opens a room for s, and a socket to come to it by.
func openRoom(ctx context.Context, s *session.Session, me door.Person, about door.About, rules door.Rules, at door.Place) (*hosted, error) {
	l, err := door.Listen(at)
	if err != nil {
		return nil, &Error{Code: Failed, Err: err, Hint: "XDG_RUNTIME_DIR names another folder for sockets"}
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	h := &hosted{room: door.NewRoom(s, me, about, rules), stop: stop}
	h.hall.Open(h.room)
	h.work.Go(func() { h.err = l.Serve(ctx, &h.hall, localPerson) })
	return h, nil
}

// close ends the socket, once who came by it knows how the session ended.
func (h *hosted) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	h.hall.Told(ctx)
	h.stop()
	h.work.Wait()
	return h.err
}

// localPerson is who an account of this machine is.
func localPerson(uid int) (door.Person, error) {
	p := door.Person{Name: "uid " + strconv.Itoa(uid), UID: uid}
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		p.Name = u.Username
	}
	return p, nil
}

// passThrough gives this terminal to the engineer's side, without line editing
// and signals of its own.
func passThrough(ctx context.Context, src event.Source, opt engineer.Options) (engineer.End, error) {
	state, err := term.MakeRaw(os.Stdin.Fd())
	if err != nil {
		return engineer.End{}, fmt.Errorf("the terminal cannot be taken: %w", err)
	}
	sizes := make(chan [2]int, 1)
	opt.Sizes = sizes
	changed := make(chan os.Signal, 1)
	signal.Notify(changed, syscall.SIGWINCH)
	ctx, cancel := context.WithCancel(ctx)
	var owned sync.WaitGroup
	owned.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-changed:
			}
			if cols, rows, err := term.GetSize(os.Stdout.Fd()); err == nil {
				select {
				case sizes <- [2]int{cols, rows}:
				case <-ctx.Done():
				}
			}
		}
	})
	end, err := engineer.Run(ctx, src, opt)
	signal.Stop(changed)
	cancel()
	owned.Wait()
	return end, errors.Join(err, term.Restore(os.Stdin.Fd(), state))
}

// about is what is told of a session before somebody comes in.
func (c Session) about(conf session.Config) door.About {
	return door.About{Host: conf.Host, Ticket: c.Ticket, Reason: c.Reason, Begun: time.Now().UTC(), Notes: session.Notes(conf)}
}

// sharedRun is the folder of the socket that several accounts come to. Tests have
// one of their own.
var sharedRun = "/run/escort"

// doorSocket is the name of that socket.
const doorSocket = "serve.sock"

// guarded are the folders of sockets, which nothing inside a session may touch.
func guarded(run string) []string { return []string{strings.TrimSuffix(run, "/"), sharedRun} }
