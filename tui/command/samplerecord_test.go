package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/session/event"
	"escort/session/record"
	"escort/session/sample"
)

// aRecord is the folder of a short session.
func aRecord(t *testing.T, events ...event.Event) string {
	t.Helper()
	began := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	r, err := record.Create(t.TempDir(), record.Meta{Host: "app-3", User: "aiko", Ticket: "CHG-1", Escort: "mia", Cols: 80, Rows: 24, Started: began})
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range events {
		e.Time = began.Add(time.Duration(i) * time.Second)
		if _, err := r.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return r.Dir()
}

func TestSampleRecord(t *testing.T) {
	status := 0
	dir := aRecord(t,
		event.Event{Kind: event.Opened, Who: "aiko"},
		event.Event{Kind: event.Held, Hold: "1", Layer: event.LayerLine, Cause: event.CauseTyped, Typed: "ls", Dir: "/srv/x", Explanation: (&effect.Explanation{Command: "ls", Risk: effect.Safe}).Normalize()},
		event.Event{Kind: event.Decided, Hold: "1", Verdict: event.Allow, Who: "mia"},
		event.Event{Kind: event.Output, Data: []byte("\raiko@app-3:~$ ls\r\n\x1b[1;34mnotes\x1b[0m\r\n")},
		event.Event{Kind: event.Finished, Hold: "1", Status: &status},
		event.Event{Kind: event.Output, Data: []byte("aiko@app-3:~$ ")},
	)
	file := filepath.Join(t.TempDir(), "mine.yaml")
	for name, tc := range map[string]struct {
		args []string
		says
	}{
		"to the output": {[]string{"sample", "record", dir}, says{Done, `(?s)^# A draft.*title: "DRAFT: .*  - line: "ls"\n    output: \|\n      notes\n    right: allow\n`, ""}},
		"no record":     {[]string{"sample", "record", filepath.Join(dir, "none")}, says{Failed, "", `the record cannot be read`}},
		"none":          {[]string{"sample", "record"}, says{Usage, "", `exactly one record, and got 0`}},
		"nothing done":  {[]string{"sample", "record", aRecord(t, event.Event{Kind: event.Opened, Who: "x"})}, says{Failed, "", `no line was decided`}},
	} {
		t.Run(name, func(t *testing.T) { tc.check(t, program(t, tc.args...)) })
	}
	says{Done, "", ""}.check(t, program(t, "sample", "record", dir, "--out", file))
	says{Failed, "", `mine.yaml: file exists\nescort: hint: `}.check(t, program(t, "sample", "record", dir, "--out", file))
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := sample.Parse(file, text); err != nil || s.Steps[0].Output != "notes\n" || s.Ticket != "CHG-1" || s.Home != "/srv/x" {
		t.Errorf("%+v, %v", s, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	out, _, code := run(t, program(t, "sample", "check", file))
	if code != Failed || strings.Count(out, "is still to be written") != 4 {
		t.Errorf("code %d:\n%s", code, out)
	}
}
