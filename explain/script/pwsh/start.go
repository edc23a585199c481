package pwsh

import "strings"

// process is Start-Process.
func (p *parser) process(c Command, _ *Value) Value { return p.startProcess(c) }

// startProcess adds a command that starts a program, and the program below it.
func (p *parser) startProcess(c Command) Value {
	at := p.emit(c)
	file := c.Param(0, "filepath")
	if len(file) == 0 {
		return Value{From: at + 1}
	}
	words := []Value{one(file)}
	if split := fields(words[0].String()); len(split) > 1 && !strings.Contains(words[0].String(), `\Program Files`) {
		words = nil
		for _, w := range split {
			words = append(words, text(w))
		}
	}
	for _, v := range c.Param(1, "argumentlist", "args") {
		for _, w := range fields(v.String()) {
			words = append(words, text(w))
		}
	}
	p.below(at, words)
	return Value{From: at + 1, Of: "start-process"}
}

// below adds a program that a command starts.
func (p *parser) below(at int, words []Value) {
	name := words[0].String()
	if name == "" {
		name = Hole
	}
	if name == Hole || strings.Contains(name, "://") {
		return
	}
	save := p.parent
	p.parent = at
	defer func() { p.parent = save }()
	c := Command{Name: name, From: -1, Program: true}
	for _, w := range words[1:] {
		c.Args = append(c.Args, Arg{Values: []Value{w}})
	}
	p.emit(c)
}

// fields divides the words of a command line as Windows does.
func fields(s string) []string {
	var out []string
	var b strings.Builder
	quote, open := byte(0), false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, open = c, true
		case quote == 0 && (c == ' ' || c == '\t' || c == '\n'):
			if open || b.Len() > 0 {
				out = append(out, b.String())
			}
			b.Reset()
			open = false
		default:
			b.WriteByte(c)
		}
	}
	if open || b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}

// wmi is a method of a part of Windows, which may start a program.
func (p *parser) wmi(c Command, in *Value) Value {
	class := strings.ToLower(one(c.Param(0, "classname", "class", "path")).String())
	method := strings.ToLower(one(c.Param(1, "methodname", "name")).String())
	at := p.emit(c)
	if !strings.Contains(class, "win32_process") || method != "create" {
		return Value{From: at + 1}
	}
	v := one(c.Param(-1, "arguments", "argumentlist"))
	if l, ok := v.field("CommandLine"); ok {
		v = l
	}
	var words []Value
	for _, w := range fields(v.String()) {
		words = append(words, text(w))
	}
	if len(words) > 0 && v.Kind != Table {
		p.below(at, words)
	}
	return Value{From: at + 1}
}

// taskAction is what a scheduled task will run.
func (p *parser) taskAction(c Command, _ *Value) Value {
	at := p.emit(c)
	file := c.Param(0, "execute")
	if len(file) == 0 {
		return Value{From: at + 1}
	}
	words := []Value{one(file)}
	for _, w := range fields(one(c.Param(1, "argument")).String()) {
		words = append(words, text(w))
	}
	p.below(at, words)
	return Value{From: at + 1}
}
