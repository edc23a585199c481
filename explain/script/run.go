package script

import (
	"path"
	"strings"

	"escort/explain/effect"
	"escort/explain/quote"
)

// tie is what is known of how code connects other machines with what it runs.
type tie struct {
	net     int  // the line in which a connection is made that a shell could be tied to; 0: none
	web     int  // how many pages are fetched
	serves  bool // it answers requests
	run     int  // the line in which something is started that others could steer; 0: none
	open    int  // the line in which something is started of which nothing is known; 0: none
	fed     int  // the line in which what comes from another machine is run; 0: none
	shell   int  // the line in which a shell is started that reads commands; 0: none
	passed  bool // the number of a connection is asked for
	wired   bool // files of a process are put in place of others
	repeats bool // there is a loop
}

// with puts together what is known of code and of code in it.
func (t tie) with(o tie) tie {
	return tie{max(t.net, o.net), t.web + o.web, t.serves || o.serves, max(t.run, o.run), max(t.open, o.open), max(t.fed, o.fed), max(t.shell, o.shell), t.passed || o.passed, t.wired || o.wired, t.repeats || o.repeats}
}

// hands reports that the code hands this machine to others, and where.
func (t tie) hands(short bool) (line int, h Hit) {
	switch {
	case t.net > 0 && t.fed > 0:
		return t.fed, shellHit
	case t.net > 0 && t.run > 0 && (t.wired || short || t.passed && t.shell > 0):
		return t.run, shellHit
	case t.web > 0 && t.fed > 0 && (t.repeats || t.web > 1):
		return t.fed, shellHit
	case t.serves && t.open > 0 && short:
		return t.open, webHit
	}
	return 0, Hit{}
}

// steered are programs that do what is typed into them.
var steered = set("sh bash zsh dash ash ksh ksh93 mksh csh tcsh fish rbash cmd cmd.exe powershell powershell.exe pwsh busybox toybox python python2 python3 perl ruby node php lua script env sudo su doas setsid stdbuf nohup chroot xterm login tclsh expect")

// piped are programs that pass data to other machines.
var piped = set("nc ncat netcat telnet socat nc.traditional nc.openbsd")

// fetchers are programs that put out what other machines send.
var fetchers = set("curl wget dig host nslookup http fetch lynx")

// fetcher reports a command that puts out what another machine sends.
func fetcher(command string) bool {
	program, _, _ := strings.Cut(strings.TrimSpace(command), " ")
	return fetchers[path.Base(program)] || piped[path.Base(program)]
}

// ran notes that a command is started, the text of which may be known.
func (r *reading) ran(line int, command string, fed bool) {
	program, _, _ := strings.Cut(strings.TrimSpace(command), " ")
	program = path.Base(program)
	switch {
	case fed:
		r.tie.fed, r.tie.run = line, line
	case strings.Trim(command, hole+" ") == "":
		r.tie.run, r.tie.open = line, line
	case fetchers[program]:
		r.tie.web++
	case piped[program]:
		r.tie.net = line
	case steered[program] || strings.HasPrefix(command, hole) || strings.Contains(command, "<&") || strings.Contains(command, "sh -"):
		r.tie.run = line
		if steered[program] && !strings.Contains(command, " -c") {
			r.tie.shell = line
		}
	}
}

func (r *reading) started(i int, c known, called bool) {
	first, all, whole := r.arguments(i)
	t := r.toks[i]
	if r.language == "lisp" && strings.HasPrefix(t.text, "start_") && len(all) > 1 { // the first is what the process is called
		first, all = all[1], all[1:]
	}
	fed := r.fed(i)
	if r.near(t.line).web {
		r.add(t.line, webHit, "")
	}
	object := first
	if first == "" {
		object = r.object(i, "")
	}
	if r.language == "tcl" {
		object, whole = r.tclCommand(i)
		all = nil
	}
	if called || object != "" {
		r.ran(t.line, object, fed)
	}
	switch {
	case strings.Trim(object, hole+" ") == "":
		if fed && r.tie.web > 0 {
			r.add(t.line, fetchHit, "")
		}
		r.add(t.line, startHit, "")
		return
	case c.does == execs && len(all) > 1 && whole && object == all[0]:
		r.add(t.line, c.hit, quote.Single(all))
	case c.does == execs && len(all) > 1 && object == all[0]:
		r.add(t.line, c.hit, strings.Join(all, " "))
	default:
		r.add(t.line, c.hit, object)
	}
	if !whole && c.does == execs {
		r.add(t.line, Hit{Verb: "execute", Role: effect.RoleCommand, Say: "code.starts-a-program-with-words", Dimension: effect.Uncertainty, Risk: effect.Caution}, "")
	}
	if r.disguised(i) {
		r.add(t.line, hiddenHit, "")
	}
}

// disguised reports that what a call is given, or the name of what is called,
// was put together so that it cannot be read.
func (r *reading) disguised(i int) bool {
	if r.toks[i].made {
		return true
	}
	for n := i + 1; n < len(r.toks) && n < i+12; n++ {
		t := r.toks[n]
		if t.is(";") || t.is(")") || t.kind == newline {
			return false
		}
		if t.kind == text && t.made {
			return true
		}
	}
	return false
}

// tclCommand is the command behind exec and spawn.
func (r *reading) tclCommand(i int) (command string, whole bool) {
	var b strings.Builder
	whole = true
	depth := 0
	for n := i + 1; n < len(r.toks) && n < i+200; n++ {
		t := r.toks[n]
		if t.is(";") || t.kind == newline || depth == 0 && (t.is("]") || t.is("}")) {
			break
		}
		if t.gap && depth == 0 && b.Len() > 0 {
			b.WriteByte(' ')
		}
		switch {
		case t.is("{") && depth == 0:
			word, end := r.braced(n)
			b.WriteString(quote.Single([]string{word}))
			n = end
		case t.is("["):
			depth++
		case t.is("]"):
			depth--
			b.WriteString(hole)
			whole = false
		case depth > 0:
		case t.is("$"):
			b.WriteString(hole)
			whole = false
			n++
		case t.kind == text && strings.ContainsAny(t.text, " ;|&<>"):
			b.WriteString(quote.Single([]string{t.text}))
		default:
			b.WriteString(t.text)
		}
	}
	return strings.TrimSpace(b.String()), whole
}

// braced is the word in the braces that begin at i, in which nothing stands for
// something else, and where they end.
func (r *reading) braced(i int) (word string, end int) {
	var b strings.Builder
	open := 0
	for end = i; end < len(r.toks) && end < i+200; end++ {
		t := r.toks[end]
		if t.is("}") {
			if open--; open == 0 {
				break
			}
		}
		if open > 0 {
			if t.gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(t.text)
		}
		if t.is("{") {
			open++
		}
	}
	return b.String(), end
}

func (r *reading) evals(i int, first string) {
	t := r.toks[i]
	if _, all, whole := r.arguments(i); (strings.HasSuffix(t.text, "Function") || t.text == "create_function") && len(all) > 1 && whole {
		first = all[len(all)-1]
	} else if first == "" || !r.peek(i+2).isText() && !r.peek(i+1).isText() {
		r.computed(i)
		return
	}
	if r.disguised(i) {
		r.add(t.line, codedHit, "")
	}
	if r.depth >= maxEvals {
		r.add(t.line, madeHit, "")
		return
	}
	inner := newReading(r.language, strings.ReplaceAll(first, hole, "_"), r.depth+1)
	inner.read()
	for _, h := range inner.hits {
		r.add(t.line, Hit{ID: h.ID, Verb: h.Verb, Role: h.Role, Say: h.Say, said: true, Shell: h.Shell, Dimension: h.Dimension, Risk: h.Risk, Technique: h.Technique}, h.Object)
	}
	if strings.Contains(first, hole) || !inner.understood() && len(inner.hits) == 0 {
		r.add(t.line, madeHit, "")
	}
	tie := inner.tie
	for _, line := range []*int{&tie.net, &tie.run, &tie.open, &tie.fed} {
		if *line > 0 {
			*line = t.line
		}
	}
	r.tie = r.tie.with(tie)
}

func (t token) isText() bool { return t.kind == text }

// unpackers make something else of the data that they are given.
var unpackers = set("b64decode decompress unpack gzinflate gzuncompress inflateSync gunzipSync decode64 base64_decode decode_base64 fromhex unhexlify atob from loads chr fromCharCode str_rot13 decode hex2bin")

// computed is code whose text is not in the text.
func (r *reading) computed(i int) {
	t := r.toks[i]
	hit := madeHit
	for n := i + 1; n < min(i+40, len(r.toks)) && !r.toks[n].is(";") && r.toks[n].kind != newline; n++ {
		u := r.toks[n]
		if u.kind == text && strings.HasPrefix(u.text, "php://input") {
			hit = webHit
		}
		if u.kind != name {
			continue
		}
		if webInput[u.text] {
			hit = webHit
		}
		if c, ok := r.lookup(n); ok && c.hit.Verb == "connect" {
			hit = fetchHit
		}
		if unpackers[lastPart(u.text)] && hit.ID == "" {
			hit = codedHit
		}
	}
	fed := r.fed(i)
	if fed && hit.ID == "" {
		hit = fetchHit
	}
	r.add(t.line, hit, "")
	r.ran(t.line, "", fed)
}
