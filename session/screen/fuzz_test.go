package screen

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// FuzzWrite feeds arbitrary bytes in two ways, at once and in pieces with the
// same result, then with resizes in between. Sizes are taken from the input.
func FuzzWrite(f *testing.F) {
	for _, in := range hostile {
		f.Add([]byte(in), uint8(7))
	}
	f.Add([]byte("\x1b[?1049h\x1b[2;3r漢\x1b[Sé\x1b[?1049l"), uint8(3))
	f.Add([]byte("\x1b#8\x1b[2J\x1b#8\x1b[1;1H\x1b[99L\x1b[?7l漢漢漢"), uint8(1))
	f.Fuzz(func(t *testing.T, in []byte, cut uint8) {
		cols, rows := int(cut)%17+1, int(cut)%5+1
		whole, pieces := New(cols, rows, 20), New(cols, rows, 20)
		whole.Write(in)
		if d := quickest(cols, rows, in); d > 100*time.Millisecond {
			t.Errorf("%d bytes took %v", len(in), d)
		}
		step := int(cut)%7 + 1
		for p := in; len(p) > 0; p = p[min(step, len(p)):] {
			pieces.Write(p[:min(step, len(p))])
		}
		if diff := cmp.Diff(whole.Text(), pieces.Text()); diff != "" {
			t.Errorf("cut into pieces of %d (-whole +pieces):\n%s", step, diff)
		}
		check(t, whole)
		for i, b := range in {
			if i > 200 {
				break
			}
			whole.Resize(int(b)%23, int(b>>3)%9)
			whole.Write(in[i:min(i+8, len(in))])
			check(t, whole)
		}
	})
}

// quickest is the least time that new screens need for in. One slow run says
// that the machine is busy, only five in a row that the input is slow.
func quickest(cols, rows int, in []byte) time.Duration {
	least := time.Hour
	for range 5 {
		s, start := New(cols, rows, 20), time.Now()
		s.Write(in)
		if least = min(least, time.Since(start)); least <= 100*time.Millisecond {
			break
		}
	}
	return least
}

// check holds a screen to what must be true at any time.
func check(t *testing.T, s *Screen) {
	t.Helper()
	if s.c.x < 0 || s.c.x >= s.cols || s.c.y < 0 || s.c.y >= s.rows || s.line != s.cur.rows[s.c.y] {
		t.Fatalf("cursor %d,%d on %d×%d", s.c.x, s.c.y, s.cols, s.rows)
	}
	if s.top < 0 || s.bot >= s.rows || s.top > s.bot {
		t.Fatalf("region %d to %d of %d", s.top, s.bot, s.rows)
	}
	for _, b := range []*buffer{s.main, s.alt} {
		if len(b.rows) != s.rows {
			t.Fatalf("%d rows, want %d", len(b.rows), s.rows)
		}
		seen := map[*row]bool{}
		for _, r := range b.rows {
			if len(r.cells) < s.cols || r.used > len(r.cells) || seen[r] {
				t.Fatalf("row of %d cells, %d used, twice %v", len(r.cells), r.used, seen[r])
			}
			seen[r] = true
			checkRow(t, r)
		}
		for i := range b.hist.len() {
			if seen[b.hist.at(i)] {
				t.Fatal("a row is on the screen and in the scrollback")
			}
			checkRow(t, b.hist.at(i))
		}
	}
	var sn Snapshot
	s.Snapshot(&sn, 3)
	if len(sn.Cells) != sn.Cols*sn.Rows || sn.CursorY < 0 || sn.CursorY >= sn.Rows {
		t.Fatalf("%d cells for %d×%d, cursor row %d", len(sn.Cells), sn.Cols, sn.Rows, sn.CursorY)
	}
	for i, c := range sn.Cells {
		checkSafe(t, "", i, &sn, c)
	}
}

// checkRow checks that what a row says of its cells is so.
func checkRow(t *testing.T, r *row) {
	t.Helper()
	for x, c := range r.cells[:cap(r.cells)] {
		if x >= r.used && c != (Cell{}) {
			t.Fatalf("cell %d of %d is not blank", x, r.used)
		}
		if x >= len(r.cells) {
			continue
		}
		if int(c.mark) > len(r.marks) {
			t.Fatalf("mark %d of %d", c.mark, len(r.marks))
		}
		lead := x > 0 && r.cells[x-1].attr&wideLead != 0
		if tail := c.attr&wideTail != 0; tail != lead {
			t.Fatalf("cell %d: right half %v after left half %v", x, tail, lead)
		}
	}
}
