package record

import (
	"encoding/json"
	"slices"
	"time"

	"escort/session/event"
)

// Judgement is a line of the ledger in which a person decided.
type Judgement struct {
	Line      int
	Time      time.Time
	Kind      string          // decided, agreed or parked
	Statement event.Statement // what was signed, as the ledger has it
	Signature []byte          // empty: it was not signed
}

// judging puts together what was signed, while the lines come.
type judging struct {
	session string
	lines   []string // the hashes of all lines, from the first; empty: not known
	held    map[string]hold
	agreed  map[string]event.Event // by hold: what a first escort said
}

// hold is what was held, and on which line, from 1.
type hold struct {
	line int
	is   event.Sight
}

func newJudging() judging { return judging{held: map[string]hold{}, agreed: map[string]event.Event{}} }

// take looks at a line that has the number n and the hash sum. Lines that could
// not be read are left out.
func (j *judging) take(rep *Report, n int, sum string, line []byte, h head) {
	for len(j.lines) < n-1 {
		j.lines = append(j.lines, "")
	}
	j.lines = append(j.lines, sum)
	if h.Meta != nil {
		j.session = h.Meta.Session
	}
	verdict := ""
	switch h.Kind {
	case event.Parked:
		verdict = event.CannotTell
	case event.Held, event.Agreed, event.Decided:
	default:
		return
	}
	var e event.Event
	if err := json.Unmarshal(line, &e); err != nil {
		rep.add(n, "is not written as the lines of a ledger are")
		return
	}
	if e.Kind == event.Held {
		is, err := event.SightIn(line)
		if err != nil {
			rep.add(n, "does not say what is held as a ledger does")
		}
		is.Line = sum
		j.held[e.Hold] = hold{n, is}
		delete(j.agreed, e.Hold)
		return
	}
	if e.Who == event.Policy && e.Verdict == event.Deny {
		return
	}
	if e.Kind == event.Agreed {
		j.agreed[e.Hold] = e
	}
	if verdict == "" {
		verdict = e.Verdict
	}
	rep.Decisions = append(rep.Decisions, j.judgement(rep, n, e, verdict))
}

func (j *judging) judgement(rep *Report, n int, e event.Event, verdict string) Judgement {
	out := Judgement{Line: n, Time: e.Time, Kind: e.Kind, Signature: e.Signature}
	d := event.Decision{Hold: e.Hold, Verdict: verdict, Reason: e.Reason, Who: e.Who, LookedMS: e.LookedMS, Head: e.Head}
	held := j.held[e.Hold]
	if len(e.Signature) > 0 {
		d.Who = e.Signer
		if first := j.agreed[e.Hold]; e.Who != e.Signer && (e.Kind != event.Decided || e.Who != first.Who+" and "+e.Signer) {
			rep.add(n, "is signed by %s and says that %s decided", e.Signer, e.Who)
		}
		if held.line == 0 || !j.since(held.line, n, e.Head) {
			rep.add(n, "is signed over a line that does not stand between what is held and it")
		}
	}
	out.Statement = d.Statement(j.session, held.is)
	return out
}

// since reports whether head is the hash of one of the lines from the one of a
// hold up to the one before n.
func (j *judging) since(hold, n int, head string) bool {
	return head != "" && slices.Contains(j.lines[hold-1:n-1], head)
}
