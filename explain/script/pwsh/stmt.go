package pwsh

import (
	"strings"

	"escort/explain/say"
)

// body runs the statements up to the end of the text and returns what they put
// out.
func (p *parser) body(end byte) Value {
	var out []Value
	for p.spend(1) {
		p.space(true)
		if p.done() || end != 0 && p.cur() == end {
			break
		}
		from := p.at
		if v := p.statement(); v.Kind != Null {
			out = append(out, v)
		}
		if p.at == from {
			p.at++
		}
	}
	switch len(out) {
	case 0:
		return Value{Kind: Null}
	case 1:
		return out[0]
	}
	return list(out)
}

// statement reads one statement.
func (p *parser) statement() Value {
	p.space(false)
	w := p.word()
	if next := p.peek(len(w)); w != "" && (next == '-' || next == '.' && p.peek(len(w)+1) > ' ' || next == ':' || next == '\\' || next == '/') {
		w = "" // the name of a command that only begins like this
	}
	if f, ok := keywords[w]; ok && p.opens(w) {
		p.at += len(w)
		return f(p)
	}
	at := p.at
	if v, ok := p.assignment(); ok {
		return v
	}
	p.at = at
	return p.chain()
}

var keywords map[string]func(p *parser) Value

// braced are words that are keywords only before a brace.
var braced = set("begin process end clean data dynamicparam try finally else do class configuration")

// opens reports that what follows a keyword fits it.
func (p *parser) opens(w string) bool {
	rest := strings.TrimLeft(p.src[p.at+len(w):], " \t\r\n")
	switch {
	case w == "class" || w == "configuration" || w == "enum":
		return true
	case braced[w]:
		return strings.HasPrefix(rest, "{")
	case w == "if" || w == "elseif" || w == "for" || w == "while" || w == "param":
		return strings.HasPrefix(rest, "(")
	case w == "switch":
		return strings.HasPrefix(rest, "(") || strings.HasPrefix(rest, "-")
	}
	return true
}

func init() {
	keywords = map[string]func(p *parser) Value{
		"if": (*parser).ifs, "elseif": (*parser).ifs, "else": (*parser).block, "while": (*parser).whiles, "until": (*parser).ifs, "do": (*parser).dos,
		"for": (*parser).fors, "foreach": (*parser).foreach, "switch": (*parser).switches, "try": (*parser).block, "catch": (*parser).catch,
		"finally": (*parser).block, "trap": (*parser).catch, "begin": (*parser).block, "process": (*parser).block, "end": (*parser).block, "clean": (*parser).block,
		"dynamicparam": (*parser).block, "function": (*parser).function, "filter": (*parser).function, "param": (*parser).params,
		"return": (*parser).gives, "throw": (*parser).gives, "exit": (*parser).leaves, "break": (*parser).leaves, "continue": (*parser).leaves,
		"class": (*parser).passed, "enum": (*parser).passed, "workflow": (*parser).function, "configuration": (*parser).passed, "using": (*parser).using,
		"data": (*parser).block,
	}
}

// inBraces is the code between braces that stand next.
func (p *parser) inBraces() (string, int, bool) {
	p.spaceLines()
	if p.cur() != '{' {
		return "", 0, false
	}
	line := p.lineAt()
	return p.inside(), line, true
}

// spaceLines moves over blanks and line ends, but no semicolon.
func (p *parser) spaceLines() {
	for {
		p.space(false)
		if p.cur() != '\n' {
			return
		}
		p.at++
	}
}

// inBrackets is the value of what stands in brackets next.
func (p *parser) inBrackets() Value {
	p.spaceLines()
	if p.cur() != '(' {
		return Value{}
	}
	line := p.lineAt()
	return p.sub(p.inside(), line).body(0)
}

// block runs the code in braces, which may not happen.
func (p *parser) block() Value {
	code, line, ok := p.inBraces()
	if !ok {
		return Value{Kind: Null}
	}
	q := p.sub(code, line)
	q.maybe = true
	return q.body(0)
}

func (p *parser) ifs() Value {
	p.inBrackets()
	return p.block()
}

func (p *parser) catch() Value {
	p.spaceLines()
	for p.cur() == '[' {
		p.inside()
		p.spaceLines()
		if p.cur() == ',' {
			p.at++
			p.spaceLines()
		}
	}
	return p.block()
}

func (p *parser) whiles() Value {
	save := p.loop
	p.loop = true
	p.inBrackets()
	v := p.block()
	p.loop = save
	return v
}

func (p *parser) dos() Value {
	save := p.loop
	p.loop = true
	v := p.block()
	p.spaceLines()
	if w := p.word(); w == "while" || w == "until" {
		p.at += len(w)
		p.inBrackets()
	}
	p.loop = save
	return v
}

// fors reads a counting loop; one whose turns can be counted is run.
func (p *parser) fors() Value {
	p.spaceLines()
	if p.cur() != '(' {
		return Value{Kind: Null}
	}
	line := p.lineAt()
	head := strings.SplitN(p.inside(), ";", 3)
	code, at, ok := p.inBraces()
	if !ok || len(head) < 3 {
		return Value{Kind: Null}
	}
	p.sub(head[0], line).body(0)
	var out []Value
	for turn := 0; turn < maxTurns && p.spend(1); turn++ {
		yes, known := p.sub(head[1], line).body(0).is()
		if known && !yes {
			break
		}
		q := p.sub(code, at)
		q.loop = q.loop || !known
		v := q.body(0)
		if v.Kind != Null {
			out = append(out, v)
		}
		if !known {
			break
		}
		p.step(head[2], line)
	}
	return list(out)
}

// step runs the end of a loop's head: $i++.
func (p *parser) step(s string, line int) {
	t := strings.TrimSpace(s)
	for end, by := range map[string]int64{"++": 1, "--": -1} {
		if name, ok := strings.CutSuffix(t, end); ok && strings.HasPrefix(name, "$") {
			key := scoped(strings.ToLower(strings.TrimPrefix(name, "$")))
			if n, ok := p.vars[key].number(); ok {
				p.vars[key] = num(n + by)
				return
			}
		}
	}
	p.sub(s, line).body(0)
}

func (p *parser) foreach() Value {
	p.spaceLines()
	if p.cur() == '-' { // foreach -parallel
		p.at++
		p.at += len(p.word())
		p.spaceLines()
	}
	if p.cur() != '(' {
		return p.afterName("foreach", nil)
	}
	line := p.lineAt()
	q := p.sub(p.inside(), line)
	q.space(true)
	name, _ := q.varName()
	q.space(true)
	if q.word() == "in" {
		q.at += 2
	}
	over := q.body(0)
	code, at, ok := p.inBraces()
	if !ok {
		return Value{Kind: Null}
	}
	return p.each(over, code, at, name)
}

// each runs code for each of the values, or once where these are not known.
func (p *parser) each(over Value, code string, line int, name string) Value {
	var out []Value
	items := over.items()
	if over.Kind == List && len(items) > 0 && len(items)*len(code) > maxText {
		items = items[:1]
	}
	for _, e := range items {
		if !p.spend(2) {
			break
		}
		q := p.sub(code, line)
		q.loop = q.loop || e.Kind == Unknown
		p.vars[name] = e
		if e.Kind == Unknown {
			p.vars["_"] = e
		}
		if v := q.body(0); v.Kind != Null {
			out = append(out, v)
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return list(out)
}

func (p *parser) switches() Value {
	p.spaceLines()
	for p.cur() == '-' {
		p.at++
		p.at += len(p.word())
		p.spaceLines()
	}
	p.vars["_"] = p.inBrackets()
	code, line, ok := p.inBraces()
	if !ok {
		return Value{Kind: Null}
	}
	q := p.sub(code, line)
	q.maybe = true
	var out []Value
	for !q.done() && q.spend(1) {
		q.space(true)
		if q.done() {
			break
		}
		from := q.at
		switch {
		case q.cur() == '{':
			out = append(out, q.block())
		case letter(q.cur()) || strings.IndexByte("*.?-", q.cur()) >= 0:
			for !q.done() && strings.IndexByte(" \t\n{;", q.cur()) < 0 {
				q.at++
			}
		default:
			q.expr()
		}
		if q.at == from {
			q.at++
		}
	}
	return list(out)
}

// function keeps a piece of code for when it is called.
func (p *parser) function() Value {
	p.spaceLines()
	from := p.at
	for !p.done() && strings.IndexByte(" \t\r\n({", p.cur()) < 0 {
		p.at++
	}
	name := scoped(strings.ToLower(p.src[from:p.at]))
	p.spaceLines()
	head := ""
	if p.cur() == '(' {
		head = "param(" + p.inside() + ");"
	}
	body, line, ok := p.inBraces()
	if ok && name != "" {
		p.funcs[name] = function{body: head + body, line: line}
	}
	return Value{Kind: Null}
}

// params gives parameters the values that nothing else has given them.
func (p *parser) params() Value {
	p.spaceLines()
	if p.cur() != '(' {
		return Value{Kind: Null}
	}
	line := p.lineAt()
	q := p.sub(p.inside(), line)
	n := 0
	for !q.done() && q.spend(1) {
		q.space(true)
		if q.cur() == '[' {
			q.inside()
			continue
		}
		name, ok := q.varName()
		if !ok {
			q.at++
			continue
		}
		q.space(true)
		var v Value
		given := false
		if q.cur() == '=' {
			q.at++
			q.space(true)
			v, given = q.withoutCommas(), true
		}
		if a, ok := p.vars["\x00arg "+name]; ok {
			p.vars[name] = a
		} else if a := p.vars["args"]; a.Kind == List && n < len(a.List) {
			p.vars[name] = a.List[n]
		} else if given {
			p.vars[name] = v
		} else {
			delete(p.vars, name)
		}
		n++
	}
	return Value{Kind: Null}
}

func (p *parser) gives() Value {
	p.space(false)
	if p.done() || strings.IndexByte(";\n}", p.cur()) >= 0 {
		return Value{Kind: Null}
	}
	return p.statement()
}

func (p *parser) leaves() Value {
	for !p.done() && strings.IndexByte(";\n}", p.cur()) < 0 {
		p.at++
	}
	return Value{Kind: Null}
}

func (p *parser) passed() Value {
	for !p.done() && p.cur() != '{' {
		p.at++
	}
	if !p.done() {
		p.inside()
	}
	p.pass(say.Text("windows.a-class-or-a-setup"))
	return Value{Kind: Null}
}

func (p *parser) using() Value {
	from := p.at
	p.leaves()
	words := strings.Fields(p.src[from:p.at])
	if len(words) > 1 && strings.EqualFold(words[0], "module") {
		p.emit(Command{Name: "Import-Module", From: -1, Args: []Arg{{Values: []Value{text(strings.Trim(words[1], `'"`))}}}})
	}
	return Value{Kind: Null}
}
