package script

import "strings"

// fed reports that something of what the call at i is given comes from another
// machine.
func (r *reading) fed(i int) bool {
	depth := 0
	for n := i; n < len(r.toks) && n < i+60; n++ {
		t := r.toks[n]
		switch {
		case t.is("(") || t.is("["):
			depth++
		case t.is(")") || t.is("]"):
			if depth--; depth <= 0 {
				return false
			}
		case depth == 0 && n > i && (t.is(";") || t.kind == newline || t.is("}")):
			return false
		case t.kind == name && n > i && r.foreign(n):
			return true
		}
	}
	return false
}

// foreign reports that the name at i stands for something that comes from
// another machine.
func (r *reading) foreign(i int) bool {
	head := firstPart(r.toks[i].text)
	if r.far == nil {
		r.flows()
	}
	return r.far[head] || r.sends(i)
}

// sends reports a call that gives what other machines send.
func (r *reading) sends(i int) bool {
	c, ok := r.lookup(i)
	if !ok {
		return false
	}
	if c.does == gets {
		return isURL(r.first(i))
	}
	if c.does == nets || c.hit.Verb == "connect" && c.does == plainly {
		return true
	}
	if (c.does == shells || c.does == execs) && fetcher(r.first(i)) {
		return true
	}
	return (c.hit.Verb == "read" || c.does == opens) && isURL(r.first(i))
}

// first is the literal right behind a name.
func (r *reading) first(i int) string {
	for n := i + 1; n < i+3; n++ {
		if t := r.peek(n); t.kind == text {
			return t.text
		}
	}
	return ""
}

func isURL(s string) bool {
	scheme, _, ok := strings.Cut(s, "://")
	return ok && (strings.HasPrefix(scheme, "http") || scheme == "ftp" || scheme == "ftps" || scheme == "tcp" || scheme == "ssl" || scheme == "tls" || scheme == "udp")
}

// flows finds the names that hold what other machines send. A statement in
// which such a thing stands makes the names foreign that it gives a value, and
// the names of what it hands it to.
func (r *reading) flows() {
	r.far = map[string]bool{}
	for range 3 {
		before := len(r.far)
		begin := 0
		for i := 0; i <= len(r.toks); i++ {
			if i < len(r.toks) && r.toks[i].kind != newline && !r.toks[i].is(";") {
				continue
			}
			r.flow(begin, i)
			begin = i + 1
		}
		if len(r.far) == before {
			return
		}
	}
}

// flow looks at one statement.
func (r *reading) flow(begin, end int) {
	var given []string // names that may be given a value
	comes := false
	for i := begin; i < end; i++ {
		t := r.toks[i]
		if t.kind != name {
			continue
		}
		if strings.HasPrefix(t.text, importing) {
			return
		}
		if !comes && (r.far[firstPart(t.text)] || r.sends(i)) {
			comes = true
			for _, g := range given {
				r.far[g] = true
			}
			continue
		}
		if strings.Contains(t.text, ".") {
			continue
		}
		if comes && r.receives(i) { // d => …, |d|, function(d)
			r.far[t.text] = true
		}
		if next := r.peek(i + 1); next.is("=") && !r.peek(i+2).is("=") || next.is(",") || next.text == "in" || next.is("<") || next.is(":") || r.peek(i-1).is(",") && next.is(")") {
			given = append(given, t.text)
		}
		if len(given) > 8 {
			given = given[1:]
		}
	}
}

// receives reports that the name at i is a parameter of a function or block.
func (r *reading) receives(i int) bool {
	before, next := r.peek(i-1), r.peek(i+1)
	return next.is("=") && r.peek(i+2).is(">") || (before.is("|") || before.is(",")) && (next.is("|") || next.is(",")) ||
		next.is(")") && (r.peek(i+2).is("=") && r.peek(i+3).is(">") || r.peek(i+2).is("{")) || before.is("(") && r.peek(i-2).text == "function" || next.is("=")
}

// again are the words by which code does something again and again.
var again = set("while until loop repeat forever setInterval for setTimeout every cycle")

func (r *reading) repeating() bool {
	for _, t := range r.toks {
		if t.kind == name && again[t.text] {
			return true
		}
	}
	return false
}
