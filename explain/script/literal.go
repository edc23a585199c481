package script

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// guard stands before a sign in a literal that must not be taken for the
// beginning of a name, since a backslash stood there.
const guard = "\uE000"

var unguard = strings.NewReplacer(guard, "")

// style says how a literal is read.
type style struct {
	raw   bool // a backslash stands for itself
	fills bool // names in it are replaced
}

// styleOf is how a literal in quotes q is read.
func (l *lexer) styleOf(prefix string, q byte) style {
	switch l.language {
	case "perl", "php", "ruby", "crystal":
		return style{raw: q == '\'', fills: q != '\''}
	case "python":
		return style{raw: strings.ContainsAny(prefix, "rR"), fills: strings.ContainsAny(prefix, "fF")}
	case "node":
		return style{fills: q == '`'}
	case "groovy", "dart", "julia":
		return style{fills: q == '"' || l.language == "dart"}
	}
	return style{}
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
	if q == '[' && l.language == "lua" {
		return l.longBracket()
	}
	if q != '"' && q != '\'' && q != '`' || q == '\'' && l.language == "tcl" {
		return false
	}
	how := l.styleOf(rest[:prefix], q)
	open := string(q)
	if l.language == "python" && strings.HasPrefix(rest[prefix:], strings.Repeat(open, 3)) {
		open = strings.Repeat(open, 3)
	}
	body, n := untilIn(rest[prefix+len(open):], open, how)
	k := text
	if q == '`' && l.language != "node" && l.language != "go" {
		k = started
	}
	l.literal(k, body, how)
	l.out[len(l.out)-1].bytes = strings.ContainsAny(rest[:prefix], "bB")
	l.skip(prefix + len(open) + n)
	return true
}

func (l *lexer) literal(k kind, body string, how style) {
	l.add(k, body)
	l.out[len(l.out)-1].fills = how.fills && strings.ContainsAny(body, "$@#{"+guard)
}

// longBracket reads [[…]] and [==[…]==] of Lua.
func (l *lexer) longBracket() bool {
	rest := l.rest()
	level := span(rest[1:], func(r rune) bool { return r == '=' })
	if 1+level >= len(rest) || rest[1+level] != '[' {
		return false
	}
	end := "]" + strings.Repeat("=", level) + "]"
	body := rest[2+level:]
	n := -1
	if !l.endless[end] {
		n = strings.Index(body, end)
	}
	if n < 0 {
		if l.endless == nil {
			l.endless = map[string]bool{}
		}
		l.endless[end] = true
		return false
	}
	l.add(text, strings.TrimPrefix(body[:n], "\n"))
	l.skip(2 + level + n + len(end))
	return true
}

// until reads up to the closing quote and returns the text and how much it
// took.
func until(s, end string, raw bool) (string, int) { return untilIn(s, end, style{raw: raw}) }

func untilIn(s, end string, how style) (string, int) {
	var b strings.Builder
	open, depth := opening[end], 0
	for i := 0; i < len(s); {
		switch {
		case open != 0 && s[i] == open:
			depth++
		case strings.HasPrefix(s[i:], end):
			if depth == 0 {
				return b.String(), i + len(end)
			}
			depth--
		}
		if s[i] != '\\' || i+1 >= len(s) {
			b.WriteByte(s[i])
			i++
			continue
		}
		if how.raw && s[i+1] != '\\' && !strings.HasPrefix(s[i+1:], end) {
			b.WriteByte(s[i])
			i++
			continue
		}
		c, n := escaped(s[i+1:])
		if how.fills && len(c) == 1 && strings.Contains("$@#{", c) {
			b.WriteString(guard)
		}
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
	case c == 'u' && len(s) > 1 && s[1] == '{' || c == 'x' && len(s) > 1 && s[1] == '{':
		digits, from = 6, 2
	case c == 'x':
		digits = 2
	case c == 'u':
		digits = 4
	case c >= '0' && c <= '7':
		digits, base, from = 3, 8, 0
	}
	v, n := 0, from
	for n < len(s) && n < from+digits {
		d := strings.IndexByte("0123456789abcdef", s[n]|0x20)
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
		if from == 2 && n < len(s) && s[n] == '}' {
			n++
		}
		return string(rune(v)), n
	}
	if e, ok := escapes[s[0]]; ok {
		return e, 1
	}
	_, size := utf8.DecodeRuneInString(s)
	return s[:size], size
}

var (
	closing = map[byte]byte{'(': ')', '{': '}', '[': ']', '<': '>'}
	opening = map[string]byte{")": '(', "}": '{', "]": '[', ">": '<'}
)

// namedForms are how such literals begin.
var namedForms = map[string][]string{"perl": {"qx", "qq", "qw", "q"}, "ruby": {"%x", "%q", "%Q", "%w", "%"}, "crystal": {"%x", "%q", "%w", "%"}}

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
		plain := f == "q" || f == "%q" || f == "qw" || f == "%w" || q == '\''
		how := style{raw: plain, fills: !plain}
		body, used := untilIn(rest[len(f)+1:], string(end), how)
		switch f {
		case "qx", "%x":
			l.literal(started, body, how)
		case "qw", "%w":
			l.wordList(body)
		default:
			l.literal(text, body, how)
		}
		return len(f) + 1 + used, true
	}
	return 0, false
}

// wordList is a list of the words of body.
func (l *lexer) wordList(body string) {
	l.add(sign, "[")
	for i, w := range strings.Fields(body) {
		if i > 0 {
			l.add(sign, ",")
		}
		l.add(text, w)
	}
	l.add(sign, "]")
}

// pattern is what a regular expression between marks does.
type pattern struct {
	op       string // m, s, tr
	from, to string
	flags    string
}

// patternOps begin a pattern of Perl.
var patternOps = []string{"tr", "s", "m", "y"}

// pattern reads a regular expression between slashes, which is no code.
func (l *lexer) pattern() bool {
	rest := l.rest()
	p := &pattern{op: "m"}
	start := 0
	if rest[0] != '/' {
		if l.language != "perl" {
			return false
		}
		i := slices.IndexFunc(patternOps, func(op string) bool { return strings.HasPrefix(rest, op) })
		if i < 0 {
			return false
		}
		p.op = patternOps[i]
		start = len(p.op)
		if start >= len(rest) || strings.IndexByte("/{|!#", rest[start]) < 0 {
			return false
		}
	}
	if !l.operand() {
		return false
	}
	at, ok := l.divided(p, rest, start)
	if !ok {
		return false
	}
	flags := span(rest[at:], unicode.IsLetter)
	p.flags = rest[at : at+flags]
	if p.op == "y" {
		p.op = "tr"
	}
	if p.op == "s" && strings.Contains(p.flags, "e") { // what is put in is code
		l.out = append(l.out, tokens(l.language, p.to)...)
	} else {
		l.add(text, "")
		last := &l.out[len(l.out)-1]
		last.bare, last.pat = true, p
	}
	l.skip(at + flags)
	return true
}

// divided reads the one or two parts of a pattern that begins with its mark at
// start; at is where its flags begin.
func (l *lexer) divided(p *pattern, rest string, start int) (at int, ok bool) {
	end := string(rest[start])
	if e, bracket := closing[rest[start]]; bracket {
		end = string(e)
	}
	at = start + 1
	for part := range 2 {
		body, n := until(rest[at:min(len(rest), at+4096)], end, true)
		if strings.Contains(body, "\n") || n == 0 || at+n > len(rest) || rest[at+n-1] != end[0] {
			return 0, false
		}
		at += n
		if part == 1 {
			p.to = body
			break
		}
		p.from = body
		if p.op == "m" {
			break
		}
		if opening[end] != 0 {
			at += span(rest[at:], unicode.IsSpace)
			if at >= len(rest) || rest[at] != rest[start] {
				return 0, false
			}
			at++
		}
	}
	return at, true
}

// pending is a literal whose text begins in the next line.
type pending struct {
	token  int
	end    string
	indent bool // the end may be indented, and the text is
}

// heredoc reads <<WORD and its like.
func (l *lexer) heredoc() bool {
	rest := l.rest()
	if len(rest) < 4 || rest[0] != '<' || rest[1] != '<' || l.language != "perl" && l.language != "ruby" && l.language != "php" {
		return false
	}
	at := 2
	if l.language == "php" {
		if rest[2] != '<' {
			return false
		}
		at = 3 + span(rest[3:], func(r rune) bool { return r == ' ' })
	}
	p := pending{token: len(l.out), indent: l.language == "php"}
	if at < len(rest) && (rest[at] == '~' || rest[at] == '-') {
		p.indent = true
		at++
	}
	q := byte(0)
	if at < len(rest) && (rest[at] == '"' || rest[at] == '\'') {
		q = rest[at]
		at++
	}
	n := span(rest[at:], letter)
	if n == 0 || q == 0 && !unicode.IsUpper(rune(rest[at])) {
		return false
	}
	p.end = rest[at : at+n]
	at += n
	if q != 0 {
		if at >= len(rest) || rest[at] != q {
			return false
		}
		at++
	}
	l.add(text, "")
	l.out[p.token].fills = q != '\''
	l.here = append(l.here, p)
	l.at += at
	return true
}

// bodies reads the texts that begin in this line.
func (l *lexer) bodies() {
	for _, p := range l.here {
		var b strings.Builder
		for l.at < len(l.src) {
			line, _, _ := strings.Cut(l.rest(), "\n")
			l.skip(len(line) + 1)
			shown := line
			if p.indent {
				shown = strings.TrimLeft(line, " \t")
			}
			if word, ok := strings.CutPrefix(shown, p.end); ok && (word == "" || l.language == "php" && !letter(rune(word[0]))) {
				if word != "" { // what closes the statement follows
					l.at -= len(word) + 1
				}
				break
			}
			b.WriteString(shown + "\n")
		}
		l.out[p.token].text = b.String()
	}
	l.here = nil
}
