package shell

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"escort/explain/regex"

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
		out.status = one.status
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
	out := r.command(s, st)
	if s.Negated {
		out.status = out.status.not()
	}
	return out
}

func (r *reader) command(s *syntax.Stmt, st state) outcome {
	switch c := s.Cmd.(type) {
	case *syntax.CallExpr:
		return r.call(s, c, st)
	case *syntax.DeclClause:
		return r.decl(s, c, st)
	case *syntax.FuncDecl:
		r.define(s, c, st)
		return outcome{known: true, status: succeeds}
	case nil:
		redirs := r.redirs(s.Redirs, &st)
		r.emit(&Command{Span: st.src.node(s), Redirs: redirs}, st)
		if len(redirs) == 1 && redirs[0].Op == "<" {
			if v, ok := r.content(redirs[0].Target); ok { // $(<file)
				return outcome{text: v.str, known: true, how: v.how}
			}
		}
		return outcome{}
	}
	st, around := r.around(s, st)
	out := r.compound(s, st)
	if around != nil && writesOut(around.Redirs) {
		r.keep(around, out)
		out = outcome{status: out.status}
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
func (r *reader) around(s *syntax.Stmt, st state) (state, *Command) {
	if len(s.Redirs) == 0 {
		return st, nil
	}
	cmd := &Command{Span: st.src.node(s), Compound: compoundName(s.Cmd)}
	cmd.Redirs = r.redirs(s.Redirs, &st)
	i := r.emit(cmd, st)
	st.lines = nil
	if slices.ContainsFunc(cmd.Redirs, func(rd Redir) bool { return rd.FD == 0 && rd.Op == "<" }) {
		st.lines = []int{i}
	}
	return st, cmd
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
	cmd.inputHow, cmd.begin = st.inputHow, st.begin
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
	v := r.vars.at(name, r.vars.now, st.floor)
	if st.floor > 0 && v.str == Unknown && r.settled(name) {
		return r.vars.at(name, r.vars.now, 0)
	}
	return v
}

// settled reports a variable that the whole text sets once, to the name of a file
// made for it, so that a step for later finds it there.
func (r *reader) settled(name string) bool {
	list := r.vars.log[name]
	return len(list) == 1 && list[0].value.fresh && len(r.vars.wiped) == 0 &&
		strings.Count(r.prog.Text, name+"=") == 1 && !setsOtherwise.MatchString(r.prog.Text)
}

// setsOtherwise finds ways of setting a variable without naming it before an equals sign.
var setsOtherwise = regex.New(`\b(read|eval|source|mapfile|readarray|getopts|for|select|let|declare|printf\s+-v)\b|(^|[;&|\s])\.\s`)

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
	last := len(chain) - 1
	for ; last >= 0 && out.status != maybeSo; last-- {
		if (out.status == succeeds) != (chain[last].Op == syntax.AndStmt) {
			r.untaken([]*syntax.Stmt{chain[last].Y}, st)
			continue
		}
		one := r.stmt(chain[last].Y, st)
		out.add(one)
		out.known, out.status = out.known && one.known, one.status
	}
	rest := st
	rest.maybe = true
	for i := last; i >= 0; {
		// What follows on && has seen the success of what stands before it; the
		// whole run of them may not happen.
		way := r.vars.changes(func() {
			for and := true; and && i >= 0; i-- {
				and = chain[i].Op == syntax.AndStmt
				one := r.stmt(chain[i].Y, rest)
				out.add(one)
				out.known, out.status = out.known && one.known && and, maybeSo
				and = and && i > 0 && chain[i-1].Op == syntax.AndStmt
			}
		})
		r.vars.merge(way, nil)
	}
	return out
}

// add appends what another statement writes.
func (o *outcome) add(one outcome) {
	joins := ""
	if o.text == "" && len(o.feeds) == 0 {
		o.fresh = one.fresh
	} else if len(one.feeds) > 0 || one.text != "" {
		o.fresh = ""
	}
	if o.how == "" && one.how == "" {
		joins = seamed(o.text, one.text)
	}
	o.text += one.text
	o.feeds = append(o.feeds, one.feeds...)
	if one.how != "" {
		o.how = one.how
	}
	if joins != "" {
		o.how = joins
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
			one.inputHow, one.begin, one.feed = out.how, out.begin, nil
			if out.known {
				text := out.text
				one.input = &text
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
		return outcome{known: true, status: r.test(s, st)}
	}
	r.problem(st.src.node(s), ProblemSyntax, say.Text("shell.this-kind-of-command-cannot"))
	return outcome{}
}

// test reads [[ … ]], (( … )) and let: they run nothing themselves, but the
// substitutions in them do.
func (r *reader) test(s *syntax.Stmt, st state) status {
	r.inside(s.Cmd, st)
	r.evaluated(s.Cmd, st)
	if len(s.Redirs) == 0 {
		st.input, st.from = nil, nil
		r.emit(&Command{Span: st.src.node(s), Compound: compoundName(s.Cmd)}, st)
	}
	var last value
	switch c := s.Cmd.(type) {
	case *syntax.ArithmCmd:
		last = r.arithmSets(c.X, st)
	case *syntax.LetClause:
		for _, x := range c.Exprs {
			last = r.arithmSets(x, st)
		}
	}
	return r.answered(s.Cmd, st, last)
}

// untaken reads commands that do not run as far as can be told. They are shown
// all the same.
func (r *reader) untaken(list []*syntax.Stmt, st state) {
	if r.inRounds || len(list) == 0 {
		return
	}
	st.maybe = true
	r.vars.changes(func() { r.stmts(list, st) })
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
