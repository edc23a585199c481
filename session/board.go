package session

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"escort/session/event"
	"escort/session/policy"
)

// board has the holds of a session: made here, decided here, once.
type board struct {
	hub     *hub
	session string // ID
	who     string // escort, where a decision does not say
	frozen  func() bool
	policy  *policy.Policy

	mu      sync.Mutex
	n       int
	holds   map[string]*hold
	escorts map[string]int // who attends, and at how many consoles
	alone   bool           // one person is engineer and escort: there is no second one
}

type hold struct {
	event  event.Event
	done   bool
	agreed string              // the escort who would allow it, where a second must
	answer chan event.Decision // capacity 1
}

func newBoard(h *hub, who string, frozen func() bool, p *policy.Policy) *board {
	return &board{hub: h, who: who, frozen: frozen, policy: p, holds: map[string]*hold{}, escorts: map[string]int{}}
}

// next returns the ID for a new hold.
func (b *board) next() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.n++
	return fmt.Sprintf("h%d", b.n)
}

// put shows a hold and waits for its decision. never says why it is denied at
// once; empty: it is not. One that waits longer than the policy has it is denied
// too. The error is that of ctx when the hold went away by itself, or of the
// record; both mean: not allowed.
func (b *board) put(ctx context.Context, e event.Event, never string) (event.Decision, error) {
	e.Kind = event.Held
	e.Word = event.ConfirmWord(e.Explanation, b.policy.Word)
	e.ExpiresMS = b.policy.Hold.Milliseconds()
	h := &hold{event: e, answer: make(chan event.Decision, 1)}
	b.mu.Lock()
	b.holds[e.Hold] = h
	b.mu.Unlock()
	defer b.drop(h)
	if err := b.hub.publish(e); err != nil {
		return event.Decision{}, err
	}
	if never != "" {
		b.deny(e.Hold, never)
	} else if most := b.policy.Hold; most > 0 {
		defer time.AfterFunc(most, func() { b.deny(e.Hold, fmt.Sprintf("nobody decided within %v", most)) }).Stop()
	}
	select {
	case d := <-h.answer:
		return d, nil
	case <-ctx.Done():
	}
	if !b.take(h) {
		d := <-h.answer // decided in the same moment: the decision stands
		return d, nil
	}
	_ = b.hub.publish(event.Event{Kind: event.Withdrawn, Hold: e.Hold, Reason: "it was taken back, or its process ended"})
	return event.Decision{}, ctx.Err()
}

// deny is the policy's decision. An error says that there is another one, or that
// it could not be written, and then it counts all the same.
func (b *board) deny(id, why string) {
	_ = b.decide(event.Decision{Hold: id, Verdict: event.Deny, Reason: why, Who: event.Policy})
}

// waiting is the number of holds that wait.
func (b *board) waiting() (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, h := range b.holds {
		if !h.done {
			n++
		}
	}
	return n
}

func (b *board) drop(h *hold) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h.done = true
}

// take marks h as done and reports whether it was open until now.
func (b *board) take(h *hold) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	was := h.done
	h.done = true
	return !was
}

// decide answers a hold. It is written before it counts; a denial counts even
// when it could not be written.
func (b *board) decide(d event.Decision) error {
	if d.Who == "" {
		d.Who = b.who
	}
	b.mu.Lock()
	h := b.holds[d.Hold]
	if h == nil {
		b.mu.Unlock()
		return event.ErrNoHold
	}
	if h.done {
		b.mu.Unlock()
		return event.ErrDecided
	}
	if err := b.acceptable(h, d); err != nil {
		b.mu.Unlock()
		return err
	}
	if err := b.proven(&d); err != nil {
		b.mu.Unlock()
		return err
	}
	if d.Verdict == event.CannotTell {
		b.mu.Unlock()
		return b.hub.publish(told(event.Parked, d))
	}
	if d.Verdict == event.Allow && b.wantsSecond(h, d.Who) {
		defer b.mu.Unlock()
		return b.agree(h, d)
	}
	e := told(event.Decided, d)
	if d.Verdict == event.Allow && h.agreed != "" && h.agreed != d.Who {
		d.Who = h.agreed + " and " + d.Who
		e.Who = d.Who
	}
	h.done = true
	b.mu.Unlock()
	err := b.hub.publish(e)
	if err != nil && d.Verdict == event.Allow {
		d.Verdict, d.Reason = event.Deny, "it could not be recorded"
		h.answer <- d
		return fmt.Errorf("%w: %w", event.ErrRecord, err)
	}
	h.answer <- d
	return nil
}

func (b *board) acceptable(h *hold, d event.Decision) error {
	switch d.Verdict {
	case event.Deny, event.CannotTell:
		return nil
	case event.Allow:
	default:
		return event.ErrVerdict
	}
	if b.frozen() {
		return event.ErrFrozen
	}
	if h.event.Word != "" && !strings.EqualFold(strings.TrimSpace(d.Word), h.event.Word) {
		return event.ErrWord
	}
	return nil
}

// wantsSecond reports whether what who allows is not enough. Needs mu.
func (b *board) wantsSecond(h *hold, who string) bool {
	switch {
	case b.alone || h.event.Explanation == nil || !h.event.Explanation.Risk.AtLeast(b.policy.Second):
		return false
	case h.agreed != "" && h.agreed != who:
		return false
	}
	return b.policy.SecondAlways || len(b.escorts) > 1
}

// agree notes that one escort would allow what a second must allow as well. It
// is written down like a decision. Needs mu.
func (b *board) agree(h *hold, d event.Decision) error {
	if h.agreed == d.Who {
		return event.ErrSecond
	}
	if err := b.hub.publish(told(event.Agreed, d)); err != nil {
		return fmt.Errorf("%w: %w", event.ErrRecord, err)
	}
	h.agreed = d.Who
	return nil
}

// join notes that an escort attends, at one console more.
func (b *board) join(who string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.escorts[who]++
}

// leave takes a console of an escort away. What that escort agreed to stays.
func (b *board) leave(who string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.escorts[who]--; b.escorts[who] <= 0 {
		delete(b.escorts, who)
	}
}
