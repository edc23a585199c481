package gate

import (
	"context"
	"errors"
	"fmt"
	"path"
	"syscall"

	"golang.org/x/sys/unix"

	"escort/explain/effect"
	"escort/session/event"
	"escort/session/proc"
	"escort/session/unotify"
)

// kind is how one sort of call with an effect is handled: what is copied from
// the process's memory, what it would do, and how that is done and answered.
type kind struct {
	copy  func(d *deed, m *proc.Memory) error
	look  func(g *Gate, d *deed) ([]consequence, error)
	act   func(g *Gate, ctx context.Context, d *deed) error
	files bool // its names are files, and it is done with the process's identity
	waits bool // for somebody else, maybe
}

// kindOf finds the kind of a call. The filter hands over no call without one.
func kindOf(c unotify.Call) (kind, bool) {
	if _, file := shapes[c]; file || c == "open" || c == "openat" || c == "creat" {
		return kind{(*deed).copyFrom, (*Gate).lookAtFiles, (*Gate).change, true, false}, true
	}
	k, ok := kinds[c]
	return k, ok
}

// effect takes a call that would change something from the kernel to its answer.
func (g *Gate) effect(ctx context.Context, on *server, n unotify.Notification) error {
	k, ok := kindOf(n.Call)
	if !ok {
		return &refusal{unix.ENOSYS, fmt.Sprintf("the system call %s has no rule; it was refused", n.Call)}
	}
	for range maxAsks {
		d, err := g.readDeed(n, k)
		if err != nil {
			return err
		}
		d.on = on
		err = g.asProcess(d, k, func() error { return g.judgeDeed(ctx, d, k) })
		d.close()
		if err != errAgain {
			return err
		}
	}
	return &refusal{errno: unix.EAGAIN}
}

// asProcess judges a deed that names files on a thread with the identity of its
// process, from the first look to the answer: each change of threads takes
// longer than the deed.
func (g *Gate) asProcess(d *deed, k kind, judge func() error) error {
	if !k.files {
		return judge()
	}
	if err := g.prepare(d); err != nil {
		return err
	}
	for _, nm := range d.shape.names {
		d.view.keep(d.from(nm))
	}
	var result error
	err := g.crew.as(d.on, d.creds, func() {
		d.acting = true
		result = judge()
		d.acting = false
	})
	if err != nil {
		return &refusal{unix.EPERM, fmt.Sprintf("process %d could not be acted for: %v", d.key.pid, err)}
	}
	return result
}

// prepare opens the view of d's process, if its accounts mean what the gate's do.
func (g *Gate) prepare(d *deed) error {
	same, err := proc.SameUsers(d.n.TID)
	if err != nil || !same {
		return &refusal{unix.EPERM, fmt.Sprintf("process %d has accounts of its own (a user namespace): what it changes cannot be judged; it was refused", d.key.pid)}
	}
	if d.view, err = newView(d.n.TID, d.key.pid); err != nil {
		return &refusal{errno: errno(err)}
	}
	d.view.keep("cwd")
	d.view.within = func(pid int) bool {
		inside, _ := g.belongs(pid)
		return inside || pid == d.key.pid
	}
	return nil
}

// errAgain says that what a name led to was changed before it was done.
var errAgain = errors.New("the file was made or replaced meanwhile")

// judgeDeed decides about d and, if it may be, does it and answers.
func (g *Gate) judgeDeed(ctx context.Context, d *deed, k kind) error {
	cs, err := k.look(g, d)
	if err != nil {
		return err
	}
	ctx, stop := g.watch(ctx, d.on, d.n)
	defer stop()
	hold, err := g.permitted(ctx, d, cs)
	if err != nil {
		return err
	}
	if d.on != nil && (k.waits || d.open != nil && d.open.fifo) {
		return errSlow
	}
	for _, c := range cs {
		if err := g.recordEffect(d, c, hold); err != nil {
			return err
		}
	}
	if err := g.waitThawed(ctx); err != nil {
		return err
	}
	return k.act(g, ctx, d)
}

// permitted decides whether the consequences may be: those that a line showed
// and those that the policy does not hold pass, those that it never allows do
// not, and all else is asked about. It returns the hold that grants them.
func (g *Gate) permitted(ctx context.Context, d *deed, cs []consequence) (hold string, err error) {
	from, shown := g.shownTo(d)
	if from.g != nil {
		hold = from.g.id
	}
	q := EffectQuestion{Cause: event.CauseNobody, Line: hold, PID: d.key.pid}
	switch {
	case from.g != nil && from.g.foreground():
		q.Cause = event.CauseSurprise
	case from.g != nil:
		q.Cause = event.CauseBackground
	}
	each := true // all that is asked about is what the policy asks about each time
	for i := range cs {
		c := &cs[i]
		if why := g.why(c); why != "" {
			return "", &refusal{unix.EPERM, fmt.Sprintf("process %d tried to %s %s: %s; it was refused", d.key.pid, c.Verb, c.Object, why)}
		}
		switch {
		case g.underWay(c):
			q.Cause, each = event.CauseChanged, false
			c.Risk = effect.Worst(c.Risk, effect.High)
		case c.ours:
			continue
		case g.policy.Holds(c.Effect) && !g.covered(d, c, shown):
			each = false
		case !g.policy.Asks(c.Effect, c.path) || g.answered(from, c):
			continue
		}
		q.Effects = append(q.Effects, c.Effect)
	}
	if len(q.Effects) == 0 {
		return hold, nil
	}
	if each && from.g != nil {
		q.Cause = event.CausePolicy
	}
	if n := g.forbidden(d); n != 0 { // nobody need decide about what the kernel will not do
		return "", &refusal{errno: n}
	}
	return g.askEffect(ctx, d, q, from)
}

// shownTo is where d's process comes from and what the cards of its line said.
func (g *Gate) shownTo(d *deed) (from tag, shown []effect.Effect) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if from = g.origin(d.key.pid, besides(d.stat)); from.g != nil {
		shown = append(append(shown, from.g.shown...), from.g.line.shown...)
	}
	return from, shown
}

// answered reports whether c was asked about and allowed before, below the same
// line.
func (g *Gate) answered(from tag, c *consequence) bool {
	if from.g == nil {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return from.g.line.answered[answer{c.Verb, c.Object}]
}

// forbidden asks the kernel whether the process may write where d would change
// something; the number is its answer if not.
func (g *Gate) forbidden(d *deed) (n syscall.Errno) {
	_ = g.act(d, func() {
		for i := range d.spots {
			s := &d.spots[i]
			if s.name == "" && d.open == nil { // permissions are changed by owners, who need not be able to write
				continue
			}
			err := unix.Faccessat(unix.AT_FDCWD, d.reach(i), unix.W_OK, unix.AT_EACCESS)
			if err == unix.EACCES || err == unix.EROFS {
				n = errno(err)
				return
			}
		}
	})
	return n
}

// covered reports whether what was shown says c.
func (g *Gate) covered(d *deed, c *consequence, shown []effect.Effect) bool {
	if len(shown) == 0 {
		return false
	}
	if c.covers != nil {
		return c.covers(shown)
	}
	return covers(shown, c, c.path, g.home)
}

// underWay reports whether c writes into a file that an open plan was made
// from: shells read a script as they go.
func (g *Gate) underWay(c *consequence) bool {
	if c.file == (fileID{}) || c.access == "" {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, gr := range g.grants {
		for path := range gr.plan.Files {
			if id, ok := gr.files[path]; ok && id.same(c.file) {
				return true
			}
		}
	}
	return false
}

// askEffect puts q to the session. What was allowed is shown from then on.
func (g *Gate) askEffect(ctx context.Context, d *deed, q EffectQuestion, from tag) (string, error) {
	if d.on != nil {
		return "", errSlow
	}
	q.Argv, _ = proc.Cmdline(d.key.pid)
	q.Exe, _ = proc.Readlink(d.key.pid, "exe")
	g.count(1)
	a, err := g.asker.AskEffect(ctx, q)
	g.count(-1)
	switch {
	case ctx.Err() != nil:
		return "", &refusal{errno: unix.EINTR}
	case err != nil, !a.Allow:
		return "", &refusal{errno: unix.EPERM}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if from.g != nil {
		from.g.shown = append(from.g.shown, q.Effects...)
		for _, e := range q.Effects {
			from.g.line.answered[answer{e.Verb, e.Object}] = true
		}
	}
	return a.Hold, nil
}

// count changes the number of holds.
func (g *Gate) count(by int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held += by
}

// recordEffect writes c down before it is done, once for each line.
func (g *Gate) recordEffect(d *deed, c consequence, hold string) error {
	if c.ours || c.Verb == "" {
		return nil
	}
	g.mu.Lock()
	write := g.tallyOf(hold).add(c)
	g.mu.Unlock()
	if !write {
		return nil
	}
	if err := g.asker.Effect(c.Effect, d.key.pid, hold); err != nil {
		return &refusal{unix.EPERM, fmt.Sprintf("a change of %s was refused because it could not be recorded: %v", c.Object, err)}
	}
	return nil
}

// lookAtFiles resolves what d names and rates it.
func (g *Gate) lookAtFiles(d *deed) ([]consequence, error) {
	if err := g.within(d, d.resolve); err != nil {
		return nil, err
	}
	if d.inTheWay() { // nobody need decide about what the kernel will not do
		return nil, &refusal{errno: unix.EEXIST}
	}
	return g.consequences(d), nil
}

// within resolves names of d in its process's view and with its rights.
func (g *Gate) within(d *deed, resolve func() error) error {
	if d.view == nil {
		if err := g.prepare(d); err != nil {
			return err
		}
	}
	var result error
	err := g.act(d, func() { result = resolve() })
	if !g.l.Valid(d.n.ID) {
		return &refusal{errno: unix.EINTR}
	}
	if err := errors.Join(err, result); err != nil {
		return &refusal{errno: errno(err)}
	}
	return nil
}

// act does something with the identity of d's process.
func (g *Gate) act(d *deed, do func()) error {
	if d.acting {
		do()
		return nil
	}
	return g.crew.as(d.on, d.creds, do)
}

// change does d in the process's place and answers with the result.
func (g *Gate) change(ctx context.Context, d *deed) error {
	do := d.shape.do
	if d.open != nil {
		do = d.open.run
	}
	if d.open != nil && d.open.fifo { // which may wait for its other end
		defer context.AfterFunc(ctx, func() { d.open.otherEnd(d) })()
	}
	unix.Umask(d.creds.Umask)
	result := do(d)
	unix.Umask(noMask)
	if d.open != nil && d.open.fifo && ctx.Err() != nil {
		if result == nil {
			_ = d.open.placed.Close()
		}
		return &refusal{errno: unix.EINTR}
	}
	switch {
	case result == unix.EEXIST && d.open != nil && d.open.flags&unix.O_EXCL == 0:
		return errAgain
	case result != nil:
		return &refusal{errno: errno(result)}
	}
	g.answering(d.n.TID)
	if d.open == nil {
		_ = g.l.Return(d.n.ID, 0) // an error means that the process is gone
		return nil
	}
	g.remember(d)
	if err := d.open.give(g.l, d); err != nil {
		return &refusal{errno: errno(err)}
	}
	return nil
}

// remember keeps the number of a terminal that was made in the session.
func (g *Gate) remember(d *deed) {
	if !d.open.special {
		return
	}
	n, err := unix.IoctlGetInt(int(d.open.placed.Fd()), unix.TIOCGPTN)
	if err != nil {
		return // no master of a terminal
	}
	at := terminalID{uint64(d.spots[0].stat.Dev), unix.Mkdev(firstPTS, uint32(n))}
	var fs unix.Statfs_t
	if unix.Fstatfs(d.fd(0), &fs) != nil {
		return
	}
	if fs.Type != unix.DEVPTS_SUPER_MAGIC { // it is beside the folder with the others
		p, err := d.view.find(path.Join(path.Dir(d.spots[0].path()), "pts"), "cwd", true)
		if err != nil {
			return
		}
		at.dev = uint64(p.stat.Dev)
		p.close()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.terminals[at] = true
}
