package sign

import (
	"context"
	"errors"
	"strings"
	"testing"

	"escort/session/event"

	"golang.org/x/crypto/ssh"
)

// tape is a session that tells some events and takes every decision.
type tape struct {
	event.Source
	events []event.Event
	got    []event.Decision
}

func (p *tape) Events(context.Context, uint64) (<-chan event.Event, error) {
	out := make(chan event.Event, len(p.events))
	for i, e := range p.events {
		e.Seq = uint64(i + 1)
		out <- e
	}
	close(out)
	return out, nil
}

func (p *tape) Decide(_ context.Context, d event.Decision) error {
	p.got = append(p.got, d)
	return nil
}

// attended is a tape that wants to know whether somebody is there.
type attended struct {
	*tape
	touched bool
}

func (a *attended) Touch()             { a.touched = true }
func (a *attended) Prove(string) error { return nil }

func held(id, hash string) event.Event {
	return event.Event{Kind: event.Held, Hold: id, Hash: hash, Typed: "ls " + id}
}

// sight is what a console has before it that received e.
func sight(t *testing.T, e event.Event) event.Sight {
	t.Helper()
	s, err := e.Sight()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// through receives all that a source tells.
func through(t *testing.T, src event.Source) {
	t.Helper()
	events, err := src.Events(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for range events {
	}
}

func TestSourceSigns(t *testing.T) {
	p := &tape{events: []event.Event{
		{Kind: event.Opened, Hash: "aa"}, held("h1", "bb"), {Kind: event.Output}, held("h2", "cc"), {Kind: event.Message, Hash: "dd"}, {Kind: event.Output},
	}}
	signer := fromFile(t, edKey(t))
	src := Source(p, "20261123-231502-4f2a", "eva", signer)
	through(t, src)
	for _, hold := range []string{"h2", "h1"} {
		if err := src.Decide(t.Context(), event.Decision{Hold: hold, Verdict: event.Allow, Reason: "as \"planned\"\nverdict: deny", Who: "tom", LookedMS: 5200}); err != nil {
			t.Fatal(err)
		}
	}
	want := "escort-decision 1\nsession: 20261123-231502-4f2a\nhold: h2\nwhat: \"ls h2\"\nrisk: \"\"\nsays: \"\"\n" +
		"held: cc\ncard: " + sight(t, held("h2", "")).Card + "\nhead: dd\nverdict: allow\n" +
		`reason: "as \"planned\"\nverdict: deny"` + "\nwho: eva\nlooked: 5200 ms\n"
	if key, err := Verify(p.got[0].Signature, event.Namespace, []byte(want)); err != nil || ssh.FingerprintSHA256(key) != ssh.FingerprintSHA256(signer.Key()) {
		t.Errorf("signed by %v, %v", key, err)
	}
	if d := p.got[0]; d.Who != "eva" || d.Head != "dd" || string(d.Statement("20261123-231502-4f2a", sight(t, held("h2", "cc"))).Text()) != want {
		t.Errorf("sent %+v", d)
	}
	if _, err := Verify(p.got[1].Signature, event.Namespace, p.got[1].Statement("20261123-231502-4f2a", sight(t, held("h1", "bb"))).Text()); err != nil {
		t.Error(err)
	}
}

// What is held can be decided before the console has it.
func TestSourceHeadIsNeverBeforeTheHold(t *testing.T) {
	p := &tape{events: []event.Event{{Kind: event.Opened, Hash: "aa"}, held("h1", "bb")}}
	src := Source(p, "s", "eva", fromFile(t, edKey(t)))
	events, err := src.Events(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	<-events
	<-events
	if err := src.Decide(t.Context(), event.Decision{Hold: "h1", Verdict: event.Allow}); err != nil {
		t.Fatal(err)
	}
	if p.got[0].Head != "bb" {
		t.Errorf("the head is %q", p.got[0].Head)
	}
}

func TestSourceSendsNoAllowThatIsNotSigned(t *testing.T) {
	p := &tape{events: []event.Event{held("h1", "aa"), held("h2", ""), held("h3", "bb"), {Kind: event.Decided, Hold: "h3", Hash: "cc"}}}
	signer := fromFile(t, edKey(t))
	signer.with = func(context.Context, []byte) (*ssh.Signature, error) {
		return nil, &Error{What: "the agent is locked", Do: "unlock it", Err: errors.New("no")}
	}
	src := Source(p, "s", "eva", signer)
	through(t, src)
	for hold, want := range map[string]string{
		"h1": "not allowed: the agent is locked; unlock it",
		"h2": "not allowed: this session does not say what its ledger holds; attach without --sign",
		"h3": event.ErrDecided.Error(), "h9": event.ErrNoHold.Error(),
	} {
		if err := src.Decide(t.Context(), event.Decision{Hold: hold, Verdict: event.Allow}); err == nil || err.Error() != want {
			t.Errorf("%s: %v", hold, err)
		}
	}
	if len(p.got) > 0 {
		t.Fatalf("sent %+v", p.got)
	}
	err := src.Decide(t.Context(), event.Decision{Hold: "h1", Verdict: event.Deny})
	if err == nil || !strings.HasPrefix(err.Error(), "sent, but not signed: ") {
		t.Errorf("a denial: %v", err)
	}
	if len(p.got) != 1 || p.got[0].Signature != nil || p.got[0].Head != "" || p.got[0].Verdict != event.Deny {
		t.Errorf("sent %+v", p.got)
	}
}

func TestSourceTellsThatSomebodyIsThere(t *testing.T) {
	a := &attended{tape: &tape{}}
	p, ok := Source(a, "s", "eva", fromFile(t, edKey(t))).(event.Present)
	if !ok {
		t.Fatal("not passed on")
	}
	if p.Touch(); !a.touched {
		t.Error("not touched")
	}
	if _, ok := Source(a.tape, "s", "eva", fromFile(t, edKey(t))).(event.Present); ok {
		t.Error("made up")
	}
}
