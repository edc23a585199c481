package script

import "strings"

// The most work on one text, beside what grows with its length.
const (
	foldWork  = 200_000
	foldDepth = 60
)

// dialect is how a language puts texts together and names things.
type dialect struct {
	join   string // the sign that joins two texts; empty: they stand side by side
	vars   bool   // names that were given a value stand for it
	beside bool   // literals side by side are one
	bare   bool   // calls need no brackets
	dotted bool   // "." joins a name with its owner
}

var dialects = map[string]dialect{
	"python":  {join: "+", vars: true, beside: true, dotted: true},
	"ruby":    {join: "+", vars: true, beside: true, bare: true, dotted: true},
	"crystal": {join: "+", vars: true, bare: true, dotted: true},
	"perl":    {join: ".", vars: true, bare: true},
	"php":     {join: ".", vars: true},
	"lua":     {join: "..", vars: true, dotted: true},
	"awk":     {vars: true},
	"node":    {join: "+", vars: true, dotted: true},
	"groovy":  {join: "+", vars: true, dotted: true},
	"java":    {join: "+", vars: true, dotted: true},
	"go":      {join: "+", vars: true, dotted: true},
	"dart":    {join: "+", vars: true, dotted: true},
	"r":       {join: "", vars: true},
	"julia":   {join: "*", vars: true, dotted: true},
	"c":       {join: "+", beside: true, dotted: true},
}

// folder goes through code once and puts in place of expressions what they come
// to, where that can be told: names that hold texts, texts that are joined,
// cut, turned round, decoded or made of numbers.
type folder struct {
	dialect
	language string
	in       []token
	at       int
	out      []token
	vars     map[string]value
	unsure   map[string]int   // names whose value depends on what runs, and how often they are given one
	begun    map[string]value // what such names were given last
	never    map[string]bool  // names whose value depends on how often something runs
	left     int
	depth    int
	nest     int // brackets that are open
	quiet    int // while more than 0 nothing is put out
}

// fold goes through code.
func fold(language string, in []token) []token {
	d, ok := dialects[language]
	if !ok {
		d = dialect{join: "+", dotted: true}
	}
	f := &folder{dialect: d, language: language, in: in, vars: map[string]value{}, begun: map[string]value{}, left: foldWork + 8*len(in)}
	f.unsure, f.never = unsure(in)
	for f.at < len(f.in) {
		f.statement()
	}
	for i := range f.out {
		if f.out[i].fills {
			f.out[i].text = unguard.Replace(f.out[i].text)
		}
	}
	return f.out
}

func (f *folder) peek(n int) token {
	if i := f.at + n; i >= 0 && i < len(f.in) {
		return f.in[i]
	}
	return token{kind: newline}
}

func (f *folder) put(t token) {
	if f.quiet == 0 {
		f.out = append(f.out, t)
	}
}

// copied puts out n tokens as they are.
func (f *folder) copied(n int) {
	for range n {
		if f.at < len(f.in) {
			f.put(f.in[f.at])
			f.at++
		}
	}
}

// spent reports that the work on this text is done, or too deep.
func (f *folder) spent() bool {
	f.left--
	return f.left < 0 || f.depth > foldDepth
}

// settle puts the value in place of what was put out since mark.
func (f *folder) settle(mark int, v value, line int) value {
	if f.quiet > 0 || !v.known() {
		return v
	}
	f.left -= len(v.s) / 16
	f.out = append(f.out[:mark], v.tokens(line, 0)...)
	return v
}

// tokens write a value as code.
func (v value) tokens(line, depth int) []token {
	switch v.kind {
	case wording:
		return []token{{kind: text, text: v.s, line: line, made: v.made}}
	case whole:
		return []token{{kind: number, text: v.text(), line: line}}
	case many:
		out := []token{{kind: sign, text: "[", line: line}}
		for i, e := range v.list {
			if i > 0 {
				out = append(out, token{kind: sign, text: ",", line: line})
			}
			if depth < 3 {
				out = append(out, e.tokens(line, depth+1)...)
			}
		}
		return append(out, token{kind: sign, text: "]", line: line})
	}
	return nil
}

// partly puts a text that has holes before what was put out since mark: what
// fills the holes must still be looked at.
func (f *folder) partly(mark int, v value, k kind, line int) {
	if f.quiet > 0 || f.left < 0 {
		return
	}
	rest := append([]token(nil), f.out[mark:]...)
	f.left -= len(rest) / 4
	depth := 0
	for i, t := range rest {
		switch {
		case t.is("(") || t.is("["):
			depth++
		case t.is(")") || t.is("]"):
			depth--
		case depth == 0 && (t.kind == text || t.kind == started):
			rest[i].kind, rest[i].part = text, true
		}
	}
	f.out = append(append(f.out[:mark], token{kind: k, text: v.s, line: line, made: v.made}), rest...)
}

// statement reads the next stretch of code.
func (f *folder) statement() {
	before := f.at
	t := f.peek(0)
	switch {
	case f.spent():
		f.left = min(f.left, 0)
		f.copied(1)
	case f.header():
	case t.kind == text || t.kind == started || t.kind == number || t.kind == name || t.is("(") || t.is("[") || f.referring():
		f.expr()
	default:
		f.copied(1)
	}
	if f.at == before {
		f.copied(1)
	}
}

// referring reports a name that is itself worked out: ${"a"."b"}, &{"f"}.
func (f *folder) referring() bool {
	t := f.peek(0)
	return (f.language == "perl" || f.language == "php") && (t.is("$") || t.is("&")) && (f.peek(1).is("{") || f.peek(1).kind == name && f.peek(1).text[0] == '$')
}

// unsure are the names that a condition, a loop or a function may change in an
// order that is not followed.
func unsure(in []token) (once map[string]int, never map[string]bool) {
	once, never = map[string]int{}, map[string]bool{}
	plain := map[string]int{}
	branches, loops := false, false
	for i, t := range in {
		if t.kind != name {
			branches = branches || t.is("?")
			continue
		}
		branches = branches || branching[t.text]
		loops = loops || looping[t.text]
		if i+1 >= len(in) || in[i+1].kind != sign {
			continue
		}
		second := token{}
		if i+2 < len(in) {
			second = in[i+2]
		}
		switch {
		case in[i+1].is("=") && !second.is("=") && !second.is(">") && !second.is("~"):
			plain[t.text]++
		case loops && strings.Contains("+.*-|", in[i+1].text) && second.is("="):
			never[t.text] = true
		case in[i+1].is("<") && second.is("-"), in[i+1].is(":") && second.is("="):
			plain[t.text]++
		}
	}
	for n, times := range plain {
		if times > 1 && branches {
			once[n] = times
		}
	}
	return once, never
}

// branching are the words after which code may run or not.
var branching = set("if else elif elsif unless while until for foreach loop each times def function sub func fn lambda case when switch try except catch rescue do goto redo on then map global nonlocal fork")

// looping are the words after which code may run more than once, in a way that
// is not worked out.
var looping = set("while until loop times repeat goto redo setInterval def function sub func")
