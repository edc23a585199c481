package screen

import (
	"fmt"
	"strings"
	"testing"
)

// A line keeps its place wherever it goes.
func TestPlace(t *testing.T) {
	s := New(20, 5, 50)
	write := func(text string) { _, _ = s.Write([]byte(text)) }
	write("$ one\r\n")
	write("$ two")
	place := s.Place()
	find := func(when string) {
		t.Helper()
		back, kept := s.Back(place)
		var sn Snapshot
		s.Snapshot(&sn, back)
		if text := strings.Join(sn.Lines(), "\n"); !kept || !strings.Contains(text, "$ two") || back > 0 && !strings.HasPrefix(text, "$ two") {
			t.Errorf("%s: %d lines back, kept %v:\n%s", when, back, kept, text)
		}
	}
	find("where it was written")
	write("\r\n" + strings.Repeat("x\r\n", 20))
	find("in the scrollback")
	s.Resize(20, 9)
	find("in a higher screen")
	s.Resize(20, 3)
	find("in a lower screen")
	write("\x1b[2J\x1b[Hy")
	find("after the screen was cleared")
	write("\x1b[?1049h\x1b[5;1Hfull screen")
	find("below a full-screen program")
	write("\x1b[?1049l")
	for i := range 60 {
		write(fmt.Sprintf("\r\n%d", i))
	}
	if back, kept := s.Back(place); kept || back != 50 {
		t.Errorf("lost by the scrollback: %d lines back, kept %v", back, kept)
	}
}

func TestPlaceOfAHoldInAFullScreenProgram(t *testing.T) {
	s := New(20, 5, 50)
	_, _ = s.Write([]byte("$ vi x\r\n\x1b[?1049h\x1b[4;1H:!rm"))
	place := s.Place()
	_, _ = s.Write([]byte("\x1b[?1049l" + strings.Repeat("x\r\n", 20)))
	back, _ := s.Back(place)
	var sn Snapshot
	s.Snapshot(&sn, back+1)
	if got := sn.Lines()[0]; got != "$ vi x" {
		t.Errorf("it stands below %q", got)
	}
}
