package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// fileName is the value of ${f%.txt} and its like where f is one of the files that
// match a pattern: which file is not known, but in which folder it is.
func (r *reader) fileName(p *syntax.ParamExp, st state) (value, bool) {
	if p.Param == nil || p.Index != nil || p.Excl || p.Length || p.Slice != nil {
		return value{}, false
	}
	v := r.variable(p.Param.Value, st)
	if v.glob == nil || v.home || strings.HasPrefix(v.glob.Pattern, "~") {
		return value{}, false
	}
	pattern, ok := operatedPattern(p, v.glob.Pattern)
	if !ok {
		return value{}, false
	}
	return value{
		str: globShape(pattern), glob: &Globbed{Pattern: pattern}, how: v.how,
		why: "it is made from the name of one of the files that match " + v.glob.Pattern,
	}, true
}

// operatedPattern is what becomes of the names that match pattern.
func operatedPattern(p *syntax.ParamExp, pattern string) (string, bool) {
	if p.Repl != nil {
		to, ok := literalOf(p.Repl.With)
		ok = ok && !strings.Contains(pattern, "/") && !strings.Contains(to, "/")
		from, known := literalOf(p.Repl.Orig)
		return replacedIn(pattern, from, to, known), ok
	}
	if p.Exp == nil {
		return "", false
	}
	arg, ok := literalOf(p.Exp.Word)
	slash := strings.LastIndexByte(pattern, '/')
	switch p.Exp.Op {
	case syntax.RemSmallSuffix, syntax.RemLargeSuffix:
		if rest, cut := strings.CutSuffix(pattern, arg); ok && cut && !strings.ContainsAny(arg, `*?[\`) {
			return rest, true
		}
		inName := slash < 0 || p.Exp.Op == syntax.RemSmallSuffix && strings.Contains(pattern[slash+1:], ".")
		return pattern[:slash+1] + "*", ok && inName && strings.HasPrefix(arg, ".") && !strings.Contains(arg, "/")
	case syntax.RemLargePrefix:
		if ok && arg == "*/" {
			return pattern[slash+1:], true
		}
		return "*", ok && slash < 0
	case syntax.RemSmallPrefix:
		return "*", ok && slash < 0
	case syntax.UpperAll, syntax.LowerAll, syntax.UpperFirst:
		return "*", p.Exp.Word == nil && slash < 0
	}
	return "", false
}

// replacedIn is what becomes of a pattern where a stretch of the names is
// replaced by another: %.jpeg is the end of a name, #x its beginning.
func replacedIn(pattern, from, to string, known bool) string {
	if rest, end := strings.CutPrefix(from, "%"); known && end && rest != "" {
		if head, ok := strings.CutSuffix(pattern, rest); ok {
			return head + to
		}
	}
	if known && len(from) > 1 && strings.Count(pattern, from) == 1 && !strings.ContainsAny(from, `*?[%#`) {
		return strings.Replace(pattern, from, to, 1)
	}
	if to == "" {
		return "*"
	}
	return "*" + to + "*"
}

// literalOf is the text of a word that nothing is expanded in.
func literalOf(w *syntax.Word) (string, bool) {
	if w == nil {
		return "", true
	}
	var b strings.Builder
	for _, part := range w.Parts {
		switch part := part.(type) {
		case *syntax.Lit:
			b.WriteString(part.Value)
		case *syntax.SglQuoted:
			b.WriteString(part.Value)
		default:
			return "", false
		}
	}
	return b.String(), true
}
