package unotify

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Listener is the descriptor on which the kernel asks. Methods may be called
// from any goroutine. Once closed, every held start and every further one in
// the tree fails with ENOSYS.
type Listener struct {
	file *os.File
	raw  syscall.RawConn

	// receiving keeps two receivers from seeing the same readiness: the one
	// that came second would sleep in the ioctl, out of reach of Close.
	receiving sync.Mutex
}

// NewListener takes over f, as returned by Install or received from the
// process that called it. f is closed in any case.
func NewListener(f *os.File) (*Listener, error) {
	defer f.Close()
	if err := checkSizes(); err != nil {
		return nil, err
	}
	raw, err := f.SyscallConn()
	if err != nil {
		return nil, fmt.Errorf("taking over the listener: %w", err)
	}
	fd := -1
	var errDup error
	err = raw.Control(func(old uintptr) {
		fd, errDup = unix.FcntlInt(old, unix.F_DUPFD_CLOEXEC, 0)
	})
	if err := errors.Join(err, errDup); err != nil {
		return nil, fmt.Errorf("taking over the listener: %w", err)
	}
	// Non-blocking, so that os.NewFile hands it to the runtime's poller and
	// Close wakes a waiting Receive.
	if err := unix.SetNonblock(fd, true); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("taking over the listener: %w", err)
	}
	file := os.NewFile(uintptr(fd), "seccomp listener")
	if err := file.SetReadDeadline(time.Time{}); err != nil {
		file.Close()
		return nil, fmt.Errorf("the listener cannot be waited for: %w", err)
	}
	l := &Listener{file: file}
	if l.raw, err = file.SyscallConn(); err != nil {
		file.Close()
		return nil, fmt.Errorf("taking over the listener: %w", err)
	}
	err = l.control(func(fd uintptr) error { return setSyncWakeUp(fd) })
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("the descriptor is no seccomp listener: %w", err)
	}
	return l, nil
}

// Receive waits for the next start. It returns os.ErrClosed after Close, and
// io.EOF when no task under the filter is left. Starts that went away before
// they were read are passed over.
func (l *Listener) Receive() (Notification, error) {
	l.receiving.Lock()
	defer l.receiving.Unlock()
	var n Notification
	var err error
	waitErr := l.raw.Read(func(fd uintptr) (done bool) {
		n, done, err = receive(fd)
		return done
	})
	if waitErr != nil {
		return Notification{}, os.ErrClosed // as in control
	}
	return n, err
}

// receive takes what is there; done is false when there is nothing yet.
func receive(fd uintptr) (n Notification, done bool, err error) {
	for {
		poll := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		ready, err := unix.Poll(poll, 0)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return Notification{}, true, fmt.Errorf("waiting for a start: %w", err)
		case ready == 0:
			return Notification{}, false, nil
		case poll[0].Revents&unix.POLLIN == 0 && poll[0].Revents&unix.POLLHUP != 0:
			return Notification{}, true, io.EOF
		case poll[0].Revents&unix.POLLIN == 0:
			return Notification{}, true, fmt.Errorf("waiting for a start: poll says %#x", poll[0].Revents)
		}
		got, err := ioctlReceive(fd)
		if err == unix.EINTR || err == unix.ENOENT {
			continue
		}
		if err != nil {
			return Notification{}, true, fmt.Errorf("reading a start: %w", err)
		}
		if n, ok := got.notification(runtime.GOARCH); ok {
			return n, true, nil
		}
		// The filter hands over nothing else; a call that we have no name
		// for must still not sleep for ever, nor run.
		if err := ioctlSend(fd, response{id: got.id, err: -int32(unix.ENOSYS)}); err != nil && err != unix.ENOENT {
			return Notification{}, true, fmt.Errorf("refusing a call that was not asked for: %w", err)
		}
	}
}

// notification names what the kernel sent, if it is one of the calls we hold.
func (k *kernelNotif) notification(goarch string) (Notification, bool) {
	name, known := names()[goarch][uint32(k.nr)]
	if !known || k.arch != machines[goarch].audit {
		return Notification{}, false
	}
	return Notification{ID: k.id, TID: int(k.pid), NR: int(k.nr), Call: Call(name), Args: k.args}, true
}

// Valid tells whether the task still waits for an answer to id. Ask it after
// every look at the task: its number may have passed to another task.
func (l *Listener) Valid(id uint64) bool {
	return l.control(func(fd uintptr) error { return ioctlValid(fd, id) }) == nil
}

// Continue lets the call run as if there was no filter. The error is ENOENT
// when the task is gone, EINPROGRESS when it was answered before.
func (l *Listener) Continue(id uint64) error {
	return l.send(response{id: id, flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE})
}

// Return ends the call with value as its result, as if the kernel had done it.
// Errors are those of Continue.
func (l *Listener) Return(id uint64, value int64) error {
	return l.send(response{id: id, value: value})
}

// Refuse makes the call fail with errno; errno 0 would claim a success that
// was none and is itself an error. Errors are those of Continue.
func (l *Listener) Refuse(id uint64, errno syscall.Errno) error {
	if errno == 0 || errno > 4095 {
		return fmt.Errorf("a start cannot be refused with errno %d", int(errno))
	}
	return l.send(response{id: id, err: -int32(errno)})
}

func (l *Listener) send(r response) error {
	err := l.control(func(fd uintptr) error { return ioctlSend(fd, r) })
	if err != nil {
		return fmt.Errorf("answering a start: %w", err)
	}
	return nil
}

// Close gives up the descriptor and wakes Receive.
func (l *Listener) Close() error { return l.file.Close() }

// control runs one system call on the descriptor, again while it is interrupted.
func (l *Listener) control(call func(fd uintptr) error) error {
	var callErr error
	err := l.raw.Control(func(fd uintptr) {
		for callErr = call(fd); callErr == unix.EINTR; {
			callErr = call(fd)
		}
	})
	if err != nil {
		// The poller has errors of its own, not those of os; without a
		// deadline the only one left is that the file was closed.
		return os.ErrClosed
	}
	return callErr
}
