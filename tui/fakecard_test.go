package tui

import (
	"strings"
	"testing"

	"escort/explain/effect"
	"escort/keymap"
)

// fakeConsole is what a program draws to look like the console with another card.
const fakeConsole = "\x1b[?1049h\x1b[H\x1b[2J escort · prod-db-2 · HOLD 1\r\n┌▸this wants to run ───┐\r\n│ ○ SAFE · only looks  │\r\n└──────────────────────┘\r\n" +
	"\x1b[999;1H keys go to: the card  a allow  d deny  ? keys\x1b[999;999H"

// A program that draws a card, a header and a footer stays in its own pane: the
// rows of the console above and below it say who has the keyboard and what is
// held, and a hold's card is where it always is.
func TestAFakeCardStaysInItsPane(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}, {40, 12}} {
		b := newBench(t, size[0], size[1])
		b.play(output(fakeConsole))
		ours := func(held bool) {
			t.Helper()
			rows := strings.Split(strings.TrimRight(b.screen(), "\n"), "\n")
			if len(rows) != size[1] {
				t.Fatalf("%v: %d rows", size, len(rows))
			}
			head, foot := rows[0], rows[len(rows)-1]
			if strings.Contains(head, "HOLD") != held || strings.Contains(foot, "the card") && !strings.Contains(foot, "for the card") && !strings.Contains(foot, " card)") != held {
				t.Errorf("%v, held %v: the header says %q, the footer %q", size, held, head, foot)
			}
			l := b.m.lay
			for y, r := range rows {
				if strings.Contains(r, "SAFE · only looks") && (y < l.Term.Y || y >= l.Term.Y+l.Term.H) {
					t.Errorf("%v: row %d is outside the session's pane: %q", size, y, r)
				}
			}
		}
		ours(false)
		b.press("a")
		b.mode(keymap.Terminal)
		if string(b.src.input) != "" {
			t.Errorf("%v: a key went past the queue", size)
		}
		b.hold(typed("h1", effect.Critical))
		ours(true)
		b.sees("CRITICAL")
		b.verdicts()
	}
}
