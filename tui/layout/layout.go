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
//
// The split between the two can be moved, and one pane can fill the window
// (zoom). For the same reason neither changes the size of the session: what is
// drawn of it becomes more or less. The one exception is the roomy layout,
// where the panel stands always and a moved split is a wish for another width:
// there [Layout.Cols] follows it, down to 80 columns, and the console passes
// that on only while nothing is held. A zoomed pane that is larger than the
// session shows where the session ends.
package layout

// The smallest window in which a hold can be judged.
const (
	MinCols = 40
	MinRows = 12
)

// The least that a moved split leaves of each pane, frame included, and the
// columns below which it does not push a session.
const (
	leastTermCols = 40
	leastSideCols = 46
	leastTermRows = 3
	leastSideRows = 7
	programCols   = 80
)

// Rect is a part of the screen, frame included.
type Rect struct{ X, Y, W, H int }

// Empty reports whether there is nothing to draw on.
func (r Rect) Empty() bool { return r.W <= 0 || r.H <= 0 }

// Has reports whether the cell at x, y is in the rectangle.
func (r Rect) Has(x, y int) bool { return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H }

// Split is how far the border between the panes was moved from its usual
// place, in cells: to the right where they stand side by side, down where one
// is above the other.
type Split struct{ Cols, Rows int }

// Zoom says which panes are drawn.
type Zoom int

// The zooms.
const (
	Both Zoom = iota
	TermOnly
	SideOnly
)

// Wish is what a layout is asked for beside the size of the window.
type Wish struct {
	Side  bool // something is to be shown beside the terminal
	Notes int  // lines of warnings in the header
	Split Split
	Zoom  Zoom
}

// Layout is where things stand.
type Layout struct {
	Small      bool // too small to judge anything
	Boxed      bool // panes have frames on all sides; else a title line each
	Header     Rect
	Term       Rect // empty: not shown
	Side       Rect // card, overlays, decisions; empty: not shown
	Strip      Rect // decisions below the terminal; empty: not shown
	Border     Rect // where the split can be taken hold of; empty: there is none
	Footer     Rect
	Split      Split // the wished one, as far as there is room for it
	Cols, Rows int   // size of the supervised terminal
}

// For lays out a window.
func For(w, h int, wish Wish) Layout {
	if w < MinCols || h < MinRows {
		return Layout{Small: true, Split: wish.Split, Cols: max(w, 1), Rows: max(h-2, 1)}
	}
	head := 1
	if h >= 20 {
		head += wish.Notes
	}
	l := Layout{Header: Rect{0, 0, w, head}, Footer: Rect{0, h - 1, w, 1}, Split: wish.Split}
	body := Rect{0, head, w, h - head - 1}
	wish.Side = wish.Side && wish.Zoom != TermOnly
	if w < 100 {
		l = l.tall(body, wish)
	} else {
		l = l.wide(body, wish)
	}
	return l.zoom(body, wish.Zoom)
}

// bounded is n, but not less than least and not more than most; least where
// the two are in conflict.
func bounded(n, least, most int) int { return max(min(n, most), least) }

func (l Layout) tall(b Rect, wish Wish) Layout {
	l.Cols, l.Rows = b.W, b.H-1
	l.Term = b
	if !wish.Side {
		return l
	}
	usual := 1 + max(2, min((b.H-2)*2/5, b.H-8))
	if b.H >= 20 {
		usual = max(usual, 9)
	}
	l.Term.H = bounded(usual+wish.Split.Rows, leastTermRows, b.H-leastSideRows)
	l.Split.Rows = l.Term.H - usual
	l.Side = Rect{0, b.Y + l.Term.H, b.W, b.H - l.Term.H}
	l.Border = Rect{0, l.Side.Y, b.W, 1}
	return l
}

func (l Layout) wide(b Rect, wish Wish) Layout {
	l.Boxed = true
	usual := bounded(b.W*46/100, leastSideCols, 64)
	panel := bounded(usual-wish.Split.Cols, leastSideCols, b.W-leastTermCols)
	roomy := b.W-usual-2 >= programCols
	l.Term = b
	switch {
	case roomy:
		l.Term.W = b.W - panel
	case b.H >= 26:
		l.Strip = Rect{0, b.Y + b.H - 6, b.W, 6}
		l.Term.H -= l.Strip.H
	}
	l.Cols, l.Rows = l.Term.W-2, l.Term.H-2
	if roomy {
		l.Cols = max(l.Cols, programCols)
	} else if wish.Side {
		l.Term.W -= panel
		l.Strip.W = max(l.Strip.W-panel, 0)
	}
	if roomy || wish.Side {
		l.Side = Rect{b.W - panel, b.Y, panel, b.H}
		l.Border = Rect{l.Side.X - 1, b.Y, 2, b.H}
		l.Split.Cols = usual - panel
	}
	return l
}

// zoom gives the whole body to one pane. The session alone stands as it does
// while nothing is held.
func (l Layout) zoom(b Rect, z Zoom) Layout {
	switch {
	case z == TermOnly && !l.Side.Empty():
		l.Term, l.Side, l.Border = b, Rect{}, Rect{}
	case z == SideOnly && !l.Side.Empty():
		l.Term, l.Side, l.Strip, l.Border = Rect{}, b, Rect{}, Rect{}
	}
	return l
}
