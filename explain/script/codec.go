package script

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/hex"
	"io"
	"net/url"
	"strconv"
	"strings"

	"escort/explain/coding"
)

// codec makes text of text.
type codec func(string) (string, bool)

// codecs are ways to write text so that it cannot be read, by the names that
// they have as a setting: "…".decode("hex").
var codecs = map[string]codec{
	"base64": unbase64, "base64url": unbase64, "base_64": unbase64, "b64": unbase64, "hex": unhex, "hex_codec": unhex, "rot13": rot13, "rot_13": rot13, "rot-13": rot13,
	"zlib": inflate, "zip": inflate, "base32": unbase32, "uu": uudecode,
	"utf8": same, "utf-8": same, "ascii": same, "latin1": same, "latin-1": same, "binary": same, "iso-8859-1": same, "us-ascii": same, "utf16le": wide, "utf-16le": wide, "utf-16-le": wide, "ucs2": wide,
	"unicode_escape": unescape, "unicode-escape": unescape, "string_escape": unescape,
}

func same(s string) (string, bool)  { return s, true }
func lower(s string) (string, bool) { return strings.ToLower(s), true }
func upper(s string) (string, bool) { return strings.ToUpper(s), true }
func trim(s string) (string, bool)  { return strings.TrimSpace(s), true }

func unbase64(s string) (string, bool) {
	b, err := coding.Base64(s)
	return string(b), err == nil && s != ""
}

func unbase32(s string) (string, bool) {
	b, err := coding.Base32(strings.ToUpper(s))
	return string(b), err == nil && s != ""
}

func unhex(s string) (string, bool) {
	b, err := hex.DecodeString(strings.NewReplacer(" ", "", "\n", "").Replace(s))
	return string(b), err == nil && s != ""
}

func rot13(s string) (string, bool) {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z':
			return 'a' + (c-'a'+13)%26
		case c >= 'A' && c <= 'Z':
			return 'A' + (c-'A'+13)%26
		}
		return c
	}, s), true
}

// inflate unpacks what zlib, gzip or bare deflate made.
func inflate(s string) (string, bool) {
	var r io.Reader
	if z, err := zlib.NewReader(strings.NewReader(s)); err == nil {
		r = z
	} else if g, err := gzip.NewReader(strings.NewReader(s)); err == nil {
		r = g
	} else {
		r = flate.NewReader(strings.NewReader(s))
	}
	out, err := io.ReadAll(io.LimitReader(r, maxValue+1))
	// A sum at the end that is wrong does not stop the readers of every language.
	return string(out), (err == nil || len(out) > 0) && len(out) <= maxValue && len(out) > 0
}

func uudecode(s string) (string, bool) {
	var b bytes.Buffer
	for line := range strings.SplitSeq(strings.TrimSuffix(s, "\n"), "\n") {
		if line == "" {
			continue
		}
		want, quads := int(line[0]-' ')&63, line[1:]
		var got []byte
		for i := 0; i < len(quads) && len(got) < want; i += 4 {
			var v uint32
			for k := range 4 {
				v <<= 6
				if i+k < len(quads) {
					v |= uint32(quads[i+k]-' ') & 63
				}
			}
			got = append(got, byte(v>>16), byte(v>>8), byte(v))
		}
		b.Write(got[:min(want, len(got))])
	}
	return b.String(), b.Len() > 0
}

func wide(s string) (string, bool) { return coding.UTF16(s), true }

func percent(s string) (string, bool) {
	out, err := url.PathUnescape(s)
	return out, err == nil
}

func unescape(s string) (string, bool) {
	out, _ := until(s, "\x00", false)
	return strings.TrimSuffix(out, "\x00"), true
}

// unpack reads data by a template of pack and unpack: what Perl, Ruby and PHP
// write with H*, m, u, C*, U*, a*, A*, N, n and N*.
func unpack(template, data string) (value, bool) {
	kind, _ := packKind(template)
	if f, ok := map[byte]codec{'m': unbase64, 'u': uudecode, 'M': same}[kind]; ok {
		s, ok := f(data)
		return listOf([]value{str(s).hid()}), ok
	}
	switch kind {
	case 'a', 'A':
		return listOf([]value{str(data)}), true
	case 'H':
		return listOf([]value{str(hex.EncodeToString([]byte(data)))}), true
	case 'C', 'c':
		v := str(data)
		v.bytes = true
		return listOf(v.items()), true
	case 'U', 'W':
		var out []value
		for _, r := range data {
			out = append(out, num(int64(r)))
		}
		return listOf(out), true
	}
	return value{}, false
}

// packed writes values by a template.
func packed(template string, vs []value) (value, bool) {
	kind, width := packKind(template)
	var b strings.Builder
	for _, v := range vs {
		n, isNumber := v.number()
		switch kind {
		case 'H', 'h':
			s, ok := unhex(v.text())
			if !ok {
				return value{}, false
			}
			b.WriteString(s)
		case 'a', 'A':
			b.WriteString(v.text())
		case 'C', 'c', 'U', 'W':
			if !isNumber || n < 0 || n > 0x10FFFF {
				return value{}, false
			}
			b.WriteRune(rune(n))
		case 'N', 'n', 'V', 'v', 'L', 'S':
			if !isNumber {
				return value{}, false
			}
			little := kind == 'V' || kind == 'v' || kind == 'L' || kind == 'S'
			for i := range width {
				shift := 8 * (width - 1 - i)
				if little {
					shift = 8 * i
				}
				b.WriteByte(byte(n >> shift))
			}
		default:
			return value{}, false
		}
		if strings.Trim(template, "0123456789*HhaACcUWNnVvLS ") != "" {
			return value{}, false
		}
	}
	return str(b.String()).hid(), b.Len() > 0
}

func packKind(template string) (kind byte, width int) {
	template = strings.TrimSpace(template)
	if template == "" {
		return 0, 0
	}
	width = 4
	if strings.IndexByte("nvS", template[0]) >= 0 {
		width = 2
	}
	return template[0], width
}

// whichNumber reads a number as code writes it: 0x41, 0b1, 0o7, 65.
func whichNumber(s string) (int64, bool) {
	n, err := strconv.ParseInt(strings.ToLower(strings.ReplaceAll(s, "_", "")), 0, 64)
	return n, err == nil
}
