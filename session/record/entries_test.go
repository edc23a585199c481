package record

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"escort/session/event"
)

func TestEntries(t *testing.T) {
	zero, two := 0, 2
	line := func(id, text string) event.Event {
		return event.Event{Kind: event.Held, Hold: id, Layer: event.LayerLine, Cause: event.CauseTyped, Typed: text, Explanation: explained(text)}
	}
	out := func(s string) event.Event { return event.Event{Kind: event.Output, Data: []byte(s)} }
	events := []event.Event{
		{Kind: event.Opened, Who: "ravi"},
		out("$ ls"), line("1", "ls"),
		{Kind: event.Decided, Hold: "1", Verdict: event.Allow, Who: "mia"},
		out("\r\na.txt\r\n"),
		{Kind: event.Finished, Hold: "1", Status: &zero},
		out("$ rm a.txt"), line("2", "rm a.txt"),
		{Kind: event.Message, Who: "mia", Reason: "why?"},
		{Kind: event.Message, Who: "ravi", Reason: "it is old"},
		{Kind: event.Message, Who: "ravi", Reason: "really"},
		{Kind: event.Decided, Hold: "2", Verdict: event.Deny, Reason: "no", Who: "mia"},
		out("\r\nescort: denied · no\r\n$ make"),
		line("3", "make"),
		{Kind: event.Decided, Hold: "3", Verdict: event.Allow, Who: "mia"},
		out("\r\ncc\r\n"),
		{Kind: event.Held, Hold: "4", Layer: event.LayerStart, Cause: event.CauseSurprise, Typed: "make", Actual: "ld", Explanation: explained("ld")},
		{Kind: event.Decided, Hold: "4", Verdict: event.Allow, Who: "mia"},
		out("ld\r\n"),
		{Kind: event.Finished, Hold: "3", Status: &two},
		out("$ "),
	}
	for i := range events {
		events[i].Time = began.Add(time.Duration(i) * 100 * time.Millisecond)
	}
	dir := recorded(t, events)
	m, list, err := Entries(dir)
	if err != nil || m.Host != "prod-db-2" || len(list) != 3 {
		t.Fatalf("%+v, %d lines, %v", m, len(list), err)
	}
	for i, want := range []struct{ typed, verdict, output, answer string }{
		{"ls", event.Allow, "\r\na.txt\r\n", ""}, {"rm a.txt", event.Deny, "", "it is old"}, {"make", event.Allow, "\r\ncc\r\nld\r\n", ""},
	} {
		e := list[i]
		if e.Held.Typed != want.typed || e.Decided.Verdict != want.verdict || string(e.Output) != want.output || e.Answer != want.answer {
			t.Errorf("line %d: %q %s %q %q", i+1, e.Held.Typed, e.Decided.Verdict, e.Output, e.Answer)
		}
	}
	if f := list[2].Finished; f == nil || *f.Status != 2 || list[1].Finished != nil || list[1].Decided.Reason != "no" {
		t.Errorf("ended: %+v", list)
	}
}

func TestEntriesOfWhatIsNoRecord(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := Entries(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nothing there: %v", err)
	}
	for text, ok := range map[string]bool{"x\n": false, "{}\n": false, "": false} {
		if err := os.WriteFile(filepath.Join(dir, LedgerFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Entries(dir); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}
