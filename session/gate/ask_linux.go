package gate

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"escort/explain/effect"
	"escort/session/event"
	"escort/session/proc"
	"escort/session/unotify"
)

// watchEvery is how often a held process is looked at: soon enough for Ctrl-C
// to feel immediate.
const watchEvery = 50 * time.Millisecond

// maxAsks is how often one start is shown again because its file was changed
// while it was held.
const maxAsks = 3

// takesBack are the signals that mean: do not start this after all. A process
// that handles or blocks them cannot act on them while the kernel holds it.
var takesBack = []syscall.Signal{
	unix.SIGINT, unix.SIGTSTP, unix.SIGHUP, unix.SIGQUIT, unix.SIGTERM, unix.SIGKILL,
}

// watch returns a context that ends when the held start goes away by itself.
// What is answered on the spot, by the server on, is not watched.
func (g *Gate) watch(ctx context.Context, on *server, n unotify.Notification) (context.Context, context.CancelFunc) {
	if on != nil {
		return ctx, func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var look func()
	look = func() {
		if ctx.Err() != nil {
			return
		}
		if !g.l.Valid(n.ID) || takenBack(n.TID) {
			cancel()
			return
		}
		time.AfterFunc(watchEvery, look)
	}
	time.AfterFunc(watchEvery, look)
	return ctx, cancel
}

func takenBack(tid int) bool {
	s, err := proc.ReadStatus(tid)
	if err != nil {
		return true
	}
	for _, sig := range takesBack {
		if s.IsPending(sig) {
			return true
		}
	}
	return false
}

// waitThawed returns once the session is not frozen.
func (g *Gate) waitThawed(ctx context.Context) error {
	for {
		g.mu.Lock()
		frozen, thawed := g.frozen, g.thawed
		g.mu.Unlock()
		if !frozen {
			return nil
		}
		select {
		case <-thawed:
		case <-ctx.Done():
			return &refusal{errno: unix.EINTR}
		}
	}
}

// ask puts q to the session and turns an allow into a grant. What was changed
// while it was held is asked again.
func (g *Gate) ask(ctx context.Context, s *start, q Question, from tag) (tag, string, error) {
	for range maxAsks {
		a, err := g.put(ctx, q)
		switch {
		case ctx.Err() != nil:
			return tag{}, "", &refusal{errno: unix.EINTR}
		case err != nil, !a.Allow:
			g.keep(s, &kept{denied: true})
			return tag{}, "", &refusal{errno: unix.EPERM}
		}
		now, err := g.lookUp(s)
		if err != nil {
			return tag{}, "", err
		}
		if now.equal(s.prog) {
			t, err := g.allow(s, q, a, from)
			return t, q.Note, err
		}
		g.Forget(a.Hold)
		s.prog, q.Path = now, now.path
		q.Cause, q.Note = event.CauseChanged, "the program was changed while it was held"
	}
	return tag{}, "", &refusal{unix.EPERM, fmt.Sprintf("%s was changed each time it was shown; it was refused", s.prog.path)}
}

// put asks, and counts what waits.
func (g *Gate) put(ctx context.Context, q Question) (Answer, error) {
	g.count(1)
	defer g.count(-1)
	return g.asker.Ask(ctx, q)
}

// equal reports whether nothing about the program changed.
func (p *program) equal(o *program) bool {
	if p.path != o.path || p.file != o.file || p.exe != o.exe || len(p.scripts) != len(o.scripts) {
		return false
	}
	for i := range p.scripts {
		if p.scripts[i] != o.scripts[i] {
			return false
		}
	}
	return true
}

// grantBelow gives out the grant of a plan that was allowed below what from runs
// under. Its first step is the program itself, which is not started once more.
// Needs mu.
func (g *Gate) grantBelow(gr *grant, shown []effect.Effect, from tag) {
	if gr.shown = shown; from.g != nil {
		gr.line = from.g.line
	}
	if len(gr.used) > 0 {
		gr.used[0] = 1
	}
	g.grants[gr.id] = gr
}

// allow makes the grant of an allowed start; the environment that was shown is
// expected below it.
func (g *Gate) allow(s *start, q Question, a Answer, from tag) (tag, error) {
	g.mu.Lock()
	n, noted := g.notes[a.Hold]
	delete(g.notes, a.Hold)
	g.mu.Unlock()
	if !noted {
		n = g.take(a.Plan)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	gr, err := newGrant(a.Hold, a.Plan, g.base.with(matters(s.env)), n.files)
	if err != nil {
		return tag{}, err
	}
	g.grantBelow(gr, g.placed(a.Shown, a.Plan, s.key.pid), from)
	g.learn(q.Env)
	return tag{born: s.key.born, g: gr}, nil
}
