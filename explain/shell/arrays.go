package shell

import (
	"slices"
	"strconv"
	"strings"

	"escort/explain/say"

	"mvdan.cc/sh/v3/syntax"
)

// hole stands in a list for an element that is not set.
const hole = "\x00"

// attributes are what a declaration says of a variable.
type attributes struct {
	lower, upper bool
	table        bool   // -A
	target       string // -n: the variable that it stands for
}

// declare notes the attributes of name.
func (r *reader) declare(name, flags string, v value) {
	if !strings.ContainsAny(flags, "luAn") {
		return
	}
	if r.attrs == nil {
		r.attrs = make(map[string]attributes)
	}
	a := r.attrs[name]
	a.lower = a.lower || strings.Contains(flags, "l")
	a.upper = a.upper || strings.Contains(flags, "u")
	a.table = a.table || strings.Contains(flags, "A")
	if strings.Contains(flags, "n") && known(v) && syntax.ValidName(v.str) && v.str != name {
		a.target = v.str
	}
	r.attrs[name] = a
}

// target is the variable that name stands for.
func (r *reader) target(name string) string {
	for n := 0; n < MaxDepth && r.attrs[name].target != ""; n++ {
		name = r.attrs[name].target
	}
	return name
}

// assignValue sets a variable as its attributes say.
func (r *reader) assignValue(name string, v value, _ state) {
	name = r.target(name)
	if a := r.attrs[name]; known(v) && (a.lower || a.upper) {
		if a.lower {
			v.str = strings.ToLower(v.str)
		} else {
			v.str = strings.ToUpper(v.str)
		}
		v.how = HowPieces
	}
	r.vars.set(name, v)
}

// element is v with one element set, or appended to.
func (r *reader) element(name, key string, v value, more bool, st state) value {
	changed := value{array: true, str: Unknown, why: say.Text("shell.it-is-an-array-that")}
	old := r.lookup(name, st)
	table := r.attrs[name].table
	switch {
	case !known(v) || key == Unknown || len(old.list) >= maxFields:
		return changed
	case !old.array && !old.unset && r.vars.has(name):
		old = value{array: true, list: []string{old.str}, how: old.how}
	case old.array && old.str == Unknown:
		return changed
	case !old.array:
		old = value{array: true}
	}
	next := value{array: true, list: slices.Clone(old.list), keys: slices.Clone(old.keys), how: appended(old, v)}
	at := slices.Index(next.keys, key)
	if !table {
		n, err := strconv.Atoi(key)
		if err != nil || n < 0 || n > maxFields {
			return changed
		}
		for len(next.list) <= n {
			next.list = append(next.list, hole)
		}
		at = n
	} else if at < 0 {
		next.keys, next.list = append(next.keys, key), append(next.list, "")
		at = len(next.list) - 1
	}
	if more && next.list[at] != hole {
		v.str = next.list[at] + v.str
	}
	if len(v.str) > maxValue {
		return changed
	}
	next.list[at] = v.str
	return next
}

// key is the index that x stands for.
func (r *reader) key(name string, x syntax.ArithmExpr, st state) string {
	if w, ok := x.(*syntax.Word); ok && r.attrs[name].table {
		return r.testWord(w, st)
	}
	if v := r.arithmSets(x, st); known(v) {
		return v.str
	}
	return Unknown
}

// elements are the elements of v that are set.
func (v value) elements() []string {
	if !slices.Contains(v.list, hole) {
		return v.list
	}
	return slices.DeleteFunc(slices.Clone(v.list), func(s string) bool { return s == hole })
}

// joined is "${a[*]}": the elements with the first sign of IFS between them.
// Letters that are put together so are a disguise.
func (r *reader) joined(v value, st state) value {
	if v.str == Unknown {
		return value{str: Unknown, why: v.why}
	}
	sep := r.separators(st)
	out := value{str: strings.Join(v.elements(), sep[:min(len(sep), 1)]), why: v.why, how: v.how}
	if sep == "" {
		out.how = seams(v.elements(), out.how)
	}
	return out
}

// seams is the disguise of texts that are put together inside words.
func seams(parts []string, how string) string {
	for i := 1; i < len(parts) && how == ""; i++ {
		if seam(parts[i-1], parts[i]) {
			how = HowPieces
		}
	}
	return how
}

// seam reports that putting b behind a makes a longer word of letters.
func seam(a, b string) bool { return a != "" && b != "" && alnum(a[len(a)-1]) && alnum(b[0]) }

func alnum(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
