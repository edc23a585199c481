package pwsh

import (
	"strconv"
	"strings"
)

// startVars are variables whose value is the same everywhere, and places that
// have a usual name.
func startVars() map[string]Value {
	m := map[string]Value{"true": truth(true), "false": truth(false), "null": {Kind: Null}}
	for name, v := range map[string]string{
		"home": "~", "env:home": "~", "env:userprofile": "~", "pwd": ".", "psscriptroot": ".", "env:temp": "/tmp", "env:tmp": "/tmp", "env:tmpdir": "/tmp",
		"env:windir": `C:\Windows`, "env:systemroot": `C:\Windows`, "env:systemdrive": "C:", "env:programdata": `C:\ProgramData`, "env:programfiles": `C:\Program Files`,
		"env:appdata": `~\AppData\Roaming`, "env:localappdata": `~\AppData\Local`, "env:public": `C:\Users\Public`, "env:comspec": `C:\WINDOWS\system32\cmd.exe`,
		"profile": `~\Documents\PowerShell\Microsoft.PowerShell_profile.ps1`, "shellid": "Microsoft.PowerShell", "pshome": `C:\Windows\System32\WindowsPowerShell\v1.0`,
		"verbosepreference": "SilentlyContinue", "erroractionpreference": "Continue", "ofs": " ", "env:path": Hole, "mdr": "MaximumDriveCount", "maximumdrivecount": "4096",
	} {
		m[name] = text(v)
	}
	return m
}

// levels are the operators, the weakest first.
var levels = [][]string{
	{"and", "or", "xor"},
	{"band", "bor", "bxor"},
	{
		"eq", "ne", "gt", "ge", "lt", "le", "like", "notlike", "match", "notmatch", "replace", "split", "join", "contains", "notcontains", "in", "notin", "is", "isnot", "as",
		"shl", "shr",
	},
	{"+", "-"},
	{"*", "/", "%"},
	{"f"},
	{".."},
}

// operator reads an operator of a level; empty: none stands here.
func (p *parser) operator(level int) string {
	save := p.at
	p.space(false)
	for _, o := range levels[level] {
		if !letter(o[0]) {
			if p.has(o) && !(o == "+" && p.has("++")) && !(o == "-" && p.has("--")) && p.peek(len(o)) != '=' && !(o == "-" && letter(p.peek(1)) && p.peek(1) > '9') {
				p.at += len(o)
				return o
			}
			continue
		}
		if p.cur() != '-' {
			continue
		}
		p.at++
		w := p.word()
		p.at--
		if w == o || (len(w) > 2 && (w[0] == 'c' || w[0] == 'i') && w[1:] == o && level == 2) {
			p.at += 1 + len(w)
			return o
		}
	}
	p.at = save
	return ""
}

// expr reads an expression.
func (p *parser) expr() Value { return p.level(0, p.commas) }

// withoutCommas reads an expression that ends at a comma.
func (p *parser) withoutCommas() Value { return p.level(0, p.unary) }

// level reads what the operators from level n on join; below the last stands
// what operand reads.
func (p *parser) level(n int, operand func() Value) Value {
	if n == len(levels) {
		return operand()
	}
	left := p.level(n+1, operand)
	for p.spend(1) {
		o := p.operator(n)
		if o == "" {
			return left
		}
		p.space(true)
		left = p.binary(o, left, p.level(n+1, operand))
	}
	return left
}

// commas reads a list without brackets.
func (p *parser) commas() Value {
	if p.cur() == ',' {
		p.at++
		p.space(true)
		return list([]Value{p.unary()})
	}
	v := p.unary()
	var all []Value
	for p.spend(1) && p.comma() {
		p.space(true)
		if all == nil {
			all = []Value{v}
		}
		all = append(all, p.unary())
	}
	if all != nil {
		return list(all)
	}
	return v
}

// unary reads what may stand before a value: -join, !, [type].
func (p *parser) unary() Value {
	if !p.spend(1) {
		p.at = len(p.src)
		return Value{}
	}
	p.space(false)
	switch c := p.cur(); {
	case p.has("++") || p.has("--"):
		p.at += 2
		return p.unary()
	case c == '!':
		p.at++
		return negated(p.unary())
	case c == '-' && letter(p.peek(1)) && p.peek(1) > '9':
		return p.unaryWord()
	case c == '-' || c == '+':
		p.at++
		v := p.unary()
		if n, ok := v.number(); ok && c == '-' {
			return num(-n).marked(v)
		}
		return v
	case c == '[':
		line := p.lineAt()
		save := p.at
		t, ok := p.typeName()
		if !ok {
			p.at = save
			p.inside()
			return Value{}
		}
		if p.has("::") || p.cur() == '.' {
			return p.postfix(Value{Type: "type:" + t, Line: line})
		}
		p.space(false)
		if next := p.cur(); next == 0 || strings.IndexByte(");,|}\n=", next) >= 0 || next == '-' && letter(p.peek(1)) && p.peek(1) > '9' {
			return Value{Type: "type:" + t}
		}
		return p.cast(t, p.unary())
	}
	return p.postfix(p.primary())
}

func negated(v Value) Value {
	if yes, known := v.is(); known {
		return truth(!yes)
	}
	return Value{}
}

// unaryWord reads -join x, -split x, -not x.
func (p *parser) unaryWord() Value {
	p.at++
	w := p.word()
	p.at += len(w)
	v := p.unary()
	switch strings.TrimLeft(w, "ci") {
	case "join", "jo":
		return p.binary("join", v, text(""))
	case "split":
		return p.binary("split", v, text(" "))
	}
	if w == "not" {
		return negated(v)
	}
	return Value{}.marked(v)
}

// primary reads one value.
func (p *parser) primary() Value {
	switch c := p.cur(); {
	case c == '"' || c == '\'' || c == '@' && (p.peek(1) == '"' || p.peek(1) == '\'') && hereEnd(p.src[p.at:]) > 0:
		return p.literal()
	case c == '$' && p.peek(1) == '(', c == '@' && p.peek(1) == '(':
		p.at++
		line := p.lineAt()
		v := p.sub(p.inside(), line).body(0)
		if c == '@' {
			return list(v.items())
		}
		return v
	case c == '(':
		line := p.lineAt()
		q := p.sub(p.inside(), line)
		v := q.body(0)
		if v.Kind == List { // a pipeline in brackets is one list
			return v
		}
		return v
	case c == '$':
		return p.variable()
	case c == '@' && p.peek(1) == '{':
		return p.table()
	case c == '@':
		p.at++
		w := p.word()
		p.at += len(w)
		return p.vars[w]
	case c == '{':
		line := p.lineAt()
		return Value{Kind: Block, Text: p.inside(), Line: line}
	case c >= '0' && c <= '9':
		return p.digits()
	case c == '&' || c == '.':
		return p.call(nil)
	}
	if w := p.word(); w != "" { // a command in the middle of an expression
		return p.command(nil)
	}
	p.at++
	return Value{}
}

var units = map[string]int64{"kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40}

// digits reads a number.
func (p *parser) digits() Value {
	w := p.word()
	p.at += len(w)
	if p.cur() == '.' && p.peek(1) >= '0' && p.peek(1) <= '9' { // a fraction
		p.at++
		f := p.word()
		p.at += len(f)
		return text(w + "." + f)
	}
	for u, by := range units {
		if d, ok := strings.CutSuffix(w, u); ok {
			if n, err := strconv.ParseInt(d, 10, 32); err == nil {
				return num(n * by)
			}
		}
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(w, "l"), 0, 64)
	if err != nil {
		if n, err = strconv.ParseInt(strings.TrimLeft(w, "0"), 10, 64); err != nil {
			return text(w)
		}
	}
	return num(n)
}

// table reads @{name = value; …}.
func (p *parser) table() Value {
	p.at++
	line := p.lineAt()
	q := p.sub(p.inside(), line)
	v := Value{Kind: Table}
	for !q.done() && q.spend(1) {
		q.space(true)
		if q.done() {
			break
		}
		var key string
		if w := q.word(); w != "" {
			q.at += len(w)
			key = w
		} else {
			key = strings.ToLower(q.postfix(q.primary()).String())
		}
		q.space(false)
		if q.cur() != '=' {
			q.at++
			continue
		}
		q.at++
		q.space(true)
		e := q.statement()
		v.Keys, v.List = append(v.Keys, key), append(v.List, e)
		v = v.marked(e)
	}
	return v
}

// postfix reads what follows a value: .name, .name(…), ::name(…), [i].
func (p *parser) postfix(v Value) Value {
	for p.spend(1) {
		switch {
		case p.has("++"), p.has("--"):
			p.at += 2
		case p.has("?."):
			p.at++
		case p.has("::"), p.cur() == '.' && p.peek(1) != '.' && strings.IndexByte(" \t\n\r", p.peek(1)) < 0:
			p.at++
			if p.cur() == ':' {
				p.at++
			}
			v = p.member(v)
		case p.cur() == '[' && p.at > 0:
			line := p.lineAt()
			in := p.inside()
			v = index(v, p.sub(in, line).body(0))
		default:
			return v
		}
	}
	return v
}

// member reads the name behind a dot and what belongs to it.
func (p *parser) member(v Value) Value {
	var name string
	switch c := p.cur(); {
	case c == '\'' || c == '"':
		name = p.literal().String()
	case c == '$' && p.peek(1) != '(':
		name = p.variable().String()
	case c == '(' || c == '$':
		name = p.primary().String()
	default:
		w := p.word()
		name = p.src[p.at : p.at+len(w)]
		p.at += len(w)
		if p.cur() == '`' {
			for p.cur() == '`' || letter(p.cur()) {
				if p.cur() != '`' {
					name += string(p.cur())
				}
				p.at++
			}
		}
	}
	name = strings.ToLower(name)
	if p.cur() != '(' && !(p.cur() == '{' && (name == "foreach" || name == "where")) {
		return p.property(v, name)
	}
	line := p.lineAt()
	var args []Value
	if p.cur() == '{' {
		args = []Value{{Kind: Block, Line: line, Text: p.inside()}}
	} else {
		q := p.sub(p.inside(), line)
		args = q.arguments()
	}
	return p.method(v, name, args)
}

// arguments reads what stands between the brackets of a call.
func (p *parser) arguments() []Value {
	p.space(true)
	if p.done() {
		return nil
	}
	var out []Value
	for !p.done() && p.spend(1) {
		before := p.at
		v := p.argument()
		out = append(out, v)
		p.space(true)
		if p.cur() == ',' {
			p.at++
			p.space(true)
			continue
		}
		if p.at == before {
			p.at++
		}
	}
	return out
}

// argument reads one argument: an expression without commas.
func (p *parser) argument() Value {
	at := p.at
	if v, ok := p.assignment(); ok {
		return v
	}
	p.at = at
	return p.withoutCommas()
}
