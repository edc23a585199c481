package explain

import (
	"path"
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/judge"
	"escort/explain/lore"
	"escort/explain/say"
	"escort/explain/shell"
)

// command is one command about to be explained.
type command struct {
	words   []lore.Word
	raw     *shell.Command // nil: it did not come from shell text
	env     []string
	path    string // where the program surely lies; empty: look it up
	max     int
	exact   bool // its words are a program start: no builtins
	rest    bool // further words will follow
	apart   bool // it works in a folder of its own, not for the system
	renamed bool // its name leads to a program of another name
	module  bool // it is a part of the program before it, which runs it itself
	from    []*step
	input   *string
	typed   bool // input is typed at the program's own prompt
	piped   bool
}

// program explains all commands of a text that was read.
func (j *job) program(p *shell.Program, f frame) []*step {
	top := f.into
	if top == nil && len(j.steps) > 0 {
		top = j.steps[0]
	}
	for _, s := range p.Sourced {
		j.out.Plan.Files[s.Path] = sum(s.Data)
	}
	for file, text := range p.Written {
		if j.written == nil {
			j.written = map[string]string{}
		}
		j.written[file] += text
	}
	for _, pr := range p.Problems {
		j.problem(pr, f, top)
	}
	if top != nil && slices.ContainsFunc(p.Commands, func(c *shell.Command) bool {
		return c.Recursive && (c.Background || c.From >= 0)
	}) {
		j.finding(top, Finding{
			ID: "floods-machine", Text: say.Text("finding.floods-machine"),
			Dimension: effect.Damage, Risk: effect.Critical, Technique: "T1499.001",
		})
	}
	if top != nil && (judge.TakesOver(p.Text) || j.zsh && judge.TakesOverZsh(p.Text)) {
		j.finding(top, judge.Taken())
	}
	for _, d := range p.Disguises {
		j.disguise(d, f, top)
	}
	b := belong(p)
	trapped := b.trapped()
	made := make([]*step, len(p.Commands))
	for i, c := range p.Commands {
		if c.Def != "" || viaSource(c) || trapped[i] {
			continue
		}
		made[i] = j.shellCommand(c, made, f)
		if made[i] == nil {
			continue
		}
		if f.lines != nil {
			made[i].line = f.lines.line(c.Span[0])
			f.lines.note(made[i], c)
		}
		if f.into != nil {
			f.into.inner = append(f.into.inner, made[i])
		} else {
			j.steps = append(j.steps, made[i])
		}
	}
	j.channels(p, made)
	j.webTalk(p, made)
	j.defs(p, b, made, f)
	return made
}

// viaSource reports a command of a sourced file. Such a file is opened and
// explained as a script by the command that sources it.
func viaSource(c *shell.Command) bool {
	return slices.ContainsFunc(c.Via, func(v shell.Via) bool { return v.Kind == shell.ViaSource })
}

func (j *job) problem(pr shell.Problem, f frame, top *step) {
	span := f.at(pr.Span)
	switch pr.Kind {
	case shell.ProblemSyntax:
		j.unknown(f, say.Text("command.the-text"), say.Text("command.it-is-not-complete-or", "text", pr.Text), effect.Caution, span)
		j.incomplete()
	case shell.ProblemBytes:
		j.finding(top, Finding{
			ID: "disguised-text", Text: say.Text("finding.disguised-text"),
			Dimension: effect.Hiding, Risk: effect.Caution, Technique: "T1027", Span: span,
		})
	case shell.ProblemUnread:
		j.unknown(f, say.Text("command.a-file-of-commands"), pr.Text, effect.High, span)
		j.incomplete()
	default:
		j.unknown(f, say.Text("command.a-part-of-the-text"), pr.Text, effect.High, span)
		j.incomplete()
	}
}

// disguises says how bad each way of hiding text is: a message and a rating.
var disguises = map[string]struct {
	text string
	risk Risk
}{
	shell.HowBase64:    {"command.hides-what-it-runs-in", effect.High},
	shell.HowQuotes:    {"command.hides-a-word-by-quotes", effect.High},
	shell.HowEscapes:   {"command.hides-a-word-by-coded", effect.High},
	shell.HowPieces:    {"command.puts-a-command-together-from", effect.High},
	shell.HowSubst:     {"command.makes-a-command-from-the", effect.High},
	shell.HowLookAlike: {"command.uses-letters-that-look-like", effect.High},
	shell.HowInvisible: {"command.holds-characters-that-cannot-be", effect.High},
	shell.HowBytes:     {"command.holds-bytes-that-are-no", effect.Caution},
	shell.HowPadding:   {"command.moves-a-part-of-the-line", effect.High},
	shell.HowGlob:      {"command.hides-the-name-of-a", effect.High},
}

func (j *job) disguise(d shell.Disguise, f frame, top *step) {
	row, ok := disguises[d.How]
	if !ok {
		row.text, row.risk = "command.hides-what-it-really-is", effect.High
	}
	text := say.Text(row.text)
	if d.Real != "" && !strings.Contains(d.Real, shell.Unknown) && len(d.Real) < 80 {
		text = say.Text("command.comes-to", "what", text, "real", d.Real)
	}
	j.finding(top, Finding{
		ID: "disguised-text", Text: text, Dimension: effect.Hiding, Risk: row.risk, Technique: "T1027", Span: f.at(d.Span),
	})
}

// shellCommand explains one command of shell text.
func (j *job) shellCommand(c *shell.Command, made []*step, f frame) *step {
	cmd := &command{raw: c, max: 1, input: c.Input}
	if c.Loop || f.loop || c.Recursive {
		cmd.max = 0
	}
	if f.input != nil && cmd.input == nil {
		cmd.input = f.input
	}
	for _, i := range fromAll(c) {
		if from := stepAt(made, i); from != nil {
			cmd.from = append(cmd.from, from)
		}
		cmd.piped = true
	}
	for _, a := range c.Assigns {
		cmd.env = append(cmd.env, a.Name+"="+a.Value.Value)
		if len(c.Words) > 0 {
			j.part(Part{Span: *f.at(a.Span), Meaning: say.Text("command.sets-the-variable-for-this", "name", a.Name), Source: effect.FromShell}, f)
		}
	}
	cmd.words = make([]lore.Word, 0, min(len(c.Words), shell.MaxNodes))
	for i, w := range c.Words {
		if i == shell.MaxNodes {
			j.unknown(f, say.Text("command.further-words-of-the-command"), say.Text("command.there-are-more-than-can"), effect.High, nil)
			j.incomplete()
			cmd.rest = true
			break
		}
		cmd.words = append(cmd.words, wordsOf(w, f)...)
		for _, i := range w.From {
			if stepAt(made, i) != nil {
				cmd.words[len(cmd.words)-1].Ref = append(cmd.words[len(cmd.words)-1].Ref, i)
			}
		}
	}
	s := j.withRedirs(cmd, made, f)
	if s != nil && len(cmd.words) > 0 {
		s.listedWords(cmd, made)
		j.sentInWords(s, cmd, made, f)
	}
	return s
}

func fromAll(c *shell.Command) []int {
	if len(c.FromAll) > 0 {
		return c.FromAll
	}
	if c.From >= 0 {
		return []int{c.From}
	}
	return nil
}

// wordsOf turns a shell word into what the program will get: several words
// where a wildcard is known to stand for files.
func wordsOf(w shell.Word, f frame) []lore.Word {
	span := *f.at(w.Span)
	base := lore.Word{Of: w.Of, Feed: w.Feed, Text: w.Value, Known: w.Known || w.Home && !strings.Contains(w.Value, shell.Unknown), Multi: w.Multi, Span: span}
	if w.Glob != nil && w.Glob.Known && len(w.Glob.Paths) > 0 && len(w.Glob.Paths) <= 16 && !w.Glob.More {
		var out []lore.Word
		for _, p := range w.Glob.Paths {
			v := base
			v.Text, v.Known, v.Multi = p, true, false
			out = append(out, v)
		}
		return out
	}
	pattern := ""
	switch {
	case w.Glob != nil && !w.Glob.Known:
		pattern = w.Glob.Pattern
	case w.Glob == nil && !w.Known && !w.Home:
		pattern = w.Value
	}
	if place := standsFor(pattern); place != "" {
		base.Text, base.Known = place, true
		return []lore.Word{base}
	}
	if w.Glob != nil {
		base.Text, base.Known, base.Multi = w.Glob.Pattern, false, true
		base.Globbed = true
	}
	return []lore.Word{base}
}

func (j *job) withRedirs(cmd *command, made []*step, f frame) *step {
	c := cmd.raw
	for _, r := range c.Redirs {
		if strings.HasPrefix(r.Op, "<") && r.FD <= 0 {
			cmd.piped = true
		}
		if r.HereText != nil && cmd.input == nil {
			cmd.input = r.HereText
		}
	}
	redirs := j.redirections(c, f)
	var s *step
	switch {
	case len(cmd.words) > 0:
		s = j.commandWith(cmd, made, redirs, f)
	case len(c.Redirs) > 0 || len(c.Assigns) > 0:
		s = &step{program: "", acts: redirs, as: f.as, where: f.place}
		j.assigns(s, c, f)
		j.judged(s, cmd, f)
	default:
		return nil
	}
	j.planted(s, c, f)
	j.breadth(s, c, f)
	return s
}

// assigns says which variables a command without words sets.
func (j *job) assigns(s *step, c *shell.Command, f frame) {
	for _, a := range c.Assigns {
		j.part(Part{Span: *f.at(a.Span), Meaning: say.Text("command.sets-the-variable", "name", a.Name), Source: effect.FromShell}, f)
		s.acts = append(s.acts, act{Effect: Effect{
			Verb: "change", Object: a.Name, Role: effect.RoleSetting, Scope: effect.ScopeSession,
			Dimension: effect.Damage, Risk: effect.Safe, As: f.as, Span: f.at(a.Span),
		}, say: say.Text("command.sets-the-variable", "name", a.Name), undo: effect.UndoYes, undoText: say.Text("command.it-is-forgotten-when-the")})
	}
}

// usual are the folders in which the system's own programs lie.
var usual = []string{"/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/snap/bin", "/usr/games", "/opt/homebrew/bin"}

// systemFolder reports whether programs there are those of the system.
func systemFolder(dir string) bool {
	if slices.Contains(usual, dir) {
		return true
	}
	for _, p := range []string{"/usr/", "/lib/", "/lib64", "/opt/", "/nix/store/", "/snap/"} {
		if strings.HasPrefix(dir, p) {
			return true
		}
	}
	return dir == "/lib"
}

// command explains a command without redirections.
func (j *job) command(cmd *command, f frame) *step {
	s := j.commandWith(cmd, nil, nil, f)
	if f.into != nil {
		f.into.inner = append(f.into.inner, s)
	} else {
		j.steps = append(j.steps, s)
	}
	return s
}

func (j *job) commandWith(cmd *command, made []*step, redirs []act, f frame) *step {
	first := cmd.words[0]
	name := first.Text
	s := &step{program: gnu(path.Base(name)), as: f.as, where: f.place, acts: slices.Clone(redirs)}
	inner := f
	inner.into = s
	switch {
	case !j.budget.Take(1) || f.depth > maxDepth:
		j.unknown(inner, say.Text("files.what-it-runs-in-turn"), say.Text("files.it-goes-on-too-deep"), effect.High, f.at(first.Span))
		j.incomplete()
	case strings.Contains(name, shell.Unknown) || name == "" || first.Globbed:
		j.unpredictable(s, cmd, made, inner)
	default:
		entry := j.entryOf(name)
		if entry == nil && strings.Contains(name, "/") && cmd.path == "" {
			entry = j.anotherName(s, name, cmd, f)
		}
		if entry == nil {
			j.stranger(s, cmd, inner)
		} else {
			j.known(s, cmd, entry, made, inner)
		}
	}
	j.judged(s, cmd, f)
	j.hunted(s, cmd)
	j.thrownAway(s, cmd, f)
	j.sentAway(s, cmd, redirs, f)
	j.inTurn(s, cmd, f)
	if s.writes() && len(redirs) > 0 { // what it prints goes there
		for i := range s.acts {
			s.acts[i].side = s.acts[i].side || s.acts[i].Verb == "print"
		}
	}
	return s
}

func texts(words []lore.Word) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.Text
	}
	if len(out) > 0 {
		out[0] = path.Base(out[0])
	}
	return out
}

// entryOf finds the lore of a program, nil where its name or folder is not
// that of a known one.
func (j *job) entryOf(name string) *lore.Entry {
	if strings.Contains(name, "/") && !systemFolder(path.Dir(path.Clean(name))) {
		return nil
	}
	e, err := lore.Lookup(gnu(path.Base(name)))
	if err != nil {
		return nil
	}
	return e
}

// gnu is the usual name of a program of the GNU collection that stands beside
// another system's own one with a g before its name: gsed, gls; or that of a
// program of Windows that is called by its file.
func gnu(name string) string {
	if short, ok := strings.CutSuffix(strings.ToLower(name), ".exe"); ok { // one of Windows, by its file
		own, err := lore.Lookup(name)
		other, err2 := lore.Lookup(short)
		if err == nil && err2 == nil && own == nil && other != nil {
			return short
		}
	}
	rest, ok := strings.CutPrefix(name, "g")
	if !ok {
		return name
	}
	if e, err := lore.Lookup(name); err != nil || e != nil {
		return name
	}
	switch e, err := lore.Lookup(rest); {
	case err != nil || e == nil:
	case e.Package == "coreutils" || e.Package == "findutils" || e.Package == "sed" || e.Package == "grep" || e.Package == "tar":
		return rest
	}
	return name
}

// unpredictable is a command whose program is not known before it runs.
func (j *job) unpredictable(s *step, cmd *command, made []*step, f frame) {
	s.summary = say.Text("command.runs-a-command-that-is")
	for _, i := range cmd.words[0].Ref {
		if from := stepAt(made, i); from != nil && from.fetches {
			s.code = "network"
		}
	}
	j.unknownNamed(f, "name", "", say.Text("command.it-is-only-made-when"), effect.High, f.at(cmd.words[0].Span))
	j.startOf(cmd, f, "")
	j.incomplete()
	later := say.Text("command.not-known-yet")
	j.wordParts("", cmd.words, Part{Meaning: later, Source: effect.FromNowhere}, later, f)
}
