package pane

import (
	"strconv"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"escort/session/screen"
)

// fixed are keys that send the same bytes whatever the modes.
var fixed = map[rune]string{
	tea.KeyEnter: "\r", tea.KeyKpEnter: "\r", tea.KeyTab: "\t", tea.KeyBackspace: "\x7f", tea.KeyEscape: "\x1b",
}

// finals are keys of the form CSI 1 ; m X; with DECCKM and no modifier SS3 X.
var finals = map[rune]byte{
	tea.KeyUp: 'A', tea.KeyDown: 'B', tea.KeyRight: 'C', tea.KeyLeft: 'D', tea.KeyHome: 'H', tea.KeyEnd: 'F',
	tea.KeyBegin: 'E', tea.KeyKpUp: 'A', tea.KeyKpDown: 'B', tea.KeyKpRight: 'C', tea.KeyKpLeft: 'D',
	tea.KeyKpHome: 'H', tea.KeyKpEnd: 'F', tea.KeyKpBegin: 'E',
}

// ss3 are function keys that are SS3 X without a modifier, CSI 1 ; m X with one.
var ss3 = map[rune]byte{tea.KeyF1: 'P', tea.KeyF2: 'Q', tea.KeyF3: 'R', tea.KeyF4: 'S'}

// tildes are keys of the form CSI n ; m ~.
var tildes = map[rune]int{
	tea.KeyInsert: 2, tea.KeyDelete: 3, tea.KeyPgUp: 5, tea.KeyPgDown: 6, tea.KeyFind: 1, tea.KeySelect: 4,
	tea.KeyKpInsert: 2, tea.KeyKpDelete: 3, tea.KeyKpPgUp: 5, tea.KeyKpPgDown: 6,
	tea.KeyF5: 15, tea.KeyF6: 17, tea.KeyF7: 18, tea.KeyF8: 19, tea.KeyF9: 20, tea.KeyF10: 21, tea.KeyF11: 23,
	tea.KeyF12: 24, tea.KeyF13: 25, tea.KeyF14: 26, tea.KeyF15: 28, tea.KeyF16: 29, tea.KeyF17: 31,
	tea.KeyF18: 32, tea.KeyF19: 33, tea.KeyF20: 34,
}

// keypad are the keys of the number block by the text that they stand for.
var keypad = map[rune]string{
	tea.KeyKpEqual: "=", tea.KeyKpMultiply: "*", tea.KeyKpPlus: "+", tea.KeyKpComma: ",", tea.KeyKpMinus: "-",
	tea.KeyKpDecimal: ".", tea.KeyKpDivide: "/", tea.KeyKp0: "0", tea.KeyKp1: "1", tea.KeyKp2: "2", tea.KeyKp3: "3",
	tea.KeyKp4: "4", tea.KeyKp5: "5", tea.KeyKp6: "6", tea.KeyKp7: "7", tea.KeyKp8: "8", tea.KeyKp9: "9",
}

// Encode is what the key sends to the program inside, in the manner of xterm
// (ctlseqs, "PC-Style Function Keys"); nil for keys that send nothing.
func Encode(k tea.Key, m screen.Modes) []byte {
	mod := modifier(k.Mod)
	if s, ok := fixed[k.Code]; ok {
		return []byte(encodeFixed(s, k))
	}
	if f, ok := finals[k.Code]; ok {
		return []byte(encodeFinal(f, mod, m.AppCursor))
	}
	if f, ok := ss3[k.Code]; ok {
		return []byte(encodeFinal(f, mod, true))
	}
	if n, ok := tildes[k.Code]; ok {
		if mod == 1 {
			return []byte("\x1b[" + strconv.Itoa(n) + "~")
		}
		return []byte("\x1b[" + strconv.Itoa(n) + ";" + strconv.Itoa(mod) + "~")
	}
	return []byte(encodeText(k))
}

// modifier is xterm's number for the modifiers, 1 for none.
func modifier(m tea.KeyMod) int {
	n := 1
	for bit, mod := range []tea.KeyMod{tea.ModShift, tea.ModAlt, tea.ModCtrl, tea.ModMeta} {
		if m.Contains(mod) {
			n += 1 << bit
		}
	}
	return n
}

func encodeFixed(s string, k tea.Key) string {
	switch {
	case k.Code == tea.KeyTab && k.Mod.Contains(tea.ModShift):
		s = "\x1b[Z"
	case k.Code == tea.KeyBackspace && k.Mod.Contains(tea.ModCtrl):
		s = "\x08"
	}
	if k.Mod.Contains(tea.ModAlt) {
		return "\x1b" + s
	}
	return s
}

func encodeFinal(f byte, mod int, app bool) string {
	switch {
	case mod != 1:
		return "\x1b[1;" + strconv.Itoa(mod) + string(f)
	case app:
		return "\x1bO" + string(f)
	}
	return "\x1b[" + string(f)
}

func encodeText(k tea.Key) string {
	s := k.Text
	if p, ok := keypad[k.Code]; ok && s == "" {
		s = p
	}
	if s == "" && k.Code >= ' ' && k.Code <= utf8.MaxRune && k.Code != 0x7f {
		s = string(k.Code)
	}
	if utf8.RuneCountInString(s) == 1 && k.Mod.Contains(tea.ModShift) && k.Text == "" {
		s = strings.ToUpper(s)
	}
	if k.Mod.Contains(tea.ModCtrl) {
		s = control(s)
	}
	if s != "" && k.Mod.Contains(tea.ModAlt) {
		return "\x1b" + s
	}
	return s
}

// controls are what ctrl with a key sends, beside the letters.
var controls = map[string]string{
	" ": "\x00", "@": "\x00", "2": "\x00", "[": "\x1b", "3": "\x1b", "\\": "\x1c", "4": "\x1c", "5": "\x1d",
	"^": "\x1e", "6": "\x1e", "_": "\x1f", "7": "\x1f", "/": "\x1f", "-": "\x1f", "8": "\x7f", "?": "\x7f",
}

// control is what ctrl with the text sends. ctrl+] has no bytes here: it is
// the console's own key.
func control(s string) string {
	if c, ok := controls[s]; ok {
		return c
	}
	if len(s) == 1 && s != "]" {
		if c := s[0] | 0x20; c >= 'a' && c <= 'z' {
			return string(c & 0x1f)
		}
	}
	if s == "]" {
		return ""
	}
	return s
}

const (
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

// EncodePaste is what a paste sends: line ends as Enter, in brackets if the
// program asked for them, and without an end bracket of its own, also one that
// appears only when another is taken out.
func EncodePaste(text string, m screen.Modes) []byte {
	for strings.Contains(text, pasteEnd) {
		text = strings.ReplaceAll(text, pasteEnd, "")
	}
	text = strings.NewReplacer("\r\n", "\r", "\n", "\r").Replace(text)
	if m.BracketedPaste {
		text = pasteStart + text + pasteEnd
	}
	return []byte(text)
}
