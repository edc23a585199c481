package session

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/session/event"
	"escort/session/gate"
	"escort/session/proc"
	"escort/session/screen"

	"golang.org/x/sys/unix"
)

// Programs with a prompt of their own (psql, python, a nested shell, ssh) read
// lines that no hook sees. Such a line is held at the key that hands it over, as
// it stands on the screen then; the program may have drawn something else than
// it reads, and the card says so. What a line that was allowed leads to is
// granted only as far as it was shown.

const (
	enters     = "\r\n\x0f\x04" // Enter, its other forms, and the end of input behind text
	keptOutput = 32 << 10       // bytes of output from which the line is read
	quietFor   = 40 * time.Millisecond
	quietMost  = 400 * time.Millisecond
	maxWaiting = 64 << 10 // bytes typed while a line is held
)

// promptLine follows what is typed to programs with a prompt of their own. The
// goroutine that writes input uses it alone, but for the output.
type promptLine struct {
	keys   int       // bytes typed since the last line
	prompt string    // what stood on the line before the first of them
	good   string    // the last one behind which a line was typed
	ended  time.Time // when the last line ended

	mu   sync.Mutex
	out  []byte // the last output
	last time.Time
	runs map[int]*started // how processes were started, by the gate's own look
}

// started is how a process was started.
type started struct {
	gate.Run
	opens atomic.Pointer[bool] // whether it opens a prompt; nil: not found out yet
}

// heard keeps output.
func (l *promptLine) heard(b []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = time.Now()
	if len(b) >= keptOutput { // nothing before it is needed any more
		l.out, b = l.out[:0], b[len(b)-keptOutput:]
	}
	l.out = append(l.out, b...)
	if n := len(l.out) - keptOutput; n > keptOutput {
		l.out = slices.Clone(l.out[n:])
	}
}

// keep keeps how a process was started. Those that are gone are forgotten from
// time to time.
func (l *promptLine) keep(r *started) {
	const many = 4096
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.runs == nil {
		l.runs = map[int]*started{}
	}
	if len(l.runs) >= many {
		for pid := range l.runs {
			if _, err := proc.ReadStat(pid); err != nil {
				delete(l.runs, pid)
			}
		}
	}
	l.runs[r.PID] = r
}

// settled waits until the output has been quiet for a moment: what was typed is
// on the screen then.
func (l *promptLine) settled(ctx context.Context) {
	typed := time.Now()
	for time.Since(typed) < quietMost && ctx.Err() == nil {
		l.mu.Lock()
		last := l.last
		l.mu.Unlock()
		if last.Before(typed) {
			last = typed
		}
		if time.Since(last) >= quietFor {
			return
		}
		time.Sleep(quietFor / 4)
	}
}

// line is the text of the line that the cursor is in, over all its rows, and
// head what of it stands before the cursor.
func (l *promptLine) line(cols, rows int) (text, head string) {
	l.mu.Lock()
	out := l.out[max(0, len(l.out)-keptOutput):]
	if i := bytes.IndexByte(out, '\n'); len(out) == keptOutput && i >= 0 {
		out = out[i+1:] // the first line was cut
	}
	scr := screen.New(cols, rows, 0)
	_, _ = scr.Write(out)
	l.mu.Unlock()
	var sn screen.Snapshot
	scr.Snapshot(&sn, 0)
	full := func(y int) bool { return sn.Row(y)[sn.Cols-1].Rune() != ' ' }
	top, end := sn.CursorY, sn.CursorY
	for top > 0 && full(top-1) {
		top--
	}
	for end+1 < sn.Rows && full(end) {
		end++
	}
	var b strings.Builder
	for y := top; y <= end; y++ {
		for x, c := range sn.Row(y) {
			if y == sn.CursorY && x == sn.CursorX {
				head = b.String()
			}
			b.WriteString(sn.Text(c))
		}
	}
	return strings.TrimRight(b.String(), " "), head
}

// typedOn is what of line was typed: what stands behind the prompt.
func (l *promptLine) typedOn(line string) string {
	for _, prompt := range []string{l.prompt, l.good} {
		if rest, ok := strings.CutPrefix(line, prompt); ok && prompt != "" {
			l.good = prompt
			return rest
		}
		if strings.TrimRight(prompt, " ") == line {
			return "" // only the prompt stands there
		}
	}
	return line
}

// typedLine is a line for a program with a prompt of its own.
type typedLine struct {
	pid  int
	run  gate.Run // how the program was started
	line string   // as it stands on the screen; empty: nothing is shown
	keys int      // bytes that were typed
}

// shellInFront reports whether the session's shell has the terminal.
func (s *Session) shellInFront() bool {
	shell, err := proc.ReadStat(s.process.ShellPID())
	return err == nil && shell.InFront()
}

// reader is the program in the foreground that reads lines at a prompt of its
// own; nil is none.
func (s *Session) reader() (*typedLine, error) {
	shell, err := proc.ReadStat(s.process.ShellPID())
	if err != nil || shell.InFront() {
		return nil, err
	}
	t, err := proc.ReadTree()
	if err != nil {
		return nil, err
	}
	for _, p := range slices.Backward(t.Below(s.process.KeeperPID())) { // the innermost first
		if p.Group != shell.Front {
			continue
		}
		if run := s.prompts.runOf(t, p.PID, s.process.ShellPID()); run != nil && s.opensPrompt(run) {
			return &typedLine{pid: p.PID, run: run.Run}, nil
		}
	}
	return nil, nil
}

// runOf is how pid, or the process that it was forked from, was started; nil: not
// by a start.
func (l *promptLine) runOf(t proc.Tree, pid, shell int) *started {
	l.mu.Lock()
	defer l.mu.Unlock()
	for range 64 {
		if pid == shell || pid <= 1 {
			break
		}
		if r, ok := l.runs[pid]; ok {
			return r
		}
		pid = t.Stats[pid].PPID
	}
	return nil
}

// opensPrompt reports whether a program, started so, reads lines that it acts on.
func (s *Session) opensPrompt(r *started) bool {
	if known := r.opens.Load(); known != nil {
		return *known
	}
	x := s.explainIn(s.ctx, r.PID, nil, effect.Request{Argv: r.Argv, Path: r.Path})
	opens := effect.Found(x.Findings, effect.OwnPrompt)
	if !effect.Found(x.Findings, notExplained) {
		r.opens.Store(&opens)
	}
	return opens
}

// pass hands typed bytes on, line by line where a program has its own prompt.
func (s *Session) pass(p []byte) error {
	for len(p) > 0 {
		i := bytes.IndexAny(p, enters)
		if i < 0 {
			return s.key(p)
		}
		if err := s.key(p[:i]); err != nil {
			return err
		}
		if err := s.enter(p[i]); err != nil {
			return err
		}
		p = p[i+1:]
	}
	return nil
}

// key hands on bytes that end no line.
func (s *Session) key(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	l := &s.prompts
	if l.keys == 0 && !s.shellInFront() {
		if time.Since(l.ended) < quietMost {
			l.settled(s.ctx) // its prompt may still be on the way
		}
		_, l.prompt = l.line(s.size())
	}
	l.keys += len(p)
	s.early.Store(true)
	_, err := s.master.Write(p)
	return err
}

// enter hands on the byte that ends a line, once the line was allowed.
func (s *Session) enter(b byte) error {
	l := &s.prompts
	keys := l.keys
	l.keys = 0
	out, said := []byte{b}, ""
	r, err := s.reader()
	if err != nil {
		s.Alarm("a typed line is dropped, since it cannot be told which program reads it: " + err.Error())
		out = s.wipe()
	}
	if r != nil {
		l.settled(s.ctx)
		text, _ := l.line(s.size())
		if r.line, r.keys = l.typedOn(text), keys; r.line != "" || keys > 0 {
			out, said = s.promptHeld(*r, b)
		}
		l.ended = time.Now()
	}
	s.early.Store(true)
	_, err = s.master.Write(out)
	if said != "" {
		s.sayInStream(said)
		if !s.altScreen.Load() { // its prompt again, below what was said
			_ = s.hub.publish(event.Event{Kind: event.Output, Data: []byte(quote.Line(l.good).String() + " ")})
		}
	}
	return err
}

const ctrlC = 3

// promptHeld holds a line that ends with b and returns what goes to the program
// instead: b after an allow, and what is said to the engineer after a deny.
// Ctrl-C takes the line back; what else is typed meanwhile waits.
func (s *Session) promptHeld(r typedLine, b byte) (out []byte, said string) {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	type answer struct {
		ok   bool
		said string
	}
	verdict := make(chan answer, 1)
	go func() {
		ok, said := s.decidePrompt(ctx, r)
		verdict <- answer{ok, said}
	}()
	var waiting []byte
	for {
		select {
		case a := <-verdict:
			if !a.ok {
				return s.wipe(), a.said
			}
			s.ahead = waiting
			return []byte{b}, ""
		case p := <-s.input:
			if bytes.IndexByte(p, ctrlC) >= 0 {
				cancel()
				<-verdict
				return append(s.wipe(), ctrlC), ""
			}
			if waiting = append(waiting, p...); len(waiting) > maxWaiting {
				waiting = waiting[:maxWaiting]
			}
		}
	}
}

// decidePrompt asks about a line until it stands on the screen as it was shown.
// said is for the engineer.
func (s *Session) decidePrompt(ctx context.Context, r typedLine) (ok bool, said string) {
	for range maxShows {
		id := s.board.next()
		x := unseen(r)
		if r.line != "" {
			x = s.explainIn(ctx, r.pid, nil, effect.Request{Argv: r.run.Argv, Path: r.run.Path, Input: &r.line, Ticket: s.ticket()})
		}
		s.gate.Note(id, x.Plan)
		d, err := s.put(ctx, event.Event{
			Hold: id, Layer: event.LayerPrompt, Cause: event.CauseTyped, PID: r.pid, Argv: r.run.Argv, Typed: r.line, Explanation: &x,
		})
		if err != nil || d.Verdict != event.Allow {
			s.gate.Forget(id)
			if err == nil {
				said = denied(d.Reason)
			}
			return false, said
		}
		text, _ := s.prompts.line(s.size())
		if now := s.prompts.typedOn(text); now != r.line {
			s.gate.Forget(id)
			r.line = now
			continue
		}
		if err := s.gate.Within(id, x.Plan, x.Effects, r.pid); err != nil {
			return false, "escort: the line could not be handed on: " + err.Error()
		}
		s.mu.Lock()
		s.typed[id] = r.line
		s.mu.Unlock()
		return true, ""
	}
	return false, denied("the line changes each time it is shown")
}

// unseen is what can be said about keys that the program does not show.
func unseen(r typedLine) effect.Explanation {
	x := effect.Explanation{
		Command:  quote.Argv(r.run.Argv),
		Headline: "Sends text that is not shown, as a password is.", Risk: effect.Caution, Undo: effect.UndoUnknown,
		UndoText:   "That depends on what was typed.",
		Dimensions: effect.NotUnderstood(effect.Caution),
		Unknowns:   []effect.Unknown{{Text: fmt.Sprintf("%d typed characters", r.keys), Why: "the program does not show them", Risk: effect.Caution}},
		Ask:        []string{"Is the program asking for a password?"},
	}
	return *x.Normalize()
}

// wipe throws away what was typed behind a line and returns the keys that take
// the line itself out of the program's editor, or out of the terminal's.
func (s *Session) wipe() []byte {
	s.dropInput()
	if t, err := unix.IoctlGetTermios(int(s.slave.Fd()), unix.TCGETS); err == nil && t.Lflag&unix.ICANON != 0 {
		return []byte{t.Cc[unix.VKILL]}
	}
	return []byte{5, 21} // to the end of the line, then all before it
}

// size is that of the session's terminal.
func (s *Session) size() (cols, rows int) {
	w, err := unix.IoctlGetWinsize(int(s.slave.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 80, 24
	}
	return int(w.Col), int(w.Row)
}
