// Package history keeps what was decided in a session and shows it as a list,
// newest last: when, which verdict, the risk and the headline that were on the
// card, who decided, how it ended, what it did, and what came of it that no card
// had shown. Messages, freezes and comings and goings stand in it too. It also
// adds up the session.
//
// # Limits
//
// It holds what this console has seen, at most the last 10,000 rows, and is
// gone with it; the ledger is the proof.
package history

import (
	"slices"
	"time"

	"escort/explain/effect"
	"escort/session/event"
)

// Row is one decision or other turn of events.
type Row struct {
	Time     time.Time
	Verdict  string // allow, deny, cannot-tell; empty: only Headline, a note
	Risk     effect.Risk
	Headline string
	Who      string
	Reason   string
	Hold     string // that was decided; empty: a note
	Text     string // what was held, as it was typed or as it would have started
	Cause    string // why it was held
	Plan     string // where it stands in the runbook, in words; empty: there is none
	Place    uint64 // where that stands in the session, as screen.Line counts; 0: not known
	Status   *int   // exit status of what was allowed, once it has ended
	Did      string // what it did then, in words

	Effects   []string // what was seen to happen, in words; at most keepEffects
	More      int      // effects beyond these
	Surprises int      // what came of it and was held again because no card had shown it
}

// List is the rows in the order in which they came.
type List struct {
	rows  []Row
	total Total
}

// keep bounds the list of a very long session.
const keep = 10_000

// Add appends a row.
func (l *List) Add(r Row) {
	l.total.add(r)
	l.rows = append(l.rows, r)
	if len(l.rows) > keep {
		l.rows = l.rows[len(l.rows)-keep:]
	}
}

// Ended adds to the row of a hold how what was allowed ended.
func (l *List) Ended(hold string, status int, did string) {
	if r := l.last(func(r *Row) bool { return r.Hold == hold }); r != nil {
		r.Status, r.Did = &status, did
	}
}

// keepEffects bounds what is kept of one line.
const keepEffects = 20

// Effect adds to the row of a hold something that was seen to happen.
func (l *List) Effect(hold, text string) {
	r := l.last(func(r *Row) bool { return r.Hold == hold })
	switch {
	case r == nil || slices.Contains(r.Effects, text):
	case len(r.Effects) == keepEffects:
		r.More++
	default:
		r.Effects = append(r.Effects, text)
	}
}

// Surprise counts something that was held because it is in no plan, for the
// line that it came of.
func (l *List) Surprise(line string) {
	l.total.Surprises++
	if r := l.last(func(r *Row) bool { return r.Text == line }); r != nil && line != "" {
		r.Surprises++
	}
}

// last is the last row of what was allowed for which is holds, nil if there is
// none.
func (l *List) last(is func(*Row) bool) *Row {
	for i := len(l.rows) - 1; i >= 0; i-- {
		if r := &l.rows[i]; r.Verdict == event.Allow && r.Hold != "" && is(r) {
			return r
		}
	}
	return nil
}

// Filter says which rows are shown.
type Filter int

// filters are the parts of the list that can be shown, in turn.
var filters = []struct {
	name string
	has  func(Row) bool
}{
	{"all", func(Row) bool { return true }},
	{"denied and passed on", func(r Row) bool { return r.Verdict == event.Deny || r.Verdict == event.CannotTell }},
	{"HIGH and CRITICAL", func(r Row) bool { return r.Risk != "" && r.Risk.AtLeast(effect.High) }},
	{"surprises", func(r Row) bool { return r.Cause == event.CauseSurprise || r.Surprises > 0 }},
	{"notes and messages", func(r Row) bool { return r.Verdict == "" }},
}

// Next is the filter after f, the first one after the last.
func (f Filter) Next() Filter { return (f + 1) % Filter(len(filters)) }

// String is the filter in words.
func (f Filter) String() string { return filters[f].name }

// Len is the number of rows.
func (l *List) Len() int { return len(l.rows) }
