package explain

import (
	"path"
	"slices"
	"strings"
	"sync"

	"escort/explain/effect"
	"escort/explain/judge"
	"escort/explain/lore"
	"escort/explain/say"
	"escort/explain/script"
	"escort/explain/shell"
)

// promptShells read commands one after another.
var promptShells = map[string]bool{
	"sh": true, "bash": true, "dash": true, "zsh": true, "ksh": true, "mksh": true, "ash": true, "fish": true, "tcsh": true, "csh": true, "rbash": true,
}

// lines are programs that pass on whatever the other machine sends.
var lines = map[string]bool{
	"nc": true, "ncat": true, "netcat": true, "nc.traditional": true, "nc.openbsd": true, "telnet": true, "socat": true, "websocat": true, "pwncat": true,
}

// channels finds shells that another machine is tied to: by a redirection, by
// a descriptor that was opened before, or by a pipe.
func (j *job) channels(p *shell.Program, made []*step) {
	w := wiring{p: p, open: map[string]bool{}}
	w.look()
	for i, s := range made {
		if s == nil {
			continue
		}
		c := p.Commands[i]
		linked := w.any && w.linked(c)
		switch {
		case linked && (s.prompts() || w.reads && s.unforeseen()),
			(s.prompts() || s.unforeseen()) && (comesFrom(s, (*step).talks, 0) || w.words(c, made)),
			s.talks() && comesFrom(s, (*step).prompts, 0),
			s.prompts() && w.coprocess(c, made),
			s.prompts() && w.byFile(c, made),
			readsScript[s.program] && slices.ContainsFunc(c.Words, func(word shell.Word) bool { return overNetwork(word.Value) }),
			(s.prompts() || s.unforeseen()) && w.polls(c, s, made),
			windows[s.program] && shownElsewhere(c):
			j.finding(s, judge.ReverseShell())
		}
	}
}

// readsScript are commands whose words name a file with commands.
var readsScript = map[string]bool{"source": true, ".": true, "sh": true, "bash": true, "dash": true, "zsh": true, "ksh": true}

// wiring is what a text ties to other machines.
type wiring struct {
	p     *shell.Program
	from  *orders
	open  map[string]bool // descriptors that lead to another machine
	any   bool            // something leads to another machine
	reads bool            // something is read from there
	all   bool            // the shell's own input or output leads there from some point on
}

func overNetwork(target string) bool {
	return strings.HasPrefix(target, "/dev/tcp/") || strings.HasPrefix(target, "/dev/udp/")
}

func (w *wiring) look() {
	for _, c := range w.p.Commands {
		for _, r := range c.Redirs {
			if !overNetwork(r.Target.Value) {
				continue
			}
			w.any = true
			w.reads = w.reads || strings.HasPrefix(r.Op, "<")
			w.all = w.all || r.FD <= 2 && ownRedirs(c)
			if r.FD > 2 {
				w.open[itoa(r.FD)] = true
			} else if r.FD < 0 {
				w.open[shell.Unknown] = true
			}
		}
		w.all = w.all || ownRedirs(c) && w.leads(c) && slices.ContainsFunc(c.Redirs, func(r shell.Redir) bool { return r.FD >= 0 && r.FD <= 2 })
		if len(c.Words) > 0 && (c.Words[0].Value == "ztcp" || c.Words[0].Value == "zsocket") {
			w.any, w.reads, w.open[shell.Unknown] = true, true, true
		}
	}
}

// ownRedirs reports an exec that only redirects the shell itself.
func ownRedirs(c *shell.Command) bool { return len(c.Words) == 1 && c.Words[0].Value == "exec" }

// linked reports that a redirection of c, or of what it stands in, leads to
// another machine.
func (w *wiring) linked(c *shell.Command) bool {
	if w.all || w.leads(c) {
		return true
	}
	return slices.ContainsFunc(w.p.Commands, func(o *shell.Command) bool {
		return o.Compound != "" && o.Span[0] <= c.Span[0] && c.Span[1] <= o.Span[1] && w.leads(o)
	})
}

func (w *wiring) leads(c *shell.Command) bool {
	return slices.ContainsFunc(c.Redirs, func(r shell.Redir) bool {
		return overNetwork(r.Target.Value) || (r.Op == "<&" || r.Op == ">&") && w.open[strings.TrimSuffix(r.Target.Value, "-")] ||
			r.Op == "<" && w.open[strings.TrimPrefix(r.Target.Value, "/dev/fd/")]
	})
}

// words reports a script that is read from another machine: sh <(nc …).
func (w *wiring) words(c *shell.Command, made []*step) bool {
	for _, word := range c.Words {
		if (word.Pipe == "<(" || !word.Known) && slices.ContainsFunc(word.From, func(i int) bool {
			return made[i] != nil && (made[i].talks() || w.leads(w.p.Commands[i]))
		}) {
			return true
		}
	}
	return false
}

// coprocess reports that c is tied to a coprocess which is a line to another
// machine.
func (w *wiring) coprocess(c *shell.Command, made []*step) bool {
	return slices.ContainsFunc(c.Redirs, func(r shell.Redir) bool {
		return strings.Contains(r.Target.Raw, "COPROC") || strings.Contains(r.Target.Raw, "[0]}") || strings.Contains(r.Target.Raw, "[1]}")
	}) && slices.ContainsFunc(made, func(s *step) bool { return s != nil && s.talks() })
}

// prompts reports a shell whose commands come from its input.
func (s *step) prompts() bool {
	if promptShells[s.program] {
		return s.code != "" || effect.Found(s.findings, effect.OwnPrompt) || s.opensScript()
	}
	return slices.ContainsFunc(s.inner, (*step).prompts)
}

// opensScript reports a script that is only made when the line runs.
func (s *step) opensScript() bool {
	return slices.ContainsFunc(s.acts, func(a act) bool { return a.Verb == "execute" && a.Role == effect.RoleScript && a.Object == "…" })
}

// unforeseen reports a command that is only known when it runs.
func (s *step) unforeseen() bool {
	return strings.Contains(s.program, shell.Unknown) || (s.program == "eval" || promptShells[s.program]) && s.unknown.AtLeast(effect.High) ||
		slices.ContainsFunc(s.inner, (*step).unforeseen)
}

// talks reports a program that passes on what another machine sends.
func (s *step) talks() bool {
	switch {
	case slices.ContainsFunc(s.acts, func(a act) bool { return overNetwork(a.Object) && (a.Verb == "read" || a.Verb == "show") }):
		return true
	case lines[s.program]:
		return !slices.ContainsFunc(s.acts, func(a act) bool { return a.Verb == "test" })
	case s.program == "openssl":
		return slices.ContainsFunc(s.acts, func(a act) bool { return a.Verb == "connect" || a.Verb == "listen" })
	case s.program == "curl":
		return slices.ContainsFunc(s.acts, func(a act) bool { return strings.HasPrefix(a.Object, "telnet:") })
	}
	return slices.ContainsFunc(s.inner, (*step).talks)
}

// comesFrom reports that what a step reads comes from one that fits.
func comesFrom(s *step, fits func(*step) bool, depth int) bool {
	return depth < 8 && slices.ContainsFunc(s.from, func(o *step) bool { return fits(o) || comesFrom(o, fits, depth+1) })
}

// sources are the languages of files by the ends of their names.
var sources = map[string]string{
	".c": "c", ".go": "go", ".dart": "dart", ".java": "java", ".php": "php", ".phtml": "php", ".py": "python", ".pl": "perl", ".rb": "ruby",
	".js": "node", ".mjs": "node", ".ts": "node", ".lua": "lua", ".cr": "crystal", ".groovy": "groovy", ".tcl": "tcl", ".exp": "tcl", ".rs": "rust", ".cs": "csharp", ".ml": "ocaml",
	".hs": "haskell", ".scala": "scala", ".kt": "groovy", ".nim": "nim", ".jl": "julia", ".r": "r", ".R": "r", ".cpp": "c", ".cc": "c", ".erl": "erlang", ".exs": "erlang", ".awk": "awk", ".nse": "lua", ".swift": script.Any, ".zig": script.Any, ".v": script.Any, ".d": script.Any,
}

// planted reads code that a command writes to a file: what runs it later says
// less about it.
func (j *job) planted(s *step, c *shell.Command, f frame) {
	if c.Output == nil {
		return
	}
	adds := map[string]bool{}
	for _, r := range c.Redirs {
		if r.FD == 1 && strings.HasPrefix(r.Op, ">") && r.Op != ">&" {
			adds[r.Target.Value] = r.Op == ">>"
		}
	}
	if len(adds) > 0 {
		j.plantedBy(s, *c.Output, func(file string) bool { return adds[file] }, f)
	}
	handed := sync.OnceValue(func() bool { return tied().MatchString(*c.Output) })
	read := map[string]bool{} // languages
	for _, r := range c.Redirs {
		if r.FD != 1 || !strings.HasPrefix(r.Op, ">") || !r.Target.Known {
			continue
		}
		language, ok := sources[path.Ext(r.Target.Value)]
		if !ok {
			if j.runsLater(r.Target.Value, *c.Output) && handed() {
				j.finding(s, judge.ReverseShell())
			}
			continue
		}
		if read[language] {
			continue
		}
		read[language] = true
		for _, h := range script.Read(language, *c.Output) {
			if h.ID == "reverse-shell" || h.ID == "web-shell" {
				j.finding(s, Finding{ID: h.ID, Text: h.Say + ".", Dimension: h.Dimension, Risk: h.Risk, Technique: h.Technique})
			}
		}
	}
}

// runsLater reports that text written to a file will be run without more being
// asked: a script, a hook, something that starts by itself.
func (j *job) runsLater(file, text string) bool {
	if strings.HasPrefix(text, "#!") || strings.Contains(file, "/hooks/") || strings.HasPrefix(file, "/etc/") {
		return true
	}
	switch lore.Classify(file, j.where).Class {
	case "schedule", "shell-settings", "service-settings":
		return true
	}
	return false
}

// writtenBefore explains a file that cannot be read yet because the same text
// writes it. Another command may change it in between, so that it stays not
// known as well.
func (j *job) writtenBefore(s *step, file string, f frame) bool {
	text, ok := j.written[file]
	if !ok || f.depth > maxDepth {
		return false
	}
	f.into = s
	s.lead = scriptLead(show(file))
	s.summary = say.Text("files.runs-the-script-which-does", "shown", show(file))
	if language := languageOf(file, []byte(text)); language == "sh" {
		j.nested(text, shell.Options{Script: true}, f)
	} else {
		for _, h := range script.Read(language, text) {
			j.hit(s, h, f)
		}
	}
	return true
}
