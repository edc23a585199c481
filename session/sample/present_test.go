package sample

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"escort/explain"
	"escort/explain/effect"
	"escort/session/event"

	"github.com/google/go-cmp/cmp"
)

// shows waits until the session has shown text, without the breaks of lines.
func (pl *player) shows(text string) {
	pl.t.Helper()
	for !strings.Contains(flat(pl.out.String()), text) {
		if _, ok := pl.next(); !ok {
			pl.t.Fatalf("closed before %q was shown:\n%s", text, pl.out.String())
		}
	}
}

func flat(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("»", "", "\x1b[36m", "", "\x1b[0m", "", "\x1b[K", "").Replace(s)), " ")
}

func TestQuizAsksFirst(t *testing.T) {
	pl := playing(t, Default, Options{Quiz: true, Big: true, From: 4})
	pl.shows("Enter shows the card.")
	asked := flat(pl.out.String())
	for _, told := range []string{"CRITICAL", "backup", "4444", "others type commands"} {
		if strings.Contains(asked[strings.Index(asked, "Quiz:"):], told) {
			t.Errorf("the question gives away %q: %s", told, asked)
		}
	}
	for _, kept := range []string{"Quiz: what would this do", "sudo: does the rest", "a script of 30 lines, last changed 3 hours ago by ravi", "INC-4211"} {
		if !strings.Contains(asked, kept) {
			t.Errorf("the question leaves out %q: %s", kept, asked)
		}
	}
	pl.key("55\x7f") // taken back
	pl.shows("no votes")
	pl.key("54 6b+x5")
	pl.shows("votes: HIGH 1 · CRITICAL 2")
	pl.still() // space does not end it
	pl.key("\r")
	h := pl.until(event.Held)
	if text := flat(pl.out.String()); !strings.Contains(text, "HIGH 1 · CRITICAL 2. The card says CRITICAL. 2 of 3 said so.") || !strings.Contains(text, "███ ██ █ ███") {
		t.Errorf("it shows %q", text)
	}
	if h.Typed != pl.p.sample.Steps[3].Line || h.Explanation.Risk != effect.Critical {
		t.Errorf("held %+v", h)
	}
}

func TestFromAStep(t *testing.T) {
	pl := playing(t, Default, Options{From: 5})
	var verdicts []string
	for {
		e, ok := pl.next()
		if !ok {
			t.Fatal("closed")
		}
		if e.Kind == event.Decided {
			if e.Who != presenter {
				t.Errorf("decided %+v", e)
			}
			verdicts = append(verdicts, e.Verdict)
		}
		if e.Kind == event.Held && len(verdicts) == 4 {
			if e.Typed != pl.p.sample.Steps[4].Line {
				t.Errorf("held %q", e.Typed)
			}
			pl.decide(event.Decision{Hold: e.Hold, Verdict: event.Allow})
			break
		}
	}
	if diff := cmp.Diff([]string{event.Allow, event.Allow, event.Allow, event.Deny}, verdicts); diff != "" {
		t.Error(diff)
	}
	if text := pl.out.String(); !strings.Contains(text, "fix_servers.sh") || !strings.Contains(text, "escort: denied") {
		t.Errorf("the steps before are not shown: %q", text)
	}
	pl.shows("1 of 1 hold answered")
}

func TestJumps(t *testing.T) {
	pl := playing(t, "quiet_disk", Options{Pace: time.Hour})
	steps := pl.p.sample.Steps
	to := func(keys string, step int) event.Event {
		t.Helper()
		pl.shows("$") // it waits before a step
		pl.key(keys)
		for {
			h := pl.until(event.Held)
			pl.p.mu.Lock()
			open := pl.p.open != nil && pl.p.open.id == h.Hold
			pl.p.mu.Unlock()
			if open {
				if h.Typed != steps[step-1].Line {
					t.Fatalf("after %q: %q", keys, h.Typed)
				}
				return h
			}
		}
	}
	// each jump, then the wait before the step and its letters, which keys skip
	answer := func(h event.Event) {
		t.Helper()
		pl.decide(event.Decision{Hold: h.Hold, Verdict: event.Allow})
		pl.until(event.Finished)
	}
	go skipping(pl.p)
	answer(to("3", 3))
	answer(to("6", 6))
	if list, _ := pl.p.Outcomes(); len(list) != 2 || list[1].Number != 6 {
		t.Errorf("answered %+v", list)
	}
	answer(to("2", 2))
	if list, _ := pl.p.Outcomes(); len(list) != 1 || list[0].Number != 2 {
		t.Errorf("who goes back answers anew: %+v", list)
	}
}

// skipping presses space until the play is over, a moment after nothing else
// came.
func skipping(p *Play) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			p.mu.Lock()
			idle := p.open == nil && p.jump == 0 && p.at < 8
			p.mu.Unlock()
			if idle {
				_ = p.Input([]byte{keyNext}) // refused at the end
			}
		case <-p.done:
			return
		}
	}
}

func TestSpeed(t *testing.T) {
	pl := playing(t, Default, Options{Pace: DefaultPace})
	for _, tc := range []struct {
		key  string
		want time.Duration
	}{{"+", time.Second}, {"+", 500 * time.Millisecond}, {"-", time.Second}, {"------", slowest}, {"+++++++++++", fastest}} {
		pl.key(tc.key)
		if got := pl.p.stepPace(); got != tc.want {
			t.Errorf("after %s a step takes %s", tc.key, got)
		}
	}
	lesson := playing(t, Default, Options{Pace: DefaultPace, Lesson: true})
	lesson.key("+3b")
	if got := lesson.p.stepPace(); got != DefaultPace || lesson.p.jump != 0 {
		t.Errorf("keys of a presenter work in a lesson: %s, %d", got, lesson.p.jump)
	}
}

func TestBannersHaveTheirLetters(t *testing.T) {
	for _, r := range effect.Risks {
		for _, c := range strings.ToUpper(string(r)) {
			g, ok := glyphs[c]
			for _, row := range g {
				if !ok || len(row) != len(g[0]) || len(row) == 0 {
					t.Errorf("the letter %c: %q", c, g)
				}
			}
		}
	}
	if got := banner("hi"); got[2] != "  ███ █ " {
		t.Errorf("%q", got)
	}
}

func TestTranscript(t *testing.T) {
	s, err := Load(Default)
	if err != nil {
		t.Fatal(err)
	}
	s.Title = "the *script* fix_servers.sh"
	for markdown, want := range map[bool][]string{
		true: {
			"# the \\*script\\* fix\\_servers.sh\n\n", "## Line 4\n\n```\nsudo ./fix_servers.sh --all\n```\n\n**The card:** CRITICAL. ", "- Deletes backups",
			"\nrm -rf /srv/backup/*\n", "**Right:** deny. The name says fix.", "**Asked, ravi says:**", "**MITRE ATT&CK** T1036: Masquerading",
		},
		false: {
			"the *script* fix_servers.sh\n===========================\n\n", "Line 4\n------\n\n    sudo ./fix_servers.sh --all\n\nThe card: CRITICAL. ",
			"\n    rm -rf /srv/backup/*\n", "Right: deny. The name says fix.",
		},
	} {
		var b bytes.Buffer
		if err := Transcript(t.Context(), &b, s, markdown, explain.Explain); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(b.String(), w) {
				t.Errorf("%q is not in\n%s", w, b.String())
			}
		}
		for line := range strings.Lines(b.String()) {
			if !markdown && !strings.HasPrefix(line, "    ") && !strings.HasPrefix(line, "- ") && len([]rune(line)) > paperWidth+1 {
				t.Errorf("a long line: %q", line)
			}
		}
	}
}

func TestWhole(t *testing.T) {
	s, err := Load(Default)
	if err != nil {
		t.Fatal(err)
	}
	events, end, err := Whole(t.Context(), s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	last, verdicts := s.Start(), []string{}
	for _, e := range events {
		if e.Time.Before(last) {
			t.Errorf("%s at %v comes before what was before it", e.Kind, e.Time)
		}
		if e.Kind == event.Decided {
			verdicts = append(verdicts, e.Verdict)
			if read := e.Time.Sub(last); read < filmRead {
				t.Errorf("a card is read for %s", read)
			}
		}
		last = e.Time
	}
	if len(verdicts) != len(s.Steps) || verdicts[3] != event.Deny {
		t.Errorf("decided %q", verdicts)
	}
	if took := end.Sub(s.Start()); took < 30*time.Second || took > 75*time.Second {
		t.Errorf("the tour takes %s", took)
	}
}
