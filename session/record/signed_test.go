package record

import (
	"path/filepath"
	"strings"
	"testing"

	"escort/session/event"

	"github.com/google/go-cmp/cmp"
)

// signedRecord is the folder of a record with some decisions, and the hashes of
// its lines by their kinds.
func signedRecord(t *testing.T, change func(hashes map[string]string, e *event.Event)) (dir string, hashes map[string]string) {
	t.Helper()
	r, err := Create(t.TempDir(), meta())
	if err != nil {
		t.Fatal(err)
	}
	hashes = map[string]string{}
	for _, e := range []event.Event{
		{Kind: event.Opened},
		{Kind: event.Message, Reason: "before"},
		{Kind: event.Held, Hold: "h1", Explanation: explained("Deletes sub.")},
		{Kind: event.Parked, Hold: "h1", Who: "tom"},
		{Kind: event.Agreed, Hold: "h1", Verdict: event.Allow, Who: "eva", Signer: "eva", Signature: []byte("S")},
		{Kind: event.Decided, Hold: "h1", Verdict: event.Allow, Who: "eva and tom", Reason: "r", LookedMS: 7, Signer: "tom", Signature: []byte("S")},
		{Kind: event.Held, Hold: "h2", Explanation: explained("Deletes sub.")},
		{Kind: event.Decided, Hold: "h2", Verdict: event.Deny, Who: event.Policy},
		{Kind: event.Closed},
	} {
		if len(e.Signature) > 0 {
			e.Head = hashes[event.Held]
		}
		if change != nil {
			change(hashes, &e)
		}
		hash, err := r.Write(e)
		if err != nil {
			t.Fatal(err)
		}
		if e.Hold != "h2" {
			hashes[e.Kind] = hash
		}
		if e.Reason == "before" {
			hashes["before"] = hash
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return r.Dir(), hashes
}

func TestVerifyFindsTheDecisions(t *testing.T) {
	dir, hashes := signedRecord(t, nil)
	rep, err := Verify(dir)
	if err != nil || !rep.Whole() {
		t.Fatalf("%+v, %v", rep.Problems, err)
	}
	base := event.Statement{Session: filepath.Base(dir), Hold: "h1"}
	is, err := event.Event{Hold: "h1", Explanation: explained("Deletes sub.")}.Sight()
	if err != nil {
		t.Fatal(err)
	}
	is.Line = hashes[event.Held]
	base.Held = is
	var want []event.Statement
	for _, f := range []func(*event.Statement){
		func(s *event.Statement) { s.Verdict, s.Who = event.CannotTell, "tom" },
		func(s *event.Statement) { s.Verdict, s.Who, s.Head = event.Allow, "eva", s.Held.Line },
		func(s *event.Statement) {
			s.Verdict, s.Who, s.Head, s.Reason, s.LookedMS = event.Allow, "tom", s.Held.Line, "r", 7
		},
	} {
		s := base
		f(&s)
		want = append(want, s)
	}
	var got []event.Statement
	for _, j := range rep.Decisions {
		got = append(got, j.Statement)
		if (len(j.Signature) > 0) != (j.Kind != event.Parked) {
			t.Errorf("line %d: the signature %q", j.Line, j.Signature)
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if n := rep.Decisions[2].Line; n != 6 {
		t.Errorf("the decision is on line %d", n)
	}
}

// What does not fit together is found without any key.
func TestVerifyHoldsSignersToTheLedger(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(hashes map[string]string, e *event.Event)
		want   string
	}{
		"another signer": {func(_ map[string]string, e *event.Event) {
			if e.Kind == event.Decided && e.Hold == "h1" {
				e.Signer = "eva"
			}
		}, "is signed by eva and says that eva and tom decided"},
		"nobody agreed": {func(_ map[string]string, e *event.Event) {
			if e.Kind == event.Agreed {
				e.Hold = "h0"
			}
		}, "is signed by tom and says that eva and tom decided"},
		"no head": {func(_ map[string]string, e *event.Event) {
			if e.Kind == event.Decided && e.Hold == "h1" {
				e.Head = ""
			}
		}, "does not stand between"},
		"a made up head": {func(_ map[string]string, e *event.Event) {
			if e.Kind == event.Decided && e.Hold == "h1" {
				e.Head = strings.Repeat("a", 64)
			}
		}, "does not stand between"},
		"an earlier head": {func(hashes map[string]string, e *event.Event) {
			if e.Kind == event.Decided && e.Hold == "h1" {
				e.Head = hashes["before"]
			}
		}, "does not stand between"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, _ := signedRecord(t, tc.change)
			rep, err := Verify(dir)
			if err != nil || rep.Whole() || !strings.Contains(rep.Problems[len(rep.Problems)-1].What, tc.want) {
				t.Errorf("%+v, %v, want %s", rep.Problems, err, tc.want)
			}
		})
	}
}
