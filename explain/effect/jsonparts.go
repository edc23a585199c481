package effect

import (
	"strconv"
	"unicode/utf8"
)

func appendText(b []byte, name, s string) []byte { return appendQuoted(append(b, name...), s) }

func appendNumber(b []byte, name string, n int) []byte {
	return strconv.AppendInt(append(b, name...), int64(n), 10)
}

func appendFlag(b []byte, name string, on bool) []byte {
	return strconv.AppendBool(append(b, name...), on)
}

func appendSpan(b []byte, s *Span) []byte {
	if s == nil {
		return b
	}
	return appendPair(append(b, `,"span":`...), *s)
}

func appendPair(b []byte, s Span) []byte {
	b = strconv.AppendInt(append(b, '['), int64(s[0]), 10)
	b = strconv.AppendInt(append(b, ','), int64(s[1]), 10)
	return append(b, ']')
}

func appendString(b []byte, s *string) []byte { return appendQuoted(b, *s) }

// appendWord adds a word of a plan, null where it is not known.
func appendWord(b []byte, w **string) []byte {
	if *w == nil {
		return append(b, "null"...)
	}
	return appendQuoted(b, **w)
}

func appendList[T any](b []byte, list []T, one func([]byte, *T) []byte) []byte {
	if list == nil {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(b, &list[i])
	}
	return append(b, ']')
}

// asIs are the bytes that stand for themselves in a JSON string.
var asIs = func() (t [256]bool) {
	for c := 0x20; c < utf8.RuneSelf; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

const hex = "0123456789abcdef"

// appendQuoted adds s as a JSON string.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		if asIs[s[i]] {
			i++
			continue
		}
		r, n := rune(s[i]), 1
		if s[i] >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
			if r != '\u2028' && r != '\u2029' && (r != utf8.RuneError || n > 1) {
				i += n
				continue
			}
		}
		b = appendEscaped(append(b, s[start:i]...), r)
		i += n
		start = i
	}
	return append(append(b, s[start:]...), '"')
}

// appendEscaped adds a character that must not stand in a JSON string, or that
// some readers of JSON cannot take.
func appendEscaped(b []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\b':
		return append(b, '\\', 'b')
	case '\f':
		return append(b, '\\', 'f')
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	return append(b, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}
