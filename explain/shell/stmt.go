package shell

import (
	"errors"
	"io/fs"

	"escort/explain/say"
	"mvdan.cc/sh/v3/syntax"
)

func isAbsent(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// stmts reads statements one after another.
func (r *reader) stmts(list []*syntax.Stmt, st state) outcome {
	out := outcome{known: true}
	for _, s := range list {
		if st.src.top && st.def == "" && len(st.via) == 0 && st.subst == 0 {
			st.line = s.Pos().Line()
		}
		one := r.stmt(s, st)
		out.add(one)
		out.known = out.known && one.known && len(out.text) <= maxOutput
	}
	return out
}

func (r *reader) stmt(s *syntax.Stmt, st state) outcome {
	span := st.src.node(s)
	if s.Cmd == nil && len(s.Redirs) == 0 || !r.spend(1, span) {
		return outcome{}
	}
	r.renamed(s, span, st)
	st.negated = s.Negated
	if s.Background || s.Coprocess || s.Disown {
		st.background = true
		var out outcome
		// A background job is a process of its own: nothing it sets comes back.
		r.vars.changes(func() { out = r.command(s, st) })
		return out
	}
	return r.command(s, st)
}

func (r *reader) command(s *syntax.Stmt, st state) outcome {
	switch c := s.Cmd.(type) {
	case *syntax.CallExpr:
		return r.call(s, c, st)
	case *syntax.DeclClause:
		return r.decl(s, c, st)
	case *syntax.FuncDecl:
		r.define(s, c, st)
		return outcome{known: true}
	case nil:
		redirs := r.redirs(s.Redirs, &st)
		r.emit(&Command{Span: st.src.node(s), Redirs: redirs}, st)
		return outcome{}
	}
	st, piped := r.around(s, st)
	out := r.compound(s, st)
	if piped {
		out = outcome{}
	}
	return out
}

// names of compound commands, for [Command.Compound].
func compoundName(c syntax.Command) string {
	switch c := c.(type) {
	case *syntax.IfClause:
		return "if"
	case *syntax.WhileClause:
		if c.Until {
			return "until"
		}
		return "while"
	case *syntax.ForClause:
		if c.Select {
			return "select"
		}
		return "for"
	case *syntax.CaseClause:
		return "case"
	case *syntax.Subshell:
		return "("
	case *syntax.Block:
		return "{"
	case *syntax.TestClause:
		return "[["
	case *syntax.ArithmCmd:
		return "(("
	case *syntax.LetClause:
		return "let"
	case *syntax.TimeClause:
		return "time"
	case *syntax.CoprocClause:
		return "coproc"
	}
	return "{"
}

// around reads the redirections of a compound command, which become a command
// of their own, and says how they change its input and output.
func (r *reader) around(s *syntax.Stmt, st state) (state, bool) {
	if len(s.Redirs) == 0 {
		return st, false
	}
	cmd := &Command{Span: st.src.node(s), Compound: compoundName(s.Cmd)}
	cmd.Redirs = r.redirs(s.Redirs, &st)
	r.emit(cmd, st)
	return st, writesOut(cmd.Redirs)
}

// writesOut reports whether the standard output goes somewhere else.
func writesOut(redirs []Redir) bool {
	for _, rd := range redirs {
		if rd.FD == 1 && rd.Op != "<" {
			return true
		}
	}
	return false
}

// emit adds cmd to the program.
func (r *reader) emit(cmd *Command, st state) int {
	cmd.Loop, cmd.Maybe, cmd.Background = st.loop, st.maybe, st.background
	cmd.Subshell, cmd.Negated, cmd.InSubst = st.subshell, st.negated, st.subst > 0
	cmd.Def, cmd.Via = st.def, st.via
	cmd.From = -1
	cmd.Input, cmd.FromAll = st.input, st.from
	if st.input != nil {
		cmd.inputHow = st.inputHow
	}
	if n := len(st.from); n > 0 {
		cmd.From = st.from[n-1]
	}
	if dir := r.lookup("PWD", st); known(dir) && !dir.home {
		cmd.Dir = dir.str
	}
	when, floor := r.vars.now, st.floor
	cmd.Vars = func(name string) (string, bool) {
		v := r.vars.at(name, when, floor)
		return v.scalar(), known(v) && !v.unset
	}
	r.prog.Commands = append(r.prog.Commands, cmd)
	return len(r.prog.Commands) - 1
}

// lookup is the value of a variable as st sees it.
func (r *reader) lookup(name string, st state) value {
	return r.vars.at(name, r.vars.now, st.floor)
}

// binary reads pipelines and lists. Both are chains that may be long, so they
// are not followed by recursion on the left side.
func (r *reader) binary(b *syntax.BinaryCmd, st state) outcome {
	if b.Op == syntax.Pipe || b.Op == syntax.PipeAll {
		return r.pipe(b, st)
	}
	chain := []*syntax.BinaryCmd{b}
	first := b.X
	for {
		x, ok := first.Cmd.(*syntax.BinaryCmd)
		if !ok || x.Op == syntax.Pipe || x.Op == syntax.PipeAll || first.Background || first.Negated || len(first.Redirs) > 0 {
			break
		}
		chain, first = append(chain, x), x.X
	}
	out := r.stmt(first, st)
	rest := st
	rest.maybe = true
	for i := len(chain) - 1; i >= 0; {
		// What follows on && has seen the success of what stands before it; the
		// whole run of them may not happen.
		way := r.vars.changes(func() {
			for and := true; and && i >= 0; i-- {
				and = chain[i].Op == syntax.AndStmt
				one := r.stmt(chain[i].Y, rest)
				out.add(one)
				out.known = out.known && one.known && and
				and = and && i > 0 && chain[i-1].Op == syntax.AndStmt
			}
		})
		r.vars.merge(way, nil)
	}
	return out
}

// add appends what another statement writes.
func (o *outcome) add(one outcome) {
	o.text += one.text
	o.feeds = append(o.feeds, one.feeds...)
	if one.how != "" {
		o.how = one.how
	}
}

func (r *reader) pipe(b *syntax.BinaryCmd, st state) outcome {
	var parts []*syntax.Stmt
	var flat func(s *syntax.Stmt)
	flat = func(s *syntax.Stmt) {
		for {
			x, ok := s.Cmd.(*syntax.BinaryCmd)
			if !ok || x.Op != syntax.Pipe && x.Op != syntax.PipeAll || len(s.Redirs) > 0 {
				parts = append(parts, s)
				return
			}
			if y, ok := x.X.Cmd.(*syntax.BinaryCmd); ok && (y.Op == syntax.Pipe || y.Op == syntax.PipeAll) {
				flat(x.X) // the parser nests on one side only
			} else {
				parts = append(parts, x.X)
			}
			s = x.Y
		}
	}
	flat(b.X)
	flat(b.Y)
	var out outcome
	for i, p := range parts {
		one := st
		if i > 0 {
			one.input, one.from = nil, out.feeds
			if out.known {
				text := out.text
				one.input, one.inputHow = &text, out.how
			}
		}
		one.subshell = true
		r.vars.changes(func() { out = r.stmt(p, one) })
	}
	return out
}

func (r *reader) compound(s *syntax.Stmt, st state) outcome {
	switch c := s.Cmd.(type) {
	case *syntax.BinaryCmd:
		return r.binary(c, st)
	case *syntax.Block:
		return r.stmts(c.Stmts, st)
	case *syntax.Subshell:
		st.subshell = true
		var out outcome
		r.vars.changes(func() { out = r.stmts(c.Stmts, st) })
		return out
	case *syntax.IfClause:
		return r.ifClause(c, st)
	case *syntax.WhileClause:
		return r.while(c, st)
	case *syntax.ForClause:
		return r.forClause(c, st)
	case *syntax.CaseClause:
		return r.caseClause(c, st)
	case *syntax.TimeClause:
		if c.Stmt == nil {
			return outcome{known: true}
		}
		return r.stmt(c.Stmt, st)
	case *syntax.CoprocClause:
		st.background, st.subshell = true, true
		st.input, st.from = nil, nil
		r.vars.changes(func() { r.stmt(c.Stmt, st) })
		return outcome{}
	case *syntax.TestClause, *syntax.ArithmCmd, *syntax.LetClause:
		r.test(s, st)
		return outcome{known: true}
	}
	r.problem(st.src.node(s), ProblemSyntax, say.Text("shell.this-kind-of-command-cannot"))
	return outcome{}
}

// test reads [[ … ]], (( … )) and let: they run nothing themselves, but the
// substitutions in them do.
func (r *reader) test(s *syntax.Stmt, st state) {
	r.inside(s.Cmd, st)
	r.evaluated(s.Cmd, st)
	if len(s.Redirs) == 0 {
		st.input, st.from = nil, nil
		r.emit(&Command{Span: st.src.node(s), Compound: compoundName(s.Cmd)}, st)
	}
	switch c := s.Cmd.(type) {
	case *syntax.ArithmCmd:
		r.arithmSets(c.X, st)
	case *syntax.LetClause:
		for _, x := range c.Exprs {
			r.arithmSets(x, st)
		}
	}
}

func (r *reader) ifClause(c *syntax.IfClause, st state) outcome {
	var ways []map[string]value
	feeds := outcome{}
	for n := 0; c != nil; n++ {
		cond := st
		cond.maybe = st.maybe || n > 0
		r.stmts(c.Cond, cond)
		body := st
		body.maybe = true
		var out outcome
		ways = append(ways, r.vars.changes(func() { out = r.stmts(c.Then, body) }))
		feeds.feeds = append(feeds.feeds, out.feeds...)
		if c.Else == nil && len(c.Cond) > 0 {
			ways = append(ways, nil)
		}
		c = c.Else
	}
	r.vars.merge(ways...)
	return feeds
}

func (r *reader) while(c *syntax.WhileClause, st state) outcome {
	r.loosen(c, st)
	st.loop = true
	r.stmts(c.Cond, st)
	st.maybe = true
	out := r.stmts(c.Do, st)
	r.loosen(c, st)
	out.known = false
	return out
}

func (r *reader) caseClause(c *syntax.CaseClause, st state) outcome {
	r.word(c.Word, st)
	var ways []map[string]value
	feeds := outcome{}
	for _, item := range c.Items {
		for _, p := range item.Patterns {
			r.inside(p, st)
		}
		body := st
		body.maybe = true
		var out outcome
		ways = append(ways, r.vars.changes(func() { out = r.stmts(item.Stmts, body) }))
		feeds.feeds = append(feeds.feeds, out.feeds...)
	}
	r.vars.merge(append(ways, nil)...)
	return feeds
}

// maxUnroll is how many rounds of loops, nested ones multiplied, are looked at
// one by one.
const maxUnroll = 16

func (r *reader) forClause(c *syntax.ForClause, st state) outcome {
	var name string
	var items []Word
	listed := false
	switch l := c.Loop.(type) {
	case *syntax.WordIter:
		name = l.Name.Value
		if l.InPos.IsValid() {
			items, listed = r.words(l.Items, st), true
		} else {
			items, listed = r.positional(st)
		}
	case *syntax.CStyleLoop:
		r.inside(l, st)
	}
	body := st
	rounds := len(items)
	if c.Select || !listed || rounds == 0 && name == "" || rounds > maxUnroll || rounds*st.unroll > maxUnroll || !listable(items) {
		return r.loop(c, name, items, body)
	}
	body.unroll = st.unroll * max(rounds, 1)
	out := outcome{known: true}
	leaves := jumps(c)
	body.maybe = st.maybe || leaves && rounds > 1
	for _, w := range items {
		var one outcome
		if w.Glob != nil {
			one = r.loop(c, name, []Word{w}, body)
		} else {
			r.vars.set(name, textValue(w.Value))
			one = r.stmts(c.Do, body)
		}
		out.add(one)
		out.known = out.known && one.known && !leaves && len(out.text) <= maxOutput
	}
	if leaves {
		r.loosen(c, st)
	}
	return out
}

// plain reports whether each of the words is known and is exactly one word.
func plain(words []Word) bool {
	for _, w := range words {
		if !w.Known || w.Multi || w.Glob != nil {
			return false
		}
	}
	return true
}

// listable reports that there are several words, each known or a pattern that
// names files, so that a loop is read once for each.
func listable(words []Word) bool {
	if len(words) < 2 {
		return plain(words)
	}
	for _, w := range words {
		if !w.Known || w.Multi && w.Glob == nil {
			return false
		}
	}
	return true
}

// loop reads the body of a loop once, for any number of rounds.
func (r *reader) loop(c *syntax.ForClause, name string, items []Word, st state) outcome {
	r.loosen(c, st)
	st.loop, st.maybe = true, true
	if l, ok := c.Loop.(*syntax.CStyleLoop); ok && l != nil {
		st.maybe = true
	} else {
		r.vars.set(name, oneOf(items))
	}
	out := r.stmts(c.Do, st)
	r.loosen(c, st)
	out.known = false
	return out
}

// oneOf is a value that is one of several words.
func oneOf(items []Word) value {
	if len(items) != 1 {
		v := unknownValue(say.Text("shell.it-is-one-of-several"))
		return v
	}
	w := items[0]
	v := value{str: w.Value, glob: w.Glob, home: w.Home, why: w.Why}
	if w.Glob != nil {
		v.str = globShape(w.Value)
		v.why = say.Text("shell.it-is-one-of-the", "pattern", w.Glob.Pattern)
	} else if w.Multi || !w.Known {
		v.why = say.Text("shell.it-is-one-of-several")
	}
	return v
}

// positional is the list "$@" as words.
func (r *reader) positional(st state) ([]Word, bool) {
	v := r.lookup("@", st)
	if v.str == Unknown || !v.array {
		return nil, false
	}
	words := make([]Word, len(v.list))
	for i, s := range v.list {
		words[i] = Word{Value: s, Known: true}
	}
	return words, true
}

// define notes a function.
func (r *reader) define(s *syntax.Stmt, c *syntax.FuncDecl, st state) {
	names := c.Names
	if c.Name != nil {
		names = append(names[:len(names):len(names)], c.Name)
	}
	if r.funcs == nil {
		r.funcs = make(map[string][]function)
	}
	for _, n := range names {
		f := function{body: c.Body, src: st.src, line: st.line}
		if st.maybe || st.loop || st.def != "" || st.background || st.subshell {
			r.funcs[n.Value] = append(r.funcs[n.Value], f)
		} else {
			r.funcs[n.Value] = []function{f}
		}
		r.prog.Defs = append(r.prog.Defs, Def{
			Kind: DefFunction, Name: n.Value, Span: st.src.node(s),
			Body: st.src.raw(c.Body.Pos().Offset(), c.Body.End().Offset()),
		})
	}
}
