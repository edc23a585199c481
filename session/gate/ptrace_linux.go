package gate

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// The kernel's numbers for "start this call again", see errno.h of the kernel;
// a program never sees them.
const (
	restartFirst = syscall.Errno(512)
	restartAgain = syscall.Errno(513) // ERESTARTNOINTR: whatever the signal, again
	restartLast  = syscall.Errno(516)
)

// seize attaches the calling thread to tid without stopping it. Should this
// process die, the kernel kills tid.
func seize(tid int) error {
	_, _, e := unix.RawSyscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(tid), 0,
		unix.PTRACE_O_TRACEEXEC|unix.PTRACE_O_EXITKILL, 0, 0)
	if e != 0 {
		return e
	}
	return nil
}

// detach lets a stopped tid go on, with a signal that was on its way to it.
func detach(tid int, sig syscall.Signal) error {
	_, _, e := unix.RawSyscall6(unix.SYS_PTRACE, unix.PTRACE_DETACH, uintptr(tid), 0, uintptr(sig), 0, 0)
	if e != 0 {
		return e
	}
	return nil
}

// stop is what a wait for a tracee returned.
type stop struct {
	tid   int
	ended bool
	sig   syscall.Signal
	event int // 0: a signal is about to be delivered
}

// wait waits for the next stop or end of the thread tid of process pid, which the
// calling thread traces. An exec of a thread that is not the first is reported
// under the number of the process, so that one has to wait for whatever comes;
// otherwise nothing is taken of what else this thread may be the parent of.
func wait(tid, pid int) (stop, error) {
	if tid == pid {
		return waitOn(pid, 0)
	}
	for {
		at, err := waitOn(anyTracee, 0)
		if err != nil || at.tid == tid || at.tid == pid {
			return at, err
		}
	}
}

// anyTracee is every tracee of the calling thread, and of no other thread of
// this process.
const anyTracee = -1

// waitOn waits for the next stop or end of one tracee. tid is 0 when nothing is
// there (WNOHANG).
func waitOn(which, options int) (stop, error) {
	var ws unix.WaitStatus
	for {
		tid, err := unix.Wait4(which, &ws, unix.WALL|unix.WNOTHREAD|options, nil)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return stop{}, err
		case tid == 0:
			return stop{}, nil
		case !ws.Stopped():
			return stop{tid: tid, ended: true}, nil
		}
		return stop{tid: tid, sig: ws.StopSignal(), event: int(uint32(ws) >> 16)}, nil
	}
}

// callError is the error that the system call which tid has just left returns.
func callError(tid int) (syscall.Errno, error) {
	var r unix.PtraceRegs
	if err := unix.PtraceGetRegs(tid, &r); err != nil {
		return 0, err
	}
	if v := result(&r); v < 0 && v > -4096 {
		return syscall.Errno(-v), nil
	}
	return 0, nil
}
