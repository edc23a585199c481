package screen

// escapes are the sequences ESC x that are obeyed.
var escapes = [128]func(*Screen){
	'7': (*Screen).save,
	'8': (*Screen).restore,
	'=': func(s *Screen) { s.modes.AppKeypad = true },
	'>': func(s *Screen) { s.modes.AppKeypad = false },
	'D': (*Screen).index,
	'E': func(s *Screen) { s.index(); s.c.x = 0 },
	'H': func(s *Screen) { s.tabs[s.c.x] = true },
	'M': (*Screen).reverseIndex,
	'c': (*Screen).reset,
}

// plain are the control sequences without private marker and intermediate
// byte that are obeyed.
var plain = [128]func(*Screen, *params){
	'@': func(s *Screen, p *params) { s.shift((*row).insert, p.get(0, 1)) },
	'A': func(s *Screen, p *params) { s.up(p.get(0, 1)) },
	'B': func(s *Screen, p *params) { s.down(p.get(0, 1)) },
	'C': func(s *Screen, p *params) { s.moveTo(s.c.x+p.get(0, 1), s.c.y, false) },
	'D': func(s *Screen, p *params) { s.moveTo(s.c.x-p.get(0, 1), s.c.y, false) },
	'E': func(s *Screen, p *params) { s.down(p.get(0, 1)); s.c.x = 0 },
	'F': func(s *Screen, p *params) { s.up(p.get(0, 1)); s.c.x = 0 },
	'G': func(s *Screen, p *params) { s.moveTo(p.get(0, 1)-1, s.c.y, false) },
	'H': func(s *Screen, p *params) { s.address(p.get(1, 1)-1, p.get(0, 1)-1) },
	'I': func(s *Screen, p *params) { s.tab(p.get(0, 1)) },
	'J': func(s *Screen, p *params) { s.eraseScreen(p.raw(0)) },
	'K': func(s *Screen, p *params) { s.eraseLine(p.raw(0)) },
	'L': func(s *Screen, p *params) { s.shiftLines((*buffer).scrollDown, p.get(0, 1)) },
	'M': func(s *Screen, p *params) { s.shiftLines((*buffer).removeLines, p.get(0, 1)) },
	'P': func(s *Screen, p *params) { s.shift((*row).remove, p.get(0, 1)) },
	'S': func(s *Screen, p *params) { s.cur.scrollUp(s.top, s.bot, p.get(0, 1), s.cols, s.blank()); s.relocate() },
	'T': func(s *Screen, p *params) {
		s.cur.scrollDown(s.top, s.bot, p.get(0, 1), s.cols, s.blank())
		s.relocate()
	},
	'X': (*Screen).eraseChars,
	'Z': func(s *Screen, p *params) { s.tabBack(p.get(0, 1)) },
	'`': func(s *Screen, p *params) { s.moveTo(p.get(0, 1)-1, s.c.y, false) },
	'a': func(s *Screen, p *params) { s.moveTo(s.c.x+p.get(0, 1), s.c.y, false) },
	'b': (*Screen).repeat,
	'c': (*Screen).deviceAttributes,
	'd': func(s *Screen, p *params) { s.address(s.c.x, p.get(0, 1)-1) },
	'e': func(s *Screen, p *params) { s.moveTo(s.c.x, s.c.y+p.get(0, 1), false) },
	'f': func(s *Screen, p *params) { s.address(p.get(1, 1)-1, p.get(0, 1)-1) },
	'g': (*Screen).clearTabs,
	'h': func(s *Screen, p *params) { s.setModes(p, ansiModes, true) },
	'l': func(s *Screen, p *params) { s.setModes(p, ansiModes, false) },
	'm': (*Screen).attributes,
	'n': (*Screen).deviceStatus,
	'r': (*Screen).region,
	's': func(s *Screen, _ *params) { s.save() },
	't': (*Screen).windowOps,
	'u': func(s *Screen, _ *params) { s.restore() },
}

// marked identifies a control sequence with a private marker or an
// intermediate byte.
type marked struct{ prefix, inter, final byte }

// others are the control sequences with markers that are obeyed.
var others = map[marked]func(*Screen, *params){
	{'?', 0, 'h'}:   func(s *Screen, p *params) { s.setModes(p, decModes, true) },
	{'?', 0, 'l'}:   func(s *Screen, p *params) { s.setModes(p, decModes, false) },
	{'?', 0, 'J'}:   func(s *Screen, p *params) { s.eraseScreen(p.raw(0)) },
	{'?', 0, 'K'}:   func(s *Screen, p *params) { s.eraseLine(p.raw(0)) },
	{'?', 0, 'n'}:   (*Screen).privateStatus,
	{'?', '$', 'p'}: func(s *Screen, p *params) { s.reportMode("?", decModes, p.raw(0)) },
	{0, '$', 'p'}:   func(s *Screen, p *params) { s.reportMode("", ansiModes, p.raw(0)) },
	{0, '!', 'p'}:   func(s *Screen, _ *params) { s.softReset() },
	{0, ' ', 'q'}:   (*Screen).cursorStyle,
	{'>', 0, 'c'}:   (*Screen).secondaryAttributes,
	{'>', 0, 'q'}:   (*Screen).version,
}

// dispatch obeys a complete control sequence, or swallows it.
func (s *Screen) dispatch(final byte) {
	if final > 0x7e || final != 'm' && s.par.hasSub() {
		return
	}
	h := plain[final]
	if s.prefix != 0 || s.inter != 0 {
		h = others[marked{s.prefix, s.inter, final}]
	}
	if h != nil {
		h(s, &s.par)
	}
}

// relocate finds the cursor's row again after rows were moved.
func (s *Screen) relocate() { s.line = s.cur.rows[s.c.y] }

// up moves the cursor up, stopping at the region's start when inside it.
func (s *Screen) up(n int) {
	lo := 0
	if s.c.y >= s.top {
		lo = s.top
	}
	s.moveTo(s.c.x, max(s.c.y-n, lo), false)
}

// down moves the cursor down, stopping at the region's end when inside it.
func (s *Screen) down(n int) {
	hi := s.rows - 1
	if s.c.y <= s.bot {
		hi = s.bot
	}
	s.moveTo(s.c.x, min(s.c.y+n, hi), false)
}

// address places the cursor; in origin mode rows count from the region's start.
func (s *Screen) address(x, y int) {
	if s.c.origin {
		y = clamp(y+s.top, s.top, s.bot)
	}
	s.moveTo(x, y, false)
}

// save is DECSC.
func (s *Screen) save() { s.cur.saved = s.c }

// restore is DECRC.
func (s *Screen) restore() {
	s.c = s.cur.saved
	s.modes.Origin = s.c.origin
	s.moveTo(s.c.x, s.c.y, s.c.pending)
}

// region is DECSTBM.
func (s *Screen) region(p *params) {
	top, bot := p.get(0, 1)-1, min(p.get(1, s.rows), s.rows)-1
	if top < bot {
		s.top, s.bot = top, bot
		s.address(0, 0)
	}
}

// shift inserts or removes cells at the cursor.
func (s *Screen) shift(op func(*row, int, int, int, Cell), n int) {
	s.c.pending = false
	op(s.line, s.c.x, n, s.cols, s.blank())
}

// removeLines is what DL does: what leaves is lost even at the screen's top.
func (b *buffer) removeLines(top, bottom, n, cols int, blank Cell) {
	for y := top; y < min(top+n, bottom+1); y++ {
		b.rows[y].reset(cols)
		if blank != (Cell{}) {
			b.rows[y].fill(0, cols, blank)
		}
	}
	rotate(b.rows[top:bottom+1], min(n, bottom-top+1))
	b.below = nil
}

// shiftLines inserts or removes lines at the cursor, if it is in the region.
func (s *Screen) shiftLines(op func(b *buffer, top, bottom, n, cols int, blank Cell), n int) {
	if s.c.y >= s.top && s.c.y <= s.bot {
		op(s.cur, s.c.y, s.bot, n, s.cols, s.blank())
		s.moveTo(0, s.c.y, false)
	}
}

// eraseScreen is ED. What 2, or 0 from the first cell, clears from the main
// screen goes to the scrollback; 3, which erases the scrollback, is not obeyed.
func (s *Screen) eraseScreen(what int) {
	switch {
	case what == 2, what == 0 && s.c.x == 0 && s.c.y == 0 && !s.c.pending:
		s.cur.clear(s.cols, s.blank())
		s.moveTo(s.c.x, s.c.y, false)
	case what == 0:
		s.eraseLine(0)
		s.eraseRows(s.c.y+1, s.rows)
		s.cur.below = nil
	case what == 1:
		s.eraseRows(0, s.c.y)
		s.eraseLine(1)
	}
}

func (s *Screen) eraseRows(from, to int) {
	for _, r := range s.cur.rows[min(from, to):to] {
		r.fill(0, len(r.cells), s.blank())
	}
}

// eraseLine is EL. After the last column was written, the cursor stands beyond
// it: erasing to the right then leaves that character, which xterm would take.
// grep and top send just that, and what was written must stay visible.
func (s *Screen) eraseLine(what int) {
	r, x := s.line, s.c.x
	if s.c.pending {
		x = s.cols
	}
	switch what {
	case 0:
		r.truncate(s.cols)
		r.fill(x, len(r.cells), s.blank())
		return
	case 1:
		r.fill(0, min(x+1, s.cols), s.blank())
	case 2:
		r.truncate(s.cols)
		r.fill(0, len(r.cells), s.blank())
	}
	s.c.pending = false
}

// eraseChars is ECH.
func (s *Screen) eraseChars(p *params) {
	s.c.pending = false
	s.line.fill(s.c.x, min(s.c.x+p.get(0, 1), s.cols), s.blank())
}

// repeat is REP, to the end of the line at most.
func (s *Screen) repeat(p *params) {
	if s.last == 0 {
		return
	}
	for range min(p.get(0, 1), s.cols-s.c.x) {
		s.put(s.last)
	}
}

// align is DECALN: the screen full of E.
func (s *Screen) align() {
	s.top, s.bot = 0, s.rows-1
	for _, r := range s.cur.rows {
		r.fill(0, s.cols, Cell{text: 'E'})
	}
	s.moveTo(0, 0, false)
}

// tab moves to the n-th tab stop on the right or to the last column.
func (s *Screen) tab(n int) {
	for ; n > 0 && s.c.x < s.cols-1; n-- {
		for s.c.x++; s.c.x < s.cols-1 && !s.tabs[s.c.x]; {
			s.c.x++
		}
	}
}

// tabBack moves to the n-th tab stop on the left or to the first column.
func (s *Screen) tabBack(n int) {
	s.c.pending = false
	for ; n > 0 && s.c.x > 0; n-- {
		for s.c.x--; s.c.x > 0 && !s.tabs[s.c.x]; {
			s.c.x--
		}
	}
}

// clearTabs is TBC.
func (s *Screen) clearTabs(p *params) {
	switch p.raw(0) {
	case 0:
		s.tabs[s.c.x] = false
	case 3:
		clear(s.tabs[:])
	}
}
