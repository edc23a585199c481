package session

import (
	"errors"
	"fmt"

	"escort/session/event"
	"escort/session/sign"
)

// proven holds d to its signature. What cannot be proved allows nothing; it is
// written down, and a denial counts without it. Needs mu.
func (b *board) proven(d *event.Decision) error {
	if len(d.Signature) == 0 {
		d.Head = ""
		if d.Verdict == event.Allow && b.policy.Signed {
			return event.ErrUnsigned
		}
		return nil
	}
	err := b.check(*d)
	if err == nil {
		return nil
	}
	words := fmt.Sprintf("a signature was refused, with which %s decided %s on %s: %v", d.Who, d.Verdict, d.Hold, err)
	_ = b.hub.publish(event.Event{Kind: event.Message, Who: "escort", Reason: words})
	d.Head, d.Signature = "", nil
	if d.Verdict == event.Allow {
		return fmt.Errorf("%w: %w", event.ErrUnproved, err)
	}
	return nil
}

func (b *board) check(d event.Decision) error {
	e, since := b.hub.lines(d.Hold, d.Head)
	switch {
	case e.Hash == "":
		return errors.New("what is held has no line in the ledger")
	case !since:
		return errors.New("its head is no line of this ledger since the hold")
	}
	held, err := e.Sight()
	if err != nil {
		return err
	}
	now, _ := b.hub.now()
	_, err = sign.Check(d.Statement(b.session, held), d.Signature, b.policy.Signers, now)
	return err
}

// lines finds what a signature names in the ledger: the event of a hold, and
// whether head is the hash of its line or of a later one.
func (h *hub) lines(hold, head string) (held event.Event, since bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := len(h.log) - 1; i >= 0; i-- {
		e := &h.log[i].e
		since = since || e.Hash != "" && e.Hash == head
		if e.Kind == event.Held && e.Hold == hold {
			return *e, since
		}
	}
	return held, false
}

// told is the event that says what d is.
func told(kind string, d event.Decision) event.Event {
	e := event.Event{Kind: kind, Hold: d.Hold, Verdict: d.Verdict, Reason: d.Reason, Who: d.Who, LookedMS: d.LookedMS}
	if len(d.Signature) > 0 {
		e.Signer, e.Head, e.Signature = d.Who, d.Head, d.Signature
	}
	if kind == event.Parked { // which is not a verdict
		e.Verdict = ""
	}
	return e
}
