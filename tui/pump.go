package tui

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"escort/session/event"
	"escort/session/screen"
)

// frame is the least time between two wake-ups of the console by output; what
// else happens wakes it at once.
const frame = 8 * time.Millisecond

// pump moves events from the source to the console. Output goes straight into
// the emulator and only marks the screen as changed; everything else queues.
type pump struct {
	scr  *screen.Screen
	wake chan struct{} // capacity 1: the screen changed
	now  chan struct{} // capacity 1: something else came

	follow bool // the session's size is its own, and another terminal answers its program

	mu     sync.Mutex
	queue  []arrival
	cells  [2]int // columns and rows that the session said last
	closed bool
	err    error
}

// arrival is an event and the place in the session at which it came.
type arrival struct {
	event.Event
	place uint64
}

// pumped tells the console to take what has come.
type pumped struct{}

func newPump(s *screen.Screen) *pump {
	return &pump{scr: s, wake: make(chan struct{}, 1), now: make(chan struct{}, 1)}
}

// run reads the source until it or ctx ends.
func (p *pump) run(ctx context.Context, src event.Source) {
	ch, err := src.Events(ctx, 0)
	for err == nil {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-ch:
			if !ok {
				p.finish(nil)
				return
			}
			p.take(src, e)
		}
	}
	p.finish(err)
}

func (p *pump) take(src event.Source, e event.Event) {
	if p.follow && e.Cols > 0 && e.Rows > 0 {
		p.scr.Resize(e.Cols, e.Rows)
	}
	if e.Kind != event.Output {
		a := arrival{e, p.scr.Place()}
		p.mu.Lock()
		if e.Cols > 0 && e.Rows > 0 {
			p.cells = [2]int{e.Cols, e.Rows}
		}
		p.queue = append(p.queue, a)
		p.mu.Unlock()
		poke(p.now)
		return
	}
	// The emulator's Write never fails.
	_, _ = p.scr.Write(e.Data)
	if r := p.scr.Replies(); len(r) > 0 && !p.follow {
		// A reply that does not fit the session's queue is one that the
		// program did not read: it has asked too often.
		_ = src.Input(r)
	}
	poke(p.wake)
}

// size is what the session said last of its terminal.
func (p *pump) size() [2]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cells
}

func (p *pump) finish(err error) {
	p.mu.Lock()
	p.closed, p.err = true, err
	p.mu.Unlock()
	poke(p.now)
}

func poke(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// drain takes the queue; closed tells that nothing comes any more.
func (p *pump) drain() (as []arrival, closed bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	as, p.queue = p.queue, nil
	return as, p.closed, p.err
}

// wait is the command that reports the next change; of the screen, at most one
// a frame.
func (p *pump) wait(ctx context.Context) tea.Cmd {
	return func() tea.Msg {
		t := time.NewTimer(frame)
		defer t.Stop()
		select {
		case <-ctx.Done():
			return nil
		case <-p.now:
			return pumped{}
		case <-t.C:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-p.now:
		case <-p.wake:
		}
		return pumped{}
	}
}

// worker runs calls one after the other, in the order in which they were given.
type worker struct {
	more chan struct{} // capacity 1

	mu    sync.Mutex
	calls []func() error
	size  bool // the last of them gives the session its size
}

func newWorker() *worker { return &worker{more: make(chan struct{}, 1)} }

func (w *worker) do(call func() error) { w.queue(call, false) }

// resize is do for a call that makes an earlier one of its kind needless: only
// the last size of a storm is worth telling.
func (w *worker) resize(call func() error) { w.queue(call, true) }

func (w *worker) queue(call func() error, size bool) {
	w.mu.Lock()
	if n := len(w.calls); size && w.size && n > 0 {
		w.calls = w.calls[:n-1]
	}
	w.calls, w.size = append(w.calls, call), size
	w.mu.Unlock()
	poke(w.more)
}

// run makes the calls until ctx ends; failed is told of errors.
func (w *worker) run(ctx context.Context, failed func(error)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.more:
		}
		w.mu.Lock()
		calls := w.calls
		w.calls = nil
		w.mu.Unlock()
		for _, call := range calls {
			if err := call(); err != nil {
				failed(err)
			}
		}
	}
}
