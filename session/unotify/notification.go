package unotify

import "errors"

// Call is the name of a system call that the filter hands over, as its manual
// page spells it.
type Call string

// The calls that start a program: execve(2) and execveat(2). All others that
// are handed over would have an effect outside of the process.
const (
	Execve   Call = "execve"
	Execveat Call = "execveat"
)

// Starts reports whether the call starts a program.
func (c Call) Starts() bool { return c == Execve || c == Execveat }

// Notification is one system call that the kernel stopped and asks about.
// The task sleeps until the notification is answered or the task is killed.
type Notification struct {
	ID   uint64    // valid until answered, or until the task is gone
	TID  int       // the thread, as this process's pid namespace sees it; 0 if it does not
	Call Call      // which call
	NR   int       // its number on this architecture
	Args [6]uint64 // its registers; pointers are into the task's memory
}

// Errors of the set-up, each a reason not to start a session.
var (
	// ErrNoScopes says that the kernel's Landlock is older than ABI 6.
	ErrNoScopes = errors.New("this kernel has no Landlock scopes (Linux 6.12 and later have, if landlock is enabled)")
	// ErrNoWaitKillable says that a held task could be interrupted out of its hold.
	ErrNoWaitKillable = errors.New("this kernel cannot hold a start safely (it lacks seccomp's WAIT_KILLABLE_RECV; Linux 5.19 and later have it)")
	// ErrUnsupported says that there is no gate for this system at all.
	ErrUnsupported = errors.New("starts can be held on Linux only")
)
