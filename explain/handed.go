package explain

import (
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/regex"
	"escort/explain/say"
)

// handed looks at the words of a program of which nobody has said what it does
// with them: it may read the files, write to them or run the commands that
// they name.
func (j *job) handed(s *step, cmd *command, u *lore.Use, f frame) {
	if u.Off() || s.own().AtLeast(effect.High) {
		return
	}
	unread := u.Unread()
	at := map[effect.Span]int{}
	if len(unread) > 0 {
		for i, w := range cmd.words {
			at[w.Span] = i
		}
	}
	for _, w := range unread[:min(len(unread), maxHandedWords)] {
		if w.Known && len(w.Text) <= longHanded {
			before, after := besides(cmd.words, at[w.Span], w)
			j.handedWord(s, w, before, after, u.Loose() && !talk[s.program], f)
		}
	}
	j.handedFiles(s, u, f)
}

// handedCode looks at code that could not be read.
func (j *job) handedCode(s *step, text string, f frame, span effect.Span) {
	if len(text) > longHanded {
		return
	}
	if runsInside.MatchString(text) {
		j.finding(s, wordRuns(f.at(span)))
	}
	for _, m := range pathsInCode.FindAllStringSubmatch(text, maxHandedPaths) {
		if lore.Classify(m[1], j.where).Class == "password" {
			j.handedPath(s, m[1], "read", f, span)
		}
	}
}

// prompted are programs whose own prompt runs commands, and those that take
// code from their input.
var prompted = wordSet("ed red ex ftp sftp lftp cpan iftop ncdu zathura smbclient mutt mail mailx gp ginsh tasksh bc dc telnet gdb lldb jtag slsh maxima " +
	"psql mysql mariadb sqlite3 less more man gnuplot octave R irb pry crash htop top tclsh wish expect r2 nslookup msfconsole nmap fzf cpio pax")

// toldByInput looks at text that is handed to the prompt of a program.
func (j *job) toldByInput(s *step, cmd *command, f frame) {
	if cmd.input == nil || !prompted[s.program] || len(*cmd.input) > longHanded || s.own().AtLeast(effect.High) {
		return
	}
	span := cmd.words[0].Span
	for line := range strings.Lines(*cmd.input) {
		line = strings.TrimSpace(line)
		if runsInside.MatchString(line) || shellOnly.MatchString(line) {
			j.finding(s, wordRuns(f.at(span)))
		}
		for _, m := range pathsInCode.FindAllStringSubmatch(line, maxHandedPaths) {
			if place := lore.Classify(m[1], j.where); shut[place.Class] && place.Read.AtLeast(effect.High) {
				j.handedPath(s, m[1], "read", f, span)
			}
		}
	}
}

// talk are programs whose words are texts that people read, or that are looked
// for, and no orders.
var talk = wordSet("git notify-send dunstify wall write figlet toilet cowsay cowthink espeak espeak-ng zenity kdialog yad gh glab logger slackcat say rg ag ack")

func wordRuns(span *effect.Span) Finding {
	return Finding{
		ID: "word-runs", Text: say.Text("finding.word-runs"),
		Dimension: effect.Uncertainty, Risk: effect.High, Technique: "T1059", Span: span,
	}
}

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// handedFiles looks at files of which nobody has said what the program does
// with them. None is handed password hashes or memory without a reason.
func (j *job) handedFiles(s *step, u *lore.Use, f frame) {
	files := u.Files()
	for _, w := range files[:min(len(files), maxHandedWords)] {
		if class := lore.Classify(w.Text, j.where).Class; w.Known && !strings.Contains(w.Text, " ") && (class == "password" || class == "memory" || class == "environment") {
			j.handedPath(s, w.Text, "read", f, w.Span)
		}
	}
}

func (j *job) handedWord(s *step, w lore.Word, before, after string, loose bool, f frame) {
	for _, m := range pathsInside.FindAllStringSubmatch(w.Text, maxHandedPaths) {
		if access := handedAccess(m[1], before, w.Text, j.where); access != "" {
			j.handedPath(s, m[1], access, f, w.Span)
		}
	}
	if loose && (runsInside.MatchString(w.Text) || shellOnly.MatchString(w.Text) && (runOption.MatchString(before) || shellOption.MatchString(after))) {
		j.finding(s, wordRuns(f.at(w.Span)))
	}
}

const (
	longHanded     = 2 << 10 // bytes of a word
	maxHandedPaths = 8
	maxHandedWords = 256
)

var (
	pathsInside = regex.New(`(?:^|[=@:,+"'(<!|])((?:~|/)[\w./~+-]*[\w/])`)
	pathsInCode = regex.New(`(?:^|[\s=@:,+"'(<!|])((?:~|/)[\w./~+-]*[\w/])`)
	runsInside  = regex.New(`(?:[\s"'(=:,!|;@}]|^)(?:/usr)?(?:/local)?/bin/(?:ba|da|z|k|c|tc|fi|a)?sh(?:[\s;"')]+\S|[;"')])` +
		`|^[:+]?!\s*[\w/.]|(?:^|[\s'"(;|])(?:ba|da|z|k)?sh\s+-c\b|\|\s*(?:ba|da|z|k)?sh(?:\W|$)` +
		`|\b(?:system|popen|shell_exec|proc_open|run-program|callCommand|spawnCommand|execve?|execlp?|execvp?|Sys\.command|shell/sh)\s*\(?\s*["'(]|\.exec(?:ute)?\(|system\.run\[`)
	shellOnly    = regex.New(`^(?:/usr)?(?:/local)?/bin/(?:ba|da|z|k|c|tc|fi|a)?sh$`)
	runOption    = regex.New(`(?i)^--?(?:e|exec|execute|cmd|command|run|pager|editor|hook|l|a|action|c|pty|program|wrapper)$`)
	shellOption  = regex.New(`^-[cipls]+$`)
	outputOption = regex.New(`^-{1,2}(?:[oOwW]|o[GNXA]|out|outfile|output[\w-]*|write[\w-]*|dest[\w-]*|filename|log-?file|save[\w-]*|export[\w-]*|dump[\w-]*|report-?file|target)$`)
)

// besides are the words before and after the one at i.
func besides(words []lore.Word, i int, w lore.Word) (before, after string) {
	if i > 0 {
		before = words[i-1].Text
	}
	if i+1 < len(words) {
		after = words[i+1].Text
	}
	if name, _, ok := strings.Cut(w.Text, "="); ok && strings.HasPrefix(w.Text, "-") {
		before = name
	}
	return before, after
}

// shut are places whose content a program that is handed them gives away. Keys
// are left out where a program is handed them to use them.
var shut = map[string]bool{
	"password": true, "memory": true, "environment": true, "history": true, "ssh-keys": true, "cloud-keys": true, "cluster-keys": true,
}

// handedAccess is what a program may do with a path that it is handed: read,
// write or, empty, nothing of note.
func handedAccess(p, before, word string, w lore.Where) string {
	place := lore.Classify(p, w)
	if outputOption.MatchString(before) && !strings.Contains(word, "-file=") {
		if place.Write.AtLeast(effect.High) {
			return "write"
		}
		return ""
	}
	asKey := place.Class != "password" && place.Class != "memory" && place.Class != "environment"
	if !shut[place.Class] || !place.Read.AtLeast(effect.High) || asKey && (strings.HasPrefix(before, "-") || strings.HasPrefix(word, "-")) {
		return ""
	}
	return "read"
}

// handedPath notes such a path where no effect speaks of it already.
func (j *job) handedPath(s *step, p, access string, f frame, span effect.Span) {
	for _, a := range s.acts {
		if a.Object == p && a.place.Class != "" && (a.access == "list" || a.Risk.AtLeast(effect.High)) || strings.HasPrefix(a.Object, "@"+p) && a.Risk.AtLeast(effect.High) {
			return
		}
	}
	place := lore.Classify(p, j.where)
	named := lore.Name(p, place)
	a := act{Effect: Effect{
		Verb: access, Object: p, Role: effect.RolePath, Scope: place.Scope, As: f.as,
		Dimension: effect.Disclosure, Risk: place.Rate(access, false), Span: f.at(span),
	}, named: named, place: place, access: access}
	if access == "write" {
		a.Dimension = effect.Damage
	} else {
		a.say = say.Text("command.is-given-to-read", "named", prose.Clean(named))
	}
	s.acts = append(s.acts, a)
}
