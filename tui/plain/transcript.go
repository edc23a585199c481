package plain

import (
	"strings"
	"time"

	"escort/session/screen"
)

// transcript makes lines of what the session writes. The emulator obeys every
// sequence; what comes out is what can be read, each line once, and again when
// it has changed.
type transcript struct {
	scr   *screen.Screen
	snap  screen.Snapshot
	base  uint64   // the number of the first line that stands on the screen
	said  []string // what was said of the lines from base on
	dirty bool
	wrote time.Time // when the session last wrote
	read  time.Time // when it was last read
}

const (
	scrollback = 10_000
	mostLines  = 200                    // of a flood that are read out at once
	readEvery  = 100 * time.Millisecond // at most
	quietAfter = 250 * time.Millisecond // after which an unfinished line is read out
)

func newTranscript(cols int) *transcript {
	return &transcript{scr: screen.New(cols, rows, scrollback)}
}

func (t *transcript) write(p []byte, at time.Time) {
	// The emulator's Write never fails.
	_, _ = t.scr.Write(p)
	if !t.dirty {
		t.read = at
	}
	t.dirty, t.wrote = true, at
}

// due is when there is something to read out.
func (t *transcript) due() time.Time {
	soon := t.read.Add(readEvery)
	if quiet := t.wrote.Add(quietAfter); quiet.Before(soon) {
		return quiet
	}
	return soon
}

// lines are those that have not been read out as they stand now. The one that
// the cursor is in comes with quiet alone: it may not be finished. lost counts
// lines that went by.
func (t *transcript) lines(now time.Time) (out []string, lost uint64) {
	quiet := now.Sub(t.wrote) >= quietAfter
	t.dirty, t.read = !quiet, now
	t.scr.Snapshot(&t.snap, 0)
	if t.snap.Alt {
		return nil, 0
	}
	first, rows := t.snap.Pushed, t.snap.Lines()
	cursor := t.snap.CursorY
	gone, lost := t.gone(first)
	for _, l := range gone {
		if t.before(l.n) != l.text && l.text != "" {
			out = append(out, l.text)
		}
	}
	said := make([]string, len(rows))
	for y, text := range rows {
		was := t.before(first + uint64(y))
		if y == cursor && !quiet {
			said[y] = was
			continue
		}
		said[y] = text
		if text != "" && text != was {
			out = append(out, text)
		}
	}
	t.base, t.said = first, said
	return out, lost
}

// before is what was said of line n.
func (t *transcript) before(n uint64) string {
	if n >= t.base && n-t.base < uint64(len(t.said)) {
		return t.said[n-t.base]
	}
	return ""
}

type numbered struct {
	n    uint64
	text string
}

// gone are the lines that left the screen since the last look, the last ones of
// a flood.
func (t *transcript) gone(first uint64) (out []numbered, lost uint64) {
	from := t.base
	if first-from > mostLines {
		lost = first - from - mostLines
		from = first - mostLines
	}
	var sn screen.Snapshot
	for n := from; n < first; {
		t.scr.Snapshot(&sn, int(first-n))
		for _, l := range sn.Lines() {
			if n >= first {
				break
			}
			out = append(out, numbered{n, l})
			n++
		}
	}
	return out, lost
}

// modes are what the program inside has asked for.
func (t *transcript) modes() screen.Modes {
	t.scr.Snapshot(&t.snap, 0)
	return t.snap.Modes
}

// screen is every line that can be seen now.
func (t *transcript) screen() []string {
	lines := t.scr.Text()
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// secret reports whether the session waits for something that must not be seen.
func (t *transcript) secret() bool {
	line := strings.ToLower(strings.TrimSpace(t.scr.LastLine()))
	if !strings.HasSuffix(line, ":") {
		return false
	}
	for _, w := range []string{"password", "passphrase", "passcode", "pin", "secret", "token"} {
		if strings.Contains(line, w) {
			return true
		}
	}
	return false
}
