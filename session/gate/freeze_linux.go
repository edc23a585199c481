package gate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"escort/session/proc"
)

// settleEvery is the pause between two looks at tasks that are about to stop.
const settleEvery = 2 * time.Millisecond

// Freeze stops every process of the session and returns when none runs. Held
// starts stay held, and a deny of one is answered without setting it going.
// With an error some process may still run; the session counts as frozen.
func (g *Gate) Freeze(ctx context.Context) error {
	g.mu.Lock()
	if !g.frozen {
		g.frozen, g.thawed = true, make(chan struct{})
	}
	g.mu.Unlock()
	err := errors.New("the gate has ended")
	g.ice.do(func() { err = g.freeze(ctx) })
	return err
}

// Thaw resumes what [Gate.Freeze] stopped.
func (g *Gate) Thaw(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g.ice.do(g.ice.thaw)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.frozen {
		g.frozen = false
		close(g.thawed)
	}
	return nil
}

// freeze takes hold of every thread again and again until a pass finds none
// that is new: what a thread forked before it stopped is found by the next.
func (g *Gate) freeze(ctx context.Context) error {
	for {
		taken, err := g.pass()
		if err != nil {
			return err
		}
		for g.running() {
			if err := pause(ctx); err != nil {
				return err
			}
		}
		if taken == 0 {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("freezing: %w", err)
		}
	}
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return fmt.Errorf("freezing: %w", ctx.Err())
	case <-time.After(settleEvery):
		return nil
	}
}

// pass takes hold of every thread that is not held yet.
func (g *Gate) pass() (taken int, err error) {
	below, err := proc.Descendants(g.keeper)
	if err != nil {
		return 0, fmt.Errorf("freezing: %w", err)
	}
	for _, p := range below {
		if p.State == 'Z' || p.State == 'X' {
			continue
		}
		threads, err := proc.Threads(p.PID)
		if err != nil {
			continue // gone since; the next pass looks again
		}
		for _, tid := range threads {
			if g.catch(p.PID, tid) {
				taken++
			}
		}
	}
	return taken, nil
}

// catch takes hold of one thread and reports whether it was not held before.
// One that sleeps in a notification cannot stop and does not run either.
func (g *Gate) catch(pid, tid int) bool {
	g.mu.Lock()
	asleep := g.pending[tid]
	g.mu.Unlock()
	if asleep {
		return false
	}
	if t := g.ice.tasks[tid]; t != nil {
		again := t.leave
		t.leave = false
		return again
	}
	if g.ice.take(tid) == nil {
		return true
	}
	s, err := proc.ReadStatus(tid)
	if err != nil || s.Tracer == 0 || g.tracers.has(s.Tracer) || g.servers.has(s.Tracer) || g.ice.stops[pid] {
		return false // gone, or held by a tracer of ours until it is thawed
	}
	// Its debugger is a process of the session and is stopped with the rest;
	// only a signal stops what it traces.
	g.ice.stops[pid] = unix.Kill(pid, unix.SIGSTOP) == nil
	return true
}

// running reports whether a thread that was taken has yet to stop. One that
// waits inside the kernel runs nothing of its own until it has stopped.
func (g *Gate) running() bool {
	g.ice.drain()
	for tid, t := range g.ice.tasks {
		if t.stopped {
			continue
		}
		s, err := proc.ReadStat(tid)
		if err == nil && s.State != 'D' && s.State != 'Z' && s.State != 'X' {
			return true
		}
	}
	return false
}
