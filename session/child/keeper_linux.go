package child

import (
	"fmt"
	"math"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// Descriptors of the keeper and of the child prelude.
const (
	controlFD = 3 // keeper: to the supervisor
	orderFD   = 4 // keeper: the child's end, passed on and closed
	handFD    = 3 // child: to the supervisor
)

// keep is the life of the keeper.
//
// Signals are caught into nothing, rather than ignored: what is ignored stays
// so in the shell. That holds for what the supervisor was started to ignore
// too (by nohup, or in the background of a script), for a session has its own
// terminal, and Ctrl-C must stop what runs there.
func keep() error {
	signal.Notify(
		make(chan os.Signal, 1),
		unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGTERM, unix.SIGPIPE, unix.SIGALRM,
		unix.SIGUSR1, unix.SIGUSR2, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU, unix.SIGVTALRM, unix.SIGPROF,
	)
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("the keeper cannot adopt orphans: %w", err)
	}
	unix.CloseOnExec(controlFD)
	shell, err := startChild()
	if err != nil {
		return fmt.Errorf("the keeper cannot start the child: %w", err)
	}
	if err := send(controlFD, report{Kind: kindStarted, PID: shell}, -1); err != nil {
		_, _ = killUntil(killLimit, ours) // nobody is there to hear of a failure
		return err
	}
	go reap(shell)
	obey()
	return nil
}

// startChild starts the prelude with the supervisor's socket and nothing else.
func startChild() (int, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer null.Close()
	hand := os.NewFile(orderFD, "order")
	defer hand.Close()
	p, err := os.StartProcess("/proc/self/exe", []string{childName}, &os.ProcAttr{
		Env:   []string{},
		Files: []*os.File{null, null, null, hand},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		return 0, err
	}
	defer p.Release() // reap waits for everybody
	return p.Pid, nil
}

// reap waits for every child and orphan until none is left. The keeper traces
// nobody, so a wait for all takes nothing from a tracer.
func reap(shell int) {
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, unix.WALL, nil)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return // ECHILD: with nobody left, nobody can come
		case pid == shell:
			// If the supervisor is gone, obey sees it.
			_ = send(controlFD, report{Kind: kindEnded, Status: exitStatus(status)}, -1)
		}
	}
}

func exitStatus(s unix.WaitStatus) int {
	if s.Signaled() {
		return 128 + int(s.Signal())
	}
	return s.ExitStatus()
}

// obey waits for the supervisor's words. Its end, however it came, is the end
// of the tree: then there is no limit, since nobody else is left to do it.
func obey() {
	packet := make([]byte, maxPacket)
	for {
		n, err := readPacket(controlFD, packet)
		if err != nil {
			break
		}
		if string(packet[:n]) != wordKill {
			continue
		}
		left, err := killUntil(killLimit, ours)
		r := report{Kind: kindKilled, PIDs: left}
		if err != nil {
			r = report{Kind: kindFailed, Text: err.Error()}
		}
		if err := send(controlFD, r, -1); err != nil {
			break
		}
	}
	for {
		left, err := killUntil(math.MaxInt64, ours)
		if err == nil && len(left) == 0 {
			return
		}
	}
}

// ours is everybody below the keeper.
func ours() ([]task, error) {
	all, err := processes()
	if err != nil {
		return nil, fmt.Errorf("looking for the session's processes: %w", err)
	}
	return below(all, os.Getpid()), nil
}
