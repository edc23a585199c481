package record

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"escort/session/event"
)

// keep makes the record of a session that began at a time, in which one line
// was held and decided.
func keep(t *testing.T, root string, at time.Time, line, verdict string) string {
	t.Helper()
	m := meta()
	m.Started = at
	r, err := Create(root, m)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []event.Event{
		{Kind: event.Opened, Time: at},
		{Kind: event.Held, Time: at, Hold: "h1", Layer: event.LayerLine, Typed: line, Explanation: explained(line)},
		{Kind: event.Held, Time: at, Hold: "h2", Layer: event.LayerLine, Typed: "never decided"},
		{Kind: event.Decided, Time: at, Hold: "h1", Verdict: verdict, Who: "mia", Reason: "because"},
	} {
		if _, err := r.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(r.Dir(), LedgerFile)
}

func told(js []event.Judged) string {
	var out []string
	for _, j := range js {
		out = append(out, j.Decided.Verdict+" "+j.Held.Typed)
	}
	return strings.Join(out, ", ")
}

func TestEarlier(t *testing.T) {
	root := t.TempDir()
	if js := Earlier(root, began); js != nil {
		t.Errorf("of nothing: %s", told(js))
	}
	keep(t, root, began.Add(-50*time.Hour), "too long ago", event.Allow)
	keep(t, root, began.Add(-3*time.Hour), "first", event.Allow)
	broken := keep(t, root, began.Add(-2*time.Hour), "second", event.Deny)
	keep(t, root, began.Add(-time.Hour), "third", event.Allow)
	keep(t, root, began, "in this session", event.Allow)
	js := Earlier(root, began)
	if got := told(js); got != "allow first, deny second, allow third" {
		t.Fatal(got)
	}
	if d := js[1]; d.Decided.Who != "mia" || d.Decided.Reason != "because" || d.Held.Explanation == nil || !d.Held.Time.Equal(began.Add(-2*time.Hour)) {
		t.Errorf("%+v", d)
	}
	// What cannot be read is left out, and nothing else with it.
	text, err := os.ReadFile(broken)
	if err != nil {
		t.Fatal(err)
	}
	long := `{"kind":"message","reason":"` + strings.Repeat("x", maxEarlierLine) + "\"}\n"
	if err := os.WriteFile(broken, []byte("no json\n"+long+string(text)), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := told(Earlier(root, began)); got != "allow first, deny second, allow third" {
		t.Errorf("beside what cannot be read: %s", got)
	}
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/zero", broken); err != nil {
		t.Fatal(err)
	}
	if got := told(Earlier(root, began)); got != "allow first, allow third" {
		t.Errorf("beside a file that never ends: %s", got)
	}
}
