package pwsh

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func (p *parser) cur() byte { return p.peek(0) }

func (p *parser) peek(n int) byte {
	if p.at+n < len(p.src) && p.at+n >= 0 {
		return p.src[p.at+n]
	}
	return 0
}

func (p *parser) has(s string) bool { return strings.HasPrefix(p.src[min(p.at, len(p.src)):], s) }

func (p *parser) done() bool { return p.at >= len(p.src) }

// space moves over blanks and remarks, with lines also over their ends.
func (p *parser) space(lines bool) {
	for !p.done() {
		switch c := p.cur(); {
		case c == ' ' || c == '\t' || c == '\r':
			p.at++
		case p.has("\u00a0"):
			p.at += 2
		case c == '`' && (p.peek(1) == '\n' || p.peek(1) == '\r' && p.peek(2) == '\n'):
			p.at += 2
		case p.has("<#"):
			end := strings.Index(p.src[p.at:], "#>")
			if end < 0 {
				p.at = len(p.src)
				return
			}
			p.at += end + 2
		case c == '#':
			end := strings.IndexByte(p.src[p.at:], '\n')
			if end < 0 {
				p.at = len(p.src)
				return
			}
			p.at += end
		case lines && (c == '\n' || c == ';'):
			p.at++
		default:
			return
		}
	}
}

func letter(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= utf8.RuneSelf
}

// word is the word of letters that begins here, in small letters and as many
// bytes as it has.
func (p *parser) word() string {
	n := p.at
	for n < len(p.src) && letter(p.src[n]) {
		n++
	}
	return lower(p.src[p.at:n])
}

// lower makes the letters of ASCII small, and changes no length.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// comma moves past a comma and the blanks before it; false: there is none.
func (p *parser) comma() bool {
	save := p.at
	p.space(false)
	if p.cur() != ',' {
		p.at = save
		return false
	}
	p.at++
	return true
}

// inside returns what stands between brackets that open here, and moves past
// them; quotes, remarks and nested brackets are minded.
func (p *parser) inside() string {
	open := p.cur()
	start := p.at + 1
	end := matching(p.src, p.at, closing[open])
	if end < 0 {
		p.at = len(p.src)
		return p.src[min(start, len(p.src)):]
	}
	p.at = end + 1
	return p.src[start:end]
}

var closing = map[byte]byte{'(': ')', '{': '}', '[': ']'}

// matching is where the bracket at from is closed; -1: nowhere.
func matching(s string, from int, end byte) int {
	open := s[from]
	depth := 0
	for i := from; i < len(s); i++ {
		switch c := s[i]; {
		case c == '`':
			i++
		case c == '\'' || c == '"':
			n := quoted(s[i:])
			i += n - 1
		case c == '@' && i+1 < len(s) && (s[i+1] == '\'' || s[i+1] == '"') && hereEnd(s[i:]) > 0:
			i += hereEnd(s[i:]) - 1
		case c == '<' && strings.HasPrefix(s[i:], "<#"):
			n := strings.Index(s[i:], "#>")
			if n < 0 {
				return -1
			}
			i += n + 1
		case c == '#' && (i == 0 || strings.IndexByte(" \t\n;{(}", s[i-1]) >= 0):
			n := strings.IndexByte(s[i:], '\n')
			if n < 0 {
				return -1
			}
			i += n
		case c == open:
			depth++
		case c == end:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// quoted is the length of the quoted text that begins s.
func quoted(s string) int {
	q := s[0]
	for i := 1; i < len(s); i++ {
		switch {
		case q == '"' && s[i] == '`':
			i++
		case q == '"' && s[i] == '$' && i+1 < len(s) && s[i+1] == '(':
			end := matching(s, i+1, ')')
			if end < 0 {
				return len(s)
			}
			i = end
		case s[i] == q && i+1 < len(s) && s[i+1] == q:
			i++
		case s[i] == q:
			return i + 1
		}
	}
	return len(s)
}

// hereEnd is the length of a here-string that begins s; 0: none does.
func hereEnd(s string) int {
	nl := strings.IndexByte(s, '\n')
	if nl < 0 || strings.TrimSpace(s[2:nl]) != "" {
		return 0
	}
	end := strings.Index(s[nl:], "\n"+s[1:2]+"@")
	if end < 0 {
		return len(s)
	}
	return nl + end + 3
}

// quotes are letters that PowerShell takes for quotes or dashes too.
var quotes = strings.NewReplacer("\u2018", "'", "\u2019", "'", "\u201a", "'", "\u201b", "'", "\u201c", `"`, "\u201d", `"`, "\u201e", `"`, "\u2013", "-", "\u2014", "-", "\u2015", "-")

// literal reads a quoted text.
func (p *parser) literal() Value {
	if p.cur() == '@' {
		n := hereEnd(p.src[p.at:])
		raw := p.src[p.at : p.at+n]
		line := p.lineAt()
		p.at += n
		nl := strings.IndexByte(raw, '\n')
		body := raw[nl+1:]
		if i := strings.LastIndex(body, "\n"+raw[1:2]+"@"); i >= 0 {
			body = body[:i]
		} else {
			body = ""
		}
		if raw[1] == '\'' {
			return text(body)
		}
		return p.expanded(body, line+1, false)
	}
	n := quoted(p.src[p.at:])
	raw := p.src[p.at : p.at+n]
	line := p.lineAt()
	p.at += n
	body := raw[1:]
	if n > 1 && raw[n-1] == raw[0] {
		body = raw[1 : n-1]
	}
	if raw[0] == '\'' {
		return p.noted(text(strings.ReplaceAll(body, "''", "'")))
	}
	return p.noted(p.expanded(body, line, true))
}

var escapes = map[byte]string{'n': "\n", 't': "\t", 'r': "\r", '0': "\x00", 'a': "\a", 'b': "\b", 'f': "\f", 'v': "\v", 'e': "\x1b"}

// expanded puts the values of variables into a text.
func (p *parser) expanded(body string, line int, doubled bool) Value {
	var b strings.Builder
	out := Value{Kind: Text}
	q := p.sub(body, line)
	for !q.done() {
		switch c := q.cur(); {
		case c == '`' && q.at+1 < len(body):
			if e, ok := escapes[body[q.at+1]]; ok {
				b.WriteString(e)
			} else {
				b.WriteByte(body[q.at+1])
			}
			q.at += 2
		case c == '"' && doubled && q.peek(1) == '"':
			b.WriteByte('"')
			q.at += 2
		case c == '$' && q.peek(1) == '(':
			q.at++
			line := q.lineAt()
			v := q.sub(q.inside(), line).body(0)
			out = out.marked(v)
			b.WriteString(v.String())
		case c == '$' && (letter(q.peek(1)) || q.peek(1) == '{'):
			v := q.variable()
			out = out.marked(v)
			b.WriteString(v.String())
		default:
			b.WriteByte(c)
			q.at++
		}
	}
	v := text(b.String())
	return v.marked(out)
}

// varName reads $name, ${name} and $scope:name.
func (p *parser) varName() (string, bool) {
	if p.cur() != '$' {
		return "", false
	}
	if p.peek(1) == '{' {
		p.at++
		return scoped(strings.ToLower(strings.ReplaceAll(p.inside(), "`", ""))), true
	}
	if c := p.peek(1); strings.IndexByte("$?^", c) >= 0 && c != 0 {
		p.at += 2
		return string(c), true
	}
	n := p.at + 1
	for n < len(p.src) && (letter(p.src[n]) || p.src[n] == ':' && n+1 < len(p.src) && letter(p.src[n+1]) && n > p.at+1) {
		n++
	}
	if n == p.at+1 {
		return "", false
	}
	name := strings.ToLower(p.src[p.at+1 : n])
	p.at = n
	return scoped(name), true
}

// scoped takes the scope from a name.
func scoped(name string) string {
	for _, s := range []string{"global:", "script:", "local:", "private:", "using:", "variable:"} {
		name = strings.TrimPrefix(name, s)
	}
	return name
}

// variable reads a variable's value.
func (p *parser) variable() Value {
	name, ok := p.varName()
	if !ok {
		p.at++
		return Value{}
	}
	v, ok := p.vars[name]
	if !ok {
		return Value{}
	}
	return v
}

// typeName reads [Some.Type].
func (p *parser) typeName() (string, bool) {
	if p.cur() != '[' {
		return "", false
	}
	save := p.at
	t := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(p.inside()), "`", ""))
	if t == "" || strings.IndexFunc(t, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._[], +=\"'()", r)
	}) >= 0 {
		p.at = save
		return "", false
	}
	t = strings.TrimPrefix(t, "system.")
	return t, true
}

// noted looks for names of the parts of Windows that check code for malice.
func (p *parser) noted(v Value) Value {
	if len(v.Text) < 8 || len(v.Text) > 4<<10 {
		return v
	}
	low := strings.ToLower(v.Text)
	for _, w := range []string{"amsiutils", "amsiinitfailed", "amsiscanbuffer", "amsicontext", "amsisession", "etweventwrite", "etwprovider"} {
		if strings.Contains(low, w) {
			p.emit(Command{Name: "Disable-CodeCheck", From: -1})
		}
	}
	return v
}
