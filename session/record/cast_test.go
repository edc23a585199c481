package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"escort/session/event"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"
)

// play reads a cast by the rules of asciicast v2 and returns what each code
// carried, in order.
func play(t *testing.T, path string) (header castHeader, codes map[string][]string) {
	t.Helper()
	all := lines(t, path)
	if err := json.Unmarshal([]byte(all[0]), &header); err != nil {
		t.Fatal(err)
	}
	codes = map[string][]string{}
	last := 0.0
	for _, line := range all[1:] {
		var row []any
		if err := json.Unmarshal([]byte(line), &row); err != nil || len(row) != 3 {
			t.Fatalf("%s: %v", line, err)
		}
		at, ok := row[0].(float64)
		if !ok || at < last {
			t.Errorf("time goes back: %s", line)
		}
		last = at
		code, _ := row[1].(string)
		text, _ := row[2].(string)
		codes[code] = append(codes[code], text)
	}
	return header, codes
}

func TestCast(t *testing.T) {
	dir := recorded(t, script())
	path := filepath.Join(dir, CastFile)
	header, codes := play(t, path)
	wantHeader := castHeader{
		Version: 2, Width: 120, Height: 40, Timestamp: began.Unix(), Title: "prod-db-2 · ravi · INC-4211",
		Env: map[string]string{"TERM": "xterm-256color", "SHELL": "/bin/bash"},
	}
	if d := cmp.Diff(wantHeader, header); d != "" {
		t.Error(d)
	}
	want := map[string][]string{
		"o": {"$ ", "gone\r\n"},
		"r": {"100x30"},
		"m": {"held 1: high · Deletes sub.", "allow 1"},
	}
	if d := cmp.Diff(want, codes); d != "" {
		t.Error(d)
	}
	player, err := exec.LookPath("asciinema")
	if err != nil {
		t.Skip("asciinema is not installed")
	}
	var got, trouble bytes.Buffer
	cat := exec.Command(player, "cat", path)
	cat.Stdout, cat.Stderr = &got, &trouble
	tty, err := pty.Start(cat) // it wants a terminal to control
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	if err := cat.Wait(); err != nil || got.String() != "$ gone\r\n" {
		t.Errorf("asciinema cat: %q, %v, %s", got.String(), err, trouble.String())
	}
}

func TestCastKeepsCharactersWhole(t *testing.T) {
	for name, tc := range map[string]struct {
		chunks []string
		want   string
	}{
		"split in two":      {[]string{"a\xe2\x82", "\xacb"}, "a€b"},
		"split in four":     {[]string{"\xf0", "\x9f", "\x98", "\x80"}, "😀"},
		"never ended":       {[]string{"a\xe2\x82"}, "a\ufffd\ufffd"},
		"broken off":        {[]string{"\xe2\x82", "b"}, "\ufffd\ufffdb"},
		"lone continuation": {[]string{"\x80", "b"}, "\ufffdb"},
		"latin-1":           {[]string{"caf\xe9", "!"}, "caf\ufffd!"},
		"impossible byte":   {[]string{"\xff", "\xc0"}, "\ufffd\ufffd"},
		"controls":          {[]string{"\x1b[31m\x00\x7f<&>\u2028"}, "\x1b[31m\x00\x7f<&>\u2028"},
	} {
		t.Run(name, func(t *testing.T) {
			var events []event.Event
			for _, c := range tc.chunks {
				events = append(events, event.Event{Kind: event.Output, Data: []byte(c)},
					event.Event{Kind: event.Held, Hold: "1"})
			}
			_, codes := play(t, filepath.Join(recorded(t, events), CastFile))
			if got := strings.Join(codes["o"], ""); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestCastLimit(t *testing.T) {
	var events []event.Event
	for range 50 {
		events = append(events, event.Event{Kind: event.Output, Data: []byte("0123456789")})
	}
	events = append(events, event.Event{Kind: event.Held, Hold: "1"}, event.Event{Kind: event.Closed})
	dir := recorded(t, events, CastLimit(1000))
	_, codes := play(t, filepath.Join(dir, CastFile))
	kept := len(strings.Join(codes["o"], ""))
	if kept == 0 || kept >= 500 {
		t.Fatalf("kept %d bytes of 500", kept)
	}
	cut := 500 - kept
	want := fmt.Sprintf("output cut: %d bytes, sha256 %s", cut, hexSum(strings.Repeat("0123456789", cut/10)))
	if d := cmp.Diff([]string{"held 1", want}, codes["m"]); d != "" {
		t.Error(d)
	}
	ledger := lines(t, filepath.Join(dir, LedgerFile))
	if last := ledger[len(ledger)-1]; !strings.Contains(last, fmt.Sprintf(`"cut":%d}`, cut)) {
		t.Errorf("the ledger does not say what was cut: %s", last)
	}
	if rep, err := Verify(dir); err != nil || !rep.Whole() {
		t.Errorf("Verify = %+v, %v", rep, err)
	}
}

func TestCastTimeNeverFalls(t *testing.T) {
	events := []event.Event{
		{Kind: event.Output, Data: []byte("a"), Time: began.Add(5 * time.Second)},
		{Kind: event.Output, Data: []byte("b"), Time: began.Add(-time.Hour)},
	}
	play(t, filepath.Join(recorded(t, events), CastFile)) // reports a time that goes back
}

func TestCastMarkersAreOneVisibleLine(t *testing.T) {
	bad := event.Event{Kind: event.Held, Hold: "1", Explanation: explained("a\x1b]0;x\a\nb\u202ec")}
	_, codes := play(t, filepath.Join(recorded(t, []event.Event{bad}), CastFile))
	if d := cmp.Diff([]string{"held 1: high · a\ufffd]0;x\ufffd\ufffdb\ufffdc"}, codes["m"]); d != "" {
		t.Error(d)
	}
}
