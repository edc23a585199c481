package sample

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"escort/session/event"
)

// next moves on to the next step, and returns its number from 1; one more than
// there are is the end.
func (p *Play) next() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at++
	return p.at
}

// leap goes to the step that was asked for. Steps that are left out are shown at
// once; who goes back answers anew.
func (p *Play) leap() error {
	p.mu.Lock()
	from, to := p.at, p.jump
	p.jump, p.at = 0, to-1
	p.outcomes = slices.DeleteFunc(p.outcomes, func(o Outcome) bool { return o.Number >= to })
	p.mu.Unlock()
	if err := errors.Join(p.print("\n"), p.aside(measure, fmt.Sprintf("On to step %d.", to))); err != nil {
		return err
	}
	for n := from; n < to; n++ {
		if err := p.past(p.sample.Steps[n-1]); err != nil {
			return err
		}
	}
	return nil
}

// past shows a step as if it had been answered rightly.
func (p *Play) past(st Step) error {
	e := p.opt.Explain(p.ctx, p.sample.request(st))
	p.mu.Lock()
	p.holds++
	id := holdID(p.holds)
	err := errors.Join(
		p.print(p.sample.prompt()+st.Line),
		p.journal.publish(event.Event{
			Kind: event.Held, Hold: id, Layer: event.LayerLine, Cause: event.CauseTyped, Typed: st.Line, Dir: p.sample.Home, Explanation: &e,
		}),
		p.journal.publish(event.Event{Kind: event.Decided, Hold: id, Verdict: st.Verdict(), Who: presenter}),
	)
	p.mu.Unlock()
	if err != nil {
		return err
	}
	if st.Verdict() == event.Allow {
		st.Takes = 0
		return p.ran(st, id)
	}
	return p.print("\nescort: denied\n")
}

// presenter is who speaks and decides where nobody of the sample does.
const presenter = "demo"

// close tells how it went and waits for the key that ends it.
func (p *Play) close() error {
	if _, err := p.wait(p.stepPace()); err != nil {
		return err
	}
	if err := p.over(); err != nil {
		return err
	}
	if _, err := p.wait(forever); errors.Is(err, errJump) {
		return err
	}
	return nil // whichever way it ends, all was played
}

// stepPace is the time between two steps, as it is now.
func (p *Play) stepPace() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pace
}
