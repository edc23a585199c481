// Package script reads code that is not shell: Python, Perl, Ruby, Node, PHP,
// awk, Lua and, less deeply, others, as one-liners or as files. It cuts the
// code into names and literals, works out literals that are computed from
// literals, follows names that stand for others, and looks for functions that
// start processes, touch files or reach other machines.
//
// # Limits
//
// It is no interpreter: values that come from elsewhere, and what a condition
// or a loop does, are not followed. Code in which nothing is found may still
// do anything unless it is [Understood]; callers must then say that they
// cannot tell.
package script

import (
	"slices"
	"strconv"
	"strings"

	"escort/explain/effect"
	"escort/explain/say"
)

// Hit is something that code does.
type Hit struct {
	ID        string // of the finding; empty: an effect only
	Line      int    // from 1
	Text      string // the line
	Verb      string
	Object    string // the literal that it works on; empty: not known
	Role      effect.Role
	Say       string // the clause: "Deletes files"
	Shell     bool   // Object is a shell command that it runs
	Dimension effect.Dimension
	Risk      effect.Risk
	Technique string

	said bool // Say is no longer the id of a message
}

// Any is a language that is not known: names count only where they are called
// with brackets.
const Any = "any"

const (
	maxShort = 2 << 10 // bytes of code in which a connection and a process belong together
	maxHits  = 2_000
	maxEvals = 4 // how deep code in code is read
)

// Read lists what the code does, as far as can be told.
func Read(language, text string) []Hit {
	r := newReading(language, text, 0)
	r.read()
	return r.hits
}

// Look is [Read] and [Understood] at once.
func Look(language, text string) (hits []Hit, understood bool) {
	r := newReading(language, text, 0)
	understood = r.understood()
	r.read()
	return r.hits, understood
}

type reading struct {
	language string
	source   string
	lines    []string
	toks     []token
	depth    int
	hits     []Hit
	seen     map[string]bool
	tie      tie
	byLine   map[int]lineFacts
	far      map[string]bool // names that hold what other machines send
}

func newReading(language, source string, depth int) *reading {
	if lisps[language] {
		language, source = "lisp", unbracketed(source)
	}
	r := &reading{language: language, source: source, lines: strings.Split(source, "\n"), depth: depth, seen: map[string]bool{}}
	r.toks = resolved(language, fold(language, tokens(language, source)))
	return r
}

func (r *reading) read() {
	for i, t := range r.toks {
		switch t.kind {
		case name:
			r.name(i)
		case started:
			r.backquoted(i)
		case sign:
			if r.language == "php" && t.is("]") && r.peek(i+1).is("(") { // a function whose name is looked up
				r.add(t.line, madeHit, "")
			}
		case text:
			r.literal(i)
			r.within(t)
		}
	}
	r.tie.repeats = r.tie.repeats || r.repeating()
	if line, h := r.tie.hands(len(r.source) <= maxShort); line > 0 {
		r.add(line, h, "")
	}
}

// within reads a literal of a text whose language is not known: it may be the
// code.
func (r *reading) within(t token) {
	if r.language != Any || r.depth > 0 || len(t.text) < 20 {
		return
	}
	inner := newReading(Any, t.text, r.depth+1)
	inner.read()
	r.tie = r.tie.with(inner.tie)
}

// backquoted notes a command in backquotes.
func (r *reading) backquoted(i int) {
	t := r.toks[i]
	fed := false
	for n := i + 1; r.peek(n).is("+") && n < i+12; n += 2 {
		fed = fed || r.peek(n+1).kind == name && r.foreign(n+1)
	}
	r.ran(t.line, t.text, fed)
	if strings.Trim(t.text, hole+" ") == "" {
		if fed && r.tie.web > 0 {
			r.add(t.line, fetchHit, "")
		}
		r.add(t.line, startHit, "")
		return
	}
	r.add(t.line, runHit, t.text)
}

func (r *reading) add(line int, h Hit, object string) {
	h.Line, h.Object = line, object
	if len(r.hits) >= maxHits {
		return
	}
	if line >= 1 && line <= len(r.lines) {
		h.Text = strings.TrimSpace(r.lines[line-1])
	}
	shown := strings.ReplaceAll(object, hole, "…")
	if shown == "" {
		shown = say.Text("code.files")
	}
	if !h.said {
		h.Say, h.said = say.Text(h.Say, "object", shown), true
	}
	key := h.Verb + "\x00" + h.ID + "\x00" + object + "\x00" + strconv.Itoa(line)
	if r.seen[key] {
		return
	}
	r.seen[key] = true
	r.hits = append(r.hits, h)
}

func (r *reading) peek(i int) token {
	if i >= 0 && i < len(r.toks) {
		return r.toks[i]
	}
	return token{kind: newline}
}

// lookup finds what the name at i does.
func (r *reading) lookup(i int) (known, bool) {
	full := r.toks[i].text
	if strings.HasPrefix(full, importing) {
		return known{}, false
	}
	if before := r.peek(i - 1); before.text == "def" || before.text == "sub" || before.text == "function" || before.text == "func" {
		return known{}, false
	}
	alone := full
	for _, root := range roots { // an owner may own another: Object.Kernel
		alone = strings.TrimPrefix(alone, root)
	}
	keys := []string{alone}
	if r.peek(i - 1).is(".") {
		keys = nil
	}
	if at := strings.LastIndexByte(full, '.'); at >= 0 {
		keys = append(keys, full[at:])
	} else if r.peek(i - 1).is(".") {
		keys = append(keys, "."+full)
	}
	for _, k := range keys {
		for _, c := range callTable()[k] {
			if len(c.languages) == 0 || slices.Contains(c.languages, r.language) || r.language == Any && r.peek(i+1).is("(") {
				return c, true
			}
		}
	}
	// What is asked of something that was made to talk to others: Client.new.get.
	for range 2 {
		at := strings.LastIndexByte(alone, '.')
		if at < 0 {
			break
		}
		alone = alone[:at]
		for _, c := range callTable()[alone] {
			if c.hit.Verb == "connect" && (len(c.languages) == 0 || slices.Contains(c.languages, r.language)) {
				return c, true
			}
		}
	}
	return known{}, false
}

// roots are the owners of everything that stands alone.
var roots = []string{"Object.", "Kernel.", "globalThis.", "global.", "window.", "self.", "builtins.", "__builtins__.", "_G.", "CORE.GLOBAL.", "CORE.", "process.mainModule.", "std.process."}

// barely are languages in which a call needs no brackets.
var barely = map[string]bool{"perl": true, "ruby": true, "tcl": true, "haskell": true, "pwsh": true, "crystal": true, "php": true, "julia": true, "groovy": true, "java": true, "lua": true, "ocaml": true, "nim": true, "scala": true}

// name notes what the name at i does.
func (r *reading) name(i int) {
	t := r.toks[i]
	if t.text == "fork" || strings.HasSuffix(t.text, ".fork") {
		r.fork(i)
	}
	if r.language == "php" && t.text[0] == '$' && r.peek(i+1).is("(") { // a function whose name is made
		r.add(t.line, madeHit, "")
	}
	if r.language == "awk" && t.text == "getline" {
		r.getline(i)
	}
	c, ok := r.lookup(i)
	if !ok {
		return
	}
	called := r.peek(i+1).is("(") || barely[r.language] && !r.peek(i+1).is("=")
	first, all, _ := r.arguments(i)
	switch c.does {
	case nets:
		r.tie.net = t.line
		r.add(t.line, c.hit, "")
	case wires:
		r.tie.wired = true
	case passes:
		r.tie.passed = true
	case shells, execs:
		r.started(i, c, called)
	case evals:
		switch {
		case called && (r.language != "perl" || !r.peek(i+1).is("{")): // eval {…} of Perl only catches errors
			r.evals(i, first)
		case (r.peek(i-1).is("(") || r.peek(i-1).is(",")) && (r.peek(i+1).is(")") || r.peek(i+1).is(",")): // handed on, to be called with what is not known
			r.computed(i)
		}
	case gets:
		if isURL(first) {
			r.tie.web++
			r.add(t.line, c.hit, "")
		}
	case opens:
		if called {
			r.opens(i, first, all)
		}
	default:
		if isURL(first) && c.hit.Verb == "read" {
			c.hit = netHit
		}
		switch c.hit.Verb {
		case "connect":
			r.tie.web++
		case "listen":
			r.tie.serves = true
		case "execute":
			if c.hit.Dimension != effect.Control && len(r.source) > maxShort {
				break
			}
			r.ran(t.line, "", len(r.source) <= maxShort && r.fed(i))
		}
		if !called && c.hit.Risk == effect.Safe {
			return
		}
		object := r.object(i, first)
		if object == "" && c.hit.Verb == "delete" {
			object = r.near(t.line).place // whose files a loop works through
		}
		r.add(t.line, c.hit, object)
	}
}

// object is the literal that a call works on: its first argument, or what its
// owner was made from.
func (r *reading) object(i int, first string) string {
	if n := r.peek(i + 1); n.text == "glob" && r.peek(i+2).kind == text {
		return r.peek(i + 2).text
	}
	if first != "" || !r.peek(i-1).is(".") {
		return first
	}
	if r.peek(i-2).is(")") && r.peek(i-3).kind == text {
		return r.peek(i - 3).text
	}
	if r.peek(i-2).kind == text {
		return r.peek(i - 2).text
	}
	return ""
}

// webInput are the names of what a visitor of a web page sends.
var webInput = map[string]bool{"$_GET": true, "$_POST": true, "$_REQUEST": true, "$_COOKIE": true, "$_SERVER": true, "$_FILES": true, "request.args.get": true, "params": true, "req.query": true}

// lineFacts is what is known of a line as a whole.
type lineFacts struct {
	web   bool   // it names what a visitor of a web page sends
	place string // the first absolute path among its literals
}

// near is what is known of a line. All are made in one pass: long code may
// stand in a single line.
func (r *reading) near(line int) lineFacts {
	if r.byLine == nil {
		r.byLine = map[int]lineFacts{}
		for _, t := range r.toks {
			f := r.byLine[t.line]
			f.web = f.web || t.kind == name && webInput[t.text]
			if f.place == "" && t.kind == text && strings.HasPrefix(t.text, "/") {
				f.place = t.text
			}
			r.byLine[t.line] = f
		}
	}
	return r.byLine[line]
}
