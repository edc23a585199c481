package event

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"escort/explain/effect"
)

func sample() Event {
	word := "rm"
	x := (&effect.Explanation{
		Command: "rm -rf <sub> && x", Headline: "Deletes sub.", Risk: effect.High,
		Plan: effect.Plan{Starts: []effect.Start{{Argv: []*string{&word, nil}, Parent: -1}}},
	}).Normalize()
	return Event{
		Seq: 4, Time: time.Now(), Kind: Held, Hash: "ab", Hold: "h1", Layer: LayerLine, Cause: CauseTyped,
		Typed: "rm -rf <sub> && x \xff", Word: "DELETE", PID: 7, Explanation: x,
	}
}

func sightOf(t *testing.T, e Event) Sight {
	t.Helper()
	s, err := e.Sight()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The ledger, a console here and one behind a socket have the same sight.
func TestSightIsTheSameEverywhere(t *testing.T) {
	e := sample()
	want := sightOf(t, e)
	if want.Line != "ab" || want.Risk != "high" || want.Says != "Deletes sub." || !strings.HasPrefix(want.What, "rm -rf <sub>") || len(want.Card) != 64 {
		t.Errorf("got %+v", want)
	}
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var far Event
	if err := json.Unmarshal(b, &far); err != nil {
		t.Fatal(err)
	}
	if got := sightOf(t, far); got != (Sight{want.Line, want.Card, got.What, want.Risk, want.Says}) {
		t.Errorf("behind a socket %+v, not %+v", got, want)
	}
	line := strings.Replace(string(b), `{"seq":4,`, `{"seq":9,"prev":"00","event":4,"cast":{"bytes":3},"new":0,"newer":{"x":[],"y":null},`, 1)
	if got, err := SightIn([]byte(line)); err != nil || got.Card != want.Card {
		t.Errorf("in a ledger %+v, %v", got, err)
	}
}

// Each thing that a card is made from makes another sight.
func TestSightIsOfTheWholeCard(t *testing.T) {
	seen := map[string]string{sightOf(t, sample()).Card: "nothing"}
	for name, change := range map[string]func(*Event){
		"the line":        func(e *Event) { e.Typed = "ls" },
		"the hold":        func(e *Event) { e.Hold = "h2" },
		"what starts":     func(e *Event) { e.Actual = "/bin/rm" },
		"the folder":      func(e *Event) { e.Dir = "/etc" },
		"the word":        func(e *Event) { e.Word = "" },
		"the cause":       func(e *Event) { e.Cause = CauseSurprise },
		"the risk":        func(e *Event) { e.Explanation.Risk = effect.Safe },
		"the headline":    func(e *Event) { e.Explanation.Headline = "Lists files." },
		"a word unknown":  func(e *Event) { e.Explanation.Plan.Starts[0].Argv[1] = &e.Hold },
		"one word less":   func(e *Event) { e.Explanation.Plan.Starts[0].Argv = e.Explanation.Plan.Starts[0].Argv[:1] },
		"no explanation":  func(e *Event) { e.Explanation = nil },
		"an effect added": func(e *Event) { e.Explanation.Effects = append(e.Explanation.Effects, effect.Effect{Verb: "delete"}) },
	} {
		e := sample()
		change(&e)
		card := sightOf(t, e).Card
		if other, ok := seen[card]; ok {
			t.Errorf("%s and %s are one card", name, other)
		}
		seen[card] = name
	}
	e := sample()
	e.Seq, e.Time, e.Hash = 99, time.Time{}, "cd"
	if _, ok := seen[sightOf(t, e).Card]; !ok {
		t.Error("where a line stands changes its card")
	}
}

func TestSightOfWhatIsNoLine(t *testing.T) {
	for _, line := range []string{"", "[]", "{", `{"seq":"x"}`} {
		if s, err := SightIn([]byte(line)); err == nil {
			t.Errorf("%q is %+v", line, s)
		}
	}
}
