package history

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"escort/explain/effect"
	"escort/session/event"
	"escort/tui/theme"
)

func init() { time.Local = time.UTC } // the list shows local time

var nine = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// session is a list of a few decisions with what came of them.
func session() *List {
	l := &List{}
	l.Add(Row{Time: nine, Verdict: event.Allow, Risk: effect.Caution, Headline: "Builds it.", Who: "eva", Hold: "h1", Text: "make install"})
	l.Effect("h1", "create /usr/bin/x")
	l.Effect("h1", "create /usr/bin/x")
	l.Surprise("make install")
	l.Add(Row{
		Time: nine, Verdict: event.Deny, Risk: effect.High, Headline: "Deletes every backup.", Who: "tom", Reason: "not in the ticket",
		Hold: "h2", Text: "rm -rf /srv/backup", Cause: event.CauseSurprise,
	})
	l.Ended("h1", 2, "")
	l.Add(Row{Time: nine, Headline: "message: done?", Who: "eva"})
	return l
}

func text(lines []theme.Line) string {
	var out []string
	for _, l := range lines {
		out = append(out, strings.TrimRight(l.Text(), " "))
	}
	return strings.Join(out, "\n")
}

func TestRows(t *testing.T) {
	l := session()
	lines, at := l.Rows(60, 0, 0)
	want := `▸09:00:00 ✓ allowed   ◆ CAUTION  Builds it.
          eva · exit 2 · 1 effect
          ! 1 surprise came of it
          make install
          · create /usr/bin/x
 09:00:00 ✗ denied    △ HIGH     Deletes every backup.
          tom: not in the ticket
          ! a surprise: in nothing that was allowed
 09:00:00 · note      message: done?
          eva`
	if diff := cmp.Diff(want, text(lines)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{0, 5, 8}, at); diff != "" {
		t.Error(diff)
	}
}

func TestFilters(t *testing.T) {
	l := session()
	got := map[string]string{}
	for f := Filter(0); ; {
		var rows []string
		for _, r := range l.Shown(f) {
			rows = append(rows, r.Headline)
		}
		got[f.String()] = strings.Join(rows, " ")
		if f = f.Next(); f == 0 {
			break
		}
	}
	want := map[string]string{
		"all":                  "Builds it. Deletes every backup. message: done?",
		"denied and passed on": "Deletes every backup.",
		"HIGH and CRITICAL":    "Deletes every backup.",
		"surprises":            "Builds it. Deletes every backup.",
		"notes and messages":   "message: done?",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestHas(t *testing.T) {
	r := session().Shown(0)[0]
	for text, want := range map[string]bool{
		"make": true, "/usr/bin": true, "eva": true, "exit 2": true, "caution": true, "allowed": true, "backup": false,
	} {
		if r.Has(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

func TestTotal(t *testing.T) {
	l := session()
	l.Add(Row{Time: nine, Verdict: event.Allow, Risk: effect.Safe, Hold: "h3"})
	l.Add(Row{Time: nine, Verdict: event.CannotTell, Risk: effect.High, Hold: "h4"})
	if got := l.Total().Brief(); got != "2 allowed, 1 denied, 1 passed on, 1 surprise" {
		t.Error(got)
	}
	want := `The session took 0:41:10.
allowed      2  1 CAUTION, 1 SAFE
denied       1  1 HIGH
passed on    1  1 HIGH
surprises    1`
	if diff := cmp.Diff(want, strings.Join(l.Total().Lines(41*time.Minute+10*time.Second), "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want = "The session took 0:00:00.\nallowed      0\ndenied       0\nsurprises    0"
	if diff := cmp.Diff(want, strings.Join((&List{}).Total().Lines(0), "\n")); diff != "" {
		t.Errorf("of nothing (-want +got):\n%s", diff)
	}
}

// What a long session does not keep is still in the sum.
func TestLongSession(t *testing.T) {
	l := &List{}
	for i := range keep + 5 {
		l.Add(Row{Verdict: event.Allow, Risk: effect.Safe, Hold: fmt.Sprint(i)})
	}
	for i := range keepEffects + 3 {
		l.Effect(fmt.Sprint(keep), fmt.Sprint("create ", i))
	}
	if l.Len() != keep || l.Total().Of(event.Allow) != keep+5 {
		t.Errorf("%d rows, %d allowed", l.Len(), l.Total().Of(event.Allow))
	}
	lines, _ := l.Rows(60, 0, l.Len()-5)
	if !strings.Contains(text(lines), "and 3 more") {
		t.Error("effects are left out without a word")
	}
}
