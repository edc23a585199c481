package engineer

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"escort/explain/quote"
	"escort/keymap"
	"escort/session/event"
)

// outputs say what the engineer gets, where it is not all.
var outputs = map[string]string{
	event.OutputReleased: "what the session writes is held back until an escort releases it; what is secret in it is masked",
	event.OutputStatus:   "nothing is shown of what the session writes: only that a line has ended, and with which status",
}

// blind reports whether the session's output does not come here by itself.
func (t *terminal) blind() bool { return outputs[t.opt.Output] != "" }

// withheld says what is done with each kind of event where output is held back:
// what the session would show at its prompt is said from its events.
var withheld = map[string]func(*terminal, event.Event){
	event.Output:    func(*terminal, event.Event) {}, // none is sent
	event.Held:      (*terminal).sayHeld,
	event.Decided:   (*terminal).sayDecided,
	event.Parked:    func(t *terminal, _ event.Event) { t.say(event.PassedOn) },
	event.Withdrawn: func(t *terminal, e event.Event) { t.say(with("not held any more", e.Reason)) },
	event.Message:   (*terminal).sayMessage,
	event.Finished:  (*terminal).sayFinished,
	event.Ended:     (*terminal).sayEnded,
	event.Released:  (*terminal).takeReleased,
}

func (t *terminal) sayHeld(e event.Event) {
	what := "a program of it"
	if e.Layer == event.LayerLine {
		what, t.asked = e.Typed, e.Hold
	}
	t.say(with("held, waiting for an escort", what))
}

func (t *terminal) sayDecided(e event.Event) {
	if e.Hold == t.asked {
		t.denied, t.why = e.Verdict == event.Deny, e.Reason
	}
	switch {
	case e.Verdict == event.Allow:
		t.say("allowed by " + e.Who)
	case e.Reason == "":
		t.say("denied")
	default:
		t.say("denied · " + e.Reason)
	}
}

func (t *terminal) sayMessage(e event.Event) {
	switch {
	case e.Who == "escort":
		t.say(e.Reason)
	case slices.Contains(t.escorts, e.Who):
		t.say(e.Who + " says: " + e.Reason)
	}
}

func (t *terminal) sayFinished(e event.Event) {
	if e.Hold != "" && e.Status != nil {
		t.say(fmt.Sprintf("ended with status %d", *e.Status))
	}
}

func (t *terminal) sayEnded(e event.Event) {
	if e.Status != nil {
		t.say(fmt.Sprintf("it has ended with status %d", *e.Status))
	}
}

// takeReleased shows what was released.
func (t *terminal) takeReleased(e event.Event) {
	words := fmt.Sprintf("released by %s: %d lines", e.Who, len(e.Text))
	if e.Masked > 0 {
		words += fmt.Sprintf(", something masked in %d", e.Masked)
	}
	t.hush()
	t.say(words)
	bar := "| "
	if t.opt.Plain {
		bar = ""
	}
	lines := make([]string, len(e.Text))
	for i, l := range e.Text {
		lines[i] = bar + quote.Line(l).String()
	}
	if t.opt.Notes != nil {
		t.write([]byte(strings.Join(lines, "\n") + "\n"))
		return
	}
	t.above(lines)
}

// mark stands before what is typed.
const mark = "> "

// redraw shows the line that is written, its end where it is long.
func (t *terminal) redraw() {
	if !t.blind() || t.opt.Notes != nil || t.talk != nil {
		return
	}
	text := []rune(quote.Line(string(t.typing)).String())
	if most := max(t.opt.Cols-len(mark)-1, 1); len(text) > most {
		text = text[len(text)-most:]
	}
	t.pass([]byte("\r\x1b[0m\x1b[K" + mark + string(text)))
}

// compose takes keys of a line that is sent as a whole.
func (t *terminal) compose(p []byte) error {
	defer t.redraw()
	for i, b := range p {
		a, _ := keymap.LineKey(b)
		switch {
		case a == keymap.Switch:
			t.redraw()
			t.ask()
			t.written(p[i+1:])
			return nil
		case a == keymap.Nothing && !t.came:
			return ErrGaveUp
		case a == keymap.Nothing:
			t.typing = nil
			t.send([]byte{b})
		case a == keymap.Enter:
			t.redraw()
			t.pass([]byte("\r\n"))
			text := t.typing
			t.typing = nil
			t.send(append(text, '\r'))
		case a == keymap.Back:
			t.typing = nil
		case a == keymap.Erase:
			_, n := utf8.DecodeLastRune(t.typing)
			t.typing = t.typing[:len(t.typing)-n]
		case b == 0x1b:
			return nil // a key that edits nothing here
		case b >= 0x20 && len(t.typing) < maxMessage:
			t.typing = append(t.typing, b)
		}
	}
	return nil
}
