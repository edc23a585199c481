package sample

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/session/event"

	"github.com/google/go-cmp/cmp"
)

// fast is a pace at which nothing has to be waited for.
const fast = time.Nanosecond

// player follows a play and checks what holds for every event.
type player struct {
	t    *testing.T
	p    *Play
	ch   <-chan event.Event
	last uint64
	out  strings.Builder
}

func playing(t *testing.T, name string, opt Options) *player {
	t.Helper()
	s, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	if opt.Pace == 0 {
		opt.Pace = fast
	}
	pl := &player{t: t, p: New(s, opt)}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := pl.p.End(ctx); err != nil {
			t.Error(err)
		}
	})
	if pl.ch, err = pl.p.Events(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	return pl
}

// next is the next event; ok is false after the last.
func (pl *player) next() (e event.Event, ok bool) {
	pl.t.Helper()
	select {
	case e, ok = <-pl.ch:
	case <-time.After(10 * time.Second):
		pl.t.Fatalf("nothing comes any more; so far:\n%s", pl.out.String())
	}
	if !ok {
		return e, false
	}
	if e.Seq != pl.last+1 || e.Time.IsZero() || e.Time.Location() != time.UTC {
		pl.t.Errorf("event %d at %v comes after event %d", e.Seq, e.Time, pl.last)
	}
	pl.last = e.Seq
	pl.out.Write(e.Data)
	return e, true
}

// until returns the next event of a kind.
func (pl *player) until(kind string) event.Event {
	pl.t.Helper()
	for {
		e, ok := pl.next()
		if !ok {
			pl.t.Fatalf("closed before %s:\n%s", kind, pl.out.String())
		}
		if e.Kind == kind {
			return e
		}
	}
}

func (pl *player) decide(d event.Decision) {
	pl.t.Helper()
	if err := pl.p.Decide(pl.t.Context(), d); err != nil {
		pl.t.Fatal(err)
	}
}

func (pl *player) key(k string) {
	pl.t.Helper()
	if err := pl.p.Input([]byte(k)); err != nil {
		pl.t.Fatal(err)
	}
}

// TestBothAnswersPlayOn plays every sample with the right, the wrong, and
// always the same verdict to its end.
func TestBothAnswersPlayOn(t *testing.T) {
	other := map[string]string{event.Allow: event.Deny, event.Deny: event.Allow}
	for how, verdict := range map[string]func(Step) string{
		"right": func(st Step) string { return st.Verdict() },
		"wrong": func(st Step) string { return other[st.Verdict()] },
		"allow": func(Step) string { return event.Allow },
		"deny":  func(Step) string { return event.Deny },
	} {
		for _, s := range all(t) {
			t.Run(how+" "+s.Name, func(t *testing.T) { playThrough(t, s, verdict) })
		}
	}
}

func playThrough(t *testing.T, s Sample, verdict func(Step) string) {
	pl := playing(t, s.Name, Options{Who: "mia"})
	if e, _ := pl.next(); e.Kind != event.Opened || e.Who != s.Engineer || e.Cols != 80 || e.Rows != 24 {
		t.Errorf("it begins with %+v", e)
	}
	good := 0
	for _, st := range s.Steps {
		h := pl.until(event.Held)
		if h.Typed != st.Line || h.Explanation == nil || h.Layer != event.LayerLine || h.Cause != event.CauseTyped {
			t.Errorf("held %+v, want %q", h, st.Line)
		}
		if (h.Word != "") != h.Explanation.Risk.AtLeast(effect.High) {
			t.Errorf("%q at %s asks for the word %q", st.Line, h.Explanation.Risk, h.Word)
		}
		v := verdict(st)
		if v == st.Verdict() {
			good++
		}
		pl.decide(event.Decision{Hold: h.Hold, Verdict: v, Word: strings.ToLower(h.Word), LookedMS: 7})
		d := pl.until(event.Decided)
		if d.Hold != h.Hold || d.Verdict != v || d.Who != "mia" || d.LookedMS != 7 {
			t.Errorf("decided %+v", d)
		}
		if v == event.Allow {
			if f := pl.until(event.Finished); f.Hold != h.Hold || f.Status == nil || *f.Status != st.Status {
				t.Errorf("finished %+v", f)
			}
		}
	}
	m := pl.until(event.Message)
	for m.Who != "demo" { // the engineer has something to say
		m = pl.until(event.Message)
	}
	if m.Reason != pl.p.Summary()[0] || !strings.Contains(m.Reason, s.Name) {
		t.Errorf("the summary is %q", m.Reason)
	}
	pl.key(" ")
	if c := pl.until(event.Closed); c.Status == nil || *c.Status != 0 || c.Reason != "the sample is over" {
		t.Errorf("closed %+v", c)
	}
	if e, ok := pl.next(); ok {
		t.Errorf("%s after the end", e.Kind)
	}
	text := pl.out.String()
	if n := strings.Count(text, "escort: denied"); n != strings.Count(strings.Join(pl.p.Summary(), "\n"), "\ndenied") {
		t.Errorf("%d denials were shown", n)
	}
	if !strings.Contains(m.Reason, countedOf(good, len(s.Steps))) || !strings.Contains(text, "Summary of "+s.Name) {
		t.Errorf("%d were right, and the summary says %q", good, m.Reason)
	}
	if strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") {
		t.Error("a line ends without a carriage return")
	}
}

func countedOf(good, all int) string {
	return fmt.Sprintf(": %d of %s answered", good, holds(all))
}

func TestDecidingOnce(t *testing.T) {
	pl := playing(t, Default, Options{})
	if err := pl.p.Decide(t.Context(), event.Decision{Hold: "h9", Verdict: event.Allow}); !errors.Is(err, event.ErrNoHold) {
		t.Errorf("no such hold: %v", err)
	}
	h := pl.until(event.Held)
	if err := pl.p.Decide(t.Context(), event.Decision{Hold: h.Hold, Verdict: "approve"}); !errors.Is(err, event.ErrVerdict) {
		t.Errorf("no verdict: %v", err)
	}
	pl.decide(event.Decision{Hold: h.Hold, Verdict: event.CannotTell, Reason: "help"})
	if e := pl.until(event.Parked); e.Hold != h.Hold || e.Reason != "help" || e.Who != "escort" {
		t.Errorf("parked %+v", e)
	}
	pl.decide(event.Decision{Hold: h.Hold, Verdict: event.Deny, Reason: "no\x1b[2Jticket"})
	if err := pl.p.Decide(t.Context(), event.Decision{Hold: h.Hold, Verdict: event.Allow}); !errors.Is(err, event.ErrDecided) {
		t.Errorf("decided twice: %v", err)
	}
	pl.until(event.Held)
	if text := pl.out.String(); !strings.Contains(text, "escort: denied · no") || strings.Contains(text, "\x1b[2J") {
		t.Errorf("the denial is shown as %q", text)
	} else if !strings.Contains(strings.Join(strings.Fields(text), " "), event.PassedOn) {
		t.Errorf("the engineer is told of what was passed on: %q", text)
	}
}

func TestAWordMustBeTyped(t *testing.T) {
	pl := playing(t, Default, Options{})
	var h event.Event
	for h = pl.until(event.Held); h.Word == ""; h = pl.until(event.Held) {
		pl.decide(event.Decision{Hold: h.Hold, Verdict: event.Allow})
	}
	for _, w := range []string{"", "yes", h.Word + "X"} {
		if err := pl.p.Decide(t.Context(), event.Decision{Hold: h.Hold, Verdict: event.Allow, Word: w}); !errors.Is(err, event.ErrWord) {
			t.Errorf("%q: %v", w, err)
		}
	}
	pl.decide(event.Decision{Hold: h.Hold, Verdict: event.Allow, Word: h.Word})
}

// still checks that nothing but the given kinds comes while the play stands.
func (pl *player) still(kinds ...string) {
	pl.t.Helper()
	limit := time.After(50 * time.Millisecond)
	for {
		select {
		case e := <-pl.ch:
			pl.last = e.Seq
			if !strings.Contains(strings.Join(kinds, " "), e.Kind) {
				pl.t.Errorf("%s while the play stands: %q", e.Kind, e.Data)
			}
		case <-limit:
			return
		}
	}
}

func TestFreezeStopsThePlay(t *testing.T) {
	pl := playing(t, Default, Options{})
	h := pl.until(event.Held)
	if err := pl.p.Freeze(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if err := pl.p.Decide(t.Context(), event.Decision{Hold: h.Hold, Verdict: event.Allow}); !errors.Is(err, event.ErrFrozen) {
		t.Errorf("an allow while frozen: %v", err)
	}
	pl.decide(event.Decision{Hold: h.Hold, Verdict: event.Deny})
	pl.until(event.Decided)
	for !strings.HasSuffix(pl.out.String(), "$ ") { // what belongs to the denial, and the next prompt
		pl.next()
	}
	pl.key(" ")
	pl.still()
	if err := pl.p.Freeze(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	pl.until(event.Thawed)
	pl.until(event.Held)
}

func TestKeysOfAPlay(t *testing.T) {
	pl := playing(t, Default, Options{Pace: time.Hour})
	for !strings.HasSuffix(pl.out.String(), "$ ") {
		pl.next()
	}
	pl.still()
	pl.key("\x1bp") // the name of another key
	pl.key("p")
	if m := pl.until(event.Message); !strings.HasPrefix(m.Reason, "paused") || m.Who != "demo" {
		t.Errorf("message %+v", m)
	}
	pl.key(" ")
	pl.still()
	pl.key(" ")
	h := pl.until(event.Held)
	pl.key("  p")
	pl.decide(event.Decision{Hold: h.Hold, Verdict: event.Allow})
	pl.until(event.Finished)
	pl.still(event.Output, event.Message)
	pl.key("q")
	if c := pl.until(event.Closed); c.Reason != "the escort left the sample" {
		t.Errorf("closed %+v", c)
	}
	if err := pl.p.Input([]byte("p")); !errors.Is(err, event.ErrClosed) {
		t.Errorf("a key after the end: %v", err)
	}
}

func TestTheEngineerAnswersOnce(t *testing.T) {
	pl := playing(t, Default, Options{Who: "mia"})
	pl.until(event.Held)
	for range 2 {
		if err := pl.p.Tell(t.Context(), "why?\x07"); err != nil {
			t.Fatal(err)
		}
	}
	if err := pl.p.Tell(t.Context(), " "); err == nil {
		t.Error("nothing was told")
	}
	var who []string
	for range 3 {
		m := pl.until(event.Message)
		who = append(who, m.Who)
		if strings.Contains(m.Reason, "\x07") {
			t.Errorf("a bell in %q", m.Reason)
		}
	}
	if diff := cmp.Diff([]string{"mia", "ravi@vendor", "mia"}, who); diff != "" {
		t.Error(diff)
	}
}

func TestEndWithdrawsTheHold(t *testing.T) {
	pl := playing(t, Default, Options{})
	h := pl.until(event.Held)
	if err := pl.p.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w := pl.until(event.Withdrawn); w.Hold != h.Hold {
		t.Errorf("withdrawn %+v", w)
	}
	if c := pl.until(event.Closed); c.Reason != "the escort ended the session" {
		t.Errorf("closed %+v", c)
	}
	if err := pl.p.Decide(t.Context(), event.Decision{Hold: h.Hold, Verdict: event.Allow}); err == nil {
		t.Error("a withdrawn hold was allowed")
	}
}

func TestEndBeforeTheBegin(t *testing.T) {
	s, err := Load(Default)
	if err != nil {
		t.Fatal(err)
	}
	p := New(s, Options{})
	if err := p.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	ch, err := p.Events(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var last event.Event
	for e := range ch {
		last = e
	}
	if last.Kind != event.Closed {
		t.Errorf("it ends with %q", last.Kind)
	}
}

func TestLateFollowersSeeTheSame(t *testing.T) {
	pl := playing(t, Default, Options{})
	if err := pl.p.Resize(100, 30); err != nil {
		t.Fatal(err)
	}
	if err := pl.p.Resize(0, 30); err == nil {
		t.Error("a terminal without columns was taken")
	}
	pl.until(event.Held)
	if err := pl.p.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	pl.until(event.Closed)
	for _, after := range []uint64{0, 3, pl.last, pl.last + 5} {
		ch, err := pl.p.Events(t.Context(), after)
		if err != nil {
			t.Fatal(err)
		}
		n := uint64(0)
		for e := range ch {
			n++
			if e.Seq != after+n {
				t.Errorf("after %d comes %d", after, e.Seq)
			}
		}
		if want := pl.last - min(after, pl.last); n != want {
			t.Errorf("after %d come %d events, want %d", after, n, want)
		}
	}
}

// Who takes long in a lesson gets a hint, once.
func TestHintForWhoTakesLong(t *testing.T) {
	for after, want := range map[time.Duration]bool{time.Millisecond: true, 0: false} {
		pl := playing(t, "plausible", Options{Lesson: true, HintAfter: after})
		for range 2 {
			pl.decide(event.Decision{Hold: pl.until(event.Held).Hold, Verdict: event.Allow})
		}
		h := pl.until(event.Held)
		if want {
			pl.shows("Hint: How much memory does it use")
		} else {
			pl.still()
		}
		pl.decide(event.Decision{Hold: h.Hold, Verdict: event.Deny})
		pl.until(event.Message) // what the engineer says to it
		list, _ := pl.p.Outcomes()
		if list[2].Hinted != want || list[0].Hinted {
			t.Errorf("hinted after %s: %+v", after, list)
		}
		if n := strings.Count(flat(pl.out.String()), "Hint:"); n > 1 || (n == 1) != want {
			t.Errorf("%d hints", n)
		}
	}
}

// What is passed on is decided by the one who was asked, unless the escort does
// so meanwhile.
func TestAColleagueDecides(t *testing.T) {
	pl := playing(t, "plausible", Options{Who: "mia", Colleague: "dana"})
	for range 2 {
		pl.decide(event.Decision{Hold: pl.until(event.Held).Hold, Verdict: event.CannotTell})
		if d := pl.until(event.Decided); d.Who != "dana" || d.Verdict != event.Allow {
			t.Errorf("decided %+v", d)
		}
	}
	if list, _ := pl.p.Outcomes(); list[0].Did != PassedOn || !list[0].Unsure {
		t.Errorf("%+v", list[0])
	}
	slow := playing(t, "plausible", Options{Who: "mia", Colleague: "dana", Pace: time.Hour})
	go skipping(slow.p)
	h := slow.until(event.Held)
	slow.decide(event.Decision{Hold: h.Hold, Verdict: event.CannotTell})
	slow.until(event.Parked)
	slow.decide(event.Decision{Hold: h.Hold, Verdict: event.Allow})
	if d := slow.until(event.Decided); d.Who != "mia" {
		t.Errorf("decided %+v", d)
	}
	slow.until(event.Finished)
	if list, _ := slow.p.Outcomes(); list[0].Did != event.Allow || !list[0].Unsure {
		t.Errorf("%+v", list[0])
	}
}

// What takes a while prints no line more than what does not.
func TestWhatALinePrints(t *testing.T) {
	for _, tc := range []struct {
		st   Step
		want string
	}{
		{Step{}, "\r\n"},
		{Step{Output: "a"}, "\r\na\r\n"},
		{Step{Output: "a\n", Takes: Seconds(time.Nanosecond)}, "\r\na\r\n"},
		{Step{Takes: Seconds(time.Nanosecond)}, "\r\n"},
	} {
		p := New(Sample{}, Options{Pace: fast})
		if err := p.ran(tc.st, "h1"); err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		events, _, _ := p.journal.since(0)
		for _, e := range events {
			got.Write(e.Data)
		}
		if got.String() != tc.want {
			t.Errorf("%+v prints %q", tc.st, got.String())
		}
	}
}

func TestWrap(t *testing.T) {
	for _, tc := range []struct {
		text string
		cols int
		want []string
	}{
		{"", 10, []string{""}},
		{"one two", 7, []string{"one two"}},
		{"one two three", 7, []string{"one two", "three"}},
		{"incomprehensible it is", 5, []string{"incomprehensible", "it is"}},
		{"宽 宽 宽", 5, []string{"宽 宽", "宽"}},
		{"one", -1, []string{"one"}},
	} {
		if diff := cmp.Diff(tc.want, wrap(tc.text, tc.cols)); diff != "" {
			t.Errorf("%q in %d: %s", tc.text, tc.cols, diff)
		}
	}
}
