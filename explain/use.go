package explain

import (
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/say"
	"escort/explain/shell"
)

// outlineNames is from how many programs on an entry says of each only what all
// of them have in common.
const outlineNames = 8

// known explains a command whose program has an entry.
func (j *job) known(s *step, cmd *command, e *lore.Entry, made []*step, f frame) {
	words := cmd.words
	switch {
	case s.program == "git":
		words = aliased(words)
	case promptShells[s.program]:
		words = codeLast(words)
	}
	u := e.Read(s.program, words[1:])
	where := j.whereOf(cmd, f)
	s.summary, s.loose = u.Entry.Summary, e.NoStrict && len(e.Names) >= outlineNames && u.Entry == e && !u.Off() && !u.Searches()
	if e.Assignments {
		cmd.env = slices.Clip(cmd.env) // what it was given by may be used by others
		for _, w := range u.Slots["ASSIGN"] {
			cmd.env = append(cmd.env, w.Text)
		}
	}
	j.loreParts(cmd, e, u, f)
	start := f.parent
	if !e.Builtin || cmd.exact || strings.Contains(cmd.words[0].Text, "/") {
		start = j.startOf(cmd, f, s.program)
	}
	effects := u.Effects(where)
	s.acts = slices.Grow(s.acts, len(effects))
	for _, m := range effects {
		a := j.actOf(m, f)
		if cmd.apart && a.Role == effect.RolePackage { // into its own folder
			a.Scope = effect.ScopeOwn
		}
		s.acts = append(s.acts, a)
	}
	j.finding(s, u.Findings(where)...)
	if f, ok := u.InProduction(); ok && slices.ContainsFunc(s.acts, matters) {
		j.finding(s, f)
	}
	j.insideShown(s, u, f)
	j.handed(s, cmd, u, f)
	j.toldByInput(s, cmd, f)
	for _, q := range u.Entry.Ask { // the entry is shared: its own list stays as it is
		s.asks = append(s.asks, u.Fill(q))
	}
	j.doubts(u, f)
	j.shadowed(s, cmd, start, f)
	if u.Off() {
		s.summary = say.Text("command.shows-help-about", "path", u.Path)
		if u.Tags["dry-run"] {
			s.summary = say.Text("command.only-shows-what-it-would", "summary", prose.Lower(u.Does()))
		}
		if means := u.Means("only"); means != "" {
			s.summary = means
		}
	}
	for _, a := range s.acts {
		s.fetches = s.fetches || a.Verb == "fetch" || a.Verb == "download" || a.Verb == "connect" && a.Scope == effect.ScopeNetwork
	}
	below := f
	below.parent, below.depth = start, f.depth+1
	j.helpers(u, where, below)
	j.aptSettings(s, u, cmd, below)
	if s.program == "echo" && known(cmd.words) {
		s.printed = strings.Join(texts(cmd.words)[1:], " ") + "\n"
	}
	if (s.program == "tee" || u.Tags["stdin"] && u.Family() == "systemctl") && cmd.input != nil {
		j.plantedBy(s, *cmd.input, func(string) bool { return u.Given["-a"] || s.program != "tee" }, f)
	}
	s.gives = givesOf(u, where)
	s.picks(u)
	s.sedSays(u)
	if s.program == "find" {
		s.called = called(u)
	}
	j.runs(s, u, cmd, made, where, below)
	j.stdin(s, u, cmd, where, below)
	j.unreadInput(u, cmd, where, f)
	if p := u.Interactive(where); p != nil && cmd.input == nil {
		j.interactive(s, p, f, cmd.words[0].Span)
	}
	s.fromCommands(cmd)
	s.filter = cmd.raw != nil && len(fromAll(cmd.raw)) > 0 && len(s.inner) == 0 && !s.risk().AtLeast(effect.Caution) && !s.writes() && !hasAct(s, "count") && !hasAct(s, "switch")
}

// fromCommands names what another command gives in place of saying that it is
// not known.
func (s *step) fromCommands(cmd *command) {
	unknown, from := say.Text("noun.not-known"), say.Text("noun.from-command")
	for _, w := range cmd.words[1:] {
		if w.Text != shell.Unknown || len(w.Ref) == 0 {
			continue
		}
		for i := range s.acts {
			if a := &s.acts[i]; a.named == unknown && a.Span != nil && *a.Span == w.Span {
				a.named = from
			}
			s.acts[i].say = strings.ReplaceAll(s.acts[i].say, unknown, from)
		}
	}
}

// shortInput is how many bytes of input a person reads on a card.
const shortInput = 256

// matters reports whether an act changes more than a trifle.
func matters(a act) bool {
	return a.Dimension != effect.Disclosure && a.Risk.AtLeast(effect.Caution)
}

func (j *job) whereOf(cmd *command, f frame) lore.Where {
	w := j.where
	w.As, w.Root = f.as, f.root() || f.as == "" && w.Root
	w.PipedIn = cmd.piped || cmd.input != nil
	w.InText = cmd.input != nil && len(*cmd.input) <= shortInput && !strings.Contains(*cmd.input, shell.Unknown)
	if cmd.raw != nil && cmd.raw.Dir != "" {
		w.Cwd = cmd.raw.Dir
	}
	return w
}

func (j *job) actOf(m lore.Made, f frame) act {
	a := act{Effect: m.Effect, say: m.Say, named: m.Named, undo: m.Undo, undoText: m.UndoText, place: m.Place, access: m.Access}
	if a.Span != nil && f.fix != nil {
		a.Span = f.at(*a.Span)
	}
	if a.As == "" {
		a.As = f.as
	}
	if (a.Role == effect.RoleFolder || a.Role == effect.RoleNone) && a.named == m.Object && m.Say == "" && m.Object != "" {
		a.named = say.Text("command.the-folder", "object", m.Object)
	}
	a.side = m.Verb == "become" || (m.Access == "read" && (m.Verb == "read" || m.Verb == "search") || m.Verb == "read" && m.Access == "none" && m.Role == effect.RolePath)
	a.Object = strings.ReplaceAll(a.Object, shell.Unknown, "…")
	return a
}

// doubts are options and words that the entry does not know.
func (j *job) doubts(u *lore.Use, f frame) {
	if u.Off() {
		return
	}
	for _, w := range u.Strange {
		id := "unknown.option"
		if !strings.HasPrefix(w.Text, "-") {
			id = "unknown.word"
		}
		j.unknown(f, say.Text(id, "name", show(w.Text), "program", u.Path), say.Text("command.it-is-not-known-here"), effect.Caution, f.at(w.Span))
	}
	if u.Unsure {
		j.unknown(f, say.Text("command.a-word-of", "path", u.Path), say.Text("windows.it-is-only-known-when"), effect.Low, nil)
		j.incomplete()
	}
}

func show(s string) string { return strings.ReplaceAll(clip(s, 80), shell.Unknown, "…") }

// unreadInput is a line for a program's own prompt that is not read here.
func (j *job) unreadInput(u *lore.Use, cmd *command, w lore.Where, f frame) {
	if cmd.typed && len(u.Runs) == 0 && u.ReadsCode(w) == nil && sqlPrograms[u.Program] == "" && databasePrompts[u.Program] == "" {
		j.unknown(f, say.Text("command.the-line"), say.Text("command.what-does-with-it-is", "program", show(u.Program)), effect.Caution, f.at(cmd.words[0].Span))
	}
}

// prompts are the findings about the two kinds of prompts, by whether its keys
// act at once.
var prompts = map[bool]string{false: effect.OwnPrompt, true: "own-screen"}

// opens are the messages that say so.
var opens = map[bool]string{false: "command.opens-where-more-can-be", true: "command.opens"}

func (j *job) interactive(s *step, p *lore.Prompt, f frame, span effect.Span) {
	j.incomplete()
	id := prompts[p.Screen]
	j.finding(s, Finding{
		ID: id, Text: say.Text("finding."+id, "prompt", p.Text), Dimension: effect.Control, Risk: p.Risk, Span: f.at(span),
	})
	s.acts = append(s.acts, act{Effect: Effect{
		Verb: "open", Object: p.Text, Role: effect.RoleSession, Scope: effect.ScopeSession, As: f.as,
		Dimension: effect.Control, Risk: p.Risk, Span: f.at(span),
	}, say: say.Text(opens[p.Screen], "text", p.Text), undo: effect.UndoUnknown, undoText: say.Text("command.that-depends-on-what-is")})
}
