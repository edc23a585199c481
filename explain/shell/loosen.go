package shell

import (
	"mvdan.cc/sh/v3/syntax"

	"escort/explain/say"
)

// setters are the builtins that set the variables that their arguments name.
var setters = map[string]bool{
	"read": true, "mapfile": true, "readarray": true, "getopts": true, "unset": true, "printf": true, "let": true,
	"declare": true, "typeset": true, "local": true, "export": true, "readonly": true, "wait": true, "select": true,
}

// sets says what a piece of text may set.
type sets struct {
	names  map[string]bool
	calls  map[string]bool // programs and functions that it starts by name
	cannot bool            // it cannot be told
}

// setIn collects what n may set.
func setIn(n syntax.Node, into *sets) *sets {
	if into == nil {
		into = &sets{names: map[string]bool{}, calls: map[string]bool{}}
	}
	syntax.Walk(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Assign:
			if n.Name != nil {
				into.names[n.Name.Value] = true
			}
		case *syntax.WordIter:
			into.names[n.Name.Value] = true
		case *syntax.ParamExp:
			if n.Param != nil && n.Exp != nil && (n.Exp.Op == syntax.AssignUnset || n.Exp.Op == syntax.AssignUnsetOrNull) {
				into.names[n.Param.Value] = true
			}
		case *syntax.BinaryArithm:
			into.names[arithLit(n.X)] = true
		case *syntax.UnaryArithm:
			into.names[arithLit(n.X)] = true
		case *syntax.CallExpr:
			into.call(n)
		}
		return true
	})
	delete(into.names, "")
	return into
}

func (s *sets) call(c *syntax.CallExpr) {
	args := c.Args
	for len(args) > 1 && (args[0].Lit() == "command" || args[0].Lit() == "builtin") {
		args = args[1:]
	}
	if len(args) == 0 {
		return
	}
	name := args[0].Lit()
	switch {
	case name == "" || name == "eval" || name == "source" || name == ".":
		s.cannot = true
	case name == "cd" || name == "pushd" || name == "popd":
		s.names["PWD"], s.names["OLDPWD"] = true, true
	case name == "set" || name == "shift":
		s.names["@"] = true
	case setters[name]:
		s.names["REPLY"], s.names["MAPFILE"], s.names["OPTARG"], s.names["OPTIND"] = true, true, true, true
		for _, a := range args[1:] {
			if lit := a.Lit(); lit == "" {
				s.cannot = true
			} else if syntax.ValidName(lit) {
				s.names[lit] = true
			}
		}
	default:
		s.calls[name] = true
	}
}

// loosen makes unknown whatever n may set, because it runs any number of
// times.
func (r *reader) loosen(n syntax.Node, st state) {
	s := setIn(n, nil)
	seen := map[string]bool{}
	for again := true; again; {
		again = false
		for name := range s.calls {
			if seen[name] {
				continue
			}
			seen[name] = true
			for _, f := range r.function(name) {
				setIn(f.body, s)
				again = true
			}
			if _, ok := r.aliasText(name, st); ok && r.expands {
				s.cannot = true
			}
		}
	}
	if s.cannot {
		r.vars.wipe()
	}
	for name := range s.names {
		r.vars.set(name, unknownValue(say.Text("shell.it-changes-in-a-loop")))
	}
}

// jumps reports whether n may leave a loop early.
func jumps(n syntax.Node) bool {
	found := false
	syntax.Walk(n, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.CallExpr); ok && len(c.Args) > 0 {
			switch c.Args[0].Lit() {
			case "break", "continue", "return", "exit":
				found = true
			}
		}
		return !found
	})
	return found
}
