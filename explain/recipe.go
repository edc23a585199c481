package explain

import (
	"errors"
	"io/fs"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/say"
	"escort/explain/script/recipe"
	"escort/explain/shell"
)

// recipe explains a file whose language lists what other programs do.
func (j *job) recipe(s *step, language, text string, f frame) {
	if f.depth > maxDepth {
		j.unknown(f, say.Text("files.what-it-runs-in-turn"), say.Text("files.it-goes-on-too-deep"), effect.High, f.fix)
		j.incomplete()
		return
	}
	steps := recipe.Read(language, text, f.asked)
	s.lead = prose.Lead{} // it is no script: its steps are said as they are
	if s.summary != "" {
		s.summary = say.Text("files.finds-nothing-to-do-in")
	}
	for _, r := range steps {
		j.recipeStep(s, r, language, text, f)
	}
}

// recipeStep explains one step below s, and notes its line.
func (j *job) recipeStep(s *step, r recipe.Step, language, text string, f frame) {
	one := &step{as: f.as, where: f.place, line: r.Line}
	below := f
	below.into, below.lines, below.depth = one, nil, f.depth+1
	below.asked = recipe.Asked{}
	if below.fix == nil {
		below.fix = &effect.Span{0, min(len(j.out.Command), len(text))}
	}
	if r.As != "" && r.As != j.where.User {
		below.as, one.as = r.As, r.As
	}
	if p := recipePlaces[r.Place]; p != "" && below.place == "" {
		below.place, one.where = say.Text(p), say.Text(p)
	}
	starts, unknowns := len(j.out.Plan.Starts), len(j.out.Unknowns)
	switch {
	case r.Shell != "":
		below.lines = &scriptText{text: r.Shell}
		j.recipeShell(r, below)
		if k := kindly[language]; k != nil && (!below.root() || language == "unit") {
			k(one, j.out.Unknowns[unknowns:])
		}
		f.lines.take(below.lines, r.Line, one)
	case r.Verb != "":
		j.recipeAct(one, r, below)
	case r.File != "":
		j.recipeFile(one, r, below)
	case r.Unread != "":
		j.unknown(below, show(r.Unread), say.Text("files.it-was-not-read"), effect.Worst(effect.Caution, r.Risk), below.fix)
		one.summary = say.Text("files.does-more-that-i-did", "unread", show(r.Unread))
		j.incomplete()
	}
	if r.Place != recipe.Here {
		j.out.Plan.Starts = j.out.Plan.Starts[:starts]
	}
	if len(one.acts)+len(one.inner)+len(one.findings) > 0 || one.summary != "" {
		s.inner = append(s.inner, one)
		if f.lines != nil && r.Shell == "" && r.Line > 0 {
			f.lines.add(r.Line, f.lines.at(r.Line), one)
		}
	}
}

// recipePlaces are the messages that say where a step happens that does not
// happen here.
var recipePlaces = map[string]string{
	recipe.Container: "files.inside-a-container", recipe.Later: "files.at-a-later-time", recipe.Remote: "files.on-other-machines",
}

// recipeShell explains commands.
func (j *job) recipeShell(r recipe.Step, f frame) {
	if strings.Trim(r.Shell, recipe.Hole+" \t") == "" {
		j.unknown(f, say.Text("files.commands-for-a-shell"), say.Text("files.they-are-only-known-when"), effect.High, f.fix)
		j.incomplete()
		return
	}
	from := len(j.out.Plan.Starts)
	j.nested(r.Shell, shell.Options{Args: []string{"sh"}}, f)
	if r.Place == recipe.Here {
		j.throughShell(r.Shell, f.parent, from)
	}
}

// throughShell plans the starts from an index on once more below a shell: who
// runs commands of a file gives them to one, unless they are simple enough to
// be started without.
func (j *job) throughShell(text string, parent, from int) {
	direct := j.out.Plan.Starts[from:len(j.out.Plan.Starts):len(j.out.Plan.Starts)]
	hidden := strings.Contains(text, recipe.Hole) || strings.Contains(text, shell.Unknown)
	if len(direct) == 0 && hidden {
		return
	}
	sh, option := "sh", "-c"
	st := Start{Argv: []*string{&sh, &option, nil}, Parent: parent}
	if !hidden {
		st.Argv[2] = &text
	}
	if p, err := j.world.Lookup(j.ctx, effect.LookupProgram, sh); err == nil {
		st.Path = p
	}
	below := j.addStart(st)
	shift := len(j.out.Plan.Starts) - from
	for _, d := range direct {
		if d.Parent == parent {
			d.Parent = below
		} else if d.Parent >= from {
			d.Parent += shift
		}
		j.addStart(d)
	}
}

func (j *job) recipeAct(s *step, r recipe.Step, f frame) {
	a := act{Effect: Effect{
		Verb: r.Verb, Object: r.Object, Role: r.Role, Scope: r.Scope, Dimension: r.Dimension, Risk: r.Risk, As: f.as, Span: f.fix,
	}, say: r.Say}
	if a.Scope == "" {
		a.Scope = effect.ScopeSystem
	}
	if r.Role == effect.RolePath && r.Object != "" {
		if access := recipeAccess[r.Verb]; access != "" {
			w := j.where
			w.As, w.Root = f.as, f.root()
			a.access, a.place = access, lore.Classify(r.Object, w)
			a.Risk = effect.Worst(a.Risk, a.place.Rate(access, r.Verb == "delete"))
		}
	}
	if r.ID != "" {
		j.finding(s, Finding{ID: r.ID, Text: say.Text("finding.sentence", "clause", r.Say), Dimension: r.Dimension, Risk: r.Risk, Technique: r.Technique, Span: f.fix})
	}
	a.Object = strings.ReplaceAll(a.Object, shell.Unknown, "…")
	s.acts = append(s.acts, a)
	j.judged(s, &command{}, f)
}

var recipeAccess = map[string]string{"write": "write", "change": "write", "delete": "delete"}

// recipeFile opens a further file that a file names, relative to the folder of
// the first.
func (j *job) recipeFile(s *step, r recipe.Step, f frame) {
	name := within(f.folder, r.File)
	if !strings.Contains(name, recipe.Hole) {
		if data, more, ok := j.read(name); ok && isText(data) {
			language := r.Language
			if language == "" {
				language = languageOf(name, data)
			}
			j.openAs(s, name, name, language, data, more, nil, f.fix, f)
			return
		}
	}
	if _, err := j.world.Stat(j.ctx, name); r.Optional && errors.Is(err, fs.ErrNotExist) {
		return
	}
	risk := effect.High
	if r.Language == "make" || r.Language == "gitconfig" || r.Language == "unit" { // often not there at all
		risk = effect.Caution
	}
	s.summary = say.Text("files.uses-the-file-which-i", "file", show(r.File))
	j.unknown(f, say.Text("files.the-file", "file", show(r.File)), say.Text("files.it-could-not-be-read"), risk, f.fix)
	j.incomplete()
}
