package shell

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"escort/explain/say"
	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// variable is the value of a variable or positional parameter.
func (r *reader) variable(name string, st state) value {
	args := r.lookup("@", st)
	unknownArgs := args.str == Unknown
	name = r.target(name)
	switch {
	case name == "*":
		return args
	case name == "#" && unknownArgs, name == "#" && !args.array:
		return unknownValue(say.Text("shell.the-number-of-arguments-is"))
	case name == "#":
		return textValue(strconv.Itoa(len(args.list)))
	}
	if n, err := strconv.Atoi(name); err == nil && n > 0 {
		switch {
		case unknownArgs && args.prompt && r.frame == nil:
			return value{unset: true}
		case unknownArgs:
			return unknownValue(say.Text("shell.the-arguments-are-not-known"))
		case n > len(args.list):
			return value{unset: true}
		}
		return value{str: args.list[n-1], how: args.how, why: say.Text("shell.it-is-an-argument-that")}
	}
	return r.lookup(name, st)
}

// param adds $x or ${x…}.
func (f *fields) param(p *syntax.ParamExp, quoted bool) {
	r, st := f.r, f.st
	f.facts.params++
	if p.Param == nil {
		r.inside(p, st)
		f.expanded(unknownValue(say.Text("shell.this-kind-of-text-is")), quoted)
		return
	}
	name := p.Param.Value
	all := name == "@" || name == "*"
	if !all && p.Index != nil {
		if w, ok := p.Index.(*syntax.Word); ok {
			all = w.Lit() == "@" || w.Lit() == "*"
		}
	}
	if plainParam(p) && (p.Index == nil || all) {
		v := r.variable(name, st)
		switch {
		case p.Index == nil && all && v.prompt && f.glued:
			f.facts.how = HowPieces
			f.expanded(value{how: HowPieces}, quoted)
		case all && v.array && !(quoted && (name == "*" || starIndex(p))):
			f.list(v, quoted)
		case all && v.array:
			f.expanded(r.joined(v, st), quoted)
		case v.array:
			f.kept(value{str: v.scalar(), how: v.how, why: v.why}, quoted)
		default:
			f.facts.variable(name, v)
			f.kept(v, quoted)
		}
		return
	}
	f.facts.operate(p)
	f.kept(r.operated(p, st), quoted)
}

func starIndex(p *syntax.ParamExp) bool {
	w, ok := p.Index.(*syntax.Word)
	return ok && w.Lit() == "*"
}

// plainParam reports whether p is $x without anything done to it.
func plainParam(p *syntax.ParamExp) bool {
	return p.Flags == nil && !p.Excl && !p.Length && !p.Width && !p.IsSet && p.Split == syntax.OptUnset &&
		p.GlobSubst == syntax.OptUnset && p.RcExpand == syntax.OptUnset && p.NestedParam == nil &&
		len(p.Modifiers) == 0 && p.Slice == nil && p.Repl == nil && p.Names == 0 && p.Exp == nil
}

// operated is the value of ${x…} with something done to x.
func (r *reader) operated(p *syntax.ParamExp, st state) value {
	inner := r.inside(p, st)
	r.feeding = append(r.feeding, inner...)
	if rooted(p) {
		return textValue("/")
	}
	if r.costly(p) || !r.compute(r.sizeOf(p)) {
		return unknownValue(say.Text("shell.it-takes-too-long-to"))
	}
	if v, ok := r.fileName(p, st); ok {
		return v
	}
	if v, ok := r.special(p, st); ok {
		return v
	}
	word := &syntax.Word{Parts: []syntax.WordPart{p}}
	v := r.evaluate(st, func(cfg *expand.Config) (string, error) { return expand.Literal(cfg, word) })
	if p.Param != nil {
		v.how = r.variable(p.Param.Value, st).how
	}
	if v.how == "" && p.Exp != nil && spelledDefault(p.Exp.Word) {
		v.how = HowEscapes
	}
	if v.how == "" && p.Exp != nil && trims[p.Exp.Op] {
		v.how = howTrimmed
	}
	if v.str == Unknown && p.Exp != nil && (p.Exp.Op == syntax.AssignUnset || p.Exp.Op == syntax.AssignUnsetOrNull) {
		r.vars.set(p.Param.Value, v)
	}
	return v
}

// spelledDefault reports a default that spells letters by their numbers.
func spelledDefault(w *syntax.Word) bool {
	found := false
	if w != nil {
		syntax.Walk(w, func(n syntax.Node) bool {
			q, ok := n.(*syntax.SglQuoted)
			found = found || ok && q.Dollar && spelled(q.Value) > 0
			return true
		})
	}
	return found
}

// maxMatching is up to which number of bytes of a value, times those of the
// pattern that is applied to it, a match is worked out.
const maxMatching = 1 << 20

// sizeOf is what working p out costs, in bytes that are gone through.
func (r *reader) sizeOf(p *syntax.ParamExp) int {
	if p.Param == nil {
		return 0
	}
	v := r.vars.get(r.target(p.Param.Value))
	size := len(v.str)
	for _, s := range v.list {
		size += len(s)
	}
	if p.Repl != nil || p.Exp != nil {
		size *= 32
	}
	return size
}

// costly reports a pattern and a value that are too long for each other.
func (r *reader) costly(p *syntax.ParamExp) bool {
	if p.Exp == nil && p.Repl == nil {
		return false
	}
	size, pattern := 0, int(p.End().Offset())-int(p.Pos().Offset())
	syntax.Walk(p, func(n syntax.Node) bool {
		if q, ok := n.(*syntax.ParamExp); ok && q.Param != nil {
			v := r.vars.get(q.Param.Value)
			n := len(v.str)
			for _, s := range v.list {
				n += len(s)
			}
			if q == p {
				size = n
			} else {
				pattern += n
			}
		}
		return true
	})
	return size > 0 && pattern > maxMatching/size
}

// rooted recognises ${HOME:0:1} and its like, which is a slash wherever it
// runs.
func rooted(p *syntax.ParamExp) bool {
	switch p.Param.Value {
	case "HOME", "PWD", "PATH", "SHELL":
	default:
		return false
	}
	return p.Slice != nil && arithLit(p.Slice.Offset) == "0" && arithLit(p.Slice.Length) == "1"
}

func arithLit(x syntax.ArithmExpr) string {
	if w, ok := x.(*syntax.Word); ok && w != nil {
		return w.Lit()
	}
	return ""
}

// arithm is the value of $((…)).
func (r *reader) arithm(p *syntax.ArithmExp, st state) value {
	inner := r.inside(p.X, st)
	r.feeding = append(r.feeding, inner...)
	return r.arithmSets(p.X, st)
}

// arithmSets evaluates x with its assignments.
func (r *reader) arithmSets(x syntax.ArithmExpr, st state) value {
	if x == nil {
		return value{}
	}
	if x.End().Offset()-x.Pos().Offset() > maxValue {
		return unknownValue(say.Text("shell.it-takes-too-long-to"))
	}
	if b, ok := x.(*syntax.BinaryArithm); ok && b.Op == syntax.Assgn && syntax.ValidName(arithLit(b.X)) {
		v := r.arithmSets(b.Y, st) // what it held before does not matter
		r.assignValue(arithLit(b.X), v, st)
		return v
	}
	again := r.arithmNames(x, st)
	v := r.evaluate(st, func(cfg *expand.Config) (string, error) {
		n, err := expand.Arithm(cfg, x)
		return strconv.Itoa(n), err
	})
	if v.str == Unknown || again {
		v.str = Unknown
		v.why = say.Text("shell.it-is-computed-from-what")
		for name := range setIn(x, nil).names {
			r.vars.set(name, v)
		}
	}
	return v
}

// arithmNames reads the substitutions in the values of the variables that x
// names: arithmetic evaluates a value such as a[$(cmd)] once more. It reports
// whether there is a value that is evaluated so, rather than a number.
func (r *reader) arithmNames(x syntax.Node, st state) (again bool) {
	syntax.Walk(x, func(n syntax.Node) bool {
		name := ""
		switch n := n.(type) {
		case *syntax.Lit:
			name = n.Value
		case *syntax.ParamExp:
			if n.Param != nil && !n.Length && n.Slice == nil {
				name = n.Param.Value
			}
			if n.Length {
				return false
			}
		case *syntax.BinaryArithm:
			if n.Op == syntax.Assgn { // what it held before is not read
				again = r.arithmNames(n.Y, st) || again
				return false
			}
		case *syntax.CmdSubst, *syntax.ProcSubst:
			return false
		}
		if name != "" && syntax.ValidName(name) {
			text := r.variable(name, st).scalar()
			again = again || strings.Trim(strings.TrimPrefix(text, "-"), "0123456789") != ""
			r.insideText(text, st)
		}
		return true
	})
	return again
}

// promptText reads what ${x@P} would run in the value of x.
func (r *reader) promptText(p *syntax.ParamExp, st state) {
	if p.Param == nil || p.Exp == nil || p.Exp.Op != syntax.OtherParamOps || p.Exp.Word == nil || p.Exp.Word.Lit() != "P" {
		return
	}
	v := r.variable(p.Param.Value, st)
	if !known(v) {
		r.problem(st.src.node(p), ProblemUnpredictable, say.Text("shell.text-that-is-not-known-is"))
		return
	}
	if v.how != "" && strings.ContainsAny(v.str, "$`") {
		r.disguise(Disguise{Span: st.src.node(p), How: v.how, Real: v.str})
	}
	r.insideText(v.str, st)
}

// evaluate runs one of the expander's own operations on known values; the
// answer is unknown if it asked for anything that is not known.
func (r *reader) evaluate(st state, op func(*expand.Config) (string, error)) (v value) {
	env := &environ{r: r, st: st}
	cfg := &expand.Config{Env: env, CmdSubst: env.subst, ProcSubst: env.proc}
	defer func() {
		// The expander panics on operators that it does not know.
		if p := recover(); p != nil {
			v = unknownValue(say.Text("shell.this-expansion-is-not-understood"))
		}
	}()
	s, err := op(cfg)
	switch {
	case env.why != "":
		return unknownValue(env.why)
	case err != nil || len(s) > maxValue:
		return unknownValue(say.Text("shell.this-expansion-cannot-be-told"))
	}
	return textValue(clean(s))
}

// environ shows the variables of a state to the expander, and notes when it
// asks for one that is not known.
type environ struct {
	r   *reader
	st  state
	why string
}

// Get implements [expand.Environ].
func (e *environ) Get(name string) expand.Variable {
	if strings.HasPrefix(name, "HOME ") { // another account's home folder
		e.doubt(say.Text("shell.the-home-folder-of-another"))
		return expand.Variable{Set: true, Kind: expand.String}
	}
	v := e.r.variable(name, e.st)
	if v.array && v.str != Unknown {
		for _, s := range v.list {
			if strings.Contains(s, Unknown) || s == hole {
				e.doubt(say.Text("shell.an-element-of-it-is"))
			}
		}
		if v.keys != nil || e.r.attrs[e.r.target(name)].table {
			table := make(map[string]string, len(v.list))
			for i, k := range v.keys {
				table[k] = v.list[i]
			}
			return expand.Variable{Set: true, Kind: expand.Associative, Map: table}
		}
		return expand.Variable{Set: true, Kind: expand.Indexed, List: v.list}
	}
	if !known(v) {
		e.doubt(v.why)
		return expand.Variable{Set: true, Kind: expand.String}
	}
	return expand.Variable{Set: !v.unset, Kind: expand.String, Str: v.str}
}

// Each implements [expand.Environ]. Which variables there are is not known.
func (e *environ) Each(func(string, expand.Variable) bool) {
	e.doubt(say.Text("shell.it-depends-on-which-variables"))
}

// Set implements [expand.WriteEnviron].
func (e *environ) Set(name string, vr expand.Variable) error {
	switch {
	case e.why != "":
		e.r.vars.set(name, unknownValue(e.why))
	case vr.Kind == expand.String:
		e.r.vars.set(name, textValue(clean(vr.Str)))
	default:
		e.r.vars.set(name, value{array: true, str: Unknown, why: say.Text("shell.it-is-an-array-that")})
	}
	return nil
}

func (e *environ) doubt(why string) {
	if e.why == "" {
		e.why = why
	}
	if e.why == "" {
		e.why = say.Text("shell.it-is-not-known")
	}
}

func (e *environ) subst(w io.Writer, p *syntax.CmdSubst) error {
	out, ok := e.r.outputs[p]
	if !ok || !out.known {
		e.doubt(say.Text("shell.it-is-what-another-command"))
		return nil
	}
	_, err := io.WriteString(w, strings.TrimRight(out.text, "\n"))
	return err
}

func (e *environ) proc(*syntax.ProcSubst) (string, error) {
	e.doubt(say.Text("shell.it-is-a-pipe-to"))
	return "", fmt.Errorf("a pipe to another command")
}
