package sample

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"escort/explain"
	"escort/explain/quote"
	"escort/session/event"
)

// DefaultPace is the time between two steps.
const DefaultPace = 2 * time.Second

// Options say how a sample is played.
type Options struct {
	Cols, Rows int              // of the console's terminal; 0: 80 and 24
	Who        string           // the escort, where a decision does not say
	Now        func() time.Time // a clock that goes on; nil: the machine's
	Pace       time.Duration    // between two steps; 0: DefaultPace
	Colleague  string           // decides what is passed on; empty: nobody does
	Lesson     bool             // says nothing of right and wrong before the end
	HintAfter  time.Duration    // how long a hold of a lesson waits before its hint; 0: no hints
	Quiz       bool             // a vote is taken before each card
	Big        bool             // each card comes with its risk word in large letters
	From       int              // the first step that is played, from 1; those before it are shown at once
	// Explain makes the explanations; nil: explain.Explain.
	Explain Explainer
}

// Play is one playing of a sample. It implements [event.Source], begins with
// the first call of Events, and goes on by itself up to the next hold.
type Play struct {
	sample  Sample
	opt     Options
	begun   time.Time
	journal *journal

	ctx    context.Context // done: the play is to end
	cancel context.CancelFunc
	begin  sync.Once
	done   chan struct{} // closed after the last event

	mu       sync.Mutex
	cols     int
	rows     int
	paused   bool // by the key
	frozen   bool // by the escort
	skip     bool // the next wait is over at once
	poked    chan struct{}
	pace     time.Duration
	jump     int // the step to go on with, from 1; 0: the next
	at       int // the step that is played, from 1
	voting   bool
	votes    [levels]int
	open     *hold // what waits for a decision, nil if nothing
	holds    int
	outcomes []Outcome
	reason   string // why the play ended early
}

// hold is a step that waits for its decision.
type hold struct {
	id, word string
	outcome  Outcome
	answered bool                // the engineer has answered
	parked   chan struct{}       // capacity 1: it was passed on
	answer   chan event.Decision // capacity 1
}

var _ event.Source = (*Play)(nil)

// New makes a play of s. Whoever makes it must End it.
func New(s Sample, opt Options) *Play {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Pace <= 0 {
		opt.Pace = DefaultPace
	}
	if opt.Explain == nil {
		opt.Explain = explain.Explain
	}
	if opt.Cols <= 0 || opt.Rows <= 0 {
		opt.Cols, opt.Rows = 80, 24
	}
	if opt.Who == "" {
		opt.Who = "escort"
	}
	p := &Play{
		sample: s, opt: opt, begun: opt.Now(), done: make(chan struct{}), cols: opt.Cols, rows: opt.Rows, poked: make(chan struct{}),
		pace: opt.Pace,
	}
	if opt.From > 1 {
		p.jump = min(opt.From, len(s.Steps))
	}
	p.journal = newJournal(p.Clock)
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

// Sample is what is played.
func (p *Play) Sample() Sample { return p.sample }

// Clock is the time at the sample's host: it began when the file says, and goes
// on as the real one does.
func (p *Play) Clock() time.Time { return p.sample.Start().Add(p.opt.Now().Sub(p.begun)) }

// Events delivers every event after a sequence number; see [event.Source].
func (p *Play) Events(ctx context.Context, after uint64) (<-chan event.Event, error) {
	p.begin.Do(func() { go p.run() })
	return p.journal.follow(ctx, after), nil
}

// Decide answers the hold that is open; see [event.Source].
func (p *Play) Decide(_ context.Context, d event.Decision) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.open
	if h == nil || h.id != d.Hold {
		return p.notOpen(d.Hold)
	}
	switch d.Verdict {
	case event.Allow:
		if p.frozen {
			return event.ErrFrozen
		}
		if h.word != "" && !strings.EqualFold(strings.TrimSpace(d.Word), h.word) {
			return event.ErrWord
		}
	case event.Deny, event.CannotTell:
	default:
		return event.ErrVerdict
	}
	if d.Who == "" {
		d.Who = p.opt.Who
	}
	h.outcome.Looked = time.Duration(d.LookedMS) * time.Millisecond
	if d.Verdict == event.CannotTell {
		return p.park(h, d)
	}
	h.outcome.Did, h.outcome.Reason = d.Verdict, d.Reason
	return p.settle(h, d)
}

// settle answers a hold. Needs mu.
func (p *Play) settle(h *hold, d event.Decision) error {
	err := p.journal.publish(event.Event{
		Kind: event.Decided, Hold: h.id, Verdict: d.Verdict, Reason: d.Reason, Who: d.Who, LookedMS: d.LookedMS,
	})
	if err != nil {
		return err
	}
	p.open = nil
	h.answer <- d
	return nil
}

// notOpen says why a hold cannot be decided. Needs mu.
func (p *Play) notOpen(id string) error {
	for i := range p.holds {
		if id == holdID(i+1) {
			return event.ErrDecided
		}
	}
	return event.ErrNoHold
}

func holdID(n int) string { return fmt.Sprintf("h%d", n) }

// park says what happens to a hold that the escort cannot judge. Needs mu.
func (p *Play) park(h *hold, d event.Decision) error {
	h.outcome.Unsure = true
	next := "In a live session it now waits for somebody who is qualified. Here you are alone: allow or deny it."
	if p.opt.Colleague != "" {
		next = p.opt.Colleague + ", who knows this system, looks at it."
		select {
		case h.parked <- struct{}{}:
		default: // it was passed on before
		}
	}
	return errors.Join(
		p.journal.publish(event.Event{Kind: event.Parked, Hold: d.Hold, Who: d.Who, Reason: d.Reason}),
		p.print("\n"+strings.Join(wrap("escort: "+event.PassedOn, min(p.cols, measure)), "\n")),
		p.say(next),
	)
}

// colleague decides what was passed on, if the escort has not done so meanwhile.
func (p *Play) colleague(h *hold) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open != h {
		return nil
	}
	h.outcome.Did = PassedOn
	return p.settle(h, event.Decision{Verdict: h.outcome.Step.Verdict(), Who: p.opt.Colleague, Reason: "looked at it for " + p.opt.Who})
}

// Tell shows a line to the engineer, who answers a question about the open
// hold once.
func (p *Play) Tell(_ context.Context, text string) error {
	text = quote.Line(strings.TrimSpace(text)).String()
	if text == "" {
		return errors.New("there is nothing to say")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.speak(p.opt.Who, "escort says: "+text, text); err != nil {
		return err
	}
	h := p.open
	if h == nil {
		return nil
	}
	h.outcome.Asked = true
	if answer := h.outcome.Step.Answer; answer != "" && !h.answered {
		h.answered = true
		return p.speak(p.sample.Engineer, p.sample.User()+" answers: "+answer, answer)
	}
	return nil
}

// speak publishes a message and shows it in the stream.
func (p *Play) speak(who, shown, text string) error {
	return errors.Join(
		p.journal.publish(event.Event{Kind: event.Message, Who: who, Reason: text}),
		p.print("\n"+strings.Join(wrap(shown, min(p.cols, measure)), "\n")),
	)
}

// say is what the sample itself has to tell, beside the session.
func (p *Play) say(text string) error {
	return p.journal.publish(event.Event{Kind: event.Message, Who: presenter, Reason: text})
}

// print shows text in the session's terminal.
func (p *Play) print(text string) error {
	return p.journal.publish(event.Event{Kind: event.Output, Data: []byte(strings.ReplaceAll(text, "\n", "\r\n"))})
}

// Freeze stops the play, or lets it go on.
func (p *Play) Freeze(_ context.Context, on bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.frozen == on {
		return nil
	}
	e := event.Event{Kind: event.Thawed}
	if on {
		e = event.Event{Kind: event.Frozen, Reason: "by " + p.opt.Who}
	}
	if err := p.journal.publish(e); err != nil {
		return err
	}
	p.frozen = on
	p.poke()
	return nil
}

// Resize sets the size of the session's terminal.
func (p *Play) Resize(cols, rows int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if cols <= 0 || rows <= 0 {
		return fmt.Errorf("no terminal has %d×%d cells", cols, rows)
	}
	if cols == p.cols && rows == p.rows {
		return nil
	}
	p.cols, p.rows = cols, rows
	return p.journal.publish(event.Event{Kind: event.Resized, Cols: cols, Rows: rows})
}

// End ends the play and waits until it is over.
func (p *Play) End(ctx context.Context) error {
	p.mu.Lock()
	p.reason = "the escort ended the session"
	p.cancel()
	p.mu.Unlock()
	p.begin.Do(func() { go p.run() })
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// poke lets a wait look again. Needs mu.
func (p *Play) poke() {
	close(p.poked)
	p.poked = make(chan struct{})
}
