package policy

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"escort/explain/effect"
	"escort/explain/lore"
)

// Rule says what it is about by one of its first four fields.
type Rule struct {
	Path    string
	Verb    string
	Program string
	Risk    effect.Risk
	Because string // may be empty

	names []string // of the path or the program, under which it is known here
}

// rules reads the rules of never or ask; only what never starts is a program's.
func (r *reader) rules(n ast.Node, to *[]Rule, programs bool) error {
	return r.list(n, func(n ast.Node) error {
		var x Rule
		fields := map[string]field{
			"path": r.pattern(&x.Path), "verb": r.one(&x.Verb, effect.Verbs), "risk": r.risk(&x.Risk), "because": r.text(&x.Because),
		}
		if programs {
			fields["program"] = r.program(&x.Program)
		}
		if err := r.mapping(n, fields); err != nil {
			return err
		}
		if count(x.Path, x.Verb, x.Program, string(x.Risk)) != 1 {
			return r.bad(n, "a rule has one of path, verb, risk and, under never, program")
		}
		*to = append(*to, x.known(""))
		return nil
	})
}

// count is how many of the texts say something.
func count(texts ...string) (n int) {
	for _, t := range texts {
		if t != "" {
			n++
		}
	}
	return n
}

// why is what is said where the rule denies.
func (x Rule) why() string {
	what := "changes of " + x.Path
	switch {
	case x.Verb != "":
		what = "the effect " + x.Verb
	case x.Program != "":
		what = "the program " + x.Program
	case x.Risk != "":
		what = "what is rated " + string(x.Risk)
	}
	if x.Because != "" {
		what += ": " + x.Because
	}
	return "the policy never allows " + what
}

// hits reports whether the rule is about an effect. at is the absolute path
// that it changes; empty: none. What is harmless by itself has no verb to a
// rule: else one about connect would be about every name that is looked up.
func (x Rule) hits(e effect.Effect, at string) bool {
	switch {
	case x.Verb != "":
		return e.Verb == x.Verb && e.Risk.AtLeast(effect.Low)
	case x.Risk != "":
		return e.Risk.AtLeast(x.Risk)
	case x.Path == "" || at == "" || effect.Looks(e.Verb):
		return false
	}
	whole := e.Recursive || wholly[e.Verb]
	return slices.ContainsFunc(x.names, func(p string) bool { return touches(p, at, whole) })
}

// wholly are the verbs that take a folder with all that is in it.
var wholly = map[string]bool{"rename": true, "move": true, "delete": true, "wipe": true, "format": true}

// touches reports whether a change of at is one of the paths that a pattern
// means or of something below them; with whole, a change above them is one too.
func touches(pattern, at string, whole bool) bool {
	want, got := strings.Split(pattern, "/")[1:], strings.Split(path.Clean(at), "/")[1:]
	if at == "/" {
		got = nil
	}
	if len(got) < len(want) && !whole {
		return false
	}
	for i := range min(len(want), len(got)) {
		if !alike(want[i], got[i]) {
			return false
		}
	}
	return true
}

// alike reports whether two names can be the same, of which each may be a
// pattern: a line says /etc/* and means all that is there.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	there, err1 := path.Match(a, b)
	back, err2 := path.Match(b, a)
	return err1 == nil && there || err2 == nil && back
}

func inHome(p, home string) string {
	rest, ok := strings.CutPrefix(p+"/", "~/")
	if !ok || home == "" {
		return p
	}
	return path.Join(home, rest)
}

// names are the names of what lies at p on this machine: its own and, where
// links lead elsewhere, the last one.
func names(p string) []string {
	out := []string{p}
	real, err := filepath.EvalSymlinks(p)
	if err != nil {
		dir, err := filepath.EvalSymlinks(filepath.Dir(p))
		if err != nil {
			return out
		}
		real = filepath.Join(dir, filepath.Base(p))
	}
	if real != p {
		out = append(out, real)
	}
	return out
}

// known is x with the names under which it is known here, for an engineer whose
// folder is home. They are looked up once: nothing may wait for a file system
// while something is held.
func (x Rule) known(home string) Rule {
	if x.names = nil; x.Path != "" {
		x.names = names(inHome(x.Path, home))
	} else if x.Program != "" {
		x.names = names(x.Program)
	}
	return x
}

// helper reads one program that may start unasked.
func (r *reader) helper(n ast.Node) error {
	var h Helper
	err := r.mapping(n, map[string]field{
		"parent": r.program(&h.Parent),
		"program": func(n ast.Node) error {
			if err := r.program(&h.Program)(n); err != nil {
				return err
			}
			if slices.ContainsFunc(names(h.Program), runsAnything) {
				return r.bad(n, "%s runs whatever it is told: it cannot start unasked", h.Program)
			}
			return nil
		},
	})
	if err == nil && (h.Parent == "" || h.Program == "") {
		return r.bad(n, "parent and program are both needed")
	}
	h.parents, h.programs = names(h.Parent), names(h.Program)
	r.p.Helpers = append(r.p.Helpers, h)
	return err
}

// runners are the families of programs whose purpose is to run others.
var runners = map[string]bool{"wrappers": true, "builtins": true, "builtins-shells": true, "editors": true}

// codes are the kinds of words, and of input, that are run.
var codes = map[string]bool{"command": true, "shell": true, "code": true, "script": true, "commands": true}

// runsAnything reports whether a program is a shell, an interpreter or another
// one that runs what its words or its input say.
func runsAnything(program string) bool {
	base := path.Base(program)
	for _, name := range []string{base, strings.TrimRight(base, "0123456789.-")} {
		e, err := lore.Lookup(name)
		if err == nil && e != nil && (runners[e.Family] || runs(e)) {
			return true
		}
	}
	return false
}

func runs(e *lore.Entry) bool {
	if e.Prompt != nil || e.Stdin != nil && codes[e.Stdin.Kind] {
		return true
	}
	for _, s := range e.Slots {
		if codes[s.Kind] {
			return true
		}
	}
	for _, sub := range e.Subcommands {
		if runs(sub) {
			return true
		}
	}
	return false
}
