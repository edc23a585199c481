package child

import (
	"context"
	"errors"
	"os"
	"sync"
)

// HookFD is the number under which the shell finds its hook descriptor.
const HookFD = 63

// Names under which the program starts itself.
const (
	keeperName = "escort-keeper"
	childName  = "escort-child"
)

// IsKeeper reports whether words are those that the keeper of a session is started
// with. Who calls itself so without being one gains nothing by it.
func IsKeeper(words []string) bool { return len(words) > 0 && words[0] == keeperName }

// StatusKeeperLost is the status of a session whose keeper died: as for SIGKILL.
const StatusKeeperLost = 137

// Errors of a session's processes.
var (
	// ErrKeeperLost says that the keeper died before the shell; what was left was killed.
	ErrKeeperLost = errors.New("the session's keeper was killed")
	// ErrHeld says that another process has the session's listener and could answer for the escort.
	ErrHeld = errors.New("another process holds this session's listener")
)

// Config says what to start. Nothing but what it names reaches the shell.
type Config struct {
	Argv []string // Argv[0] is looked up in PATH if it has no slash
	Path string   // the program, where it is not Argv[0] (a login shell's is "-bash")
	Env  []string // the shell's whole environment
	Dir  string   // "" is the supervisor's
	TTY  *os.File // slave end of the pty: controlling terminal, descriptors 0 to 2
	Hook *os.File // becomes descriptor HookFD; may be nil

	Account *Account // whose the program is; nil: the supervisor's own

	NoNewPrivs    bool // sudo gains nothing inside; always so without CAP_SYS_ADMIN
	AllowNoScopes bool // privileged, accept a kernel that cannot keep root from the listener
}

// Account is an account of this machine, by its numbers.
type Account struct {
	UID, GID int
	Groups   []int // further ones
}

// Process is a session's tree of processes. Its methods may be called from any
// goroutine.
type Process struct {
	shell, keeper int
	scoped        bool
	done          chan struct{} // closed once, when the shell ended or the keeper died
	killTree      func(context.Context) ([]int, error)

	mu     sync.Mutex // guards what follows
	ended  bool
	status int
	err    error
}

// ShellPID is the process of the shell.
func (p *Process) ShellPID() int { return p.shell }

// KeeperPID is the process that looks after the tree.
func (p *Process) KeeperPID() int { return p.keeper }

// Scoped tells whether the tree is in a Landlock domain, which keeps root
// inside away from the listener.
func (p *Process) Scoped() bool { return p.scoped }

// Done is closed when the shell has ended. Others of its tree may live on.
func (p *Process) Done() <-chan struct{} { return p.done }

// Status is the shell's exit status, 128+N after signal N; -1 before Done.
func (p *Process) Status() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		return -1
	}
	return p.status
}

// Err says why there was no shell, or why its end was not seen; nil otherwise.
func (p *Process) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// Kill ends the whole tree with SIGKILL and returns what is left of it, which
// is nothing unless a task cannot be killed. Call it at the end of every
// session: only then does the keeper go. ctx bounds the wait.
func (p *Process) Kill(ctx context.Context) (survivors []int, err error) { return p.killTree(ctx) }

// end records the first end; later ones are of no interest.
func (p *Process) end(status int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return
	}
	p.ended, p.status = true, status
	p.err = errors.Join(p.err, err)
	close(p.done)
}

// fail adds a reason, which end keeps.
func (p *Process) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err = errors.Join(p.err, err)
}
