package gate

import "escort/session/proc"

// procKey names a process for good: its number comes again, but not within the
// same tick of its start.
type procKey struct {
	pid  int
	born uint64
}

// tag says under which step of which grant a process runs; without a grant
// nobody allowed a line that leads to it.
type tag struct {
	born uint64
	g    *grant
	step int
	next []string // what a script's "#!/usr/bin/env NAME" makes this very process start next
	// again says that a start is such a next one: nothing is counted off for it.
	again bool
}

// maxDepth ends a walk through a tree that changes under it.
const maxDepth = 10000

// origin walks from pid up to the first process that is marked, or to the
// shell, which stands for the line in the foreground. Orphans, whose parent is
// the keeper, are looked at by [Gate.orphan]. Needs mu.
func (g *Gate) origin(pid int, look func(pid int) (proc.Stat, bool)) tag {
	s, ok := look(pid)
	for range maxDepth {
		if !ok {
			return tag{}
		}
		if t, marked := g.tags[s.PID]; marked && t.born == s.Start {
			if s.PID != pid {
				t.next = nil
			}
			return t
		}
		if s.PID == g.shell {
			return tag{g: g.fore, step: shellStep}
		}
		if s.PID == g.keeper {
			return g.orphan()
		}
		if s.PPID <= 1 {
			return tag{}
		}
		young := s.Start
		if s, ok = look(s.PPID); s.Start > young {
			return tag{} // the number of a parent that is gone was given away
		}
	}
	return tag{}
}

// orphan is the mark of an unmarked process whose ancestors are gone. Every
// process that lived when the foreground's line was opened was marked then, so
// this one is younger; where all that has lived since belongs to one line, so
// does it. Otherwise its ancestry cannot be told and it has no grant. Needs mu.
func (g *Gate) orphan() tag {
	line := g.fore
	for pid, t := range g.tags {
		if pid == g.shell {
			continue
		}
		if t.g == nil || line != nil && t.g.line != line {
			return tag{}
		}
		line = t.g.line
	}
	if line == nil {
		return tag{}
	}
	return tag{g: line, step: shellStep}
}

// besides is living, but for one process that was looked at before and waits.
func besides(known proc.Stat) func(pid int) (proc.Stat, bool) {
	return func(pid int) (proc.Stat, bool) {
		if pid == known.PID {
			return known, true
		}
		return living(pid)
	}
}

// living is origin's view of the processes of this moment.
func living(pid int) (proc.Stat, bool) {
	s, err := proc.ReadStat(pid)
	return s, err == nil
}
