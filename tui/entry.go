package tui

import (
	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"escort/keymap"
)

// entry is a line that is being written. The zero value is an empty one.
type entry struct {
	line   *textinput.Model // nil: empty
	wrong  bool             // the last word was not the right one
	picked bool             // the text is a reason that was chosen by its number
}

// maxEntry bounds what can be written, in characters.
const maxEntry = 500

// writes are the modes in which keys write text.
var writes = map[keymap.Mode]bool{keymap.Word: true, keymap.Deny: true, keymap.Message: true, keymap.Search: true, keymap.Presence: true}

// text is what was written so far.
func (e *entry) text() string {
	if e.line == nil {
		return ""
	}
	return e.line.Value()
}

// parts is the text before and after the cursor.
func (e *entry) parts() (before, after string) {
	if e.line == nil {
		return "", ""
	}
	r := []rune(e.line.Value())
	at := min(e.line.Position(), len(r))
	return string(r[:at]), string(r[at:])
}

// takes reports whether the key writes or edits something in mode.
func (e *entry) takes(mode keymap.Mode, k tea.Key) bool {
	if !writes[mode] {
		return false
	}
	if k.Text != "" && !k.Mod.Contains(tea.ModCtrl) && !k.Mod.Contains(tea.ModAlt) {
		return true
	}
	m := textinput.DefaultKeyMap()
	return e.line != nil && key.Matches(tea.KeyPressMsg(k), m.CharacterForward, m.CharacterBackward, m.LineStart, m.LineEnd,
		m.WordForward, m.WordBackward, m.DeleteCharacterForward, m.DeleteWordBackward, m.DeleteBeforeCursor, m.DeleteAfterCursor)
}

// press writes or edits with one key; add inserts a text.
func (e *entry) press(k tea.Key) {
	if k.Text != "" {
		e.add(k.Text)
		return
	}
	e.update(tea.KeyPressMsg(k))
}

func (e *entry) add(text string) {
	if e.picked {
		text = ": " + text
	}
	e.wrong, e.picked = false, false
	e.update(tea.PasteMsg{Content: text})
}

func (e *entry) update(msg tea.Msg) {
	if e.line == nil {
		line := textinput.New()
		line.CharLimit = maxEntry
		line.Focus()
		e.line = &line
	}
	// The commands blink a cursor that is drawn elsewhere.
	line, _ := e.line.Update(msg)
	e.line = &line
}

func (m *Model) erase(string) tea.Cmd {
	if m.entry.picked { // chosen by one key, taken back by one
		m.entry = entry{}
		return nil
	}
	m.entry.update(tea.KeyPressMsg{Code: tea.KeyBackspace})
	return nil
}
