package shell

import (
	"strings"
	"unicode/utf8"

	"mvdan.cc/sh/v3/syntax"
)

// Bounds for loops that are worked out round by round: how many statements and
// bytes of values all such loops of one text may take, and how many rounds of
// one that does more than compute are shown.
const (
	maxRoundNodes = 12_000
	maxRoundBytes = 4 << 20
	maxRounds     = 2_000
)

// computing are commands that only change variables or print.
var computing = map[string]bool{
	"": true, "echo": true, "printf": true, ":": true, "true": true, "false": true, "test": true, "[": true, "let": true, "read": true,
}

// computes reports that a loop does nothing but change variables and print.
func computes(n syntax.Node) bool {
	only := true
	syntax.Walk(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CallExpr:
			only = only && (len(n.Args) == 0 || computing[n.Args[0].Lit()] && n.Args[0].Lit() != "")
		case *syntax.Redirect:
			only = only && (n.Op == syntax.WordHdoc || n.Op == syntax.RdrIn)
		case *syntax.FuncDecl, *syntax.ProcSubst, *syntax.CoprocClause:
			only = false
		case *syntax.CmdSubst:
			only = only && prints(n)
			return false
		case *syntax.Stmt:
			only = only && !n.Background
		}
		return only
	})
	return only
}

// prints reports a substitution of commands whose output follows from what
// they are given.
func prints(p *syntax.CmdSubst) bool {
	only := true
	syntax.Walk(p, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CallExpr:
			name := ""
			if len(n.Args) > 0 {
				name = n.Args[0].Lit()
			}
			only = only && (printers[name] != nil || computing[name])
		case *syntax.FuncDecl, *syntax.ProcSubst:
			only = false
		case *syntax.Redirect:
			only = only && n.Op == syntax.WordHdoc
		}
		return only
	})
	return only
}

// feed is an input that several reads take from, one after another.
type feed struct{ rest string }

// line takes a line, or n characters; false: it ends before.
func (f *feed) line(end string, n int) (string, bool) {
	if n > 0 {
		var b strings.Builder
		for ; n > 0 && f.rest != ""; n-- {
			_, size := utf8.DecodeRuneInString(f.rest)
			c := f.rest[:size]
			f.rest = f.rest[size:]
			if c == "\n" {
				return b.String(), true
			}
			b.WriteString(c)
		}
		return b.String(), n == 0
	}
	if end == "" {
		all := f.rest
		f.rest = ""
		return all, false
	}
	line, rest, found := strings.Cut(f.rest, end)
	f.rest = rest
	return line, found
}

// rounds works a loop out: next begins a round and says whether there is one,
// maybeSo where that is not known. It reports whether it came to the end;
// otherwise all is as it was, but for the variables.
func (r *reader) rounds(whole syntax.Node, body []*syntax.Stmt, st state, next func(st state) status) (outcome, bool) {
	quiet := computes(whole)
	if jumps(whole) || r.inRounds && !quiet {
		return outcome{}, false
	}
	first, wiped := len(r.prog.Commands), len(r.vars.wiped)
	if st.input != nil {
		st.feed = &feed{rest: *st.input}
	}
	outer := r.inRounds
	r.inRounds = outer || quiet
	defer func() { r.inRounds = outer }()
	out := outcome{known: true}
	kept := first
	for n := 0; ; n++ {
		again := next(st)
		if again == fails {
			return out, true
		}
		if again == maybeSo || n >= maxRounds || !quiet && n >= maxUnroll || !r.afford(len(out.text)/8) {
			break
		}
		one := r.stmts(body, st)
		if len(r.vars.wiped) > wiped || r.stopped {
			break
		}
		if quiet && n > 0 {
			r.prog.Commands = r.prog.Commands[:kept]
			one.feeds = nil
		}
		kept = len(r.prog.Commands)
		out.add(one)
		out.known = out.known && one.known && len(out.text) <= maxOutput
		out.status = one.status
	}
	r.prog.Commands = r.prog.Commands[:first]
	return outcome{}, false
}

// afford takes what a statement of a loop costs from what such loops may take.
func (r *reader) afford(bytes int) bool {
	r.roundNodes++
	r.roundBytes += bytes
	return r.roundNodes <= maxRoundNodes && r.roundBytes <= maxRoundBytes
}

// computedWhile works out while and until.
func (r *reader) computedWhile(c *syntax.WhileClause, st state) (outcome, bool) {
	return r.rounds(c, c.Do, st, func(st state) status {
		s := r.stmts(c.Cond, st).status
		if c.Until {
			return s.not()
		}
		return s
	})
}

// computedFor works out for over words.
func (r *reader) computedFor(c *syntax.ForClause, name string, items []Word, st state) (outcome, bool) {
	if !computes(c) {
		return outcome{}, false
	}
	at := 0
	return r.rounds(c, c.Do, st, func(state) status {
		if at >= len(items) {
			return fails
		}
		r.vars.set(name, value{str: items[at].Value, how: items[at].how})
		at++
		return succeeds
	})
}

// computedCounting works out for ((…)).
func (r *reader) computedCounting(c *syntax.ForClause, l *syntax.CStyleLoop, st state) (outcome, bool) {
	begun := false
	return r.rounds(c, c.Do, st, func(st state) status {
		switch {
		case !begun && l.Init != nil:
			r.arithmSets(l.Init, st)
		case begun && l.Post != nil:
			r.arithmSets(l.Post, st)
		}
		begun = true
		if l.Cond == nil {
			return succeeds
		}
		return r.answered(nil, st, r.arithmSets(l.Cond, st))
	})
}
