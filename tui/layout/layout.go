// Package layout says where things stand on the screen: pure functions from
// the window's size to rectangles.
//
// The supervised terminal keeps one size at a given window size, hold or no
// hold. A resize at each hold would send SIGWINCH to the program inside, make
// the shell redraw its prompt and full-screen programs repaint, just while
// somebody tries to read. So the program has the room that it has when nothing
// is held, and a card takes its room from what is *drawn* of it:
//
//   - Roomy (the left pane has 80 columns beside the side panel): the side
//     panel stands always, with the decisions while nothing is held.
//   - Wide (from 100 columns): the card covers the right part; the pane folds
//     lines that are longer than what is left, so that nothing is hidden.
//   - Tall (below 100 columns): the card covers the lower part; the pane shows
//     the rows around the cursor.
package layout

// The smallest window in which a hold can be judged.
const (
	MinCols = 40
	MinRows = 12
)

// Rect is a part of the screen, frame included.
type Rect struct{ X, Y, W, H int }

// Empty reports whether there is nothing to draw on.
func (r Rect) Empty() bool { return r.W <= 0 || r.H <= 0 }

// Layout is where things stand.
type Layout struct {
	Small      bool // too small to judge anything
	Boxed      bool // panes have frames on all sides; else a title line each
	Header     Rect
	Term       Rect
	Side       Rect // card, overlays, decisions; empty: not shown
	Strip      Rect // decisions below the terminal; empty: not shown
	Footer     Rect
	Cols, Rows int // size of the supervised terminal, the same with or without a side
}

// For lays out a window. side: something is to be shown beside the terminal.
// notes: lines of warnings in the header.
func For(w, h int, side bool, notes int) Layout {
	if w < MinCols || h < MinRows {
		return Layout{Small: true, Cols: max(w, 1), Rows: max(h-2, 1)}
	}
	head := 1
	if h >= 20 {
		head += notes
	}
	l := Layout{Header: Rect{0, 0, w, head}, Footer: Rect{0, h - 1, w, 1}}
	body := Rect{0, head, w, h - head - 1}
	if w < 100 {
		return l.tall(body, side)
	}
	return l.wide(body, side)
}

func (l Layout) tall(b Rect, side bool) Layout {
	l.Cols, l.Rows = b.W, b.H-1
	l.Term = b
	if side {
		l.Term.H = 1 + max(2, min((b.H-2)*2/5, b.H-8))
		if b.H >= 20 {
			l.Term.H = max(l.Term.H, 9)
		}
		l.Side = Rect{0, b.Y + l.Term.H, b.W, b.H - l.Term.H}
	}
	return l
}

func (l Layout) wide(b Rect, side bool) Layout {
	l.Boxed = true
	panel := min(max(b.W*46/100, 46), 64)
	roomy := b.W-panel-2 >= 80
	l.Term = b
	switch {
	case roomy:
		l.Term.W = b.W - panel
		l.Side = Rect{l.Term.W, b.Y, panel, b.H}
	case b.H >= 26:
		l.Strip = Rect{0, b.Y + b.H - 6, b.W, 6}
		l.Term.H -= l.Strip.H
	}
	l.Cols, l.Rows = l.Term.W-2, l.Term.H-2
	if side && !roomy {
		l.Side = Rect{b.W - panel, b.Y, panel, b.H}
		l.Term.W -= panel
		l.Strip.W = max(l.Strip.W-panel, 0)
	}
	return l
}
