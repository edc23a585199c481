package shot

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// Cast writes pictures, row by row, as a recording of a terminal: asciicast
// version 2, which any player of such recordings shows. Of a picture only the
// rows are written that differ from the one before.
type Cast struct {
	out   *json.Encoder
	begun time.Time
	rows  []string
}

// NewCast begins a recording of a terminal with cols columns and rows rows.
func NewCast(w io.Writer, cols, rows int, title string, begun time.Time) (*Cast, error) {
	c := &Cast{out: json.NewEncoder(w), begun: begun}
	c.out.SetEscapeHTML(false)
	return c, c.out.Encode(struct {
		Version   int               `json:"version"`
		Width     int               `json:"width"`
		Height    int               `json:"height"`
		Timestamp int64             `json:"timestamp"`
		Title     string            `json:"title"`
		Env       map[string]string `json:"env"`
	}{2, cols, rows, begun.Unix(), title, map[string]string{"TERM": "xterm-256color"}})
}

// Show adds a picture that is seen from at on.
func (c *Cast) Show(at time.Time, rows []string) error {
	var b strings.Builder
	if c.rows == nil {
		b.WriteString("\x1b[?25l\x1b[2J")
	}
	for i, r := range rows {
		if i >= len(c.rows) || c.rows[i] != r {
			fmt.Fprintf(&b, "\x1b[%d;1H%s", i+1, r)
		}
	}
	c.rows = rows
	if b.Len() == 0 {
		return nil
	}
	seconds := math.Round(at.Sub(c.begun).Seconds()*1000) / 1000
	return c.out.Encode([]any{seconds, "o", b.String()})
}
