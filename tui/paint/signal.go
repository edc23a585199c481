package paint

import (
	"io"

	"github.com/charmbracelet/x/ansi"
)

// notice is what a note on the desktop says; nothing of a session is in it.
const notice = "escort: a command is held and waits for you"

// maxCopy bounds what is put onto the clipboard, in bytes: terminals refuse
// longer ones.
const maxCopy = 64 << 10

// Ring rings the terminal's bell.
func (p *Painter) Ring() { p.send("\a") }

// Notify asks the terminal for a note on the desktop (OSC 9).
func (p *Painter) Notify() { p.send(ansi.Notify(notice)) }

// Copy puts a text that was made visible onto the clipboard (OSC 52); ok is
// false for one that is too long. The text goes as base64, so that nothing in it
// can end the sequence.
func (p *Painter) Copy(text string) (ok bool) {
	if len(text) > maxCopy {
		return false
	}
	p.send(ansi.SetSystemClipboard(text))
	return true
}

func (p *Painter) send(seq string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		_, _ = io.WriteString(p.w, seq) // a terminal that is gone ends the input too
	}
}
