package plain

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"escort/explain/effect"
	"escort/session/event"
	"escort/tui/consent"
	"escort/tui/golden"
)

func init() { time.Local = time.UTC } // the history says local time

// fake is a session that notes what it is told.
type fake struct {
	events  chan event.Event
	decided []event.Decision
	told    []string
	input   string
	frozen  []bool
	sizes   [][2]int
	ended   int
	refuse  error
}

func (f *fake) Events(context.Context, uint64) (<-chan event.Event, error) { return f.events, nil }

func (f *fake) Decide(_ context.Context, d event.Decision) error {
	f.decided = append(f.decided, d)
	return f.refuse
}

func (f *fake) Tell(_ context.Context, text string) error {
	f.told = append(f.told, text)
	return nil
}

func (f *fake) Freeze(_ context.Context, on bool) error {
	f.frozen = append(f.frozen, on)
	return nil
}

func (f *fake) Input(p []byte) error { f.input += string(p); return nil }

func (f *fake) Resize(cols, rows int) error {
	f.sizes = append(f.sizes, [2]int{cols, rows})
	return nil
}

func (f *fake) End(context.Context) error { f.ended++; return nil }

// bench is a console whose clock and keys are the test's.
type bench struct {
	t   *testing.T
	c   *console
	src *fake
	out bytes.Buffer
	now time.Time
	w   int
}

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, src: &fake{}, now: start, w: 80}
	b.c = newConsole(t.Context(), b.src, Options{
		Host: "prod-db-2", User: "ravi", Ticket: `INC-4211 "restart the billing API"`, Who: "eva", Output: &b.out,
	}, func() int { return b.w })
	b.c.call = func(f func() func()) { f()() }
	b.c.now = func() time.Time { return b.now }
	b.c.out.now = b.c.now
	b.c.begin()
	b.wait(time.Second)
	return b
}

// wait lets time pass, as often as the console wants to look.
func (b *bench) wait(d time.Duration) {
	end := b.now.Add(d)
	for range 1000 {
		next, ok := b.c.due(b.now)
		if !ok || b.now.Add(next).After(end) {
			break
		}
		b.now = b.now.Add(max(next, time.Millisecond))
		b.c.settle(b.now)
	}
	b.now = end
	b.c.settle(b.now)
}

func (b *bench) play(es ...event.Event) {
	for _, e := range es {
		b.c.take(e)
		b.c.settle(b.now)
	}
}

// keys presses keys one after the other, 10 ms apart.
func (b *bench) keys(s string) {
	for i := range len(s) {
		b.now = b.now.Add(10 * time.Millisecond)
		b.c.strokes(stroke{[]byte{s[i]}, b.now})
		b.c.settle(b.now)
	}
}

// line types a line after a pause.
func (b *bench) line(s string) {
	b.wait(consent.Pause)
	b.keys(s + "\r")
	b.wait(time.Second)
}

// said is what came out since the last call.
func (b *bench) said() string {
	s := strings.ReplaceAll(b.out.String(), "\r\n", "\n")
	b.out.Reset()
	return s
}

func (b *bench) says(want ...string) {
	b.t.Helper()
	got := b.said()
	for _, w := range want {
		if !strings.Contains(got, w) {
			b.t.Errorf("%q was not said:\n%s", w, got)
		}
	}
}

func (b *bench) verdicts(want ...event.Decision) {
	b.t.Helper()
	got := slices.Clone(b.src.decided)
	for i := range got {
		got[i].LookedMS = 0
	}
	if d := cmp.Diff(want, got); d != "" {
		b.t.Errorf("decisions (-want +got):\n%s\n%s", d, b.out.String())
	}
}

func (b *bench) golden(name string) {
	b.t.Helper()
	golden.Same(b.t, name+".golden", b.said()+"\n")
}

func output(s string) event.Event { return event.Event{Kind: event.Output, Data: []byte(s)} }

// held is a hold of a line that was just entered.
func held(id string, r effect.Risk) event.Event {
	x := effect.Explanation{
		Command: "rm -rf /srv/backup", Headline: "Deletes every backup in /srv/backup.", Risk: r, Undo: effect.UndoNo,
		UndoText: "Only another copy brings them back.", Dimensions: effect.Dimensions{Damage: r},
		Effects:  []effect.Effect{{Verb: "delete", Object: "/srv/backup", Recursive: true, As: "root", Risk: r}},
		Findings: []effect.Finding{{ID: "delete-backups", Text: "Backups are what a mistake is put right with.", Dimension: effect.Damage, Risk: r}},
		Parts: []effect.Part{
			{Span: effect.Span{0, 2}, Text: "rm", Meaning: "deletes", Source: effect.FromLore},
			{Span: effect.Span{3, 6}, Text: "-rf", Meaning: "folders with all that is in them, without asking", Source: effect.FromLore},
			{Span: effect.Span{7, 18}, Text: "/srv/backup", Meaning: "what is deleted", Source: effect.FromLore},
		},
		Unknowns: []effect.Unknown{{Text: "what is in /srv/backup", Why: "it cannot be read"}},
		Ask:      []string{"Where is the other copy?", "Who agreed?", "What for?"},
	}
	e := event.Event{
		Kind: event.Held, Time: start, Hold: id, Layer: event.LayerLine, Cause: event.CauseTyped, Typed: x.Command, Explanation: &x,
	}
	if r.AtLeast(effect.High) {
		e.Word = "DELETE"
	}
	return e
}

// script is a hold of a script with text.
func script(id string) event.Event {
	e := held(id, effect.Critical)
	e.Explanation.Command = "sudo ./fix.sh"
	e.Typed = e.Explanation.Command
	var text strings.Builder
	for range 60 {
		text.WriteString("echo hello\n")
	}
	e.Explanation.Scripts = []effect.Script{{
		Path: "/home/ravi/fix.sh", Language: "bash", Lines: 60, Read: 60, Owner: "ravi", ModTime: start.Add(-time.Hour), Text: text.String(),
		Worst: []effect.ScriptLine{{Line: 12, Text: "rm -rf /srv/backup/*", Meaning: "deletes backups", Risk: effect.Critical}},
	}}
	return e
}

// surprise is a hold that nobody just entered.
func surprise(id string) event.Event {
	e := held(id, effect.Low)
	e.Layer, e.Cause = event.LayerStart, event.CauseSurprise
	return e
}

func decided(id, verdict string) event.Event {
	return event.Event{Kind: event.Decided, Hold: id, Verdict: verdict, Who: "eva", Time: start}
}
