package script

import (
	"slices"
	"strings"
	"unicode"
)

// arguments reads what stands in the brackets of a call.
func (f *folder) arguments() []value {
	f.copied(1)
	f.nest++
	out, _ := f.items(")")
	f.nest--
	f.copied(1)
	return out
}

// called reads a call of what c names.
func (f *folder) called(c *chain) {
	line := f.peek(0).line
	callee := *c
	if callee.v.kind == wording && isWord(lastPart(callee.v.s)) && (f.language == "php" || f.language == "perl") { // a function whose name is a text
		f.put(token{kind: sign, text: ";", line: line})
		f.put(token{kind: name, text: lastPart(callee.v.s), line: line, made: callee.v.made})
		callee.name, callee.v = lastPart(callee.v.s), value{}
	}
	var args []value
	holder := f.peek(1).text
	if f.peek(0).is("(") {
		args = f.arguments()
	} else {
		args = []value{f.primary()}
	}
	if block, ok := f.givenBlock(); ok {
		args = append(args, block)
	}
	*c = chain{mark: c.mark, line: c.line}
	if callee.v.kind == lambda {
		c.v = f.invoke(callee.v, args)
		return
	}
	if callee.path == "table.insert" && len(args) == 2 {
		f.lengthen(holder, args[1])
		return
	}
	if callee.name == "method" && len(args) == 1 && args[0].kind == wording && isWord(args[0].s) {
		c.v = value{kind: lambda, fn: &function{name: args[0].s}}
		return
	}
	if f.handed(callee.name, args, line) {
		return
	}
	if callee.v.kind == dark && callee.plain(args) {
		c.v = f.function(callee.name, args)
	}
}

// bareCall reads a call without brackets.
func (f *folder) bareCall(c *chain) {
	t := f.peek(0)
	switch {
	case f.language == "perl" && (c.name == "map" || c.name == "grep") && (t.is("{") || t.kind == name || t.kind == text):
		c.v = f.perlMap(c.name)
		c.name = ""
		return
	case functions()[c.name] == nil && !senders[c.name]:
		if f.language == "perl" && c.name == "eval" && (t.is(";") || t.kind == newline || t.is("}")) && f.vars["$_"].known() {
			f.settle(len(f.out), f.vars["$_"], c.line)
		}
		return
	case t.kind != text && t.kind != number && t.kind != name && !t.is("[") && !t.is(":"):
		if f.language == "perl" && lonely[c.name] {
			c.v = f.function(c.name, []value{f.vars["$_"]})
			c.name = ""
		}
		return
	case t.kind == name && (sayings[t.text] || branching[t.text]) && t.text != "map":
		return
	}
	line, called := t.line, c.name
	args := f.commaList()
	c.name = ""
	if f.handed(called, args, line) {
		return
	}
	c.v = f.function(called, args)
}

// lonely are the functions of Perl that take what is at hand.
var lonely = set("chr ord lc uc hex oct ucfirst lcfirst reverse length chomp")

// commaList reads values that only commas divide.
func (f *folder) commaList() []value {
	var out []value
	for f.at < len(f.in) && !f.spent() && len(out) < maxItems {
		begin := f.at
		v := f.expr()
		if f.at == begin {
			break
		}
		if t := f.in[begin]; v.kind == many && (t.is("(") || t.kind == name || t.is("@")) && f.language == "perl" {
			out = append(out, v.list...)
		} else {
			out = append(out, v)
		}
		if !f.peek(0).is(",") {
			break
		}
		f.copied(1)
		for f.peek(0).kind == newline && f.at < len(f.in) {
			f.copied(1)
		}
	}
	return out
}

// senders call the method that their first argument names.
var senders = set("send __send__ public_send call_user_func call_user_func_array forward_static_call array_map array_walk usort uasort ob_start register_shutdown_function register_tick_function set_error_handler " +
	"instance_method public_method __method__ iterator_apply array_reduce preg_replace_callback methodcaller pcall xpcall")

// secondArg are senders whose second argument is the function.
var secondArg = set("array_filter array_walk usort uasort uksort iterator_apply array_reduce preg_replace_callback array_walk_recursive")

// handed puts out the call that a function makes of its arguments:
// call_user_func("f", "x") is f("x").
func (f *folder) handed(called string, args []value, line int) bool {
	if !senders[called] && !secondArg[called] || len(args) == 0 {
		return false
	}
	at := 0
	if secondArg[called] {
		at = 1
	}
	if at >= len(args) || args[at].kind != wording || !isWord(lastPart(args[at].s)) || functions()[args[at].s] != nil {
		return false
	}
	rest := slices.Delete(slices.Clone(args), at, at+1)
	f.call(args[at], rest, line)
	return true
}

// call puts out a call that is not written as one.
func (f *folder) call(fn value, args []value, line int) {
	if f.quiet > 0 || f.left < 0 {
		return
	}
	f.out = append(f.out, token{kind: sign, text: ";", line: line}, token{kind: name, text: lastPart(fn.s), line: line, made: fn.made}, token{kind: sign, text: "(", line: line})
	for i, a := range args {
		if i > 0 {
			f.out = append(f.out, token{kind: sign, text: ",", line: line})
		}
		switch {
		case a.kind == many && len(a.list) > 0:
			f.out = append(f.out, a.list[0].tokens(line, 2)...)
		case a.kind == dark || a.kind == lambda:
			f.out = append(f.out, token{kind: name, text: "_", line: line})
		default:
			f.out = append(f.out, a.tokens(line, 2)...)
		}
	}
	f.out = append(f.out, token{kind: sign, text: ")", line: line}, token{kind: sign, text: ";", line: line})
}

// handedMethod is handed for what is called on a value: "id".then(&:system),
// ["id"].each(&method(:system)).
func (f *folder) handedMethod(owner value, called string, args []value, line int) bool {
	if !eachers[called] || len(args) != 1 || args[0].kind != wording || !isWord(args[0].s) || f.language == "node" || functions()[args[0].s] != nil || methods()[args[0].s] != nil {
		return false
	}
	f.call(args[0], []value{owner}, line)
	return true
}

var eachers = set("each map then tap each_with_index collect yield_self")

// common are names of functions that other things have as well: they count
// where nothing is before them, or one of the owners.
var (
	common = set("reverse join map concat rep format substr range list tuple hex oct int str array from char sub split trim bytes String Number decode encode getBytes pack unpack encode unescape inflate reversed")
	owners = set("string table utf8 base64 codecs bytes bytearray Buffer String Base64 Zlib zlib gzip parse List Util builtins __builtins__ globalThis global window self Array str binascii struct Inflate")
)

// plain reports that c names a function, not what something else may have.
func (c chain) plain(args []value) bool {
	return c.path == c.name || !common[c.name] || c.name == "decode" && len(args) == 2 && args[0].kind == wording || owners[lastPart(strings.TrimSuffix(c.path, "."+c.name))]
}

// function works out a call of a function that only calculates.
func (f *folder) function(called string, args []value) value {
	called = lastPart(called)
	if f.language == "perl" && len(args) == 0 && lonely[called] {
		args = []value{f.vars["$_"]}
	}
	work := functions()[called]
	if work == nil || len(args) == 0 {
		return value{}
	}
	f.left -= 1 + size(args)/32
	return work(f, args)
}

// method works out what is done to a value.
func (f *folder) method(owner chain, called string, args []value) value {
	work := methods()[called]
	if work == nil {
		return value{}
	}
	f.left -= 1 + (size(args)+size([]value{owner.v}))/32
	return work(f, owner.v, args)
}

func size(vs []value) int {
	n := len(vs)
	for _, v := range vs {
		n += len(v.s) + len(v.list)
	}
	return n
}

// invoke works out a call of a function that the code makes.
func (f *folder) invoke(fn value, args []value) value {
	if fn.fn == nil || f.spent() {
		return value{}
	}
	if fn.fn.name != "" {
		return f.function(fn.fn.name, args)
	}
	if !slices.ContainsFunc(args, value.known) {
		return value{}
	}
	old := map[string]value{}
	for i, p := range fn.fn.params {
		old[p] = f.vars[p]
		delete(f.vars, p)
		if i < len(args) {
			f.vars[p] = args[i]
		}
	}
	v := value{}
	if len(fn.fn.body) > 0 {
		v = f.inside(fn.fn.body)
	}
	for p, o := range old {
		if f.vars[p] = o; o.kind == dark {
			delete(f.vars, p)
		}
	}
	if v.kind == dark {
		body := fn.fn.body
		if len(fn.fn.block) > 0 {
			body = fn.fn.block
		}
		f.unroll(fn.fn.params, body, [][]value{args})
	}
	return v
}

// inside works out other tokens, without putting anything out.
func (f *folder) inside(toks []token) value {
	in, at, nest := f.in, f.at, f.nest
	f.in, f.at, f.nest = toks, 0, 0
	f.quiet++
	f.depth++
	v := f.expr()
	for f.at < len(f.in) && (f.peek(0).kind == newline || f.peek(0).is(";")) {
		f.at++
	}
	if f.at < len(f.in) { // it does more than come to a value
		v = value{}
	}
	f.depth--
	f.quiet--
	f.in, f.at, f.nest = in, at, nest
	return v
}

// each works out one function for every item.
func (f *folder) each(fn value, items []value) value {
	out := make([]value, 0, len(items))
	if len(items) > maxUnrolled { // what it does with each is not shown
		f.quiet++
		defer func() { f.quiet-- }()
	}
	for n, i := range items {
		var v value
		if fn.kind == wording { // the name of a function or method
			if v = f.function(fn.s, []value{i}); v.kind == dark {
				v = f.method(chain{v: i}, fn.s, nil)
			}
		} else {
			v = f.invoke(fn, []value{i})
		}
		if v.kind == dark {
			if fn.kind == lambda && fn.fn.name == "" {
				f.unroll(fn.fn.params, fn.fn.body, singly(items[n+1:]))
			}
			return value{}
		}
		out = append(out, v)
	}
	return listOf(out)
}

// perlMap reads map {…} LIST and map EXPR, LIST.
func (f *folder) perlMap(called string) value {
	begin := f.at
	var body []token
	if f.peek(0).is("{") {
		f.block()
		body = f.in[begin+1 : max(begin+1, min(f.at-1, len(f.in)))]
	} else {
		f.expr()
		body = f.in[begin:f.at]
		if !f.peek(0).is(",") {
			return value{}
		}
	}
	if f.peek(0).is(",") {
		f.copied(1)
	}
	list := listOf(f.commaList())
	if called != "map" || !list.known() {
		return value{}
	}
	return f.each(value{kind: lambda, fn: &function{params: []string{"$_"}, body: body}}, list.list)
}

// params reads the names in brackets, or one that stands alone.
func names(toks []token) []string {
	var out []string
	for i, t := range toks {
		if t.kind == name && (i == 0 || !toks[i-1].is(":") && !toks[i-1].is("=")) {
			out = append(out, t.text)
		}
	}
	return out
}

func trimmed(toks []token) []token {
	for len(toks) > 0 && (toks[0].kind == newline || toks[0].is(";")) {
		toks = toks[1:]
	}
	for len(toks) > 0 && (toks[len(toks)-1].kind == newline || toks[len(toks)-1].is(";")) {
		toks = toks[:len(toks)-1]
	}
	if len(toks) > 0 && toks[0].kind == name && toks[0].text == "return" {
		toks = toks[1:]
	}
	if n := len(toks); n > 0 && toks[n-1].is(";") {
		toks = toks[:n-1]
	}
	return toks
}

// closes finds the bracket that closes the one at from, within reach; -1: none.
func (f *folder) closes(from int) int {
	depth := 0
	for i := from; i < len(f.in) && i < from+400; i++ {
		f.left--
		switch t := f.in[i]; {
		case t.is("(") || t.is("[") || t.is("{"):
			depth++
		case t.is(")") || t.is("]") || t.is("}"):
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// isWord reports that s can be the name of a function.
func isWord(s string) bool {
	return s != "" && letter(rune(s[0])) && span(s, func(r rune) bool { return letter(r) || unicode.IsDigit(r) }) == len(s)
}

// lastPart is a name without what it belongs to.
func lastPart(s string) string { return s[strings.LastIndexAny(s, ".:>")+1:] }
