package command

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text decodes a JSON string. Half a surrogate pair, which is how some writers
// put bytes that are no UTF-8 (\udc80 to \udcff stand for the bytes 80 to ff),
// becomes such a byte again: to replace it quietly, as encoding/json does,
// would hide from the explanation that something was disguised.
func text(raw json.RawMessage) (string, error) {
	if raw == nil {
		return "", errors.New("is missing")
	}
	s, ok := quickText(raw)
	if ok {
		return s, nil
	}
	if err := json.Unmarshal(raw, &s); err != nil || raw[0] != '"' {
		return "", errors.New("is not a string")
	}
	if !strings.ContainsRune(s, utf8.RuneError) {
		return s, nil
	}
	return withLoneHalves(string(raw[1 : len(raw)-1]))
}

// withLoneHalves decodes the inside of a valid JSON string in pieces, between
// the escapes of lone halves.
func withLoneHalves(inside string) (string, error) {
	var out strings.Builder
	piece := func(p string) error {
		var s string
		err := json.Unmarshal([]byte(`"`+p+`"`), &s)
		out.WriteString(s)
		return err
	}
	start := 0
	for i := 0; i < len(inside); {
		if inside[i] != '\\' {
			i++
			continue
		}
		r := escaped(inside[i:])
		if !utf16.IsSurrogate(r) {
			i += 2
			continue
		}
		if utf16.DecodeRune(r, escaped(inside[i+6:])) != utf8.RuneError {
			i += 12
			continue
		}
		if err := piece(inside[start:i]); err != nil {
			return "", err
		}
		if r >= 0xdc80 && r <= 0xdcff {
			out.WriteByte(byte(r - 0xdc00))
		} else {
			out.WriteByte(0xff)
		}
		i += 6
		start = i
	}
	err := piece(inside[start:])
	return out.String(), err
}

// escaped is the character of the \uXXXX that s begins with, else -1.
func escaped(s string) rune {
	if len(s) < 6 || s[:2] != `\u` {
		return -1
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}
