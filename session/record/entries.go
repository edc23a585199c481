package record

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"escort/session/event"
)

// Entry is a line that was entered in a session, and what came of it.
type Entry struct {
	Held, Decided event.Event
	Finished      *event.Event // nil: it did not end, or was denied
	Answer        string       // what the engineer said while it was held
	Output        []byte       // what the terminal showed while it ran

	from, to int64   // of the cast, in bytes; to is 0 to its end
	till     float64 // seconds of the cast
}

// ErrNoMeta is what Entries answers for a ledger that does not begin a session.
var ErrNoMeta = errors.New("the ledger does not say which session it is of")

// Entries reads the lines of a recorded session that were decided, with what
// they printed. It does not check the chain: see [Verify].
func Entries(dir string) (Meta, []Entry, error) {
	f, err := os.Open(filepath.Join(dir, LedgerFile))
	if err != nil {
		return Meta{}, nil, err
	}
	defer f.Close()
	var r entries
	in := bufio.NewReaderSize(f, 1<<16)
	for n := 1; ; n++ {
		line, err := readLine(in)
		if errors.Is(err, io.EOF) || errors.Is(err, errTorn) {
			break
		}
		var b body
		if err == nil {
			err = json.Unmarshal(line, &b)
		}
		if err != nil {
			return Meta{}, nil, fmt.Errorf("line %d of the ledger: %w", n, err)
		}
		r.take(b)
	}
	if r.meta == nil {
		return Meta{}, nil, ErrNoMeta
	}
	return *r.meta, r.list, r.outputs(filepath.Join(dir, CastFile))
}

// entries collects what the lines of a ledger say.
type entries struct {
	meta *Meta
	held map[string]*Entry // that are not decided yet
	list []Entry
}

func (r *entries) take(b body) {
	e := b.Event
	e.Kind, e.Time = b.Kind, b.Time // hidden in the event by those of the line
	if b.Meta != nil {
		r.meta = b.Meta
	}
	switch {
	case e.Kind == event.Held && e.Layer == event.LayerLine:
		if r.held == nil {
			r.held = map[string]*Entry{}
		}
		r.held[e.Hold] = &Entry{Held: e}
		r.end(b)
	case e.Kind == event.Message:
		for _, h := range r.held {
			if r.meta != nil && e.Who != r.meta.Escort && h.Answer == "" {
				h.Answer = e.Reason
			}
		}
	case e.Kind == event.Decided && r.held[e.Hold] != nil:
		h := r.held[e.Hold]
		delete(r.held, e.Hold)
		h.Decided, h.till = e, math.Inf(1)
		if b.Cast != nil {
			h.from = b.Cast.Bytes
		}
		r.list = append(r.list, *h)
	case e.Kind == event.Finished && e.Hold != "":
		for i := range r.list {
			if h := &r.list[i]; h.Held.Hold == e.Hold && h.Finished == nil && r.meta != nil {
				h.Finished, h.till = &e, e.Time.Sub(r.meta.Started).Seconds()
			}
		}
	}
}

// end says where the output of the line before a hold ends at the latest.
func (r *entries) end(b body) {
	if n := len(r.list); n > 0 && b.Cast != nil && r.list[n-1].to == 0 {
		r.list[n-1].to = b.Cast.Bytes
	}
}

// outputs reads what each line printed out of the cast, where there is one.
func (r *entries) outputs(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	for at := int64(0); ; {
		line, err := readLine(in)
		if err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, errTorn) {
				err = nil
			}
			return err
		}
		var part []json.RawMessage
		if at > 0 && json.Unmarshal(line, &part) == nil && len(part) == 3 {
			r.printed(at, part)
		}
		at += int64(len(line)) + 1
	}
}

// printed gives a line of the cast, which begins at a byte of it, to the entry
// that it belongs to.
func (r *entries) printed(at int64, part []json.RawMessage) {
	var code, text string
	seconds, err := strconv.ParseFloat(string(part[0]), 64)
	if err != nil || json.Unmarshal(part[1], &code) != nil || json.Unmarshal(part[2], &text) != nil || code != "o" {
		return
	}
	for i := range r.list {
		h := &r.list[i]
		if h.Decided.Verdict == event.Allow && at >= h.from && (h.to == 0 || at < h.to) && seconds <= h.till {
			h.Output = append(h.Output, text...)
		}
	}
}
