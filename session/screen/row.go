package screen

// row is one line of cells. It may be longer than the screen is wide: what a
// narrower screen hides is kept until the line is erased or shifted, so that
// widening the screen again brings it back.
type row struct {
	cells []Cell
	marks []cluster // combining marks of this row's cells
	used  int       // every cell from here on is the zero Cell
	wide  bool      // a wide character was written since the row was cleared
}

func newRow(cols int) *row { return &row{cells: make([]Cell, cols)} }

// reset blanks the row and gives it exactly cols columns of its capacity, or
// new cells where that is too small.
func (r *row) reset(cols int) {
	if cap(r.cells) < cols {
		*r = row{cells: make([]Cell, cols)}
		return
	}
	clear(r.cells[:r.used])
	*r = row{cells: r.cells[:cols]}
}

// grow makes the row at least cols columns long.
func (r *row) grow(cols int) {
	switch {
	case len(r.cells) >= cols:
	case cap(r.cells) >= cols:
		r.cells = r.cells[:cols]
	default:
		cells := make([]Cell, cols)
		copy(cells, r.cells)
		r.cells = cells
	}
}

// fill sets cells [from, to) to c, which carries no character.
func (r *row) fill(from, to int, c Cell) {
	r.split(from)
	r.split(to)
	if c == (Cell{}) {
		if to = min(to, r.used); from < to {
			clear(r.cells[from:to])
		}
		if to == r.used {
			r.used = min(r.used, from)
		}
	} else if from < to {
		for i := range r.cells[from:to] {
			r.cells[from+i] = c
		}
		r.used = max(r.used, to)
	}
	if r.used == 0 {
		r.wide, r.marks = false, nil
	}
}

// split blanks both halves of a wide character that would be cut by an edge
// left of column x.
func (r *row) split(x int) {
	if !r.wide || x <= 0 || x >= len(r.cells) || r.cells[x].attr&wideTail == 0 {
		return
	}
	r.cells[x-1] = Cell{bg: r.cells[x-1].bg}
	r.cells[x] = Cell{bg: r.cells[x].bg}
}

// insert shifts the cells from x on to the right by n, within cols columns.
func (r *row) insert(x, n, cols int, blank Cell) {
	r.truncate(cols)
	r.split(x)
	n = min(n, cols-x)
	r.split(cols - n)
	copy(r.cells[x+n:cols], r.cells[x:cols-n])
	r.used = min(cols, r.used+n)
	r.used = max(r.used, x+n)
	r.fillShifted(x, x+n, blank)
}

// remove shifts the cells right of x to the left by n, within cols columns.
func (r *row) remove(x, n, cols int, blank Cell) {
	r.truncate(cols)
	n = min(n, cols-x)
	r.split(x)
	r.split(x + n)
	copy(r.cells[x:cols-n], r.cells[x+n:cols])
	r.used = max(r.used, cols)
	r.fillShifted(cols-n, cols, blank)
}

// fillShifted fills cells that hold leftovers of a shift: these are copies, so
// a half of a wide character among them has no partner to be blanked.
func (r *row) fillShifted(from, to int, blank Cell) {
	for i := range r.cells[from:to] {
		r.cells[from+i] = blank
	}
}

// truncate forgets what a narrower screen hides.
func (r *row) truncate(cols int) {
	if len(r.cells) > cols {
		r.fill(cols, len(r.cells), Cell{})
	}
}

// combine adds a combining mark to the character at x. Past maxCluster
// characters it is dropped.
func (r *row) combine(x int, mark rune) {
	c := &r.cells[x]
	if c.mark != 0 {
		m := &r.marks[c.mark-1]
		if m.n < maxCluster {
			m.runes[m.n] = mark
			m.n++
		}
		return
	}
	if len(r.marks) >= 2*len(r.cells) {
		r.compact()
	}
	r.marks = append(r.marks, cluster{runes: [maxCluster]rune{c.Rune(), mark}, n: 2})
	c.mark = uint16(len(r.marks))
	r.used = max(r.used, x+1)
}

// compact forgets the marks that no cell uses any more.
func (r *row) compact() {
	var live []cluster
	for i := range r.cells[:r.used] {
		if c := &r.cells[i]; c.mark != 0 {
			live = append(live, r.marks[c.mark-1])
			c.mark = uint16(len(live))
		}
	}
	r.marks = live
}

// trimmed is the number of cells without the blank ones at the end.
func (r *row) trimmed() int {
	n := r.used
	for n > 0 && r.cells[n-1].blank() {
		n--
	}
	return n
}

// text reports whether the row shows any character.
func (r *row) text() bool {
	for _, c := range r.cells[:min(r.used, len(r.cells))] {
		if c.text > ' ' || c.mark != 0 {
			return true
		}
	}
	return false
}

// history is the scrollback: a ring of rows without their trailing blanks.
type history struct {
	rows  []*row
	first int // index of the oldest row, once the ring is full
	limit int
}

func (h *history) len() int { return len(h.rows) }

// at is the i-th row, 0 the oldest.
func (h *history) at(i int) *row { return h.rows[(h.first+i)%len(h.rows)] }

// push takes a row and hands back a blank one of cols columns for its place on
// the screen, made from what fell out of the ring where that is possible: a
// flood of output then allocates nothing.
func (h *history) push(r *row, cols int) *row {
	if h.limit == 0 {
		r.reset(cols)
		return r
	}
	var spare *row
	if len(h.rows) == h.limit {
		spare = h.rows[h.first]
	}
	kept, fresh := shelve(r, spare, cols)
	if len(h.rows) < h.limit {
		h.rows = append(h.rows, kept)
		return fresh
	}
	h.rows[h.first] = kept
	if h.first++; h.first == h.limit {
		h.first = 0
	}
	return fresh
}

// shelve splits a row into what the scrollback keeps and a blank row. A nearly
// full row is kept as it is; of a short one a copy of the right size is kept.
func shelve(r, spare *row, cols int) (kept, fresh *row) {
	if len(r.marks) > 0 {
		r.compact()
	}
	n := r.trimmed()
	if 4*n >= 3*cap(r.cells) {
		clear(r.cells[n:r.used])
		r.cells, r.used = r.cells[:n], n
		if spare == nil || cap(spare.cells) < cols {
			return r, newRow(cols)
		}
		spare.reset(cols)
		return r, spare
	}
	if spare == nil || cap(spare.cells) < n || cap(spare.cells) > 2*n+8 {
		spare = &row{cells: make([]Cell, n)}
	}
	spare.reset(n)
	copy(spare.cells, r.cells[:n])
	spare.used, spare.wide, spare.marks = n, r.wide, r.marks
	r.marks = nil
	r.reset(cols)
	return spare, r
}

// pop takes the youngest row back, cols columns long; nil when there is none.
func (h *history) pop(cols int) *row {
	n := len(h.rows)
	if n == 0 {
		return nil
	}
	h.straighten()
	r := h.rows[n-1]
	h.rows[n-1] = nil
	h.rows = h.rows[:n-1]
	r.grow(cols)
	return r
}

// straighten makes the oldest row the first of the slice, which taking rows
// off the end needs.
func (h *history) straighten() {
	if h.first == 0 {
		return
	}
	rows := make([]*row, 0, len(h.rows))
	rows = append(rows, h.rows[h.first:]...)
	h.rows = append(rows, h.rows[:h.first]...)
	h.first = 0
}
