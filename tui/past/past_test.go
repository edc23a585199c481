package past

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"escort/explain/effect"
	"escort/session/event"
)

func init() { time.Local = time.UTC } // the sentences tell local time

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// line is a held line of caution in which a script is read.
func line(text string) event.Event {
	return event.Event{
		Kind: event.Held, Layer: event.LayerLine, Cause: event.CauseTyped, Typed: text, Dir: "/srv",
		Explanation: &effect.Explanation{
			Command: text, Headline: "Runs it.", Risk: effect.Caution,
			Plan: effect.Plan{Complete: true, Files: map[string]string{"/srv/fix.sh": "aa"}},
		},
	}
}

func allow(who string, at time.Time) event.Event {
	return event.Event{Kind: event.Decided, Verdict: event.Allow, Who: who, Time: at}
}

func deny(who, reason string, at time.Time) event.Event {
	return event.Event{Kind: event.Decided, Verdict: event.Deny, Who: who, Reason: reason, Time: at}
}

// told is the sentences, those that warn with a ! in front.
func told(b Before) []string {
	var out []string
	for _, s := range b.Sentences {
		if s.Warn {
			s.Text = "! " + s.Text
		}
		out = append(out, s.Text)
	}
	return out
}

func TestSentences(t *testing.T) {
	changed := line("./fix.sh")
	changed.Explanation.Plan.Files = map[string]string{"/srv/fix.sh": "bb"}
	worse := line("./fix.sh")
	worse.Explanation.Risk = effect.High
	moved := line("./fix.sh")
	moved.Dir = "/tmp"
	for _, tc := range []struct {
		name  string
		notes []event.Event
		held  event.Event
		want  []string
	}{
		{"never seen", nil, line("./fix.sh"), nil},
		{"once", []event.Event{allow("tom", noon.Add(-4*time.Minute))}, line("./fix.sh"), []string{"tom allowed this once today, 4 minutes ago."}},
		{
			"often, and changed since",
			[]event.Event{allow("eva", noon.Add(-3*time.Hour)), allow("eva", noon.Add(-time.Hour)), allow("eva", noon.Add(-70*time.Second))},
			changed,
			[]string{"You allowed this 3 times today, last a minute ago.", "! Changed since it was allowed: fix.sh."},
		},
		{
			"by two",
			[]event.Event{allow("tom", noon.Add(-time.Hour)), allow("eva", noon.Add(-time.Minute))},
			changed,
			[]string{"You and others allowed this 2 times today, last a minute ago.", "! Changed since it was allowed: fix.sh."},
		},
		{
			"denied with a reason",
			[]event.Event{deny("eva", "not in the ticket", noon.Add(-2*time.Hour))},
			line("./fix.sh"),
			[]string{"! You denied this once today, at 10:00: not in the ticket."},
		},
		{"yesterday", []event.Event{allow("tom", noon.Add(-24*time.Hour))}, line("./fix.sh"), nil},
		{
			"yesterday, and changed",
			[]event.Event{allow("tom", noon.Add(-24*time.Hour))},
			changed,
			[]string{"! Changed since it was allowed: fix.sh."},
		},
		{
			"rated otherwise",
			[]event.Event{allow("eva", noon.Add(-time.Minute))},
			worse,
			[]string{"You allowed this once today, a minute ago.", "! It was rated CAUTION then, and HIGH now."},
		},
		{
			"elsewhere",
			[]event.Event{allow("eva", noon.Add(-time.Minute))},
			moved,
			[]string{"You allowed this once today, a minute ago.", "! That was in the folder /srv, this is in /tmp."},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := New("eva")
			for _, d := range tc.notes {
				m.Note(line("./fix.sh"), d, true)
			}
			b := m.Of(tc.held, noon)
			if diff := cmp.Diff(tc.want, told(b)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if b.Fold {
				t.Error("it folds")
			}
		})
	}
}

// What an earlier session allowed is told, and spares nothing.
func TestEarlierSessions(t *testing.T) {
	j := event.Judged{Held: line("./fix.sh"), Decided: allow("eva", noon.Add(-time.Hour))}
	m := New("eva")
	m.Learn([]event.Judged{j, {Held: line("ls"), Decided: deny("eva", "", noon.Add(-time.Minute))}})
	b := m.Of(line("./fix.sh"), noon)
	if diff := cmp.Diff([]string{"You allowed this once today, at 11:00."}, told(b)); diff != "" || b.Fold {
		t.Errorf("folds %v (-want +got):\n%s", b.Fold, diff)
	}
	if a, d := m.Today(noon); a != 1 || d != 1 {
		t.Errorf("today %d allowed, %d denied", a, d)
	}
}

func TestLikeness(t *testing.T) {
	m := New("eva")
	m.Note(line("systemctl restart billing-api"), allow("eva", noon.Add(-3*time.Minute)), true)
	b := m.Of(line("systemctl restart web-api"), noon)
	if diff := cmp.Diff([]string{`Like one allowed 3 minutes ago, but: "web-api" in place of "billing-api".`}, told(b)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][2]int{{18, 25}}, b.Spans); diff != "" {
		t.Error(diff)
	}
	if b := m.Of(line("rm -rf /"), noon); len(b.Sentences) > 0 {
		t.Errorf("rm is like restart: %v", b)
	}
}

// Where nothing may fold, what was allowed before is told and spares nothing.
func TestNeverFold(t *testing.T) {
	m := New("eva")
	m.NeverFold()
	m.Note(line("./fix.sh"), allow("eva", noon), true)
	b := m.Of(line("./fix.sh"), noon.Add(4*time.Minute))
	if diff := cmp.Diff([]string{"You allowed this once today, 4 minutes ago."}, told(b)); diff != "" || b.Fold {
		t.Errorf("folds %v (-want +got):\n%s", b.Fold, diff)
	}
}

// A fold takes away a key: each of these is a way to get one that is not due.
func TestFolds(t *testing.T) {
	for _, tc := range []struct {
		name  string
		first func(*event.Event)
		held  func(*event.Event)
		notes func(*Memory, event.Event)
		folds bool
	}{
		{name: "the same again", folds: true},
		{name: "another text", held: func(e *event.Event) { e.Typed += " " }},
		{name: "another expansion", held: func(e *event.Event) { e.Expanded = "rm -rf /" }},
		{name: "another folder", held: func(e *event.Event) { e.Dir = "/" }},
		{name: "folder not known", first: func(e *event.Event) { e.Dir = "" }, held: func(e *event.Event) { e.Dir = "" }},
		{name: "another file", held: func(e *event.Event) { e.Explanation.Plan.Files = map[string]string{"/srv/fix.sh": "bb"} }},
		{name: "one finding more", held: func(e *event.Event) { e.Explanation.Findings = []effect.Finding{{ID: "x"}} }},
		{name: "not all known", first: incomplete, held: incomplete},
		{name: "not understood", first: vague, held: vague},
		{name: "high", first: rated(effect.High), held: rated(effect.High)},
		{name: "critical", first: rated(effect.Critical), held: rated(effect.Critical)},
		{name: "no rating", first: rated(""), held: rated("")},
		{name: "low", first: rated(effect.Low), held: rated(effect.Low), folds: true},
		{name: "with a word", first: worded, held: worded},
		{name: "a start", first: layered(event.LayerStart), held: layered(event.LayerStart)},
		{name: "not typed", first: caused(event.CauseChanged), held: caused(event.CauseChanged)},
		{name: "no explanation", first: bare, held: bare},
		{name: "denied since", notes: func(m *Memory, e event.Event) {
			m.Note(e, allow("eva", noon), true)
			m.Note(e, deny("tom", "", noon), true)
		}},
		{name: "by somebody else", notes: func(m *Memory, e event.Event) { m.Note(e, allow("tom", noon), true) }},
		{name: "in an earlier session", notes: func(m *Memory, e event.Event) { m.Note(e, allow("eva", noon), false) }},
		{name: "passed on", notes: func(m *Memory, e event.Event) {
			m.Note(e, event.Event{Kind: event.Parked, Verdict: event.CannotTell, Who: "eva", Time: noon}, true)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := New("eva")
			first, held := line("./fix.sh"), line("./fix.sh")
			first.Hold, held.Hold = "h1", "h2"
			if tc.first != nil {
				tc.first(&first)
			}
			if tc.held != nil {
				tc.held(&held)
			}
			if tc.notes == nil {
				m.Note(first, allow("eva", noon), true)
			} else {
				tc.notes(m, first)
			}
			b := m.Of(held, noon.Add(4*time.Minute))
			if b.Fold != tc.folds {
				t.Fatalf("it folds: %v", b.Fold)
			}
			says := strings.Contains(strings.Join(told(b), " "), "Same as 4 minutes ago, allowed by you")
			if says != tc.folds {
				t.Errorf("it says %q", told(b))
			}
		})
	}
}

func incomplete(e *event.Event) { e.Explanation.Plan.Complete = false }
func vague(e *event.Event)      { e.Explanation.Dimensions.Unknown = effect.Caution }
func worded(e *event.Event)     { e.Word = "RUN" }
func bare(e *event.Event)       { e.Explanation = nil }

func rated(r effect.Risk) func(*event.Event) {
	return func(e *event.Event) { e.Explanation.Risk = r }
}

func layered(l string) func(*event.Event) {
	return func(e *event.Event) { e.Layer, e.Actual = l, e.Typed }
}

func caused(c string) func(*event.Event) {
	return func(e *event.Event) { e.Cause = c }
}
