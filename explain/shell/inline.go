package shell

import (
	"strings"

	"escort/explain/effect"

	"escort/explain/say"
	"mvdan.cc/sh/v3/syntax"
)

// function finds the bodies that a call of name may run.
func (r *reader) function(name string) []function {
	if list, ok := r.funcs[name]; ok || r.opts.World == nil {
		return list
	}
	if r.funcs == nil {
		r.funcs = make(map[string][]function)
	}
	r.funcs[name] = nil
	text, err := r.opts.World.Lookup(r.ctx, effect.LookupFunction, name)
	if err != nil || len(text) > maxText {
		return nil
	}
	text = clean(text)
	stmts, err := parse(text, Bash)
	if err != nil {
		// Bash prints some names so that only "function" before them reads.
		text = "function " + text
		stmts, err = parse(text, Bash)
	}
	if err != nil || len(stmts) == 0 {
		r.problem(effect.Span{0, len(r.prog.Text)}, ProblemUnpredictable, say.Text("shell.the-function-could-not-be", "name", name))
		return nil
	}
	src := &source{text: text}
	if decl, ok := stmts[0].Cmd.(*syntax.FuncDecl); ok && len(stmts) == 1 {
		r.funcs[name] = []function{{body: decl.Body, src: src}}
	} else {
		r.funcs[name] = []function{{body: &syntax.Stmt{Position: stmts[0].Position, Cmd: &syntax.Block{Stmts: stmts}}, src: src}}
	}
	return r.funcs[name]
}

// callFunction reads the body of a function in place of its call.
func (r *reader) callFunction(cmd *Command, values []value, st state) (outcome, bool) {
	name := cmd.Words[0].Value
	bodies := r.function(name)
	if len(bodies) == 0 {
		return outcome{}, false
	}
	for _, v := range st.via {
		if v.Kind == ViaFunction && v.Name == name || st.depth >= MaxDepth {
			cmd.Recursive = v.Kind == ViaFunction && v.Name == name
			if !cmd.Recursive {
				r.problem(cmd.Span, ProblemDepth, say.Text("shell.it-leads-on-too-often"))
			}
			r.vars.wipe()
			return outcome{feeds: []int{r.emit(cmd, st)}}, true
		}
	}
	if r.called == nil {
		r.called = make(map[string]bool)
	}
	r.called[name] = true
	if len(cmd.Redirs) > 0 {
		r.emit(&Command{Span: cmd.Span, Redirs: cmd.Redirs, Compound: "{"}, st)
	}
	outer, args := r.frame, r.lookup("@", st)
	r.frame = &frame{locals: make(map[string]value)}
	r.vars.set("@", arguments(cmd.Words[1:]))
	for i, a := range cmd.Assigns {
		r.local(a.Name)
		r.store(a, values[i], st)
	}
	st.via = append(st.via[:len(st.via):len(st.via)], Via{Kind: ViaFunction, Name: name, Span: cmd.Words[0].Span})
	st.depth++
	st.maybe = st.maybe || len(bodies) > 1
	var out outcome
	var ways []map[string]value
	for _, f := range bodies {
		one := st
		one.src = f.src
		if f.src.top || !f.src.fixedSet() {
			one.src = f.src.at(cmd.Span)
		}
		ways = append(ways, r.vars.changes(func() {
			did := r.stmt(f.body, one)
			out.add(did)
			out.known, out.status = did.known, did.status
		}))
	}
	r.vars.merge(ways...)
	for _, n := range r.frame.order {
		r.vars.set(n, r.frame.locals[n])
	}
	r.vars.set("@", args)
	r.frame = outer
	if len(bodies) > 1 || jumps(bodies[0].body) {
		out = outcome{feeds: out.feeds, how: out.how}
	}
	return throughRedirs(out, cmd.Redirs), true
}

// at is s with every stretch shown where it is called.
func (s *source) at(call effect.Span) *source { return &source{text: s.text, fixed: call} }

func (s *source) fixedSet() bool { return s.fixed != effect.Span{} }

// defined reads the bodies of the functions that are defined but not called.
func (r *reader) defined(src *source) {
	for i := 0; i < len(r.prog.Defs) && !r.stopped; i++ {
		d := r.prog.Defs[i]
		if d.Kind != DefFunction || r.called[d.Name] {
			continue
		}
		if r.called == nil {
			r.called = make(map[string]bool)
		}
		r.called[d.Name] = true
		for _, f := range r.funcs[d.Name] {
			st := state{src: f.src, unroll: 1, def: d.Name, maybe: true, floor: r.vars.now, depth: r.opts.Depth}
			outer := r.frame
			r.frame = &frame{locals: make(map[string]value)}
			r.vars.changes(func() {
				r.vars.set("@", value{array: true, str: Unknown, why: say.Text("shell.the-arguments-are-not-known")})
				r.stmt(f.body, st)
			})
			r.frame = outer
		}
	}
}

// defineAlias notes the aliases that an alias command makes.
func (r *reader) defineAlias(cmd *Command, words []Word, st state) outcome {
	for _, w := range words[1:] {
		name, text, ok := strings.Cut(w.Value, "=")
		if !ok || strings.HasPrefix(name, "-") {
			continue
		}
		if !w.Known {
			r.problem(cmd.Span, ProblemUnpredictable, say.Text("shell.an-alias-gets-a-text"))
		}
		if r.aliases == nil {
			r.aliases = make(map[string]alias)
		}
		r.aliases[name] = alias{text: text, line: st.line}
		r.prog.Defs = append(r.prog.Defs, Def{Kind: DefAlias, Name: name, Span: cmd.Span, Body: text})
	}
	return outcome{known: len(words) > 1}
}

func (r *reader) unalias(_ *Command, words []Word, _ state) outcome {
	for _, w := range words[1:] {
		if r.aliases == nil {
			r.aliases = make(map[string]alias)
		}
		r.aliases[w.Value] = alias{line: 1 << 30} // hides one of the host too
	}
	return outcome{known: true}
}

// aliasText is the text of an alias that works where st stands.
func (r *reader) aliasText(name string, st state) (string, bool) {
	if !r.expands || name == "" || st.noAlias[name] {
		return "", false
	}
	if a, ok := r.aliases[name]; ok {
		if a.line < st.line {
			return a.text, true
		}
		if a.line == 1<<30 {
			return "", false
		}
	}
	if r.opts.World == nil || r.opts.Script {
		return "", false
	}
	text, err := r.opts.World.Lookup(r.ctx, effect.LookupAlias, name)
	return clean(text), err == nil
}

// aliasWord is the name that a word could be an alias by: one bare literal.
func aliasWord(w *syntax.Word) (*syntax.Lit, bool) {
	if len(w.Parts) != 1 {
		return nil, false
	}
	lit, ok := w.Parts[0].(*syntax.Lit)
	return lit, ok && (lit.Value == "[" || !strings.ContainsAny(lit.Value, `\~*?[{`))
}

// expandAlias puts the text of an alias in place of its name and reads the
// command anew, as bash does before it parses.
func (r *reader) expandAlias(s *syntax.Stmt, c *syntax.CallExpr, st state) (outcome, bool) {
	if len(c.Args) == 0 || !r.expands {
		return outcome{}, false
	}
	lit, ok := aliasWord(c.Args[0])
	if !ok {
		return outcome{}, false
	}
	text, ok := r.aliasText(lit.Value, st)
	if !ok || !r.spend(1, st.src.node(s)) {
		return outcome{}, false
	}
	names := map[string]bool{lit.Value: true}
	for n := range st.noAlias {
		names[n] = true
	}
	from, to := c.Pos().Offset(), c.End().Offset()
	here := false
	for _, rd := range s.Redirs {
		from, to = min(from, rd.Pos().Offset()), max(to, rd.Word.End().Offset())
		here = here || rd.Hdoc != nil
	}
	head := st.src.raw(from, lit.ValuePos.Offset()) + text
	tail := lit.ValueEnd.Offset()
	for n := 1; n < len(c.Args) && (strings.HasSuffix(text, " ") || strings.HasSuffix(text, "\t")); n++ {
		next, ok := aliasWord(c.Args[n])
		if !ok {
			break
		}
		if text, ok = r.aliasText(next.Value, st); !ok {
			break
		}
		names[next.Value] = true
		head += st.src.raw(tail, next.ValuePos.Offset()) + text
		tail = next.ValueEnd.Offset()
	}
	rest := st.src.raw(tail, to)
	call := st.src.node(lit)
	var redirs []Redir
	if here {
		// The body of a here-document stands elsewhere; the redirections are
		// read on their own.
		redirs = r.redirs(s.Redirs, &st)
		r.emit(&Command{Span: st.src.node(s), Redirs: redirs, Compound: "{"}, st)
		rest = ""
		for _, a := range c.Args[1:] {
			if a.Pos().Offset() >= tail {
				rest += " " + st.src.raw(a.Pos().Offset(), a.End().Offset())
			}
		}
	}
	inner := &source{text: head + rest, fixed: call}
	if !here {
		inner.under, inner.tail, inner.tailIn = st.src, len(head), int(tail)
	}
	st.noAlias = names
	st.via = append(st.via[:len(st.via):len(st.via)], Via{Kind: ViaAlias, Name: lit.Value, Span: call})
	return throughRedirs(r.text(inner, st), redirs), true
}
