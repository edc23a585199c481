package shell

import (
	"strconv"
	"strings"

	"escort/explain/effect"

	"escort/explain/say"
	"mvdan.cc/sh/v3/syntax"
)

// call reads a simple command.
func (r *reader) call(s *syntax.Stmt, c *syntax.CallExpr, st state) outcome {
	if out, ok := r.expandAlias(s, c, st); ok {
		return out
	}
	drains := r.drains
	r.drains = nil
	cmd := &Command{Span: st.src.node(s)}
	values := make([]value, len(c.Assigns))
	for i, a := range c.Assigns {
		var one Assign
		one, values[i] = r.assign(a, st)
		cmd.Assigns = append(cmd.Assigns, one)
		if len(c.Args) == 0 {
			r.store(one, values[i], st)
		}
	}
	args := st
	args.program = true
	cmd.Words = r.words(c.Args, args)
	cmd.Redirs = r.redirs(s.Redirs, &st)
	mine := r.drains
	r.drains = drains
	if len(cmd.Words) == 0 && len(c.Args) > 0 {
		for i, a := range cmd.Assigns {
			r.store(a, values[i], st)
		}
	}
	if len(cmd.Words) > 0 && cmd.Words[0].Known && cmd.Words[0].Glob == nil {
		if out, ok := r.callFunction(cmd, values, st); ok {
			return out
		}
	}
	i := r.emit(cmd, st)
	r.hidden(cmd)
	for _, d := range mine {
		if inner := r.prog.Commands[d]; inner.From < 0 && inner.Input == nil {
			inner.From, inner.FromAll = i, []int{i}
		}
	}
	out := outcome{known: true}
	if len(cmd.Words) > 0 {
		out = r.run(i, cmd, st)
		if out.known {
			text := out.text
			cmd.Output = &text
		}
	}
	return throughRedirs(out, cmd.Redirs)
}

// throughRedirs is what is left of the output when it is redirected.
func throughRedirs(out outcome, redirs []Redir) outcome {
	if !writesOut(redirs) {
		return out
	}
	for _, rd := range redirs {
		if rd.FD == 2 && rd.Op == ">&" {
			return outcome{feeds: out.feeds}
		}
	}
	return outcome{known: true}
}

// run follows what a command with words does to the shell, and says what it
// prints.
func (r *reader) run(i int, cmd *Command, st state) outcome {
	out := outcome{feeds: []int{i}}
	words := cmd.Words
	for len(words) > 1 && words[0].Known && (words[0].Value == "command" || words[0].Value == "builtin") {
		next := 1
		if words[1].Value == "-p" && len(words) > 2 {
			next = 2
		}
		words = words[next:]
	}
	if !words[0].Known || words[0].Multi || words[0].Glob != nil {
		// It may be any builtin, and set anything.
		r.vars.wipe()
		return out
	}
	if act, ok := builtins[words[0].Value]; ok {
		inner := act(r, cmd, words, st)
		inner.feeds = append(inner.feeds, i)
		return inner
	}
	if fn, ok := printers[words[0].Value]; ok && plain(words) && !r.zshEcho(words) {
		args := make([]string, len(words)-1)
		for n, w := range words[1:] {
			args[n] = w.Value
		}
		if text, how, ok := fn(args, cmd.Input); ok && len(text) <= maxOutput && !strings.Contains(text, Unknown) {
			out.text, out.how, out.known = text, madeThrough(how, words, cmd), true
		}
	}
	return out
}

// madeThrough is the disguise of what a command prints: its own, or that of
// what it was given.
func madeThrough(how string, words []Word, cmd *Command) string {
	for _, w := range words {
		if how == "" {
			how = w.how
		}
	}
	if how == "" {
		how = cmd.inputHow
	}
	return how
}

// assign reads one NAME=VALUE.
func (r *reader) assign(a *syntax.Assign, st state) (Assign, value) {
	one := Assign{Append: a.Append, Span: st.src.node(a)}
	if a.Name != nil {
		one.Name = a.Name.Value
	}
	if a.Index != nil {
		r.inside(a.Index, st)
		r.arithmNames(a.Index, st)
	}
	if a.Array != nil {
		return r.assignArray(a, one, st)
	}
	one.Value = r.word(a.Value, st)
	if a.Index != nil {
		one.Array = true
		return one, value{array: true, str: Unknown, why: say.Text("shell.it-is-an-array-that")}
	}
	v := value{str: one.Value.Value, home: one.Value.Home, why: one.Value.Why, how: one.Value.how}
	if a.Append {
		old := r.lookup(one.Name, st)
		if old.array {
			return one, value{array: true, str: Unknown, why: say.Text("shell.it-is-an-array-that")}
		}
		var b strings.Builder
		put(&b, old.str)
		put(&b, v.str)
		v = value{str: b.String(), home: old.home, why: old.why + v.why, how: appended(old, v)}
		if b.Len() > maxValue {
			v = unknownValue(say.Text("shell.it-becomes-too-long"))
		}
	}
	return one, v
}

func (r *reader) assignArray(a *syntax.Assign, one Assign, st state) (Assign, value) {
	raw := st.src.raw(a.Array.Pos().Offset(), a.Array.End().Offset())
	one.Array = true
	one.Value = Word{Span: st.src.node(a.Array), Raw: raw, Value: raw, Prefix: raw, Known: true}
	v := value{array: true}
	whole := true
	if a.Append {
		old := r.lookup(one.Name, st)
		v.list = append(v.list, old.list...)
		whole = old.array && old.str != Unknown
	}
	for _, e := range a.Array.Elems {
		if e.Index != nil {
			r.inside(e.Index, st)
			whole = false
		}
		if e.Value == nil {
			continue
		}
		for _, w := range r.words([]*syntax.Word{e.Value}, st) {
			v.list = append(v.list, w.Value)
			whole = whole && !w.Multi && w.Glob == nil && !w.Home
		}
	}
	if !whole || len(v.list) > maxFields {
		v = value{array: true, str: Unknown, why: say.Text("shell.the-elements-of-the-array")}
	}
	return one, v
}

// store sets a variable, and follows the ones whose value the shell runs.
func (r *reader) store(a Assign, v value, st state) {
	r.vars.set(a.Name, v)
	if text := v.scalar(); strings.Contains(text, "[") {
		// Where the name was declared a number, its value is evaluated.
		maybe := st
		maybe.maybe = true
		r.insideText(text, maybe)
	}
	switch a.Name {
	case "PROMPT_COMMAND":
		if known(v) {
			r.later(v.str, a.Name, a.Span, st)
		} else {
			r.problem(a.Span, ProblemUnpredictable, say.Text("shell.text-that-is-not-known-will"))
		}
	case "PS0", "PS1", "PS2", "PS4":
		st.maybe = true
		st.via = append(st.via[:len(st.via):len(st.via)], Via{Kind: ViaTrap, Name: a.Name, Span: a.Span})
		r.insideText(v.scalar(), st)
	}
}

// decl reads export, declare, local, readonly and typeset.
func (r *reader) decl(s *syntax.Stmt, c *syntax.DeclClause, st state) outcome {
	span := st.src.node(c.Variant)
	cmd := &Command{Span: st.src.node(s)}
	cmd.Words = []Word{{Span: span, Raw: c.Variant.Value, Value: c.Variant.Value, Known: true, Prefix: c.Variant.Value}}
	var values []value
	flags := ""
	for _, a := range c.Args {
		switch {
		case a.Naked && a.Name == nil:
			for _, w := range r.words([]*syntax.Word{a.Value}, st) {
				if strings.HasPrefix(w.Value, "-") {
					flags += w.Value
				} else if name, text, ok := strings.Cut(w.Value, "="); ok && syntax.ValidName(name) {
					r.vars.set(name, value{str: text, why: w.Why})
				} else {
					r.vars.wipe()
				}
				if name, text, _ := strings.Cut(w.Value, "="); strings.Contains(name, "[") || strings.HasPrefix(text, "(") {
					r.insideText(w.Value, st)
				}
				cmd.Words = append(cmd.Words, w)
			}
		case a.Naked:
			if a.Index != nil {
				r.inside(a.Index, st)
			}
			name := st.src.raw(a.Pos().Offset(), a.End().Offset())
			cmd.Words = append(cmd.Words, Word{Span: st.src.node(a), Raw: name, Value: name, Known: true, Prefix: name})
			if c.Variant.Value == "local" {
				r.local(a.Name.Value)
				r.vars.set(a.Name.Value, value{unset: true})
			}
		default:
			one, v := r.assign(a, st)
			cmd.Assigns, values = append(cmd.Assigns, one), append(values, v)
			cmd.Words = append(cmd.Words, declWord(one, st.src, a))
		}
	}
	cmd.Redirs = r.redirs(s.Redirs, &st)
	if bodies := r.function(c.Variant.Value); len(bodies) > 0 {
		called := *cmd
		called.Assigns = nil
		out, _ := r.callFunction(&called, nil, st)
		r.vars.wipe()
		return out
	}
	i := r.emit(cmd, st)
	for n, a := range cmd.Assigns {
		if c.Variant.Value == "local" || r.frame != nil && (c.Variant.Value == "declare" || c.Variant.Value == "typeset") {
			r.local(a.Name)
		}
		r.store(a, declared(values[n], flags), st)
		if strings.Contains(flags, "i") {
			r.insideText(values[n].scalar(), st)
		}
	}
	if strings.Contains(flags, "n") && c.Variant.Value != "export" {
		r.vars.wipe() // a name that stands for another: either may change
	}
	return throughRedirs(outcome{feeds: []int{i}, known: len(values) > 0}, cmd.Redirs)
}

// declared is v as the attributes change it.
func declared(v value, flags string) value {
	if strings.ContainsAny(flags, "iluc") {
		return unknownValue(say.Text("shell.it-is-declared-with-an"))
	}
	return v
}

func declWord(a Assign, src *source, n *syntax.Assign) Word {
	w := a.Value
	w.Span, w.Raw = a.Span, src.raw(n.Pos().Offset(), n.End().Offset())
	op := "="
	if a.Append {
		op = "+="
	}
	w.Value, w.Prefix = a.Name+op+w.Value, a.Name+op+w.Prefix
	w.Home = false
	return w
}

// local notes that the function being read gives name back at its end.
func (r *reader) local(name string) {
	if r.frame == nil {
		return
	}
	if _, ok := r.frame.locals[name]; !ok {
		r.frame.locals[name] = r.vars.get(name)
		r.frame.order = append(r.frame.order, name)
	}
}

// redirs reads redirections and says in st what they feed.
func (r *reader) redirs(list []*syntax.Redirect, st *state) []Redir {
	var out []Redir
	for _, rd := range list {
		span := st.src.node(rd)
		if rd.Hdoc != nil {
			span = st.src.span(rd.Pos().Offset(), rd.Word.End().Offset())
		}
		one := Redir{Op: rd.Op.String(), FD: descriptor(rd), Span: span, Target: r.word(rd.Word, *st)}
		switch rd.Op {
		case syntax.Hdoc, syntax.DashHdoc:
			body := r.document(rd.Hdoc, *st, quotedDelimiter(rd.Word), rd.Op == syntax.DashHdoc)
			one.HereText = knownText(body)
		case syntax.WordHdoc:
			one.HereText = knownText(value{str: one.Target.Value + "\n", home: one.Target.Home})
			st.inputHow = one.Target.how
		}
		if one.FD == 0 {
			st.input, st.from = one.HereText, nil
			if one.Target.Pipe == "<(" {
				st.from, st.input, st.inputHow = one.Target.From, one.Target.Feed, one.Target.how
			}
		}
		out = append(out, one)
	}
	return out
}

func knownText(v value) *string {
	if !known(v) {
		return nil
	}
	return &v.str
}

// descriptor is the descriptor that rd redirects; -1: the shell chooses one.
func descriptor(rd *syntax.Redirect) int {
	if rd.N != nil {
		n, err := strconv.Atoi(rd.N.Value)
		if err != nil {
			return -1
		}
		return n
	}
	switch rd.Op {
	case syntax.RdrIn, syntax.RdrInOut, syntax.DplIn, syntax.Hdoc, syntax.DashHdoc, syntax.WordHdoc:
		return 0
	}
	return 1
}

func quotedDelimiter(w *syntax.Word) bool {
	for _, p := range w.Parts {
		lit, ok := p.(*syntax.Lit)
		if !ok || strings.Contains(lit.Value, `\`) {
			return true
		}
	}
	return false
}

// inline reads text that a command runs in the shell itself.
func (r *reader) inline(text string, via Via, st state) outcome {
	st.depth++
	if st.depth > MaxDepth {
		r.problem(via.Span, ProblemDepth, say.Text("shell.it-leads-on-too-often"))
		r.vars.wipe()
		return outcome{}
	}
	st.via = append(st.via[:len(st.via):len(st.via)], via)
	src := &source{text: text, fixed: via.Span}
	return r.text(src, st)
}

// later reads text that the shell will run at some other time.
func (r *reader) later(text, name string, span effect.Span, st state) {
	st.maybe, st.floor = true, r.vars.now
	st.input, st.from = nil, nil
	r.vars.changes(func() { r.inline(text, Via{Kind: ViaTrap, Name: name, Span: span}, st) })
}
