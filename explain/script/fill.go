package script

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// filler is how names are put into literals of a language.
type filler struct {
	open  string // begins an expression that "}" ends
	sigil bool   // $name stands for itself
	list  bool   // @name too
}

var fillers = map[string]filler{
	"perl": {open: "${", sigil: true, list: true}, "php": {open: "{$", sigil: true}, "ruby": {open: "#{"}, "crystal": {open: "#{"},
	"node": {open: "${"}, "groovy": {open: "${", sigil: true}, "dart": {open: "${", sigil: true}, "julia": {open: "$(", sigil: true}, "python": {open: "{"},
}

// filled is a literal with what fills it; what fills it and is not known is a
// hole, and put out behind it.
func (f *folder) filled(t token) string {
	how, ok := fillers[f.language]
	if !ok {
		return t.text
	}
	var b strings.Builder
	s := t.text
	for s != "" && b.Len() < maxValue {
		at := strings.IndexAny(s, "$@#{}"+guard)
		if at < 0 {
			break
		}
		b.WriteString(s[:at])
		s = s[at:]
		took, value := f.filling(how, s, t.line)
		if took == 0 {
			_, took = utf8.DecodeRuneInString(s)
			value = s[:took]
		}
		b.WriteString(value)
		s = s[took:]
	}
	b.WriteString(s)
	return b.String()
}

// filling reads one place of a literal that is filled; took is 0 where it is
// none.
func (f *folder) filling(how filler, s string, line int) (took int, value string) {
	switch {
	case strings.HasPrefix(s, guard):
		_, n := utf8.DecodeRuneInString(s[len(guard):])
		return len(guard) + n, s[len(guard) : len(guard)+n]
	case f.language == "python" && (strings.HasPrefix(s, "{{") || strings.HasPrefix(s, "}}")):
		return 2, s[:1]
	case f.language == "perl" && strings.HasPrefix(s, "@{["):
		if code, n := until(s[3:min(len(s), 4096)], "]}", true); n > 2 {
			return 3 + n, f.filledBy(code, line)
		}
	case strings.HasPrefix(s, how.open):
		return f.expression(how, s, line)
	case f.language == "php" && strings.HasPrefix(s, "${"), how.list && strings.HasPrefix(s, "@") || how.sigil && s[0] == '$':
		n := span(s[1:], func(r rune) bool { return letter(r) || unicode.IsDigit(r) })
		if n == 0 || !letter(rune(s[1])) {
			return 0, ""
		}
		return f.subscripted(s, 1+n, line)
	}
	return 0, ""
}

// expression reads ${…}, #{…} and {…}.
func (f *folder) expression(how filler, s string, line int) (int, string) {
	end := "}"
	if strings.HasSuffix(how.open, "(") {
		end = ")"
	}
	code, n := until(s[len(how.open):min(len(s), len(how.open)+4096)], end, true)
	if n <= len(code)-1 || n == 0 || !strings.HasSuffix(s[:min(len(s), len(how.open)+n)], end) {
		return 0, ""
	}
	switch f.language {
	case "php":
		code = "$" + code
	case "perl":
		if strings.Trim(code, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == "" {
			code = "$" + code
		}
	case "python":
		code = strings.TrimSuffix(code, "=")
		if at := strings.LastIndexAny(code, "!:"); at > 0 && !strings.ContainsAny(code[at:], "])'\"") {
			code = code[:at]
		}
	}
	return len(how.open) + n, f.filledBy(code, line)
}

// filledBy works out code that stands in a literal.
func (f *folder) filledBy(code string, line int) string {
	if f.spent() {
		return hole
	}
	toks := tokens(f.language, code)
	for i := range toks {
		toks[i].line = line
	}
	mark := len(f.out)
	f.put(token{kind: sign, text: "+", line: line})
	in, at, nest := f.in, f.at, f.nest
	f.in, f.at, f.nest = toks, 0, 0
	f.depth++
	v := f.expr()
	if f.at < len(f.in) {
		v = value{}
	}
	for f.at < len(f.in) && f.left > 0 {
		f.statement()
	}
	f.depth--
	f.in, f.at, f.nest = in, at, nest
	if !v.known() || v.kind == lambda {
		return hole
	}
	if f.quiet == 0 {
		f.out = f.out[:mark]
	}
	if v.kind == many {
		return v.joined(" ")
	}
	return v.text()
}

// subscripted reads $name with [0], {key} or ->x behind it.
func (f *folder) subscripted(s string, n, line int) (int, string) {
	v, known := f.vars[s[:n]]
	begin := n
	for n < len(s) && f.language != "dart" && f.language != "groovy" {
		end := 0
		switch {
		case s[n] == '[' && n+1 < len(s) && (unicode.IsDigit(rune(s[n+1])) || strings.IndexByte("$-'\"", s[n+1]) >= 0):
			end = strings.IndexByte(s[n:min(len(s), n+200)], ']')
		case s[n] == '{' && f.language == "perl":
			end = strings.IndexByte(s[n:min(len(s), n+200)], '}')
		case strings.HasPrefix(s[n:], "->") && n+2 < len(s) && (strings.IndexByte("[{", s[n+2]) >= 0 || f.language == "php" && letter(rune(s[n+2]))):
			end = 1
		}
		if end <= 0 {
			break
		}
		n += end + 1
		if end == 1 && f.language == "php" {
			n += span(s[n:], letter)
		}
	}
	if n == begin && known && v.known() && v.kind != lambda {
		if v.kind == many {
			return n, v.joined(" ")
		}
		return n, v.text()
	}
	f.put(token{kind: sign, text: "+", line: line})
	f.put(token{kind: name, text: s[:begin], line: line})
	return n, hole
}

// sprintf puts values into a text where % stands.
func sprintf(format string, args []value) value {
	var b strings.Builder
	next := 0
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 >= len(format) {
			b.WriteByte(format[i])
			continue
		}
		n := span(format[i+1:], func(r rune) bool { return unicode.IsDigit(r) || strings.ContainsRune("-+ .#l$", r) })
		i += 1 + n
		if i >= len(format) {
			break
		}
		if format[i] == '%' {
			b.WriteByte('%')
			continue
		}
		if next >= len(args) {
			return value{}
		}
		a := args[next]
		next++
		if k, isNumber := a.number(); format[i] == 'c' && isNumber && k > 0 && k <= unicode.MaxRune {
			b.WriteRune(rune(k))
		} else {
			b.WriteString(a.text())
		}
		if b.Len() > maxValue {
			return value{}
		}
	}
	return str(b.String())
}

// braced puts values into a text where {}, {0} and {name} stand.
func braced(format string, args []value) value {
	var b strings.Builder
	next := 0
	for i := 0; i < len(format); i++ {
		if format[i] != '{' && format[i] != '}' {
			b.WriteByte(format[i])
			continue
		}
		if i+1 < len(format) && format[i+1] == format[i] {
			b.WriteByte(format[i])
			i++
			continue
		}
		end := strings.IndexByte(format[i:], '}')
		if end < 0 {
			return value{}
		}
		key, _, _ := strings.Cut(format[i+1:i+end], ":")
		i += end
		at := next
		if n, ok := whichNumber(key); ok {
			at = int(n)
		} else if key != "" {
			at = -1
		}
		next++
		if at < 0 || at >= len(args) {
			b.WriteString(hole)
			continue
		}
		b.WriteString(args[at].text())
		if b.Len() > maxValue {
			return value{}
		}
	}
	return str(b.String())
}
