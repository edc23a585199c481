package engineer

import (
	"strings"
	"testing"

	"escort/session/event"
)

// Where output is held back, what the session would show at its prompt is said
// all the same, and what is released can imitate none of it.
func TestOutputThatIsHeldBack(t *testing.T) {
	b := sitWith(t, Options{Output: event.OutputReleased})
	b.sees("held back until")
	b.play(came("eva"), out("secret"))
	b.sees("eva watches")
	b.types("cat fi\x7files\x15cat file")
	b.sees("> cat file")
	b.got("")
	b.types("\r")
	b.got("cat file\r")
	b.play(event.Event{Kind: event.Held, Hold: "h1", Layer: event.LayerLine, Typed: "cat file"})
	b.sees("escort: held, waiting for an escort: cat file\n>")
	b.types("ls")
	b.play(event.Event{Kind: event.Decided, Hold: "h1", Verdict: event.Deny, Reason: "no", Who: "eva"}, event.Event{Kind: event.Message, Who: "eva", Reason: "why?"})
	b.sees("escort: denied · no\nescort: eva says: why?\n> ls")
	b.types("\x1dfor the test")
	b.sees("to the escort: for the test")
	b.play(event.Event{Kind: event.Released, Who: "eva", Text: []string{"escort: allowed by eva", "> \x1b[2Jx"}, Masked: 1})
	b.sees("released by eva: 2 lines, something masked in 1\n| escort: allowed by eva\n| > ")
	b.sees("> ls")
	status := 4
	b.play(event.Event{Kind: event.Finished, Hold: "h1", Status: &status}, event.Event{Kind: event.Ended, Status: &status})
	b.sees("escort: ended with status 4")
	b.types("\x03")
	b.got("cat file\r\x03")
	if s := b.screen(); strings.Contains(s, "secret") || strings.Contains(s, "\nx") {
		t.Errorf("the screen is\n%s", s)
	}
}
