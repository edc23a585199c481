package shot

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestCast(t *testing.T) {
	begun := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	var b bytes.Buffer
	c, err := NewCast(&b, 20, 2, "a <title>", begun)
	if err != nil {
		t.Fatal(err)
	}
	for i, rows := range [][]string{{"one", "two"}, {"one", "two"}, {"one", "\x1b[1mthree\x1b[m"}} {
		if err := c.Show(begun.Add(time.Duration(i)*1500*time.Millisecond), rows); err != nil {
			t.Fatal(err)
		}
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[0], `{"version":2,"width":20,"height":2,"timestamp":1795510800,"title":"a <title>"`) {
		t.Fatalf("%q", lines)
	}
	for i, want := range []string{"\x1b[?25l\x1b[2J\x1b[1;1Hone\x1b[2;1Htwo", "\x1b[2;1H\x1b[1mthree\x1b[m"} {
		var got []any
		if err := json.Unmarshal([]byte(lines[i+1]), &got); err != nil || got[2] != want || got[0] != float64(i*3) {
			t.Errorf("picture %d is %q, %v", i, got, err)
		}
	}
}
