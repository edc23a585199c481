package session

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"escort/explain/effect"
	"escort/session/event"
	"escort/session/policy"
	"escort/session/record"
	"escort/session/sign"

	"golang.org/x/crypto/ssh"
)

// desk is a board with a real record, and escorts who sign.
type desk struct {
	t      *testing.T
	board  *board
	rec    *record.Recorder
	eva    *sign.Signer
	tom    *sign.Signer
	nobody *sign.Signer // whose key is on no list
}

func newSigner(t *testing.T) *sign.Signer {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "id")
	if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := sign.FromFile(t.Context(), file, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newDesk(t *testing.T, required bool) *desk {
	t.Helper()
	d := &desk{t: t, eva: newSigner(t), tom: newSigner(t), nobody: newSigner(t)}
	list, err := sign.ParseList("signers", fmt.Appendf(nil, "eva %stom %s", ssh.MarshalAuthorizedKey(d.eva.Key()), ssh.MarshalAuthorizedKey(d.tom.Key())))
	if err != nil {
		t.Fatal(err)
	}
	if d.rec, err = record.Create(t.TempDir(), record.Meta{}); err != nil {
		t.Fatal(err)
	}
	p := *policy.Default()
	p.Signed, p.Signers = required, []*sign.List{list}
	h := newHub(d.rec, func(error) {}, nil) // a hold that ends with the test is told too late
	d.board = newBoard(h, "eva", func() bool { return false }, &p)
	d.board.session = d.rec.ID()
	if err := h.publish(event.Event{Kind: event.Opened}); err != nil {
		t.Fatal(err)
	}
	return d
}

// holds holds a line and returns where its decision comes.
func (d *desk) holds(risk effect.Risk) (id string, answer <-chan event.Decision) {
	d.t.Helper()
	id = d.board.next()
	got := make(chan event.Decision, 1)
	ctx := d.t.Context()
	go func() {
		x := (&effect.Explanation{Command: "ls " + id, Risk: risk}).Normalize()
		if a, err := d.board.put(ctx, event.Event{Hold: id, Typed: "ls " + id, Explanation: x}, ""); err == nil {
			got <- a
		}
	}()
	events := d.board.hub.follow(ctx, 0)
	for e := range events {
		if e.Kind == event.Held && e.Hold == id {
			break
		}
	}
	return id, got
}

// head is the hash of the last line of the ledger.
func (d *desk) head() string {
	d.board.hub.mu.Lock()
	defer d.board.hub.mu.Unlock()
	return d.board.hub.log[len(d.board.hub.log)-1].e.Hash
}

// held is what was held.
func (d *desk) held(id string) event.Sight {
	d.t.Helper()
	e, _ := d.board.hub.lines(id, "")
	s, err := e.Sight()
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

// signs is a decision that who signs as the console does.
func (d *desk) signs(by *sign.Signer, x event.Decision, session string, held event.Sight) event.Decision {
	d.t.Helper()
	var err error
	if x.Signature, err = by.Sign(d.t.Context(), event.Namespace, x.Statement(session, held).Text()); err != nil {
		d.t.Fatal(err)
	}
	return x
}

// last is the last event of a kind.
func (d *desk) last(kind string) (e event.Event) {
	d.board.hub.mu.Lock()
	defer d.board.hub.mu.Unlock()
	for _, x := range d.board.hub.log {
		if x.e.Kind == kind {
			e = x.e
		}
	}
	return e
}

// checked is what the record says, and how many of its signatures hold.
func (d *desk) checked() (rep record.Report, good int) {
	d.t.Helper()
	if err := d.rec.Close(); err != nil {
		d.t.Fatal(err)
	}
	rep, err := record.Verify(d.rec.Dir())
	if err != nil || !rep.Whole() {
		d.t.Fatalf("%v, %v", rep.Problems, err)
	}
	for _, j := range rep.Decisions {
		if _, err := sign.Check(j.Statement, j.Signature, d.board.policy.Signers, j.Time); err == nil {
			good++
		} else if len(j.Signature) > 0 {
			d.t.Errorf("line %d: %v\n%s", j.Line, err, j.Statement.Text())
		}
	}
	return rep, good
}

// Each way to make a signature say something that its maker did not say, or to
// use one again, allows nothing, is told in words, and is written down.
func TestNoForgedOrReplayedDecisionAllows(t *testing.T) {
	d := newDesk(t, false)
	old, _ := d.holds(effect.Low)
	before := d.head()
	again := d.signs(d.eva, event.Decision{Hold: old, Verdict: event.Allow, Who: "eva", Head: d.head()}, d.rec.ID(), d.held(old))
	if err := d.board.decide(again); err != nil {
		t.Fatal(err)
	}
	id, answer := d.holds(effect.Low)
	good := event.Decision{Hold: id, Verdict: event.Allow, Who: "eva", Reason: "as planned", LookedMS: 900, Head: d.head()}
	signed := func(change func(*event.Decision)) event.Decision {
		x := d.signs(d.eva, good, d.rec.ID(), d.held(id))
		change(&x)
		return x
	}
	denial := d.signs(d.eva, event.Decision{Hold: id, Verdict: event.Deny, Who: "eva", Head: d.head()}, d.rec.ID(), d.held(id))
	stale := good
	stale.Head = before
	made := good
	made.Head = strings.Repeat("0", 64)
	none := good
	none.Head = ""
	other := newDesk(t, false)
	shown := d.held(id) // by a host that shows one card and names the line of another
	shown.Card = d.held(old).Card
	named := d.held(old)
	named.Line = d.held(id).Line
	for name, x := range map[string]event.Decision{
		"made up":                        {Hold: id, Verdict: event.Allow, Who: "eva", Head: good.Head, Signature: []byte("-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n")},
		"no signature at all":            {Hold: id, Verdict: event.Allow, Who: "eva", Head: good.Head, Signature: []byte("signed, eva")},
		"a key of nobody":                d.signs(d.nobody, good, d.rec.ID(), d.held(id)),
		"another escort's key":           d.signs(d.tom, good, d.rec.ID(), d.held(id)),
		"an earlier one of this session": signed(func(x *event.Decision) { x.Signature, x.Head = again.Signature, again.Head }),
		"its own denial":                 signed(func(x *event.Decision) { x.Signature, x.Reason, x.LookedMS = denial.Signature, "", 0 }),
		"for another session":            d.signs(d.eva, good, other.rec.ID(), d.held(id)),
		"for another hold":               d.signs(d.eva, good, d.rec.ID(), d.held(old)),
		"for another verdict": signed(func(x *event.Decision) {
			y := *x
			y.Verdict = event.CannotTell
			x.Signature = d.signs(d.eva, y, d.rec.ID(), d.held(id)).Signature
		}),
		"a changed reason":             signed(func(x *event.Decision) { x.Reason = "as ordered" }),
		"a changed time of looking":    signed(func(x *event.Decision) { x.LookedMS = 90000 }),
		"in another's name":            signed(func(x *event.Decision) { x.Who = "tom" }),
		"for another card":             d.signs(d.eva, good, d.rec.ID(), shown),
		"for another card and command": d.signs(d.eva, good, d.rec.ID(), named),
		"truncated":                    signed(func(x *event.Decision) { x.Signature = x.Signature[:len(x.Signature)-40] }),
		"a changed head":               signed(func(x *event.Decision) { x.Head = before }),
		"a head from before the hold":  d.signs(d.eva, stale, d.rec.ID(), d.held(id)),
		"a head that is no line":       d.signs(d.eva, made, d.rec.ID(), d.held(id)),
		"no head":                      d.signs(d.eva, none, d.rec.ID(), d.held(id)),
	} {
		seq := d.last(event.Message).Seq
		if err := d.board.decide(x); !errors.Is(err, event.ErrUnproved) {
			t.Errorf("%s: %v", name, err)
		}
		if m := d.last(event.Message); m.Seq == seq || !strings.Contains(m.Reason, "a signature was refused, with which "+x.Who+" decided allow on "+id+": ") {
			t.Errorf("%s is not written down: %+v", name, m)
		}
	}
	select {
	case a := <-answer:
		t.Fatalf("decided: %+v", a)
	default:
	}
	if err := d.board.decide(signed(func(*event.Decision) {})); err != nil { // the head is behind by now, and still of this hold
		t.Fatal(err)
	}
	if a := <-answer; a.Verdict != event.Allow {
		t.Errorf("decided: %+v", a)
	}
	if e := d.last(event.Decided); e.Signer != "eva" || len(e.Signature) == 0 || e.Head != good.Head {
		t.Errorf("recorded: %+v", e)
	}
	if rep, n := d.checked(); n != 2 || len(rep.Decisions) != 2 {
		t.Errorf("%d of %d signatures hold", n, len(rep.Decisions))
	}
}

func TestPolicyWantsSignatures(t *testing.T) {
	d := newDesk(t, true)
	id, answer := d.holds(effect.Low)
	if err := d.board.decide(event.Decision{Hold: id, Verdict: event.Allow, Who: "eva"}); !errors.Is(err, event.ErrUnsigned) {
		t.Errorf("an allow that is not signed: %v", err)
	}
	if err := d.board.decide(event.Decision{Hold: id, Verdict: event.CannotTell, Who: "eva"}); err != nil {
		t.Errorf("passed on: %v", err)
	}
	if err := d.board.decide(event.Decision{Hold: id, Verdict: event.Deny, Who: "eva"}); err != nil {
		t.Errorf("a denial that is not signed: %v", err)
	}
	if a := <-answer; a.Verdict != event.Deny {
		t.Errorf("decided: %+v", a)
	}
	id, answer = d.holds(effect.Low)
	wrong := d.signs(d.nobody, event.Decision{Hold: id, Verdict: event.Deny, Who: "eva", Head: d.head()}, d.rec.ID(), d.held(id))
	if err := d.board.decide(wrong); err != nil {
		t.Errorf("a denial that is wrongly signed: %v", err)
	}
	if a := <-answer; a.Verdict != event.Deny {
		t.Errorf("decided: %+v", a)
	}
	if e := d.last(event.Decided); e.Signature != nil || e.Signer != "" || e.Head != "" {
		t.Errorf("the wrong signature is kept: %+v", e)
	}
	id, _ = d.holds(effect.Low)
	passed := d.signs(d.tom, event.Decision{Hold: id, Verdict: event.CannotTell, Who: "tom", Head: d.head()}, d.rec.ID(), d.held(id))
	if err := d.board.decide(passed); err != nil {
		t.Fatal(err)
	}
	if rep, n := d.checked(); n != 1 || len(rep.Decisions) != 4 {
		t.Errorf("%d of %d signatures hold", n, len(rep.Decisions))
	}
}

// Of two escorts each signs in the own name.
func TestTwoEscortsSign(t *testing.T) {
	d := newDesk(t, true)
	d.board.join("eva")
	d.board.join("tom")
	id, answer := d.holds(effect.Critical)
	say := func(by *sign.Signer, who string) error {
		return d.board.decide(d.signs(by, event.Decision{Hold: id, Verdict: event.Allow, Word: "EXECUTE", Who: who, Head: d.head()}, d.rec.ID(), d.held(id)))
	}
	if err := say(d.eva, "eva"); err != nil {
		t.Fatal(err)
	}
	if err := say(d.eva, "tom"); !errors.Is(err, event.ErrUnproved) {
		t.Fatalf("one escort was two: %v", err)
	}
	if err := say(d.tom, "tom"); err != nil {
		t.Fatal(err)
	}
	if a := <-answer; a.Verdict != event.Allow || a.Who != "eva and tom" {
		t.Errorf("decided: %+v", a)
	}
	rep, n := d.checked()
	if n != 2 || len(rep.Decisions) != 2 || rep.Decisions[0].Statement.Who != "eva" || rep.Decisions[1].Statement.Who != "tom" {
		t.Errorf("%d signatures hold of %+v", n, rep.Decisions)
	}
}

// The whole way of a decision: the events of a session, the console's signature,
// the board's check.
func TestSignedSourceOnABoard(t *testing.T) {
	d := newDesk(t, true)
	src := sign.Source(boardSource{board: d.board}, d.rec.ID(), "eva", d.eva)
	events, err := src.Events(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		id, answer := d.holds(effect.Low)
		for e := range events {
			if e.Hold == id {
				break
			}
		}
		if err := src.Decide(t.Context(), event.Decision{Hold: id, Verdict: event.Allow, Reason: "\xff\n<b>"}); err != nil {
			t.Fatal(err)
		}
		if a := <-answer; a.Verdict != event.Allow {
			t.Errorf("decided: %+v", a)
		}
	}
	if rep, n := d.checked(); n != 3 || len(rep.Decisions) != 3 {
		t.Errorf("%d of %d signatures hold", n, len(rep.Decisions))
	}
}

// boardSource is a board as a source.
type boardSource struct {
	event.Source
	board *board
}

func (s boardSource) Events(ctx context.Context, after uint64) (<-chan event.Event, error) {
	return s.board.hub.follow(ctx, after), nil
}

func (s boardSource) Decide(_ context.Context, d event.Decision) error { return s.board.decide(d) }

// A key counts at the time of the decision, also years later.
func TestKeyCountsWhenItDecided(t *testing.T) {
	d := newDesk(t, true)
	old, err := sign.ParseList("signers", fmt.Appendf(nil, "eva valid-before=\"20200101Z\" %s", ssh.MarshalAuthorizedKey(d.eva.Key())))
	if err != nil {
		t.Fatal(err)
	}
	id, _ := d.holds(effect.Low)
	x := d.signs(d.eva, event.Decision{Hold: id, Verdict: event.Allow, Who: "eva", Head: d.head()}, d.rec.ID(), d.held(id))
	now := d.board.policy.Signers
	d.board.policy.Signers = []*sign.List{now[0], old}
	if err := d.board.decide(x); !errors.Is(err, event.ErrUnproved) || !strings.Contains(err.Error(), "until 2020-01-01") {
		t.Errorf("a key that has ended: %v", err)
	}
	d.board.policy.Signers = now
	if err := d.board.decide(x); err != nil {
		t.Fatal(err)
	}
	d.checked()
}
