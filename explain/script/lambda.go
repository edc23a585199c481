package script

// lambda reads lambda x: … of Python.
func (f *folder) lambda() value {
	if f.language == "ruby" {
		f.copied(1)
		if block, ok := f.givenBlock(); ok {
			return block
		}
		return value{}
	}
	f.copied(1)
	begin := f.at
	for f.at < len(f.in) && !f.peek(0).is(":") && f.at < begin+20 {
		f.copied(1)
	}
	params := names(f.in[begin:f.at])
	f.copied(1)
	return f.body(params)
}

// body reads the expression that a function comes to.
func (f *folder) body(params []string) value {
	hidden := map[string]value{}
	for _, p := range params {
		if v, ok := f.vars[p]; ok {
			hidden[p] = v
			delete(f.vars, p)
		}
	}
	begin := f.at
	if f.peek(0).is("{") {
		f.block()
	} else {
		f.expr()
	}
	toks := f.in[begin:min(f.at, len(f.in))]
	if len(toks) > 1 && toks[0].is("{") && toks[len(toks)-1].is("}") {
		toks = toks[1 : len(toks)-1]
	}
	for p, v := range hidden {
		f.vars[p] = v
	}
	return value{kind: lambda, fn: &function{params: params, body: trimmed(toks)}}
}

// anonymous reads function(a) {…} and fn($a) => …
func (f *folder) anonymous() value {
	if f.language == "lua" || f.peek(1).kind != sign {
		return f.luaFunction()
	}
	f.copied(1)
	begin := f.at
	if !f.peek(0).is("(") {
		return value{}
	}
	end := f.closes(f.at)
	if end < 0 {
		return value{}
	}
	f.copied(end + 1 - begin)
	params := names(f.in[begin:f.at])
	if f.peek(0).is("=") && f.peek(1).is(">") {
		f.copied(2)
	} else if !f.peek(0).is("{") {
		return value{}
	}
	return f.body(params)
}

// luaFunction reads function(a) return … end.
func (f *folder) luaFunction() value {
	f.copied(1)
	if !f.peek(0).is("(") {
		return value{}
	}
	begin := f.at
	end := f.closes(f.at)
	if end < 0 {
		return value{}
	}
	f.copied(end + 1 - begin)
	params := names(f.in[begin:f.at])
	if f.peek(0).text != "return" {
		f.forget(f.in[begin:f.at])
		return value{}
	}
	f.copied(1)
	return f.body(params)
}

// arrow reports a function x => … or (a, b) => …
func (f *folder) arrow() bool {
	if f.language != "node" && f.language != "groovy" && f.language != "dart" {
		return false
	}
	at := f.at
	switch {
	case f.peek(0).kind == name:
	case f.peek(1).is(")"):
		at++
	case f.peek(0).is("(") && f.peek(1).kind == name && (f.peek(2).is(",") || f.peek(2).is(")") || f.peek(2).is("=")):
		if at = f.closes(f.at); at < 0 {
			return false
		}
	default:
		return false
	}
	return at+2 < len(f.in) && f.in[at+1].is("=") && f.in[at+2].is(">")
}

func (f *folder) arrowFunction() value {
	begin := f.at
	for f.at < len(f.in) && (!f.peek(0).is("=") || !f.peek(1).is(">")) {
		f.copied(1)
	}
	params := names(f.in[begin:f.at])
	f.copied(2)
	return f.body(params)
}

// rubyLambda reads ->(x) {…}.
func (f *folder) rubyLambda() value {
	f.copied(2)
	begin := f.at
	for f.at < len(f.in) && f.at < begin+20 && !f.peek(0).is("{") && f.peek(0).text != "do" {
		f.copied(1)
	}
	params := names(f.in[begin:f.at])
	if !f.peek(0).is("{") {
		return value{}
	}
	return f.body(params)
}

// givenBlock reads {|x| …} and do |x| … end behind a call of Ruby.
func (f *folder) givenBlock() (value, bool) {
	if f.language != "ruby" && f.language != "crystal" {
		return value{}, false
	}
	open := f.peek(0)
	if !open.is("{") && open.text != "do" {
		return value{}, false
	}
	if !f.peek(1).is("|") {
		if open.is("{") && f.peek(1).kind == name {
			return f.body([]string{"it", "_1"}), true
		}
		return value{}, false
	}
	begin, at := f.at, f.at+2
	for at < len(f.in) && at < begin+20 && !f.in[at].is("|") {
		at++
	}
	params := names(f.in[begin+2 : min(at, len(f.in))])
	if open.text == "do" { // its end is found by the words of statements: what it is called with is not known
		f.forget(f.in[begin+2 : min(at, len(f.in))])
		f.copied(at + 1 - begin)
		return value{}, false
	}
	hidden := map[string]value{}
	for _, p := range params {
		hidden[p] = f.vars[p]
		delete(f.vars, p)
	}
	f.block()
	body := f.in[min(at+1, len(f.in)):max(min(at+1, len(f.in)), min(f.at-1, len(f.in)))]
	for p, v := range hidden {
		if v.kind != dark {
			f.vars[p] = v
		}
	}
	return value{kind: lambda, fn: &function{params: params, body: trimmed(body)}}, true
}

// comprehension reads … for x in LIST, which makes a list of what body comes to.
func (f *folder) comprehension(body []token) (value, bool) {
	f.copied(1)
	begin := f.at
	for f.at < len(f.in) && f.at < begin+12 && f.peek(0).text != "in" {
		f.copied(1)
	}
	params := names(f.in[begin:f.at])
	f.copied(1)
	list := f.binary(0)
	if f.peek(0).kind == name || len(params) != 1 || !list.known() { // a condition, or another loop
		return value{}, false
	}
	v := f.each(value{kind: lambda, fn: &function{params: params, body: body}}, list.items())
	return v, v.kind == many
}

// header reads the beginning of a function or a loop.
func (f *folder) header() bool {
	t := f.peek(0)
	if t.kind != name || f.peek(-1).is(".") {
		return false
	}
	switch {
	case (t.text == "def" || t.text == "function" || t.text == "sub" || t.text == "fn" || t.text == "func") && f.peek(1).kind == name:
		return f.defined()
	case t.text == "for" || t.text == "foreach":
		return f.loop()
	}
	return false
}

// defined reads the head of a function and keeps what it comes to, where that
// is one expression.
func (f *folder) defined() bool {
	n := f.peek(1).text
	f.copied(2)
	delete(f.vars, n)
	begin := f.at
	if f.peek(0).is("(") {
		end := f.closes(f.at)
		if end < 0 {
			return true
		}
		f.forget(f.in[begin:end])
		f.copied(end + 1 - begin)
	}
	params := names(f.in[begin:f.at])
	if len(params) > 0 && len(params) < 8 && f.unsure[n] == 0 {
		f.vars[n] = value{kind: lambda, fn: &function{params: params, body: f.resultOf(), block: f.blockOf()}}
	}
	return true
}

// resultOf is what the function whose head was read returns, where nothing
// else stands in it.
func (f *folder) resultOf() []token {
	at := f.at
	skip := func() {
		for at < len(f.in) && (f.in[at].kind == newline || f.in[at].is(";")) {
			at++
		}
	}
	if at < len(f.in) && (f.in[at].is(":") || f.in[at].is("{")) {
		at++
	}
	skip()
	explicit := at < len(f.in) && f.in[at].text == "return"
	if explicit {
		at++
	}
	begin, depth := at, 0
	for ; at < len(f.in) && at < begin+200; at++ {
		t := f.in[at]
		switch {
		case t.is("(") || t.is("[") || t.is("{"):
			depth++
		case t.is(")") || t.is("]") || t.is("}"):
			depth--
		}
		if depth < 0 || depth == 0 && (t.kind == newline || t.is(";") || t.text == "end") {
			break
		}
	}
	body := f.in[begin:min(at, len(f.in))]
	if explicit {
		return body
	}
	skip()
	if f.language == "ruby" && at < len(f.in) && f.in[at].text == "end" {
		return body
	}
	return nil
}
