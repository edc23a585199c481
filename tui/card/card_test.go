package card

import (
	"strings"
	"testing"

	"escort/explain/effect"
	"escort/session/event"
)

func text(c *Card, w, h int) string {
	var b strings.Builder
	for _, l := range c.Lines(w, h) {
		b.WriteString(strings.TrimRight(l.Text(), " ") + "\n")
	}
	return b.String()
}

// The first line never says the opposite of the line on undoing.
func TestFirstLine(t *testing.T) {
	for _, tc := range []struct {
		risk effect.Risk
		undo effect.Undo
		want string
	}{
		{effect.Safe, effect.UndoYes, "○ SAFE · only looks · nothing to undo"},
		{effect.Low, effect.UndoYes, "● LOW · small, easy to put back · can be undone"},
		{effect.Low, effect.UndoNo, "● LOW · small · cannot be undone"},
		{effect.Caution, effect.UndoNo, "◆ CAUTION · normal work, check the ticket · cannot be undone"},
		{effect.High, effect.UndoNo, "△ HIGH · hard to undo, ask first · cannot be undone"},
		{effect.High, effect.UndoYes, "△ HIGH · ask first · can be undone"},
		{effect.Critical, effect.UndoNo, "▲ CRITICAL · do not allow alone · cannot be undone"},
	} {
		c := New(event.Event{Explanation: &effect.Explanation{Risk: tc.risk, Undo: tc.undo}}, "")
		if got, _, _ := strings.Cut(text(c, 76, 40), "\n"); got != tc.want {
			t.Errorf("%s, undo %s: %q, want %q", tc.risk, tc.undo, got, tc.want)
		}
	}
}

func TestSuggested(t *testing.T) {
	unknown := effect.Dimensions{Unknown: effect.High}
	for name, tc := range map[string]struct {
		hold   event.Event
		ex     effect.Explanation
		ticket string
		parked string
		want   string
	}{
		"safe":                 {ex: effect.Explanation{Risk: effect.Safe}, want: "nothing speaks against it"},
		"caution":              {ex: effect.Explanation{Risk: effect.Caution}, want: "ask first"},
		"caution, ticket":      {ex: effect.Explanation{Risk: effect.Caution}, ticket: "INC-1", want: "compare it with the ticket"},
		"caution, fits":        {ex: effect.Explanation{Risk: effect.Caution, Ticket: "fits"}, ticket: "restart x", want: "fits the ticket"},
		"high, fits":           {ex: effect.Explanation{Risk: effect.High, Ticket: "fits"}, ticket: "delete x", want: "ask first"},
		"high":                 {ex: effect.Explanation{Risk: effect.High}, want: "ask first"},
		"not understood":       {ex: effect.Explanation{Risk: effect.High, Dimensions: unknown}, want: "pass it on (c)"},
		"passed on":            {ex: effect.Explanation{Risk: effect.High, Dimensions: unknown}, parked: "eva", want: "wait for somebody who can tell, or deny"},
		"safe but not typed":   {hold: event.Event{Cause: event.CauseSurprise}, want: "look where it comes from"},
		"caution, not typed":   {hold: event.Event{Cause: event.CauseNobody}, ex: effect.Explanation{Risk: effect.Caution}, ticket: "INC-1", want: "ask first"},
		"high though undoable": {ex: effect.Explanation{Risk: effect.High, Undo: effect.UndoYes}, want: "ask first"},
	} {
		e := tc.hold
		e.Explanation = &tc.ex
		c := New(e, tc.ticket)
		c.Parked = tc.parked
		if got := c.Suggested(); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

// A hold that came without an explanation is never shown as harmless.
func TestWithoutExplanation(t *testing.T) {
	c := New(event.Event{Actual: "/usr/bin/id"}, "")
	got := text(c, 60, 40)
	for _, want := range []string{"HIGH · I cannot tell what this does", "There is no explanation", "/usr/bin/id", "pass it on (c)"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not on the card:\n%s", want, got)
		}
	}
}

// What stands at the end of a long command is seen without scrolling, and all
// of it can be scrolled to.
func TestTailOfALongCommand(t *testing.T) {
	cmd := "echo " + strings.Repeat("x", 900) + "; rm -rf /srv"
	c := New(event.Event{Explanation: &effect.Explanation{Command: cmd, Headline: "Deletes data.", Risk: effect.High}}, "")
	rows := strings.Split(text(c, 78, 11), "\n")
	if top := strings.Join(rows[:11], "\n"); !strings.Contains(top, "/srv") {
		t.Errorf("the tail is hidden:\n%s", top)
	}
	_, whole, _ := strings.Cut(strings.Join(rows, "\n"), "The whole command:")
	if got := strings.Join(strings.Fields(whole), ""); got != strings.ReplaceAll(cmd, " ", "") {
		t.Errorf("not the whole command: %q", got)
	}
	if all := text(c, 78, 100); strings.Contains(all, "⋮") {
		t.Errorf("cut though there is room:\n%s", all)
	}
}

// A meaning that is a quotation or was seen on the machine says so, once.
func TestOriginOfMeanings(t *testing.T) {
	cmd := "frob -a x.sh"
	c := New(event.Event{Explanation: &effect.Explanation{Command: cmd, Parts: []effect.Part{
		{Span: effect.Span{0, 4}, Text: "frob", Meaning: `from the manual, frob(1): "turn things round"`, Source: effect.FromManual},
		{Span: effect.Span{5, 7}, Text: "-a", Meaning: "take all", Source: effect.FromManual},
		{Span: effect.Span{8, 12}, Text: "x.sh", Meaning: "the script that is run", Source: effect.FromHost},
	}}}, "")
	got := text(c, 76, 40)
	for _, want := range []string{
		"└ frob  from the manual, frob(1): \"turn things round\"\n", "└ -a    take all (from the manual)\n",
		"└ x.sh  the script that is run (seen on this machine)\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not on the card:\n%s", want, got)
		}
	}
}
