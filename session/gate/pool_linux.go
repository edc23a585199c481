package gate

import (
	"sync"

	"golang.org/x/sys/unix"
)

// maxTracers is how many starts of one session are verified at once.
const maxTracers = 64

// pool is the threads that trace. A tracee belongs to the thread that seized
// it, so every job stays on one thread from its beginning to its end.
type pool struct {
	jobs chan func()
	done sync.WaitGroup

	mu      sync.Mutex
	threads map[int]bool
}

func newPool() *pool { return &pool{jobs: make(chan func()), threads: map[int]bool{}} }

// run has f done on one of the threads and returns when it is.
func (p *pool) run(f func()) {
	done := make(chan struct{})
	job := func() { defer close(done); f() }
	select {
	case p.jobs <- job:
	default:
		p.grow()
		p.jobs <- job
	}
	<-done
}

func (p *pool) grow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.threads) >= maxTracers {
		return
	}
	ready := make(chan struct{})
	p.done.Go(func() {
		onOwnThread(func() {
			p.threads[unix.Gettid()] = true
			close(ready)
			for f := range p.jobs {
				f()
			}
		})
	})
	<-ready
}

// has reports whether tid is one of the threads.
func (p *pool) has(tid int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.threads[tid]
}

// close ends the threads; no job may come any more.
func (p *pool) close() {
	close(p.jobs)
	p.done.Wait()
}
