package script

import "maps"

// loop reads the head of a loop over a list. Where the list is known, it works
// out what its body makes of the names in it.
func (f *folder) loop() bool {
	f.copied(1)
	switch f.peek(0).text {
	case "my", "let", "const", "var":
		f.copied(1)
	}
	variable, list, ok := f.loopHead()
	if !ok {
		return true
	}
	delete(f.vars, variable)
	body := f.loopBody()
	if list.known() && f.quiet == 0 {
		defer func() { f.unroll([]string{variable}, body, singly(list.items())) }()
	}
	if !list.known() || len(body) == 0 || f.quiet > 0 {
		f.changes(body)
		return true
	}
	after := f.turns(variable, list.items(), body)
	for f.at < len(f.in) && len(body) > 0 && f.left > 0 && !f.within(body) {
		f.statement()
	}
	end := f.at + len(body)
	for f.at < end && f.at < len(f.in) && f.left > 0 {
		f.statement()
	}
	for n, v := range after {
		if v.kind == dark {
			delete(f.vars, n)
		} else {
			f.vars[n] = v
		}
	}
	return true
}

// within reports that body begins at the next token.
func (f *folder) within(body []token) bool { return f.at < len(f.in) && &f.in[f.at] == &body[0] }

// loopHead reads x in LIST, (LIST), $x (LIST), (x of LIST) and (LIST as $x).
func (f *folder) loopHead() (variable string, list value, ok bool) {
	switch {
	case f.peek(0).kind == name && f.peek(1).is(",") && f.peek(2).kind == name && f.peek(3).text == "in" && (f.peek(4).text == "ipairs" || f.peek(4).text == "pairs" || f.peek(4).text == "enumerate"):
		variable = f.peek(2).text
		delete(f.vars, f.peek(0).text)
		f.copied(4)
		return variable, f.expr(), true
	case f.peek(0).kind == name && (f.peek(1).text == "in" || f.peek(1).text == "of"):
		variable = f.peek(0).text
		f.copied(2)
		return variable, f.expr(), true
	case f.language == "perl" && f.peek(0).kind == name && f.peek(1).is("("):
		variable = f.peek(0).text
		f.copied(1)
		return variable, f.group(")").asList(), true
	case f.language == "perl" && f.peek(0).is("("):
		end := f.closes(f.at)
		for i := f.at; i < end; i++ {
			if f.in[i].is(";") {
				return "", value{}, false
			}
		}
		return "$_", f.group(")").asList(), true
	case !f.peek(0).is("("):
		return "", value{}, false
	}
	f.copied(1)
	switch f.peek(0).text {
	case "my", "let", "const", "var":
		f.copied(1)
	}
	if f.peek(1).text == "of" && f.peek(0).kind == name {
		variable = f.peek(0).text
		f.copied(2)
		list = f.expr()
	} else if f.language == "php" {
		list = f.expr()
		if f.peek(0).text != "as" || f.peek(1).kind != name || !f.peek(2).is(")") {
			return "", value{}, false
		}
		variable = f.peek(1).text
		f.copied(2)
	} else {
		return "", value{}, false
	}
	if !f.peek(0).is(")") {
		return "", value{}, false
	}
	f.copied(1)
	return variable, list, true
}

func (v value) asList() value {
	if v.kind == wording || v.kind == whole {
		return listOf([]value{v})
	}
	return v
}

// loopBody is the code of the loop whose head was read.
func (f *folder) loopBody() []token {
	at := f.at
	for at < len(f.in) && (f.in[at].is(":") || f.in[at].text == "do" || f.in[at].kind == newline) {
		at++
	}
	if at < len(f.in) && f.in[at].is("{") {
		if end := f.closes(at); end > at+1 {
			return f.in[at+1 : end]
		}
		return nil
	}
	begin, depth := at, 0
	for at < len(f.in) && at < begin+200 && (depth > 0 || f.in[at].kind != newline && !f.in[at].is(";") && f.in[at].text != "end") {
		switch t := f.in[at]; {
		case t.is("(") || t.is("["):
			depth++
		case t.is(")") || t.is("]"):
			depth--
		}
		at++
	}
	return f.in[begin:at]
}

// changes drops what is known of the names that code changes.
func (f *folder) changes(body []token) {
	for i, t := range body {
		if t.kind == name && i+1 < len(body) && body[i+1].kind == sign && f.vars[t.text].kind != dark {
			if body[i+1].is("=") || i+2 < len(body) && body[i+2].is("=") {
				f.unsure[t.text] = 1
				delete(f.vars, t.text)
			}
		}
	}
}

// turns works out the body of a loop for every item.
func (f *folder) turns(variable string, items []value, body []token) map[string]value {
	in, at, nest := f.in, f.at, f.nest
	before := maps.Clone(f.vars)
	f.left -= len(before)
	for i, t := range body { // one that is given a value before the loop and in it, and nowhere else
		if v, ok := f.begun[t.text]; ok && f.unsure[t.text] == 2 && i+1 < len(body) && body[i+1].is("=") {
			f.vars[t.text] = v
		}
	}
	f.quiet++
	f.depth++
	for _, item := range items {
		if f.left < 0 {
			break
		}
		f.vars[variable] = item
		f.in, f.at, f.nest = body, 0, 0
		for f.at < len(f.in) && f.left > 0 {
			f.statement()
		}
	}
	f.depth--
	f.quiet--
	f.in, f.at, f.nest = in, at, nest
	delete(f.vars, variable)
	after := map[string]value{}
	for n, v := range f.vars {
		if old, ok := before[n]; !ok || old.kind != v.kind || old.s != v.s || old.n != v.n || len(old.list) != len(v.list) {
			after[n] = v
		}
	}
	for n := range before {
		if _, ok := f.vars[n]; !ok {
			after[n] = value{}
		}
	}
	if f.left < 0 {
		for n := range after {
			after[n] = value{}
		}
	}
	f.vars = before
	return after
}
