package explain

import (
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/prose"
	"escort/explain/say"
	"escort/explain/ticket"
)

// finish turns the steps into the answer.
func (j *job) finish() Explanation {
	e := &j.out
	j.recordingSent()
	j.toShares()
	j.inTwoSteps()
	for _, s := range j.steps {
		j.collect(s)
	}
	if j.has("network-by-shell") && slices.ContainsFunc(e.Unknowns, func(u Unknown) bool { return u.Kind == "name" }) {
		e.Findings = append(e.Findings, Finding{ // what comes in over the line that the shell opened is run
			ID: "reverse-shell", Text: say.Text("finding.reverse-shell"),
			Dimension: effect.Control, Risk: effect.Critical, Technique: "T1059",
		})
	}
	j.compare()
	d := effect.Dimensions{
		Damage: effect.Safe, Disclosure: effect.Safe, Control: effect.Safe, Hiding: effect.Safe, Unknown: effect.Safe,
	}
	for _, x := range e.Effects {
		d.Raise(x.Dimension, x.Risk)
	}
	for _, x := range e.Findings {
		d.Raise(x.Dimension, x.Risk)
	}
	for _, x := range e.Unknowns {
		d.Raise(effect.Uncertainty, x.Risk)
	}
	e.Dimensions, e.Risk = d, d.Worst()
	j.headline()
	j.undo()
	j.questions()
	j.wholeParts()
	j.unknownEffect()
	// Worst first: the verb of the first effect is what a person has to type.
	slices.SortStableFunc(e.Effects, func(a, b Effect) int { return b.Risk.Rank() - a.Risk.Rank() })
	slices.SortStableFunc(e.Findings, func(a, b Finding) int { return b.Risk.Rank() - a.Risk.Rank() })
	j.clamp()
	return *e.Normalize()
}

// compare holds the command to the work order. What goes beyond it is a
// concern of its own; what fits lowers nothing.
func (j *job) compare() {
	if strings.TrimSpace(j.ticket) == "" || j.empty {
		return
	}
	v, e := ticket.Check(clip(j.ticket, maxTicket), j.out.Effects)
	if v == ticket.Fits && slices.ContainsFunc(j.out.Unknowns, func(u Unknown) bool { return u.Risk.AtLeast(effect.High) }) {
		v = ticket.Unclear
	}
	j.out.Ticket = string(v)
	if v == ticket.Beyond {
		j.out.Findings = append(j.out.Findings, Finding{
			ID: "beyond-ticket", Text: prose.BeyondTicket(clip(j.ticket, 200), e.Verb, e.Role, e.Object),
			Dimension: e.Dimension, Risk: effect.Worst(effect.Caution, e.Risk), Span: e.Span,
		})
	}
}

const maxTicket = 8 << 10 // bytes of a work order that are compared

// unknownEffect says as an effect what is worst about a command of which the
// worst is that it is not known.
func (j *job) unknownEffect() {
	e := &j.out
	if e.Dimensions.Unknown != e.Risk || !e.Risk.AtLeast(effect.High) ||
		slices.ContainsFunc(e.Effects, func(x Effect) bool { return x.Risk == e.Risk }) {
		return
	}
	x := Effect{
		Verb: "execute", Object: say.Text("command.what-is-not-known"), Role: effect.RoleCommand, Scope: effect.ScopeUnknown,
		Dimension: effect.Uncertainty, Risk: e.Risk,
	}
	for _, u := range e.Unknowns {
		if u.Risk == e.Risk {
			x.Object, x.Span = u.Text, u.Span
			break
		}
	}
	e.Effects = append(e.Effects, x)
}

func (j *job) has(id string) bool { return effect.Found(j.out.Findings, id) }

func (j *job) collect(s *step) {
	for _, a := range s.acts {
		e := a.Effect
		if e.Role == "" {
			e.Role = effect.RoleNone
		}
		if e.Scope == "" {
			e.Scope = effect.ScopeNone
		}
		if e.Risk == "" {
			e.Risk = effect.Safe
		}
		if e.Dimension == "" {
			e.Dimension = effect.Damage
		}
		e.Object = strings.ReplaceAll(e.Object, "\uFFFC", "…")
		key := e
		key.Span = nil
		if !j.effects[key] {
			j.effects[key] = true
			j.out.Effects = append(j.out.Effects, e)
		}
	}
	for _, f := range s.findings {
		if !slices.ContainsFunc(j.out.Findings, func(o Finding) bool { return o.ID == f.ID && o.Text == f.Text }) {
			j.out.Findings = append(j.out.Findings, f)
		}
	}
	for _, i := range s.inner {
		j.collect(i)
	}
}

// headline says the worst first.
func (j *job) headline() {
	e := &j.out
	if j.empty {
		e.Headline = say.Text("command.does-nothing")
		return
	}
	lead, cs := j.clauses()
	if len(cs) == 0 {
		switch {
		case !lead.None():
			e.Headline = prose.Join(lead, nil)
		case len(e.Findings) > 0:
			e.Headline = prose.Fit(e.Findings[0].Text, "")
		case len(e.Unknowns) > 0:
			e.Headline = say.Text("command.i-cannot-tell-what-this")
		default:
			e.Headline = say.Text("command.does-nothing-that-lasts")
		}
		return
	}
	e.Headline = prose.Because(lead, cs, j.reason())
}

// reason is the finding that alone makes the command as grave as it is, where
// no effect does; empty: there is none, or the headline has words for it.
func (j *job) reason() string {
	e := &j.out
	if !e.Risk.AtLeast(effect.High) || e.Dimensions.Unknown == e.Risk ||
		slices.ContainsFunc(e.Effects, func(x Effect) bool { return x.Risk == e.Risk }) {
		return ""
	}
	text := ""
	for _, f := range e.Findings {
		switch {
		case f.Risk != e.Risk || f.ID == effect.OwnPrompt || f.ID == "own-screen" || f.ID == "beyond-ticket":
		case say.Known("headline." + f.ID):
			return ""
		case text == "":
			text = f.Text
		}
	}
	return text
}

// clauses gathers what the steps say, and a common beginning.
func (j *job) clauses() (lead prose.Lead, out []prose.Phrase) {
	var all []clause
	var top []*step
	for _, s := range j.steps {
		if s.program != "" || len(s.acts)+len(s.inner) > 0 || len(s.findings) > 0 {
			top = append(top, s)
		}
	}
	if one := onlyScript(top); one != nil {
		lead = one.lead
	}
	if j.has("disguised-text") || j.out.Risk.AtLeast(effect.Caution) {
		top = withoutMeans(top)
	}
	for _, s := range top {
		if s.consumed || (s.filter || onlyFeeds(s, top)) && len(top) > 1 {
			continue
		}
		if lead.None() {
			all = append(all, s.led()...)
		} else {
			all = append(all, s.clauses()...)
		}
	}
	worstFirst(all)
	all = j.withoutWays(all)
	all = all[:min(len(all), maxClauses)]
	seen := map[string]bool{}
	worst := effect.Safe
	for _, c := range all {
		worst = effect.Worst(worst, c.risk)
	}
	for _, c := range merged(all) {
		if c.Full == say.Text("command.nothing") && len(all) > 1 {
			continue
		}
		if seen[c.Full] || worst.AtLeast(effect.High) && !c.risk.AtLeast(effect.Low) {
			continue
		}
		seen[c.Full] = true
		c.Full, c.Short = j.homely(c.Full), j.homely(c.Short)
		c.Risk = c.risk
		out = append(out, c.Phrase)
	}
	return lead, out
}

// onlyFeeds reports a step that does nothing but print what another one reads,
// which does more than look.
func onlyFeeds(s *step, top []*step) bool {
	if len(s.acts) == 0 || len(s.findings) > 0 || slices.ContainsFunc(s.acts, func(a act) bool { return a.Verb != "print" }) {
		return false
	}
	return slices.ContainsFunc(top, func(o *step) bool {
		return !o.filter && !o.consumed && slices.Contains(o.from, s) && slices.ContainsFunc(withInner(o, 0), func(a act) bool { return !effect.Looks(a.Verb) })
	})
}

// withoutMeans leaves out the steps that only set the stage for others, where
// something else is left.
func withoutMeans(top []*step) []*step {
	rest := slices.DeleteFunc(slices.Clone(top), (*step).means)
	if !slices.ContainsFunc(rest, func(s *step) bool { return !s.consumed && !s.filter && len(s.clauses()) > 0 }) {
		return top
	}
	return rest
}

// means reports a step that sets variables of the shell, reads a line into one or
// compares them, and does nothing else.
func (s *step) means() bool {
	if len(s.inner)+len(s.findings) > 0 || s.risk().AtLeast(effect.Low) {
		return false
	}
	if s.program == "[" || s.program == "test" || s.program == "read" {
		return true
	}
	return len(s.acts) > 0 && !slices.ContainsFunc(s.acts, func(a act) bool {
		return a.Verb != "change" || a.Role != effect.RoleSetting || a.Scope != effect.ScopeSession
	})
}

// homely writes the home folder as people do.
func (j *job) homely(s string) string {
	if len(j.where.Home) < 2 {
		return s
	}
	return strings.ReplaceAll(s, j.where.Home+"/", "~/")
}

// onlyScript is the script that is all the line runs, perhaps through wrappers.
func onlyScript(top []*step) *step {
	var one *step
	for _, s := range top {
		if s.filter || s.consumed {
			continue
		}
		if one != nil {
			return nil
		}
		one = s
	}
	for one != nil && one.lead.None() {
		if len(one.inner) != 1 {
			return nil
		}
		one = one.inner[0]
	}
	return one
}

// undo takes the answer from the effects: the worst one decides.
func (j *job) undo() {
	e := &j.out
	rank := map[effect.Undo]int{effect.UndoYes: 0, effect.UndoPartly: 1, effect.UndoUnknown: 2, effect.UndoNo: 3}
	e.Undo, e.UndoText = effect.UndoYes, prose.NothingToUndo()
	best := -1
	for _, a := range j.acts() {
		u, text := a.undo, a.undoText
		if u == "" {
			u, text = prose.Undo(a.Verb, a.Verb == "delete" && (a.Recursive || a.place.Class == "database" || a.place.Class == "log"))
		}
		score := rank[u]*8 + a.Risk.Rank()
		if text == prose.NothingToUndo() {
			score = 0
		}
		if score > best {
			best, e.Undo, e.UndoText = score, u, text
		}
	}
	if e.Undo != effect.UndoNo && len(e.Unknowns) > 0 && e.Dimensions.Unknown.AtLeast(effect.High) {
		e.Undo, e.UndoText = effect.UndoUnknown, say.Text("files.that-depends-on-what-it")
	}
}

func (j *job) acts() []act {
	if j.all != nil {
		return j.all
	}
	n := 0
	eachStep(j.steps, func(s *step) { n += len(s.acts) })
	out := make([]act, 0, n)
	eachStep(j.steps, func(s *step) { out = append(out, s.acts...) })
	slices.SortStableFunc(out, func(a, b act) int { return b.Risk.Rank() - a.Risk.Rank() })
	j.all = out
	return out
}

// questions picks what to ask: about the worst first, three at most.
func (j *job) questions() {
	add := func(q string) {
		if q != "" && len(j.out.Ask) < 3 && !slices.Contains(j.out.Ask, q) {
			j.out.Ask = append(j.out.Ask, prose.Clean(q))
		}
	}
	if !j.out.Risk.AtLeast(effect.Caution) {
		return
	}
	for _, a := range j.acts() {
		add(prose.Question(a.Verb, a.place.Class, a.Role, a.Risk))
	}
	var walk func(*step)
	walk = func(s *step) {
		if s.risk().AtLeast(effect.Caution) {
			for _, q := range s.asks {
				add(q)
			}
		}
		for _, i := range s.inner {
			walk(i)
		}
	}
	for _, s := range j.steps {
		walk(s)
	}
	if j.out.Dimensions.Unknown.AtLeast(effect.Caution) {
		add(prose.AskUnknown())
	}
	if len(j.out.Ask) == 0 && j.out.Risk.AtLeast(effect.High) {
		add(prose.AskAny())
	}
}

// wholeParts gives the words that no command has explained a part.
func (j *job) wholeParts() {
	slices.SortStableFunc(j.out.Parts, func(a, b Part) int { return a.Span[0] - b.Span[0] })
}

// clamp keeps spans inside the text that is shown.
func (j *job) clamp() {
	n := len(j.out.Command)
	fix := func(s **Span) {
		if *s == nil {
			return
		}
		if (*s)[0] < 0 || (*s)[1] > n || (*s)[0] > (*s)[1] {
			*s = nil
		}
	}
	e := &j.out
	for i := range e.Effects {
		fix(&e.Effects[i].Span)
	}
	for i := range e.Findings {
		fix(&e.Findings[i].Span)
	}
	for i := range e.Unknowns {
		fix(&e.Unknowns[i].Span)
	}
	e.Parts = slices.DeleteFunc(e.Parts, func(p Part) bool { return p.Span[1] > n })
}
