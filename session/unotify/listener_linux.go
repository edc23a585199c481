package unotify

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// Listener is the descriptor on which the kernel asks. Methods may be called
// from any goroutine. Once closed, every held start and every further one in
// the tree fails with ENOSYS.
type Listener struct {
	file *os.File
	raw  syscall.RawConn

	// over is written to by Close and never read, so that it wakes whoever
	// waits in Receive: for the thread that waits is the one that answers, and
	// a way through the runtime's poller would take longer than the answer.
	over    *os.File
	overRaw syscall.RawConn

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
	fd, over := -1, -1
	var errDup error
	err = raw.Control(func(old uintptr) {
		fd, errDup = unix.FcntlInt(old, unix.F_DUPFD_CLOEXEC, 0)
	})
	if err := errors.Join(err, errDup); err != nil {
		return nil, fmt.Errorf("taking over the listener: %w", err)
	}
	l := &Listener{file: os.NewFile(uintptr(fd), "seccomp listener")}
	if over, err = unix.Eventfd(0, unix.EFD_CLOEXEC); err != nil {
		l.file.Close()
		return nil, fmt.Errorf("waiting for the listener: %w", err)
	}
	l.over = os.NewFile(uintptr(over), "end of the listener")
	l.raw, err = l.file.SyscallConn()
	var errOver error
	l.overRaw, errOver = l.over.SyscallConn()
	if err := errors.Join(err, errOver); err != nil {
		l.drop()
		return nil, fmt.Errorf("taking over the listener: %w", err)
	}
	err = l.control(func(fd uintptr) error { return setSyncWakeUp(fd) })
	if err != nil {
		l.drop()
		return nil, fmt.Errorf("the descriptor is no seccomp listener: %w", err)
	}
	return l, nil
}

// Receive waits for the next start, and keeps its thread while it does. It
// returns os.ErrClosed after Close, and io.EOF when no task under the filter is
// left. Starts that went away before they were read are passed over.
func (l *Listener) Receive() (n Notification, err error) {
	l.receiving.Lock()
	defer l.receiving.Unlock()
	var errFile error
	errOver := l.overRaw.Control(func(over uintptr) {
		errFile = l.raw.Control(func(fd uintptr) { n, err = receive(fd, over) })
	})
	if errOver != nil || errFile != nil {
		return Notification{}, os.ErrClosed // as in control
	}
	return n, err
}

// receive waits for a start, or for something to be read from over.
func receive(fd, over uintptr) (Notification, error) {
	for {
		poll := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}, {Fd: int32(over), Events: unix.POLLIN}}
		_, err := unix.Poll(poll, -1)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return Notification{}, fmt.Errorf("waiting for a start: %w", err)
		case poll[1].Revents != 0:
			return Notification{}, os.ErrClosed
		case poll[0].Revents&unix.POLLIN == 0 && poll[0].Revents&unix.POLLHUP != 0:
			return Notification{}, io.EOF
		case poll[0].Revents&unix.POLLIN == 0:
			return Notification{}, fmt.Errorf("waiting for a start: poll says %#x", poll[0].Revents)
		}
		got, err := ioctlReceive(fd)
		if err == unix.EINTR || err == unix.ENOENT {
			continue
		}
		if err != nil {
			return Notification{}, fmt.Errorf("reading a start: %w", err)
		}
		if n, ok := got.notification(runtime.GOARCH); ok {
			return n, nil
		}
		// The filter hands over nothing else; a call that we have no name
		// for must still not sleep for ever, nor run.
		if err := ioctlSend(fd, response{id: got.id, err: -int32(unix.ENOSYS)}); err != nil && err != unix.ENOENT {
			return Notification{}, fmt.Errorf("refusing a call that was not asked for: %w", err)
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
func (l *Listener) Close() error {
	wake := make([]byte, 8)
	binary.NativeEndian.PutUint64(wake, 1)
	if _, err := l.over.Write(wake); err != nil {
		return fmt.Errorf("closing the listener: %w", err)
	}
	return l.drop()
}

func (l *Listener) drop() error { return errors.Join(l.file.Close(), l.over.Close()) }

// control runs one system call on the descriptor, again while it is interrupted.
func (l *Listener) control(call func(fd uintptr) error) error {
	var callErr error
	err := l.raw.Control(func(fd uintptr) {
		for callErr = call(fd); callErr == unix.EINTR; {
			callErr = call(fd)
		}
	})
	if err != nil {
		// The only error left is that the file was closed, by another name.
		return os.ErrClosed
	}
	return callErr
}
