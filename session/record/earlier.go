package record

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"escort/session/event"
)

// The most that is read of earlier sessions, in bytes: of all of them, and of
// one line, which is skipped if it is longer.
const (
	maxEarlier     = 8 << 20
	maxEarlierLine = 1 << 20
)

// Earlier is what was decided in the sessions below root that began before now,
// since the day before it, the latest last. As [Allowed] it is a help for judging,
// no proof: the chain is not checked, and what cannot be read, or goes past a
// bound, counts as not remembered.
func Earlier(root string, now time.Time) []event.Judged {
	sessions := filepath.Join(root, "sessions")
	entries, err := os.ReadDir(sessions)
	if err != nil {
		return nil
	}
	since := now.AddDate(0, 0, -1).UTC().Format("20060102")
	until := now.UTC().Format("20060102-150405")
	left := int64(maxEarlier)
	var out []event.Judged
	for _, e := range slices.Backward(entries) { // the newest first: names begin with the time
		if e.Name() >= until {
			continue // the one that is asked for, or a later one
		}
		if !e.IsDir() || e.Name() < since || left <= 0 {
			break
		}
		js, n := judged(filepath.Join(sessions, e.Name(), LedgerFile), left)
		out, left = append(js, out...), left-n
	}
	return out
}

// judged reads the decisions of one ledger, and how many bytes that took.
func judged(file string, most int64) (out []event.Judged, n int64) {
	info, err := os.Lstat(file)
	if err != nil || !info.Mode().IsRegular() {
		return nil, 0
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, 0
	}
	defer f.Close()
	r := bufio.NewReaderSize(io.LimitReader(f, most), 64<<10)
	held := map[string]event.Event{}
	for {
		line, whole, err := shortLine(r)
		n += int64(len(line))
		var e event.Event
		if whole && json.Unmarshal(line, &e) == nil {
			switch e.Kind {
			case event.Held:
				held[e.Hold] = e
			case event.Decided:
				if h, ok := held[e.Hold]; ok {
					out = append(out, event.Judged{Held: h, Decided: e})
					delete(held, e.Hold)
				}
			}
		}
		if err != nil {
			return out, n
		}
	}
}

// shortLine reads a line up to its LF; whole is false if it is too long to be
// kept.
func shortLine(r *bufio.Reader) (line []byte, whole bool, err error) {
	whole = true
	for {
		part, err := r.ReadSlice('\n')
		if whole = whole && len(line)+len(part) <= maxEarlierLine; whole {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, whole, err
		}
	}
}
