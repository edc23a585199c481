package explain

import (
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/regex"
	"escort/explain/say"
	"escort/explain/shell"
)

// handedOut notes what a command sends that nobody would send without a
// thought: one file after another, a file of the system, secrets that were
// looked for.
func (j *job) handedOut(s *step, cmd *command, redirs []act, f frame) {
	words := strings.Join(texts(cmd.words), " ")
	span := f.at(cmd.words[0].Span)
	if sifters[s.program] && secretWords.MatchString(words) && slices.ContainsFunc(cmd.from, func(o *step) bool { return o.holdsSecrets() || comesFrom(o, (*step).holdsSecrets, 0) }) {
		s.filter = false // it does not only show what another one does
		j.finding(s, Finding{
			ID: "secrets-out", Text: say.Text("finding.secrets-out"),
			Dimension: effect.Disclosure, Risk: effect.High, Technique: "T1552", Span: span,
		})
	}
	if !slices.ContainsFunc(s.acts, func(a act) bool { return a.Verb == "send" || a.Verb == "upload" }) {
		return
	}
	if (cmd.max == 0 || f.loop) && senders[s.program] && oneByOne.MatchString(words) {
		j.finding(s, Finding{
			ID: "bulk-sent", Text: say.Text("finding.files-sent-in-turn"),
			Dimension: effect.Disclosure, Risk: effect.High, Technique: "T1048", Span: span,
		})
	}
	if slices.ContainsFunc(redirs, func(a act) bool { return a.access == "read" && a.Scope == effect.ScopeSystem }) {
		j.finding(s, Finding{
			ID: "file-sent", Text: say.Text("finding.file-sent"),
			Dimension: effect.Disclosure, Risk: effect.High, Technique: "T1048", Span: span,
		})
	}
}

// inContainer reports a command that runs in a container that is there already;
// one that is made for it has only the variables of its image.
func inContainer(s *step, r lore.Run) bool {
	return r.Slot.Where == "container" && effect.Found(s.findings, "inside-container") || effect.Found(s.findings, "inside-cluster")
}

// insideShown notes that all variables of a container are shown.
func (j *job) insideShown(s *step, u *lore.Use, f frame) {
	if !f.inside || s.program != "env" && s.program != "printenv" || len(u.Runs) > 0 || len(u.Slots["NAME"]) > 0 || u.Off() {
		return
	}
	j.finding(s, Finding{
		ID: "secrets-out", Text: say.Text("finding.secrets-out"),
		Dimension: effect.Disclosure, Risk: effect.High, Technique: "T1552", Span: f.fix,
	})
}

// senders are programs that send a file that a word names.
var senders = wordSet("curl wget http https xh xhs httpie curlie")

// oneByOne finds a file to send that is only known when the loop runs.
var oneByOne = regex.New(`(@|-T ?|--upload-file[= ]|--(post|body)-file[= ])[^ ]*[*?` + "\uFFFC" + `]`)

// sifters are programs that look for words in what they read.
var sifters = wordSet("grep egrep fgrep rg ag ack zgrep jq yq gojq jaq gron")

var secretWords = regex.New(`(?i)passw|passphrase|secret|api.?key|AKIA|aws_|private key|credential|auth.?token|access.?token|config\.env\b`)

// holdsSecrets reports a step that shows things in which secrets stand: the
// content of all old versions, the settings of containers.
func (s *step) holdsSecrets() bool {
	return effect.Found(s.findings, patchesShown) || effect.Found(s.findings, variablesShown)
}

// Findings of the lore that say that a command shows such things.
const (
	patchesShown   = "old-content-shown"
	variablesShown = "settings-shown"
)

// sentInWords notes what goes to another machine inside of a name that is looked
// up or an address: dig $line.example.
func (j *job) sentInWords(s *step, cmd *command, made []*step, f frame) {
	asks := func(a act) bool {
		return a.Scope == effect.ScopeNetwork || a.Role == effect.RoleHost || a.Role == effect.RoleURL || a.Verb == "query" || a.Verb == "fetch" || a.Verb == "test"
	}
	if !lookups[s.program] && !askers[s.program] || !slices.ContainsFunc(s.acts, asks) {
		return
	}
	for _, w := range cmd.words[1:] {
		if !strings.Contains(w.Text, shell.Unknown) {
			continue
		}
		for _, i := range append(w.Ref[:len(w.Ref):len(w.Ref)], w.Of...) {
			if from := stepAt(made, i); from != nil {
				j.wordsFrom(s, from, w.Text != shell.Unknown, f.at(w.Span), 0)
			}
		}
	}
}

// askers are programs that hand a word of theirs to another machine.
var askers = wordSet("curl wget ping ping6 hping3 fping http https nslookup host dig drill getent resolvectl logger aria2c lynx w3m")

// wordsFrom notes the files that a word is made of, which is a part of a name or
// stands for itself.
func (j *job) wordsFrom(s, from *step, part bool, span *effect.Span, depth int) {
	for _, a := range from.acts {
		if a.Verb != "show" && a.Verb != "read" && a.Verb != "transform" {
			continue
		}
		secret := a.place.Read.AtLeast(effect.High)
		if secret || part && a.place.Class == "accounts" {
			j.finding(s, Finding{
				ID: secretSent, Text: say.Text("finding.sent-in-words"),
				Dimension: effect.Disclosure, Risk: map[bool]Risk{true: effect.Critical, false: effect.High}[secret], Technique: "T1048.003", Span: span,
			})
		}
	}
	for _, o := range append(from.from[:len(from.from):len(from.from)], from.inner...) {
		if depth < maxFilters {
			j.wordsFrom(s, o, part, span, depth+1)
		}
	}
}

// handsOn are the verbs that give what was found to somebody, or put it together.
var handsOn = wordSet("show expose copy send upload compress read create write")

// hunted rates what is done with keys and passwords that are looked for all over
// the machine, by the search itself or by what reads from it.
func (j *job) hunted(s *step, cmd *command) {
	hunts := func(o *step) bool { return effect.Found(o.findings, "secret-hunt") }
	if !hunts(s) && !slices.ContainsFunc(cmd.from, hunts) {
		return
	}
	raise := func(o *step) {
		for i := range o.acts {
			if a := &o.acts[i]; handsOn[a.Verb] && a.Object != "-" {
				a.Risk, a.Dimension, a.side = effect.Worst(a.Risk, effect.High), effect.Disclosure, a.side && a.Verb == "read"
			}
		}
	}
	if !hunts(s) {
		raise(s)
	}
	for _, i := range s.inner {
		raise(i)
	}
}

// recordingSent notes a record of people that goes to another machine.
func (j *job) recordingSent() {
	records := func(s *step) bool { return effect.Found(s.findings, "screen-recorded") }
	any := slices.ContainsFunc(j.steps, records)
	for _, s := range j.steps {
		sends := slices.ContainsFunc(s.acts, func(a act) bool { return a.Verb == "send" || a.Verb == "upload" })
		reaches := slices.ContainsFunc(s.acts, func(a act) bool { return a.Scope == effect.ScopeNetwork })
		if any && sends || reaches && comesFrom(s, records, 0) {
			j.finding(s, Finding{
				ID: "recording-sent", Text: say.Text("finding.recording-sent"),
				Dimension: effect.Disclosure, Risk: effect.High, Technique: "T1113",
			})
		}
	}
}

// compilers are programs that compile or read what comes in and run it at once,
// by the words that make them do so.
var compilers = []struct {
	program, language string
	words             *regex.Pattern
}{
	{"go", "go", regex.New(`^go run (.* )?(/dev/stdin|/dev/fd/0|/proc/self/fd/0)( |$)`)},
	{"tcc", "c", regex.New(`^tcc (.* )?-run (.* )?(-|/dev/stdin|/dev/fd/0)( |$)`)},
	{"crystal", "crystal", regex.New(`^crystal (run|eval) (.* )?(-|/dev/stdin)( |$)|^crystal (run )?--stdin-filename`)},
	{"dart", "dart", regex.New(`^dart (run )?(/dev/stdin|-)( |$)`)},
	{"zig", "other", regex.New(`^zig run (.* )?/dev/stdin( |$)`)},
	{"nim", "nim", regex.New(`^nim (r|e|c (.* )?(-r|--run)) (.* )?-( |$)`)},
	{"rust-script", "rust", regex.New(`^rust-script (.* )?(-|/dev/stdin)( |$)`)},
	{"java", "java", regex.New(`^java (.* )?(/dev/stdin|--source \d+ /dev/stdin)( |$)`)},
	{"kotlinc", "groovy", regex.New(`^kotlinc (.* )?-script /dev/stdin( |$)`)},
}

// compiledInput reads code that a compiler gets on its input and runs.
func (j *job) compiledInput(s *step, cmd *command, w lore.Where, f frame) {
	if !w.PipedIn {
		return
	}
	for _, c := range compilers {
		if c.program == s.program && c.words.MatchString(strings.Join(texts(cmd.words), " ")) {
			j.inputCode(s, c.language, cmd, f)
			return
		}
	}
}

// typedLines are the texts of what is typed into a terminal, without the names
// of keys.
func typedLines(words []string) []string {
	var out []string
	for _, w := range words {
		switch {
		case w == "Enter" || w == "C-m" || w == "C-j" || w == "KPEnter":
			out = append(out, "\n")
		case w == "Space":
			out = append(out, " ")
		case keyName.MatchString(w):
		default:
			out = append(out, w)
		}
	}
	return out
}

var keyName = regex.New(`^(([CMS]-)+\S+|\^\S|F\d+|Up|Down|Left|Right|Escape|Tab|BTab|BSpace|Home|End|PPage|NPage|PageUp|PageDown|PgUp|PgDn|IC|DC|Insert|Delete|.)$`)
