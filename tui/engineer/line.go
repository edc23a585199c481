package engineer

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"escort/explain/quote"
	"escort/keymap"
)

// free reports whether a line of our own may be written now.
func (t *terminal) free() bool { return t.scr.Between() && !t.pane.Modes().AltScreen && t.talk == nil }

// say writes lines above the one with the cursor, or keeps them for later.
func (t *terminal) say(lines ...string) {
	if t.opt.Notes != nil {
		for _, l := range lines {
			_, _ = io.WriteString(t.opt.Notes, line(l)+"\n")
		}
		return
	}
	if !t.free() {
		t.later = append(t.later, lines...)
		return
	}
	if t.held != "" {
		t.beside(lines[len(lines)-1])
		return
	}
	for i, l := range lines {
		lines[i] = line(l)
	}
	t.above(lines)
}

// above writes lines above the one with the cursor.
func (t *terminal) above(lines []string) {
	row, col := t.row()
	var b strings.Builder
	b.WriteString("\r\x1b[0m\x1b[K")
	for _, l := range lines {
		b.WriteString(l + "\r\n")
	}
	fmt.Fprintf(&b, "%s\x1b[%dG", row, col+1) // where the terminal stands on its screen is not known
	t.write([]byte(b.String()))
	_, _ = t.scr.Write([]byte(b.String()))
	t.scr.Replies()
}

// beside writes a line behind the cursor, where the session wipes it with what it
// says of a held line itself.
func (t *terminal) beside(text string) {
	_, col := t.row()
	room := t.opt.Cols - col - 1
	said := []rune(" · " + quote.Line(text).String())
	if len(said) > room {
		said = append(said[:max(room-1, 0)], '…')
	}
	if room > 0 {
		t.write([]byte("\x1b7\x1b[0m\x1b[K" + string(said) + "\x1b8"))
	}
}

// row is the line with the cursor as it looks, and the cursor's column.
func (t *terminal) row() (text string, col int) {
	lines, cursor := t.pane.View(t.opt.Cols, t.opt.Rows)
	if cursor.Y < 0 || cursor.Y >= len(lines) {
		return "", 0
	}
	return strings.TrimRight(lines[cursor.Y], " "), cursor.X
}

// talk is a message to the escort while it is written.
type talk struct{ text []byte }

// ask begins a message on the line with the cursor.
func (t *terminal) ask() {
	t.talk = &talk{}
	t.write([]byte("\x1b7"))
	t.draw()
}

// draw shows the message as far as it was written, its end where it is long.
func (t *terminal) draw() {
	const mark = "to the escort: "
	text := []rune(line(mark + string(t.talk.text)))
	if most := max(t.opt.Cols-1, 1); len(text) > most {
		text = text[len(text)-most:]
	}
	t.write([]byte("\r\x1b[0m\x1b[K" + string(text)))
}

// written takes keys of a message.
func (t *terminal) written(p []byte) {
	for i, b := range p {
		a, _ := keymap.LineKey(b)
		switch {
		case a == keymap.Enter:
			text := strings.TrimSpace(string(t.talk.text))
			t.hush()
			if text != "" {
				t.tell(text)
			}
			_ = t.typed(p[i+1:])
			return
		case a == keymap.Switch, a == keymap.Nothing, b == 0x1b:
			t.hush()
			return // the rest of a key that takes it back is no input
		case a == keymap.Back:
			t.talk.text = nil
		case a == keymap.Erase:
			_, n := utf8.DecodeLastRune(t.talk.text)
			t.talk.text = t.talk.text[:len(t.talk.text)-n]
		case b >= 0x20 && len(t.talk.text) < maxMessage:
			t.talk.text = append(t.talk.text, b)
		}
	}
	t.draw()
}

// maxMessage is how long a message may be, in bytes.
const maxMessage = 2000

// tell sends a message.
func (t *terminal) tell(text string) {
	if err := t.src.Tell(context.Background(), text); err != nil {
		t.say("not sent: " + err.Error())
		return
	}
	t.say("sent to the escort: " + text)
}

// hush puts the message away, and brings the line back that it stood on.
func (t *terminal) hush() {
	if t.talk == nil {
		return
	}
	t.talk = nil
	row, _ := t.row()
	t.write([]byte("\r\x1b[0m\x1b[K" + row + "\x1b8"))
	waiting := t.waiting
	t.waiting = nil
	t.pass(waiting)
}
