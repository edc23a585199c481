package shell

import (
	"cmp"
	"slices"
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
	r.exported(cmd, values, st)
	for n, a := range cmd.Assigns {
		if len(cmd.Words) > 0 && (a.Name == "BASH_ENV" || a.Name == "ENV") {
			r.vars.changes(func() { r.store(a, values[n], st) })
		}
	}
	r.hidden(cmd)
	for _, d := range mine {
		if inner := r.prog.Commands[d]; inner.From < 0 && inner.Input == nil {
			inner.From, inner.FromAll = i, []int{i}
		}
	}
	out := outcome{known: true, status: succeeds}
	if len(c.Args) > 0 || assignsOutput(c) {
		out.status = maybeSo
	}
	if len(cmd.Words) > 0 {
		out = r.run(i, cmd, st)
		if out.known {
			text := out.text
			cmd.Output = &text
		}
	}
	r.keep(cmd, out)
	return throughRedirs(out, cmd.Redirs)
}

// assignsOutput reports that the status is that of a substitution.
func assignsOutput(c *syntax.CallExpr) bool {
	found := false
	for _, a := range c.Assigns {
		syntax.Walk(a, func(n syntax.Node) bool {
			_, is := n.(*syntax.CmdSubst)
			found = found || is
			return !found
		})
	}
	return found
}

// exported notes the values of variables that a program which runs text gets.
func (r *reader) exported(cmd *Command, values []value, st state) {
	if len(cmd.Words) == 0 || len(r.exports)+len(cmd.Assigns) == 0 {
		return
	}
	cmd.Exported, cmd.Hidden = make(map[string]string), make(map[string]string)
	note := func(name string, v value) {
		if known(v) && !v.unset {
			cmd.Exported[name], cmd.Hidden[name] = v.str, v.how
		} else {
			delete(cmd.Exported, name)
		}
	}
	for _, name := range r.exports {
		note(name, r.lookup(name, st))
	}
	for n, a := range cmd.Assigns {
		note(a.Name, values[n])
	}
}

// maxExports is how many exported variables are handed on.
const maxExports = 64

// export notes that a variable is exported.
func (r *reader) export(name string) {
	if len(r.exports) < maxExports && !slices.Contains(r.exports, name) {
		r.exports = append(r.exports, name)
	}
}

// throughRedirs is what is left of the output when it is redirected.
func throughRedirs(out outcome, redirs []Redir) outcome {
	if !writesOut(redirs) {
		return out
	}
	for _, rd := range redirs {
		if rd.FD == 2 && rd.Op == ">&" {
			return outcome{feeds: out.feeds, status: out.status}
		}
	}
	return outcome{known: true, status: out.status}
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
	return r.printed(out, words, cmd)
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

// decl reads export, declare, local, readonly and typeset.
func (r *reader) decl(s *syntax.Stmt, c *syntax.DeclClause, st state) outcome {
	span := st.src.node(c.Variant)
	cmd := &Command{Span: st.src.node(s)}
	cmd.Words = []Word{{Span: span, Raw: c.Variant.Value, Value: c.Variant.Value, Known: true, Prefix: c.Variant.Value}}
	var values []value
	flags := ""
	if c.Variant.Value == "export" {
		for _, a := range c.Args {
			if a.Naked && a.Name != nil {
				r.export(a.Name.Value)
			}
		}
	}
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
			r.declare(a.Name.Value, strings.Trim(flags, "n"), value{})
			cmd.Words = append(cmd.Words, Word{Span: st.src.node(a), Raw: name, Value: name, Known: true, Prefix: name})
			if c.Variant.Value == "local" {
				r.local(a.Name.Value)
				r.vars.set(a.Name.Value, value{unset: true})
			}
		default:
			r.declare(a.Name.Value, strings.Trim(flags, "n"), value{})
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
		r.declare(a.Name, flags, values[n])
		if c.Variant.Value == "export" || strings.Contains(flags, "x") {
			r.export(a.Name)
		}
		if strings.Contains(flags, "i") {
			r.insideText(values[n].scalar(), st)
		}
	}
	if strings.Contains(flags, "n") && c.Variant.Value != "export" && !r.targets(cmd.Assigns) {
		r.vars.wipe() // a name that stands for another: either may change
	}
	return throughRedirs(outcome{feeds: []int{i}, known: len(values) > 0 || c.Variant.Value == "local", status: succeeds}, cmd.Redirs)
}

// declared is v as the attributes change it.
func declared(v value, flags string) value {
	if strings.ContainsAny(flags, "ic") {
		return unknownValue(say.Text("shell.it-is-declared-with-an"))
	}
	return v
}

// targets reports that each of the names is known to stand for another.
func (r *reader) targets(list []Assign) bool {
	for _, a := range list {
		if r.attrs[a.Name].target == "" {
			return false
		}
	}
	return len(list) > 0
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
		if descriptorOf(rd) == 0 {
			st.inputHow, st.begin = "", ""
		}
		span := st.src.node(rd)
		if rd.Hdoc != nil {
			span = st.src.span(rd.Pos().Offset(), rd.Word.End().Offset())
		}
		one := Redir{Op: rd.Op.String(), FD: descriptorOf(rd), Span: span, Target: r.word(rd.Word, *st)}
		switch rd.Op {
		case syntax.Hdoc, syntax.DashHdoc:
			body := r.document(rd.Hdoc, *st, quotedDelimiter(rd.Word), rd.Op == syntax.DashHdoc)
			one.HereText, st.inputHow = knownText(body), body.how
		case syntax.WordHdoc:
			one.HereText = knownText(value{str: one.Target.Value + "\n", home: one.Target.Home})
			st.inputHow = one.Target.how
		}
		if one.FD == 0 {
			st.input, st.from, st.feed = one.HereText, nil, nil
			if one.Target.Pipe == "<(" {
				st.from, st.input, st.inputHow = one.Target.From, one.Target.Feed, one.Target.how
			} else if v, ok := r.descriptor(one, rd.Op); ok {
				st.input, st.inputHow = &v.str, v.how
			}
		} else if text := fedText(one); text != nil && one.FD > 2 {
			r.written("/dev/fd/"+strconv.Itoa(one.FD), *text)
			r.write("/proc/self/fd/"+strconv.Itoa(one.FD), value{str: *text, how: cmp.Or(st.inputHow, one.Target.how)})
			r.write("fd "+strconv.Itoa(one.FD), value{str: *text, how: cmp.Or(st.inputHow, one.Target.how)})
		}
		out = append(out, one)
	}
	return out
}

// fedText is what a here-text or <(…) feeds, where known.
func fedText(rd Redir) *string {
	if rd.HereText == nil && rd.Target.Pipe == "<(" {
		return rd.Target.Feed
	}
	return rd.HereText
}

// descriptor is the text that < or <& reads, where the text has written it.
func (r *reader) descriptor(one Redir, op syntax.RedirOperator) (value, bool) {
	name := one.Target
	switch op {
	case syntax.DplIn:
		name.Value = "fd " + name.Value
	case syntax.RdrIn:
	default:
		return value{}, false
	}
	return r.content(name)
}

func knownText(v value) *string {
	if !known(v) {
		return nil
	}
	return &v.str
}

// descriptorOf is the descriptor that rd redirects; -1: the shell chooses one.
func descriptorOf(rd *syntax.Redirect) int {
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

// textCost is how many nodes reading another text costs, beside those in it, and
// maxInlined how many bytes all such texts may have.
const (
	textCost   = 8
	maxInlined = 3 << 20
)

// inline reads text that a command runs in the shell itself.
func (r *reader) inline(text string, via Via, st state) outcome {
	st.depth++
	if st.depth > MaxDepth {
		r.problem(via.Span, ProblemDepth, say.Text("shell.it-leads-on-too-often"))
		r.vars.wipe()
		return outcome{}
	}
	if r.inlined += len(text); r.inlined > maxInlined {
		r.stop(via.Span, ProblemLength, say.Text("shell.it-is-too-long-to"))
	}
	if !r.spend(textCost, via.Span) {
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
