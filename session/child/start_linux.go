package child

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"escort/session/unotify"
)

// startLimit bounds the whole start; a healthy one takes some milliseconds.
const startLimit = 10 * time.Second

// supervisor is the upper end of one session.
type supervisor struct {
	process *Process
	control *net.UnixConn // to the keeper; its end is the keeper's sign to kill
	hand    *net.UnixConn // to the child; closed by the exec
	killed  chan report   // the keeper's answers to wordKill
	reaped  chan struct{} // closed when the keeper is gone
	killing chan struct{} // capacity 1: one Kill at a time
	started chan struct{} // closed when the child became the shell, or failed to
}

// Start brings a session up to the point where its shell asks to start: that
// first notification waits on the returned listener. The caller owns the
// listener and calls Kill at the end. Errors name the step that failed.
func Start(ctx context.Context, c Config) (*Process, *unotify.Listener, error) {
	o, err := orderOf(c)
	if err != nil {
		return nil, nil, err
	}
	if err := isolate(); err != nil {
		return nil, nil, err
	}
	s, err := startKeeper()
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		s.control.SetDeadline(time.Unix(1, 0))
		s.hand.SetDeadline(time.Unix(1, 0))
	})
	listener, err := s.bringUp(c, o)
	if !stop() && err == nil {
		listener.Close()
		err = context.Cause(ctx)
	}
	if err != nil {
		if ctx.Err() != nil {
			err = errors.Join(context.Cause(ctx), err)
		}
		return nil, nil, fmt.Errorf("starting the session: %w", errors.Join(err, s.abandon()))
	}
	go s.watchControl()
	go s.watchHand()
	return s.process, listener, nil
}

// abandon ends a session that did not come up. The keeper kills what there is
// when its socket closes, unless somebody has stopped it.
func (s *supervisor) abandon() error {
	s.control.Close()
	s.hand.Close()
	select {
	case <-s.reaped:
		return nil
	case <-time.After(killLimit):
	}
	if err := s.killKeeper(); err != nil {
		return err
	}
	_, err := killOrphans(killLimit)
	return err
}

func orderOf(c Config) (order, error) {
	if len(c.Argv) == 0 || c.TTY == nil {
		return order{}, errors.New("a session needs a program and a terminal")
	}
	o := order{
		Path: c.Path, Dir: c.Dir, Argv: c.Argv, Env: c.Env, Hook: c.Hook != nil,
		Account: c.Account, NoNewPrivs: c.NoNewPrivs || !Privileged(),
		AllowNoScopes: c.AllowNoScopes,
	}
	if o.Path == "" {
		o.Path = c.Argv[0]
	}
	if !strings.Contains(o.Path, "/") {
		path, err := exec.LookPath(o.Path)
		if err != nil {
			return order{}, err
		}
		o.Path = path
	}
	if o.Dir == "" {
		dir, err := os.Getwd()
		if err != nil {
			return order{}, err
		}
		o.Dir = dir
	}
	return o, nil
}

// isolate keeps descriptors that this process itself inherited from reaching
// keeper and shell, and takes in the tree should the keeper die.
func isolate() error {
	if err := unix.CloseRange(3, ^uint(0)>>32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		return fmt.Errorf("closing descriptors to children: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("the supervisor cannot adopt orphans: %w", err)
	}
	return nil
}

func startKeeper() (*supervisor, error) {
	control, keeperEnd, err := socketpair()
	if err != nil {
		return nil, err
	}
	defer keeperEnd.Close()
	hand, childEnd, err := socketpair()
	if err != nil {
		control.Close()
		return nil, err
	}
	defer childEnd.Close()
	s := &supervisor{
		process: &Process{done: make(chan struct{})},
		control: control, hand: hand,
		killed: make(chan report, 1), reaped: make(chan struct{}), killing: make(chan struct{}, 1),
		started: make(chan struct{}),
	}
	s.process.killTree = s.kill
	started := make(chan error)
	go s.parent(keeperEnd, childEnd, started)
	if err := <-started; err != nil {
		control.Close()
		hand.Close()
		return nil, fmt.Errorf("starting the keeper: %w", err)
	}
	return s, nil
}

// parent starts the keeper and waits for it, on a thread of its own for as
// long as the keeper lives: a tracer thread that waits for its children must
// not find the keeper among them.
func (s *supervisor) parent(keeperEnd, childEnd *os.File, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	keeper, err := spawn(keeperEnd, childEnd)
	if err != nil {
		started <- err
		return
	}
	s.process.keeper = keeper.Pid
	started <- nil
	_, err = keeper.Wait() // by its pidfd: it takes no stop of anybody else
	if err != nil {
		s.process.fail(fmt.Errorf("waiting for the keeper: %w", err))
	}
	close(s.reaped)
}

func spawn(keeperEnd, childEnd *os.File) (*os.Process, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	return os.StartProcess("/proc/self/exe", []string{keeperName}, &os.ProcAttr{
		Dir:   "/",
		Env:   []string{},
		Files: []*os.File{null, null, null, keeperEnd, childEnd},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
}

// bringUp speaks with keeper and child until the shell may go.
func (s *supervisor) bringUp(c Config, o order) (*unotify.Listener, error) {
	r, _, err := expect(s.control, kindStarted)
	if err != nil {
		return nil, fmt.Errorf("the keeper: %w", err)
	}
	s.process.shell = r.PID
	if err := sendOrder(s.hand, c, o); err != nil {
		return nil, err
	}
	r, file, err := expect(s.hand, kindListener)
	if err != nil {
		return nil, fmt.Errorf("the child: %w", err)
	}
	if file == nil {
		return nil, errors.New("the child sent no listener")
	}
	s.process.scoped = r.Scoped
	if _, _, err := expect(s.hand, kindClosed); err != nil {
		file.Close()
		return nil, fmt.Errorf("the child: %w", err)
	}
	if err := soleHolder(file, s.process.shell); err != nil {
		file.Close()
		return nil, err
	}
	listener, err := unotify.NewListener(file)
	if err != nil {
		return nil, err
	}
	if _, err := s.hand.Write([]byte(wordGo)); err != nil {
		listener.Close()
		return nil, fmt.Errorf("the child: %w", err)
	}
	return listener, nil
}

// expect reads one report, which must be of the given kind.
func expect(conn *net.UnixConn, kind string) (report, *os.File, error) {
	r, f, err := receive(conn)
	switch {
	case errors.Is(err, io.EOF):
		return r, nil, errors.New("it died")
	case err != nil:
		return r, nil, err
	case r.Kind == kind:
		return r, f, nil
	}
	if f != nil {
		f.Close()
	}
	if r.Kind == kindFailed {
		return r, nil, errors.New(r.Text)
	}
	return r, nil, fmt.Errorf("it said %q instead of %q", r.Kind, kind)
}
