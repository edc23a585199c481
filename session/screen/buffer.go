package screen

import "slices"

// cursor is a position with what DECSC saves beside it.
type cursor struct {
	x, y    int
	pending bool // the last column was written: the next character wraps first
	pen     Cell // colours and attributes of what is written next
	origin  bool
	sets    [2]bool // G0, G1: is it the line-drawing set
	shift   int     // which of them is in use
}

// buffer is one of the two screens that a terminal has.
type buffer struct {
	rows  []*row
	below []*row // rows that a lower screen hides, until something scrolls
	saved cursor // by DECSC
	hist  *history
	// pullable is how many rows of the scrollback a higher screen takes back:
	// those that scrolled off since the screen was last cleared.
	pullable int
	pushed   uint64 // rows that ever went to the scrollback
	pulled   uint64 // rows of these that came back
}

func newBuffer(cols, rows, scrollback int) *buffer {
	b := &buffer{rows: make([]*row, rows), hist: &history{limit: scrollback}}
	for i := range b.rows {
		b.rows[i] = newRow(cols)
	}
	return b
}

// scrollUp moves rows [top, bottom] up by n. Rows that leave go to the
// scrollback, as tmux does it also below a line that stays: a region must not
// be a way to show something that cannot be read later.
func (b *buffer) scrollUp(top, bottom, n, cols int, blank Cell) {
	n = min(n, bottom-top+1)
	for y := top; y < top+n; y++ {
		if b.hist.limit > 0 {
			b.rows[y] = b.shelve(b.rows[y], cols)
		} else {
			b.rows[y].reset(cols)
		}
		if blank != (Cell{}) {
			b.rows[y].fill(0, cols, blank)
		}
	}
	rotate(b.rows[top:bottom+1], n)
	b.below = nil
	if top > 0 {
		b.pullable = 0 // these did not stand above the first row
	}
}

// scrollDown moves rows [top, bottom] down by n; what leaves is lost.
func (b *buffer) scrollDown(top, bottom, n, cols int, blank Cell) {
	n = min(n, bottom-top+1)
	for y := bottom; y > bottom-n; y-- {
		b.rows[y].reset(cols)
		if blank != (Cell{}) {
			b.rows[y].fill(0, cols, blank)
		}
	}
	rotate(b.rows[top:bottom+1], bottom-top+1-n)
	b.below = nil
}

// rotate moves the first n rows behind the others.
func rotate(rows []*row, n int) {
	if n == 1 { // by far the most frequent: one line of output
		r := rows[0]
		copy(rows, rows[1:])
		rows[len(rows)-1] = r
		return
	}
	slices.Reverse(rows[:n])
	slices.Reverse(rows[n:])
	slices.Reverse(rows)
}

// shelve puts a row into the scrollback and gives a blank one for it.
func (b *buffer) shelve(r *row, cols int) *row {
	b.pushed++
	b.pullable = min(b.pullable+1, b.hist.limit)
	return b.hist.push(r, cols)
}

// clear blanks the whole screen. What stood there goes to the scrollback, so
// that a program cannot take from the escort what was on the screen.
func (b *buffer) clear(cols int, blank Cell) {
	last := len(b.rows) - 1
	for last >= 0 && !b.rows[last].text() {
		last-- // colour alone must not push text out of the scrollback
	}
	for y, r := range b.rows {
		if y <= last && b.hist.limit > 0 {
			b.rows[y] = b.shelve(r, cols)
		} else {
			r.reset(cols)
		}
		if blank != (Cell{}) {
			b.rows[y].fill(0, cols, blank)
		}
	}
	b.below, b.pullable = nil, 0
}

// resize changes the number of rows and answers by how much the cursor's row
// moved. Shrinking first takes blank rows below the cursor, then puts other
// rows below it aside, then scrolls the top ones away. Growing undoes it.
func (b *buffer) resize(cols, rows, cursorY int) (moved int) {
	for len(b.rows) > rows {
		last := len(b.rows) - 1
		if last > cursorY+moved {
			if r := b.rows[last]; len(b.below) > 0 || r.trimmed() > 0 {
				b.below = append(b.below, r)
			}
		} else {
			if b.hist.limit > 0 {
				b.shelve(b.rows[0], cols)
			}
			copy(b.rows, b.rows[1:])
			moved--
		}
		b.rows = b.rows[:last]
	}
	for len(b.rows) < rows {
		if n := len(b.below); n > 0 {
			b.rows = append(b.rows, b.below[n-1])
			b.below = b.below[:n-1]
		} else if r := b.pull(cols); r != nil {
			b.rows = append([]*row{r}, b.rows...)
			moved++
		} else {
			b.rows = append(b.rows, newRow(cols))
		}
	}
	for _, r := range b.rows {
		r.grow(cols)
	}
	return moved
}

// pull takes the youngest row of the scrollback that may come back.
func (b *buffer) pull(cols int) *row {
	if b.pullable == 0 {
		return nil
	}
	b.pullable--
	b.pulled++
	return b.hist.pop(cols)
}
