package policy

import (
	"path"
	"slices"
	"strings"

	"escort/explain/effect"
)

// supervision is the class of places that nothing inside a session may change;
// see the table of places of package lore.
const supervision = "escort"

// NeverStarts says why a program, by its full path, may not start; empty: it may.
func (p *Policy) NeverStarts(program string) (why string) {
	for _, x := range p.Never {
		if x.Program != "" && slices.Contains(x.names, program) {
			return x.why()
		}
	}
	return ""
}

// NeverChanges says why an effect of a running program is not allowed; empty: it
// may be. class and at are of the file that it changes; empty: none.
func (p *Policy) NeverChanges(e effect.Effect, class, at string) (why string) {
	if class == supervision {
		return "it is the supervision's own"
	}
	for _, x := range p.Never {
		if x.hits(e, at) {
			return x.why()
		}
	}
	return ""
}

// Asks reports whether an effect of a running program is asked about even where
// the card of its line showed it. at is the file that it changes; empty: none.
func (p *Policy) Asks(e effect.Effect, at string) bool {
	return slices.ContainsFunc(p.Ask, func(x Rule) bool { return x.hits(e, at) })
}

// Holds reports whether an effect that no card showed is asked about.
func (p *Policy) Holds(e effect.Effect) bool {
	return e.Risk.AtLeast(p.Effect) || wide[e.Scope] && e.Risk.AtLeast(p.Wide)
}

// wide are the scopes beyond what is the engineer's own.
var wide = map[effect.Scope]bool{
	effect.ScopeSystem: true, effect.ScopeOthers: true, effect.ScopeKernel: true, effect.ScopeNetwork: true, effect.ScopeFleet: true,
}

// NeverShown says why what an explanation shows is not allowed; empty: it may
// be. cwd is the folder that its paths start from.
func (p *Policy) NeverShown(x *effect.Explanation, cwd string) (why string) {
	for _, r := range p.Never {
		if p.shows(r, x, cwd) {
			return r.why()
		}
	}
	return ""
}

func (p *Policy) shows(r Rule, x *effect.Explanation, cwd string) bool {
	switch {
	case r.Risk != "":
		return x.Risk.AtLeast(r.Risk)
	case r.Program != "":
		return slices.ContainsFunc(x.Plan.Starts, func(s effect.Start) bool { return starts(s, r) })
	}
	return slices.ContainsFunc(x.Effects, func(e effect.Effect) bool {
		at := ""
		if e.Role.OnFile() {
			at = p.absolute(e.Object, cwd)
		}
		return r.hits(e, at)
	})
}

// starts reports whether a start of a plan is one of a rule's program. Where nothing
// was there to be looked at, its name says it.
func starts(s effect.Start, r Rule) bool {
	switch {
	case s.Path != "":
		return slices.Contains(r.names, s.Path)
	case len(s.Argv) == 0 || s.Argv[0] == nil:
		return false
	}
	name := *s.Argv[0]
	return name == r.Program || name == path.Base(r.Program)
}

// absolute is the path that the object of an effect names; empty: it is not
// known to its end.
func (p *Policy) absolute(object, cwd string) string {
	object = inHome(object, p.home)
	switch {
	case object == "" || strings.Contains(object, "…"):
		return ""
	case path.IsAbs(object):
		return path.Clean(object)
	case cwd == "" || strings.HasPrefix(object, "~"):
		return ""
	}
	return path.Join(cwd, object)
}

// Relaxes reports whether a program may start unasked below another one, both
// by their full paths.
func (p *Policy) Relaxes(parent, program string) bool {
	return slices.ContainsFunc(p.Helpers, func(h Helper) bool { return slices.Contains(h.parents, parent) && slices.Contains(h.programs, program) })
}
