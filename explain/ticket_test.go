package explain

import (
	"context"
	"os"
	"strings"
	"testing"
)

// TestTickets holds pairs of a work order and a command to their verdict.
func TestTickets(t *testing.T) {
	text, err := os.ReadFile("testdata/tickets.tsv")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for row := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSpace(row), "\t")
		if len(f) != 3 {
			t.Fatalf("row %q has %d columns", row, len(f))
		}
		n++
		plain := line(t, f[1], Nowhere)
		e := Explain(context.Background(), Request{Text: f[1], World: Nowhere, Ticket: f[0]})
		if e.Ticket != f[2] {
			t.Errorf("%q, %s: %q, want %q; %+v", f[0], f[1], e.Ticket, f[2], e.Effects)
		}
		if !e.Risk.AtLeast(plain.Risk) {
			t.Errorf("%q lowers %s from %s to %s", f[0], f[1], plain.Risk, e.Risk)
		}
		sound(t, e)
	}
	if n < 60 {
		t.Errorf("there are only %d pairs", n)
	}
}
