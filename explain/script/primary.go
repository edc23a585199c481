package script

import "strings"

// primary reads one value with all that is done to it: names, brackets, calls.
func (f *folder) primary() value {
	mark, t := len(f.out), f.peek(0)
	if f.at >= len(f.in) || f.spent() {
		f.copied(1)
		return value{}
	}
	f.depth++
	defer func() { f.depth-- }()
	c := chain{mark: mark, line: t.line}
	switch {
	case t.kind == text && t.bare:
		f.copied(1)
		if v := f.vars["$_"]; t.pat != nil && t.pat.op != "m" && v.kind == wording && f.language == "perl" {
			f.set("$_", v.changed(t.pat))
		}
		return value{pat: t.pat}
	case t.kind == text || t.kind == started:
		c.v = f.literal()
		if t.kind == started {
			return value{}
		}
	case t.kind == number:
		f.copied(1)
		n, ok := whichNumber(t.text)
		if !ok {
			return value{}
		}
		c.v = num(n)
	case f.referring():
		c.v = f.reference()
	case t.kind == name:
		if v, done := f.named(&c); done {
			return v
		}
	case t.is("("):
		if f.arrow() {
			return f.arrowFunction()
		}
		c.own = f.assignedIn()
		c.v = f.group(")")
	case t.is("["):
		c.v = f.group("]")
	case t.is(":") && f.language == "ruby" && (f.peek(1).kind == name || f.peek(1).kind == text) && !f.peek(-1).is(":"): // a symbol
		f.copied(1)
		return f.primary()
	case t.is("{") && f.language == "lua":
		c.v = f.group("}")
	case t.is("{"):
		f.block()
		return value{}
	case t.is("-") && f.peek(1).is(">") && f.language == "ruby": // ->(x){ … }
		return f.rubyLambda()
	default:
		return value{} // an operator: whoever reads the statement copies it
	}
	return f.rest(&c)
}

// chain is a value on the way: what it is, how it was named last and where it
// began.
type chain struct {
	v    value
	name string // the last part of its name; empty: it is no name
	own  string // the variable that it is
	path string // all of its name
	mark int
	line int
}

// literal reads a text, with what fills it.
func (f *folder) literal() value {
	t := f.peek(0)
	f.at++
	if !t.fills {
		f.put(t)
		v := str(t.text)
		if t.bytes {
			v = str(latin(t.text))
			v.bytes = true
		}
		return v
	}
	mark := len(f.out)
	s := f.filled(t)
	v := str(s)
	if f.quiet > 0 {
		return v
	}
	if v.known() {
		f.out = append(f.out[:mark], token{kind: t.kind, text: s, line: t.line})
		return v
	}
	f.partly(mark, value{kind: wording, s: s}, t.kind, t.line)
	return v
}

// latin writes letters up to 255 as one byte each.
func latin(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 255 {
			return s
		}
		b = append(b, byte(r))
	}
	return string(b)
}

// group reads what stands in brackets: one value, or a list.
func (f *folder) group(end string) value {
	mark, line, begin := len(f.out), f.peek(0).line, f.at
	f.copied(1)
	f.nest++
	items, comma := f.items(end)
	f.nest--
	last := len(f.out)
	f.copied(1)
	v := listOf(items)
	if end == ")" && comma && f.language == "node" && f.peek(0).is("(") { // (0, f)(…)
		f.again(mark, last)
	}
	if end == ")" {
		if !comma && len(items) == 1 {
			v = items[0]
		}
		if f.peek(0).is("=") && !f.peek(1).is("=") && !f.peek(1).is("~") && !f.peek(1).is(">") {
			f.forget(f.in[begin:f.at])
			return value{}
		}
	}
	if (v.kind == wording || v.kind == whole) && v.known() && end == ")" && !f.peek(0).is("=") {
		f.settle(mark, v, line)
	}
	return v
}

// again puts out the last of the values in brackets once more: it is called.
func (f *folder) again(mark, end int) {
	if f.quiet > 0 || end-mark > 40 {
		return
	}
	for i := end - 1; i > mark; i-- {
		if f.out[i].is(",") {
			f.out = append(f.out, token{kind: sign, text: ";", line: f.out[i].line})
			f.out = append(f.out, f.out[i+1:end]...)
			return
		}
	}
}

// assignedIn is the name that brackets give a value: (my $x = …).
func (f *folder) assignedIn() string {
	n := 1
	if f.peek(1).text == "my" {
		n = 2
	}
	if f.peek(n).kind == name && f.peek(n+1).is("=") && !f.peek(n+2).is("=") {
		return f.peek(n).text
	}
	return ""
}

// forget drops what is known of the names among toks.
func (f *folder) forget(toks []token) {
	if len(toks) > 40 {
		toks = toks[:40]
	}
	for _, t := range toks {
		delete(f.vars, t.text)
	}
}

// items reads values up to a bracket, which is left standing.
func (f *folder) items(end string) (out []value, comma bool) {
	for f.at < len(f.in) && !f.spent() {
		t := f.peek(0)
		switch {
		case t.is(end):
			return out, comma
		case t.is(",") || t.kind == newline:
			comma = comma || t.is(",")
			f.copied(1)
			continue
		case t.is(")") || t.is("]") || t.is("}"):
			return out, comma
		case t.is("=") && f.peek(1).is(">") && len(out) > 0: // a key: what follows it counts
			f.copied(2)
			out = out[:len(out)-1]
			continue
		}
		mark, begin := len(f.out), f.at
		v := f.expr()
		if f.at == begin {
			f.statement()
			v = value{}
		}
		if f.language == "python" && f.peek(0).text == "for" && f.peek(0).kind == name {
			all, ok := f.comprehension(f.in[begin:f.at])
			if ok {
				f.settle(mark, all, f.peek(0).line)
				if end == "]" {
					out, comma = append(out, all.list...), true
				} else {
					out = append(out, all)
				}
				continue
			}
		}
		if (t.is("*") || t.is(".")) && v.kind == many {
			out = append(out, v.list...)
			continue
		}
		if !f.ended(end) { // something is done to it that is not worked out
			v = value{}
			f.until(end)
		}
		if len(out) < maxItems {
			out = append(out, v)
		}
	}
	return out, comma
}

func (f *folder) ended(end string) bool {
	t := f.peek(0)
	return t.is(end) || t.is(",") || t.kind == newline || t.is("=") && f.peek(1).is(">")
}

// until goes on to the next value of a list.
func (f *folder) until(end string) {
	for f.at < len(f.in) && !f.ended(end) && f.left > 0 {
		if t := f.peek(0); t.is(")") || t.is("]") || t.is("}") {
			return
		}
		if f.peek(0).is("{") {
			f.block()
			continue
		}
		f.statement()
	}
}

// block reads code in braces.
func (f *folder) block() {
	if f.spent() {
		f.copied(1)
		return
	}
	f.depth++
	nest := f.nest
	f.nest = 0
	f.copied(1)
	for f.at < len(f.in) && !f.peek(0).is("}") && f.left > 0 {
		if f.peek(0).is("{") {
			f.block()
			continue
		}
		f.statement()
	}
	f.copied(1)
	f.nest = nest
	f.depth--
}

// rest follows what is done to a value.
func (f *folder) rest(c *chain) value {
	for f.at < len(f.in) && !f.spent() {
		t := f.peek(0)
		switch n := f.dots(); {
		case n > 0:
			f.copied(n)
			f.member(c)
		case t.is("(") && f.peek(-1).kind != newline:
			f.called(c)
		case t.is("[") && c.callable() && !(t.gap && f.bare && c.name != ""):
			f.element(c)
		case t.is("{") && f.language == "perl" && strings.HasPrefix(c.name, "$") && f.peek(-1).kind == name:
			f.block()
			*c = chain{mark: c.mark, line: c.line}
		case f.language == "perl" && t.is("=") && f.peek(1).is("~") && f.peek(2).pat != nil:
			f.matched(c)
		default:
			if t.kind == text && !t.bare && c.name != "" && f.language == "lua" { // f"…"
				f.called(c)
				continue
			}
			return c.v
		}
		f.settleChain(c)
	}
	return c.v
}

func (c *chain) callable() bool { return c.name != "" || c.v.kind != dark }

func (f *folder) settleChain(c *chain) {
	if c.v.known() && c.v.kind != dark {
		f.settle(c.mark, c.v, c.line)
		c.name, c.own, c.path = "", "", ""
	}
}

// dots is how many tokens join what stands next with its owner.
func (f *folder) dots() int {
	a, b := f.peek(0), f.peek(1)
	n := 0
	switch {
	case a.is(".") && b.is(".") || a.is(".") && b.is("="):
	case a.is(":") && b.is(":"), a.is("-") && b.is(">"), a.is("?") && b.is("."), a.is("&") && b.is("."):
		n = 2
	case a.is("."), a.is(":") && f.language == "lua":
		if f.dotted {
			n = 1
		}
	case a.kind == newline && b.is(".") && f.dotted && f.peek(2).kind == name:
		n = 2
	}
	if n > 0 && (f.peek(n).kind == name || n == 2 && (f.peek(n).is("(") || f.peek(n).is("["))) {
		return n
	}
	return 0
}

// member reads .name and what it is called with.
func (f *folder) member(c *chain) {
	t := f.peek(0)
	if t.kind != name { // ->(…), ->[…]
		return
	}
	if (t.text == "call" || t.text == "apply") && f.peek(1).is("(") && f.onBehalf(c) {
		return
	}
	f.copied(1)
	owner := *c
	c.v, c.own = value{}, ""
	c.name, c.path = t.text, owner.path[max(0, len(owner.path)-100):]+"."+t.text
	if (owner.v.kind == dark || owner.v.kind == lambda) && owner.v.pat == nil {
		if f.language == "ruby" && !f.peek(0).is("(") && owner.path != "" {
			f.bareCall(c)
		}
		return
	}
	var args []value
	line := f.peek(0).line
	switch {
	case f.peek(0).is("("):
		args = f.arguments()
	case f.language == "lua" && f.peek(0).kind == text:
		args = []value{f.primary()}
	case f.bare && f.peek(0).kind == text && !f.peek(0).bare:
		args = []value{f.expr()}
	case !f.bare && t.text != "length":
		return
	}
	if block, ok := f.givenBlock(); ok {
		args = append(args, block)
	}
	if f.handedMethod(owner.v, t.text, args, line) {
		c.name = ""
		return
	}
	c.v = f.method(owner, t.text, args)
	c.name = ""
}

// onBehalf reads f.call(x, …) as f(…).
func (f *folder) onBehalf(c *chain) bool {
	n := len(f.out)
	switch {
	case c.v.kind == lambda && c.v.fn.name != "" && f.language == "ruby":
		line, fn := f.peek(0).line, str(c.v.fn.name)
		f.copied(1)
		args := f.arguments()
		f.call(fn, args, line)
		*c = chain{mark: c.mark, line: c.line}
		return true
	case c.v.kind == lambda && f.language == "ruby":
		fn := c.v
		f.copied(1)
		args := f.arguments()
		*c = chain{mark: c.mark, line: c.line}
		c.v = f.invoke(fn, args)
		return true
	case f.language != "node" || f.quiet > 0 || n == 0 || !f.out[n-1].is(".") || c.name == "":
		return false
	}
	f.out = f.out[:n-1]
	f.at++
	f.copied(1)
	f.nest++
	begin := len(f.out)
	f.expr()
	f.out = f.out[:begin]
	if f.peek(0).is(",") {
		f.at++
	}
	f.items(")")
	f.nest--
	f.copied(1)
	*c = chain{mark: c.mark, line: c.line}
	return true
}

// element reads x[…].
func (f *folder) element(c *chain) {
	owner := *c
	f.copied(1)
	f.nest++
	var bounds [3]*int64
	part, colons, open := 0, 0, true
	var last value
	for f.at < len(f.in) && !f.peek(0).is("]") && f.left > 0 {
		switch t := f.peek(0); {
		case t.is(":") && f.language == "python" || t.is(".") && f.peek(1).is(".") && f.language == "ruby":
			if t.is(".") {
				f.copied(1)
			}
			f.copied(1)
			colons++
			part = min(part+1, 2)
		case t.is(")") || t.is("}"):
			open = false
			f.copied(1)
		default:
			begin := f.at
			last = f.expr()
			if f.at == begin {
				f.statement()
			}
			if n, ok := last.number(); ok && last.kind == whole {
				bounds[part] = &n
			} else if last.kind != wording {
				open = false
			}
		}
	}
	f.copied(1)
	f.nest--
	*c = chain{mark: owner.mark, line: owner.line}
	switch {
	case !open || owner.v.kind == dark || owner.v.kind == lambda:
		if last.kind == wording {
			c.name = last.s
		}
	case colons > 0:
		if f.language == "ruby" && bounds[1] != nil {
			end := *bounds[1] + 1
			if bounds[1] = &end; end == 0 {
				bounds[1] = nil
			}
		}
		c.v = owner.v.slice(bounds[0], bounds[1], bounds[2])
	case bounds[0] != nil:
		items := owner.v.items()
		at := *bounds[0]
		if f.language == "lua" || f.language == "julia" || f.language == "r" {
			at--
		}
		if at < 0 {
			at += int64(len(items))
		}
		if at >= 0 && at < int64(len(items)) {
			c.v = items[at]
			c.v.made = c.v.made || owner.v.kind == wording
		}
	}
}
