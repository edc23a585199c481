package doctor

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"escort/session/child"
	"escort/session/unotify"
)

const trialLimit = 10 * time.Second

// seen is what the trial's gate met.
type seen struct{ receive, read, seize error }

// trial starts /bin/true as a session's shell would be started.
func trial(ctx context.Context) []Check {
	ctx, cancel := context.WithTimeout(ctx, trialLimit)
	defer cancel()
	got, err := try(ctx)
	checks := []Check{outcome(
		"holding a start", "a program was started, held and let go", err,
		"a container's own seccomp profile or a missing kernel feature may forbid it",
	)}
	if got == nil {
		return checks
	}
	return append(
		checks,
		outcome("reading a held start", "process_vm_readv works", got.read, "ptrace must be permitted: see the ptrace policy"),
		outcome("verifying a start", "ptrace works", got.seize, "ptrace must be permitted: see the ptrace policy"),
	)
}

func try(ctx context.Context) (*seen, error) {
	master, slave, err := pty.Open()
	if err != nil {
		return nil, fmt.Errorf("opening a terminal: %w", err)
	}
	defer master.Close()
	defer slave.Close()
	p, l, err := child.Start(ctx, child.Config{Argv: []string{"/bin/true"}, Env: []string{}, Dir: "/", TTY: slave, AllowNoScopes: true})
	if err != nil {
		return nil, err
	}
	answered := make(chan seen, 1)
	go func() { answered <- answer(l) }()
	var got *seen
	select {
	case s := <-answered:
		got = &s
		err = s.receive
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	if err == nil {
		select {
		case <-p.Done():
			if p.Status() != 0 {
				err = fmt.Errorf("the program ended with status %d", p.Status())
			}
			err = errors.Join(err, p.Err())
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
	}
	left, errKill := p.Kill(context.WithoutCancel(ctx))
	if len(left) > 0 {
		errKill = fmt.Errorf("processes %v cannot be killed", left)
	}
	return got, errors.Join(err, errKill, l.Close())
}

// answer looks at the one start as the gate would. A seized program's end is
// its tracer's to take first, so answer stays until then.
func answer(l *unotify.Listener) (s seen) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	n, err := l.Receive()
	if err != nil {
		s.receive = err
		return s
	}
	local := make([]byte, 1)
	_, s.read = unix.ProcessVMReadv(
		n.TID, []unix.Iovec{{Base: &local[0], Len: 1}},
		[]unix.RemoteIovec{{Base: uintptr(n.Args[0]), Len: 1}}, 0,
	)
	if s.read == nil && local[0] != '/' {
		s.read = fmt.Errorf("the name of the program begins with %q", local)
	}
	s.seize = unix.PtraceSeize(n.TID)
	s.receive = l.Continue(n.ID)
	for s.seize == nil {
		var status unix.WaitStatus
		_, err := unix.Wait4(n.TID, &status, unix.WALL, nil)
		if err != nil && err != unix.EINTR || status.Exited() || status.Signaled() {
			return s
		}
		if status.Stopped() {
			_ = unix.PtraceCont(n.TID, 0)
		}
	}
	return s
}
