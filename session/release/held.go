package release

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync"

	"escort/session/event"
	"escort/session/screen"
)

const (
	cols     = 1024     // of the emulator: no program breaks a line for it
	kept     = 8 << 10  // lines of its scrollback
	piece    = 4 << 10  // bytes that it is given at once: no more lines than half of kept
	most     = 20_000   // lines that are held back; with more, the oldest are not given any more
	longest  = 64 << 10 // bytes of a line
	around   = 500      // lines that are looked through beside those that are given
	atOnce   = 2_000    // lines that are counted at once
	usual    = 24       // lines that are given at once, where nothing else is wanted
	mostGive = 1_000
)

// Held is the output of a session that is held back. It is safe for concurrent
// use.
type Held struct {
	mu      sync.Mutex
	scr     *screen.Screen
	snap    screen.Snapshot
	from    uint64   // the row of the emulator that is next to be a line
	partial string   // of a line that goes on in that row
	lines   []string // that wait and do not change any more
	given   []string // the last ones that were given
	counted int      // lines that were looked through
	hidden  int      // of these, in how many something is masked
	dropped int      // lines that were too many
	ended   bool     // the last line is whole, though nothing ends it
}

// New holds back the output of a terminal.
func New(rows int) *Held { return &Held{scr: screen.New(cols, rows, kept)} }

// Resize says how many rows the session's terminal has.
func (h *Held) Resize(rows int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drain()
	h.scr.Resize(cols, rows)
}

// Write takes output. It never fails.
func (h *Held) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := len(p)
	for len(p) > 0 {
		k := min(len(p), piece)
		_, _ = h.scr.Write(p[:k]) // never fails
		h.scr.Replies()
		p = p[k:]
		if h.scr.Gone() > h.from+kept/2 {
			h.drain()
		}
	}
	return n, nil
}

// End says that nothing more is written: the last line is whole.
func (h *Held) End() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = true
}

// Empty reports whether nothing waits.
func (h *Held) Empty() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drain()
	live, _ := h.live()
	return len(h.lines)+len(live) == 0
}

// row is a row of the emulator. A full one goes on in the next.
type row struct {
	text string
	full bool
}

// rows are the rows of the emulator from one up to another.
func (h *Held) rows(from, to uint64) []row {
	var out []row
	for from < to {
		gone := h.scr.Gone()
		back := 0
		if gone > from {
			back = int(gone - from)
		}
		h.scr.Snapshot(&h.snap, back)
		first := gone - uint64(h.snap.Offset) // which is later than from where the scrollback has lost some
		for y := range h.snap.Rows {
			at := first + uint64(y)
			if at >= from && at < to && (!h.snap.Alt || at < gone) {
				out = append(out, h.row(h.snap.Row(y)))
			}
		}
		next := first + uint64(h.snap.Rows)
		if next <= from {
			break
		}
		from = next
	}
	return out
}

// row makes a row of cells. Of a character that cannot be shown for the marks on
// it, the character stays: they could hide one of a secret.
func (h *Held) row(cells []screen.Cell) row {
	var b strings.Builder
	for _, c := range cells {
		text, _, _, _ := h.snap.Safe(c)
		if r := c.Rune(); text == "\uFFFD" && r > ' ' && r < 0x7f {
			text = string(r)
		}
		b.WriteString(text)
	}
	return row{strings.TrimRight(b.String(), " "), h.snap.Text(cells[len(cells)-1]) != " "}
}

// join makes lines of rows: one that is full goes on in the next. ends says for
// each after how many rows it is whole; rest is what goes on.
func join(partial string, rows []row) (lines []string, ends []int, rest string) {
	rest = partial
	for i, r := range rows {
		rest += r.text
		if r.full && len(rest) < longest {
			continue
		}
		lines, ends, rest = append(lines, rest), append(ends, i+1), ""
	}
	return lines, ends, rest
}

// drain takes the rows that do not change any more.
func (h *Held) drain() {
	gone := h.scr.Gone()
	if gone <= h.from {
		return
	}
	lines, _, rest := join(h.partial, h.rows(h.from, gone))
	h.lines, h.partial, h.from = append(h.lines, lines...), rest, gone
	if over := len(h.lines) - most; over > 0 {
		h.dropped += over
		h.lines = slices.Clone(h.lines[over:])
		h.counted, h.hidden = 0, 0
	}
}

// live are the lines on the screen that wait, above the one that is written to.
func (h *Held) live() (lines []string, ends []int) {
	h.scr.Snapshot(&h.snap, 0)
	if h.snap.Alt {
		return nil, nil
	}
	from := max(h.from, h.scr.Gone())
	to := h.scr.Gone() + uint64(h.snap.CursorY)
	if h.ended {
		all := h.snap.Lines()
		n := len(all)
		for n > 0 && all[n-1] == "" {
			n--
		}
		to = h.scr.Gone() + uint64(n)
	}
	lines, ends, rest := join(h.partial, h.rows(from, to))
	if h.ended && rest != "" {
		lines, ends = append(lines, rest), append(ends, int(to-from))
	}
	return lines, ends
}

// ErrChanged is what Take answers where other lines wait than those that were shown.
var ErrChanged = errors.New("what is held back is not what was shown any more: look again")

// ErrNothing is what Take answers where no line waits.
var ErrNothing = errors.New("no output is held back")

// Next is what waits, and which lines would be given first, n at most.
func (h *Held) Next(n int) event.Withheld {
	h.mu.Lock()
	defer h.mu.Unlock()
	w, _ := h.next(n)
	return w
}

func (h *Held) next(n int) (w event.Withheld, ends []int) {
	if n <= 0 {
		n = usual
	}
	n = min(n, mostGive)
	h.drain()
	live, ends := h.live()
	all := append(slices.Clone(h.lines), live...)
	w.Lines, w.Dropped = len(all), h.dropped
	h.count()
	w.Masked, w.Uncounted = h.hidden, len(h.lines)-h.counted
	if w.Uncounted == 0 {
		before := h.lines[max(len(h.lines)-around, 0):]
		w.Masked += hiddenIn(Mask(slices.Concat(before, live))[len(before):])
	} else {
		w.Uncounted += len(live)
	}
	n = min(n, len(all))
	window := slices.Concat(h.given, all[:min(n+around, len(all))])
	give := Mask(window)[len(h.given):][:n]
	for _, m := range give {
		w.Text = append(w.Text, m.Text)
		if m.Hidden {
			w.Hidden++
		}
	}
	w.SHA256 = digest(w.Text)
	return w, ends
}

// count looks through lines that were not yet, some at once.
func (h *Held) count() {
	if h.counted >= len(h.lines) {
		return
	}
	to := min(h.counted+atOnce, len(h.lines))
	first := max(h.counted-around, 0)
	h.hidden += hiddenIn(Mask(h.lines[first:to])[h.counted-first:])
	h.counted = to
}

func hiddenIn(ms []Masked) (n int) {
	for _, m := range ms {
		if m.Hidden {
			n++
		}
	}
	return n
}

// digest is the SHA-256 of lines, each ended by LF, lower-case hex.
func digest(lines []string) string {
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n") + "\n"))
	return hex.EncodeToString(sum[:])
}

// Take takes the lines that [Held.Next] would show, and gives them to f; where
// that fails they still wait. shown is the digest of what was shown of them;
// empty: nothing was.
func (h *Held) Take(n int, shown string, f func(event.Withheld) error) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	w, ends := h.next(n)
	switch {
	case len(w.Text) == 0:
		return ErrNothing
	case shown != "" && shown != w.SHA256:
		return ErrChanged
	}
	if err := f(w); err != nil {
		return err
	}
	n = len(w.Text)
	old := min(n, len(h.lines))
	live, _ := h.live()
	raw := slices.Concat(h.given, h.lines[:old], live[:n-old])
	h.given = slices.Clone(raw[max(len(raw)-around, 0):])
	h.lines = slices.Clone(h.lines[old:])
	h.counted, h.hidden = 0, 0
	if k := n - old; k > 0 {
		h.from = max(h.from, h.scr.Gone()) + uint64(ends[k-1])
		h.partial = ""
	}
	return nil
}
