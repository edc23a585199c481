package shell

import (
	"cmp"
	"path"
	"strings"

	"escort/explain/effect"
	"escort/explain/quote"

	"escort/explain/say"
	"mvdan.cc/sh/v3/syntax"
)

// builtins are the commands that change the shell that runs them. Each gets
// the words from its own name on.
var builtins map[string]func(r *reader, cmd *Command, words []Word, st state) outcome

func init() {
	builtins = map[string]func(*reader, *Command, []Word, state) outcome{
		"eval": (*reader).eval, "source": (*reader).source, ".": (*reader).source, "trap": (*reader).trap,
		"alias": (*reader).defineAlias, "unalias": (*reader).unalias,
		"cd": (*reader).cd, "pushd": (*reader).cd, "popd": (*reader).cd,
		"set": (*reader).setArgs, "shift": (*reader).shift, "shopt": (*reader).shopt,
		"read": (*reader).reads, "mapfile": (*reader).callback, "readarray": (*reader).callback,
		"compgen": (*reader).callback, "complete": (*reader).callback, "getopts": (*reader).reads,
		"wait": (*reader).reads, "unset": (*reader).unset, "printf": (*reader).printf, "let": (*reader).reads,
		"test": (*reader).tested, "[": (*reader).tested,
		"exec": (*reader).inert,
	}
}

func (r *reader) inert(*Command, []Word, state) outcome { return outcome{} }

// eval reads its words as text once more.
func (r *reader) eval(cmd *Command, words []Word, st state) outcome {
	words = words[1:]
	if len(words) > 0 && words[0].Value == "--" {
		words = words[1:]
	}
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Value
	}
	text := strings.Join(texts, " ")
	out := outcome{}
	via := Via{Kind: ViaEval, Name: text, Span: cmd.Span}
	sure := plain(words)
	if !sure {
		r.problem(cmd.Span, ProblemUnpredictable, say.Text("shell.it-runs-text-that-is"))
	}
	if strings.Trim(text, Unknown+" ") != "" {
		// The readable part is shown even where the rest is not known.
		st.maybe = st.maybe || !sure
		out = r.inline(text, via, st)
	}
	if !sure {
		r.vars.wipe()
		out.known = false
	}
	return out
}

// source reads the file that is sourced.
func (r *reader) source(cmd *Command, words []Word, st state) outcome {
	if len(words) < 2 {
		return outcome{}
	}
	name := words[1]
	if (name.Value == "/dev/stdin" || name.Value == "/proc/self/fd/0" || name.Value == "/dev/fd/0") && cmd.Input != nil {
		return r.inline(*cmd.Input, Via{Kind: ViaEval, Name: name.Value, Span: cmd.Span}, st)
	}
	if name.Feed != nil {
		return r.inline(*name.Feed, Via{Kind: ViaEval, Name: *name.Feed, Span: cmd.Span}, st)
	}
	if !name.Known || name.Glob != nil {
		r.problem(cmd.Span, ProblemUnpredictable, say.Text("shell.it-runs-a-file-that"))
		r.vars.wipe()
		return outcome{}
	}
	if v, ok := r.content(name); ok {
		return r.inline(v.str, Via{Kind: ViaSource, Name: name.Value, Span: cmd.Span}, st)
	}
	if r.touched(name.Value, st) {
		r.problem(cmd.Span, ProblemUnpredictable, say.Text("shell.it-runs-a-file-that-an"))
	}
	file, data, more := r.readFile(name.Value, st)
	if data == nil {
		r.problem(cmd.Span, ProblemUnread, say.Text("shell.the-file-could-not-be", "value", quote.Line(name.Value).String()))
		r.vars.wipe()
		return outcome{}
	}
	r.prog.Sourced = append(r.prog.Sourced, Sourced{Path: file, Data: data, More: more, Span: cmd.Span})
	text, _ := quote.Valid(string(data))
	args := r.lookup("@", st)
	if len(words) > 2 {
		r.vars.set("@", arguments(words[2:]))
	}
	out := r.inline(clean(text), Via{Kind: ViaSource, Name: file, Span: cmd.Span}, st)
	if len(words) > 2 {
		r.vars.set("@", args)
	}
	if more {
		r.problem(cmd.Span, ProblemLength, say.Text("shell.only-the-first-megabyte-of", "file", quote.Line(file).String()))
		r.vars.wipe()
	}
	return out
}

// readFile reads the file that source would; nil data: it cannot.
func (r *reader) readFile(name string, st state) (file string, data []byte, more bool) {
	if r.opts.World == nil {
		return name, nil, false
	}
	file = name
	if !strings.Contains(name, "/") {
		if found, err := r.opts.World.Lookup(r.ctx, effect.LookupProgram, name); err == nil {
			file = found
		}
	}
	if !strings.HasPrefix(file, "/") {
		dir := r.lookup("PWD", st)
		if !known(dir) {
			return file, nil, false
		}
		file = path.Join(dir.str, file)
	}
	data, err := r.opts.World.Read(r.ctx, file, maxText+1)
	if err != nil {
		return file, nil, false
	}
	if len(data) > maxText {
		return file, data[:maxText], true
	}
	if data == nil {
		data = []byte{}
	}
	return file, data, false
}

// trap reads the text that is to run at a signal.
func (r *reader) trap(cmd *Command, words []Word, st state) outcome {
	words = words[1:]
	if len(words) > 0 && words[0].Value == "--" {
		words = words[1:]
	}
	if len(words) < 2 || strings.HasPrefix(words[0].Value, "-") || words[0].Value == "" {
		return outcome{}
	}
	if !words[0].Known || words[0].Multi {
		r.problem(cmd.Span, ProblemUnpredictable, say.Text("shell.text-that-is-not-known"))
		return outcome{}
	}
	for _, w := range words[1:] {
		r.prog.Defs = append(r.prog.Defs, Def{Kind: DefTrap, Name: w.Value, Span: cmd.Span, Body: words[0].Value})
	}
	r.later(words[0].Value, words[1].Value, cmd.Span, st)
	return outcome{known: true}
}

// cd moves the working directory. It is taken to succeed.
func (r *reader) cd(_ *Command, words []Word, st state) outcome {
	old := r.lookup("PWD", st)
	next := unknownValue(say.Text("shell.where-it-changes-to-is"))
	args := words[1:]
	for len(args) > 0 && (args[0].Value == "-P" || args[0].Value == "-L" || args[0].Value == "--") {
		args = args[1:]
	}
	switch {
	case words[0].Value == "popd":
	case len(args) == 0 && words[0].Value == "cd":
		next = r.lookup("HOME", st)
	case len(args) == 1 && args[0].Value == "-":
		next = r.lookup("OLDPWD", st)
	case len(args) == 1 && args[0].Home:
		next = value{str: args[0].Value, home: true, why: args[0].Why}
	case len(args) != 1 || !plain(args):
	case r.searched(args[0].Value, st):
		next = unknownValue(say.Text("shell.cdpath-says-where-it-is"))
	case strings.HasPrefix(args[0].Value, "/"):
		next = textValue(path.Clean(args[0].Value))
	case known(old) && old.str != "":
		next = textValue(path.Join(old.str, args[0].Value))
	}
	r.vars.set("OLDPWD", old)
	r.vars.set("PWD", next)
	return outcome{known: len(args) != 1 || args[0].Value != "-"}
}

// searched reports whether cd looks for a folder along CDPATH first.
func (r *reader) searched(dir string, st state) bool {
	first, _, _ := strings.Cut(dir, "/")
	if first == "" || first == "." || first == ".." {
		return false
	}
	v := r.lookup("CDPATH", st)
	return !v.unset && v.str != "" && (known(v) || v.why == "" || r.opts.World != nil)
}

// arguments are words as positional parameters.
func arguments(words []Word) value {
	v := value{array: true}
	for _, w := range words {
		if w.Multi || w.Home {
			return value{array: true, str: Unknown, why: say.Text("shell.the-arguments-are-not-all")}
		}
		v.list = append(v.list, w.Value)
		v.how = cmp.Or(v.how, w.how)
	}
	return v
}

// readingRules are options that change how the shell reads lines from now on,
// with the way in which they differ from how this package reads.
var readingRules = map[string]bool{
	"histexpand": true, "keyword": true, "posix": true, "xpg_echo": true,
	"emacs": false, "vi": false, "braceexpand": false, "interactive_comments": false,
	"expand_aliases": false,
}

// rule says that an option which is switched makes what follows be read
// otherwise.
func (r *reader) rule(cmd *Command, name string, on bool) {
	if way, ok := readingRules[name]; ok && way == on && !r.opts.Script {
		r.problem(cmd.Span, ProblemUnpredictable, say.Text("shell.it-changes-how-the-shell"))
	}
}

// setRules finds such options among the words of set.
func (r *reader) setRules(cmd *Command, words []Word) {
	letters := map[rune]string{'H': "histexpand", 'k': "keyword", 'B': "braceexpand"}
	for i, w := range words {
		if w.Value == "--" || len(w.Value) < 2 || w.Value[0] != '-' && w.Value[0] != '+' {
			continue
		}
		on := w.Value[0] == '-'
		if strings.HasSuffix(w.Value, "o") && i+1 < len(words) {
			r.rule(cmd, words[i+1].Value, on)
		}
		for _, l := range w.Value[1:] {
			r.rule(cmd, letters[l], on)
		}
	}
}

func (r *reader) setArgs(cmd *Command, words []Word, _ state) outcome {
	r.setRules(cmd, words[1:])
	for i, w := range words[1:] {
		switch {
		case w.Value == "--":
			r.vars.set("@", arguments(words[i+2:]))
			return outcome{known: true}
		case !strings.HasPrefix(w.Value, "-") && !strings.HasPrefix(w.Value, "+"):
			r.vars.set("@", arguments(words[i+1:]))
			return outcome{known: w.Known}
		}
	}
	return outcome{known: len(words) > 1}
}

func (r *reader) shift(_ *Command, words []Word, st state) outcome {
	v := r.lookup("@", st)
	n := 1
	if len(words) > 1 {
		n = -1
		if w := words[1]; w.Known && len(w.Value) == 1 && w.Value[0] >= '0' && w.Value[0] <= '9' {
			n = int(w.Value[0] - '0')
		}
	}
	switch {
	case v.str == Unknown:
	case n < 0:
		r.vars.set("@", value{array: true, str: Unknown, why: say.Text("shell.it-is-not-known-how")})
	case n <= len(v.list):
		r.vars.set("@", value{array: true, list: v.list[n:]})
	}
	return outcome{known: true}
}

func (r *reader) shopt(cmd *Command, words []Word, _ state) outcome {
	for _, w := range words[1:] {
		r.rule(cmd, w.Value, words[1].Value == "-s")
		if w.Value == "expand_aliases" {
			r.expands = words[1].Value == "-s"
		}
	}
	return outcome{}
}

// reads makes unknown every variable that an argument may name.
func (r *reader) reads(cmd *Command, words []Word, st state) outcome {
	r.named(nil, words, st)
	if words[0].Value == "read" {
		if out, ok := r.readLine(cmd, words, st); ok {
			return out
		}
	}
	if out, ok := r.readLines(cmd, words, st); ok {
		return out
	}
	from := st.from
	if len(from) == 0 {
		from = st.lines
	}
	for _, implied := range []string{"REPLY", "MAPFILE", "OPTARG", "OPTIND"} {
		r.vars.set(implied, unknownValue(say.Text("shell.it-is-read-when-it")))
	}
	for _, w := range words[1:] {
		name, _, _ := strings.Cut(w.Value, "[")
		name, _, _ = strings.Cut(name, "=")
		switch {
		case !w.Known:
			r.vars.wipe()
		case syntax.ValidName(name):
			v := unknownValue(say.Text("shell.it-is-read-when-it"))
			v.of = from
			r.vars.set(name, v)
		}
	}
	return outcome{}
}

// callback reads what a builtin is told to call.
func (r *reader) callback(cmd *Command, words []Word, st state) outcome {
	out := outcome{}
	if words[0].Value != "complete" && words[0].Value != "compgen" {
		out = r.reads(cmd, words, st)
	}
	for i, text := range words[min(2, len(words)):] {
		w := words[i+1]
		switch {
		case w.Value == "-W":
			r.insideText(text.Value, st)
		case w.Value != "-C" && w.Value != "-F":
		case !text.Known:
			r.problem(cmd.Span, ProblemUnpredictable, say.Text("shell.it-calls-what-is-not"))
		default:
			r.later(text.Value, words[0].Value, cmd.Span, st)
		}
	}
	return out
}

// tested reads what test and [ may evaluate, and answers them where that can be
// told.
func (r *reader) tested(cmd *Command, words []Word, st state) outcome {
	r.named(cmd, words, st)
	return outcome{known: true, status: testArgs(words)}
}

// named reads the substitutions in arguments that are taken for names of
// array elements, whose index the shell evaluates.
func (r *reader) named(_ *Command, words []Word, st state) outcome {
	for _, w := range words[1:] {
		if strings.Contains(w.Value, "[") {
			r.insideText(w.Value, st)
		}
	}
	return outcome{}
}

func (r *reader) unset(_ *Command, words []Word, st state) outcome {
	r.named(nil, words, st)
	for _, w := range words[1:] {
		switch {
		case !w.Known:
			r.vars.wipe()
		case words[1].Value == "-f":
			delete(r.funcs, w.Value)
		case syntax.ValidName(w.Value):
			r.vars.set(w.Value, value{unset: true})
		}
	}
	return outcome{known: true}
}

// printf prints, or with -v sets a variable.
func (r *reader) printf(cmd *Command, words []Word, st state) outcome {
	args := make([]string, 0, len(words))
	for _, w := range words[1:] {
		args = append(args, w.Value)
	}
	sure := plain(words)
	if len(args) < 2 || args[0] != "-v" {
		if !sure {
			return outcome{}
		}
		text, how, ok := printfText(args, nil)
		return outcome{text: text, how: madeThrough(how, words, cmd), known: ok && !strings.Contains(text, Unknown), status: succeeds}
	}
	r.named(nil, words[1:3], st)
	v := unknownValue(say.Text("shell.it-is-printed-into-it"))
	if text, how, ok := printfText(args[2:], nil); ok && sure {
		v = value{str: clean(text), how: madeThrough(how, words, cmd)}
	} else if how != "" {
		v.how = how
	}
	switch {
	case !words[2].Known:
		r.vars.wipe()
	case syntax.ValidName(args[1]):
		r.assignValue(args[1], v, st)
	default:
		name, index, _ := strings.Cut(args[1], "[")
		r.vars.set(name, r.element(name, strings.TrimSuffix(index, "]"), v, false, st))
	}
	return outcome{known: true, status: succeeds}
}
