package lore

import (
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/say"
)

// done is what a command does by the tables of deeds.
type done struct {
	kind   *deedKind
	name   string // of the kind; empty: no word says what is done
	thing  thing
	known  bool // the thing has a row
	names  []string
	risk   effect.Risk
	say    string
	common string // all words, for patterns
	found  []*deedFinding
	slots  map[string][]Word
	many   bool // without a name, it is about several
}

// deed reads the operands of a command whose entry has deeds: things, a deed,
// names; "volumes delete v1", "terminate-instances", "apps:destroy".
func (u *Use) deed() *done {
	d := deeds()
	words := append(strings.Fields(u.Path)[1:], texts(u.Slots["WORD"])...)
	x := &done{slots: u.Slots, common: strings.Join(append([]string{u.Family(), strings.Join(words, " ")}, u.optionTexts()...), " ")}
	program := u.Family()
	var path deedPath
	at := 0
	if !d.first[program] {
		path, at = d.split(program, words)
		x.name = path.kind
		x.thing, x.known = d.thingOf(program, path.things)
		if !x.known {
			x.thing = guessed(path.things)
		}
		if x.name == "" && x.known {
			x.name = "list"
		}
		x.names = u.named(path.things, words[at:])
		x.kind = d.kinds[x.name]
		if x.kind != nil {
			x.risk = x.kind.rate(x.thing.class)
		}
	}
	if d.first[program] && len(words) > 0 {
		x.name, _, _ = d.verb(words[0])
		x.thing, x.names = d.thingAfter(program, words[1:])
		if x.kind = d.kinds[x.name]; x.kind != nil {
			x.risk = x.kind.rate(x.thing.class)
			x.names = append(texts(u.Slots["NAME"]), x.names...)
		}
	}
	for _, c := range d.cases[program] {
		if !c.fits(words) || slices.ContainsFunc(c.given, func(o string) bool { return !u.hasOption(o) }) {
			continue
		}
		x.kind, x.name, x.risk, x.say = d.kinds[c.kind], c.kind, c.risk, say.Lore(c.say, "deed/case", program, c.key())
		n := len(c.words)
		if d.first[program] {
			if n > 0 && c.words[n-1] == "*" {
				n--
			}
			x.thing, x.names = d.thingAfter(program, words[n:])
			if r, ok := x.kind.risks[x.thing.class]; ok && x.thing.class != "" {
				x.risk = r
			}
		} else if n > at || path.kind == "" {
			x.names = u.named(path.things, words[n:])
		}
		break
	}
	x.many = d.first[program] || x.kind != nil && x.kind.access == "list"
	for i := range d.findings {
		if f := &d.findings[i]; f.fits(x.name, x.thing.class, x.common) {
			x.found = append(x.found, f)
		}
	}
	return x
}

// guessed is a thing that no row knows, by its words.
func guessed(words []string) thing {
	if len(words) == 0 {
		something := say.Text("deed.something")
		return thing{one: something, all: something}
	}
	guess := strings.Join(words, " ")
	if strings.Contains(guess, unknown) {
		what := say.Text("noun.from-command")
		return thing{one: what, all: what, bare: true}
	}
	if stem, ok := strings.CutSuffix(guess, "y"); ok {
		return thing{one: guess, all: say.Text("deed.several-y", "stem", stem)}
	}
	return thing{one: guess, all: say.Text("deed.several", "thing", guess)}
}

// thingAfter reads the words of a tool that names the thing after the deed:
// "pod a b", "deploy/a svc/b", "pods,services".
func (d *deedRows) thingAfter(program string, words []string) (thing, []string) {
	var kinds, names []string
	for i, w := range words {
		kind, name, both := strings.Cut(w, "/")
		if i > 0 && strings.Contains(kind, "=") { // what is set may hold a slash
			continue
		}
		if i == 0 || both {
			kinds = append(kinds, strings.Split(kind, ",")...)
		} else {
			name = w
		}
		if name != "" && !strings.Contains(name, "=") { // app=web is what is set
			names = append(names, name)
		}
	}
	var out thing
	for _, k := range kinds {
		t, ok := d.thingOf(program, []string{singular(k)})
		if !ok {
			t = guessed(strings.Fields(singular(k)))
		}
		switch {
		case out.one == "":
			out = t
		case out.all != t.all:
			out.all = say.List("objects", out.all, t.all)
			out.one = out.all
			if out.class == "" || strings.HasSuffix(out.class, "-light") {
				out.class = t.class
			}
		}
	}
	if out.one == "" {
		out = guessed(nil)
	}
	return out, names
}

// Family is the name that the tables of deeds know the program by: its own, or
// the first of its entry.
func (u *Use) Family() string {
	if deeds().cases[u.Program] != nil {
		return u.Program
	}
	return u.chain[0].Names[0]
}

// fits reports whether the case's words begin the command; * stands for one.
func (c deedCase) fits(words []string) bool {
	if len(words) < len(c.words) {
		return false
	}
	for i, w := range c.words {
		if w != "*" && w != words[i] {
			return false
		}
	}
	return true
}

// key tells the case from others of the same tool.
func (c deedCase) key() string { return strings.Join(slices.Concat(c.words, c.given), " ") }

// hasOption reports an option that was given, in any of its spellings.
func (u *Use) hasOption(o string) bool {
	if slices.ContainsFunc(u.Parts, func(p Part) bool { return p.Word.Text == o+"=false" }) {
		return false
	}
	return u.Given[o] || slices.ContainsFunc(u.Wild, func(w Wild) bool { return "--"+w.Name == o })
}

type deedPath struct {
	kind   string
	things []string
}

// split finds the first word that says what is done, and how many words it
// takes up to there.
func (d *deedRows) split(program string, words []string) (deedPath, int) {
	var p deedPath
	for i, w := range words {
		_, own := d.things[program+":"+singular(w)]
		if i == 0 && (own || len(words) > 1 && d.second[program] && words[1] != "help") || d.alsoThing(program, words[i:]) {
			p.things = append(p.things, strings.Fields(singular(w))...)
			continue
		}
		parts := strings.Split(w, ":")
		for n, part := range parts {
			if d.alsoThing(program, parts[n:]) {
				p.things = append(p.things, singular(part))
				continue
			}
			kind, before, after := d.verb(part)
			p.things = append(p.things, before...)
			p.things = append(p.things, after...)
			if kind != "" {
				p.things = append(p.things, parts[n+1:]...)
				p.kind = kind
				return p, i + 1
			}
		}
	}
	return p, len(words)
}

// alsoThing reports whether the first word names a thing although it might be a
// deed, as "versions" does in "versions delete" and "health-checks" in
// "health-checks create": a deed stands behind it.
func (d *deedRows) alsoThing(program string, words []string) bool {
	if len(words) < 2 {
		return false
	}
	next, _, _ := strings.Cut(words[1], ":")
	if d.verbs[words[0]] == "" {
		return d.verbs[next] != ""
	}
	if _, ok := d.thingOf(program, []string{singular(words[0])}); !ok {
		return false
	}
	kind, _, _ := d.verb(next)
	return kind != ""
}

// verb divides a word such as terminate-instances or instance-delete into the
// kind of deed and the words beside it.
func (d *deedRows) verb(w string) (kind string, before, after []string) {
	if k := d.verbs[w]; k != "" {
		return k, nil, nil
	}
	parts := strings.Split(w, "-")
	for len(parts) > 1 && d.skip[parts[0]] {
		parts = parts[1:]
	}
	last := len(parts) - 1
	if k := d.verbs[parts[0]]; k != "" {
		return k, nil, strings.Fields(singular(strings.Join(parts[1:], " ")))
	}
	if k := d.verbs[parts[last]]; k != "" {
		return k, strings.Fields(singular(strings.Join(parts[:last], " "))), nil
	}
	return "", strings.Fields(singular(strings.Join(parts, " "))), nil
}

// named are the names of what the deed is done to: --name, options called like
// the thing (--db-instance-identifier), or else the further words.
func (u *Use) named(things, rest []string) []string {
	out := texts(u.Slots["NAME"])
	for _, v := range u.Wild {
		base := v.Name
		if deeds().unnamed[base] {
			continue
		}
		for _, end := range []string{"-ids", "-id", "-names", "-name", "-identifiers", "-identifier", "-arns", "-arn"} {
			if b, ok := strings.CutSuffix(base, end); ok {
				base = b
				break
			}
		}
		if base == "name" || base == "id" || base == "ids" || base == "names" || hasAll(things, strings.Fields(singular(base))) {
			out = append(out, texts(v.Words)...)
		}
	}
	if len(out) == 0 {
		out = rest
	}
	return out
}

// owner is what an option names that is not the thing itself: --user-name bob.
func (u *Use) owner() (kind, name string) {
	for _, v := range u.Wild {
		base, ok := strings.CutSuffix(v.Name, "-name")
		if !ok || strings.Contains(base, "-") || deeds().unnamed[base] || len(v.Words) != 1 || !v.Words[0].Known || len(v.Words[0].Text) > maxOwner {
			continue
		}
		return base, v.Words[0].Text
	}
	return "", ""
}

// maxOwner is how long such a name is that a sentence shows.
const maxOwner = 32

func hasAll(in, words []string) bool {
	in = in[max(0, len(in)-longThing):]
	for _, w := range words {
		found := false
		for _, i := range in {
			found = found || i == w
		}
		if !found {
			return false
		}
	}
	return len(words) > 0
}

func texts(words []Word) []string {
	var out []string
	for _, w := range words {
		out = append(out, w.Text)
	}
	return out
}

// optionTexts are the options as they were given, with their values.
func (u *Use) optionTexts() []string {
	var out []string
	for _, p := range u.Parts {
		out = append(out, p.Word.Text)
	}
	return out
}

// maxSaid is how long a sentence may be for a reason for concern to be added.
const maxSaid = 70

// sentence says the deed: "Deletes the virtual machine web in the Azure cloud".
func (x *done) sentence(in string) string {
	lead := x.kind.lead
	if len(x.names) > 0 {
		lead = x.kind.named
	}
	lead = say.Lore(lead, "deed/kind", x.name)
	text := strings.Replace(x.say, "{THING:}", say.Text("deed.does", "does", lead, "thing", "{THING}"), 1)
	if text == "" {
		text = say.Text("deed.does-in", "does", lead, "thing", "{THING}", "in", "{IN}")
	}
	text = x.optional(text, in)
	for _, f := range x.found {
		if f.tail != "" && len(text) < maxSaid && !x.told(f) && !strings.Contains(text, f.tail) {
			text = say.Text("deed.tail", "text", text, "tail", say.Lore(f.tail, "deed/tail", f.ID))
		}
	}
	return x.fill(text, in)
}

// optional leaves out what stands in square brackets where nothing fills a
// hole in it.
func (x *done) optional(text, in string) string {
	for {
		before, rest, ok := strings.Cut(text, "[")
		inner, after, closed := strings.Cut(rest, "]")
		if !ok || !closed {
			return text
		}
		empty := false
		fillHoles(inner, func(name string) string {
			empty = empty || x.hole(name, in) == ""
			return ""
		})
		if empty {
			inner = ""
		}
		text = before + inner + after
	}
}

func (x *done) fill(text, in string) string {
	return fillHoles(text, func(name string) string { return x.hole(name, in) })
}

// hole is what fills a hole of a sentence: the thing, its names, or what was
// given for a slot of the entry.
func (x *done) hole(name, in string) string {
	switch name {
	case "THINGS":
		return x.thing.all
	case "THING":
		return x.thing.phrase(x.names, x.many)
	case "NAME":
		return listedNames(x.names)
	case "IN":
		return in
	}
	return listedNames(texts(x.slots[name]))
}

// told reports whether the names that the sentence shows are the concern.
func (x *done) told(f *deedFinding) bool {
	return f.words != nil && slices.ContainsFunc(x.names, f.words.MatchString)
}

// readDeed does what the tables say of the command's words: their meanings,
// help, and a doubt where no word says what is done.
func (u *Use) readDeed() {
	if u.Entry.Deeds == "" {
		return
	}
	u.done = u.deed()
	switch {
	case u.done.name == "help":
		u.Tags["help"] = true
	case u.done.kind == nil && len(u.Slots["WORD"]) > 0:
		words := u.Slots["WORD"]
		u.Strange = append(u.Strange, words[len(words)-1])
	}
}

// deedEffects are the effects by the tables.
func (u *Use) deedEffects(w Where) []Made {
	x := u.done
	if x == nil || u.Tags["dry"] {
		return nil
	}
	m := Made{Say: say.Text("deed.unknown", "in", u.Entry.Deeds)}
	m.Verb, m.Role, m.Scope, m.As = "change", effect.RoleResource, effect.ScopeFleet, w.As
	m.Dimension, m.Risk, m.Access, m.Undo = effect.Uncertainty, effect.Caution, "write", effect.UndoUnknown
	if x.kind == nil {
		if len(u.Slots["WORD"]) == 0 {
			return nil
		}
		if strings.Contains(x.common, unknown) { // what cannot be told may be the worst
			m.Risk = effect.High
		}
		m.Object = x.thing.phrase(x.names, true)
		return []Made{m}
	}
	m.Say = x.sentence(u.Entry.Deeds)
	if kind, name := u.owner(); len(x.names) == 0 && name != "" && len(m.Say) < maxSaid {
		m.Say = say.Text("deed.for", "text", m.Say, "kind", kind, "name", name)
	}
	m.Verb, m.Access, m.Dimension, m.Risk = x.kind.verb, x.kind.access, x.kind.dimension, x.risk
	if m.Verb == "show" && m.Risk.AtLeast(effect.High) {
		m.Verb = "expose"
	}
	m.Undo, m.UndoText = x.kind.undo, say.Lore(x.kind.undoText, "deed/undo", x.name)
	m.Object = x.thing.phrase(x.names, x.many)
	m.Unsure = strings.Contains(m.Object, unknown)
	return []Made{m}
}

// Does says in a clause what the command does, where the tables or the entry
// tell it without its words being at hand: "deletes the virtual machine web".
func (u *Use) Does() string {
	if u.done == nil || u.done.kind == nil {
		return u.Entry.Summary
	}
	return u.done.sentence(u.Entry.Deeds)
}

// bare is what a command without words does, where its entry does not say: it
// shows help.
func (u *Use) bare() []Made {
	if u.done == nil || u.done.kind != nil || u.Entry.Prompt != nil && len(u.Slots["WORD"]) > 0 {
		return nil
	}
	m := Made{Say: say.Text("deed.help", "program", u.Path)}
	m.Verb, m.Object, m.Role, m.Dimension, m.Risk, m.Access = "show", u.Path, effect.RoleNone, effect.Disclosure, effect.Safe, "list"
	return []Made{m}
}

// inProduction is the row of the tables about what is named production.
const inProduction = "changes-production"

// InProduction is the finding for a change where the account, namespace or
// context that is worked in is named production.
func (u *Use) InProduction() (effect.Finding, bool) {
	if u.Off() || u.Tags["dry"] {
		return effect.Finding{}, false
	}
	for _, f := range deeds().findings {
		if f.ID != inProduction {
			continue
		}
		for name, words := range u.Slots {
			if u.slot(name).Kind == "place" && slices.ContainsFunc(words, func(w Word) bool { return f.words.MatchString(w.Text) }) {
				return f.made(), true
			}
		}
	}
	return effect.Finding{}, false
}

// made is the finding in the language that is spoken.
func (f *deedFinding) made() effect.Finding {
	return effect.Finding{ID: f.ID, Text: say.Lore(f.Text, "deed/finding", f.ID), Dimension: f.Dimension, Risk: f.Risk, Technique: f.Technique}
}

// deedFindings are the findings by the tables.
func (u *Use) deedFindings() []effect.Finding {
	x := u.done
	if x == nil || u.Tags["dry"] {
		return nil
	}
	var out []effect.Finding
	for _, f := range x.found {
		out = append(out, f.made())
	}
	return out
}
