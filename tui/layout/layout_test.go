package layout

import "testing"

// wishes are all that can be asked for, with splits far beyond what there is.
func wishes(f func(Wish)) {
	for _, side := range []bool{false, true} {
		for notes := range 2 {
			for _, n := range []int{-500, -40, -5, -1, 0, 1, 5, 40, 500} {
				for _, z := range []Zoom{Both, TermOnly, SideOnly} {
					f(Wish{side, notes, Split{n, n}, z})
				}
			}
		}
	}
}

func sizes(f func(w, h int)) {
	for w := MinCols; w <= 300; w += 5 {
		for h := MinRows; h <= 80; h++ {
			f(w, h)
		}
	}
}

// Every cell of every window belongs to exactly one part of it.
func TestPartsTileTheWindow(t *testing.T) {
	sizes(func(w, h int) {
		wishes(func(wish Wish) {
			l := For(w, h, wish)
			area := 0
			parts := []Rect{l.Header, l.Term, l.Side, l.Strip, l.Footer}
			for i, r := range parts {
				if r.Empty() {
					continue
				}
				area += r.W * r.H
				if r.X < 0 || r.Y < 0 || r.X+r.W > w || r.Y+r.H > h {
					t.Fatalf("%d×%d %+v: %+v stands out of the window", w, h, wish, r)
				}
				for _, o := range parts[:i] {
					if !o.Empty() && r.X < o.X+o.W && o.X < r.X+r.W && r.Y < o.Y+o.H && o.Y < r.Y+r.H {
						t.Fatalf("%d×%d %+v: %+v covers %+v", w, h, wish, r, o)
					}
				}
			}
			if area != w*h {
				t.Fatalf("%d×%d %+v: the parts have %d cells: %+v", w, h, wish, area, l)
			}
		})
	})
}

// Neither a hold nor a zoom changes the size of the session, nor does a split
// where the card only covers it.
func TestSessionKeepsItsSize(t *testing.T) {
	sizes(func(w, h int) {
		wishes(func(wish Wish) {
			plain := For(w, h, Wish{Notes: wish.Notes, Split: wish.Split})
			l := For(w, h, wish)
			if l.Cols != plain.Cols || l.Rows != plain.Rows {
				t.Fatalf("%d×%d %+v: %d×%d, without a side %d×%d", w, h, wish, l.Cols, l.Rows, plain.Cols, plain.Rows)
			}
			usual := For(w, h, Wish{Notes: wish.Notes})
			if usual.Side.Empty() && l.Cols != usual.Cols || l.Rows != usual.Rows {
				t.Fatalf("%d×%d %+v: the split made it %d×%d, was %d×%d", w, h, wish, l.Cols, l.Rows, usual.Cols, usual.Rows)
			}
			if usual.Cols >= programCols && l.Cols < programCols {
				t.Fatalf("%d×%d %+v: the split left %d columns", w, h, wish, l.Cols)
			}
		})
	})
}

// A split that was granted is granted again, leaves a card that can be read,
// and can be taken hold of.
func TestSplit(t *testing.T) {
	sizes(func(w, h int) {
		wishes(func(wish Wish) {
			l := For(w, h, wish)
			again := wish
			again.Split = l.Split
			if For(w, h, again) != l {
				t.Fatalf("%d×%d %+v: %+v is another layout than %+v", w, h, wish, For(w, h, again), l)
			}
			if wish.Zoom != Both || !wish.Side {
				return
			}
			if l.Border.Empty() || l.Side.H < leastSideRows || l.Side.W < min(w, leastSideCols) || l.Term.H < leastTermRows || l.Term.W < leastTermCols {
				t.Fatalf("%d×%d %+v: %+v", w, h, wish, l)
			}
		})
	})
	if l := For(120, 40, Wish{Side: true, Split: Split{Cols: -4}}); l.Side.X != For(120, 40, Wish{Side: true}).Side.X-4 {
		t.Errorf("the border is at %d", l.Side.X)
	}
}

func TestSmall(t *testing.T) {
	for _, size := range [][2]int{{0, 0}, {39, 12}, {40, 11}, {1, 200}} {
		if l := For(size[0], size[1], Wish{Side: true}); !l.Small || !l.Term.Empty() || !l.Side.Empty() || l.Cols < 1 || l.Rows < 1 {
			t.Errorf("%v: %+v", size, l)
		}
	}
}
