package gate

import (
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// drainEvery is how often the freezer looks for tracees that stopped or ended.
const drainEvery = 20 * time.Millisecond

// frozenTask is one thread that the freezer traces.
type frozenTask struct {
	stopped bool
	leave   bool           // let go as soon as it stops
	sig     syscall.Signal // was about to be delivered
}

// freezer is the one thread that keeps every thread of a frozen session in a
// trace stop. To the processes and their shell this is invisible; a foreign
// SIGCONT changes nothing.
type freezer struct {
	cmds chan func()
	quit chan struct{}
	done sync.WaitGroup

	// Only the freezer's own thread uses these.
	tasks map[int]*frozenTask
	stops map[int]bool // stopped by a signal, because another traces them

	mu  sync.Mutex
	tid int // 0: the thread does not run yet
}

func newFreezer() *freezer {
	return &freezer{
		cmds: make(chan func()), quit: make(chan struct{}),
		tasks: map[int]*frozenTask{}, stops: map[int]bool{},
	}
}

// is reports whether tid is the freezer's thread.
func (z *freezer) is(tid int) bool {
	z.mu.Lock()
	defer z.mu.Unlock()
	return tid != 0 && tid == z.tid
}

// do runs f on the freezer's thread, which is made at the first use.
func (z *freezer) do(f func()) {
	z.mu.Lock()
	select {
	case <-z.quit:
		z.mu.Unlock()
		return
	default:
	}
	if z.tid == 0 {
		ready := make(chan int)
		z.done.Go(func() { onOwnThread(func() { z.loop(ready) }) })
		z.tid = <-ready
	}
	z.mu.Unlock()
	done := make(chan struct{})
	select {
	case z.cmds <- func() { defer close(done); f() }:
		<-done
	case <-z.quit:
	}
}

// loop runs on the freezer's thread: what is traced dies with that.
func (z *freezer) loop(ready chan<- int) {
	ready <- unix.Gettid()
	for {
		var tick <-chan time.Time
		if len(z.tasks) > 0 {
			tick = time.After(drainEvery)
		}
		select {
		case f := <-z.cmds:
			f()
		case <-tick:
			z.drain()
		case <-z.quit:
			return
		}
	}
}

// close ends the thread. A session that is still frozen dies with it.
func (z *freezer) close() {
	z.mu.Lock()
	close(z.quit)
	z.mu.Unlock()
	z.done.Wait()
}

// catch stops one thread that is about to be answered in a frozen session.
func (z *freezer) catch(tid int) { z.do(func() { _ = z.take(tid) }) }

// take seizes and interrupts tid. On the freezer's thread only.
func (z *freezer) take(tid int) error {
	if t := z.tasks[tid]; t != nil {
		t.leave = false
		return nil
	}
	if err := seize(tid); err != nil {
		return err
	}
	z.tasks[tid] = &frozenTask{}
	if err := unix.PtraceInterrupt(tid); err != nil && err != unix.ESRCH {
		return err
	}
	return nil
}

// drain takes note of what stopped or ended. On the freezer's thread only.
func (z *freezer) drain() {
	for {
		at, err := waitOn(anyTracee, unix.WNOHANG)
		if err != nil {
			clear(z.tasks) // ECHILD: nothing is traced any more
			return
		}
		if at.tid == 0 {
			return
		}
		t := z.tasks[at.tid]
		switch {
		case at.ended:
			delete(z.tasks, at.tid)
			continue
		case t == nil: // an exec took over the number of the first thread
			t = &frozenTask{leave: true}
			z.tasks[at.tid] = t
		}
		t.stopped = true
		if at.event == 0 {
			t.sig = at.sig
		}
		if t.leave {
			z.letGo(at.tid, t)
		}
	}
}

func (z *freezer) letGo(tid int, t *frozenTask) {
	_ = detach(tid, t.sig) // an error means that it is gone
	delete(z.tasks, tid)
}

// thaw lets everything go; what has not stopped yet goes when it does.
func (z *freezer) thaw() {
	z.drain()
	for tid, t := range z.tasks {
		t.leave = true
		if t.stopped {
			z.letGo(tid, t)
		}
	}
	for pid := range z.stops {
		_ = unix.Kill(pid, unix.SIGCONT)
		delete(z.stops, pid)
	}
}
