package explain

import (
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/say"
)

// bulkSent is the finding about a whole part of the machine that leaves it.
const bulkSent = "bulk-sent"

// carriers are what a command does with the data that it hands on.
var carriers = map[string]bool{"compress": true, "expose": true, "read": true, "show": true, "list": true, "change": true, "transform": true}

// roomForNames is how long the names of what is carried may be in a headline.
const roomForNames = 45

// carriesAway says what a pipe takes into a login on another machine: neither
// end of it does.
func (j *job) carriesAway(s *step, cmd *command, f frame) {
	whole := readsWhole(s, 9)
	for i := range s.acts {
		a := &s.acts[i]
		sends := a.Verb == "send" || a.Verb == "upload"
		switch {
		case sends && (a.place.Exact && wholePlaces[a.place.Class] || j.packed[a.Object]):
			a.Risk, s.carried = effect.Worst(a.Risk, effect.High), true
		case whole && a.Verb == "create" && a.Role == effect.RolePath:
			if j.packed == nil {
				j.packed = map[string]bool{}
			}
			j.packed[a.Object] = true
		}
	}
	i := slices.IndexFunc(s.acts, func(a act) bool { return a.Verb == "login" && a.Role == effect.RoleHost })
	if cmd.exact || slices.ContainsFunc(cmd.words, func(w lore.Word) bool { return len(w.Of) > 0 || w.Text == "-n" }) { // it takes lines one by one, or nothing
		return
	}
	reads, named := say.Text("command.what-it-reads"), false
	for i := range s.acts {
		named = named || strings.Contains(s.acts[i].say, reads)
	}
	if !named && (i < 0 || !slices.ContainsFunc(s.inner, func(in *step) bool { return in.where != "" })) {
		return
	}
	names, risk := carriedBy(cmd.from, 0)
	if len(names) == 0 {
		return
	}
	what := say.List("objects", names...)
	if len(names) > 1 && len(what) > roomForNames {
		what = say.Text("command.and-others", "what", names[0])
	}
	if named {
		for i := range s.acts {
			s.acts[i].say = strings.ReplaceAll(s.acts[i].say, reads, what)
		}
		s.carried = true
		return
	}
	login := &s.acts[i]
	a := act{Effect: Effect{
		Verb: "send", Object: names[0], Role: effect.RoleNone, Scope: effect.ScopeNetwork, As: f.as,
		Dimension: effect.Disclosure, Risk: risk, Span: login.Span,
	}, say: say.Text("command.sends-to", "what", what, "host", prose.Clean(login.Object))}
	login.side, s.carried = true, true
	s.acts = append(s.acts, a)
}

// carriedBy names the data that comes out of the beginning of a pipe. What does
// nothing but put it out need not be said as well.
func carriedBy(from []*step, depth int) (names []string, risk Risk) {
	risk = effect.Caution
	for _, o := range from {
		var own []string
		acts := withInner(o, 0)
		for _, a := range acts {
			switch {
			case a.Verb == "compress" || a.Verb == "show" && a.Role == effect.RolePath:
				own = append(own, a.named)
			case a.Verb == "expose" && a.Role == effect.RoleDatabase:
				own = append(own, a.Object)
				risk = effect.High
			}
		}
		own = slices.DeleteFunc(own, func(n string) bool { return n == "" })
		if len(own) > 0 && readsWhole(o, 9) {
			risk = effect.High
		}
		plain := !slices.ContainsFunc(acts, func(a act) bool { return !carriers[a.Verb] }) && !o.risk().AtLeast(effect.High)
		if len(own) > 0 && plain {
			o.consumed = true
		}
		names = append(names, own...)
		if depth < 8 {
			more, r := carriedBy(o.from, depth+1)
			names, risk = append(names, more...), effect.Worst(risk, r)
		}
	}
	return names, risk
}

// withInner are the acts of a step and of what it runs, for it puts out what
// they put out.
func withInner(s *step, depth int) []act {
	out := slices.Clone(s.acts)
	if depth > 8 {
		return out
	}
	for _, i := range s.inner {
		out = append(out, withInner(i, depth+1)...)
	}
	return out
}

// dumps reports that a pipe carries the content of a database.
func dumps(from []*step, depth int) bool {
	return slices.ContainsFunc(from, func(o *step) bool {
		return slices.ContainsFunc(withInner(o, 0), func(a act) bool { return a.Verb == "expose" && a.Role == effect.RoleDatabase }) ||
			depth < 8 && dumps(o.from, depth+1)
	})
}

// handedToLogin rates a key that goes straight into the login it is for: nobody
// sees it, and the login says so.
func handedToLogin(s *step, cmd *command) {
	if !slices.ContainsFunc(cmd.words, func(w lore.Word) bool { return w.Text == "--password-stdin" }) {
		return
	}
	for _, o := range cmd.from {
		if !slices.ContainsFunc(o.acts, func(a act) bool { return a.Verb == "expose" }) {
			continue
		}
		for i := range o.acts {
			if o.acts[i].Verb == "expose" {
				o.acts[i].Risk = atMost(o.acts[i].Risk, effect.Caution)
			}
		}
		for i := range o.findings {
			if o.findings[i].Dimension == effect.Disclosure {
				o.findings[i].Risk = atMost(o.findings[i].Risk, effect.Caution)
			}
		}
	}
}
