package script

import "maps"

// What is put out more than once at most.
const (
	maxUnrolled = 16  // values that a name takes
	maxBody     = 300 // tokens
)

// unroll puts out the body of a function or a loop once more for each value of
// its names, so that what it does with each of them is seen.
func (f *folder) unroll(params []string, body []token, turns [][]value) {
	if f.quiet > 0 || len(turns) > maxUnrolled || len(body) > maxBody || len(body) == 0 || f.depth > 8 || len(params) == 0 {
		return
	}
	in, at, nest := f.in, f.at, f.nest
	before := maps.Clone(f.vars)
	f.left -= len(before)
	f.depth++
	for _, values := range turns {
		f.left -= len(body)
		for i, p := range params {
			delete(f.vars, p)
			if i < len(values) && values[i].known() {
				f.vars[p] = values[i]
			}
		}
		f.put(token{kind: sign, text: ";", line: body[0].line})
		f.in, f.at, f.nest = body, 0, 0
		for f.at < len(f.in) && f.left > 0 {
			f.statement()
		}
		f.put(token{kind: sign, text: ";", line: body[0].line})
	}
	f.depth--
	f.in, f.at, f.nest = in, at, nest
	f.vars = before
}

// singly makes one turn of each value.
func singly(vs []value) [][]value {
	out := make([][]value, 0, min(len(vs), maxUnrolled+1))
	for _, v := range vs[:min(len(vs), maxUnrolled+1)] {
		out = append(out, []value{v})
	}
	return out
}

// blockOf is all that the function whose head was read does.
func (f *folder) blockOf() []token {
	at := f.at
	for at < len(f.in) && (f.in[at].is(":") || f.in[at].kind == newline) && at < f.at+3 {
		at++
	}
	if at >= len(f.in) {
		return nil
	}
	if f.in[at].is("{") {
		if end := f.closes(at); end > at+1 {
			return f.in[at+1 : end]
		}
		return nil
	}
	begin := at
	for at < len(f.in) && at < begin+maxBody {
		t := f.in[at]
		if t.text == "end" && t.kind == name || f.language == "python" && at > begin && f.in[at-1].kind == newline && !t.gap && t.kind != newline {
			break
		}
		at++
	}
	return f.in[begin:at]
}

// together reads a, b = x, y.
func (f *folder) together() bool {
	if before := f.peek(-1); f.at > 0 && before.kind != newline && !before.is(";") && !before.is("{") && before.text != "local" && before.text != "do" && before.text != "then" {
		return false
	}
	n := 0
	for n < 16 && f.peek(n).kind == name && f.peek(n+1).is(",") {
		n += 2
	}
	if n == 0 || f.peek(n).kind != name || !f.peek(n+1).is("=") || f.peek(n+2).is("=") || f.peek(n+2).is(">") {
		return false
	}
	all := names(f.in[f.at : f.at+n+1])
	f.copied(n + 2)
	values := f.commaList()
	if len(values) == 1 && values[0].kind == many {
		values = values[0].list
	}
	for i, name := range all {
		delete(f.vars, name)
		if len(values) == len(all) && values[i].known() {
			f.set(name, values[i])
		}
	}
	return true
}

// shoved reads x << y of Ruby, which lengthens what x holds.
func (f *folder) shoved(c *chain) bool {
	if f.language != "ruby" || !f.peek(0).is("<") || !f.peek(1).is("<") || f.peek(2).is("=") {
		return false
	}
	old, ok := f.vars[c.own]
	if !ok {
		return false
	}
	f.copied(2)
	v := f.expr()
	if old.kind == many {
		f.lengthen(c.own, v)
		return true
	}
	f.set(c.own, f.joined(old, v, false))
	return true
}

// inPlace are methods of Ruby that change the text that they are called on.
var inPlace = set("concat prepend insert replace clear")
