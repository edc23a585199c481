package host

import (
	"strconv"
	"strings"
)

// glyphs are the named characters of groff_char(7) that pages use.
var glyphs = map[string]string{
	"aq": "'", "cq": "'", "oq": "'", "dq": `"`, "lq": `"`, "rq": `"`, "ha": "^", "ti": "~", "ga": "`", "bu": "-", "ci": "o", "em": "-", "en": "-",
	"hy": "-", "mi": "-", "co": "(c)", "rg": "(R)", "tm": "(TM)", "rs": `\`, "sl": "/", "la": "<", "ra": ">", "<=": "<=", ">=": ">=",
	"->": "->", "<-": "<-", "mu": "x", "pl": "+", "eq": "=", "at": "@", "sh": "#", "Do": "$", "lB": "[", "rB": "]", "lC": "{", "rC": "}",
	"ba": "|", "or": "|", "Fo": "<<", "Fc": ">>", "lh": "", "rh": "", "R": "(R)", "Tm": "(TM)", "Lq": `"`, "Rq": `"`,
}

// escapes are the escapes of one character.
var escapes = map[byte]string{
	'-': "-", 'e': `\`, '\\': `\`, '&': "", '~': " ", ' ': " ", '0': " ", '|': "", '^': "", '/': "", ',': "", ')': "", '%': "", ':': "",
	'c': "", '{': "", '}': "", 'p': "", 'd': "", 'u': "", 't': " ", '`': "`", '\'': "'", '.': ".", 'a': "", 'r': "",
}

// clean takes roff's escapes out of a piece of text.
func clean(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch c := s[i]; c {
		case '"', '#':
			return b.String()
		case '(':
			b.WriteString(glyphs[cut(s, i+1, i+3)])
			i += 2
		case '[':
			name, n := bracketed(s[i:])
			b.WriteString(glyph(name))
			i += n
		case '*':
			name, n := escapeName(s[i+1:])
			b.WriteString(glyphs[name])
			i += n
		case 'f', 'F', 'm', 'M', 'n', 'k', 'g', 'Y', 'V', 's':
			if c == 's' && i+1 < len(s) && (s[i+1] == '+' || s[i+1] == '-') {
				i++
			}
			_, n := escapeName(s[i+1:])
			i += n
		case 'h', 'v', 'w', 'l', 'L', 'D', 'o', 'X', 'x', 'N', 'S', 'H', 'b', 'Z', 'A', 'B', 'R':
			i += argument(s[i+1:])
		default:
			b.WriteString(escapes[c])
		}
		i = min(i, len(s))
	}
	return b.String()
}

// glyph is the character called name, or one given by its number as in u2014.
func glyph(name string) string {
	if g, ok := glyphs[name]; ok {
		return g
	}
	if code, err := strconv.ParseUint(strings.TrimPrefix(name, "u"), 16, 21); err == nil && strings.HasPrefix(name, "u") {
		return string(rune(code))
	}
	return ""
}

// escapeName reads the name that follows \f, \* or the like: x, (xx or [xx].
func escapeName(s string) (name string, n int) {
	switch {
	case s == "":
		return "", 0
	case s[0] == '(':
		return cut(s, 1, 3), min(3, len(s))
	case s[0] == '[':
		name, n := bracketed(s)
		return name, n + 1
	}
	return s[:1], 1
}

// bracketed reads "[name]"; n is the index of its last byte.
func bracketed(s string) (name string, n int) {
	end := strings.IndexByte(s, ']')
	if end < 0 {
		return "", len(s) - 1
	}
	return s[1:end], end
}

// argument is the length of an argument between two equal characters.
func argument(s string) int {
	if s == "" {
		return 0
	}
	end := strings.IndexByte(s[1:], s[0])
	if end < 0 {
		return len(s)
	}
	return end + 2
}

func cut(s string, from, to int) string { return s[min(from, len(s)):min(to, len(s))] }
