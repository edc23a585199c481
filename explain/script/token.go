package script

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a stretch of code is.
type kind byte

const (
	name    kind = iota // a name, with the dots or colons that join its parts
	text                // a literal, without its quotes
	started             // text in backquotes, or %x and qx: a command
	number
	sign
	newline
)

// token is one piece of code.
type token struct {
	kind kind
	text string
	line int // from 1
	bare bool
}

func (t token) is(s string) bool { return t.kind == sign && t.text == s }

// lexer cuts code into tokens, without comments.
type lexer struct {
	language string
	src      string
	at       int
	line     int
	out      []token
}

// maxTokens bounds the work on one text.
const maxTokens = 40_000

func tokens(language, src string) []token {
	l := &lexer{language: language, src: src, line: 1}
	for l.at < len(l.src) && len(l.out) < maxTokens {
		l.next()
	}
	return l.out
}

func (l *lexer) add(k kind, s string) { l.out = append(l.out, token{kind: k, text: s, line: l.line}) }

func (l *lexer) rest() string { return l.src[l.at:] }

func (l *lexer) next() {
	c := l.src[l.at]
	switch {
	case c == '\n':
		l.add(newline, "\n")
		l.line++
		l.at++
	case c == ' ' || c == '\t' || c == '\r':
		l.at++
	case l.comment():
	case l.quoted():
	case c >= '0' && c <= '9':
		n := span(l.rest(), func(r rune) bool { return unicode.IsDigit(r) || unicode.IsLetter(r) || r == '_' })
		l.add(number, l.rest()[:n])
		l.at += n
	case letter(rune(c)) || c >= utf8.RuneSelf || (c == '$' || c == '@') && l.sigil():
		n := 1 + span(l.src[l.at+1:], func(r rune) bool { return letter(r) || unicode.IsDigit(r) })
		l.add(name, l.rest()[:n])
		l.at += n
	default:
		l.add(sign, string(c))
		l.at++
	}
}

// sigil reports a $ or @ that begins the name of a variable.
func (l *lexer) sigil() bool {
	return l.language != "tcl" && l.at+1 < len(l.src) && letter(rune(l.src[l.at+1]))
}

func letter(r rune) bool { return r == '_' || unicode.IsLetter(r) }

func span(s string, fits func(rune) bool) int {
	for i, r := range s {
		if !fits(r) {
			return i
		}
	}
	return len(s)
}

// comments says how comments begin in each language; "#" where it is not here.
var comments = map[string][]string{
	"node": {"//"}, "php": {"//", "#"}, "lua": {"--"}, "go": {"//"}, "c": {"//"}, "java": {"//"}, "groovy": {"//"}, "dart": {"//"},
	"haskell": {"--"}, "sql": {"--"},
}

func (l *lexer) comment() bool {
	rest := l.rest()
	marks, ok := comments[l.language]
	if !ok {
		marks = []string{"#"}
	}
	if rest[0] == '/' && strings.HasPrefix(rest, "/*") && ok {
		end := strings.Index(rest[2:], "*/")
		if end < 0 {
			end = len(rest) - 4
		}
		l.skip(max(end+4, 2))
		return true
	}
	for _, m := range marks {
		if !strings.HasPrefix(rest, m) {
			continue
		}
		if m == "#" && l.at > 0 && (l.src[l.at-1] == '$' || l.language == "perl" && !strings.ContainsRune(" \t\n;{}", rune(l.src[l.at-1]))) {
			return false
		}
		end := strings.IndexByte(rest, '\n')
		if end < 0 {
			end = len(rest)
		}
		l.at += end
		return true
	}
	return false
}

// skip moves over n bytes and counts the lines in them.
func (l *lexer) skip(n int) {
	n = min(n, len(l.src)-l.at)
	l.line += strings.Count(l.src[l.at:l.at+n], "\n")
	l.at += n
}

// quoted reads a literal; false: none stands here.
func (l *lexer) quoted() bool {
	rest := l.rest()
	if l.pattern() {
		return true
	}
	prefix := 0
	if l.language == "python" {
		for prefix < 2 && prefix < len(rest) && strings.IndexByte("rRbBuUfF", rest[prefix]) >= 0 {
			prefix++
		}
		if prefix > 0 && (prefix >= len(rest) || rest[prefix] != '"' && rest[prefix] != '\'') {
			return false
		}
	}
	if n, ok := l.named(); ok {
		l.skip(n)
		return true
	}
	q := rest[prefix]
	if q != '"' && q != '\'' && q != '`' || q == '\'' && l.language == "tcl" {
		return false
	}
	raw := strings.ContainsAny(rest[:prefix], "rR") || q == '\'' && (l.language == "perl" || l.language == "ruby" || l.language == "php")
	open := string(q)
	if l.language == "python" && strings.HasPrefix(rest[prefix:], strings.Repeat(open, 3)) {
		open = strings.Repeat(open, 3)
	}
	body, n := until(rest[prefix+len(open):], open, raw)
	k := text
	if q == '`' && l.language != "node" && l.language != "go" {
		k = started
	}
	l.add(k, body)
	l.skip(prefix + len(open) + n)
	return true
}

// until reads up to the closing quote and returns the text and how much it
// took.
func until(s, end string, raw bool) (string, int) {
	var b strings.Builder
	for i := 0; i < len(s); {
		if strings.HasPrefix(s[i:], end) {
			return b.String(), i + len(end)
		}
		if s[i] != '\\' || i+1 >= len(s) {
			b.WriteByte(s[i])
			i++
			continue
		}
		if raw && s[i+1] != '\\' && !strings.HasPrefix(s[i+1:], end) {
			b.WriteByte(s[i])
			i++
			continue
		}
		c, n := escaped(s[i+1:])
		b.WriteString(c)
		i += 1 + n
	}
	return b.String(), len(s)
}

var escapes = map[byte]string{'n': "\n", 't': "\t", 'r': "\r", '0': "\x7f", 'a': "\a", 'e': "\x1b", '\n': ""}

// escaped is what stands behind a backslash, and its length.
func escaped(s string) (string, int) {
	digits, base, from := 0, 16, 1
	switch c := s[0]; {
	case c == 'x':
		digits = 2
	case c == 'u':
		digits = 4
	case c >= '0' && c <= '7':
		digits, base, from = 3, 8, 0
	}
	v, n := 0, from
	for n < len(s) && n < from+digits {
		d := strings.IndexByte("0123456789abcdef", s[n]|0x20&^0x00)
		if s[n] >= '0' && s[n] <= '9' {
			d = int(s[n] - '0')
		}
		if d < 0 || d >= base {
			break
		}
		v = v*base + d
		n++
	}
	if n > from && v > 0 {
		return string(rune(v)), n
	}
	if e, ok := escapes[s[0]]; ok {
		return e, 1
	}
	_, size := utf8.DecodeRuneInString(s)
	return s[:size], size
}

var closing = map[byte]byte{'(': ')', '{': '}', '[': ']', '<': '>'}

// namedForms are how such literals begin.
var namedForms = map[string][]string{"perl": {"qx", "qq", "qw", "q"}, "ruby": {"%x", "%q", "%Q", "%w", "%"}}

// named reads %q(…), qx{…}, q(…) and their like; n is how much it took.
func (l *lexer) named() (n int, ok bool) {
	rest := l.rest()
	for _, f := range namedForms[l.language] {
		if !strings.HasPrefix(rest, f) || len(rest) <= len(f) {
			continue
		}
		q := rest[len(f)]
		if _, bracket := closing[q]; !bracket && (f == "%" || letter(rune(q)) || unicode.IsDigit(rune(q)) || strings.IndexByte(" =,;)\n", q) >= 0) {
			continue
		}
		if f == "%" && q != '(' && q != '{' || f == "%" && len(l.out) > 0 && l.out[len(l.out)-1].kind != sign {
			continue
		}
		end := q
		if e, bracket := closing[q]; bracket {
			end = e
		}
		body, used := until(rest[len(f)+1:], string(end), true)
		k := text
		if f == "qx" || f == "%x" {
			k = started
		}
		l.add(k, body)
		return len(f) + 1 + used, true
	}
	return 0, false
}

// pattern reads a regular expression between slashes, which is no code.
func (l *lexer) pattern() bool {
	rest := l.rest()
	start := 0
	switch {
	case rest[0] == '/' && l.operand():
	case l.language == "perl" && (strings.HasPrefix(rest, "s/") || strings.HasPrefix(rest, "m/") || strings.HasPrefix(rest, "y/") || strings.HasPrefix(rest, "tr/")) && l.operand():
		start = strings.IndexByte(rest, '/')
	default:
		return false
	}
	parts := 1
	if start > 0 && rest[0] != 'm' {
		parts = 2
	}
	at := start + 1
	second := ""
	for range parts {
		body, n := until(rest[at:min(len(rest), at+4096)], "/", true)
		if strings.Contains(body, "\n") || at+n > len(rest) || rest[at+n-1] != '/' {
			return false
		}
		at += n
		second = body
	}
	flags := span(rest[at:], unicode.IsLetter)
	if parts == 2 && strings.Contains(rest[at:at+flags], "e") { // what is put in is code
		l.out = append(l.out, tokens(l.language, second)...)
	} else {
		l.add(text, "")
		l.out[len(l.out)-1].bare = true
	}
	l.skip(at + flags)
	return true
}

// operand reports that a value, not an operator, stands next.
func (l *lexer) operand() bool {
	switch l.language {
	case "node", "perl", "ruby", "awk":
	default:
		return false
	}
	if len(l.out) == 0 {
		return true
	}
	t := l.out[len(l.out)-1]
	switch t.kind {
	case sign:
		return t.text != ")" && t.text != "]" && t.text != "}" || t.text == "}" && l.language == "awk"
	case newline:
		return true
	case name:
		return words[t.text]
	}
	return false
}

// words stand before a value.
var words = map[string]bool{"if": true, "unless": true, "and": true, "or": true, "not": true, "return": true, "print": true, "split": true, "grep": true, "while": true, "when": true, "in": true, "puts": true, "p": true}
