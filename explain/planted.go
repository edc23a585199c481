package explain

import (
	"cmp"
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/say"
	"escort/explain/script/recipe"
	"escort/explain/shell"
)

// longPlanted is how many bytes of text that a command writes are read.
const longPlanted = 16 << 10

// plantedBy reads what a command writes into places whose content is run or
// obeyed later, and says it with the writing, which adds to what is there or
// puts it in its place.
func (j *job) plantedBy(s *step, text string, adds func(file string) bool, f frame) {
	if len(text) > longPlanted || strings.TrimSpace(text) == "" || f.depth >= maxDepth {
		return
	}
	for i := range s.acts {
		a := &s.acts[i]
		if a.access != "write" || a.Role != effect.RolePath || strings.Contains(a.Object, "…") {
			continue
		}
		how := "writes."
		if adds(a.Object) {
			how = "adds."
		}
		if language := plantedLanguage(a.Object, a.place.Class); language != "" {
			j.plantedCode(s, i, language, how, text, f)
		} else {
			told(a, text)
		}
	}
}

// plantedCode explains text that will be run, below the act that writes it. It
// is not told a second time.
func (j *job) plantedCode(s *step, i int, language, how, text string, f frame) {
	inner := &step{as: f.as, where: f.place, consumed: true}
	below := f
	below.into, below.lines, below.depth, below.elsewhere = inner, nil, f.depth+1, true
	if below.fix == nil {
		below.fix = s.acts[i].Span
	}
	if s.acts[i].Scope == effect.ScopeSystem { // whoever runs it then
		below.as = ""
	}
	starts, complete, unknowns := len(j.out.Plan.Starts), j.out.Plan.Complete, len(j.out.Unknowns)
	setting := language == "sysctl" || language == "proc"
	kind := language
	if translate := asShell[language]; translate != nil {
		language, text = "sh", translate(s.acts[i].Object, text)
	}
	if language == "sh" {
		j.nested(text, shell.Options{Args: []string{"sh"}}, below)
	} else {
		below.asked = recipe.Asked{Names: []string{"start"}}
		j.recipe(inner, language, text, below)
	}
	systemPrograms(inner, j.out.Unknowns[unknowns:])
	notYet(inner, j.out.Unknowns[unknowns:])
	j.out.Plan.Starts, j.out.Plan.Complete = j.out.Plan.Starts[:starts], complete
	cs := inner.inside()
	if len(cs) == 0 {
		return
	}
	if setting {
		cs[0].Full, cs[0].Short = inner.graver(cs[0])
	}
	a := &s.acts[i]
	a.Risk = effect.Worst(a.Risk, inner.risk())
	a.say, a.brief = plantedSays(*a, how, kind, cs)
	s.inner = append(s.inner, inner)
}

// graver says a setting with what is grave about it.
func (s *step) graver(c clause) (full, short string) {
	for _, i := range s.inner {
		for _, f := range i.findings {
			if f.Risk.AtLeast(effect.High) && len(i.acts) > 0 {
				text := say.Text("planted.setting", "does", strings.TrimSuffix(f.Text, say.Text("sentence.stop")), "setting", prose.Clean(i.acts[0].Object))
				return text, text
			}
		}
	}
	return c.Full, c.Brief()
}

// inside says what a step runs, the worst first.
func (s *step) inside() []clause {
	var out []clause
	for _, i := range s.inner {
		if !i.consumed && (i.program != "" || len(i.acts)+len(i.inner)+len(i.findings) > 0) {
			out = append(out, i.led()...)
		}
	}
	worstFirst(out)
	return slices.DeleteFunc(out, func(c clause) bool { return c.Full == say.Text("command.nothing") })
}

// notYet rates what is not known of code that is only put somewhere: it does not
// run by this.
func notYet(s *step, unknowns []Unknown) {
	for i := range unknowns {
		unknowns[i].Risk = atMost(unknowns[i].Risk, effect.High)
	}
	s.unknown = atMost(s.unknown, effect.High)
	for _, i := range s.inner {
		notYet(i, nil)
	}
}

// plantedSays is "Adds a job to the schedule of jobs (/etc/crontab) that deletes x",
// and the same in fewer words, to stand beside others.
func plantedSays(a act, how, language string, cs []clause) (whole, brief string) {
	id := "planted." + how + language
	if language == "sh" || !say.Known(id) || language == "schedule" {
		id = "planted." + how + a.place.Class
	}
	if !say.Known(id) {
		id = "planted." + how + "other"
	}
	later := " " + say.Text("files.at-a-later-time")
	var does []string
	for _, c := range cs[:min(2, len(cs))] {
		text := prose.Lower(strings.ReplaceAll(strings.ReplaceAll(c.Brief(), ","+later, ""), later, ""))
		for _, end := range say.Words("sentence.ends") {
			text, _, _ = strings.Cut(text, end)
		}
		if c.says == shellHanded || c.Verb == "grant" && c.group != nil && c.Role != effect.RolePath {
			text = say.Text("headline." + shellHanded)
		}
		if c.As == "root" && a.As != "root" {
			text += say.Text("tail.admin")
		}
		does = append(does, text)
	}
	room := prose.MaxHeadline - 1
	if a.As != "" {
		room -= len(say.Text("tail.admin"))
	}
	name := cmp.Or(a.place.Name, a.Object)
	plain := strings.ReplaceAll(does[0], say.Text("planted.aside"), "")
	brief = say.Text("planted."+how+"brief", "place", name, "does", plain)
	for n := len(does); n > 0; n-- {
		for _, place := range []string{lore.Name(a.Object, a.place), name} {
			whole = say.Text(id, "place", place, "file", a.Object, "does", say.List("clauses", does[:n]...))
			if len([]rune(whole)) <= room {
				return whole, brief
			}
		}
	}
	if whole = say.Text(id, "place", name, "file", a.Object, "does", plain); len([]rune(whole)) <= room {
		return whole, brief
	}
	return brief, ""
}
