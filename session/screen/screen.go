// Package screen is the emulator of the supervised terminal: bytes of a
// program in, cells out. It understands what programs for xterm-256color send
// and swallows everything else. Nothing that a program sends makes it panic,
// block, or use memory or time out of proportion to what was sent.
//
// Some things differ from an ordinary terminal, because an escort watches it:
//
//   - a program cannot erase the scrollback, and what it clears from the main
//     screen or scrolls off within a region goes there first; erasing to the
//     right never takes a character from a line that is just full;
//   - links, clipboard access, titles as such, and every device control string
//     are swallowed; C1 controls are never obeyed in any encoding;
//   - [Snapshot.Safe] says how a cell may be drawn on the escort's terminal,
//     where concealed text is shown and characters that could move or hide
//     their neighbours are replaced.
//
// Sequences follow xterm's "XTerm Control Sequences" (ctlseqs); character
// widths are those of wcwidth, which the programs inside assume too.
//
// # Limits
//
// No reflow when the width changes; no sixel or other images; no left and right
// margins; no 132-column switch; double-width lines are drawn single. Lines
// that a program deletes (DL) or overwrites are not kept. A cell holds at most eight
// characters, further combining marks are dropped.
package screen

import (
	"sync"
	"unicode/utf8"
)

// The bounds of a screen's size; New and Resize clamp to them.
const (
	maxCols       = 1024
	maxRows       = 512
	maxScrollback = 1_000_000
)

// writeChunk bounds how long one Write keeps readers waiting.
const writeChunk = 32 << 10

// Screen is a terminal emulator. It is safe for concurrent use.
type Screen struct {
	mu sync.Mutex // guards everything below

	cols, rows int
	main, alt  *buffer
	cur        *buffer // main or alt
	line       *row    // cur.rows[c.y]
	c          cursor
	top, bot   int // scroll region, inclusive
	tabs       [maxCols]bool
	modes      Modes
	insert     bool
	newline    bool // LF moves to the first column too
	hidden     bool // the cursor is not shown
	shape      CursorShape
	last       rune // last character written, for REP
	title      string
	gen        uint64

	parser
	replies replies
}

// New makes a blank screen with the given size and number of scrollback lines,
// each clamped to sane bounds.
func New(cols, rows, scrollback int) *Screen {
	s := &Screen{cols: clamp(cols, 1, maxCols), rows: clamp(rows, 1, maxRows)}
	s.main = newBuffer(s.cols, s.rows, clamp(scrollback, 0, maxScrollback))
	s.alt = newBuffer(s.cols, s.rows, 0)
	s.cur = s.main
	s.reset()
	return s
}

// Write feeds what the program sent. It never fails: n is always len(p).
func (s *Screen) Write(p []byte) (n int, err error) {
	n = len(p)
	for len(p) > 0 {
		k := min(len(p), writeChunk)
		s.mu.Lock()
		s.gen++
		s.feed(p[:k])
		s.mu.Unlock()
		p = p[k:]
	}
	return n, nil
}

// Resize changes the size. Rows that no longer fit go to the scrollback and
// come back when there is room; text is not reflowed, and columns that a
// narrower screen hides come back too unless their line was erased.
func (s *Screen) Resize(cols, rows int) {
	cols, rows = clamp(cols, 1, maxCols), clamp(rows, 1, maxRows)
	s.mu.Lock()
	defer s.mu.Unlock()
	if cols == s.cols && rows == s.rows {
		return
	}
	if cols != s.cols {
		s.c.pending, s.main.saved.pending, s.alt.saved.pending = false, false, false
	}
	s.cols, s.rows = cols, rows
	for _, b := range []*buffer{s.main, s.alt} {
		y := b.saved.y
		if b == s.cur {
			y = s.c.y
		}
		moved := b.resize(cols, rows, min(y, len(b.rows)-1))
		b.saved.y += moved
		if b == s.cur {
			s.c.y += moved
		}
		b.saved.x, b.saved.y = clamp(b.saved.x, 0, cols-1), clamp(b.saved.y, 0, rows-1)
	}
	s.top, s.bot = 0, rows-1
	s.gen++
	s.moveTo(s.c.x, s.c.y, s.c.pending)
}

// Between reports whether what was written ends between two sequences or
// characters, so that something else may be written to the same terminal.
func (s *Screen) Between() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state == ground && s.cutLen == 0
}

// Replies takes the answers to queries that the program asked for: they belong
// on its standard input. At most 4 KiB wait; older answers are dropped first.
func (s *Screen) Replies() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.replies.take()
}

// Text is the screen as plain text, one string a row, trailing blanks trimmed,
// by the rules of [Snapshot.Safe].
func (s *Screen) Text() []string {
	var sn Snapshot
	s.Snapshot(&sn, 0)
	return sn.Lines()
}

// LastLine is the safe text of the cursor's row up to the cursor.
func (s *Screen) LastLine() string {
	var sn Snapshot
	s.Snapshot(&sn, 0)
	n := sn.CursorX
	if sn.pending {
		n++
	}
	return sn.text(sn.Row(sn.CursorY)[:n])
}

// reset is RIS: everything but the scrollback and the size as new.
func (s *Screen) reset() {
	s.cur = s.main
	s.main.clear(s.cols, Cell{})
	s.alt.clear(s.cols, Cell{})
	s.main.saved, s.alt.saved = cursor{}, cursor{}
	s.title = ""
	for x := range s.tabs {
		s.tabs[x] = x%8 == 0
	}
	s.softReset()
	s.moveTo(0, 0, false)
}

// softReset is DECSTR: modes, region and attributes as new, text untouched.
func (s *Screen) softReset() {
	alt := s.cur == s.alt
	s.modes = Modes{AutoWrap: true, AltScreen: alt}
	s.insert, s.newline, s.hidden, s.shape, s.last = false, false, false, CursorBlock, 0
	s.top, s.bot = 0, s.rows-1
	s.c.pen, s.c.origin, s.c.sets, s.c.shift = Cell{}, false, [2]bool{}, 0
	s.cur.saved = cursor{}
}

// moveTo places the cursor, clamped to the screen.
func (s *Screen) moveTo(x, y int, pending bool) {
	s.c.x, s.c.y, s.c.pending = clamp(x, 0, s.cols-1), clamp(y, 0, s.rows-1), pending
	s.line = s.cur.rows[s.c.y]
}

// blank is what erasing leaves: a cell in the current background colour.
func (s *Screen) blank() Cell { return Cell{bg: s.c.pen.bg} }

// feed runs bytes through the parser: characters on the short way, the rest
// through the state machine.
func (s *Screen) feed(p []byte) {
	for len(p) > 0 {
		switch {
		case s.state != ground:
			p = s.step(p)
		case s.cutLen > 0:
			p = s.resume(p)
		case p[0] < 0x20 || p[0] == 0x7f:
			s.control(p[0])
			p = p[1:]
		case p[0] < 0x7f:
			n := 1
			for n < len(p) && p[n]-0x20 < 0x5f {
				n++
			}
			s.putASCII(p[:n])
			p = p[n:]
		case !utf8.FullRune(p):
			s.cutLen = copy(s.cut[:], p)
			return
		default:
			r, n := utf8.DecodeRune(p)
			s.put(r)
			p = p[n:]
		}
	}
}

// resume goes on with a character that the end of the last Write cut.
func (s *Screen) resume(p []byte) []byte {
	s.cut[s.cutLen] = p[0]
	s.cutLen++
	b := s.cut[:s.cutLen]
	if !utf8.FullRune(b) {
		return p[1:]
	}
	s.cutLen = 0
	if r, n := utf8.DecodeRune(b); n == len(b) {
		s.put(r)
		return p[1:]
	}
	for range b[1:] { // each byte before p[0] is one that belongs to nothing
		s.put(utf8.RuneError)
	}
	return p
}

func clamp(v, lo, hi int) int { return max(lo, min(v, hi)) }
