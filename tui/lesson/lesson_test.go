package lesson

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/keymap"
	"escort/session/event"
	"escort/session/sample"
	"escort/session/training"
	"escort/tui/theme"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden screens anew")

func init() { time.Local = time.UTC } // the plots show local time

var sizes = [][2]int{{80, 24}, {120, 40}, {40, 12}}

type leaf interface {
	View(w, h int) []theme.Line
	Press(string) bool
}

// golden compares a screen with the one that is kept.
func golden(t *testing.T, name string, l leaf, size [2]int) {
	t.Helper()
	var b strings.Builder
	rows := l.View(size[0], size[1])
	if len(rows) != size[1] {
		t.Errorf("%s has %d rows", name, len(rows))
	}
	for _, r := range rows {
		if r.Width() > size[0] {
			t.Errorf("%s: %q is %d wide", name, r.Text(), r.Width())
		}
		b.WriteString(strings.TrimRight(theme.Theme{Bare: true}.Render(r, size[0]), " ") + "\n")
	}
	file := filepath.Join("testdata", fmt.Sprintf("%s-%dx%d.golden", name, size[0], size[1]))
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("screen %s (-want +got):\n%s", name, diff)
	}
}

var steps = []sample.Step{
	{Line: "ls -l", Right: event.Allow, Because: "It only lists names.", Answer: "I look."},
	{Line: "sudo ./fix_servers.sh --all", Right: event.Deny, Because: "The name says fix. The text says: delete every backup.", Answer: "It cleans up.", Hint: "Open the script."},
	{Line: "sudo systemctl restart billing-api", Right: sample.Ask, Then: event.Allow, Because: "Who asks learns that it is down anyway.", Answer: "It is down already."},
	{Line: "/opt/agent/bin/agentctl -x", Right: event.CannotTell, Because: "Nobody here knows this program."},
}

var cards = []effect.Explanation{
	{Risk: effect.Safe, Headline: "Lists this folder."},
	{
		Risk: effect.Critical, Headline: "Runs ./fix_servers.sh, which deletes every backup in /srv/backup.",
		Findings: []effect.Finding{{Text: "Deletes backups: afterwards nothing can be brought back."}},
		Scripts: []effect.Script{{Path: "/home/ravi/fix_servers.sh", Worst: []effect.ScriptLine{
			{Line: 21, Text: "  rm -rf /srv/backup/*", Meaning: "deletes all in /srv/backup", Risk: effect.Critical},
			{Line: 3, Text: "true", Meaning: "does nothing", Risk: effect.Safe},
		}}},
	},
	{Risk: effect.Caution, Headline: "Restarts the service billing-api, as administrator."},
	{Risk: effect.High, Headline: "Runs agentctl, which I do not know.", Findings: []effect.Finding{{Text: "I do not know this program."}}},
}

// answered is a debrief in which the steps got these answers.
func answered(did ...string) Debrief {
	d := Debrief{
		Sample: sample.Sample{Name: "fix", Title: "the script fix_servers.sh", Engineer: "ravi@vendor", Technique: "T1036", Steps: steps, Debrief: "Names are not deeds."},
		Took:   83 * time.Second,
	}
	for i, v := range did {
		o := sample.Outcome{Step: steps[i], Explanation: cards[i], Did: v, Looked: time.Duration(4+i) * 1300 * time.Millisecond}
		switch {
		case v == event.Deny:
			o.Reason = "not in the ticket"
		case v == sample.PassedOn:
			o.Unsure = true
		case steps[i].Right == sample.Ask:
			o.Asked = true
		}
		d.Outcomes = append(d.Outcomes, o)
	}
	return d
}

func good() Debrief { return answered(event.Allow, event.Deny, event.Allow, sample.PassedOn) }

func bad() Debrief {
	d := answered(event.Deny, event.Allow, event.Deny, event.Allow)
	d.Again = true
	d.Outcomes[1].Hinted = true
	for i := range d.Outcomes {
		d.Outcomes[i].Looked /= 10
	}
	first := good().Result("mia", "1", time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	d.Past = []training.Result{first, d.Result("mia", "1", time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC))}
	return d
}

func TestDebriefScreens(t *testing.T) {
	for _, size := range sizes {
		golden(t, "debrief-good", good().Sheet(), size)
		golden(t, "debrief-bad", bad().Sheet(), size)
	}
	golden(t, "debrief-whole", good().Sheet(), [2]int{80, 70})
	golden(t, "debrief-whole-bad", bad().Sheet(), [2]int{80, 80})
}

func TestScreensAroundALesson(t *testing.T) {
	s := good().Sample
	s.Host, s.Ticket, s.Now = "prod-db-2", `INC-4211 "restart the billing API"`, sample.Moment(time.Date(2026, 11, 24, 11, 10, 0, 0, time.UTC))
	for _, size := range sizes {
		golden(t, "introduction", Introduction(keymap.Default()), size)
		golden(t, "briefing", Briefing(s, "Lesson 2 of 24"), size)
		golden(t, "lessons", NewMenu(courses()), size)
	}
	golden(t, "introduction-whole", Introduction(keymap.Default()), [2]int{80, 60})
}

func courses() []Course {
	entry := func(title string, st training.Standing) Entry {
		return Entry{Sample: sample.Sample{Title: title, Steps: steps}, Stands: st}
	}
	return []Course{
		{"First day", "Reading, restarts, installs.", []Entry{
			entry("a restart", training.Standing{Passed: true, Done: true, Best: 101}), entry("a disk that fills up", training.Standing{Done: true, Best: 60, Tries: 2}),
		}},
		{"Disguises", "Lines that look like one thing and do another.", []Entry{
			entry("the script fix_servers.sh", training.Standing{Tries: 1}), entry("an agent", training.Standing{}),
		}},
	}
}

func TestMenuChooses(t *testing.T) {
	m := NewMenu(courses())
	m.View(80, 24)
	if m.Chosen != 1 {
		t.Errorf("the first that was not passed is %d", m.Chosen)
	}
	for _, step := range []struct {
		key  string
		want int
	}{{"down", 2}, {"end", 3}, {"down", 3}, {"up", 2}, {"home", 0}, {"up", 0}, {"pgdown", 3}, {"x", 3}, {"j", 3}, {"k", 2}} {
		if m.Press(step.key) || m.Chosen != step.want {
			t.Errorf("after %s: %d, left %q", step.key, m.Chosen, m.Left)
		}
	}
	if !m.Press("enter") || m.Entry().Sample.Title != "the script fix_servers.sh" {
		t.Errorf("chose %+v", m.Entry())
	}
	if text := strings.Join(m.Text(), "\n"); !strings.Contains(text, "  4   an agent") {
		t.Errorf("as text:\n%s", text)
	}
}

// The marked lesson is on the screen, however small.
func TestMenuScrolls(t *testing.T) {
	m := NewMenu(courses())
	for range 4 {
		m.View(40, 5)
		var all strings.Builder
		for _, l := range m.View(40, 5) {
			all.WriteString(l.Text())
		}
		if !strings.Contains(all.String(), "▸ "+m.Entry().Sample.Title[:8]) {
			t.Errorf("%d is not marked on the screen: %q", m.Chosen, all.String())
		}
		m.Press("down")
	}
}

func TestSheetIsReadToItsEnd(t *testing.T) {
	s := bad().Sheet()
	seen := map[string]bool{}
	for range 100 {
		for _, l := range s.View(80, 24) {
			seen[l.Text()] = true
		}
		if s.Press("enter") {
			break
		}
	}
	if s.Left != keymap.Enter {
		t.Fatalf("left by %q", s.Left)
	}
	for _, l := range s.Lines(76) {
		if !seen["  "+l.Text()] {
			t.Errorf("was never shown: %q", l.Text())
		}
	}
	for key, want := range map[string]keymap.Action{"esc": keymap.Back, "r": keymap.Again, "n": keymap.Next, "i": "", "x": "", "up": "", "end": ""} {
		s := bad().Sheet()
		s.View(80, 24)
		if s.Press(key); s.Left != want {
			t.Errorf("%s leaves with %q", key, s.Left)
		}
	}
}

func TestLongLessonsAreShort(t *testing.T) {
	d := good()
	for range 80 {
		d.Outcomes = append([]sample.Outcome{d.Outcomes[0]}, d.Outcomes...)
	}
	text := strings.Join(d.Text(80), "\n")
	if !strings.Contains(text, "81 lines that looked or changed little") || strings.Count(text, "ls -l") != 0 || !strings.Contains(text, " 82 sudo ./fix") {
		t.Errorf("the debrief of %d lines:\n%s", len(d.Outcomes), text)
	}
}

func TestResult(t *testing.T) {
	r := bad().Result("mia", "9", time.Date(2026, 11, 25, 9, 0, 0, 0, time.FixedZone("", 3600)))
	if r.Score != 100-2-40-2-30 || r.Passed() || !r.Done || r.Time.Hour() != 8 || r.TookMS != 83000 || len(r.Lines) != 4 {
		t.Errorf("%+v", r)
	}
	if l := r.Lines[1]; !l.Harm || l.Points != -40 || l.LookedMS != 650 || l.Did != event.Allow || l.Right != event.Deny || !l.Hinted {
		t.Errorf("%+v", l)
	}
	left := bad()
	left.Outcomes = left.Outcomes[:2]
	if r := left.Result("mia", "9", time.Now()); r.Done || r.Passed() {
		t.Error("a lesson that was left is done")
	}
}
