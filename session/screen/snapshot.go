package screen

import "strings"

// Snapshot is what the screen showed at one moment. Reuse one for every frame:
// its slices are kept. One goroutine at a time may use it, its methods included.
type Snapshot struct {
	Cols, Rows       int
	Cells            []Cell // Rows × Cols, row by row
	CursorX, CursorY int
	CursorVisible    bool // false also where the scrollback hides it
	CursorShape      CursorShape
	Alt              bool   // the alternate screen is shown
	ScrollbackLen    int    // lines in the scrollback
	Offset           int    // lines back into it, after clamping
	Pushed           uint64 // lines that ever went to the scrollback
	Modes            Modes
	Title            string // made visible; still not the console's own title
	Gen              uint64 // changes whenever the screen may have changed

	pending bool // the cursor stands beyond the last column
	marks   []cluster
	seen    *[256]judged // answers of Safe, by character
}

// Snapshot copies the screen to dst, offset lines back into the scrollback.
// offset is clamped to what there is.
func (s *Screen) Snapshot(dst *Snapshot, offset int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	hist := s.main.hist
	n := clamp(offset, 0, hist.len())
	cells, marks := dst.Cells[:0], dst.marks[:0]
	if size := s.cols * s.rows; cap(cells) < size {
		cells = make([]Cell, 0, size)
	}
	*dst = Snapshot{
		Cols: s.cols, Rows: s.rows, CursorX: s.c.x, CursorY: s.c.y + n,
		CursorVisible: !s.hidden, CursorShape: s.shape, Alt: s.modes.AltScreen,
		ScrollbackLen: hist.len(), Offset: n, Pushed: s.main.pushed,
		Modes: s.modes, Title: s.title, Gen: s.gen, Cells: cells, marks: marks,
		seen: dst.seen, pending: s.c.pending,
	}
	for y := range s.rows {
		if y < n {
			dst.add(hist.at(hist.len() - n + y))
		} else {
			dst.add(s.cur.rows[y-n])
		}
	}
	if dst.CursorY >= s.rows {
		dst.CursorY, dst.CursorVisible = s.rows-1, false
	}
}

// add copies one row.
func (sn *Snapshot) add(r *row) {
	start := len(sn.Cells)
	sn.Cells = sn.Cells[:start+sn.Cols]
	line := sn.Cells[start:]
	clear(line[copy(line, r.cells):])
	if last := &line[sn.Cols-1]; last.attr&wideLead != 0 {
		*last = Cell{bg: last.bg} // its other half is beyond the edge
	}
	if len(r.marks) == 0 {
		return
	}
	for i := range line {
		c := &line[i]
		if c.mark == 0 {
			continue
		}
		if len(sn.marks) == 1<<16-1 {
			c.text, c.mark = '\uFFFD', 0
			continue
		}
		sn.marks = append(sn.marks, r.marks[c.mark-1])
		c.mark = uint16(len(sn.marks))
	}
}

// Row is the cells of row y.
func (sn *Snapshot) Row(y int) []Cell { return sn.Cells[y*sn.Cols : (y+1)*sn.Cols] }

// Text is a cell's characters as the program sent them, its combining marks
// included; empty for the right half of a wide character. It is not safe to
// draw: see [Snapshot.Safe].
func (sn *Snapshot) Text(c Cell) string {
	switch {
	case c.attr&wideTail != 0:
		return ""
	case c.mark != 0 && int(c.mark) <= len(sn.marks):
		return sn.marks[c.mark-1].String()
	}
	return string(c.Rune())
}

// Lines is the rows as safe text, trailing blanks trimmed.
func (sn *Snapshot) Lines() []string {
	lines := make([]string, sn.Rows)
	for y := range lines {
		lines[y] = strings.TrimRight(sn.text(sn.Row(y)), " ")
	}
	return lines
}

func (sn *Snapshot) text(cells []Cell) string {
	var b strings.Builder
	for _, c := range cells {
		t, _, _, _ := sn.Safe(c)
		b.WriteString(t)
	}
	return b.String()
}
