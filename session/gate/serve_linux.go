package gate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"escort/session/unotify"
)

// maxServers is how many threads receive at most, maxSpare how many of them
// wait for their turn.
const (
	maxServers = 128
	maxSpare   = 4
)

// patience is how long the thread whose turn it is may take for one call before
// another one receives in its place, and rest is after how many looks without a
// call nobody looks any more.
const (
	patience = 2 * time.Millisecond
	rest     = 25
)

// server is one thread that receives calls and answers on the spot what needs
// nobody: to hand a call to another thread takes longer than to answer it.
type server struct {
	turn chan bool // told true when it is this one's turn, false when all is over

	// Under the lock of the servers.
	leads   bool
	busy    bool
	call    unotify.Notification
	seq     uint64    // of the call, to tell two apart
	since   time.Time // it is looking at files
	refused bool      // the call was answered, because looking took too long
}

// servers is the threads that receive. One of them waits for a call at a time;
// when that one is kept, by a file system or by a program that is being
// compared, another takes over.
type servers struct {
	g *Gate

	mu       sync.Mutex
	spare    []*server
	all      map[*server]int // with the number of its thread
	leader   *server
	seq      uint64
	watching bool
	over     bool
	err      error
	done     sync.WaitGroup
	slow     sync.WaitGroup // what is not answered on the spot
}

// errSlow says that a call cannot be answered on the spot: somebody must be
// asked, or something waited for.
var errSlow = errors.New("not on the spot")

// begin starts the first server.
func (v *servers) begin() {
	v.all = map[*server]int{}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.promote()
}

// promote gives the turn to a thread that waits, or to a new one. Needs mu.
func (v *servers) promote() {
	if v.leader != nil {
		v.leader.leads = false
		v.leader = nil
	}
	if v.over {
		return
	}
	var s *server
	if n := len(v.spare); n > 0 {
		s, v.spare = v.spare[n-1], v.spare[:n-1]
		defer func() { s.turn <- true }()
	} else {
		s = &server{turn: make(chan bool, 1)}
		v.all[s] = 0
		v.done.Go(func() { onOwnThread(func() { v.serve(s) }) })
	}
	s.leads, v.leader = true, s
}

// serve receives and answers until the listener ends, or another one leads and
// enough wait. It has a thread of its own.
func (v *servers) serve(s *server) {
	err := v.g.crew.own.Assume(nil, v.g.crew.own)
	v.mu.Lock()
	v.all[s] = unix.Gettid()
	v.mu.Unlock()
	defer func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		delete(v.all, s)
	}()
	for err == nil {
		var n unotify.Notification
		if n, err = v.g.l.Receive(); err != nil {
			break
		}
		alone := v.took(s, n)
		if v.g.pend(n.TID); alone || !v.g.onTheSpot(s, n) {
			v.later(n)
		}
		if !v.next(s) {
			return
		}
	}
	v.end(err)
}

// took notes that s has a call to answer. With alone it must not be kept by it:
// no other thread could take over.
func (v *servers) took(s *server, n unotify.Notification) (alone bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.seq++
	s.busy, s.call, s.seq = true, n, v.seq
	if !v.watching {
		v.watching = true
		v.done.Go(v.watch)
	}
	return len(v.all) >= maxServers && len(v.spare) == 0
}

// later has n answered by a goroutine of its own.
func (v *servers) later(n unotify.Notification) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.over { // else the listener is closed, and all calls fail
		v.slow.Go(func() { v.g.handle(n) })
	}
}

// next reports whether s is to receive once more, for which it may wait.
func (v *servers) next(s *server) bool {
	v.mu.Lock()
	s.busy = false
	switch {
	case s.leads:
		v.mu.Unlock()
		return true
	case v.over || len(v.spare) >= maxSpare:
		v.mu.Unlock()
		return false
	}
	v.spare = append(v.spare, s)
	v.mu.Unlock()
	return <-s.turn
}

// end ends all servers. What is kept by a call ends after it.
func (v *servers) end(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.over {
		return
	}
	v.over, v.err = true, err
	for _, s := range v.spare {
		s.turn <- false
	}
	v.spare = nil
	v.g.stop()
}

// watch lets another thread receive when the one that leads is kept, and refuses
// what was looked at for too long.
func (v *servers) watch() {
	tick := time.NewTicker(patience)
	defer tick.Stop()
	var last uint64
	for quiet := 0; ; {
		<-tick.C
		v.mu.Lock()
		if l := v.leader; l != nil && l.busy && l.seq == last {
			v.promote()
		}
		kept := v.late()
		if quiet++; v.seq != last || kept {
			quiet = 0
		}
		last = v.seq
		if quiet > rest || v.over {
			v.watching = false
			v.mu.Unlock()
			return
		}
		v.mu.Unlock()
	}
}

// tooLate is why a call is refused whose files do not answer.
var tooLate = &refusal{unix.EIO, "what a process wanted to start or change could not be looked at in time; it was refused"}

// late refuses the calls whose files did not answer in time. It reports whether
// a call keeps a thread. Needs mu.
func (v *servers) late() (kept bool) {
	for s := range v.all {
		kept = kept || s.busy
		if s.busy && !s.refused && !s.since.IsZero() && time.Since(s.since) > lookFor {
			s.refused = true
			n := s.call
			v.done.Go(func() { v.g.refuse(n, tooLate) })
		}
	}
	return kept
}

// looking notes that s begins, or is done with, a look at files. It reports
// whether that was too long for the call.
func (v *servers) looking(s *server, now bool) (late bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	late = s.refused
	s.since, s.refused = time.Time{}, false
	if now {
		s.since = time.Now()
	}
	return late
}

// has reports whether tid is one of the threads.
func (v *servers) has(tid int) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, t := range v.all {
		if t == tid {
			return true
		}
	}
	return false
}

// Run receives and answers until the listener closes or no process of the
// session is left, and then waits for everything it started. A done ctx closes
// the listener, which makes every later start fail.
func (g *Gate) Run(ctx context.Context) error {
	g.ended, g.stop = context.WithCancel(ctx)
	defer g.stop()
	defer context.AfterFunc(g.ended, func() { g.l.Close() })()
	if g.crew.err != nil {
		return fmt.Errorf("the gate does not know its own account: %w", g.crew.err)
	}
	g.servers.begin()
	<-g.ended.Done() // whoever is asked still is told that it is over
	waitFor(&g.servers.done, lookFor)
	g.servers.end(nil)
	g.servers.slow.Wait()
	g.tracers.close()
	g.crew.close()
	g.ice.close()
	g.servers.mu.Lock()
	defer g.servers.mu.Unlock()
	err := g.servers.err
	if err == nil || errors.Is(err, os.ErrClosed) || errors.Is(err, io.EOF) {
		return nil
	}
	return fmt.Errorf("the gate cannot receive any more: %w", err)
}

// waitFor waits for work to end, but not for ever: what hangs in a file system
// that does not answer is left behind.
func waitFor(work *sync.WaitGroup, most time.Duration) {
	ended := make(chan struct{})
	go func() { defer close(ended); work.Wait() }()
	select {
	case <-ended:
	case <-time.After(most):
	}
}

// pend notes that tid sleeps in a notification.
func (g *Gate) pend(tid int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pending[tid] = true
}
