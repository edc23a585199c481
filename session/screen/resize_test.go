package screen

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// numbered is n lines of text, the last one without a line end.
func numbered(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		if i > 1 {
			b.WriteString("\r\n")
		}
		fmt.Fprintf(&b, "line %d", i)
	}
	return b.String()
}

func TestResizeLosesNothing(t *testing.T) {
	tests := []struct{ name, in string }{
		{"half full", numbered(5)},
		{"full", numbered(10)},
		{"scrolled", numbered(30)},
		{"text below the cursor", numbered(10) + "\x1b[3;2H"},
		{"cursor on the first row", numbered(10) + "\x1b[H"},
		{"wide at the new edge", "\x1b[1;8H漢x\x1b[5;1H"},
	}
	sizes := [][2]int{{20, 4}, {20, 1}, {8, 10}, {8, 3}, {40, 25}, {1, 1}}
	for _, tt := range tests {
		for _, size := range sizes {
			s := New(20, 10, 100)
			s.Write([]byte(tt.in))
			var before, after Snapshot
			s.Snapshot(&before, 0)
			s.Resize(size[0], size[1])
			s.Resize(20, 10)
			s.Snapshot(&after, 0)
			if diff := cmp.Diff(before.Lines(), after.Lines()); diff != "" {
				t.Errorf("%s over %v (-before +after):\n%s", tt.name, size, diff)
			}
			if size[0] >= 20 && (before.CursorX != after.CursorX || before.CursorY != after.CursorY) {
				t.Errorf("%s over %v: cursor %d,%d became %d,%d", tt.name, size,
					before.CursorX, before.CursorY, after.CursorX, after.CursorY)
			}
		}
	}
}

func TestResizeShows(t *testing.T) {
	s := New(20, 4, 100)
	s.Write([]byte(numbered(6)))
	s.Resize(6, 2)
	if diff := cmp.Diff(lines("line 5", "line 6"), s.Text()); diff != "" {
		t.Errorf("shrunk (-want +got):\n%s", diff)
	}
	s.Resize(20, 5)
	if diff := cmp.Diff(lines("line 2", "line 3", "line 4", "line 5", "line 6"), s.Text()); diff != "" {
		t.Errorf("grown (-want +got):\n%s", diff)
	}
	s.Resize(6, 5)
	s.Write([]byte("\r\x1b[Kx"))
	s.Resize(20, 5)
	if got := s.Text()[4]; got != "x" {
		t.Errorf("an erased line came back: %q", got)
	}
}

func TestResizeUnderAlternateScreen(t *testing.T) {
	s := New(20, 10, 100)
	s.Write([]byte(numbered(10) + "\x1b[?1049hvim"))
	s.Resize(20, 4)
	s.Resize(20, 10)
	s.Write([]byte("\x1b[?1049l"))
	want := strings.Split(numbered(10), "\r\n")
	if diff := cmp.Diff(want, s.Text()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestScrollback(t *testing.T) {
	s := New(20, 3, 5)
	s.Write([]byte(numbered(20)))
	tests := []struct {
		offset, clamped int
		want            []string
	}{
		{0, 0, lines("line 18", "line 19", "line 20")},
		{1, 1, lines("line 17", "line 18", "line 19")},
		{4, 4, lines("line 14", "line 15", "line 16")},
		{99, 5, lines("line 13", "line 14", "line 15")},
		{-1, 0, lines("line 18", "line 19", "line 20")},
	}
	var sn Snapshot
	for _, tt := range tests {
		s.Snapshot(&sn, tt.offset)
		if diff := cmp.Diff(tt.want, sn.Lines()); diff != "" {
			t.Errorf("offset %d (-want +got):\n%s", tt.offset, diff)
		}
		if sn.Offset != tt.clamped || sn.ScrollbackLen != 5 || sn.Pushed != 17 {
			t.Errorf("offset %d: Offset %d ScrollbackLen %d Pushed %d", tt.offset, sn.Offset, sn.ScrollbackLen, sn.Pushed)
		}
		if sn.CursorVisible != (sn.Offset == 0) {
			t.Errorf("offset %d: cursor visible is %v", tt.offset, sn.CursorVisible)
		}
	}
}

func TestProgramCannotEraseWhatWasSeen(t *testing.T) {
	for _, wipe := range []string{"\x1b[H\x1b[2J\x1b[3J", "\x1b[H\x1b[J", "\x1bc", "\x1b[2J\x1b[2J", "\x1b[2J" + strings.Repeat("\x1b[41m\x1b[2J", 200)} {
		s := New(20, 3, 100)
		s.Write([]byte(numbered(5) + wipe))
		var sn Snapshot
		s.Snapshot(&sn, 99)
		if diff := cmp.Diff(lines("line 1", "line 2", "line 3"), sn.Lines()); diff != "" {
			t.Errorf("%q, start of the scrollback (-want +got):\n%s", wipe, diff)
		}
		if sn.ScrollbackLen != 5 {
			t.Errorf("%q: %d lines in the scrollback, want 5", wipe, sn.ScrollbackLen)
		}
	}
}

func TestScrollbackKeepsColours(t *testing.T) {
	s := New(10, 1, 10)
	s.Write([]byte("\x1b[31mre\u0301d\x1b[44m\x1b[K\x1b[m\r\n漢\r\nlast"))
	var sn Snapshot
	s.Snapshot(&sn, 2)
	row := sn.Row(0)
	if got := sn.Text(row[1]); got != "e\u0301" || row[1].Fg() != Indexed(1) {
		t.Errorf("second cell is %q in %x", got, row[1].Fg())
	}
	if row[9].Bg() != Indexed(4) {
		t.Errorf("the coloured end of the line was trimmed: %x", row[9].Bg())
	}
	s.Snapshot(&sn, 1)
	if c := sn.Row(0)[0]; c.Width() != 2 || sn.Row(0)[1].Width() != 0 || sn.Text(c) != "漢" {
		t.Errorf("wide character became %q, %d wide", sn.Text(c), c.Width())
	}
}

func TestMarksAreBounded(t *testing.T) {
	s := New(10, 1, 10)
	for range 10000 {
		s.Write([]byte("\re\u0301"))
	}
	if n := len(s.line.marks); n > 2*10 {
		t.Errorf("%d clusters for 10 cells", n)
	}
	if got := s.Text()[0]; got != "e\u0301" {
		t.Errorf("row is %q", got)
	}
}
