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
	"escort/explain/quote"
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
	decoded  bool
	depth    int
	hits     []Hit
	seen     map[string]bool
	net      int // the line in which a connection is made; 0: none
	run      int // the line in which a process is started; 0: none
	wired    bool
	byLine   map[int]lineFacts
}

func newReading(language, source string, depth int) *reading {
	r := &reading{language: language, source: source, lines: strings.Split(source, "\n"), depth: depth, seen: map[string]bool{}}
	folded, decoded := fold(language, tokens(language, source))
	r.toks, r.decoded = resolved(language, folded), decoded
	return r
}

func (r *reading) read() {
	for i, t := range r.toks {
		switch t.kind {
		case name:
			r.name(i)
		case started:
			r.add(t.line, runHit, t.text)
			r.run = t.line
		case text:
			r.literal(i)
			r.within(t)
		}
	}
	if r.net > 0 && r.run > 0 && (r.wired || len(r.source) <= maxShort) {
		r.add(r.run, shellHit, "")
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
	r.net, r.run, r.wired = max(r.net, inner.net), max(r.run, inner.run), r.wired || inner.wired
}

func (r *reading) add(line int, h Hit, object string) {
	h.Line, h.Object = line, object
	if len(r.hits) >= maxHits {
		return
	}
	if line >= 1 && line <= len(r.lines) {
		h.Text = strings.TrimSpace(r.lines[line-1])
	}
	shown := object
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
	keys := []string{strings.TrimPrefix(full, "Kernel.")}
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
	return known{}, false
}

// barely are languages in which a call needs no brackets.
var barely = map[string]bool{"perl": true, "ruby": true, "tcl": true, "haskell": true, "pwsh": true, "crystal": true, "php": true, "julia": true, "groovy": true, "java": true, "lua": true}

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
	first, all, whole := r.arguments(i)
	switch c.does {
	case nets:
		r.net = t.line
		r.add(t.line, c.hit, "")
	case wires:
		r.wired = true
	case shells, execs:
		r.started(i, c, called, first, all, whole)
	case evals:
		if called {
			r.evals(i, first)
		}
	case opens:
		if called {
			r.opens(t, first, all)
		}
	default:
		if c.hit.Verb == "execute" && c.hit.ID == "" && c.hit.Dimension == effect.Control {
			r.run = t.line
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

func (r *reading) started(i int, c known, called bool, first string, all []string, whole bool) {
	t := r.toks[i]
	r.run = t.line
	if r.near(t.line).web {
		r.add(t.line, webHit, "")
	}
	object := first
	if first == "" {
		object = r.object(i, "")
	}
	switch {
	case !called && object == "" || object == "":
		r.add(t.line, startHit, "")
	case c.does == execs && len(all) > 1 && whole && object == all[0]:
		r.add(t.line, c.hit, quote.Single(all))
	default:
		r.add(t.line, c.hit, object)
		if !whole && c.does == execs {
			r.add(t.line, Hit{Verb: "execute", Role: effect.RoleCommand, Say: say.Text("code.starts-a-program-with-words"), Dimension: effect.Uncertainty, Risk: effect.Caution}, "")
		}
	}
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

// arguments are the literals among the arguments of the call at i: the first
// argument where it is one, all of the list that it begins, and whether there
// is nothing but literals in that list.
func (r *reading) arguments(i int) (first string, all []string, whole bool) {
	depth, whole := 0, true
	for n := i + 1; n < len(r.toks) && n < i+200; n++ {
		t := r.toks[n]
		switch {
		case t.kind == text:
			if len(all) == 0 && depthOnly(r.toks[i+1:n]) {
				first = t.text
			}
			all = append(all, t.text)
		case t.is("(") || t.is("[") || t.is("{"):
			depth++
		case t.is(")") || t.is("]") || t.is("}"):
			if depth--; depth <= 0 {
				return first, all, whole
			}
			if t.is("]") { // the list of words ends; what follows are settings
				return first, all, whole
			}
		case t.is(","):
		case t.is(";") || t.kind == newline && depth == 0:
			return first, all, whole
		case t.kind != newline:
			whole = false
		}
	}
	return first, all, whole
}

// depthOnly reports that there are only opening brackets in toks.
func depthOnly(toks []token) bool {
	for _, t := range toks {
		if !t.is("(") && !t.is("[") && !t.is("{") && t.kind != newline {
			return false
		}
	}
	return true
}

func (r *reading) evals(i int, first string) {
	t := r.toks[i]
	if first == "" || !r.peek(i+2).isText() && !r.peek(i+1).isText() {
		r.computed(i)
		return
	}
	if r.decoded {
		r.add(t.line, codedHit, "")
	}
	if r.depth >= maxEvals {
		r.add(t.line, madeHit, "")
		return
	}
	inner := newReading(r.language, first, r.depth+1)
	inner.read()
	for _, h := range inner.hits {
		h.Line, h.Text = t.line, ""
		r.add(t.line, Hit{ID: h.ID, Verb: h.Verb, Role: h.Role, Say: h.Say, said: true, Shell: h.Shell, Dimension: h.Dimension, Risk: h.Risk, Technique: h.Technique}, h.Object)
	}
	if !inner.understood() && len(inner.hits) == 0 {
		r.add(t.line, madeHit, "")
	}
	r.net, r.run = max(r.net, inner.net), max(r.run, inner.run)
}

func (t token) isText() bool { return t.kind == text }

// unpackers make something else of the data that they are given.
var unpackers = map[string]bool{
	"b64decode": true, "decompress": true, "unpack": true, "gzinflate": true, "gzuncompress": true, "inflateSync": true, "gunzipSync": true, "decode64": true,
	"base64_decode": true, "decode_base64": true, "fromhex": true, "unhexlify": true, "atob": true, "from": true, "loads": true, "chr": true, "fromCharCode": true, "str_rot13": true, "decode": true, "hex2bin": true,
}

// computed is code whose text is not in the text.
func (r *reading) computed(i int) {
	t := r.toks[i]
	hit := madeHit
	for n := i + 1; n < min(i+40, len(r.toks)) && !r.toks[n].is(";") && r.toks[n].kind != newline; n++ {
		if r.toks[n].kind != name {
			continue
		}
		if webInput[r.toks[n].text] {
			hit = webHit
		}
		if c, ok := r.lookup(n); ok && c.hit.Verb == "connect" {
			hit = fetchHit
		}
		if unpackers[lastPart(r.toks[n].text)] && hit.ID == "" {
			hit = codedHit
		}
	}
	r.add(t.line, hit, "")
	r.run = t.line
}

// opens notes a file that is opened, and how.
func (r *reading) opens(t token, first string, all []string) {
	object, mode := first, ""
	if len(all) > 1 && strings.Trim(all[1], "rwaxbtU+") == "" {
		mode = all[1]
	}
	if r.language == "perl" && len(all) > 0 {
		object = all[0]
		if m := strings.TrimLeft(object, " "); len(all) > 1 && strings.Trim(m, "<>+|-") == "" || len(all) > 1 && strings.Contains(m, ":") && strings.HasPrefix(m, "<") {
			mode, object = m, all[1]
		} else if n := span(m, func(c rune) bool { return strings.ContainsRune("<>+| ", c) }); n > 0 {
			mode, object = m[:n], m[n:]
		}
		if strings.HasSuffix(object, "|") {
			mode, object = "|", strings.TrimSuffix(object, "|")
		}
	}
	if command, ok := strings.CutPrefix(object, "|"); ok && r.language == "ruby" {
		mode, object = "|", command
	}
	switch {
	case strings.Contains(mode, "|"):
		r.run = t.line
		if strings.TrimSpace(object) == "" {
			r.add(t.line, startHit, "")
			return
		}
		r.add(t.line, runHit, object)
	case strings.ContainsAny(mode, "wax>+"):
		r.add(t.line, writeHit, object)
	default:
		r.add(t.line, readHit, object)
	}
}

// fork notes a process that copies itself without end.
func (r *reading) fork(at int) {
	t := r.toks[at]
	if len(r.source) > 200 {
		return
	}
	for i := max(at-6, 0); i < min(at+4, len(r.toks)); i++ {
		o := r.toks[i]
		if i > at && o.is(";") {
			return
		}
		if o.kind == name && (o.text == "while" || o.text == "loop" || o.text == "until" || o.text == "for") {
			r.add(t.line, forkHit, "")
			return
		}
	}
}
