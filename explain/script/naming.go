package script

import "strings"

// passing are words before a value that change nothing of it.
var passing = set("await new not typeof void my our local let const var scalar wantarray static final auto String val begin")

// sayings are words that stand alone, and functions that are none.
var sayings = set("return print puts echo p pp say in is and or if else elif elsif elseif unless while until do then end begin import from as with try except catch rescue ensure finally global nonlocal class pass yield raise throw del assert case when switch use package require_relative die warn")

// named reads a name. done: nothing more can be done to it.
func (f *folder) named(c *chain) (v value, done bool) {
	t := f.peek(0)
	switch {
	case f.dialect.vars && f.peek(1).is(",") && f.together():
		return value{}, true
	case t.text == "lambda" && f.language == "python", t.text == "lambda" && f.language == "ruby", t.text == "proc" && f.language == "ruby":
		return f.lambda(), true
	case (t.text == "function" || t.text == "fn" || t.text == "sub") && f.vars != nil && !f.peek(1).isName():
		return f.anonymous(), true
	case f.arrow():
		return f.arrowFunction(), true
	case passing[t.text] && f.at+1 < len(f.in) && !f.peek(1).is("(") && !f.peek(1).is("=") && f.dotsAfter(1) == 0:
		f.copied(1)
		v := f.unary()
		if t.text == "scalar" {
			f.settle(c.mark, v, t.line)
		}
		return v, true
	case sayings[t.text] && !f.peek(1).is("(") && !f.peek(1).is("=") && f.vars[t.text].kind == dark:
		f.copied(1)
		return value{}, true
	case f.language == "ruby" && f.symbol():
		return str(t.text), true
	}
	f.copied(1)
	c.name, c.path, c.own = t.text, t.text, t.text
	if f.language == "lua" && f.appends(t.text) {
		return value{}, true
	}
	if took, op := f.assigning(); took > 0 {
		return f.assigned(t.text, took, op), true
	}
	if f.shoved(c) {
		return value{}, true
	}
	if f.dialect.vars {
		c.v = f.variable(t.text)
	}
	if c.v.known() && c.v.kind != lambda && !f.peek(0).is("(") {
		if !f.changing(c) {
			f.settle(c.mark, c.v, c.line)
		}
		return value{}, false
	}
	if f.bare && c.v.kind == dark && f.dots() == 0 && !f.peek(0).is("(") && !f.peek(0).is("=") {
		f.bareCall(c)
		f.settleChain(c)
	}
	if c.v.kind == dark && !f.peek(0).is("(") && functions()[lastPart(t.text)] != nil {
		c.v = value{kind: lambda, fn: &function{name: lastPart(t.text)}}
	}
	return value{}, false
}

func (t token) isName() bool { return t.kind == name }

// dotsAfter is as dots, n tokens further on.
func (f *folder) dotsAfter(n int) int {
	f.at += n
	d := f.dots()
	f.at -= n
	return d
}

// variable is what a name stands for.
func (f *folder) variable(n string) value {
	if v, ok := f.vars[n]; ok {
		return v
	}
	if f.language == "perl" && strings.HasPrefix(n, "$") && f.peek(0).is("[") { // $a[0] is of @a
		return f.vars["@"+n[1:]]
	}
	return value{}
}

// changers change the list that they are called on.
var changers = set("append push extend insert pop shift unshift splice remove sort reverse sort! reverse! concat clear add")

// changing reads a call that changes the list that a variable holds.
func (f *folder) changing(c *chain) bool {
	n := f.dots()
	if c.v.kind == wording && f.language == "ruby" && n > 0 && (inPlace[f.peek(n).text] || f.peek(n+1).is("!")) {
		delete(f.vars, c.own)
		return false
	}
	if c.v.kind != many || n == 0 || !changers[f.peek(n).text] {
		return false
	}
	how := f.peek(n).text
	if (how == "reverse" || how == "concat") && f.language != "python" && f.language != "node" || how == "sort" && f.language == "ruby" {
		return false
	}
	old := c.v
	f.copied(n + 1)
	var args []value
	if f.peek(0).is("(") {
		args = f.arguments()
	}
	delete(f.vars, c.own)
	c.v = value{}
	switch {
	case f.unsure[c.own] > 0 && f.quiet == 0:
	case (how == "append" || how == "push") && len(args) == 1 && args[0].known():
		f.vars[c.own] = listOf(append(append([]value(nil), old.list...), args[0]))
	case how == "reverse" && len(args) == 0:
		c.v = old.reversed()
		f.vars[c.own] = c.v
	}
	return true
}

// appends reads t[#t+1] = x of Lua.
func (f *folder) appends(n string) bool {
	if !f.peek(0).is("[") || !f.peek(1).is("#") || f.peek(2).text != n || !f.peek(3).is("+") || !f.peek(5).is("]") || !f.peek(6).is("=") {
		return false
	}
	f.copied(7)
	f.lengthen(n, f.expr())
	return true
}

// lengthen adds a value to the list that a name holds.
func (f *folder) lengthen(n string, v value) {
	old := f.vars[n]
	if old.kind != many || !v.known() {
		delete(f.vars, n)
		return
	}
	f.set(n, listOf(append(append([]value(nil), old.list...), v)))
}

// symbol turns :name of Ruby into a text.
func (f *folder) symbol() bool {
	before, first := f.peek(-1), f.peek(-2)
	if !before.is(":") || first.is(":") || f.peek(1).is("(") || first.kind == name && first.line == before.line && f.at > 1 && !first.isCallWord() || first.is(")") || first.is("]") {
		return false
	}
	t := f.peek(0)
	f.at++
	f.put(token{kind: text, text: t.text, line: t.line})
	return true
}

func (t token) isCallWord() bool { return senders[t.text] || t.text == "method" || sayings[t.text] }

// assigning reports how many tokens of an assignment stand next, and what it
// does beside.
func (f *folder) assigning() (took int, op string) {
	a, b, c := f.peek(0), f.peek(1), f.peek(2)
	switch {
	case a.is("=") && !b.is("=") && !b.is(">") && !b.is("~"):
		return 1, ""
	case a.is(":") && b.is("=") && (f.language == "go" || f.language == "python"):
		return 2, ""
	case a.is("<") && b.is("-") && f.language == "r":
		return 2, ""
	case a.kind == sign && b.is("=") && !c.is("=") && strings.Contains("+.*-^", a.text):
		return 2, a.text
	case a.kind == sign && b.kind == sign && a.text == b.text && c.is("=") && strings.Contains("|&?.<>", a.text):
		return 3, "?"
	}
	return 0, ""
}

// assigned reads what a name is given.
func (f *folder) assigned(n string, took int, op string) value {
	f.copied(took)
	old, line := f.vars[n], f.peek(0).line
	for f.peek(0).kind == newline && f.at < len(f.in) {
		f.copied(1)
	}
	right := len(f.out)
	v := f.expr()
	if f.language == "perl" && strings.HasPrefix(n, "@") && f.peek(0).is(",") {
		v = value{}
	}
	switch {
	case op == "":
	case op == "?":
		v = value{}
	default:
		if op == f.join || op == "+" {
			op = f.join
			if old.kind == whole {
				op = "+"
			}
		}
		v = f.apply(op, old, v)
		if v.known() && f.quiet == 0 {
			f.settle(right, v, line)
		}
	}
	f.set(n, v)
	if !v.known() && v.kind != lambda { // what is put out of it was put out
		return value{}
	}
	return v
}

// set notes what a name stands for from here.
func (f *folder) set(n string, v value) {
	if f.unsure[n] > 0 && f.quiet == 0 && len(f.begun) < maxItems {
		f.begun[n] = v
	}
	if !f.dialect.vars || v.kind == dark || f.never[n] || f.unsure[n] > 0 && f.quiet == 0 || len(f.vars) > maxItems {
		delete(f.vars, n)
		return
	}
	f.vars[n] = v
}

// reference reads ${"a"."b"}, $$a, &{"f"} and &$f.
func (f *folder) reference() value {
	t := f.peek(0)
	f.copied(1)
	var v value
	if f.peek(0).is("{") {
		f.copied(1)
		v = f.expr()
		for f.at < len(f.in) && !f.peek(0).is("}") && f.left > 0 {
			f.statement()
			v = value{}
		}
		f.copied(1)
	} else {
		v = f.variable(f.peek(0).text)
		f.copied(1)
	}
	if v.kind != wording {
		return value{}
	}
	if t.is("&") {
		return v
	}
	return f.variable("$" + v.s)
}

// matched reads VALUE =~ s/…/…/ and tr/…/…/.
func (f *folder) matched(c *chain) {
	f.copied(2)
	p := f.peek(0).pat
	f.copied(1)
	n := c.own
	v := f.vars[n]
	if v.kind == dark {
		v = c.v
	}
	*c = chain{mark: c.mark, line: c.line}
	if n == "" || p.op == "m" {
		return
	}
	f.set(n, v.changed(p))
}

// changed is a text after a pattern has been put to it.
func (v value) changed(p *pattern) value {
	if v.kind != wording {
		return value{}
	}
	out := value{}
	switch p.op {
	case "tr":
		out = str(translate(v.s, ranged(p.from), ranged(p.to), strings.Contains(p.flags, "d")))
	case "s":
		out = replaced(v, p.from, p.to, strings.Contains(p.flags, "g"))
	}
	return out.hid()
}

// translate puts letters in place of others, as tr does.
func translate(s string, a, b []rune, drop bool) string {
	if len(b) == 0 && !drop {
		b = a
	}
	m := map[rune]rune{}
	for i, r := range a {
		if _, ok := m[r]; ok {
			continue
		}
		switch {
		case i < len(b):
			m[r] = b[i]
		case drop:
			m[r] = -1
		default:
			m[r] = b[len(b)-1]
		}
	}
	return strings.Map(func(r rune) rune {
		if n, ok := m[r]; ok {
			return n
		}
		return r
	}, s)
}

func ranged(s string) []rune {
	r := []rune(s)
	var out []rune
	for i := 0; i < len(r); i++ {
		if i+2 < len(r) && r[i+1] == '-' && r[i] <= r[i+2] && r[i+2]-r[i] < 512 {
			for c := r[i]; c <= r[i+2]; c++ {
				out = append(out, c)
			}
			i += 2
			continue
		}
		out = append(out, r[i])
	}
	return out
}
