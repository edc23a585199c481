package explain

import (
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/judge"
	"escort/explain/lore"
	"escort/explain/say"
	"escort/explain/shell"
)

// startOf puts a program start into the plan and returns its index.
func (j *job) startOf(cmd *command, f frame, _ string) int {
	if cmd.module {
		return f.parent
	}
	st := Start{Parent: f.parent, Max: cmd.max, Rest: cmd.rest}
	for i, w := range cmd.words {
		if cmd.rest && i == len(cmd.words)-1 && w.Text == shell.Unknown && w.Multi {
			break
		}
		if w.Multi {
			st.Rest = true
			break
		}
		if !w.Known || strings.Contains(w.Text, shell.Unknown) || j.tilde(w.Text) {
			st.Argv = append(st.Argv, nil)
			continue
		}
		text := w.Text
		st.Argv = append(st.Argv, &text)
	}
	name := cmd.words[0].Text
	if !strings.Contains(name, shell.Unknown) && name != "" {
		st.Path = cmd.path
		if st.Path == "" {
			if p, err := j.world.Lookup(j.ctx, effect.LookupProgram, name); err == nil {
				st.Path = p
			}
		}
		st.SHA256 = j.out.Plan.Files[st.Path]
	}
	for _, e := range cmd.env {
		if !strings.Contains(e, shell.Unknown) {
			st.Env = append(st.Env, e)
		} else {
			j.incomplete()
		}
	}
	if cmd.raw != nil && len(cmd.env) > 0 && len(cmd.words) == 0 {
		st.Env = nil
	}
	return j.addStart(st)
}

// tilde reports a path from a home folder that is not known.
func (j *job) tilde(s string) bool { return strings.HasPrefix(s, "~") && j.where.Home == "" }

func (j *job) addStart(st Start) int {
	j.out.Plan.Starts = append(j.out.Plan.Starts, st)
	return len(j.out.Plan.Starts) - 1
}

// part adds the meaning of a stretch of the text, unless the text is not the
// top one or the stretch has one already.
func (j *job) part(p Part, f frame) {
	if f.fix != nil || f.lines != nil {
		return
	}
	if p.Span[0] < 0 || p.Span[1] > len(j.text) || p.Span[0] >= p.Span[1] {
		return
	}
	if j.spans[p.Span] || p.Span[1] > len(j.out.Command) {
		return
	}
	j.spans[p.Span] = true
	p.Text = j.text[p.Span[0]:p.Span[1]]
	j.out.Parts = append(j.out.Parts, p)
}

// wordParts gives the words of a command to a program that has no entry: one
// meaning for its name, and one that is not known for all others.
func (j *job) wordParts(program string, words []lore.Word, named Part, rest string, f frame) {
	named.Span, named.Kind, named.Program = words[0].Span, effect.PartProgram, program
	j.part(named, f)
	for _, w := range words[1:] {
		j.part(Part{Span: w.Span, Meaning: rest, Source: effect.FromNowhere, Kind: partKind(w), Program: program}, f)
	}
}

func partKind(w lore.Word) effect.PartKind {
	if len(w.Text) > 1 && w.Text[0] == '-' {
		return effect.PartOption
	}
	return effect.PartOperand
}

// loreParts says what each word of a known command means.
func (j *job) loreParts(cmd *command, e *lore.Entry, u *lore.Use, f frame) {
	j.part(Part{Span: cmd.words[0].Span, Meaning: e.Summary, Source: effect.FromLore, Kind: effect.PartProgram, Program: u.Program}, f)
	var pages *about
	asked := false
	for _, p := range u.Parts {
		source, meaning := effect.FromLore, p.Vague()
		if !p.Known || meaning == "" {
			source = effect.FromNowhere
		}
		if len(p.Silent) > 0 {
			if !asked {
				pages, asked = j.pagesOf(cmd, e, u, f), true
			}
			if said := j.silence(p, pages); said != "" {
				source, meaning = effect.FromManual, said
			}
		}
		if meaning == "" {
			meaning = say.Text("command.not-known-here")
		}
		j.part(Part{Span: p.Word.Span, Meaning: meaning, Source: source, Kind: partKind(p.Word), Program: u.Program}, f)
	}
}

// operators are the messages about redirections.
var operators = map[string]string{
	">": "write", ">>": "add", ">|": "write", "<": "take", "<>": "both", "&>": "write-all", "&>>": "add-all",
	">&": "send", "<&": "take", "<<": "text", "<<-": "text", "<<<": "word",
}

// redirections are what the shell itself does with files around a command.
func (j *job) redirections(c *shell.Command, f frame) []act {
	out := make([]act, 0, len(c.Redirs))
	w := j.where
	w.As, w.Root = f.as, f.root()
	if c.Dir != "" {
		w.Cwd = c.Dir
	}
	for _, r := range c.Redirs {
		j.part(Part{Span: *f.at(r.Span), Meaning: say.Text("redirect."+operators[r.Op], "target", show(r.Target.Value)), Source: effect.FromShell}, f)
		a := act{Effect: Effect{Object: r.Target.Value, Role: effect.RolePath, As: f.as, Span: f.at(r.Span), Dimension: effect.Damage}}
		switch r.Op {
		case "<<", "<<-", "<<<":
			continue
		case "<&", ">&":
			if isDescriptor(r.Target.Value) {
				continue
			}
			a.Verb, a.access = "write", "write"
		case "<":
			a.Verb, a.access, a.Dimension = "read", "read", effect.Disclosure
			a.side = true
		case ">>", "&>>":
			a.Verb, a.access, a.say = "write", "write", "redirect.adds"
		default:
			a.Verb, a.access = "write", "write"
			if len(c.Words) == 0 && c.Compound == "" {
				a.Verb = "clear"
			}
		}
		if r.Target.Pipe != "" {
			continue
		}
		a.place = lore.Classify(r.Target.Value, w)
		if a.place.Class == "null" {
			continue
		}
		a.Scope = a.place.Scope
		a.Risk = a.place.Rate(a.access, false)
		if a.place.Class == "network" && knocks(c) {
			a.place.Class, a.Risk = "network-probe", effect.Caution
		}
		a.named = lore.Name(r.Target.Value, a.place)
		if a.place.Class == "network-probe" {
			host, port, _ := strings.Cut(strings.TrimPrefix(r.Target.Value[len("/dev/tcp"):], "/"), "/")
			a.named = say.Text("redirect.probed", "host", host, "port", port)
			a.say = say.Text("redirect.probes", "place", a.named)
		}
		if a.Verb == "write" && a.say == "" && r.Op != "<>" && (replaced[a.place.Class] || empty(c)) {
			a.say, a.undo, a.undoText = "redirect.replaces", effect.UndoPartly, say.Text("undo.replace")
			if empty(c) {
				a.Verb, a.say, a.undo, a.undoText = "clear", "redirect.empties", "", ""
			}
		}
		if a.say != "" {
			a.say = say.Text(a.say, "object", a.named)
		}
		a.Object = strings.ReplaceAll(a.Object, shell.Unknown, "…")
		out = append(out, a)
	}
	return out
}

// replaced are places of files that are there already: writing to one puts
// something in the place of what was in it.
var replaced = map[string]bool{
	"log": true, "audit-log": true, "history": true, "password": true, "accounts": true, "login-list": true, "names": true, "mounts": true,
}

// empty reports a command that puts nothing out.
func empty(c *shell.Command) bool {
	var words []string
	for _, w := range c.Words {
		words = append(words, w.Value)
	}
	switch strings.Join(words, " ") {
	case ":", "true", "cat /dev/null", "echo -n", "printf ":
		return true
	}
	return false
}

// secretClasses are places whose content must not leave the machine.
var secretClasses = map[string]bool{
	"key": true, "secret": true, "password": true, "ssh-keys": true, "cloud-keys": true, "cluster-keys": true,
	"environment": true, "database": true, "disk": true, "memory": true, "backup": true,
}

// keyClasses are those of them by which others get in.
var keyClasses = wordSet("key secret password ssh-keys cloud-keys cluster-keys")

// sentAway notes secrets that a pipe carries to another machine.
func (j *job) sentAway(s *step, cmd *command, redirs []act, f frame) {
	s.from = cmd.from
	j.shellSentAway(s, cmd)
	j.handedOut(s, cmd, redirs, f)
	out := s.fetches
	for _, a := range s.acts {
		out = out || a.Scope == effect.ScopeNetwork || a.Verb == "send" || a.Verb == "upload"
	}
	for i := range redirs { // what is sent is said, whatever it is
		s.acts[i].side = s.acts[i].side && !out
	}
	j.carriesAway(s, cmd, f)
	handedToLogin(s, cmd)
	out = out || s.codeTalks()
	fed := s.codeTalks() && readsSecret([]*step{{acts: s.acts}}, 0) || slices.ContainsFunc(redirs, func(a act) bool { return a.access == "read" && secretClasses[a.place.Class] })
	if out && (dumps(cmd.from, 0) || readsWhole(s, 0) || slices.ContainsFunc(cmd.from, func(o *step) bool { return readsWhole(o, 0) })) {
		j.finding(s, Finding{
			ID: bulkSent, Text: say.Text("finding.bulk-sent"),
			Dimension: effect.Disclosure, Risk: effect.High, Technique: "T1048", Span: f.at(cmd.words[0].Span),
		})
	}
	named := slices.ContainsFunc(s.acts, func(a act) bool { return sends(a) && keyClasses[a.place.Class] && a.place.Read.AtLeast(effect.High) })
	if !named && (!out || !fed && !readsSecret(cmd.from, 0)) {
		return
	}
	j.finding(s, Finding{
		ID: "secret-sent", Text: say.Text("finding.secret-sent/2"),
		Dimension: effect.Disclosure, Risk: effect.Critical, Technique: "T1048", Span: f.at(cmd.words[0].Span),
	})
}

// codeTalks reports code in another language than shell that makes connections to
// other machines.
func (s *step) codeTalks() bool {
	return codePrograms[strings.TrimRight(s.program, "0123456789.")] && slices.ContainsFunc(s.acts, func(a act) bool { return a.Verb == "connect" })
}

var codePrograms = wordSet("python pypy perl ruby node nodejs bun deno php lua")

// wholePlaces are folders that are more than one person's or one service's.
var wholePlaces = map[string]bool{"root": true, "homes": true, "home": true, "root-home": true, "config": true, "data": true, "database": true, "backup": true, "containers": true, "mount": true}

// readsWhole reports that all of such a folder is read by a step or by what
// it reads from.
func readsWhole(s *step, depth int) bool {
	for _, a := range s.acts {
		if a.access == "read" && a.place.Exact && wholePlaces[a.place.Class] && a.Verb != "search" {
			return true
		}
	}
	return depth < 8 && slices.ContainsFunc(s.from, func(o *step) bool { return readsWhole(o, depth+1) })
}

func readsSecret(steps []*step, depth int) bool {
	for _, s := range steps {
		if slices.ContainsFunc(s.findings, func(f Finding) bool {
			return (f.ID == "secrets-read" || f.ID == "cloud-keys-asked") && f.Risk.AtLeast(effect.High)
		}) {
			return true
		}
		for _, a := range s.acts {
			if a.access == "read" && secretClasses[a.place.Class] || a.Verb == "expose" && a.Role != effect.RoleDatabase && a.Risk.AtLeast(effect.High) {
				return true
			}
		}
		if depth < 8 && (readsSecret(s.from, depth+1) || readsSecret(s.inner, depth+1)) {
			return true
		}
	}
	return false
}

func isDescriptor(s string) bool {
	s = strings.TrimSuffix(s, "-")
	return s == "" || strings.Trim(s, "0123456789") == ""
}

// thrownAway notes output and errors that nobody will see, where the command
// does something that matters.
func (j *job) thrownAway(s *step, cmd *command, f frame) {
	if cmd.raw == nil || !quiet(cmd.raw) || !s.risk().AtLeast(effect.High) {
		return
	}
	j.finding(s, Finding{
		ID: "output-thrown-away", Text: say.Text("finding.output-thrown-away"),
		Dimension: effect.Hiding, Risk: effect.Caution, Technique: "T1564", Span: f.at(cmd.raw.Span),
	})
}

// quiet reports that a command's output and errors both go nowhere.
func quiet(c *shell.Command) bool {
	var out, errs bool
	for _, r := range c.Redirs {
		null := r.Target.Value == "/dev/null"
		switch {
		case (r.Op == "&>" || r.Op == "&>>") && null:
			return true
		case r.FD == 2 && (null || r.Target.Value == "1" && out):
			errs = true
		case r.FD <= 1 && null && strings.HasPrefix(r.Op, ">"):
			out = true
		}
	}
	return out && errs
}

// shellSentAway notes a shell that takes what comes in and whose output goes to
// another machine: whoever sits there can type commands.
func (j *job) shellSentAway(s *step, cmd *command) {
	if !slices.ContainsFunc(s.acts, func(a act) bool { return a.Scope == effect.ScopeNetwork }) {
		return
	}
	for _, from := range cmd.from {
		if shellNames[from.program] && slices.ContainsFunc(from.acts, func(a act) bool { return a.Verb == "execute" || a.Verb == "open" }) {
			j.finding(s, judge.ReverseShell())
		}
	}
}

var shellNames = map[string]bool{"sh": true, "bash": true, "dash": true, "zsh": true, "ksh": true, "ash": true, "fish": true}
