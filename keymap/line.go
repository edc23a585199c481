package keymap

// Line is what each key does while a line is written in the console of lines
// (plain mode). These keys are bytes that every terminal has, and cannot be
// given others.
var Line = []struct {
	Action Action
	Bytes  []byte
	Key    string
	Help   string
}{
	{Enter, []byte{'\r', '\n'}, "enter", "enters the line"},
	{Erase, []byte{0x7f, 0x08}, "backspace", "takes back the last character"},
	{Back, []byte{0x15}, "ctrl+u", "takes back the whole line"},
	{Switch, []byte{0x1d}, "ctrl+]", "changes between lines for the session and words for the console"},
	{Nothing, []byte{0x03, 0x04, 0x1a, 0x1c}, "ctrl+c, ctrl+d, ctrl+z, ctrl+\\", "are sent at once to the session while lines go there; for the console they do nothing"},
}

// LineKey is what a byte does while a line is written; ok is false where it is
// not a key of [Line].
func LineKey(b byte) (a Action, ok bool) {
	for _, k := range Line {
		for _, x := range k.Bytes {
			if x == b {
				return k.Action, true
			}
		}
	}
	return "", false
}
