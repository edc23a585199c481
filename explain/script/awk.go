package script

import "strings"

// literal notes what a literal of the code leads to.
func (r *reading) literal(i int) {
	t := r.toks[i]
	if strings.HasPrefix(t.text, "/inet") {
		r.tie.net = t.line
		r.add(t.line, netHit, "")
	}
	if r.language != "awk" {
		return
	}
	before := r.peek(i - 1)
	switch {
	case before.is("|") || before.is("&") && r.peek(i-2).is("|"):
		r.add(t.line, runHit, t.text)
		r.ran(t.line, t.text, false)
		if said := r.printed(i - 1); promptsFor[t.text] && said != "" {
			r.add(t.line, runHit, said)
		}
	case before.is(">") && r.printing(i) && !strings.HasPrefix(t.text, "/dev/std"):
		r.add(t.line, writeHit, t.text)
	case before.is("<") && r.peek(i-2).text == "getline" || before.is("<") && r.peek(i-3).text == "getline":
		r.add(t.line, readHit, t.text)
	}
}

// promptsFor are the commands that run what is printed to them.
var promptsFor = set("sh bash dash zsh ksh ash /bin/sh /bin/bash")

// printed is the text that the statement of awk before i prints.
func (r *reading) printed(i int) string {
	var said string
	for i--; i >= 0; i-- {
		switch t := r.toks[i]; {
		case t.text == "print" && t.kind == name:
			return said
		case t.kind == text && said == "":
			said = t.text
		default:
			return ""
		}
	}
	return ""
}

// printing reports that the statement of awk in which i stands prints.
func (r *reading) printing(i int) bool {
	for i--; i >= 0; i-- {
		t := r.toks[i]
		if t.text == "print" || t.text == "printf" {
			return true
		}
		if t.kind == newline || t.is(";") || t.is("{") || t.is("}") {
			return false
		}
	}
	return false
}

// getline notes what a getline of awk reads from: a command, where a bar
// stands before it.
func (r *reading) getline(i int) {
	at := i - 1
	if r.peek(at).is("&") {
		at--
	}
	if !r.peek(at).is("|") {
		return
	}
	owner := r.peek(at - 1)
	switch {
	case owner.kind == text && strings.HasPrefix(owner.text, "/inet"), strings.HasPrefix(r.peek(at-2).text, "/inet"):
	case owner.kind == text:
		if into := r.peek(i + 1); fetcher(owner.text) && into.kind == name {
			if r.far == nil {
				r.flows()
			}
			r.far[into.text] = true
		}
		r.add(owner.line, runHit, owner.text)
		r.ran(owner.line, owner.text, false)
	case at == i-1: // a command in a variable
		r.add(owner.line, startHit, "")
		r.ran(owner.line, "", false)
	default:
		r.ran(owner.line, "", false)
		if r.tie.net == 0 {
			r.add(owner.line, startHit, "")
		}
	}
}

// pours reports that awk sends what it prints to somewhere that is not known.
func (r *reading) pours() bool {
	for i, t := range r.toks {
		if (t.is(">") || t.is("|")) && r.printing(i) && r.peek(i+1).kind != text && !r.peek(i+1).is("|") && !r.peek(i-1).is("|") && r.peek(i+1).text != "getline" {
			depth := 0
			for n := i - 1; n >= 0 && r.toks[n].text != "print" && r.toks[n].text != "printf"; n-- {
				switch {
				case r.toks[n].is(")"):
					depth--
				case r.toks[n].is("("):
					depth++
				}
			}
			if depth <= 0 {
				return true
			}
		}
	}
	return false
}
