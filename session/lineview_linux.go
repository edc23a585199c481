package session

import (
	"sync"
	"time"

	"escort/explain/effect"
	"escort/explain/judge"
	"escort/session/event"
	"escort/session/proc"

	"golang.org/x/sys/unix"
)

// lineView is whether the line layer still shows every line.
type lineView struct {
	mu   sync.Mutex
	lost string // why it does not; empty: it does
	kept bool   // it stays lost for the rest of the session
}

// lineLost says that the line view is lost, once for each reason. What is lost
// for good does not come back by what the shell says.
func (s *Session) lineLost(why string, forGood bool) {
	v := &s.view
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.kept || v.lost == why && !forGood {
		return
	}
	v.lost, v.kept = why, forGood
	_ = s.hub.publish(event.Event{Kind: event.Lost, Layer: event.LayerLine, Reason: why})
}

// lineBack says that the line view shows every line again.
func (s *Session) lineBack() {
	v := &s.view
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.kept || v.lost == "" {
		return
	}
	v.lost = ""
	_ = s.hub.publish(event.Event{Kind: event.Regained, Layer: event.LayerLine})
}

// touchesHook reports whether a line may change what the line view consists of.
func touchesHook(x effect.Explanation) bool {
	return effect.Found(x.Findings, judge.Supervision)
}

// lookEvery is how often a shell that runs a line is looked at from outside.
const lookEvery = 250 * time.Millisecond

// watchLine looks from outside whether the shell takes lines without the hook.
// A shell that runs a line gives its terminal back as it was, and takes keys one
// by one only after it has said that it is at its prompt; one that does so
// without a word, twice in a row, has lost the hook. At its prompt there is
// nothing to look for: the next look comes with the next line.
func (s *Session) watchLine() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-s.conn.Began():
		}
		if !s.watchRun() {
			return
		}
	}
}

// watchRun looks while a line runs. It returns false when the session ends.
func (s *Session) watchRun() bool {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	before := false
	for s.conn.Runs() {
		select {
		case <-s.ctx.Done():
			return false
		case <-tick.C:
		}
		now := s.conn.Runs() && s.edits()
		if now && before && s.conn.Runs() {
			s.lineLost("the shell takes keys without the line view", false)
		}
		before = now
	}
	return true
}

// edits reports whether the shell itself waits for keys one by one.
func (s *Session) edits() bool {
	t, err := unix.IoctlGetTermios(int(s.slave.Fd()), unix.TCGETS)
	if err != nil || t.Lflag&unix.ICANON != 0 { // the cheaper question first
		return false
	}
	shell, err := proc.ReadStat(s.process.ShellPID())
	return err == nil && shell.State == 'S' && shell.InFront()
}
