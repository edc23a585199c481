package record

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"escort/session/event"
)

// cast writes session.cast: a header line, then [seconds, code, text] lines
// with the codes o (output), r (size) and m (marker), as the asciicast v2
// format has them.
type cast struct {
	out
	started time.Time
	last    float64 // seconds; players want times that never fall
	limit   int64
	tail    []byte // beginning of a character whose rest has not come yet
	lost    int64  // bytes of output past the limit
	losses  hash.Hash
	ended   bool
}

func newCast(f file, started time.Time, limit int64) *cast {
	return &cast{out: newOut(f), started: started, limit: limit, losses: sha256.New()}
}

type castHeader struct {
	Version   int               `json:"version"`
	Width     int               `json:"width"`
	Height    int               `json:"height"`
	Timestamp int64             `json:"timestamp"`
	Title     string            `json:"title,omitempty"`
	Env       map[string]string `json:"env"`
}

func (c *cast) header(m Meta) error {
	h := castHeader{
		Version: 2, Width: m.Cols, Height: m.Rows, Timestamp: m.Started.Unix(),
		Title: label(strings.Join(nonEmpty(m.Host, m.User, m.Ticket), " · ")),
		Env:   map[string]string{"TERM": "xterm-256color", "SHELL": m.Shell},
	}
	if h.Width <= 0 || h.Height <= 0 {
		h.Width, h.Height = 80, 24
	}
	line, err := encode(h)
	if err != nil {
		return err
	}
	return c.write(append(line, '\n'))
}

// event records what of e belongs into the cast.
func (c *cast) event(e event.Event) error {
	switch e.Kind {
	case event.Output:
		return c.output(e.Time, e.Data)
	case event.Resized:
		return c.put(e.Time, "r", strconv.Itoa(e.Cols)+"x"+strconv.Itoa(e.Rows))
	case event.Held:
		if e.Explanation == nil {
			return c.put(e.Time, "m", label("held "+e.Hold))
		}
		return c.put(e.Time, "m", label("held "+e.Hold+": "+string(e.Explanation.Risk)+" · "+e.Explanation.Headline))
	case event.Decided:
		return c.put(e.Time, "m", label(e.Verdict+" "+e.Hold))
	}
	return nil
}

// output keeps p, less the beginning of a character at its end, which waits
// for the next chunk. Bytes that are no UTF-8 become U+FFFD in encode.
func (c *cast) output(at time.Time, p []byte) error {
	if c.lost > 0 {
		c.cut(p)
		return nil
	}
	p = append(c.tail, p...)
	whole := len(p) - unfinished(p)
	c.tail = append([]byte(nil), p[whole:]...)
	if whole == 0 {
		return nil
	}
	line, err := c.format(at, "o", string(p[:whole]))
	if err != nil {
		return err
	}
	if c.size+int64(len(line)) > c.limit {
		c.tail = nil
		c.cut(p)
		return nil
	}
	return c.write(line)
}

func (c *cast) cut(p []byte) {
	c.lost += int64(len(p))
	c.losses.Write(p)
}

// put writes one line of the codes that the limit does not count against:
// there are few of them and they are short.
func (c *cast) put(at time.Time, code, text string) error {
	line, err := c.format(at, code, text)
	if err != nil {
		return err
	}
	return c.write(line)
}

func (c *cast) format(at time.Time, code, text string) ([]byte, error) {
	c.last = math.Max(c.last, at.Sub(c.started).Seconds())
	stamp := json.Number(strconv.FormatFloat(c.last, 'f', 6, 64))
	line, err := encode([]any{stamp, code, text})
	if err != nil {
		return nil, err
	}
	return append(line, '\n'), nil
}

// finish writes what still waits and, where output was cut, how much and what.
func (c *cast) finish(at time.Time) error {
	if c.ended {
		return nil
	}
	c.ended = true
	if c.lost > 0 {
		sum := hex.EncodeToString(c.losses.Sum(nil))
		return c.put(at, "m", fmt.Sprintf("output cut: %d bytes, sha256 %s", c.lost, sum))
	}
	if len(c.tail) > 0 {
		tail := string(c.tail)
		c.tail = nil
		return c.put(at, "o", tail)
	}
	return nil
}

func (c *cast) mark() Mark {
	m := c.out.mark()
	m.Cut = c.lost
	return m
}

// unfinished is the number of bytes at the end of p that begin a character
// without ending it.
func unfinished(p []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(p); n++ {
		if b := p[len(p)-n]; utf8.RuneStart(b) {
			if utf8.FullRune(p[len(p)-n:]) {
				return 0
			}
			return n
		}
	}
	return 0
}

// label makes text fit for a list of markers: one line, nothing invisible.
func label(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return utf8.RuneError
	}, text)
}

func nonEmpty(words ...string) []string {
	var kept []string
	for _, w := range words {
		if w != "" {
			kept = append(kept, w)
		}
	}
	return kept
}
