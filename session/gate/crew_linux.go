package gate

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"escort/session/proc"
	"escort/session/unotify"
)

// maxIdle is how many threads of one identity wait for work, maxCrew how many
// threads there are in all.
const (
	maxIdle = 4
	maxCrew = 128
)

// noMask is the umask of a thread that acts for nobody: what it makes is its own.
const noMask = 0o077

// crew is the threads that act as the processes of the session: each has taken
// the identity of one of them for good, so that the kernel asks it what it
// would ask the process.
type crew struct {
	own  unotify.Identity
	root bool
	err  error // why there is no own identity
	all  atomic.Int32

	mu     sync.Mutex
	idle   map[unotify.Identity][]chan job
	closed bool
	busy   sync.WaitGroup
}

type job struct {
	do   func()
	done chan struct{}
}

func newCrew() *crew {
	c := &crew{idle: map[unotify.Identity][]chan job{}}
	creds, err := proc.ReadCreds(os.Getpid())
	c.own, c.err, c.root = identityOf(creds), err, os.Geteuid() == 0
	return c
}

func identityOf(c proc.Creds) unotify.Identity {
	return unotify.Identity{
		UID: c.UID, GID: c.GID, Groups: fmt.Sprint(c.Groups),
		Effective: c.Effective, Permitted: c.Permitted, Inherited: c.Inherited,
	}
}

// as has do done by a thread with the identity of creds and waits for it. An
// error means that it was not done. on is the server that calls; nil: none does.
// It has the gate's own identity, and a umask and a folder of its own.
func (c *crew) as(on *server, creds proc.Creds, do func()) error {
	if c.err != nil {
		return c.err
	}
	id := identityOf(creds)
	if on != nil && id == c.own {
		do()
		return nil
	}
	w, err := c.worker(id, creds.Groups)
	if err != nil {
		return err
	}
	j := job{do, make(chan struct{})}
	w <- j
	<-j.done
	c.rest(id, w)
	return nil
}

// worker takes a waiting thread of that identity, or makes one.
func (c *crew) worker(id unotify.Identity, groups []uint32) (chan job, error) {
	c.mu.Lock()
	if ws := c.idle[id]; len(ws) > 0 {
		w := ws[len(ws)-1]
		c.idle[id] = ws[:len(ws)-1]
		c.mu.Unlock()
		return w, nil
	}
	c.mu.Unlock()
	if id != c.own && !c.root {
		return nil, unix.EPERM
	}
	if c.all.Add(1) > maxCrew {
		c.all.Add(-1)
		c.retire()
		if c.all.Add(1) > maxCrew {
			c.all.Add(-1)
			return nil, unix.EAGAIN
		}
	}
	w, ready := make(chan job), make(chan error)
	c.busy.Go(func() {
		defer c.all.Add(-1)
		onOwnThread(func() {
			err := id.Assume(slices.Clone(groups), c.own)
			ready <- err
			if err != nil {
				return
			}
			for j := range w {
				j.do()
				close(j.done)
			}
		})
	})
	if err := <-ready; err != nil {
		return nil, err
	}
	return w, nil
}

// rest keeps a thread for later, unless there are enough.
func (c *crew) rest(id unotify.Identity, w chan job) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || len(c.idle[id]) >= maxIdle {
		close(w)
		return
	}
	c.idle[id] = append(c.idle[id], w)
}

// retire ends every thread that waits.
func (c *crew) retire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, ws := range c.idle {
		for _, w := range ws {
			close(w)
		}
		delete(c.idle, id)
	}
}

// close ends the threads; no work may come any more. One that hangs in a file
// system that does not answer is left behind.
func (c *crew) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.retire()
	waitFor(&c.busy, lookFor)
}
