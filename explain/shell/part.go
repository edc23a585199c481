package shell

import (
	"strings"

	"escort/explain/say"
	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// part adds one part of a word.
func (f *fields) part(p syntax.WordPart, first, last bool) {
	switch p := p.(type) {
	case *syntax.Lit:
		f.bare(p.Value, first, last)
	case *syntax.SglQuoted:
		f.single(p)
	case *syntax.DblQuoted:
		f.facts.quotedPart(p.Parts)
		f.field().some, f.field().quoted = true, true
		for _, q := range p.Parts {
			if lit, ok := q.(*syntax.Lit); ok {
				f.literal(unescapeIn(lit.Value, "$`\\\"\n"), true)
				continue
			}
			f.quotedPart(q)
		}
	case *syntax.ExtGlob:
		f.literal(p.Op.String()+p.Pattern.Value+")", false)
		f.field().wild = true
		f.r.insideText(p.Pattern.Value, f.st)
	case *syntax.BraceExp:
		f.r.inside(p, f.st)
		f.expanded(unknownValue(say.Text("shell.it-has-braces-in-an")), false)
	default:
		f.expansion(p, false)
	}
}

// quotedPart adds an expansion inside double quotes or a here-document.
func (f *fields) quotedPart(p syntax.WordPart) { f.expansion(p, true) }

func (f *fields) single(p *syntax.SglQuoted) {
	s := p.Value
	c := f.field()
	c.some = true
	if p.Dollar {
		s = dollarQuoted(p.Value)
		f.facts.spelled += spelled(p.Value)
		c.made = true
	} else {
		f.facts.quoted(s)
	}
	f.literal(clean(s), true)
}

// dollarQuoted decodes $'…'.
func dollarQuoted(s string) string {
	out, err := expand.Literal(&expand.Config{}, &syntax.Word{Parts: []syntax.WordPart{&syntax.SglQuoted{Dollar: true, Value: s}}})
	if err != nil {
		return Unknown
	}
	return out
}

// bare adds unquoted literal text: backslashes are taken off, a leading tilde
// stands for a home folder.
func (f *fields) bare(s string, first, last bool) {
	f.facts.bare(s)
	if first && strings.HasPrefix(s, "~") {
		s = f.tilde(s, last)
	}
	if f.one && strings.Contains(s, ":~") {
		s = strings.ReplaceAll(s, ":~/", ":"+f.home().str+"/")
	}
	if strings.Contains(s, Unknown) {
		f.field().multi = f.field().multi || !f.one
	}
	for s != "" {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			f.literal(s, false)
			return
		}
		if i > 0 {
			f.literal(s[:i], false)
		}
		s = s[i+1:]
		if s == "" {
			f.literal(`\`, true)
			return
		}
		if s[0] == '\n' {
			s = s[1:]
			continue
		}
		n := 1
		for n < len(s) && s[n]&0xc0 == 0x80 {
			n++
		}
		f.literal(s[:n], true)
		s = s[n:]
	}
}

func (f *fields) home() value {
	v := f.r.lookup("HOME", f.st)
	if !known(v) || v.unset {
		return value{str: "~", home: true, why: say.Text("shell.the-home-folder-is-not")}
	}
	return v
}

// tilde replaces a tilde prefix and returns what is left of s.
func (f *fields) tilde(s string, last bool) string {
	name, rest := s[1:], ""
	if i := strings.IndexByte(name, '/'); i >= 0 {
		name, rest = name[:i], name[i:]
	} else if !last || strings.Contains(name, `\`) {
		return s
	}
	c := f.field()
	switch name {
	case "":
		v := f.home()
		f.expanded(value{str: v.str, home: v.home, why: v.why}, true)
	case "+":
		f.expanded(f.r.lookup("PWD", f.st), true)
	case "-":
		f.expanded(f.r.lookup("OLDPWD", f.st), true)
	default:
		if strings.ContainsAny(name, `\*?[`) {
			return s
		}
		f.expanded(value{str: "~" + name, home: true, why: say.Text("shell.the-home-folder-of-is", "name", name)}, true)
	}
	c.quoted = false
	return rest
}

// unescapeIn takes off the backslash before any of the characters.
func unescapeIn(s, special string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && (strings.IndexByte(special, s[i+1]) >= 0 || s[i+1] == '\n') {
			i++
			if s[i] == '\n' {
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// expansion adds $x, $(…), $((…)), <(…) and their like.
func (f *fields) expansion(p syntax.WordPart, quoted bool) {
	switch p := p.(type) {
	case *syntax.ParamExp:
		f.param(p, quoted)
	case *syntax.CmdSubst:
		out := f.r.subst(p, f.st)
		f.fresh = out.fresh != "" && !f.glued
		f.facts.subst(out)
		f.expanded(out.value(), quoted)
	case *syntax.ArithmExp:
		f.expanded(f.r.arithm(p, f.st), quoted)
	case *syntax.ProcSubst:
		f.proc(p)
	default:
		f.r.inside(p, f.st)
		f.expanded(unknownValue(say.Text("shell.this-kind-of-text-is")), quoted)
	}
}

func (o outcome) value() value {
	if o.known {
		return value{str: clean(strings.TrimRight(o.text, "\n")), how: o.how}
	}
	return value{str: o.fresh + Unknown, fresh: o.fresh != "", how: o.how, why: say.Text("shell.it-is-what-another-command")}
}

// subst reads the commands in a command substitution.
func (r *reader) subst(p *syntax.CmdSubst, st state) outcome {
	st.subst++
	st.subshell = true
	st.background, st.negated, st.program = false, false, false
	if st.subst > maxSubst {
		r.stop(st.src.node(p), ProblemDepth, say.Text("shell.it-is-nested-too-deeply"))
		return outcome{}
	}
	feeding := r.feeding
	r.feeding = nil
	drains := r.drains
	r.drains = nil
	var out outcome
	r.vars.changes(func() { out = r.stmts(p.Stmts, st) })
	r.drains = drains
	r.feeding = append(feeding, out.feeds...)
	if r.outputs == nil {
		r.outputs = make(map[*syntax.CmdSubst]outcome)
	}
	r.outputs[p] = out
	return out
}

// proc reads a process substitution.
func (f *fields) proc(p *syntax.ProcSubst) {
	r, st := f.r, f.st
	st.subst++
	st.subshell, st.background, st.program = true, true, false
	feeding := r.feeding
	r.feeding = nil
	first := len(r.prog.Commands)
	if p.Op == syntax.CmdOut {
		st.input, st.from = nil, nil
	}
	var out outcome
	if st.subst <= maxSubst {
		r.vars.changes(func() { out = r.stmts(p.Stmts, st) })
	} else {
		r.stop(st.src.node(p), ProblemDepth, say.Text("shell.it-is-nested-too-deeply"))
	}
	r.feeding = feeding
	f.pipe = p.Op.String()
	if p.Op == syntax.CmdIn {
		f.facts.how = out.how
		if out.known {
			f.feed = &out.text
		}
	}
	if p.Op == syntax.CmdOut {
		for i := first; i < len(r.prog.Commands); i++ {
			r.drains = append(r.drains, i)
		}
	} else {
		r.feeding = append(r.feeding, out.feeds...)
	}
	f.expanded(unknownValue(say.Text("shell.it-is-a-pipe-to")), true)
}

// inside reads the substitutions anywhere in n and returns the commands that
// their output comes from.
func (r *reader) inside(n syntax.Node, st state) []int {
	feeding := r.feeding
	r.feeding = nil
	syntax.Walk(n, func(n syntax.Node) bool {
		switch p := n.(type) {
		case *syntax.CmdSubst:
			r.subst(p, st)
			return false
		case *syntax.ProcSubst:
			f := &fields{r: r, st: st, one: true}
			f.proc(p)
			return false
		case *syntax.ParamExp:
			r.promptText(p, st)
		case *syntax.ExtGlob:
			r.insideText(p.Pattern.Value, st)
		}
		return true
	})
	inner := r.feeding
	r.feeding = feeding
	return inner
}

// insideText reads the substitutions in text that the shell will expand once
// more.
func (r *reader) insideText(text string, st state) {
	if !strings.Contains(text, "$(") && !strings.Contains(text, "`") && !strings.Contains(text, "${") {
		return
	}
	p := syntax.NewParser(syntax.Variant(syntax.LangBash))
	w, err := p.Document(&feeder{text: text})
	if err != nil || w == nil {
		return
	}
	st.src = &source{text: text, fixed: st.src.span(0, uint(len(st.src.text)))}
	st.subst++
	if st.subst > maxSubst {
		return
	}
	r.inside(w, st)
}
