package explain

import (
	"cmp"
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/say"
	"escort/explain/script"
	"escort/explain/script/recipe"
	"escort/explain/shell"
)

// runs follows what a command runs in turn: words, code and files.
func (j *job) runs(s *step, u *lore.Use, cmd *command, made []*step, w lore.Where, f frame) {
	if u.Off() && !u.Still() {
		return
	}
	for _, r := range joinedRuns(s.program, u.Runs) {
		below := f
		below.place = placeOf(r, u, f.place, f.loop || cmd.max == 0)
		if r.Slot.As != "" {
			below.as = strings.TrimSuffix(r.Slot.As, ":")
		}
		below.loop = f.loop || r.Slot.Loop || cmd.max == 0
		elsewhere := r.Slot.Where == "remote" || r.Slot.Where == "container" || r.Slot.Where == "later"
		below.elsewhere = f.elsewhere || r.Slot.Where == "remote" || r.Slot.Where == "container"
		below.inside = f.inside || inContainer(s, r)
		n := len(j.out.Plan.Starts)
		switch r.Slot.Kind {
		case "command":
			j.payload(s, r, u, below, cmd)
		case "shell":
			if s.program == "eval" && known(r.Words) && cmd.raw != nil { // its commands have been read in place already
				break
			}
			j.shellText(s, r, zeroth(s, u), cmd, made, below)
		case "code":
			j.code(s, r.Words[0], r.Slot.Language, withVariables(u, r.Words[0].Text), below)
		case "script":
			if zeroth(s, u) != "" || u.Tags["from-input"] { // with -c it is only the name of the shell, with -s a word for it
				break
			}
			if fromInput[r.Words[0].Text] && w.PipedIn && u.ReadsCode(w) == nil {
				j.inputCode(s, r.Slot.Language, cmd, below)
				break
			}
			j.scriptFile(s, r, made, below)
		}
		if elsewhere { // those programs start on another machine or later, not below this command
			j.out.Plan.Starts = j.out.Plan.Starts[:n]
		}
	}
	j.compiledInput(s, cmd, w, f)
	read := append(j.gitShell(s, cmd, f), j.sedRuns(s, u, f)...)
	below := f
	below.into, below.loop = s, f.loop || cmd.max == 0
	j.settings(s, u, below, read)
	j.recipes(s, u, cmd, below)
	j.sql(s, u, cmd, below)
	j.database(s, u, cmd, below)
	j.powershell(s, u, cmd, made, below)
	j.cmdExe(s, u, cmd, below)
}

// joinedRuns puts the text that env -S splits into words in front of the words
// behind it: they are one command.
func joinedRuns(program string, runs []lore.Run) []lore.Run {
	if program != "env" || len(runs) != 2 {
		return runs
	}
	code, command := runs[0], runs[1]
	if code.Slot.Kind != "shell" {
		code, command = command, code
	}
	if code.Slot.Kind != "shell" || command.Slot.Kind != "command" || len(code.Words) != 1 || strings.ContainsAny(code.Words[0].Text, `'"\$`) {
		return runs
	}
	var words []lore.Word
	for _, text := range strings.Fields(code.Words[0].Text) {
		w := code.Words[0]
		w.Text = text
		words = append(words, w)
	}
	command.Words = append(words, command.Words...)
	return []lore.Run{command}
}

// zeroth is the word behind sh -c TEXT, which the text gets as its own name.
func zeroth(s *step, u *lore.Use) string {
	name, code := "", false
	for _, r := range u.Runs {
		code = code || r.Name == "CODE" && r.Slot.Kind == "shell"
		if r.Slot.Kind == "script" {
			name = r.Words[0].Text
		}
	}
	if !code || !promptShells[s.program] {
		return ""
	}
	return name
}

func known(words []lore.Word) bool {
	for _, w := range words {
		if !w.Known {
			return false
		}
	}
	return true
}

func placeOf(r lore.Run, u *lore.Use, above string, loop bool) string {
	switch r.Slot.Where {
	case "remote":
		if host := u.Fill("{HOST}"); host != "" && !(loop && strings.Contains(host, shell.Unknown)) {
			return say.Text("command.on-the-machine", "host", prose.Clean(host))
		}
		return say.Text("files.on-other-machines")
	case "container":
		return say.Text("command.inside-the-container", "what", prose.Clean(u.Fill("{CONTAINER}")))
	case "later":
		return say.Text("files.at-a-later-time")
	}
	return above
}

// payload explains the command that a wrapper runs.
func (j *job) payload(s *step, r lore.Run, u *lore.Use, f frame, outer *command) {
	words := r.Words
	env := outer.env
	for len(words) > 0 && strings.Contains(words[0].Text, "=") && !strings.ContainsAny(words[0].Text[:strings.IndexByte(words[0].Text, '=')], "/-.") {
		env = append(env[:len(env):len(env)], words[0].Text)
		words = words[1:]
	}
	if len(words) == 0 {
		return
	}
	if s.program == "xargs" && r.Slot.More {
		if more := handed(texts(outer.words), words, outer.input); more != nil {
			words, r.Slot.More = more, false
		}
	}
	c := &command{words: words, env: env, max: 1, exact: true, piped: outer.piped, input: outer.input}
	if f.loop {
		c.max = 0
	}
	if r.Slot.More && !placed(words, s.program, u) {
		c.words = append(c.words[:len(c.words):len(c.words)], lore.Word{Text: shell.Unknown, Multi: true, Span: words[len(words)-1].Span})
		c.rest = true
		c.input = nil
	}
	c.words = holes(c.words, s.program, u)
	if last := len(c.words) - 1; r.Many && c.words[last].Text == shell.Unknown {
		c.words[last].Multi = true
	}
	c.module, c.apart = r.Name == "MODULE", r.Name == "MODULE" && outer.apart
	c.raw, c.from = outer.raw, outer.from
	run := j.command(c, f)
	if given(run, finderSays(s, outer.from), searched(s.program, u)) {
		s.found(outer.from)
	}
	if s.program == "xargs" || s.program == "parallel" {
		run.takes(outer.from)
	}
}

// shellText explains text that is handed to a shell.
func (j *job) shellText(s *step, r lore.Run, name string, cmd *command, made []*step, f frame) {
	span := r.Words[0].Span
	if f.fix == nil {
		span[1] = max(span[1], r.Words[len(r.Words)-1].Span[1])
		f.fix = &span
	}
	for _, w := range r.Words {
		j.taint(s, w, made)
	}
	parts, open := loreTexts(r.Words), false
	switch s.program {
	case "parallel":
		parts, open = listed(r.Words)
	case "tmux":
		parts = typedLines(parts)
	}
	text := strings.Join(parts, " ")
	if strings.Contains(text, shell.Unknown) && strings.Trim(text, shell.Unknown+" ") == "" {
		j.unknown(f, say.Text("files.commands-for-a-shell"), say.Text("command.they-are-only-known-when"), effect.High, f.at(span))
		j.incomplete()
		return
	}
	if strings.Contains(text, shell.Unknown) {
		j.unknown(f, say.Text("command.a-part-of-the-commands"), say.Text("windows.it-is-only-known-when"), effect.High, f.at(span))
		j.incomplete()
	}
	args := []string{cmp.Or(name, "sh")}
	for _, a := range r.Args {
		if !a.Known {
			args = nil
			break
		}
		args = append(args, a.Text)
	}
	o := shell.Options{Args: args}
	if open {
		o.Args = nil
	}
	if cmd.raw != nil && r.Slot.Where == "" {
		o.Vars, o.Hidden = cmd.raw.Exported, cmd.raw.Hidden
	}
	j.nested(text, o, f)
	if open {
		given(s, finderSays(s, nil), "")
	}
}

// nestedCost is how many nodes a text inside another costs, beside those in it.
const nestedCost = 16

func (j *job) nested(text string, o shell.Options, f frame) {
	if f.depth > maxDepth || !j.budget.Take(nestedCost) {
		j.unknown(f, say.Text("files.what-it-runs-in-turn"), say.Text("files.it-goes-on-too-deep"), effect.High, f.fix)
		j.incomplete()
		return
	}
	o.World, o.Budget, o.Depth = j.world, j.budget, f.depth
	j.program(shell.Parse(j.ctx, text, o), f)
}

// taint remembers where code that comes from another command is from.
func (j *job) taint(s *step, w lore.Word, made []*step) {
	for _, i := range w.Ref {
		if from := stepAt(made, i); from != nil && from.fetches {
			s.code = "network"
			from.consumed = true
		}
	}
	if s.code == "network" && !hasAct(s, "execute") {
		s.acts = append(s.acts, fetchedCode(w.Span, s.as))
	}
}

func hasAct(s *step, verb string) bool {
	for _, a := range s.acts {
		if a.Verb == verb {
			return true
		}
	}
	return false
}

func fetchedCode(span effect.Span, as string) act {
	r := effect.High
	if as == "root" {
		r = effect.Critical
	}
	return act{Effect: Effect{
		Verb: "execute", Object: say.Text("windows.code-fetched-from-elsewhere"), Role: effect.RoleURL, Scope: effect.ScopeNetwork, As: as,
		Dimension: effect.Control, Risk: r, Span: &span,
	}, say: say.Text("command.runs-code-fetched-from-elsewhere"), undo: effect.UndoUnknown, undoText: say.Text("windows.that-depends-on-what-the")}
}

// stdin follows a command that runs what it reads.
func (j *job) stdin(s *step, u *lore.Use, cmd *command, w lore.Where, f frame) {
	in := u.ReadsCode(w)
	if in == nil || !w.PipedIn {
		return
	}
	language := in.Language
	if in.Kind == "shell" {
		language = "sh"
	}
	j.inputCode(s, language, cmd, f)
}

// fromInput are names that stand for the standard input where a script is
// named.
var fromInput = map[string]bool{"-": true, "/dev/stdin": true, "/dev/fd/0": true, "/proc/self/fd/0": true}

// inputCode follows what a command reads as code.
func (j *job) inputCode(s *step, language string, cmd *command, f frame) {
	span := cmd.words[0].Span
	if cmd.input != nil && !strings.Contains(*cmd.input, shell.Unknown) {
		if f.fix == nil {
			f.fix = &span
		}
		if language == "sh" {
			j.nested(*cmd.input, shell.Options{}, f)
		} else {
			j.code(s, cmd.words[0], language, *cmd.input, f)
		}
		return
	}
	if text := printedBy(cmd.from); language == "crontab" && text != "" { // what is put behind the old list
		j.code(s, cmd.words[0], language, text, f)
		if !slices.ContainsFunc(cmd.from, func(o *step) bool { return o.printed == "" && o.program != "crontab" }) {
			return
		}
	}
	for _, from := range cmd.from {
		if fetching(from, 0) {
			s.code = "network"
			from.consumed = true
		}
	}
	j.incomplete()
	if s.code == "network" {
		s.acts = append(s.acts, fetchedCode(*f.at(span), f.as))
		j.unknown(f, say.Text("windows.code-fetched-from-elsewhere"), say.Text("windows.it-is-only-known-when-it"), effect.High, f.at(span))
		return
	}
	if language == "kubernetes" { // orders for a tool, which rates itself
		j.unknown(f, say.Text("command.the-text-it-reads"), say.Text("windows.it-is-only-known-when-it"), effect.Caution, f.at(span))
		return
	}
	s.code = "unknown"
	s.acts = append(s.acts, act{Effect: Effect{
		Verb: "execute", Object: say.Text("command.commands-that-another-program-puts"), Role: effect.RoleCommand, Scope: effect.ScopeUnknown,
		As: f.as, Dimension: effect.Control, Risk: effect.High, Span: f.at(span),
	}, say: say.Text("command.runs-commands-that-are-not"), undo: effect.UndoUnknown, undoText: say.Text("command.that-depends-on-what-they")})
	j.unknown(f, say.Text("command.the-commands-it-reads"), say.Text("command.they-are-only-known-when"), effect.High, f.at(span))
}

// printedBy is what commands print of which all words are known.
func printedBy(from []*step) string {
	var b strings.Builder
	for _, o := range from {
		b.WriteString(o.printed)
	}
	return b.String()
}

// fetching reports whether what a step puts out comes from another machine.
func fetching(s *step, depth int) bool {
	if s.fetches || depth > 8 {
		return s.fetches
	}
	for _, i := range append(append([]*step(nil), s.inner...), s.from...) {
		if fetching(i, depth+1) {
			return true
		}
	}
	return false
}

// code explains code in another language.
func (j *job) code(s *step, w lore.Word, language, text string, f frame) {
	if recipe.Knows(language) {
		f.into = s
		j.recipe(s, language, text, f)
		return
	}
	j.incomplete()
	span := f.at(w.Span)
	if language == "" || language == "sh" || language == "bash" {
		f.fix = span
		j.nested(text, shell.Options{}, f)
		return
	}
	inner := f
	inner.into, inner.fix = s, span
	if language == "pwsh" {
		j.pwsh(s, text, inner)
		return
	}
	if strings.Contains(text, shell.Unknown) {
		j.unknown(inner, say.Text("command.code-in", "language", languageName(language)), say.Text("windows.it-is-only-known-when"), effect.High, span)
	}
	language = spokenBy(s.program, language)
	for _, mark := range []string{"python ", ":py3 ", ":py ", ":python3 ", "python-interactive ", "py "} {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(text), mark); ok {
			language, text = "python", rest
			break
		}
	}
	hits, understood := script.Look(language, text)
	if s.summary == say.Text("command.other-code") || language != "awk" && understood && len(hits) == 0 && len(s.acts) == 0 {
		s.summary = say.Text(map[bool]string{true: "command.calculates", false: "command.code-read-in-part"}[understood && len(hits) == 0], "language", languageName(language))
	}
	for _, h := range hits {
		j.hit(s, h, inner)
	}
	switch {
	case understood:
	case len(hits) == 0:
		j.unknown(inner, say.Text("command.code-in", "language", languageName(language)), say.Text("command.i-can-only-read-a"), effect.Caution, span)
	default:
		j.unknown(inner, say.Text("command.the-rest-of-the-code", "language", languageName(language)), say.Text("command.i-can-only-read-a"), effect.Caution, span)
	}
	if (language == script.Any || language == "other") && !s.risk().AtLeast(effect.High) {
		j.handedCode(s, text, f, w.Span)
	}
}

// spoken are the languages of programs that share an entry.
var spoken = map[string]string{
	"R": "r", "Rscript": "r", "r": "r", "julia": "julia", "groovy": "groovy", "tclsh": "tcl", "wish": "tcl", "expect": "tcl", "jimsh": "tcl",
	"ghci": "haskell", "ghc": "haskell", "runghc": "haskell", "runhaskell": "haskell", "dart": "dart", "crystal": "crystal", "scala": "scala", "ocaml": "ocaml", "csharp": "csharp", "csi": "csharp", "dotnet-script": "csharp",
	"guile": "lisp", "sbcl": "lisp", "clisp": "lisp", "racket": "lisp", "clojure": "lisp", "clj": "lisp", "bb": "lisp", "janet": "lisp", "hy": "lisp", "ecl": "lisp", "gosh": "lisp", "gsi": "lisp", "mit-scheme": "lisp", "newlisp": "lisp",
	"gjs": "node", "octave": script.Any,
	"jshell": "groovy", "jrunscript": "groovy", "swift": script.Any, "kotlin": "groovy", "elixir": "erlang", "erl": "erlang", "iex": "erlang",
}

// languageName is a language as a sentence names it.
func languageName(language string) string {
	if name, ok := say.Find("language." + language); ok {
		return name
	}
	return language
}

// spokenBy is the language that a program really reads.
func spokenBy(program, language string) string {
	if l, ok := spoken[program]; ok {
		return l
	}
	if l, ok := spoken[strings.TrimRight(program, "0123456789.")]; ok {
		return l
	}
	return language
}

func (j *job) hit(s *step, h script.Hit, f frame) {
	a := act{Effect: Effect{
		Verb: h.Verb, Object: h.Object, Role: h.Role, Dimension: h.Dimension, Risk: h.Risk, As: f.as, Span: f.fix,
		Scope: effect.ScopeUnknown,
	}, say: h.Say, access: map[string]string{"delete": "delete", "write": "write", "read": "read"}[h.Verb]}
	if h.Object != "" && a.access != "" {
		w := j.where
		w.As, w.Root = f.as, f.root()
		a.place = lore.Classify(h.Object, w)
		a.Scope = a.place.Scope
		a.Risk = effect.Worst(a.Risk, a.place.Rate(a.access, h.Role == effect.RoleFolder))
		a.Recursive = h.Role == effect.RoleFolder
		if a.place.Name != "" || h.Object == "*" {
			a.say = strings.Replace(a.say, h.Object, lore.Name(h.Object, a.place), 1)
		}
	}
	if h.ID != "" {
		j.finding(s, Finding{ID: h.ID, Text: say.Text("finding.sentence", "clause", h.Say), Dimension: h.Dimension, Risk: h.Risk, Technique: h.Technique, Span: f.fix})
	}
	target := s
	if f.lines != nil {
		target = &step{program: s.program, as: s.as, where: s.where, line: h.Line}
		s.inner = append(s.inner, target)
	}
	target.acts = append(target.acts, a)
	if h.Shell && h.Object != "" {
		below := f
		below.into, below.lines, below.depth = target, nil, f.depth+1
		j.nested(h.Object, shell.Options{}, below)
	}
	if f.lines != nil {
		f.lines.add(h.Line, h.Text, target)
	}
}
