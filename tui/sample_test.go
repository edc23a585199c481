package tui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"escort/keymap"
	"escort/session/event"
	"escort/session/sample"
	"escort/tui/consent"
	"escort/tui/lesson"
)

// taking is a lesson that is taken in a console by a script: its keys go
// through the model as a person's do, on a clock of the test's.
type taking struct {
	*bench
	play   *sample.Play
	events <-chan event.Event
}

func take(t *testing.T, s sample.Sample, w, h int) *taking {
	t.Helper()
	k := &taking{bench: &bench{t: t, src: newFake(), now: start}}
	now := func() time.Time { return k.now }
	k.play = sample.New(s, sample.Options{Cols: w, Rows: h, Who: "eva", Colleague: "dana", Lesson: true, Pace: time.Nanosecond})
	k.m = newModel(t.Context(), k.play, Options{
		Host: s.Host, User: s.User(), Ticket: s.Ticket, Who: "eva", Env: []string{}, now: now,
		after: func(time.Duration, func(time.Time) tea.Msg) tea.Cmd { return nil },
	})
	k.m.w, k.m.h, k.m.begun = w, h, true
	k.m.signals = &k.signals
	k.m.place()
	k.m.fit()
	k.m.owned.Go(func() { k.m.works.run(t.Context(), func(err error) { t.Error(err) }) })
	t.Cleanup(func() { // the context of the test has ended
		if err := k.play.End(context.Background()); err != nil {
			t.Error(err)
		}
		k.m.owned.Wait()
	})
	var err error
	if k.events, err = k.play.Events(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	return k
}

// through answers every hold as decide says, to the end of the lesson.
func (k *taking) through(decide func(*taking, sample.Step)) (list []sample.Outcome) {
	k.t.Helper()
	limit := time.After(2 * time.Minute)
	for steps := k.play.Sample().Steps; ; {
		select {
		case e, ok := <-k.events:
			if !ok {
				list, all := k.play.Outcomes()
				if !all {
					k.t.Errorf("the lesson ended after %d answers:\n%s", len(list), k.screen())
				}
				return list
			}
			k.play1(e)
			switch {
			case e.Kind == event.Held:
				decide(k, steps[0])
				steps = steps[1:]
			case e.Kind == event.Message && strings.Contains(e.Reason, "the last line"):
				k.press(" ")
			}
		case <-limit:
			k.t.Fatalf("the lesson does not end:\n%s", k.screen())
		}
	}
}

// play1 hands one event to the console and lets its card be read.
func (k *taking) play1(e event.Event) {
	k.m.pump.take(k.play, e)
	k.m.pumped()
	k.drawn()
	if e.Kind == event.Held {
		k.wait(consent.Pause + 2*time.Second)
		k.sees(strings.ToUpper(string(k.m.shown().Risk())))
	}
}

// verdict presses what it takes to allow or deny the shown hold.
func (k *taking) verdict(v string) {
	k.t.Helper()
	if v == event.Deny {
		k.press("d", "1", "enter")
		return
	}
	k.press("a")
	switch k.m.mode {
	case keymap.Confirm:
		k.press("enter")
	case keymap.Word:
		k.letters(k.m.shown().Word())
		k.press("enter")
	}
}

// rightly answers as the key of the sample has it.
func rightly(k *taking, st sample.Step) {
	switch st.Right {
	case sample.Ask:
		k.press("m", "w", "h", "y", "enter")
		k.wait(consent.Pause)
	case event.CannotTell:
		k.press("c")
		return
	}
	k.verdict(st.Verdict())
}

// Each sample comes to its end in the console, whether each line is allowed,
// denied, passed on, or answered as it is right, and the debrief says so.
func TestSamplesInTheConsole(t *testing.T) {
	answers := map[string]func(*taking, sample.Step){
		"right": rightly,
		"allow": func(k *taking, _ sample.Step) { k.verdict(event.Allow) },
		"deny":  func(k *taking, _ sample.Step) { k.verdict(event.Deny) },
		"pass":  func(k *taking, _ sample.Step) { k.press("c") },
	}
	for i, name := range sample.Names() {
		s, err := sample.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		size := sizes[i%len(sizes)]
		for how, decide := range answers {
			t.Run(fmt.Sprintf("%s %s %dx%d", name, how, size[0], size[1]), func(t *testing.T) {
				k := take(t, s, size[0], size[1])
				list := k.through(decide)
				d := lesson.Debrief{Sample: s, Outcomes: list}
				text := strings.Join(strings.Fields(strings.Join(d.Text(80), " ")), " ")
				for _, o := range list {
					if !strings.Contains(text, strings.Join(strings.Fields(o.Explanation.Headline), " ")) && (!o.Right() || o.Step.Right != event.Allow) {
						t.Errorf("the debrief leaves out what the card said of %q: %s", o.Step.Line, o.Explanation.Headline)
					}
				}
				passed := strings.Contains(text, "Passed with")
				if how == "right" && (!passed || sample.Score(list) < 100) {
					t.Errorf("right answers get %d points:\n%s", sample.Score(list), strings.Join(d.Text(80), "\n"))
				}
				if (how == "deny" || how == "pass") && passed || how == "allow" && passed && s.Technique != "" {
					t.Errorf("to %s everything passes with %d points", how, sample.Score(list))
				}
			})
		}
	}
}

// What a lesson leaves open is shown in the session and in the list.
func TestALessonSaysNothingOfRightAndWrong(t *testing.T) {
	s, err := sample.Load(sample.Default)
	if err != nil {
		t.Fatal(err)
	}
	k := take(t, s, 120, 40)
	quiet := func() {
		k.t.Helper()
		for _, tell := range []string{"Right to have", "Better denied", "because", s.Steps[0].Because[:20]} {
			k.seesNot(tell)
		}
	}
	k.through(func(k *taking, st sample.Step) {
		quiet()
		k.verdict(event.Allow)
	})
	quiet()
	k.sees("That was the last line")
}
