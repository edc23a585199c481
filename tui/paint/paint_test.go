package paint

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"escort/session/screen"
)

// outer is the escort's terminal.
type outer struct {
	scr *screen.Screen

	mu     sync.Mutex
	all    bytes.Buffer
	writes int
}

func (o *outer) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.all.Write(p)
	o.writes++
	_, err := o.scr.Write(p)
	return len(p), err
}

func (o *outer) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.writes
}

func (o *outer) shows(t *testing.T, what string) {
	t.Helper()
	deadline, tick := time.After(10*time.Second), time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !strings.Contains(strings.Join(o.scr.Text(), "\n"), what) {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%q is not shown: %q", what, o.scr.Text())
		}
	}
}

func newOuter(cols, rows int) (*outer, *Painter) {
	o := &outer{scr: screen.New(cols, rows, 0)}
	return o, New(o, cols, rows, Options{Env: []string{"TERM=xterm-256color"}, FPS: 60})
}

func view(rows ...string) tea.View {
	v := tea.View{AltScreen: true, WindowTitle: "escort"}
	v.SetContent(strings.Join(rows, "\n"))
	return v
}

// A burst becomes few pictures, the last of which is the last view; what is as
// it was becomes none.
func TestPicturesAreFew(t *testing.T) {
	o, p := newOuter(20, 4)
	defer p.Close()
	p.Show(view("first"))
	o.shows(t, "first")
	before, begun := o.count(), time.Now()
	for i := range 5000 {
		p.Show(view(fmt.Sprint("n", i), "x", "y"))
	}
	o.shows(t, "n4999")
	most := int(time.Since(begun)/(time.Second/60)) + 2
	if n := o.count() - before; n > most {
		t.Errorf("%d pictures of 5000 views, want at most %d", n, most)
	}
	n := o.count()
	p.Show(view("n4999", "x", "y"))
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.wait || o.count() != n {
		t.Error("the same view is drawn again")
	}
}

// Whatever stands in a row, only looks get to the terminal.
func TestOnlyLooksPass(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "": "", "漢é": "漢é", "\x1b[1;38;2;1;2;3mred\x1b[m": "\x1b[1;38;2;1;2;3mred\x1b[m",
		"a\x1b]0;x\x07b": "a]0;xb", "\x1b[2Jx": "[2Jx", "\x1b[31": "[31", "\x1b[?25l": "[?25l", "\u009b31mx": "31mx", "\xff\xfe": "", "x\x7f\ry": "xy",
		"\x1b\x1b[1mx\x1b": "\x1b[1mx", "�": "�", "\x1b[1m\x1bPq\x1b\\": "\x1b[1mPq\\",
	} {
		if got := looksOnly(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	o, p := newOuter(40, 3)
	p.Show(view("a\x1b]52;c;eA==\x07\x1b[2J\x1b[9;9H\x1bcend"))
	o.shows(t, "end")
	p.Close()
	for _, bad := range []string{"\x1b]52", "\x1b[2J\x1b[9;9H", "\x1bc"} {
		if strings.Contains(o.all.String(), bad) {
			t.Errorf("the output holds %q", bad)
		}
	}
}

// Rows change alone, a resize and somebody else's writing bring all back, the
// cursor stands where it is put.
func TestDrawing(t *testing.T) {
	o, p := newOuter(20, 4)
	p.Show(view("one", "two", "three"))
	o.shows(t, "three")
	v := view("one", "2", "three")
	v.Cursor = tea.NewCursor(2, 1)
	p.Show(v)
	o.shows(t, "one\n2\nthree")
	var sn screen.Snapshot
	if o.scr.Snapshot(&sn, 0); !sn.CursorVisible || sn.CursorX != 2 || sn.CursorY != 1 {
		t.Errorf("the cursor is at %d,%d, shown %v", sn.CursorX, sn.CursorY, sn.CursorVisible)
	}
	_, _ = o.scr.Write([]byte("\x1b[H\x1b[2J"))
	p.Again()
	o.shows(t, "one\n2\nthree")
	o.scr.Resize(10, 3)
	p.Resize(10, 3)
	v = view("small")
	v.MouseMode = tea.MouseModeCellMotion
	p.Show(v)
	o.shows(t, "small\n\n")
	p.Close()
	n := o.count()
	p.Show(view("late"))
	p.Again()
	p.Close()
	if o.count() != n {
		t.Error("something is drawn after the end")
	}
	for on, off := range map[string]string{
		"\x1b[?1049h": "\x1b[?1049l", "\x1b[?25l": "\x1b[?25h", "\x1b[?2004h": "\x1b[?2004l", "\x1b[?1002h": "\x1b[?1002l", "\x1b[>4;2m": "\x1b[>4m",
		"\x1b[>1u": "\x1b[<1u", "\x1b]2;escort\x07": "\x1b]2;\x07",
	} {
		all := o.all.String()
		if a, z := strings.LastIndex(all, on), strings.LastIndex(all, off); a < 0 || z < a {
			t.Errorf("%q at %d is not taken back by %q at %d: %q", on, a, off, z, all)
		}
	}
}

// BenchmarkIdle is what a clock's tick costs: one row of forty changes.
func BenchmarkIdle(b *testing.B) {
	p := New(&outer{scr: screen.New(120, 40, 0)}, 120, 40, Options{Env: []string{"TERM=xterm-256color"}, FPS: 60})
	defer p.Close()
	rows := make([]string, 40)
	for i := range rows {
		rows[i] = strings.Repeat("\x1b[1mtext\x1b[m ", 24)
	}
	for i := 0; b.Loop(); i++ {
		rows[0] = fmt.Sprint("clock ", i)
		p.mu.Lock()
		p.next = view(rows...)
		p.mu.Unlock()
		p.draw()
	}
}
