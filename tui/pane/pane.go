// Package pane shows the supervised terminal: the emulator's cells in a
// rectangle that may be smaller than the emulator. Where a line is longer than
// the rectangle it is folded, so that nothing is hidden; full-screen programs
// (the alternate screen) are cropped around the cursor instead, since folding
// would tear their layout. It also turns keys into what the program expects.
//
// Cells are drawn only as screen.Snapshot.Safe gives them out.
package pane

import (
	"slices"
	"strconv"
	"strings"

	"escort/session/screen"
	"escort/tui/theme"
)

// Pane is the view on one emulator.
type Pane struct {
	scr    *screen.Screen
	snap   screen.Snapshot
	offset int // lines back into the scrollback
	bare   bool
	has    theme.Glyphs
	rows   []piece // as they were drawn last
	pinned bool    // the first row of what is scrolled back to is the first that is drawn
	part   bool    // of a full-screen program only a part was drawn
	last   picture
}

// picture is what View answered, and to what.
type picture struct {
	gen    uint64 // of the emulator
	offset int
	w, h   int
	pinned bool
	rows   []string // nil: nothing was drawn yet
	cur    Cursor
}

// New makes a view. bare: no attributes, for terminals that know none; has: the
// characters that the terminal has.
func New(s *screen.Screen, bare bool, has theme.Glyphs) *Pane {
	return &Pane{scr: s, bare: bare, has: has}
}

// Scroll moves the view n lines back into the scrollback, forward if negative.
func (p *Pane) Scroll(n int) { p.offset = max(p.offset+n, 0) }

// Bottom returns to what is there now.
func (p *Pane) Bottom() { p.offset, p.pinned = 0, false }

// Show scrolls back so that the line n lines above the screen is the first that
// is drawn.
func (p *Pane) Show(n int) { p.offset, p.pinned = n, n > 0 }

// Offset is how many lines back the view is, after the last View.
func (p *Pane) Offset() int { return p.offset }

// Modes is the emulator's modes as of now.
func (p *Pane) Modes() screen.Modes {
	p.scr.Snapshot(&p.snap, p.offset)
	return p.snap.Modes
}

// Drawn is the emulator's modes as of the last View.
func (p *Pane) Drawn() screen.Modes { return p.snap.Modes }

// Search scrolls back to the next older line that holds text; false if there
// is none.
func (p *Pane) Search(text string) bool {
	p.scr.Snapshot(&p.snap, p.offset)
	for o := p.offset + 1; o <= p.snap.ScrollbackLen; o++ {
		p.scr.Snapshot(&p.snap, o)
		if strings.Contains(strings.ToLower(rowText(&p.snap, 0)), strings.ToLower(text)) {
			p.Show(o)
			return true
		}
	}
	return false
}

func rowText(sn *screen.Snapshot, y int) string {
	var b strings.Builder
	for _, c := range sn.Row(y) {
		t, _, _, _ := sn.Safe(c)
		b.WriteString(t)
	}
	return b.String()
}

// Cursor is where the program's cursor stands in a view.
type Cursor struct {
	X, Y  int
	Shown bool
	Shape screen.CursorShape
}

// View draws w×h cells; each row is exactly w cells wide. While nothing changes
// it costs a copy of the cells.
func (p *Pane) View(w, h int) ([]string, Cursor) {
	p.scr.Snapshot(&p.snap, p.offset)
	p.offset = p.snap.Offset
	now := picture{gen: p.snap.Gen, offset: p.offset, w: w, h: h, pinned: p.pinned}
	if !now.like(p.last) {
		now.rows, now.cur = p.paint(w, h)
		p.last = now
	}
	return slices.Clone(p.last.rows), p.last.cur
}

// like reports whether the same is to be seen.
func (a picture) like(b picture) bool {
	return a.gen == b.gen && a.offset == b.offset && a.w == b.w && a.h == b.h && a.pinned == b.pinned && b.rows != nil
}

func (p *Pane) paint(w, h int) ([]string, Cursor) {
	sn := &p.snap
	rows, cur := fold(sn, w)
	p.part = sn.Alt && (sn.Cols > w || sn.Rows > h)
	top := window(len(rows), h, cur.Y)
	if p.offset > 0 || lastUsed(sn, rows) < h {
		top = min(top, max(cur.Y-h+1, 0))
	}
	if p.pinned && p.offset > 0 {
		top = 0
	}
	p.rows = rows[min(top, len(rows)):min(top+h, len(rows))]
	out := make([]string, h)
	for y := range out {
		if y < len(p.rows) {
			out[y] = p.draw(p.rows[y].cells, w)
		} else {
			out[y] = strings.Repeat(" ", w)
		}
	}
	cur.Y -= top
	cur.Shown = sn.CursorVisible && cur.Y >= 0 && cur.Y < h
	cur.Shape = sn.CursorShape
	return out, cur
}

// Part reports whether the last View left out some of a full-screen program,
// which is not folded.
func (p *Pane) Part() bool { return p.part }

// At is the emulator's cell that the last View drew at x, y; false where it
// drew none.
func (p *Pane) At(x, y int) (col, row int, ok bool) {
	if y < 0 || y >= len(p.rows) || x < 0 || x >= len(p.rows[y].cells) {
		return 0, 0, false
	}
	return p.rows[y].x + x, p.rows[y].y, true
}

// piece is one drawn row: cells of one emulator row, from its cell x on.
type piece struct {
	cells []screen.Cell
	x, y  int
}

// fold cuts the rows to the width. Of the alternate screen the columns around
// the cursor are kept; other rows are broken into several.
func fold(sn *screen.Snapshot, w int) ([]piece, Cursor) {
	var rows []piece
	cur := Cursor{X: sn.CursorX}
	left := 0
	if sn.Alt && sn.CursorX >= w {
		left = sn.CursorX - w + 1
	}
	for y := range sn.Rows {
		cells := sn.Row(y)
		if sn.Alt || len(cells) <= w {
			if y == sn.CursorY {
				cur.X, cur.Y = sn.CursorX-left, len(rows)
			}
			rows = append(rows, piece{cells[min(left, len(cells)):min(left+w, len(cells))], left, y})
			continue
		}
		used := trimmed(sn, cells)
		if y == sn.CursorY {
			used = max(used, sn.CursorX+1)
			cur.X, cur.Y = sn.CursorX%w, len(rows)+sn.CursorX/w
		}
		for x := 0; x == 0 || x < used; x += w {
			rows = append(rows, piece{cells[x:min(x+w, len(cells))], x, y})
		}
	}
	return rows, cur
}

// trimmed is the length of the row without the blanks at its end.
func trimmed(sn *screen.Snapshot, cells []screen.Cell) int {
	n := len(cells)
	for n > 0 {
		t, _, bg, attr := sn.Safe(cells[n-1])
		if t != " " || !bg.IsDefault() || attr != 0 {
			break
		}
		n--
	}
	return n
}

// lastUsed is the number of rows up to the last that shows something.
func lastUsed(sn *screen.Snapshot, rows []piece) int {
	n := len(rows)
	for n > 0 && trimmed(sn, rows[n-1].cells) == 0 {
		n--
	}
	return n
}

// window is the first of n rows to show in h so that row y is seen, with as
// much of what stands above it as fits.
func window(n, h, y int) int {
	if n <= h {
		return 0
	}
	return min(max(y-h+1, 0), n-h)
}

// draw makes a row of the cells, in runs of one style.
func (p *Pane) draw(cells []screen.Cell, w int) string {
	var b strings.Builder
	style, used := "", 0
	for i, c := range cells {
		text, fg, bg, attr := p.snap.Safe(c)
		cw := c.Width()
		if cw == 0 {
			if i == 0 { // the fold took the left half away
				text, cw = " ", 1
			} else {
				continue
			}
		}
		if used+cw > w {
			break
		}
		if s := p.sgr(fg, bg, attr); s != style {
			if style != "" {
				b.WriteString("\x1b[m")
			}
			if s != "" {
				b.WriteString("\x1b[" + s + "m")
			}
			style = s
		}
		b.WriteString(p.has.Text(text, false))
		used += cw
	}
	if style != "" {
		b.WriteString("\x1b[m")
	}
	b.WriteString(strings.Repeat(" ", w-used))
	return b.String()
}

var attrs = []struct {
	attr screen.Attr
	sgr  string
}{{screen.Bold, ";1"}, {screen.Faint, ";2"}, {screen.Italic, ";3"}, {screen.Reverse, ";7"}, {screen.Strike, ";9"}}

// sgr is the parameters that give a cell its look; empty for the default.
func (p *Pane) sgr(fg, bg screen.Color, attr screen.Attr) string {
	if p.bare || fg.IsDefault() && bg.IsDefault() && attr == 0 {
		return ""
	}
	s := ""
	for _, a := range attrs {
		if attr.Has(a.attr) {
			s += a.sgr
		}
	}
	if attr.Underline() != screen.NoUnderline {
		s += ";4"
	}
	s += colour(fg, 38) + colour(bg, 48)
	return strings.TrimPrefix(s, ";")
}

func colour(c screen.Color, base int) string {
	if i, ok := c.Index(); ok {
		return ";" + strconv.Itoa(base) + ";5;" + strconv.Itoa(int(i))
	}
	if r, g, b, ok := c.RGB(); ok {
		return ";" + strconv.Itoa(base) + ";2;" + strconv.Itoa(int(r)) + ";" + strconv.Itoa(int(g)) + ";" + strconv.Itoa(int(b))
	}
	return ""
}
