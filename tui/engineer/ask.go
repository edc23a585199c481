package engineer

import (
	"errors"
	"io"
	"unicode/utf8"

	"escort/keymap"
)

// Ask asks for a line on a terminal that edits none itself. It reads no further
// than the line's end; ctrl+c and the like take it back, which is [ErrGaveUp].
func Ask(in io.Reader, out io.Writer, question string) (string, error) {
	if _, err := io.WriteString(out, question); err != nil {
		return "", err
	}
	var text []byte
	one := make([]byte, 1)
	for {
		if n, err := in.Read(one); n == 0 {
			return "", errors.Join(ErrWent, err)
		}
		show := ""
		switch a, _ := keymap.LineKey(one[0]); {
		case a == keymap.Enter:
			_, err := io.WriteString(out, "\r\n")
			return string(text), err
		case a == keymap.Nothing:
			_, _ = io.WriteString(out, "\r\n")
			return "", ErrGaveUp
		case a == keymap.Erase && len(text) > 0:
			_, n := utf8.DecodeLastRune(text)
			text, show = text[:len(text)-n], "\b \b"
		case one[0] >= 0x20 && one[0] != 0x7f && len(text) < maxMessage:
			text, show = append(text, one[0]), string(one)
		}
		if _, err := io.WriteString(out, show); err != nil {
			return "", errors.Join(ErrWent, err)
		}
	}
}
