package script

// arguments are the literals among the arguments of the call at i: the first
// argument where it is one, all of the list that it begins, and whether there
// is nothing but literals in that list.
func (r *reading) arguments(i int) (first string, all []string, whole bool) {
	depth, whole := 0, true
	for n := i + 1; n < len(r.toks) && n < i+200; n++ {
		t := r.toks[n]
		switch {
		case t.part:
			whole = false
		case t.kind == text && r.treated(n):
			whole = false
		case t.kind == text:
			if len(all) == 0 && depthOnly(r.toks[i+1:n]) {
				first = t.text
			}
			all = append(all, t.text)
		case t.is("(") || t.is("[") || t.is("{"):
			depth++
		case t.is(")") || t.is("]") || t.is("}"):
			if depth--; depth <= 0 {
				return first, all, whole
			}
			if t.is("]") { // the list of words ends; what follows are settings
				return first, all, whole
			}
		case t.is(","):
		case t.is(";") || t.kind == newline && depth == 0:
			return first, all, whole
		case t.kind != newline:
			whole = false
		}
	}
	return first, all, whole
}

// depthOnly reports that there are only opening brackets in toks.
func depthOnly(toks []token) bool {
	for _, t := range toks {
		if !t.is("*") && !t.is("(") && !t.is("[") && !t.is("{") && t.kind != newline {
			return false
		}
	}
	return true
}

// treated reports that something is done to the literal at n that could not be
// worked out.
func (r *reading) treated(n int) bool {
	next := r.peek(n + 1)
	switch {
	case r.peek(n + 1).part:
		return false
	case next.is(".") || next.is(":") && r.language == "lua":
		return r.peek(n+2).kind == name && dialects[r.language].dotted && !r.peek(n+2).is(".")
	case next.is("["):
		return r.language == "python" || r.language == "node" || r.language == "ruby"
	}
	return false
}
