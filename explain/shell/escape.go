package shell

import (
	"strings"

	"mvdan.cc/sh/v3/expand"
)

// unescaped is text with the escapes of echo -e and printf %b taken off: \0nnn
// has up to three digits behind the zero there.
func unescaped(text string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' {
			b.WriteString("%%")
			continue
		}
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		if text[i] == '0' && i+3 < len(text) && c0(text[i+1]) < 8 && c0(text[i+2]) < 8 && c0(text[i+3]) < 8 {
			i++
		}
		b.WriteByte('\\')
		b.WriteByte(text[i])
	}
	out, _, err := formatted(b.String(), nil)
	return out, err == nil
}

// formatted is what printf makes of a format and words, and how many words it
// took. The settings are its own: the library keeps and changes those it is not
// given, while other lines are read.
func formatted(format string, words []string) (text string, used int, err error) {
	return expand.Format(&expand.Config{}, format, words)
}
