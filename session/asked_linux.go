package session

import (
	"context"
	"fmt"
	"os"
	"path"
	"strings"
	"time"

	"escort/explain"
	"escort/explain/effect"
	"escort/explain/host"
	"escort/explain/quote"
	"escort/explain/shell"
	"escort/session/event"
	"escort/session/gate"
	"escort/session/hook"
	"escort/session/proc"

	"golang.org/x/sys/unix"
)

// maxShows is how often one line is shown again because its files were changed
// while it was held.
const maxShows = 3

// Hello is told by the hook that the shell has read its start-up text.
func (s *Session) Hello(string) { _ = os.RemoveAll(s.rcFile) }

// Prompt is told by the hook that the shell is back at its prompt; see
// [hook.Handler].
func (s *Session) Prompt(status int, gap string) {
	if gap == "" {
		s.lineBack()
	} else {
		s.lineLost(gap, false)
	}
	s.mu.Lock()
	line := s.line
	s.line = ""
	s.mu.Unlock()
	did := s.gate.Did(line)
	s.gate.Prompt()
	if line != "" {
		_ = s.hub.publish(event.Event{Kind: event.Finished, Hold: line, Status: &status, Reason: did})
	}
}

// Look decides about a line that was entered; see [hook.Handler].
func (s *Session) Look(ctx context.Context, l hook.Line, q *hook.Question) hook.Verdict {
	switch {
	case strings.TrimSpace(l.Text) == "":
		return hook.Verdict{Word: hook.Allow}
	case len(l.Text) > s.policy.Line:
		s.flushInput()
		return hook.Verdict{Word: hook.Deny, Reason: "the line is too long to be read"}
	case !shell.Complete(l.Text, shell.Variant(s.dialect)):
		return hook.Verdict{Word: hook.More}
	}
	s.question.Store(q)
	defer s.question.CompareAndSwap(q, nil)
	cause := event.CauseTyped
	for range maxShows {
		id := s.board.next()
		x := s.explainLine(ctx, l, q)
		s.gate.Note(id, x.Plan)
		e := event.Event{Hold: id, Layer: event.LayerLine, Cause: cause, Typed: l.Typed, Explanation: &x}
		if l.Text != l.Typed {
			e.Expanded = l.Text
		}
		q.Held()
		d, err := s.put(ctx, e)
		if err != nil || d.Verdict != event.Allow {
			s.gate.Forget(id)
			s.flushInput()
			return hook.Verdict{Word: hook.Deny, Reason: reasonOf(d, err)}
		}
		if len(s.gate.Changed(x.Plan)) == 0 {
			return s.open(id, l, x)
		}
		s.gate.Forget(id)
		cause = event.CauseChanged
	}
	s.flushInput()
	return hook.Verdict{Word: hook.Deny, Reason: "what it would run changes each time it is shown"}
}

func reasonOf(d event.Decision, err error) string {
	if err != nil {
		return err.Error()
	}
	return d.Reason
}

// open makes an allowed line's plan the one that starts are matched against.
func (s *Session) open(id string, l hook.Line, x effect.Explanation) hook.Verdict {
	if err := s.gate.Open(id, x.Plan, x.Effects); err != nil {
		s.flushInput()
		return hook.Verdict{Word: hook.Deny, Reason: "its plan could not be opened: " + err.Error()}
	}
	s.remember(x.Plan)
	if touchesHook(x) {
		s.lineLost("a line was allowed that may change it", true)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.line = id
	s.typed[id] = l.Text
	s.early.Store(false)
	return hook.Verdict{Word: hook.Allow}
}

// remember keeps which files were allowed to run, for later cards.
func (s *Session) remember(p effect.Plan) {
	if len(p.Files) == 0 {
		return
	}
	files := map[string]string{}
	cwd, err := proc.Readlink(s.process.ShellPID(), "cwd")
	for file, sum := range p.Files {
		if !path.IsAbs(file) && err == nil {
			file = path.Join(cwd, file)
		}
		files[file] = sum
	}
	if err := s.allowed.Add(files, time.Now()); err != nil {
		s.Alarm("what was allowed could not be remembered: " + err.Error())
	}
}

// explainLine explains a line in the shell's own world: what only the shell
// knows is asked through the hook.
func (s *Session) explainLine(ctx context.Context, l hook.Line, q *hook.Question) effect.Explanation {
	return s.explainIn(ctx, s.process.ShellPID(), func(ctx context.Context, o *host.Options) {
		ask := func(kind string) func(string) (string, bool) {
			return func(name string) (string, bool) {
				v, err := q.Ask(ctx, kind, name)
				return v, err == nil
			}
		}
		o.Env, o.Alias, o.Function = ask(effect.LookupVariable), ask(effect.LookupAlias), ask(effect.LookupFunction)
	}, effect.Request{Text: l.Text, Kind: effect.KindLine, Dialect: s.dialect, Ticket: s.ticket()})
}

func (s *Session) ticket() string {
	return strings.TrimSpace(s.conf.Ticket + " " + s.conf.Reason)
}

// explainIn explains r in the world of process pid, within the time that the
// policy gives it. What takes longer, or fails, is "cannot tell".
func (s *Session) explainIn(ctx context.Context, pid int, know func(context.Context, *host.Options), r effect.Request) effect.Explanation {
	ctx, cancel := context.WithTimeout(ctx, s.policy.Explain)
	defer cancel()
	command := r.Text
	if r.Argv != nil {
		command = quote.Argv(r.Argv)
	}
	answer := make(chan effect.Explanation, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				answer <- cannotTell(command, fmt.Sprint("explaining it failed: ", p))
			}
		}()
		o := host.Options{User: s.conf.User, Allowed: s.allowed.Find}
		if know != nil {
			know(ctx, &o)
		}
		w, err := host.FromProcess(pid, o)
		if err != nil {
			answer <- cannotTell(command, err.Error())
			return
		}
		r.World = w
		answer <- s.explain(ctx, r)
	}()
	late := time.NewTimer(s.policy.Explain + time.Second/4) // the explanation itself ends before
	defer late.Stop()
	select {
	case x := <-answer:
		return *x.Normalize()
	case <-late.C:
		return cannotTell(command, "explaining it took too long")
	}
}

// notExplained is the ID of the finding of [cannotTell].
const notExplained = "not-explained"

// cannotTell is the honest answer where there is no explanation: it grants
// nothing.
func cannotTell(command, why string) effect.Explanation {
	text, _ := quote.Valid(command)
	const most = 4096
	x := effect.Explanation{
		Command: text, Headline: "Cannot tell what this does.", Risk: effect.High, Undo: effect.UndoUnknown,
		UndoText:   "Whether it can be taken back is not known.",
		Dimensions: effect.NotUnderstood(effect.High),
		Unknowns:   []effect.Unknown{{Text: "the whole command", Why: why, Risk: effect.High}},
		Findings:   []effect.Finding{{ID: notExplained, Text: "It could not be explained: " + why + ".", Dimension: effect.Uncertainty, Risk: effect.High}},
		Ask:        []string{"What does this do, step by step?"},
	}
	if len(text) > most {
		x.Command, x.Cut = strings.ToValidUTF8(text[:most], ""), true
	}
	return *x.Normalize()
}

// Ask is asked by the gate about a start that no open plan grants.
func (s *Session) Ask(ctx context.Context, q gate.Question) (gate.Answer, error) {
	if hold, again := s.deniedAgain(q); again {
		return gate.Answer{Hold: hold}, nil
	}
	id := s.board.next()
	x := s.explainIn(ctx, q.PID, nil, effect.Request{Argv: q.Argv, Path: q.Path, Env: q.Env, Ticket: s.ticket()})
	if q.Note != "" {
		x.Findings = append(x.Findings, effect.Finding{
			ID: "gate-note", Text: q.Note, Dimension: effect.Uncertainty, Risk: effect.Caution,
		})
		x.Dimensions.Raise(effect.Uncertainty, effect.Caution)
		x.Risk = effect.Worst(x.Risk, effect.Caution)
	}
	e := event.Event{
		Hold: id, Layer: event.LayerStart, Cause: q.Cause, PID: q.PID, Argv: q.Argv, Actual: actual(q),
		Explanation: &x, Reason: q.Note,
	}
	s.mu.Lock()
	e.Typed = s.typed[q.Line]
	s.mu.Unlock()
	if q.Planned != nil {
		e.Expanded = planned(q.Planned)
	}
	first := q.Cause == event.CauseTyped
	if first { // the command that the session is for
		e.Layer, e.Typed, e.Actual = event.LayerLine, quote.Argv(q.Argv), ""
	}
	d, err := s.put(ctx, e)
	if err != nil {
		return gate.Answer{}, err
	}
	if d.Verdict != event.Allow {
		s.refused.Store(first)
		s.sayInStream(denied(d.Reason))
		s.mu.Lock()
		s.denial = denial{pid: q.PID, words: quote.Argv(q.Argv), hold: id, at: time.Now()}
		s.mu.Unlock()
		return gate.Answer{Hold: id}, nil
	}
	s.remember(x.Plan)
	s.mu.Lock()
	s.typed[id] = e.Actual
	s.mu.Unlock()
	return gate.Answer{Allow: true, Plan: x.Plan, Shown: x.Effects, Hold: id}, nil
}

// denial is a start that was denied.
type denial struct {
	pid   int
	words string
	hold  string
	at    time.Time
}

// stubborn is how long a denial also answers the same process with the same
// words: zsh tries the next folder of PATH as soon as the one before failed.
const stubborn = time.Second

// deniedAgain reports a start that was denied a moment ago, and by which hold.
func (s *Session) deniedAgain(q gate.Question) (hold string, again bool) {
	s.mu.Lock()
	d := s.denial
	s.mu.Unlock()
	if d.hold == "" || d.pid != q.PID || d.words != quote.Argv(q.Argv) || time.Since(d.at) > stubborn {
		return "", false
	}
	_ = s.hub.publish(event.Event{Kind: event.Finished, PID: q.PID, Reason: "it was tried again at " + q.Path + " and denied as before (" + d.hold + ")"})
	return d.hold, true
}

// AskEffect is asked by the gate about a call with effects that no card showed.
func (s *Session) AskEffect(ctx context.Context, q gate.EffectQuestion) (gate.Answer, error) {
	id := s.board.next()
	x := s.explainDeed(ctx, q)
	e := event.Event{
		Hold: id, Layer: event.LayerEffect, Cause: q.Cause, PID: q.PID, Argv: q.Argv, Actual: quote.Argv(q.Argv), Explanation: &x,
	}
	if len(x.Effects) > 0 {
		e.Effect = &x.Effects[0]
	}
	s.mu.Lock()
	e.Typed = s.typed[q.Line]
	s.mu.Unlock()
	d, err := s.put(ctx, e)
	if err != nil {
		return gate.Answer{}, err
	}
	if d.Verdict != event.Allow {
		s.sayInStream(denied(d.Reason))
		return gate.Answer{Hold: id}, nil
	}
	return gate.Answer{Allow: true, Hold: id}, nil
}

// put shows a hold and waits for its decision, unless the policy has decided.
func (s *Session) put(ctx context.Context, e event.Event) (event.Decision, error) {
	pid := e.PID
	if pid == 0 { // a line
		pid = s.process.ShellPID()
	}
	e.Dir, _ = proc.Readlink(pid, "cwd") // not known: names in it are not either
	return s.board.put(ctx, e, s.policy.NeverShown(e.Explanation, e.Dir))
}

// explainDeed says what a running program is about to do.
func (s *Session) explainDeed(ctx context.Context, q gate.EffectQuestion) effect.Explanation {
	ctx, cancel := context.WithTimeout(ctx, s.policy.Explain)
	defer cancel()
	w, err := host.FromProcess(q.PID, host.Options{User: s.conf.User})
	if err != nil {
		w = nil // its paths are said as they are
	}
	d := explain.Deed{Argv: q.Argv, Exe: q.Exe, Effects: q.Effects}
	if w != nil {
		d.World = w
	}
	x := explain.ExplainDeed(ctx, d)
	return *x.Normalize()
}

// Effect writes an effect down before the gate lets it happen.
func (s *Session) Effect(e effect.Effect, pid int, hold string) error {
	return s.hub.publish(event.Event{Kind: event.Effected, Effect: &e, PID: pid, Hold: hold})
}

// actual is a start as it would happen. A program may call itself what it likes,
// so its file is named where that is not what its first word says.
func actual(q gate.Question) string {
	words := quote.Argv(q.Argv)
	if q.Path == "" || len(q.Argv) > 0 && path.Base(q.Argv[0]) == path.Base(q.Path) {
		return words
	}
	return quote.Argv([]string{q.Path}) + " (calls itself: " + words + ")"
}

// denied is what the engineer is told of a denial.
func denied(reason string) string { return "escort: denied" + because(reason) }

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return " · " + quote.Line(reason).String()
}

// planned shows the words of a plan; … stands for one that was not known.
func planned(argv []*string) string {
	words := make([]string, len(argv))
	for i, w := range argv {
		words[i] = "…"
		if w != nil {
			words[i] = quote.Argv([]string{*w})
		}
	}
	return strings.Join(words, " ")
}

// Record writes a start down before the gate lets it through.
func (s *Session) Record(r gate.Run) error {
	run := &started{Run: r}
	s.prompts.keep(run)
	if s.early.Load() && s.opensPrompt(run) {
		s.early.Store(false)
		_ = unix.IoctlSetInt(int(s.slave.Fd()), unix.TCFLSH, unix.TCIFLUSH)
		const text = "what was typed before the program started was thrown away"
		s.sayInStream("escort: " + text)
		s.Alarm(text)
	}
	return s.hub.publish(event.Event{
		Kind: event.Started, PID: r.PID, Argv: r.Argv, Hold: r.Hold, Planned: r.Planned, Reason: r.Note,
	})
}

// Outcome is told what became of a start that was let through.
func (s *Session) Outcome(pid int, o gate.Outcome) {
	if o.Result == gate.Failed {
		status := int(o.Errno)
		_ = s.hub.publish(event.Event{Kind: event.Finished, PID: pid, Status: &status, Reason: "it did not start: " + o.Errno.Error()})
	}
}

// Alarm says what should not have happened, on the console and in the record.
func (s *Session) Alarm(text string) {
	s.alarms.tell(text, func(text string) {
		_ = s.hub.publish(event.Event{Kind: event.Message, Who: "escort", Reason: text})
	})
}
