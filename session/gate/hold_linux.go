package gate

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"

	"escort/session/event"
	"escort/session/proc"
	"escort/session/unotify"
)

// start is one notified start on its way through the gate.
type start struct {
	call
	on   *server // that answers on the spot; nil: none
	n    unotify.Notification
	key  procKey
	stat proc.Stat
	uid  int
	prog *program
}

// kept is a decision that holds for the next start of the same process, if
// that is the very same: an allow for which the kernel asks once more, or a deny
// that a search along PATH would bring up again under another folder.
type kept struct {
	call   call
	file   fileID
	tag    tag
	denied bool
}

// refusal is why a start does not run: the number that its process sees, and
// what is said about it where that is not a decision.
type refusal struct {
	errno syscall.Errno
	alarm string
}

func (r *refusal) Error() string { return "refused: " + r.errno.Error() }

// refuseWith is what the process is told for err; any other error is a deny.
func refuseWith(err error) *refusal {
	var r *refusal
	if errors.As(err, &r) {
		return r
	}
	return &refusal{errno: unix.EPERM, alarm: err.Error()}
}

// handle takes one notification from the kernel to its answer, which may take
// as long as a person does.
func (g *Gate) handle(n unotify.Notification) {
	defer g.caught(n)
	if err := g.dispatch(g.ended, nil, n); err != nil {
		g.refuse(n, refuseWith(err))
	}
}

// onTheSpot is handle for calls that need nobody, and reports whether n was one.
func (g *Gate) onTheSpot(on *server, n unotify.Notification) bool {
	defer g.caught(n)
	g.mu.Lock()
	frozen := g.frozen
	g.mu.Unlock()
	if frozen {
		return false
	}
	err := g.dispatch(g.ended, on, n)
	if errors.Is(err, errSlow) {
		return false
	}
	if err != nil {
		g.refuse(n, refuseWith(err))
	}
	return true
}

// caught refuses n if judging it panicked.
func (g *Gate) caught(n unotify.Notification) {
	if r := recover(); r != nil {
		g.refuse(n, &refusal{unix.EPERM, fmt.Sprintf("a start could not be judged and was refused: %v", r)})
	}
}

// dispatch goes on by what is asked for. An error is how it is refused; it is
// errSlow where on, the server that answers on the spot, cannot.
func (g *Gate) dispatch(ctx context.Context, on *server, n unotify.Notification) error {
	if !n.Call.Starts() {
		return g.effect(ctx, on, n)
	}
	s, err := g.read(n)
	if err != nil {
		return err
	}
	s.on = on
	size := sizeOf(s.argv) + sizeOf(s.env)
	if err := g.carry(size); err != nil {
		return err
	}
	defer g.drop(size)
	return g.judge(ctx, s)
}

// maxWeight is how many bytes of words may wait to be judged at once. A session
// could else fill the memory of its supervisor with the words of starts that
// share theirs.
const maxWeight = 128 << 20

func (g *Gate) carry(size int) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.weight+size > maxWeight {
		return &refusal{unix.EAGAIN, "so many starts with long words wait that a further one was refused"}
	}
	g.weight += size
	return nil
}

func (g *Gate) drop(size int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.weight -= size
}

func sizeOf(words []string) (n int) {
	for _, w := range words {
		n += len(w) + 16
	}
	return n
}

// refuse answers with r.
func (g *Gate) refuse(n unotify.Notification, r *refusal) {
	if r.alarm != "" {
		g.asker.Alarm(r.alarm)
	}
	g.answering(n.TID)
	// An error means that the process is gone: nothing is left to be told.
	_ = g.l.Refuse(n.ID, r.errno)
}

// read takes what would be started from the process's memory. That the
// notification is valid afterwards means that it was this process's memory.
func (g *Gate) read(n unotify.Notification) (*start, error) {
	if n.TID == 0 {
		return nil, &refusal{unix.EPERM, "a process outside the gate's view wanted to start a program; it was refused"}
	}
	s := &start{n: n, call: call{kind: n.Call, dirfd: unix.AT_FDCWD}}
	name, argv, envp := n.Args[0], n.Args[1], n.Args[2]
	if n.Call == unotify.Execveat {
		s.dirfd, s.flags = int(int32(n.Args[0])), int(int32(n.Args[4]))
		name, argv, envp = n.Args[1], n.Args[2], n.Args[3]
	}
	m := proc.NewMemory(n.TID)
	var errs [5]error
	s.name, errs[0] = m.String(name, proc.MaxPath-1)
	s.argv, errs[1] = m.Vector(argv)
	s.env, errs[2] = m.Vector(envp)
	status, err := proc.ReadStatus(n.TID)
	errs[3] = err
	s.stat, err = proc.ReadStat(status.TGID)
	errs[4] = err
	if !g.l.Valid(n.ID) {
		return nil, &refusal{errno: unix.EINTR}
	}
	if errors.Is(errs[0], proc.ErrTooLong) {
		return nil, &refusal{errno: unix.ENAMETOOLONG}
	}
	for _, err := range errs {
		if err != nil {
			return nil, unreadable(n.TID, err)
		}
	}
	s.key, s.uid = procKey{status.TGID, s.stat.Start}, status.UID
	return s, nil
}

// unreadable says why a start that could not be read is refused.
func unreadable(tid int, err error) *refusal {
	switch {
	case errors.Is(err, proc.ErrFault):
		return &refusal{errno: unix.EFAULT} // the kernel's own answer
	case errors.Is(err, proc.ErrTooLong):
		return &refusal{errno: unix.E2BIG}
	case errors.Is(err, proc.ErrGone):
		return &refusal{errno: unix.EINTR}
	}
	return &refusal{unix.EPERM, fmt.Sprintf(
		"process %d wanted to start a program that could not be read (%v); it was refused", tid, err)}
}

// lookUp resolves what s names, in its own view and in bounded time.
func (g *Gate) lookUp(s *start) (*program, error) {
	p, err := within(g, s.on, func() (*program, error) {
		v, err := newView(s.n.TID, s.key.pid)
		if err != nil {
			return nil, err
		}
		defer v.close()
		return lookUp(v, &s.call)
	})
	if err != nil {
		r := &refusal{errno: errno(err)}
		if r.errno == unix.EIO {
			r.alarm = fmt.Sprintf("%q could not be looked at in time; it was refused", s.name)
		}
		return nil, r
	}
	return p, nil
}

// judge decides about s and, if it may run, lets it through.
func (g *Gate) judge(ctx context.Context, s *start) error {
	var err error
	if s.prog, err = g.lookUp(s); err != nil {
		return err
	}
	if s.prog.foreign && len(interpreters(binfmtDir, s.prog.path, s.prog.head)) == 0 {
		return &refusal{unix.ENOEXEC, fmt.Sprintf(
			"%s is a program for another kind of machine: this host's gate cannot run it; it was refused", s.prog.path)}
	}
	ctx, stop := g.watch(ctx, s.on, s.n)
	defer stop()
	t, run, again, err := g.decide(ctx, s)
	if err == nil && !again {
		if err = g.asker.Record(run); err != nil {
			err = &refusal{unix.EPERM, fmt.Sprintf("%s was refused because it could not be recorded: %v", s.prog.path, err)}
		}
	}
	if err == nil {
		err = g.waitThawed(ctx)
	}
	if err != nil {
		g.giveBack(t)
		return err
	}
	stop() // from here on the kernel deals with its signals
	g.letThrough(s, t, run)
	return nil
}

// decide finds or asks for the grant of s. With again set it was recorded
// before. A tag that is returned is counted off, also with an error.
func (g *Gate) decide(ctx context.Context, s *start) (t tag, run Run, again bool, err error) {
	run = Run{PID: s.key.pid, Argv: s.argv, Path: s.prog.path, Planned: true}
	g.mu.Lock()
	k := g.kept[s.key]
	delete(g.kept, s.key)
	begins := s.key.pid == g.shell && !g.begun
	g.mu.Unlock()
	if k != nil && (k.file != s.prog.file || !k.call.same(&s.call)) {
		k = nil
	}
	if k != nil && !k.denied {
		return k.tag, run, true, nil
	}
	if begins && g.first == "" {
		run.Note = "the session's own shell"
		return tag{}, run, false, nil
	}
	if why := g.policy.NeverStarts(s.prog.path); why != "" {
		return tag{}, run, false, &refusal{unix.EPERM, fmt.Sprintf("process %d tried to start %s: %s; it was refused", s.key.pid, s.prog.path, why)}
	}
	q, from, ok := g.find(s)
	if ok && !from.again {
		ok = g.asShown(s, &q, from)
	}
	if ok {
		run.Hold = from.g.id
		if from.again {
			run.Note = "named in the first line of the script"
		}
		return from, run, false, nil
	}
	if k != nil {
		g.keep(s, k)
		return tag{}, run, false, &refusal{errno: unix.EPERM}
	}
	if s.on != nil {
		return tag{}, run, false, errSlow
	}
	if t, note, ok := g.helper(ctx, s, q, from); ok {
		run.Hold, run.Planned, run.Note = t.g.id, false, note
		return t, run, false, nil
	}
	if begins {
		q.Cause, q.Note = g.first, ""
	}
	t, note, err := g.ask(ctx, s, q, from)
	if err != nil {
		return tag{}, run, false, err
	}
	run.Hold, run.Planned, run.Note = t.g.id, begins, note
	return t, run, false, nil
}

// asShown reports whether the files that s reads are those that its plan was
// made from. If not, q asks about it, and it is no longer counted off.
func (g *Gate) asShown(s *start, q *Question, from tag) bool {
	file, err := g.otherFile(s, from.g)
	if err == nil && file == "" {
		return true
	}
	g.giveBack(from)
	q.Cause, q.Line, q.Planned = event.CauseChanged, from.g.id, from.g.plan.Starts[from.step].Argv
	q.Note = fmt.Sprintf("%s is not the file that was shown", file)
	if err != nil {
		q.Note = "the files that it reads could not be looked at"
	}
	return false
}

// keep remembers k, about s, for when its process asks again.
func (g *Gate) keep(s *start, k *kept) {
	k.call, k.file = s.call, s.prog.file
	g.mu.Lock()
	defer g.mu.Unlock()
	g.kept[s.key] = k
}

// same reports whether o asks for the same words and environment. That it is
// the same file under whatever name is told by its identity.
func (c *call) same(o *call) bool {
	return slices.Equal(c.argv, o.argv) && slices.Equal(c.env, o.env)
}

// find matches s against the grant that it comes under and counts it off. If
// nothing fits it returns what is to be asked, and where s comes from.
func (g *Gate) find(s *start) (q Question, from tag, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	w := &want{
		name: s.name, path: s.prog.path, file: s.prog.file, argv: s.argv,
		env: matters(s.env), uid: s.uid, learned: maps.Clone(g.learned),
	}
	q = Question{Cause: event.CauseNobody, PID: s.key.pid, Argv: s.argv, Path: s.prog.path}
	if cwd, err := proc.Readlink(s.n.TID, "cwd"); err == nil {
		q.Cwd = cwd
	}
	from = g.origin(s.key.pid, besides(s.stat))
	if from.g == nil {
		q.Env = g.base.differs(w.env, w.uid, w.learned)
		return q, from, false
	}
	if from.next != nil && slices.Equal(from.next, s.argv) &&
		len(from.g.expected(from.step).differs(w.env, w.uid, w.learned)) == 0 {
		from.again = true
		return q, from, true
	}
	v := from.g.match(from.step, w)
	if v.step >= 0 {
		from.g.used[v.step]++
		return q, tag{born: s.key.born, g: from.g, step: v.step}, true
	}
	q.Line, q.Planned, q.Note, q.Env = from.g.id, v.planned, v.why, v.env
	switch {
	case v.planned != nil:
		q.Cause = event.CauseChanged
	case from.g.foreground():
		q.Cause = event.CauseSurprise
	default:
		q.Cause = event.CauseBackground
	}
	return q, from, false
}

// giveBack undoes the counting off of a start that did not happen.
func (g *Gate) giveBack(t tag) {
	if t.g == nil || t.again {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if t.step >= 0 && t.step < len(t.g.used) && t.g.used[t.step] > 0 {
		t.g.used[t.step]--
	}
}
