package history

import (
	"fmt"
	"strings"
	"time"

	"escort/explain/effect"
	"escort/session/event"
	"escort/tui/theme"
)

// Total is a session added up.
type Total struct {
	Verdicts  map[string]map[effect.Risk]int // by verdict, which may be "withdrawn" too
	Surprises int
}

func (t *Total) add(r Row) {
	if r.Verdict == "" {
		return
	}
	if t.Verdicts == nil {
		t.Verdicts = map[string]map[effect.Risk]int{}
	}
	if t.Verdicts[r.Verdict] == nil {
		t.Verdicts[r.Verdict] = map[effect.Risk]int{}
	}
	t.Verdicts[r.Verdict][r.Risk]++
}

// Of is how often there was a verdict.
func (t Total) Of(verdict string) int {
	n := 0
	for _, k := range t.Verdicts[verdict] {
		n += k
	}
	return n
}

// Total is the session added up so far.
func (l *List) Total() Total { return l.total }

// Brief is the total in one line.
func (t Total) Brief() string {
	s := fmt.Sprintf("%d allowed, %d denied", t.Of(event.Allow), t.Of(event.Deny))
	if n := t.Of(event.CannotTell); n > 0 {
		s += fmt.Sprintf(", %d passed on", n)
	}
	return s + ", " + count(t.Surprises, "surprise")
}

// Lines is the total of a session that took so long, in lines of plain text
// without anything of the session in them.
func (t Total) Lines(took time.Duration) []string {
	s := max(int(took.Seconds()), 0)
	out := []string{fmt.Sprintf("The session took %d:%02d:%02d.", s/3600, s/60%60, s%60)}
	for _, v := range []struct{ verdict, name string }{
		{event.Allow, "allowed"}, {event.Deny, "denied"}, {event.CannotTell, "passed on"}, {"withdrawn", "withdrawn"},
	} {
		if n := t.Of(v.verdict); n > 0 || v.verdict == event.Allow || v.verdict == event.Deny {
			out = append(out, strings.TrimRight(fmt.Sprintf("%-10s %3d  %s", v.name, n, byRisk(t.Verdicts[v.verdict])), " "))
		}
	}
	return append(out, fmt.Sprintf("%-10s %3d", "surprises", t.Surprises))
}

// byRisk is the numbers by risk, the worst first.
func byRisk(n map[effect.Risk]int) string {
	var out []string
	for i := len(effect.Risks) - 1; i >= 0; i-- {
		if r := effect.Risks[i]; n[r] > 0 {
			out = append(out, fmt.Sprintf("%d %s", n[r], theme.RatingOf(r).Word))
		}
	}
	return strings.Join(out, ", ")
}
