package shell

import (
	"path"
	"strings"

	"escort/explain/effect"

	"escort/explain/say"
	"mvdan.cc/sh/v3/syntax"
)

// reserved are the words of each kind of compound command. Outside of posix
// mode an alias can stand for any of them.
var reserved = map[string][]string{
	"if": {"if", "then", "elif", "else", "fi"}, "while": {"while", "do", "done"}, "until": {"until", "do", "done"},
	"for": {"for", "do", "done"}, "select": {"select", "do", "done"}, "case": {"case", "esac"}, "{": {"{", "}"},
	"[[": {"[["}, "let": {"let"}, "time": {"time"}, "coproc": {"coproc"},
}

// renamed says when a word of the shell's own has been given another meaning.
func (r *reader) renamed(s *syntax.Stmt, span effect.Span, st state) {
	var words []string
	switch c := s.Cmd.(type) {
	case *syntax.CallExpr, *syntax.BinaryCmd, *syntax.Subshell, *syntax.ArithmCmd, nil:
	case *syntax.DeclClause:
		words = []string{c.Variant.Value}
	case *syntax.FuncDecl:
		words = []string{"function"}
	default:
		words = reserved[compoundName(c)]
	}
	if s.Negated {
		words = append(words[:len(words):len(words)], "!")
	}
	for _, w := range words {
		text, ok := r.aliasText(w, st)
		_, let := s.Cmd.(*syntax.LetClause)
		if !ok && (!let || len(r.function(w)) == 0) {
			continue
		}
		r.problem(span, ProblemUnpredictable, say.Text("shell.the-word-has-been-given", "w", w))
		if !ok || st.noAlias[w] {
			continue
		}
		inner := st
		inner.maybe = true
		inner.noAlias = map[string]bool{w: true}
		for n := range st.noAlias {
			inner.noAlias[n] = true
		}
		r.inline(text, Via{Kind: ViaAlias, Name: w, Span: span}, inner)
	}
}

// arithmetic are the tests whose sides are evaluated as numbers.
var arithmetic = map[syntax.BinTestOperator]bool{
	syntax.TsEql: true, syntax.TsNeq: true, syntax.TsLeq: true, syntax.TsGeq: true, syntax.TsLss: true, syntax.TsGtr: true,
}

// evaluated reads the substitutions in text that [[ … ]] and let evaluate once
// more: an index of an array may hold any command.
func (r *reader) evaluated(n syntax.Node, st state) {
	_, let := n.(*syntax.LetClause)
	syntax.Walk(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.BinaryTest:
			if arithmetic[n.Op] {
				r.evaluatedWord(n.X, st)
				r.evaluatedWord(n.Y, st)
			}
		case *syntax.UnaryTest:
			if n.Op == syntax.TsVarSet || n.Op == syntax.TsRefVar {
				r.evaluatedWord(n.X, st)
			}
		case *syntax.Word:
			if let {
				r.evaluatedWord(n, st)
				return false
			}
		case *syntax.CmdSubst, *syntax.ProcSubst:
			return false
		}
		return true
	})
}

func (r *reader) evaluatedWord(n syntax.Node, st state) {
	w, ok := n.(*syntax.Word)
	if !ok {
		return
	}
	f := r.collect(w.Parts, st, true)
	r.feeding = nil
	r.number(f.field().text.String(), st, 0)
}

// number reads what evaluating text as a number would run, through the values
// of the variables that it names.
func (r *reader) number(text string, st state, depth int) {
	r.insideText(text, st)
	if depth >= MaxDepth || len(text) > maxValue {
		return
	}
	names := strings.FieldsFunc(text, func(c rune) bool {
		return c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	})
	for _, name := range names {
		if !syntax.ValidName(name) || !r.spend(1, st.src.span(0, uint(len(st.src.text)))) {
			continue
		}
		if v := r.variable(name, st); known(v) && !v.unset && v.str != name {
			r.number(v.str, st, depth+1)
		}
	}
}

// lookers only look at the files that they are given.
var lookers = map[string]bool{
	"cat": true, "ls": true, "less": true, "more": true, "head": true, "tail": true, "grep": true, "wc": true, "stat": true,
	"file": true, "diff": true, "test": true, "[": true, "echo": true, "printf": true, "source": true, ".": true, "bash": true,
	"sha256sum": true, "md5sum": true, "chmod": true,
}

// touched reports whether a command before may write to the file name: what
// was read of it is then not what will run.
func (r *reader) touched(name string, st state) bool {
	whole := func(name string, dir value) string {
		if known(dir) && !strings.HasPrefix(name, "/") {
			return path.Join(dir.str, name)
		}
		return path.Clean(name)
	}
	file := whole(name, r.lookup("PWD", st))
	for _, c := range r.prog.Commands {
		dir := textValue(c.Dir)
		for _, rd := range c.Redirs {
			if rd.Op != "<" && rd.Op != "<<<" && whole(rd.Target.Value, dir) == file {
				return true
			}
		}
		if len(c.Words) == 0 || c.Words[0].Known && lookers[path.Base(c.Words[0].Value)] {
			continue
		}
		for _, w := range c.Words[1:] {
			if w.Known && whole(w.Value, dir) == file {
				return true
			}
		}
	}
	return false
}
