package explain

import (
	"slices"
	"strconv"
	"strings"

	"escort/explain/effect"
	"escort/explain/judge"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/say"
	"escort/explain/shell"
)

// act is one effect with what the words and the rules need.
type act struct {
	Effect
	say      string
	brief    string // the same in fewer words, to stand beside others
	named    string // noun phrase of a path
	undo     effect.Undo
	undoText string
	place    lore.Place
	access   string
	side     bool // only a means to another act of the same command
}

// step is one command, or a script with the steps in it.
type step struct {
	program  string
	summary  string // what it does where it has no effects
	short    string // the same in fewer words, to stand beside others
	acts     []act
	findings []Finding
	unknown  Risk
	inner    []*step
	lead     prose.Lead // "Runs the script x.sh, which"
	filter   bool       // only passes on what another command shows
	consumed bool       // its output is code for another command, which says so
	line     int        // in the script that it stands in
	as       string
	where    string // "on the machine db2"
	loose    bool   // what its words mean is only known in outline
	fetches  bool   // its output comes from another machine
	code     string // where the code that it runs from its input comes from: network, unknown
	asks     []string
	from     []*step // whose output it reads
	printed  string  // what it surely prints, by echo
	gives    string  // what it puts out a list of: "the processes called x"
	pattern  string  // what the lines that it lets through fit, or do not fit
	inverts  bool
	called   string // the names of the files that it looks for; empty: all, or not known
	carried  bool   // an act of its own says what it takes to another machine
}

// stepAt is the step of the command with index i; nil: there is none.
func stepAt(made []*step, i int) *step {
	if i < 0 || i >= len(made) {
		return nil
	}
	return made[i]
}

// own is the rating of the step without what it runs.
func (s *step) own() Risk {
	r := effect.Worst(s.unknown)
	for _, a := range s.acts {
		r = effect.Worst(r, a.Risk)
	}
	for _, f := range s.findings {
		r = effect.Worst(r, f.Risk)
	}
	return r
}

// risk is the rating with all that it runs.
func (s *step) risk() Risk {
	r := s.own()
	for _, i := range s.inner {
		r = effect.Worst(r, i.risk())
	}
	return r
}

// writes reports whether the step changes anything.
func (s *step) writes() bool {
	return slices.ContainsFunc(s.acts, func(a act) bool { return a.access == "write" || a.access == "delete" })
}

// shows reports that what the step shows must not be seen.
func (s *step) shows() bool {
	return slices.ContainsFunc(s.findings, func(f Finding) bool { return f.Dimension == effect.Disclosure && f.Risk.AtLeast(effect.High) })
}

// worstBelow is the rating of what the step runs and says.
func (s *step) worstBelow() Risk {
	r := effect.Safe
	for _, i := range s.inner {
		if !i.consumed && (!i.filter || len(s.inner) == 1) {
			r = effect.Worst(r, i.risk())
		}
	}
	return r
}

// clauses says the step, the worst first.
func (s *step) clauses() []clause {
	var out []clause
	groups, below := s.groups(), s.worstBelow()
	for _, g := range groups {
		w := weightOf(g.Verb)
		if effect.Looks(g.Verb) && (g.risk.AtLeast(effect.High) || s.shows()) { // what must not be seen
			w = cannotBeUndone
		}
		if g.Verb == "execute" && below.AtLeast(effect.High) && below.AtLeast(g.risk) {
			continue // what it runs is said
		}
		if g.Brief != "" { // it tells what is done later
			w = max(w, cannotBeUndone)
		}
		if g.Verb == "execute" && len(s.inner) > 0 { // what it runs says more
			w = leadsThere
		}
		out = append(out, clause{Phrase: g.Phrase(), risk: g.risk, weight: w, group: &g})
	}
	worst := effect.Safe
	for _, c := range out {
		worst = effect.Worst(worst, c.risk)
	}
	said, unsaid := false, effect.Safe
	for _, f := range s.findings { // a finding that nothing else explains speaks for itself
		graver := !worst.AtLeast(f.Risk)
		more := graver || f.Risk == worst && (tellsMore[f.ID] && (f.ID != bulkSent || !s.carried) || tellsToo[f.ID])
		if d := slices.IndexFunc(out, func(c clause) bool { return c.Verb == "disguise" }); f.ID == "forged-date" && d >= 0 { // it is said
			out[d].risk = effect.Worst(out[d].risk, f.Risk)
			continue
		}
		if (f.ID == "option-runs" || f.ID == "word-runs") && below.AtLeast(f.Risk) { // what it runs is said
			continue
		}
		if text, ok := say.Find("headline." + f.ID); ok && more && f.Risk.AtLeast(effect.High) {
			said = said || graver && !tellsMore[f.ID]
			c := clause{Phrase: prose.Clause{Say: text, As: s.as, Where: s.where}.Phrase(), risk: f.Risk, weight: cannotBeUndone, says: f.ID}
			if tellsToo[f.ID] { // what is done is usual, this is not
				out = slices.Insert(out, 0, c)
			} else {
				out = append(out, c)
			}
		} else if graver && f.Dimension != effect.Uncertainty {
			unsaid = effect.Worst(unsaid, f.Risk)
		}
	}
	if len(s.inner) == 0 {
		weighs(out, unsaid)
	}
	if !said && len(groups) == 0 && s.summary != "" && len(s.inner) == 0 {
		c := clause{Phrase: prose.Clause{Say: s.summary, As: s.as, Where: s.where}.Phrase(), risk: s.own()}
		if s.unknown.AtLeast(effect.High) {
			c.weight, c.Verb = cannotBeUndone, "unknown"
		}
		out = append(out, c)
		if s.short != "" {
			out[len(out)-1].Short = prose.Clause{Say: s.short, Where: s.where}.Text()
		}
	}
	own := leadsThere
	for _, c := range out {
		own = max(own, c.weight)
	}
	for _, i := range s.inner {
		if i.consumed || i.filter && len(s.inner) > 1 {
			continue
		}
		for _, c := range i.clauses() {
			if own > leadsThere && c.risk != effect.Critical { // what it runs is said behind what it does itself
				c.weight = min(c.weight, own)
			}
			out = append(out, c)
		}
	}
	worstFirst(out)
	return out
}

// led says the step with its beginning before what it says first.
func (s *step) led() []clause {
	cs := s.clauses()
	if !s.lead.None() && len(cs) > 0 {
		cs[0].Short = s.lead.Brief(cs[0].Brief())
		cs[0].Full = s.lead.Full(cs[0].Full)
		cs[0].group = nil
	}
	return cs
}

// scriptLead is how the headline of a script begins.
func scriptLead(shown string) prose.Lead {
	return prose.Lead{
		Long:  say.Text("files.runs-the-script-which", "shown", shown),
		Short: say.Text("files.runs-which", "shown", shown),
	}
}

// clause is one thing that is said.
type clause struct {
	prose.Phrase
	risk   Risk
	weight weight
	group  *group // where it is said by verb and objects
	says   string // the finding that it says; empty: none
}

// merged joins clauses that say the same of different objects.
func merged(in []clause) []clause {
	var out []clause
	for _, c := range in {
		if elsewhereToo(out, c) {
			continue
		}
		i := -1
		if c.group != nil && c.group.Say == "" {
			i = slices.IndexFunc(out, func(o clause) bool {
				g := o.group
				return g != nil && g.Say == "" && g.Verb == c.group.Verb && g.Role == c.group.Role && g.As == c.group.As &&
					g.Where == c.group.Where && g.Recursive == c.group.Recursive && g.Named == c.group.Named
			})
		}
		if i < 0 || out[i].risk != c.risk {
			out = append(out, c)
			continue
		}
		g := *out[i].group
		for _, o := range c.group.Objects {
			if len(g.Objects) < maxObjects && !slices.Contains(g.Objects, o) {
				g.Objects = append(g.Objects[:len(g.Objects):len(g.Objects)], o)
			}
		}
		out[i].group, out[i].Phrase = &g, g.Phrase()
	}
	return out
}

// elsewhereToo reports that a clause is said already, of another place, and says
// it of both.
func elsewhereToo(out []clause, c clause) bool {
	if c.group == nil || c.group.Where == "" {
		return false
	}
	for i, o := range out {
		if o.group == nil || o.group.Where == "" || o.risk != c.risk {
			continue
		}
		a, b := *o.group, *c.group
		if a.Where == b.Where || a.Verb != b.Verb || a.Say != b.Say || a.As != b.As || !slices.Equal(a.Objects, b.Objects) {
			continue
		}
		a.Where = say.Text("tail.several")
		out[i].group, out[i].Phrase = &a, a.Phrase()
		return true
	}
	return false
}

// These bound the work on commands with very many words.
const (
	maxObjects = 100
	maxActs    = 1000 // of one command
	maxClauses = 1000 // of the whole text
)

type group struct {
	prose.Clause
	risk   Risk
	onLine bool // it is about a line to another machine
}

// groups joins acts of the same kind: "Deletes a, b and 3 more". What is
// merely read on the way is left out where something else is said.
func (s *step) groups() []group {
	var out []group
	acts := s.acts
	if len(acts) > maxActs { // the worst are said
		acts = slices.Clone(acts)
		slices.SortStableFunc(acts, func(a, b act) int { return b.Risk.Rank() - a.Risk.Rank() })
		acts = acts[:maxActs]
	}
	other := len(s.inner) > 0 || slices.ContainsFunc(acts, func(a act) bool { return !a.side })
	for _, a := range acts {
		if a.side && other && (!a.Risk.AtLeast(effect.High) || alsoSaid(acts, a)) {
			continue
		}
		i := slices.IndexFunc(out, func(g group) bool {
			return g.Verb == a.Verb && g.Role == a.Role && g.Say == a.say && g.Recursive == a.Recursive
		})
		if i < 0 {
			out = append(out, group{Clause: prose.Clause{
				Verb: a.Verb, Role: a.Role, Say: a.say, Brief: a.brief, Recursive: a.Recursive, As: a.As, Where: s.where,
			}})
			i = len(out) - 1
		}
		name := a.Object
		if a.named != "" {
			name, out[i].Named = a.named, true
		}
		if len(out[i].Objects) < maxObjects && !slices.Contains(out[i].Objects, name) {
			if a.Risk.Rank() > out[i].risk.Rank() { // the worst is named first
				out[i].Objects = append([]string{name}, out[i].Objects...)
			} else {
				out[i].Objects = append(out[i].Objects, name)
			}
		}
		out[i].risk = effect.Worst(out[i].risk, a.Risk)
		out[i].onLine = overNetwork(a.Object)
	}
	slices.SortStableFunc(out, func(a, b group) int { return b.risk.Rank() - a.risk.Rank() })
	return out
}

// tellsMore are findings that say what no effect of the same rating says. The
// messages "headline.ID" say findings in a headline.
var tellsMore = map[string]bool{
	bulkSent: true, "cloud-keys-asked": true, "cloud-setup-asked": true, "secret-hunt": true, "word-destroys": true, "package-source": true,
}

// tellsToo are findings that are said besides an effect of the same rating, not
// in its place.
var tellsToo = map[string]bool{"code-injected": true, "found-elsewhere": true, "option-runs": true, "records-people": true, "recording-sent": true}

// alsoSaid reports that another act says more of the same object.
func alsoSaid(acts []act, a act) bool {
	return slices.ContainsFunc(acts, func(b act) bool { return !b.side && b.Object == a.Object && b.named == a.named })
}

// judged applies the rules to a step.
func (j *job) judged(s *step, cmd *command, f frame) {
	c := judge.Command{
		Program: s.program, Words: texts(cmd.words), Input: s.code, Root: f.root() || j.where.Root, Env: cmd.env, Loose: s.loose,
	}
	if cmd.raw != nil {
		c.Typed = typed(cmd)
		if !cmd.exact {
			for _, r := range cmd.raw.Redirs {
				c.Plumb = append(c.Plumb, strconv.Itoa(r.FD)+r.Op+r.Target.Value)
			}
		}
	}
	c.Acts = make([]judge.Act, 0, len(s.acts))
	for _, a := range s.acts {
		c.Acts = append(c.Acts, judge.Act{Effect: a.Effect, Class: a.place.Class, Access: a.access, Exact: a.place.Exact})
	}
	j.finding(s, judge.Findings(c)...)
}

// typed is a command as it was written. One that another command runs is only
// its own words, which are found without going through all.
func typed(cmd *command) string {
	words := cmd.raw.Words[:min(len(cmd.raw.Words), shell.MaxNodes)]
	if cmd.exact {
		first, last := cmd.words[0].Span[0], cmd.words[len(cmd.words)-1].Span[1]
		at := func(offset int) int {
			i, _ := slices.BinarySearchFunc(words, offset, func(w shell.Word, offset int) int { return w.Span[0] - offset })
			return i
		}
		words = words[min(at(first), at(last)):at(max(first, last))]
	}
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.Raw)
		b.WriteByte(' ')
	}
	return b.String()
}

// weighs lets the gravest of a step's clauses go where its findings put it that
// have no words of their own.
func weighs(cs []clause, unsaid Risk) {
	if len(cs) == 0 || !unsaid.AtLeast(effect.High) {
		return
	}
	at := 0
	for i, c := range cs {
		if d := c.risk.Rank() - cs[at].risk.Rank(); d > 0 || d == 0 && c.weight > cs[at].weight {
			at = i
		}
	}
	cs[at].risk = effect.Worst(cs[at].risk, unsaid)
}
