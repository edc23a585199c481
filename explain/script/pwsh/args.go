package pwsh

import "strings"

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
	for p.spend(1) && p.comma() {
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
