package pwsh

import (
	"slices"
	"strings"
)

// chain reads pipelines joined by && and ||.
func (p *parser) chain() Value {
	v := p.pipeline()
	for p.spend(1) {
		p.space(false)
		if p.has("&&") || p.has("||") {
			p.at += 2
			p.spaceLines()
			v = p.pipeline()
			continue
		}
		if p.cur() == '&' {
			p.at++
		}
		break
	}
	return v
}

func (p *parser) pipeline() Value {
	v := p.element(nil)
	for p.spend(1) {
		save := p.at
		p.space(false)
		if p.cur() == '\n' { // a pipe may begin the next line
			p.spaceLines()
		}
		if p.cur() != '|' || p.has("||") {
			p.at = save
			return v
		}
		p.at++
		p.spaceLines()
		v = p.element(&v)
	}
	return v
}

// element reads one part of a pipeline, which gets what comes in.
func (p *parser) element(in *Value) Value {
	p.space(false)
	c := p.cur()
	switch {
	case c == '&' || c == '.' && strings.IndexByte(" \t($\"'{", p.peek(1)) >= 0:
		return p.call(in)
	case strings.IndexByte("\"'$(@[{!+,", c) >= 0 && c != 0,
		c == '-' && p.peek(1) != 0, c >= '0' && c <= '9' && !p.namelike():
		v := p.expr()
		p.redirects(v)
		if in != nil && v.Kind == Unknown {
			v = v.marked(*in)
		}
		return v
	}
	return p.command(in)
}

// namelike reports a word of digits and letters that is no number: 7z.
func (p *parser) namelike() bool {
	w := p.word()
	return len(w) > 1 && strings.Trim(w, "0123456789") != "" && !strings.HasPrefix(w, "0x") && units[w[max(0, len(w)-2):]] == 0 && w[len(w)-1] != 'l'
}

// redirects reads > FILE behind an expression or a command.
func (p *parser) redirects(v Value) {
	for {
		save := p.at
		p.space(false)
		n := 0
		if strings.IndexByte("123456*", p.cur()) >= 0 && p.cur() != 0 && p.peek(1) == '>' {
			n = 1
		}
		if p.peek(n) != '>' {
			p.at = save
			return
		}
		errors := n == 1 && p.cur() == '2'
		p.at += n + 1
		name := "Out-File"
		if p.cur() == '>' {
			p.at++
			name = "Add-Content"
		}
		if p.cur() == '&' {
			p.at += 2
			continue
		}
		p.space(false)
		to := p.argValue()
		if (to.Kind == Null || strings.EqualFold(to.String(), "$null")) && to.Kind != Unknown || errors && to.Kind == Null {
			continue
		}
		p.emit(Command{Name: name, From: v.From - 1, Input: v, Args: []Arg{{Param: "FilePath", Values: []Value{to}, Attached: true}}})
	}
}

// command reads a command that begins with its name.
func (p *parser) command(in *Value) Value {
	name := p.generic()
	if name.Text == "" {
		p.at++
		return Value{Kind: Null}
	}
	return p.afterName(name.Text, in, name.Coded)
}

// afterName reads the words behind a name and runs the command.
func (p *parser) afterName(name string, in *Value, hidden ...bool) Value {
	args := p.args()
	v := p.invoke(name, args, in, len(hidden) > 0 && hidden[0])
	p.redirects(v)
	return v
}

// call reads & NAME and . NAME.
func (p *parser) call(in *Value) Value {
	dot := p.cur() == '.'
	p.at++
	p.space(false)
	var v Value
	switch c := p.cur(); {
	case c == '{' || c == '(' || c == '$' || c == '"' || c == '\'':
		v = p.postfix(p.primary())
	default:
		v = p.generic()
	}
	args := p.args()
	out := p.callValue(v, args, in, dot)
	p.redirects(out)
	return out
}

// callValue runs what & or . is given.
func (p *parser) callValue(v Value, args []Arg, in *Value, dot bool) Value {
	if v.Kind == List && len(v.List) == 1 {
		v = v.List[0]
	}
	switch {
	case v.Kind == Block:
		if v.Coded {
			p.emit(Command{Name: "Invoke-Expression", From: -1, Code: ReadCode, Hidden: true})
		}
		if in != nil {
			p.vars["input"], p.vars["_"] = *in, *in
		}
		return p.runBlock(v, plain(args), args)
	case v.Kind == Text && v.Known():
		return p.invoke(v.Text, args, in, v.Coded)
	case v.Net || v.Type == "code" && v.Net:
		p.emit(Command{Name: "Invoke-Expression", From: v.From - 1, Code: Fetched, Hidden: v.Coded})
		return Value{Net: true}
	case v.Type == "code":
		p.emit(Command{Name: "Invoke-Expression", From: v.From - 1, Code: NotKnown, Hidden: v.Coded})
		return Value{}
	}
	name := Hole
	if v.Text != "" {
		name = v.Text
	}
	if in != nil && in.Net {
		p.emit(Command{Name: "Invoke-Expression", From: in.From - 1, Code: Fetched, Hidden: v.Coded})
		return Value{Net: true}
	}
	at := p.emit(Command{Name: name, Args: args, From: -1, Program: true, Hidden: v.Coded})
	return Value{From: at + 1}
}

// plain are the values that stand behind no parameter.
func plain(args []Arg) []Value {
	var out []Value
	for _, a := range args {
		if a.Param == "" {
			out = append(out, one(a.Values))
		}
	}
	return out
}

func one(vs []Value) Value {
	switch len(vs) {
	case 0:
		return Value{Kind: Null}
	case 1:
		return vs[0]
	}
	return list(vs)
}

// args reads the words behind a command.
func (p *parser) args() []Arg {
	var out []Arg
	for p.spend(1) {
		p.space(false)
		c := p.cur()
		if p.done() || strings.IndexByte(";\n|)}", c) >= 0 || c == '&' || p.redirected() {
			return out
		}
		from := p.at
		if p.has("--%") {
			p.at += 3
			for !p.done() && p.cur() != '\n' && p.cur() != '|' {
				p.space(false)
				n := p.at
				for n < len(p.src) && strings.IndexByte(" \n|", p.src[n]) < 0 {
					n++
				}
				out = append(out, Arg{Values: []Value{text(p.src[p.at:n])}})
				p.at = n
			}
			return out
		}
		if c == '-' && letter(p.peek(1)) && p.peek(1) > '9' {
			if a, ok := p.parameter(); ok {
				out = append(out, a)
				continue
			}
		}
		if c == '@' && letter(p.peek(1)) {
			p.at++
			w := p.word()
			p.at += len(w)
			out = append(out, splat(p.vars[w])...)
			continue
		}
		out = append(out, Arg{Values: p.values()})
		if p.at == from {
			p.at++
		}
	}
	return out
}

func (p *parser) redirected() bool {
	return p.cur() == '>' || strings.IndexByte("123456*", p.cur()) >= 0 && p.cur() != 0 && p.peek(1) == '>'
}

// splat makes words of a table of parameters.
func splat(v Value) []Arg {
	if v.Kind == List {
		return []Arg{{Values: v.List}}
	}
	if v.Kind != Table {
		return []Arg{{Values: []Value{{}}}}
	}
	var out []Arg
	for i, k := range v.Keys {
		out = append(out, Arg{Param: k, Values: v.List[i].items(), Attached: true})
	}
	return out
}

// parameter reads -Name and -Name:value.
func (p *parser) parameter() (Arg, bool) {
	n := p.at + 1
	for n < len(p.src) && (letter(p.src[n]) || p.src[n] == '`' || p.src[n] == '-') {
		n++
	}
	if n < len(p.src) && strings.IndexByte(" \t\r\n:;|)}&,>", p.src[n]) < 0 {
		return Arg{}, false // a word that only begins like one: -Dname=x
	}
	a := Arg{Param: strings.ReplaceAll(p.src[p.at+1:n], "`", "")}
	p.at = n
	if p.cur() == ':' {
		p.at++
		p.space(false)
		a.Values, a.Attached = p.values(), true
	}
	return a, true
}

// values reads a value, or several with commas between.
func (p *parser) values() []Value {
	out := []Value{p.argValue()}
	for p.spend(1) {
		save := p.at
		p.space(false)
		if p.cur() != ',' {
			p.at = save
			break
		}
		p.at++
		p.spaceLines()
		out = append(out, p.argValue())
	}
	if len(out) == 1 && out[0].Kind == List {
		return out[0].List
	}
	return out
}

// argValue reads one value as it may stand behind a command.
func (p *parser) argValue() Value {
	switch c := p.cur(); {
	case c == '(' || c == '{' || c == '@' && (p.peek(1) == '(' || p.peek(1) == '{' || p.peek(1) == '"' || p.peek(1) == '\''),
		c == '"' || c == '\'', c == '$' && p.peek(1) == '(':
		v := p.postfix(p.primary())
		if p.glued() && c != '{' {
			return p.joinedTo(v)
		}
		return v
	case c == '$':
		if p.peek(1) == 0 || strings.IndexByte(" \t\n;|)", p.peek(1)) >= 0 {
			p.at++
			return text("$")
		}
		v := p.postfix(p.variable())
		if p.glued() {
			return p.joinedTo(v)
		}
		return v
	}
	v := p.generic()
	v.Coded = false
	return v
}

// glued reports that the word goes on.
func (p *parser) glued() bool {
	return !p.done() && strings.IndexByte(" \t\r\n;|&(){},<>", p.cur()) < 0
}

func (p *parser) joinedTo(v Value) Value {
	rest := p.generic()
	return text(v.String() + rest.Text).marked(v)
}

// generic reads a word without quotes around it. It is marked as hidden where
// marks inside it make it hard to read.
func (p *parser) generic() Value {
	var b strings.Builder
	out := Value{Kind: Text}
	for !p.done() && p.glued() {
		switch c := p.cur(); {
		case c == '`':
			p.at++
			if !p.done() {
				out.Coded = out.Coded || letter(p.cur())
				b.WriteByte(p.cur())
				p.at++
			}
		case c == '"' || c == '\'':
			out.Coded = true
			v := p.literal()
			out = out.marked(v)
			b.WriteString(v.String())
		case c == '$' && (letter(p.peek(1)) || p.peek(1) == '{'):
			v := p.variable()
			out = out.marked(v)
			b.WriteString(v.String())
		case c == '$' && p.peek(1) == '(':
			v := p.primary()
			out = out.marked(v)
			b.WriteString(v.String())
		default:
			b.WriteByte(c)
			p.at++
		}
	}
	out.Text = b.String()
	return out
}

// runBlock runs a block with arguments.
func (p *parser) runBlock(b Value, args []Value, named []Arg) Value {
	return p.runCode(b.Text, max(b.Line, 1), args, named)
}

func (p *parser) runCode(code string, line int, args []Value, named []Arg) Value {
	if p.depth >= maxDepth {
		p.pass("code in code, which goes on too deep")
		return Value{}
	}
	p.depth++
	defer func() { p.depth-- }()
	old := p.vars["args"]
	p.vars["args"] = list(args)
	var keys []string
	for i, a := range named {
		if a.Param == "" {
			continue
		}
		v := one(a.Values)
		if !a.Attached {
			v = truth(true)
			if i+1 < len(named) && named[i+1].Param == "" {
				v = one(named[i+1].Values)
			}
		}
		k := "\x00arg " + strings.ToLower(a.Param)
		keys = append(keys, k)
		p.vars[k] = v
	}
	v := p.sub(code, line).body(0)
	for _, k := range keys {
		delete(p.vars, k)
	}
	p.vars["args"] = old
	return v
}

// run runs text as code.
func (p *parser) run(v Value, name string) Value {
	c := Command{Name: name, From: v.From - 1, Hidden: v.Coded}
	if v.Kind == List {
		v = text(v.joined(" ")).marked(v)
	}
	switch {
	case v.Kind == Block || v.Kind == Text && v.Known():
		c.Code = ReadCode
	case v.Net:
		c.Code = Fetched
	default:
		c.Code = NotKnown
	}
	at := p.emit(c)
	if c.Code == Fetched {
		return Value{Net: true, From: at + 1}
	}
	if v.Kind != Block && v.Kind != Text {
		return Value{From: at + 1}
	}
	save := p.parent
	p.parent = at
	code := strings.ReplaceAll(v.Text, Hole, "$unknown")
	out := p.runCode(code, p.lineAt(), nil, nil)
	p.parent = save
	return out
}

// blocks runs the blocks that a command was given, below it.
func (p *parser) blocks(at int, args []Arg) Value {
	save := p.parent
	p.parent = at
	defer func() { p.parent = save }()
	out := Value{Kind: Null}
	for _, v := range slices.Concat(valuesOf(args)...) {
		if v.Kind == Block {
			out = p.runBlock(v, param(args, -1, "argumentlist", "args"), nil)
		}
	}
	return out
}

func valuesOf(args []Arg) [][]Value {
	out := make([][]Value, 0, len(args))
	for _, a := range args {
		out = append(out, a.Values)
	}
	return out
}
