package child

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Harden closes the calling process, the supervisor, to debuggers of the same
// user, and makes it adopt the tree of a keeper that was killed. Core files
// and writes to some of its own /proc files stop working with it.
func Harden() error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("closing the supervisor to debuggers: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("the supervisor cannot adopt orphans: %w", err)
	}
	return nil
}

// Privileged tells whether this process may hold starts without no_new_privs,
// so that sudo keeps working inside: CAP_SYS_ADMIN, effective.
func Privileged() bool { return effective(unix.CAP_SYS_ADMIN) }

// mayTrace tells whether being not dumpable stops this process from reaching
// into another one.
func mayTrace() bool {
	return effective(unix.CAP_SYS_PTRACE) || effective(unix.CAP_SYS_ADMIN)
}

func effective(capability int) bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&header, &data[0]); err != nil {
		return false
	}
	return data[capability/32].Effective&(1<<(capability%32)) != 0
}

// watchControl records what the keeper says until it is gone. A keeper that
// went before its shell was killed by somebody: its tree must not outlive it.
func (s *supervisor) watchControl() {
	defer s.control.Close()
	for {
		r, f, err := receive(s.control)
		if err != nil {
			break
		}
		if f != nil {
			f.Close()
		}
		switch r.Kind {
		case kindEnded:
			<-s.started // so that the reason is there before the end
			s.process.end(r.Status, nil)
		case kindKilled, kindFailed:
			select {
			case s.killed <- r:
			default: // nobody asked
			}
		}
	}
	<-s.reaped
	select {
	case <-s.process.done:
	default:
		_, err := killOrphans(killLimit)
		s.process.end(StatusKeeperLost, errors.Join(ErrKeeperLost, err))
	}
}

// watchHand hears whether the shell could be started at all; its exec closes
// the other end.
func (s *supervisor) watchHand() {
	defer close(s.started)
	defer s.hand.Close()
	r, f, err := receive(s.hand)
	if f != nil {
		f.Close()
	}
	if err == nil && r.Kind == kindFailed {
		s.process.fail(errors.New(r.Text))
	}
}

// kill asks the keeper. One that does not answer was stopped or killed; then
// the supervisor, who adopts what it leaves, does it itself.
func (s *supervisor) kill(ctx context.Context) ([]int, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*killLimit)
	defer cancel()
	select {
	case s.killing <- struct{}{}:
		defer func() { <-s.killing }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	select {
	case <-s.killed: // an answer that came too late for the one who asked
	default:
	}
	if _, err := s.control.Write([]byte(wordKill)); err == nil {
		select {
		case r := <-s.killed:
			return s.dismiss(ctx, r)
		case <-s.reaped:
		case <-ctx.Done():
		}
	}
	if err := s.killKeeper(); err != nil {
		return nil, err
	}
	return killOrphans(killLimit)
}

// dismiss lets the keeper go once its tree is gone.
func (s *supervisor) dismiss(ctx context.Context, r report) ([]int, error) {
	if r.Kind == kindFailed {
		return nil, errors.New(r.Text)
	}
	if len(r.PIDs) > 0 {
		return r.PIDs, nil
	}
	select {
	case <-s.process.done: // the status was on its way
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if err := s.control.CloseWrite(); err != nil && !errors.Is(err, unix.ENOTCONN) {
		return nil, fmt.Errorf("dismissing the keeper: %w", err)
	}
	select {
	case <-s.reaped:
		return nil, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (s *supervisor) killKeeper() error {
	select {
	case <-s.reaped:
		return nil
	default:
	}
	// Not yet reaped, or reaped this moment: the number is checked by kill.
	if t, err := readTask(s.process.keeper); err == nil && t.parent == os.Getpid() {
		t.kill()
	}
	select {
	case <-s.reaped:
		return nil
	case <-time.After(killLimit):
		return errors.New("the keeper cannot be killed")
	}
}

// killOrphans kills what a dead keeper left to this process. It is told from
// our own helpers and from other sessions' keepers by the filter that it
// cannot shed: one more than we are under ourselves.
func killOrphans(limit time.Duration) ([]int, error) {
	base, err := filters(os.Getpid())
	if err != nil {
		return nil, err
	}
	return killUntil(limit, func() ([]task, error) {
		all, err := processes()
		if err != nil {
			return nil, err
		}
		var roots []int
		var found []task
		for _, t := range all {
			if t.parent != os.Getpid() {
				continue
			}
			if n, err := filters(t.pid); err != nil || n <= base {
				continue
			}
			if t.dead {
				// By number, and only one that is a zombie.
				_, _ = unix.Wait4(t.pid, nil, unix.WNOHANG|unix.WALL, nil)
				continue
			}
			roots, found = append(roots, t.pid), append(found, t)
		}
		return append(found, below(all, roots...)...), nil
	})
}

// filters is the number of seccomp filters of a process.
func filters(pid int) (int, error) {
	return statusField(pid, "Seccomp_filters")
}

// statusField reads a number from /proc/PID/status, proc_pid_status(5).
func statusField(pid int, name string) (int, error) {
	path := fmt.Sprintf("/proc/%d/status", pid)
	status, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strconv.Atoi(strings.TrimSpace(value))
		}
	}
	return 0, fmt.Errorf("%s has no %s", path, name)
}
