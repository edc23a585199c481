package pwsh

import (
	"strings"

	"escort/explain/say"
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
		p.set(v)
		p.redirects(v)
		if in != nil && v.Kind == Unknown {
			v = v.marked(*in)
		}
		return v
	}
	return p.command(in)
}

// dates and marks are properties of files that hide what was done when set.
var (
	dates = set("lastwritetime creationtime lastaccesstime lastwritetimeutc creationtimeutc lastaccesstimeutc")
	marks = set("attributes isreadonly")
)

// set reads what a property is set to: (Get-Item x).LastWriteTime = …
func (p *parser) set(v Value) {
	save := p.at
	p.space(false)
	if p.cur() != '=' || p.peek(1) == '=' {
		p.at = save
		return
	}
	p.at++
	p.spaceLines()
	name := p.last
	p.statement()
	p.changed(v, name)
}

// changed notes that a property was set.
func (p *parser) changed(v Value, name string) {
	file := Arg{Param: "Path", Values: []Value{{Kind: Text, Text: v.String()}}, Attached: true}
	switch {
	case dates[name]:
		p.emit(Command{Name: "Set-FileTime", From: v.From - 1, Args: []Arg{file}})
	case marks[name]:
		p.emit(Command{Name: "Set-FileAttribute", From: v.From - 1, Args: []Arg{file}})
	case strings.HasSuffix(name, "certificatevalidationcallback"):
		p.emit(Command{Name: "Disable-CertificateCheck", From: -1})
	}
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

// runBlock runs a block with arguments.
func (p *parser) runBlock(b Value, args []Value, named []Arg) Value {
	return p.runCode(b.Text, max(b.Line, 1), args, named)
}

func (p *parser) runCode(code string, line int, args []Value, named []Arg) Value {
	if p.depth >= maxDepth {
		p.passAll(say.Text("windows.code-in-code-which-goes"))
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

// asked are parameters whose block is a question to a directory.
var asked = set("filter ldapfilter filterhashtable filterxpath query")

// blocks runs the blocks that a command was given, below it.
func (p *parser) blocks(at int, args []Arg) Value {
	save := p.parent
	p.parent = at
	defer func() { p.parent = save }()
	out := Value{Kind: Null}
	for i, a := range args {
		name := a.Param
		if i > 0 && a.Param == "" {
			name = args[i-1].Param
		}
		if asked[strings.ToLower(name)] { // a question in curly braces, not code
			continue
		}
		for _, v := range a.Values {
			if v.Kind == Block {
				out = p.runBlock(v, param(args, -1, "argumentlist", "args"), nil)
			}
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
