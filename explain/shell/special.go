package shell

import (
	"strings"
	"unicode"

	"mvdan.cc/sh/v3/syntax"

	"escort/explain/regex"
)

// bashPath ends as the value of BASH does on every machine.
const bashPath = "/bin/bash"

// special is the value of expansions that the expander does not know, or that
// come to the same wherever they run.
func (r *reader) special(p *syntax.ParamExp, st state) (value, bool) {
	if p.Param == nil || p.Index != nil || p.Excl || p.Length {
		return value{}, false
	}
	name := p.Param.Value
	if (name == "@" || name == "*") && r.variable(name, st).prompt {
		return value{how: HowPieces}, true
	}
	if v, ok := r.replaced(p, st); ok {
		return v, true
	}
	if s := p.Slice; s != nil && s.Length != nil {
		if arithLit(s.Length) == "0" && name != "@" && name != "*" {
			return value{how: HowPieces}, true
		}
	}
	if s := p.Slice; name == "BASH" && s != nil && strings.HasPrefix(sliceText(s.Offset, st), "-") {
		from := len(bashPath) - int(c0(sliceText(s.Offset, st)[1]))
		if from < 0 || from > len(bashPath) {
			return value{}, false
		}
		text := bashPath[from:]
		if s.Length != nil {
			n := arithLit(s.Length)
			if len(n) != 1 || c0(n[0]) > 9 {
				return value{}, false
			}
			text = text[:min(int(c0(n[0])), len(text))]
		}
		return value{str: text, how: HowPieces}, true
	}
	if p.Exp == nil || p.Exp.Op != syntax.OtherParamOps || p.Exp.Word == nil {
		return value{}, false
	}
	v := r.variable(name, st)
	letter := p.Exp.Word.Lit()
	if letter == swapped && !strings.HasSuffix(st.src.raw(p.Pos().Offset(), p.End().Offset()), "~~}") {
		return value{}, false
	}
	change := transforms[letter]
	if change == nil || !known(v) {
		return value{}, false
	}
	text, ok := change(v.str)
	return value{str: text, how: HowPieces}, ok
}

// replaced is ${x/a/b} with plain texts for both, of which the expander takes
// backslashes off twice.
func (r *reader) replaced(p *syntax.ParamExp, st state) (value, bool) {
	if p.Repl == nil || p.Repl.With == nil || p.Repl.Orig == nil || runsIn(p.Repl.With) || runsIn(p.Repl.Orig) {
		return value{}, false
	}
	raw := st.src.raw(p.Repl.Orig.Pos().Offset(), p.Repl.Orig.End().Offset())
	v := r.variable(p.Param.Value, st)
	from, to := r.word(p.Repl.Orig, st), r.word(p.Repl.With, st)
	if from.Value == "" || strings.ContainsAny(raw+from.Value, `*?[#%(`) || strings.Contains(to.Value, "&") || !from.Known || !to.Known || !known(v) ||
		strings.Count(v.str, from.Value)*len(to.Value) > maxValue || !r.compute(len(v.str)) {
		return value{}, false
	}
	times := 1
	if p.Repl.All {
		times = -1
	}
	return value{str: strings.Replace(v.str, from.Value, to.Value, times), how: v.how}, true
}

// runsIn reports a command in a word.
func runsIn(w *syntax.Word) bool {
	found := false
	syntax.Walk(w, func(n syntax.Node) bool {
		switch n.(type) {
		case *syntax.CmdSubst, *syntax.ProcSubst:
			found = true
		}
		return !found
	})
	return found
}

func sliceText(x syntax.ArithmExpr, st state) string {
	if x == nil {
		return ""
	}
	return strings.TrimSpace(st.src.raw(x.Pos().Offset(), x.End().Offset()))
}

// transforms are the letters behind @ that change a value.
var transforms = map[string]func(string) (string, bool){
	"L": func(s string) (string, bool) { return strings.ToLower(s), true },
	"U": func(s string) (string, bool) { return strings.ToUpper(s), true },
	"P": prompted,
	swapped: func(s string) (string, bool) {
		return strings.Map(func(c rune) rune {
			if unicode.IsUpper(c) {
				return unicode.ToLower(c)
			}
			return unicode.ToUpper(c)
		}, s), true
	},
}

// swapped is put in place of ~~ in ${x~~}, which the parser does not know; no
// bash gives @k a meaning for a plain variable.
const swapped = "k"

var swaps = regex.New(`(\$\{\w+)~~\}`)

// understood is text with the expansions that the parser does not know in a form
// that it does, of the same length.
func understood(text string) string {
	if !strings.Contains(text, "~~}") {
		return text
	}
	return swaps.ReplaceAllString(text, "$1@"+swapped+"}")
}

// prompted is a text as a prompt where nothing in it depends on the machine.
func prompted(s string) (string, bool) {
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			if i++; i == len(s) || s[i] != '\\' && c0(s[i]) > 7 {
				return "", false
			}
		}
	}
	text, ok := unescaped(s)
	return text, ok && !strings.ContainsAny(text, "$`")
}
