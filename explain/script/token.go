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
	kind  kind
	text  string
	line  int // from 1
	bare  bool
	fills bool     // a literal in which names are replaced by what they stand for
	gap   bool     // a space stands before it
	bytes bool     // a literal of bytes
	made  bool     // worked out in a way that hides what it is
	part  bool     // a part of the text before it
	pat   *pattern // where bare: what the pattern does
}

func (t token) is(s string) bool { return t.kind == sign && t.text == s }

// lexer cuts code into tokens, without comments.
type lexer struct {
	language string
	src      string
	at       int
	line     int
	out      []token
	here     []pending       // literals that begin in the next line
	endless  map[string]bool // ends of literals that do not come any more
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

func (l *lexer) add(k kind, s string) {
	gap := l.at > 0 && l.src[l.at-1] == ' '
	l.out = append(l.out, token{kind: k, text: s, line: l.line, gap: gap})
}

func (l *lexer) rest() string { return l.src[l.at:] }

func (l *lexer) next() {
	c := l.src[l.at]
	switch {
	case c == '\n':
		l.add(newline, "\n")
		l.line++
		l.at++
		l.bodies()
	case c == '=' && l.manual():
	case c == ' ' || c == '\t' || c == '\r':
		l.at++
	case l.comment():
	case l.heredoc():
	case l.quoted():
	case c >= '0' && c <= '9':
		n := span(l.rest(), func(r rune) bool { return unicode.IsDigit(r) || unicode.IsLetter(r) || r == '_' })
		l.add(number, l.rest()[:n])
		l.at += n
	case letter(rune(c)) || c >= utf8.RuneSelf || (c == '$' || c == '@') && l.sigil():
		n := 1 + span(l.src[l.at+1:], func(r rune) bool { return letter(r) || unicode.IsDigit(r) })
		if w := l.rest()[:n]; (w == "__END__" || w == "__DATA__") && (l.language == "perl" || l.language == "ruby") && (l.at == 0 || l.src[l.at-1] == '\n') { // what follows is no code
			l.at = len(l.src)
			break
		}
		l.add(name, l.rest()[:n])
		l.at += n
	default:
		l.add(sign, string(c))
		l.at++
	}
}

// manual passes over documentation that stands between the code: =pod … =cut of
// Perl, =begin … =end of Ruby.
func (l *lexer) manual() bool {
	if l.language != "perl" && (l.language != "ruby" || !strings.HasPrefix(l.rest(), "=begin")) || !l.begins() || l.at > 0 && l.src[l.at-1] != '\n' || l.at+1 >= len(l.src) || !letter(rune(l.src[l.at+1])) {
		return false
	}
	end := "\n=cut"
	if l.language == "ruby" {
		end = "\n=end"
	}
	n := strings.Index(l.rest(), end)
	if n < 0 {
		n = len(l.rest())
	}
	l.skip(n + 1)
	line, _, _ := strings.Cut(l.rest(), "\n")
	l.skip(len(line))
	return true
}

// begins reports that a statement may begin here.
func (l *lexer) begins() bool {
	for i := len(l.out) - 1; i >= 0; i-- {
		if t := l.out[i]; t.kind != newline {
			return t.is(";") || t.is("}") || l.language == "ruby"
		}
	}
	return true
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
	"haskell": {"--"}, "sql": {"--"}, "rust": {"//"}, "csharp": {"//"}, "scala": {"//"}, "ocaml": {},
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
	case text, started, number:
		return false
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
