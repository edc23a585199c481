// Package history keeps what was decided in a session and shows it as a list,
// newest last: when, which verdict, the risk and the headline that were on the
// card, and who decided. Messages, freezes and comings and goings stand in it
// too.
//
// # Limits
//
// It holds what this console has seen, at most the last 10,000 rows, and is
// gone with it; the ledger is the proof.
package history

import (
	"strconv"
	"time"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/session/event"
	"escort/tui/theme"
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
	Status   *int   // exit status of what was allowed, once it has ended
	Did      string // what it did then, in words
}

// List is the rows in the order in which they came.
type List struct{ rows []Row }

// keep bounds the list of a very long session.
const keep = 10_000

// Add appends a row.
func (l *List) Add(r Row) {
	l.rows = append(l.rows, r)
	if len(l.rows) > keep {
		l.rows = l.rows[len(l.rows)-keep:]
	}
}

// Ended adds to the row of a hold how what was allowed ended.
func (l *List) Ended(hold string, status int, did string) {
	for i := len(l.rows) - 1; i >= 0 && hold != ""; i-- {
		if r := &l.rows[i]; r.Hold == hold && r.Verdict == event.Allow {
			r.Status, r.Did = &status, did
			return
		}
	}
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
	{"HIGH and CRITICAL", func(r Row) bool { return r.Risk.AtLeast(effect.High) }},
	{"notes and messages", func(r Row) bool { return r.Verdict == "" }},
}

// Next is the filter after f, the first one after the last.
func (f Filter) Next() Filter { return (f + 1) % Filter(len(filters)) }

// String is the filter in words.
func (f Filter) String() string { return filters[f].name }

// Len is the number of rows.
func (l *List) Len() int { return len(l.rows) }

var words = map[string]struct {
	text  string
	token theme.Token
}{
	event.Allow:      {"✓ allowed", theme.Plain},
	event.Deny:       {"✗ denied", theme.Strong},
	event.CannotTell: {"? passed on", theme.Strong},
	"withdrawn":      {"· withdrawn", theme.Faint},
	"":               {"· note", theme.Faint},
}

// Brief is the last n rows on one line each.
func (l *List) Brief(n int) []theme.Line {
	if len(l.rows) == 0 && n > 0 {
		return []theme.Line{{theme.Own(theme.Faint, "Nothing was decided yet.")}}
	}
	var out []theme.Line
	for _, r := range l.rows[max(len(l.rows)-n, 0):] {
		out = append(out, r.line())
	}
	return out
}

// Page is the rows that f shows, folded to w cells.
func (l *List) Page(w int, f Filter) []theme.Line {
	var out []theme.Line
	for _, r := range l.rows {
		if !filters[f].has(r) {
			continue
		}
		line := r.line()
		for _, more := range []string{r.Who, r.Reason, r.ended()} {
			if more != "" {
				line = append(line, theme.Of(theme.Faint, quote.Line(" · "+more)))
			}
		}
		out = append(out, line.Wrap(w, 9)...)
	}
	switch {
	case len(l.rows) == 0:
		return theme.Line{theme.Own(theme.Faint, "Nothing was decided yet.")}.Wrap(w, 0)
	case len(out) == 0:
		return theme.Line{theme.Own(theme.Faint, "Nothing of that kind.")}.Wrap(w, 0)
	}
	return out
}

// ended says how what was allowed ended, and what it did.
func (r Row) ended() string {
	switch {
	case r.Status == nil:
		return ""
	case r.Did == "":
		return "exit " + strconv.Itoa(*r.Status)
	}
	return "exit " + strconv.Itoa(*r.Status) + ", " + r.Did
}

func (r Row) line() theme.Line {
	v, ok := words[r.Verdict]
	if !ok {
		v.text, v.token = r.Verdict, theme.Alarm
	}
	l := theme.Line{
		theme.Of(theme.Faint, quote.Line(r.Time.Local().Format("15:04:05")+" ")),
		theme.Of(v.token, quote.Line(pad(v.text, 12))),
	}
	if r.Risk != "" {
		k := theme.RatingOf(r.Risk)
		l = append(l, theme.Of(k.Mark, quote.Line(k.Symbol+" "+pad(k.Word, 9))))
	}
	return append(l, theme.Of(theme.Plain, quote.Line(r.Headline)))
}

func pad(s string, n int) string {
	for len([]rune(s)) < n {
		s += " "
	}
	return s
}
