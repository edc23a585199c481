package script

import "strings"

// importers name a module by a literal.
var importers = map[string]bool{"__import__": true, "importlib.import_module": true, "import_module": true, "require": true, "import": true}

// resolved joins names by their dots and puts what they stand for in place of
// names that the code makes: import os as o, s = os.system, require("fs").
func resolved(language string, in []token) []token {
	r := &resolver{language: language, in: in, alias: map[string]string{}}
	for r.at < len(in) {
		r.next()
	}
	return r.out
}

type resolver struct {
	language string
	in       []token
	at       int
	out      []token
	alias    map[string]string
	depth    int
	stars    []string // modules all of whose names stand alone
}

// maxPath bounds the bytes of a name with its owners.
const maxPath = 400

func (r *resolver) peek(n int) token {
	if r.at+n < len(r.in) {
		return r.in[r.at+n]
	}
	return token{kind: newline}
}

func (r *resolver) next() {
	t := r.peek(0)
	if r.language == "node" && t.is("}") && r.peek(1).is("=") {
		r.at += 2
		r.taken(t)
		return
	}
	if t.kind != name {
		r.out = append(r.out, t)
		r.at++
		return
	}
	if r.language == "node" && t.text == "import" && r.modules() {
		return
	}
	if r.language == "python" && (t.text == "import" || t.text == "from") && r.imports() {
		return
	}
	full := r.starred(r.path())
	r.out = append(r.out, token{kind: name, text: full, line: t.line, made: t.made})
	if r.peek(0).is("=") && !r.peek(1).is("=") && !strings.Contains(full, ".") {
		r.assigned(full)
	}
}

// assigned notes NAME = OTHER, where nothing is called.
func (r *resolver) assigned(left string) {
	eq := r.peek(0)
	r.at++
	r.out = append(r.out, eq)
	t := r.peek(0)
	if t.kind != name {
		return
	}
	full := r.starred(r.path())
	r.out = append(r.out, token{kind: name, text: full, line: t.line, made: t.made})
	end := r.peek(0)
	if full != left && (end.kind == newline || end.is(";") || end.is(",") || end.is(")") || end.is("}")) {
		r.alias[left] = full
	}
}

// path reads a name with all that belongs to it.
func (r *resolver) path() string {
	full := r.peek(0).text
	if a, ok := r.alias[full]; ok {
		full = a
	}
	r.at++
	for {
		switch {
		case importers[strings.TrimPrefix(strings.TrimPrefix(full, "builtins."), "__builtins__.")] && r.peek(0).is("(") && r.peek(1).kind == text && r.peek(2).is(")"):
			full = strings.TrimPrefix(r.peek(1).text, "node:")
			r.at += 3
			if r.peek(0).is(".") && r.peek(1).text == "then" && r.peek(2).is("(") && r.peek(3).kind == name { // then(m => …)
				r.alias[r.peek(3).text] = full
			}
		case len(full) > maxPath:
			return full
		case (full == "getattr" || full == "Reflect.get") && r.depth < maxEvals && r.peek(0).is("(") && r.peek(1).kind == name:
			if !r.attribute(&full) {
				return full
			}
		case (r.language == "node" || r.language == "lua" || dicts[lastPart(full)]) && r.peek(0).is("[") && r.peek(1).kind == text && r.peek(2).is("]"):
			full = strings.TrimSuffix(strings.TrimSuffix(full, ".__dict__"), "sys.modules")
			full = strings.TrimPrefix(full+"."+r.peek(1).text, ".")
			r.at += 3
		case r.fetcher(full) && r.peek(0).is("(") && r.peek(1).kind == text && r.peek(2).is(")"): // x.__getattribute__("y")
			full = full[:strings.LastIndexByte(full, '.')] + "." + r.peek(1).text
			r.at += 3
		case full == "vars" && r.peek(0).is("(") && r.peek(1).kind == name && r.peek(2).is(")"):
			full = r.peek(1).text + ".__dict__"
			r.at += 3
		case (full == "globals" || full == "locals") && r.peek(0).is("(") && r.peek(1).is(")") && r.peek(2).is("[") && r.peek(3).kind == text && r.peek(4).is("]"):
			full = r.peek(3).text
			r.at += 5
		case importers[full] && r.language == "lua" && r.peek(0).kind == text:
			full = r.peek(0).text
			r.at++
		case r.dots() > 0 && r.peek(r.dots()).kind == name:
			n := r.dots()
			full += "." + r.peek(n).text
			r.at += n + 1
			if a, ok := r.alias[full]; ok {
				full = a
			}
		default:
			return full
		}
	}
}

// attribute reads getattr(x, "y").
func (r *resolver) attribute(full *string) bool {
	back := r.at
	r.at++
	r.depth++
	inner := r.path()
	r.depth--
	if r.peek(0).is(",") && r.peek(1).kind == text && r.peek(2).is(")") {
		*full = inner + "." + r.peek(1).text
		r.at += 3
		return true
	}
	r.at = back
	return false
}

// dicts are the tables in which names are looked up by a text.
var dicts = set("__dict__ modules __builtins__ _G _ENV global globalThis window self package loaded")

// fetcher reports a method that gives what its argument names.
func (r *resolver) fetcher(full string) bool {
	switch lastPart(full) {
	case "__getattribute__", "__getattr__", "const_get", "getMethod":
		return strings.Contains(full, ".")
	}
	return false
}

// starred is a name with the module from which everything was taken, where that
// has something of this name.
func (r *resolver) starred(full string) string {
	for _, m := range r.stars {
		if callTable()[m+"."+full] != nil {
			return m + "." + full
		}
	}
	return full
}

// dots is how many tokens join a name with its owner here; 0: none does.
func (r *resolver) dots() int {
	a, b := r.peek(0), r.peek(1)
	switch {
	case a.is(":") && b.is(":"), a.is("-") && b.is(">"), a.is("?") && b.is("."):
		return 2
	case a.is(":") && (r.language == "lua" || r.language == "erlang" || r.language == Any):
		return 1
	case a.is(".") && r.language != "perl" && r.language != "php":
		return 1
	}
	return 0
}

// imports reads the import statements of Python.
func (r *resolver) imports() bool {
	line := r.peek(0).line
	from := ""
	if r.peek(0).text == "from" {
		r.at++
		from = r.path()
		if r.peek(0).text != "import" {
			r.out = append(r.out, token{kind: name, text: from, line: line})
			return true
		}
		r.out = append(r.out, token{kind: name, text: importing + from, line: line}, token{kind: newline})
	}
	r.at++
	for r.at < len(r.in) {
		if r.peek(0).is("(") {
			r.at++
			continue
		}
		if r.peek(0).is("*") && from != "" {
			r.stars = append(r.stars, from)
			r.at++
			break
		}
		if r.peek(0).kind != name {
			break
		}
		what := r.path()
		as := what
		if r.peek(0).text == "as" && r.peek(1).kind == name {
			as = r.peek(1).text
			r.at += 2
		}
		if from != "" {
			what = from + "." + what
		} else {
			r.out = append(r.out, token{kind: name, text: importing + what, line: line}, token{kind: newline})
		}
		if as != what {
			r.alias[as] = what
		}
		for r.peek(0).is(",") || r.peek(0).is(")") || r.peek(0).kind == newline && from != "" && r.peek(-1).is(",") {
			r.at++
		}
	}
	return true
}

// modules reads import a, {b as c} from "m" of JavaScript.
func (r *resolver) modules() bool {
	end := 1
	for end < 40 && r.peek(end).text != "from" && !r.peek(end).is(";") && r.peek(end).kind != text {
		end++
	}
	if r.peek(end).text != "from" || r.peek(end+1).kind != text {
		return false
	}
	module, line := strings.TrimPrefix(r.peek(end+1).text, "node:"), r.peek(0).line
	inside := false
	for n := 1; n < end; n++ {
		t, next := r.peek(n), r.peek(n+1)
		switch {
		case t.is("{") || t.is("}"):
			inside = t.is("{")
		case t.kind != name || t.text == "as":
		case next.text == "as" && next.kind == name: // its other name follows
			if inside {
				r.alias[r.peek(n+2).text] = module + "." + t.text
				n += 2
			}
		case inside:
			r.alias[t.text] = module + "." + t.text
		default:
			r.alias[t.text] = module
		}
	}
	r.at += end + 2
	r.out = append(r.out, token{kind: name, text: importing + module, line: line})
	return true
}

// importing marks the name of a module that is loaded.
const importing = "import "

// taken notes const {a: b, c} = require("m"); what stands left of it is in out
// already.
func (r *resolver) taken(end token) {
	open := len(r.out) - 1
	for open >= 0 && !r.out[open].is("{") {
		open--
	}
	if open < 0 || r.peek(0).kind != name {
		r.out = append(r.out, end)
		return
	}
	full := r.path()
	for i := open + 1; i < len(r.out); i++ {
		if r.out[i].kind != name {
			continue
		}
		what, as := r.out[i].text, r.out[i].text
		if i+2 < len(r.out) && r.out[i+1].is(":") && r.out[i+2].kind == name {
			as = r.out[i+2].text
			i += 2
		}
		r.alias[as] = full + "." + what
	}
	r.out = append(r.out[:open], token{kind: name, text: full, line: end.line})
}
