package pwsh

import "strings"

// assignment reads $x = …, also with a type before or a member behind it.
func (p *parser) assignment() (Value, bool) {
	t := ""
	for p.cur() == '[' {
		name, ok := p.typeName()
		if !ok || p.has("::") {
			return Value{}, false
		}
		t = name
		p.space(false)
	}
	name, ok := p.varName()
	if !ok {
		return Value{}, false
	}
	names := []string{name}
	member, last := false, ""
	for {
		switch {
		case p.cur() == '[':
			p.inside()
			member = true
			continue
		case p.cur() == '.' && letter(p.peek(1)):
			p.at++
			last = p.word()
			p.at += len(last)
			member = true
			continue
		}
		p.space(false)
		if p.cur() != ',' {
			break
		}
		p.at++
		p.space(true)
		if name, ok = p.varName(); !ok {
			return Value{}, false
		}
		names = append(names, name)
	}
	op := byte('=')
	switch {
	case p.cur() == '=' && p.peek(1) != '=':
		p.at++
	case strings.IndexByte("+-*/%", p.cur()) >= 0 && p.cur() != 0 && p.peek(1) == '=':
		op = p.cur()
		p.at += 2
	case p.has("??="):
		p.at += 3
	default:
		return Value{}, false
	}
	p.spaceLines()
	v := p.statement()
	if t != "" {
		v = p.cast(t, v)
	}
	if member {
		p.changed(p.vars[name], last)
	}
	p.assign(names, v, op, member)
	return Value{Kind: Null}, true
}

func (p *parser) assign(names []string, v Value, op byte, member bool) {
	for i, n := range names {
		e := v
		if len(names) > 1 {
			e = Value{}.marked(v)
			if v.Kind == List && i < len(v.List) {
				e = v.List[i]
			}
		}
		old, was := p.vars[n]
		switch {
		case member && old.Kind == Table: // one of its entries
			continue
		case member:
			if old.Type != "" || !was {
				continue
			}
			e = Value{}.marked(old)
		case op != '=' && p.loop:
			e = Value{}.marked(old).marked(e)
		case op != '=':
			e = p.binary(string(op), old, e)
		case p.maybe && was && old.Kind == Text && e.Kind == Text && old.Text != e.Text:
			e = list([]Value{old, e})
		}
		p.vars[n] = e
	}
}
