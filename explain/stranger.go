package explain

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/regex"
	"escort/explain/say"
	"escort/explain/script/recipe"
	"escort/explain/shell"
)

// stranger explains a program without an entry: a script that can be read, or
// honestly nothing.
func (j *job) stranger(s *step, cmd *command, f frame) {
	first := cmd.words[0]
	name := first.Text
	span := f.at(first.Span)
	start := j.startOf(cmd, f, "")
	file := cmd.path
	if file == "" {
		file = j.resolve(name)
	}
	below := f
	below.parent, below.depth = start, f.depth+1
	if file != "" {
		data, more, ok := j.read(file)
		if ok && bytes.HasPrefix(data, []byte("\x7fELF")) { // nobody opens it by its name once it runs
			delete(j.out.Plan.Files, file)
		}
		if ok && isText(data) {
			j.wordParts(s.program, cmd.words, Part{Meaning: say.Text("files.the-script-that-is-run"), Source: effect.FromHost}, say.Text("files.a-word-handed-on-to"), f)
			j.openScript(s, file, name, data, more, cmd.words[1:], span, below)
			return
		}
	}
	below.fix = span
	j.writtenBefore(s, name, below)
	j.strangerParts(s, cmd, f)
	j.unknownNamed(f, "program", name, say.Text("files.i-do-not-know-this"), effect.High, span)
	j.incomplete()
	if strings.Contains(name, "/") && cmd.path == "" && file == "" {
		return
	}
	if _, err := j.world.Lookup(j.ctx, effect.LookupProgram, name); errors.Is(err, fs.ErrNotExist) {
		j.finding(s, Finding{
			ID: "not-found", Text: say.Text("finding.not-found"),
			Dimension: effect.Uncertainty, Risk: effect.Low, Span: span,
		})
	}
}

// resolve tells where a program lies; empty where the host cannot tell.
func (j *job) resolve(name string) string {
	p, err := j.world.Lookup(j.ctx, effect.LookupProgram, name)
	if err != nil {
		if strings.Contains(name, "/") {
			return name
		}
		return ""
	}
	return p
}

// shadowed notes a familiar name that leads to an unusual place.
func (j *job) shadowed(s *step, cmd *command, start int, f frame) {
	name := cmd.words[0].Text
	file := cmd.path
	if cmd.renamed {
		return
	}
	if file == "" {
		if start == f.parent || start >= len(j.out.Plan.Starts) {
			return // a builtin, which starts nothing itself
		}
		file = j.out.Plan.Starts[start].Path
	}
	if file == "" || !path.IsAbs(file) || systemFolder(path.Dir(file)) {
		return
	}
	span := f.at(cmd.words[0].Span)
	j.finding(s, Finding{
		ID: "not-the-usual-program", Text: say.Text("finding.not-the-usual-program", "name", show(name), "file", show(file)),
		Dimension: effect.Control, Risk: effect.High, Technique: "T1574.007", Span: span,
	})
	if data, more, ok := j.read(file); ok && isText(data) {
		below := f
		below.parent, below.depth = start, f.depth+1
		j.openScript(s, file, name, data, more, cmd.words[1:], span, below)
	}
}

// read fetches a file that will be run. What was read goes into the plan.
func (j *job) read(file string) (data []byte, more, ok bool) {
	left := maxScript - j.reads
	if left <= 0 {
		return nil, true, false
	}
	data, err := j.world.Read(j.ctx, file, left+1)
	if err != nil {
		return nil, false, false
	}
	if len(data) > left {
		data, more = data[:left], true
	}
	j.reads += len(data)
	j.out.Plan.Files[file] = sum(data)
	return data, more, true
}

// isText tells a script from a compiled program.
func isText(b []byte) bool {
	head := b[:min(len(b), 512)]
	return len(b) > 0 && !slices.Contains(head, 0)
}

// scriptFile explains a file that is handed to an interpreter.
func (j *job) scriptFile(s *step, r lore.Run, made []*step, f frame) {
	w := r.Words[0]
	span := f.at(w.Span)
	below := f
	inner := f
	inner.into = s
	if len(w.Ref) > 0 {
		j.taint(s, w, made)
	}
	if w.Text == "-" || w.Text == "/dev/stdin" {
		return
	}
	if !strings.Contains(w.Text, shell.Unknown) && !w.Globbed {
		if data, more, ok := j.read(w.Text); ok {
			if r.Slot.Language != "" && !isText(data) {
				data = nil
			}
			j.openAs(s, w.Text, w.Text, r.Slot.Language, data, more, r.Args, span, below)
			return
		}
	}
	j.incomplete()
	if s.code == "network" {
		return
	}
	s.summary = ""
	below.fix = span
	if j.scriptFed(s, r, w, below) {
		return
	}
	if j.writtenBefore(s, w.Text, below) {
		j.unknownNamed(inner, "script", w.Text, say.Text("files.it-is-only-written-when"), effect.High, span)
		return
	}
	s.acts = append(s.acts, act{Effect: Effect{
		Verb: "execute", Object: strings.ReplaceAll(w.Text, shell.Unknown, "…"), Role: effect.RoleScript, Scope: effect.ScopeUnknown, As: f.as,
		Dimension: effect.Uncertainty, Risk: effect.High, Span: span,
	}, say: say.Text("files.runs-the-script-which-i", "text", withTask(show(w.Text), r.Args)), undo: effect.UndoUnknown, undoText: say.Text("files.that-depends-on-what-it")})
	j.unknownNamed(inner, "script", w.Text, say.Text("files.it-could-not-be-read"), effect.High, span)
}

// maxTask is how long the words may be that are told with a script.
const maxTask = 28

// withTask is a script with the one or two words that say what it shall do.
func withTask(script string, args []lore.Word) string {
	task := ""
	for _, a := range args[:min(2, len(args))] {
		if !a.Known || !taskWord.MatchString(a.Text) {
			break
		}
		task += " " + a.Text
	}
	if task == "" || len(task) > maxTask {
		return script
	}
	return script + task
}

var taskWord = regex.New(`^[A-Za-z][\w:.-]*$`)

// scriptFed explains a script that a <(…) puts out, where that is known.
func (j *job) scriptFed(s *step, r lore.Run, w lore.Word, f frame) bool {
	if w.Feed == nil || f.depth > maxDepth {
		return false
	}
	f.into = s
	if l := r.Slot.Language; l != "" && l != "sh" && l != "bash" {
		j.code(s, w, l, *w.Feed, f)
	} else {
		j.nested(*w.Feed, shell.Options{}, f)
	}
	return true
}

// languages are the interpreters of "#!" lines and the endings of names.
var languages = map[string]string{
	"sh": "sh", "bash": "sh", "dash": "sh", "zsh": "sh", "ksh": "sh", "ash": "sh",
	"python": "python", "python2": "python", "python3": "python", "py": "python",
	"perl": "perl", "pl": "perl", "ruby": "ruby", "rb": "ruby", "node": "node", "nodejs": "node", "js": "node",
	"pwsh": "pwsh", "powershell": "pwsh", "ps1": "pwsh", "psm1": "pwsh",
	"php": "php", "awk": "awk", "gawk": "awk", "mawk": "awk", "lua": "lua", "luajit": "lua", "tclsh": "tcl", "wish": "tcl", "expect": "tcl", "Rscript": "r", "julia": "julia", "groovy": "groovy", "deno": "node", "bun": "node",
}

// languageOf tells the language of a script: by "#!", then name, else sh.
func languageOf(name string, data []byte) string {
	line, _, _ := strings.Cut(string(data[:min(len(data), 256)]), "\n")
	if rest, ok := strings.CutPrefix(line, "#!"); ok {
		words := strings.Fields(rest)
		for len(words) > 0 {
			base := path.Base(words[0])
			words = words[1:]
			if base == "env" || strings.HasPrefix(base, "-") || strings.Contains(base, "=") {
				continue
			}
			base = strings.TrimRight(base, "0123456789.")
			if l, ok := languages[base]; ok {
				return l
			}
			return base
		}
	}
	if l := recipe.Language(name, data); l != "" {
		return l
	}
	if l, ok := languages[strings.TrimPrefix(path.Ext(name), ".")]; ok {
		return l
	}
	if l, ok := sources[path.Ext(name)]; ok {
		return l
	}
	return "sh"
}

func (j *job) openScript(s *step, file, shown string, data []byte, more bool, args []lore.Word, span *effect.Span, f frame) {
	j.openAs(s, file, shown, languageOf(file, data), data, more, args, span, f)
}

// openAs explains the content of a script below the step that runs it.
func (j *job) openAs(s *step, file, shown, language string, data []byte, more bool, args []lore.Word, span *effect.Span, f frame) {
	if language == "" {
		language = languageOf(file, data)
	}
	text := strings.ToValidUTF8(string(data), "\uFFFD")
	sc := Script{Path: file, Language: language, SHA256: sum(data), Lines: countLines(text), Read: countLines(text)}
	if info, err := j.world.Stat(j.ctx, file); err == nil {
		sc.Owner, sc.Package, sc.ModTime, sc.Unmodified = info.Owner, info.Package, info.ModTime.UTC(), info.Unmodified
		j.provenance(s, file, info, span)
		sc.Versioned = j.versioned(file, data, !more)
	} else {
		sc.ModTime = time.Time{}
	}
	s.lead = scriptLead(show(shown))
	s.summary = say.Text("files.runs-the-script-which-does", "shown", show(shown))
	f.fix, f.into = span, s
	for _, o := range j.out.Scripts {
		if o.Path == file && o.SHA256 == sc.SHA256 && f.depth > 2 { // it runs itself again
			return
		}
	}
	if more {
		sc.Unread = say.Text("files.read-first")
		j.unknown(f, say.Text("files.the-rest-of-the-script", "shown", show(shown)), say.Text("files.it-is-too-long", "unread", sc.Unread), effect.High, span)
		j.incomplete()
	}
	lines := &scriptText{text: text, index: len(j.out.Scripts)}
	j.out.Scripts = append(j.out.Scripts, sc)
	f.lines = lines
	j.scriptBody(s, language, text, shown, args, f)
	lines.close(j)
}

func (j *job) scriptBody(s *step, language, text, shown string, args []lore.Word, f frame) {
	if language != "sh" {
		j.code(s, lore.Word{Span: *f.fix}, language, text, f)
		return
	}
	words := []string{shown}
	for _, a := range args {
		if !a.Known || a.Multi {
			words = nil
			break
		}
		words = append(words, a.Text)
	}
	j.nested(text, shell.Options{Args: words, Script: true}, f)
}

func countLines(text string) int {
	n := strings.Count(text, "\n")
	if text != "" && !strings.HasSuffix(text, "\n") {
		n++
	}
	return n
}

// explainScript explains a whole file given as text.
func (j *job) explainScript(req Request) {
	text := req.Text
	more := len(text) > maxScript
	size := len(text)
	if more {
		text = clip(text, maxScript)
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	j.text = clip(text, showText)
	j.out.Command, j.out.Cut = j.text, len(text) > showText
	language := languageOf(req.Name, []byte(text))
	sc := Script{Path: req.Name, Language: language, SHA256: sum([]byte(text)), Lines: countLines(text), Read: countLines(text)}
	top := &step{}
	j.steps = append(j.steps, top)
	f := frame{parent: -1}
	if strings.ContainsRune(text, 0) || !strings.EqualFold(text, clip(req.Text, maxScript)) {
		j.finding(top, Finding{
			ID: "disguised-text", Text: say.Text("finding.disguised-text"),
			Dimension: effect.Hiding, Risk: effect.Caution, Technique: "T1027",
		})
	}
	if more {
		sc.Unread = say.Text("files.read-part", "size", itoa((size+(1<<20)-1)>>20))
		j.unknown(f, say.Text("files.the-rest-of-the-script2"), say.Text("files.it-is-too-long", "unread", sc.Unread), effect.High, nil)
		j.incomplete()
	}
	lines := &scriptText{text: text, index: len(j.out.Scripts)}
	j.out.Scripts = append(j.out.Scripts, sc)
	f.lines = lines
	if language == "sh" {
		p := shell.Parse(j.ctx, text, shell.Options{World: j.world, Budget: j.budget, Script: true})
		j.empty = p.Empty
		j.program(p, f)
	} else {
		j.code(top, lore.Word{Span: effect.Span{0, len(j.text)}}, language, text, f)
	}
	lines.close(j)
}
