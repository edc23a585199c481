// Package proc is a read-only view of the processes of this machine: what they
// are, what they come from, what stands in their memory. Nothing here stops,
// signals or changes a process.
//
// Every length is capped at the kernel's own limits for execve(2): 128 KiB a
// string, 6 MiB for all words and the environment together. What is longer
// would be refused by the kernel too and is [ErrTooLong] here.
//
// A process ID is a number that comes again. Compare [Stat.Start] before and
// after, or ask whoever holds the process still, before acting on an answer.
// All numbers are those of this process's own pid namespace.
//
// # Limits
//
// Memory is read as a 64-bit little-endian process lays it out. Needs /proc and
// the right to read the process: as the same user, a process that made itself
// non-dumpable cannot be read, and that is [ErrDenied].
package proc

import (
	"errors"
	"io/fs"
	"syscall"
)

// The kernel's limits on what execve(2) takes, see there under "Limits on size
// of arguments and environment".
const (
	MaxString = 128 << 10       // MAX_ARG_STRLEN: 32 pages
	MaxAll    = 6 << 20         // three quarters of _STK_LIM
	MaxPath   = 4096            // PATH_MAX
	maxWords  = MaxAll / 8      // pointers alone would fill it
	maxTree   = 4 << 20         // PID_MAX_LIMIT
	maxFile   = MaxAll + 64<<10 // of what is read from a file below /proc
)

// Errors of this package; the errors returned wrap one of them where it applies.
var (
	// ErrGone says that there is no such process, or no longer.
	ErrGone = errors.New("the process is gone")
	// ErrDenied says that this process may not look at that one.
	ErrDenied = errors.New("the process may not be read")
	// ErrTooLong says that the kernel would not take it either.
	ErrTooLong = errors.New("longer than the kernel allows")
	// ErrFault says that an address is not in the process's memory.
	ErrFault = errors.New("the address is not mapped")
	// ErrFormat says that a file below /proc is not as its manual page says.
	ErrFormat = errors.New("/proc says something unexpected")
)

// kinds maps what the kernel answers to the errors of this package.
var kinds = []struct {
	errno error
	kind  error
}{
	{syscall.ESRCH, ErrGone},
	{fs.ErrNotExist, ErrGone},
	{syscall.EPERM, ErrDenied},
	{syscall.EACCES, ErrDenied},
	{syscall.EFAULT, ErrFault},
	{syscall.EIO, ErrFault},
}

// readError keeps both the sentence's kind and the cause.
type readError struct {
	what        string
	kind, cause error
}

func (e *readError) Error() string   { return e.what + ": " + e.cause.Error() }
func (e *readError) Unwrap() []error { return []error{e.kind, e.cause} }

// wrap says what was read when err came, and which kind of error it is.
func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	for _, k := range kinds {
		if errors.Is(err, k.errno) {
			return &readError{what, k.kind, err}
		}
	}
	return &readError{what, ErrFormat, err}
}
