package shell

import (
	"cmp"
	"strconv"
	"strings"

	"escort/explain/say"

	"mvdan.cc/sh/v3/syntax"
)

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
	if (a.Append || a.Value != nil && selfAppended(a)) && a.Index == nil {
		r.begin(one.Name, st)
	}
	one.Value = r.word(a.Value, st)
	if a.Index != nil {
		one.Array = true
		name := r.target(one.Name)
		key := r.key(name, a.Index, st)
		return one, r.element(name, key, value{str: one.Value.Value, home: one.Value.Home, how: one.Value.how}, a.Append, st)
	}
	v := value{str: one.Value.Value, home: one.Value.Home, why: one.Value.Why, how: one.Value.how, of: one.Value.source(), fresh: one.Value.fresh}
	if a.Append {
		old := r.lookup(one.Name, st)
		if old.array {
			return one, r.element(r.target(one.Name), "0", v, true, st)
		}
		var b strings.Builder
		put(&b, old.str)
		put(&b, v.str)
		v = value{str: b.String(), home: old.home, why: old.why + v.why, how: appended(old, v)}
		if b.Len() > maxValue || !r.compute(b.Len()) {
			v = unknownValue(say.Text("shell.it-becomes-too-long"))
		}
	}
	if v.how == "" && a.Value != nil && selfAppended(a) && !a.Append {
		v.how = r.grown(one.Name, v, st)
	}
	return one, v
}

// begin makes a variable empty that the text goes on without having set it. Where
// the host is not known that is how a text of its own begins; names in capitals
// may come from outside.
func (r *reader) begin(name string, st state) {
	if r.vars.has(name) || strings.ToLower(name) != name || name == "" || st.floor > 0 || len(r.vars.wiped) > 0 {
		return
	}
	if v := r.lookup(name, st); !known(v) && !v.array && !v.home {
		r.vars.set(name, value{})
	}
}

// selfAppended reports x="$x…" and x="…$x".
func selfAppended(a *syntax.Assign) bool {
	found := false
	for _, p := range a.Value.Parts {
		parts := []syntax.WordPart{p}
		if q, ok := p.(*syntax.DblQuoted); ok {
			parts = q.Parts
		}
		for _, p := range parts {
			e, ok := p.(*syntax.ParamExp)
			found = found || ok && plainParam(e) && e.Param != nil && a.Name != nil && e.Param.Value == a.Name.Value
		}
	}
	return found
}

// grown is the disguise of a value that is the old one of name with something
// before or behind it.
func (r *reader) grown(name string, v value, st state) string {
	old := r.lookup(name, st)
	if !known(old) || old.unset || !known(v) {
		return ""
	}
	if rest, ok := strings.CutPrefix(v.str, old.str); ok {
		return seamed(old.str, rest)
	}
	if rest, ok := strings.CutSuffix(v.str, old.str); ok {
		return seamed(rest, old.str)
	}
	return ""
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
	name := r.target(one.Name)
	for _, e := range a.Array.Elems {
		key := ""
		if e.Index != nil {
			r.inside(e.Index, st)
			key = r.key(name, e.Index, st)
			whole = whole && key != Unknown && e.Value != nil
		}
		if e.Value == nil {
			continue
		}
		for _, w := range r.words([]*syntax.Word{e.Value}, st) {
			whole = whole && !w.Multi && w.Glob == nil && !w.Home
			v.how = cmp.Or(v.how, w.how)
			if key == "" {
				v.list = append(v.list, w.Value)
			} else {
				whole = whole && v.place(key, w.Value, r.attrs[name].table)
			}
		}
	}
	if !whole || len(v.list) > maxFields {
		v = value{array: true, str: Unknown, why: say.Text("shell.the-elements-of-the-array")}
	}
	return one, v
}

// place puts an element where a list says that it stands.
func (v *value) place(key, text string, table bool) bool {
	if table {
		v.keys, v.list = append(v.keys, key), append(v.list, text)
		return true
	}
	n, err := strconv.Atoi(key)
	if err != nil || n < 0 || n > maxFields {
		return false
	}
	for len(v.list) <= n {
		v.list = append(v.list, hole)
	}
	v.list[n] = text
	return true
}

// store sets a variable, and follows the ones whose value the shell runs.
func (r *reader) store(a Assign, v value, st state) {
	r.assignValue(a.Name, v, st)
	if text := v.scalar(); strings.Contains(text, "[") {
		// Where the name was declared a number, its value is evaluated.
		maybe := st
		maybe.maybe = true
		r.insideText(text, maybe)
	}
	switch a.Name {
	case "BASH_ENV", "ENV":
		if a.Value.Feed != nil {
			r.disguiseFed(a.Value)
			r.later(*a.Value.Feed, a.Name, a.Span, st)
		}
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
