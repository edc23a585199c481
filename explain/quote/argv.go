package quote

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// reserved words keep their plain meaning only when they are quoted in the
// first place of a command.
var reserved = map[string]bool{
	"if": true, "then": true, "else": true, "elif": true, "fi": true, "for": true, "while": true, "until": true,
	"do": true, "done": true, "case": true, "esac": true, "select": true, "function": true, "in": true, "time": true,
	"coproc": true, "!": true, "{": true, "}": true, "[[": true, "]]": true,
}

// Argv writes words so that they paste back into bash as exactly those words.
// Runes that cannot be seen are written as $'…' escapes, so the result is
// printable. A NUL, which no argument can hold, is written \000.
func Argv(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = Word(w)
		if i == 0 && quoted[0] == w && (reserved[w] || strings.Contains(w, "=")) {
			quoted[0] = "'" + w + "'"
		}
	}
	return strings.Join(quoted, " ")
}

// Word quotes one word for bash; a word that needs no quotes stays as it is.
func Word(w string) string {
	switch {
	case w == "":
		return "''"
	case !shows(w):
		return escaped(w)
	case bare(w):
		return w
	case !strings.Contains(w, "'"):
		return "'" + w + "'"
	case !strings.ContainsAny(w, "\"$`\\!"):
		return `"` + w + `"`
	default:
		return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
	}
}

// shows reports whether every rune of w can be seen for what it is.
func shows(w string) bool {
	if plainASCII(w) {
		return true
	}
	return visible(w, false) == w
}

// bare reports whether the shell leaves w as it is without quotes.
func bare(w string) bool {
	for i, r := range w {
		switch {
		case asciiLetter(r) || asciiDigit(r) || r >= utf8.RuneSelf:
		case strings.ContainsRune("_@%+:,./-", r):
		case r == '=' && i > 0:
		default:
			return false
		}
	}
	return true
}

func escaped(w string) string {
	var b strings.Builder
	b.WriteString("$'")
	for i := 0; i < len(w); {
		r, n := utf8.DecodeRuneInString(w[i:])
		switch {
		case r == utf8.RuneError && n == 1, r == 0:
			// Octal ends after three digits, whatever follows.
			fmt.Fprintf(&b, `\%03o`, w[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\'' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\%03o`, r)
		case hidden(r) || oddSpace(r) || combining(r):
			if r > 0xffff {
				fmt.Fprintf(&b, `\U%08x`, r)
			} else {
				fmt.Fprintf(&b, `\u%04x`, r)
			}
		default:
			b.WriteRune(r)
		}
		i += n
	}
	b.WriteByte('\'')
	return b.String()
}

// Single joins words so that a shell reads them back as they are, with no other
// quotes than single ones.
func Single(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w
		if w == "" || strings.Trim(w, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@%+") != "" {
			out[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(out, " ")
}
