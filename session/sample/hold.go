package sample

import (
	"errors"
	"strings"
	"time"

	"escort/session/event"
	"escort/session/policy"
)

// hold explains a step, shows it and waits for its decision.
func (p *Play) hold(st Step) (event.Decision, error) {
	e := p.opt.Explain(p.ctx, p.sample.request(st))
	if p.opt.Quiz {
		if err := p.vote(st, e); err != nil {
			return event.Decision{}, err
		}
	}
	if p.opt.Big {
		if err := p.print("\n" + strings.Join(banner(string(e.Risk)), "\n") + "\n"); err != nil {
			return event.Decision{}, err
		}
	}
	h := &hold{
		word: event.ConfirmWord(&e, policy.Default().Word), outcome: Outcome{Step: st, Number: p.at, Explanation: e},
		parked: make(chan struct{}, 1), answer: make(chan event.Decision, 1),
	}
	p.mu.Lock()
	p.holds++
	h.id = holdID(p.holds)
	p.open, p.skip = h, false
	err := p.journal.publish(event.Event{
		Kind: event.Held, Hold: h.id, Layer: event.LayerLine, Cause: event.CauseTyped, Typed: st.Line,
		Dir: p.sample.Home, Word: h.word, Explanation: &e,
	})
	p.mu.Unlock()
	if err != nil {
		return event.Decision{}, err
	}
	d, err := p.answer(h)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		p.outcomes = append(p.outcomes, h.outcome)
		return d, nil
	}
	if p.open == h {
		p.open = nil
		err = errors.Join(err, p.journal.publish(event.Event{Kind: event.Withdrawn, Hold: h.id, Reason: "the sample was ended"}))
	}
	return event.Decision{}, err
}

// answer waits for the decision on h. Meanwhile the hint comes, and the
// colleague looks at what was passed on.
func (p *Play) answer(h *hold) (event.Decision, error) {
	var late <-chan time.Time
	if hint := h.outcome.Step.Hint; hint != "" && p.opt.Lesson && p.opt.HintAfter > 0 {
		t := time.NewTimer(p.opt.HintAfter)
		defer t.Stop()
		late = t.C
	}
	for {
		var err error
		select {
		case d := <-h.answer:
			return d, nil
		case <-p.ctx.Done():
			return event.Decision{}, errEnded
		case <-late:
			late = nil
			err = p.hint(h)
		case <-h.parked:
			if _, err = p.wait(2 * p.stepPace()); err == nil {
				err = p.colleague(h)
			}
		}
		if err != nil {
			return event.Decision{}, err
		}
	}
}

// hint shows the hint of a hold, below its line.
func (p *Play) hint(h *hold) error {
	p.mu.Lock()
	h.outcome.Hinted = true
	p.mu.Unlock()
	return errors.Join(p.print("\n"), p.aside(measure, "Hint: "+h.outcome.Step.Hint))
}
