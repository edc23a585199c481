// Package coding reads the ways to write text that commands, code and programs
// have in common: base64, base32 and letters of two bytes. Whoever hides
// something picks one of them, whatever the language around it.
//
// # Limits
//
// What programs do with text that is not well-formed differs; here it is an
// error, and the caller says that it is not known what comes out.
package coding

import (
	"encoding/base32"
	"encoding/base64"
	"strings"
	"unicode/utf16"
)

var oneAlphabet = strings.NewReplacer("-", "+", "_", "/", "\n", "", " ", "")

// Base64 decodes either alphabet (RFC 4648 §4 and §5), with or without padding,
// blanks and ends of lines left out.
func Base64(s string) ([]byte, error) {
	return base64.RawStdEncoding.DecodeString(strings.TrimRight(oneAlphabet.Replace(s), "="))
}

// Base32 decodes with or without padding (RFC 4648 §6).
func Base32(s string) ([]byte, error) {
	return base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(s, "="))
}

// UTF16 reads text of two bytes a letter, the lower one first. A byte that is
// left over is left out.
func UTF16(s string) string {
	u := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		u = append(u, uint16(s[i])|uint16(s[i+1])<<8)
	}
	return string(utf16.Decode(u))
}
