package sample

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"escort/explain"
	"escort/explain/effect"
	"escort/session/event"
)

func TestADraftPlaysAndSaysWhatIsLeft(t *testing.T) {
	began := time.Date(2026, 11, 24, 9, 30, 10, 0, time.Local)
	script := effect.Script{Path: "/home/ravi/fix.sh", Owner: "ravi", Text: "#!/bin/sh\nls\n", ModTime: began.Add(-3 * time.Hour)}
	list := []Seen{
		{Line: "ls -l", Verdict: event.Allow, Output: "total 8\r\n-rw fix.sh\r\n", Explanation: &effect.Explanation{
			Plan: effect.Plan{Starts: []effect.Start{{Path: "/usr/bin/ls"}, {Path: "/home/ravi/bin/x"}, {Path: "/usr/sbin/[odd]"}}},
		}},
		{Line: `echo "a: b" # <&>`, Verdict: event.Allow, Output: "  a: b\r\n\x01\n"},
		{Line: "./fix.sh", Verdict: event.Deny, Reason: "not in the ticket", Answer: "it is: harmless", Explanation: &effect.Explanation{Scripts: []effect.Script{script, script}}},
		{Line: "for i in 1 2\ndo\nls\ndone", Verdict: event.Allow, Status: 2, Output: strings.Repeat("line\n", 100)},
	}
	var b bytes.Buffer
	if err := WriteDraft(&b, "prod-db-2", "ravi", "", began, list); err != nil {
		t.Fatal(err)
	}
	s, err := Parse("draft.yaml", b.Bytes())
	if err != nil {
		t.Fatalf("%v:\n%s", err, b.String())
	}
	if s.Host != "prod-db-2" || s.Engineer != "ravi@vendor" || !s.Start().Equal(began.Truncate(time.Minute)) || len(s.Steps) != 4 || len(s.Files) != 1 {
		t.Errorf("%+v", s)
	}
	if got := strings.Join(s.Programs, " "); got != "ls" {
		t.Errorf("programs %q", got)
	}
	if f := s.Files[0]; f.Text != script.Text || f.Age != Age(3*time.Hour) || f.Mode != 0o755 {
		t.Errorf("file %+v", f)
	}
	for i, want := range []string{"total 8\n-rw fix.sh\n", "  a: b\n\x01\n", "", strings.Repeat("line\n", draftLines) + "…\n"} {
		if s.Steps[i].Output != want {
			t.Errorf("step %d prints %q", i+1, s.Steps[i].Output)
		}
	}
	if st := s.Steps[3]; st.Line != "for i in 1 2; do; ls; done" || st.Status != 2 {
		t.Errorf("step %+v", st)
	}
	if st := s.Steps[2]; st.Right != event.Deny || st.Answer != "it is: harmless" || !strings.Contains(st.Because, "not in the ticket") {
		t.Errorf("step %+v", st)
	}
	left := map[string]int{}
	for _, p := range Check(t.Context(), s, explain.Explain) {
		left[p.Text]++
	}
	if left["title is still to be written"] != 1 || left["ticket is still to be written"] != 1 || left["because is still to be written"] != 4 || left["debrief is still to be written"] != 1 {
		t.Errorf("left to do: %v", left)
	}
}
