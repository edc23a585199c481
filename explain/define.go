package explain

import (
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/judge"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/say"
	"escort/explain/shell"
)

// shellWords are commands of the shell itself that no entry stands for.
var shellWords = map[string]bool{"printf": true, "echo": true, "builtin": true, "unset": true, "eval": true, "trap": true, "command": true}

// defs says which names the text gives a meaning, and what that meaning is.
func (j *job) defs(p *shell.Program, b belongings, made []*step, f frame) {
	for n, d := range p.Defs {
		if n > 0 && d.Kind == shell.DefTrap && p.Defs[n-1].Kind == d.Kind && p.Defs[n-1].Span == d.Span {
			continue // a further signal of the same trap
		}
		s := &step{program: "define", as: f.as, where: f.place, lead: prose.OneLead(say.Text("command.which", "does", leadOf(d)))}
		a := act{Effect: Effect{
			Verb: "define", Object: show(d.Name), Role: effect.RoleCommand, Scope: effect.ScopeSession,
			Dimension: effect.Control, Risk: effect.Low, As: f.as, Span: f.at(d.Span),
		}, say: leadOf(d), side: true, undo: effect.UndoYes, undoText: say.Text("command.it-is-forgotten-when-the")}
		s.acts = append(s.acts, a)
		if d.Kind != shell.DefTrap {
			if d.Kind != shell.DefAlias || !sameProgram(d) {
				j.familiar(s, d.Name, a.Span)
			}
			j.finding(s, judge.Findings(judge.Command{Program: "define", Words: []string{"define", d.Name}})...)
		}
		j.body(s, p, n, b, made, f)
		if len(s.inner) == 0 {
			s.lead = prose.Lead{}
			s.consumed = d.Kind == shell.DefFunction && d.Body != "" && s.own() == effect.Low // called: its body is said where it runs
		}
		if f.into != nil {
			f.into.inner = append(f.into.inner, s)
		} else {
			j.steps = append(j.steps, s)
		}
	}
}

// seldom are the families of programs that few people call by name, so that a
// short name of one's own may be the same by chance (gs, k, hn).
var seldom = map[string]bool{
	"desktop": true, "documents": true, "fun": true, "media": true, "more-tools": true, "pictures": true, "projects": true, "sound": true,
	"everyday-new": true,
}

// familiar notes that a name which people trust gets another meaning.
func (j *job) familiar(s *step, name string, span *effect.Span) {
	if e, err := lore.Lookup(name); !shellWords[name] && (err != nil || e == nil || seldom[e.Family]) {
		return
	}
	j.finding(s, Finding{
		ID: "familiar-name", Text: say.Text("finding.familiar-name"),
		Dimension: effect.Hiding, Risk: effect.High, Technique: "T1036", Span: span,
	})
}

// sameProgram reports an alias that only adds options to its own name.
func sameProgram(d shell.Def) bool {
	f := strings.Fields(d.Body)
	return len(f) > 0 && f[0] == d.Name && !strings.ContainsAny(d.Body, "|;&`$<>(\n")
}

// body explains what a name stands for. What is only defined starts nothing
// yet, so it adds nothing to the plan; what a trap runs does start.
func (j *job) body(s *step, p *shell.Program, n int, b belongings, made []*step, f frame) {
	d := p.Defs[n]
	for _, i := range b.at[d.Span] { // the command that defines it says less than what is said here
		if made[i] != nil && (d.Kind == shell.DefAlias || d.Kind == shell.DefTrap) && !made[i].risk().AtLeast(effect.High) {
			made[i].consumed = true
		}
	}
	inner := f
	inner.into = s
	if d.Kind == shell.DefTrap {
		for _, i := range b.traps[n] {
			made[i] = j.shellCommand(p.Commands[i], made, inner)
			if made[i] != nil {
				laterDeletes(made[i])
				s.inner = append(s.inner, made[i])
			}
		}
		return
	}
	starts, complete, unknowns := len(j.out.Plan.Starts), j.out.Plan.Complete, len(j.out.Unknowns)
	if d.Kind == shell.DefAlias {
		inner.fix, inner.depth = f.at(d.Span), f.depth+1
		if strings.TrimSpace(d.Body) != "" && d.Body != d.Name && !strings.HasPrefix(d.Body, d.Name+" ") {
			j.nested(d.Body, shell.Options{}, inner)
		} else if rest, ok := strings.CutPrefix(d.Body, d.Name+" "); ok { // ls='ls -l' is the program, not itself again
			j.nested("command "+d.Name+" "+rest, shell.Options{}, inner)
		}
	} else {
		j.functionBody(s, p, d, b, made, inner)
	}
	j.out.Plan.Starts, j.out.Plan.Complete = j.out.Plan.Starts[:starts], complete
	if !attacked(s) {
		soften(s)
		for i := range j.out.Unknowns[unknowns:] {
			u := &j.out.Unknowns[unknowns+i]
			u.Risk = atMost(u.Risk, effect.High)
		}
	}
}

// laterDeletes rates the deletion of what a variable names when a trap runs: one
// file is no more than a caution, a whole folder no less.
func laterDeletes(s *step) {
	for i := range s.acts {
		a := &s.acts[i]
		if a.Verb != "delete" || !strings.Contains(a.Object, "…") || a.As == "root" {
			continue
		}
		if a.Recursive {
			a.Risk = effect.Worst(a.Risk, effect.Caution)
		} else if a.Object == "…" {
			a.Risk = atMost(a.Risk, effect.Caution)
		}
	}
}

// functionBody explains the commands of a function that the text does not
// call; those of one that it calls are explained where they run.
func (j *job) functionBody(s *step, p *shell.Program, d shell.Def, b belongings, made []*step, f frame) {
	for _, i := range b.named[d.Name] {
		c := p.Commands[i]
		if made[i] != nil || c.Span[0] < d.Span[0] || c.Span[1] > d.Span[1] {
			continue
		}
		made[i] = j.shellCommand(c, made, f)
		if made[i] != nil {
			s.inner = append(s.inner, made[i])
		}
	}
}

// belongings says which commands of a text belong to which definition in it.
type belongings struct {
	at    map[effect.Span][]int // by where they stand
	named map[string][]int      // by the function in whose body they stand
	traps map[int][]int         // by the index of the trap that runs them
}

func belong(p *shell.Program) belongings {
	b := belongings{at: map[effect.Span][]int{}, named: map[string][]int{}, traps: map[int][]int{}}
	if len(p.Defs) == 0 {
		return b
	}
	traps := map[shell.Def]int{}
	for n, d := range p.Defs {
		key := shell.Def{Name: d.Name, Span: d.Span}
		if _, was := traps[key]; !was && d.Kind == shell.DefTrap {
			traps[key] = n
		}
	}
	for i, c := range p.Commands {
		b.at[c.Span] = append(b.at[c.Span], i)
		if c.Def != "" {
			b.named[c.Def] = append(b.named[c.Def], i)
		}
		if len(c.Via) > 0 && c.Via[0].Kind == shell.ViaTrap {
			if n, ok := traps[shell.Def{Name: c.Via[0].Name, Span: c.Via[0].Span}]; ok {
				b.traps[n] = append(b.traps[n], i)
			}
		}
	}
	return b
}

// trapped are the commands that traps run, by their index.
func (b belongings) trapped() map[int]bool {
	out := map[int]bool{}
	for _, list := range b.traps {
		for _, i := range list {
			out[i] = true
		}
	}
	return out
}

// signals are the messages that say what traps wait for.
var signals = map[string]string{
	"EXIT": "command.the-end-of-the-shell", "0": "command.the-end-of-the-shell", "ERR": "command.every-failure", "DEBUG": "command.every-command",
	"RETURN": "command.the-end-of-a-function", "INT": "command.break", "SIGINT": "command.break", "TERM": "command.a-request-to-end", "SIGTERM": "command.a-request-to-end",
	"HUP": "command.the-end-of-the-session", "SIGHUP": "command.the-end-of-the-session",
}

// leadOf begins the sentence about a definition.
func leadOf(d shell.Def) string {
	name := show(d.Name)
	switch d.Kind {
	case shell.DefFunction:
		return say.Text("command.makes-a-new-command", "name", name)
	case shell.DefAlias:
		return say.Text("command.makes-a-new-short-command", "name", name)
	}
	if w, ok := signals[d.Name]; ok {
		name = say.Text(w)
	} else {
		name = say.Text("command.the-signal", "name", name)
	}
	return say.Text("command.sets-a-step-for", "name", name)
}

// attacked reports an attack on the supervision in a step or what it runs.
func attacked(s *step) bool {
	return effect.Found(s.findings, judge.Supervision) || slices.ContainsFunc(s.inner, attacked)
}

// soften rates what is only defined and not done yet: as high at most.
func soften(s *step) {
	s.unknown = atMost(s.unknown, effect.High)
	for i := range s.acts {
		s.acts[i].Risk = atMost(s.acts[i].Risk, effect.High)
	}
	for i := range s.findings {
		s.findings[i].Risk = atMost(s.findings[i].Risk, effect.High)
	}
	for _, i := range s.inner {
		soften(i)
	}
}

func atMost(r, limit effect.Risk) effect.Risk {
	if r.AtLeast(limit) {
		return limit
	}
	return r
}
