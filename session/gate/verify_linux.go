package gate

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"escort/session/proc"
)

// letThrough lets s run under t and compares what it becomes with what was
// judged, before its first instruction.
func (g *Gate) letThrough(s *start, t tag, run Run) {
	var o Outcome
	if s.on != nil { // whatever it traces, it waits for before it does anything else
		o = g.trace(s, t)
	} else {
		g.tracers.run(func() { o = g.trace(s, t) })
	}
	if o.Result == Failed && o.Errno >= restartFirst && o.Errno <= restartLast {
		// The kernel interrupted the exec by itself and asks again at once: it
		// stays counted off.
		g.keep(s, &kept{tag: t})
		return
	}
	if o.Result != Ran && o.Result != Unverified {
		g.giveBack(t)
	}
	switch {
	case o.Result == Failed && o.Errno == unix.ENOEXEC:
		// Shells read such a file themselves: what it starts is below it.
		g.mark(s.key, t)
	case o.Result == Killed:
		g.asker.Alarm(fmt.Sprintf("%s was killed: %s", strings.Join(run.Argv, " "), o.Note))
	}
	g.asker.Outcome(s.key.pid, o)
}

// mark puts a process under a grant. The shell stands for its line instead.
func (g *Gate) mark(k procKey, t tag) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if k.pid == g.shell && !g.begun {
		g.begun = true
		if g.first == "" {
			return
		}
	}
	if t.g == nil {
		return
	}
	t.born = k.born
	g.tags[k.pid] = t
}

// hasDebugger notes whether somebody debugs the program of a process.
func (g *Gate) hasDebugger(k procKey, has bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if has {
		g.traced[k] = true
	} else {
		delete(g.traced, k)
	}
}

// trace runs on a tracer's thread. Interrupting before the answer is what makes
// a failing exec stop too, so that nothing here needs a timer; asking whether
// the notification is valid after seizing is what makes sure that the right
// process was seized.
func (g *Gate) trace(s *start, t tag) Outcome {
	tid := s.n.TID
	if err := seize(tid); err != nil {
		return g.notSeized(s, t, err)
	}
	if err := unix.PtraceInterrupt(tid); err != nil && err != unix.ESRCH {
		g.refuse(s.n, &refusal{errno: unix.EPERM, alarm: fmt.Sprintf("%s could not be stopped to be checked: %v", s.prog.path, err)})
		return g.release(s, Outcome{Result: Gone, Note: "could not be stopped to be checked"})
	}
	g.answering(tid)
	if !g.l.Valid(s.n.ID) || g.l.Continue(s.n.ID) != nil {
		return g.release(s, Outcome{Result: Gone})
	}
	for {
		at, err := wait(tid, s.key.pid)
		switch {
		case err != nil, at.ended:
			return Outcome{Result: Gone}
		case at.event == unix.PTRACE_EVENT_EXEC:
			return g.started(at.tid, s, t)
		case at.event == unix.PTRACE_EVENT_STOP:
			n, err := callError(at.tid)
			g.letGo(at.tid, 0)
			if err != nil {
				return Outcome{Result: Gone, Note: err.Error()}
			}
			return Outcome{Result: Failed, Errno: n}
		default:
			if unix.PtraceCont(at.tid, int(at.sig)) != nil {
				return Outcome{Result: Gone}
			}
		}
	}
}

// answering notes that tid no longer sleeps in a notification. In a frozen
// session it is stopped first, so that the answer does not set it going: the
// freeze may have come after the answer was decided.
func (g *Gate) answering(tid int) {
	g.mu.Lock()
	frozen := g.frozen
	if !frozen {
		delete(g.pending, tid)
	}
	g.mu.Unlock()
	if frozen {
		g.ice.catch(tid)
		g.mu.Lock()
		delete(g.pending, tid)
		g.mu.Unlock()
	}
}

// release waits for the stop that was asked for and lets whoever it is go.
func (g *Gate) release(s *start, o Outcome) Outcome {
	for {
		at, err := wait(s.n.TID, s.key.pid)
		if err != nil || at.ended {
			return o
		}
		if at.event != 0 {
			g.letGo(at.tid, 0)
		} else {
			g.letGo(at.tid, at.sig)
		}
	}
}

// letGo detaches a stopped tracee, in a frozen session only once it is thawed:
// until then the stop itself keeps it still.
func (g *Gate) letGo(tid int, sig syscall.Signal) {
	if g.waitThawed(g.ended) != nil {
		_ = unix.Kill(tid, unix.SIGKILL) // the gate ends: so does what it holds
	}
	_ = detach(tid, sig) // an error means that the process is gone
}

// started compares what runs now with what was judged.
func (g *Gate) started(pid int, s *start, t tag) Outcome {
	note, err := differs(pid, s)
	if err != nil {
		_ = unix.Kill(pid, unix.SIGKILL)
		for at, e := waitOn(pid, 0); e == nil && !at.ended; at, e = waitOn(pid, 0) {
			_ = unix.PtraceCont(at.tid, 0)
		}
		return Outcome{Result: Killed, Note: err.Error()}
	}
	g.hasDebugger(s.key, false)
	t.next, t.again = s.prog.throughEnv(), false
	g.mark(s.key, t)
	g.letGo(pid, 0)
	return Outcome{Result: Ran, Note: note}
}

// differs compares the program, the words and the environment of pid, which has
// not run an instruction yet, with what was judged. The note says what could
// not be told.
func differs(pid int, s *start) (note string, err error) {
	exe, err := runs(pid)
	if err != nil {
		return "", fmt.Errorf("what it became could not be checked: %w", err)
	}
	argv, err := proc.Cmdline(pid)
	if err != nil {
		return "", fmt.Errorf("its words could not be checked: %w", err)
	}
	env, err := proc.Environ(pid)
	if err != nil {
		return "", fmt.Errorf("its environment could not be checked: %w", err)
	}
	if !slices.Equal(matters(env), matters(s.env)) {
		return "", errors.New("its environment was changed after it was judged")
	}
	if exe == s.prog.exe && sameWords(argv, s.prog.argv) {
		return "", scriptsSame(s)
	}
	if by := registered(exe, s); by != "" && hasTail(argv, s.argv) {
		return "run by " + by + ", as this host registered it", nil
	}
	if exe != s.prog.exe {
		return "", errors.New("another program than was judged was started")
	}
	return "", fmt.Errorf("its words were changed after they were judged, to %q", argv)
}

// sameWords compares words; the kernel shows none where all are empty.
func sameWords(a, b []string) bool {
	return slices.Equal(a, b) || len(a) == 0 && len(b) == 1 && b[0] == ""
}

// hasTail reports whether argv ends with what was passed after the name.
func hasTail(argv, passed []string) bool {
	if len(passed) > 0 {
		passed = passed[1:]
	}
	return len(argv) >= len(passed) && slices.Equal(argv[len(argv)-len(passed):], passed)
}

// runs is the file of the program that pid runs.
func runs(pid int) (fileID, error) {
	p := place{fd: -1}
	var err error
	if p.fd, err = proc.Exe(pid); err != nil {
		return fileID{}, err
	}
	defer p.close()
	if err := unix.Fstat(p.fd, &p.stat); err != nil {
		return fileID{}, err
	}
	return p.id(), nil
}

// registered names the interpreter that the host registered for the file of s,
// if that is what runs.
func registered(exe fileID, s *start) string {
	for _, name := range interpreters(binfmtDir, s.prog.path, s.prog.head) {
		if id, err := identify(name); err == nil && id == exe {
			return name
		}
	}
	return ""
}

// scriptsSame looks once more at the files that the interpreter will open.
func scriptsSame(s *start) error {
	if len(s.prog.scripts) == 0 {
		return nil
	}
	v, err := newView(s.key.pid, s.key.pid)
	if err != nil {
		return fmt.Errorf("its script could not be checked: %w", err)
	}
	defer v.close()
	for _, f := range s.prog.scripts {
		p, err := v.find(f.name, "cwd", true)
		if err != nil {
			return fmt.Errorf("its script could not be checked: %w", err)
		}
		id := p.id()
		p.close()
		if id != f.file {
			return errors.New("its script was changed after it was judged")
		}
	}
	return nil
}

// notSeized decides about a start whose process cannot be traced.
func (g *Gate) notSeized(s *start, t tag, err error) Outcome {
	tid := s.n.TID
	status, statusErr := proc.ReadStatus(tid)
	switch {
	case err == unix.ESRCH || errors.Is(statusErr, proc.ErrGone):
		g.refuse(s.n, &refusal{errno: unix.EINTR})
		return Outcome{Result: Gone}
	case statusErr == nil && g.ice.is(status.Tracer):
		// Frozen between the check and here. It stops as soon as it is
		// answered, and asks again when it is thawed.
		g.answering(tid)
		_ = g.l.Refuse(s.n.ID, restartAgain)
		return Outcome{Result: Failed, Errno: restartAgain}
	case statusErr == nil && status.Tracer != 0:
		g.mark(s.key, t)
		g.hasDebugger(s.key, true)
		g.answering(tid)
		if g.l.Continue(s.n.ID) != nil {
			return Outcome{Result: Gone}
		}
		return Outcome{Result: Unverified, Note: fmt.Sprintf(
			"process %d debugs it: what really runs cannot be checked", status.Tracer)}
	}
	why := fmt.Sprintf("%s could not be traced to be checked (%v); it was refused", s.prog.path, err)
	g.refuse(s.n, &refusal{unix.EPERM, why})
	return Outcome{Result: Failed, Errno: unix.EPERM, Note: why}
}
