package session

import "testing"

func TestTrackAltScreen(t *testing.T) {
	for _, c := range []struct {
		in        string
		was, want bool
	}{
		{"plain", false, false},
		{"plain", true, true},
		{"", true, true},
		{"a\x1b[?1049hb", false, true},
		{"a\x1b[?1049lb", true, false},
		{"\x1b[?1049h\x1b[?1049l", false, false},
		{"\x1b[?47l\x1b[?47h", true, true},
		{"\x1b[31mred\x1b[m", true, true},
		{"\x1bc", true, false},
		{"\x1b[?1047h", false, true},
		{"\x1b[?104", false, false},
		{"\x1b", true, true},
	} {
		if got := trackAltScreen([]byte(c.in), c.was); got != c.want {
			t.Errorf("%q after %v: %v", c.in, c.was, got)
		}
	}
}
