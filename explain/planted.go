package explain

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/regex"
	"escort/explain/say"
	"escort/explain/script/recipe"
	"escort/explain/shell"
)

// longPlanted is how many bytes of text that a command writes are read.
const longPlanted = 16 << 10

// plantedBy reads what a command writes into places whose content is run or
// obeyed later, and says it with the writing, which adds to what is there or
// puts it in its place.
func (j *job) plantedBy(s *step, text string, adds bool, f frame) {
	if len(text) > longPlanted || strings.TrimSpace(text) == "" || f.depth >= maxDepth {
		return
	}
	for i := range s.acts {
		a := &s.acts[i]
		if a.access != "write" || a.Role != effect.RolePath || strings.Contains(a.Object, "…") {
			continue
		}
		how := "writes."
		if adds {
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
	if language == "desktop" {
		language, text = "sh", started(text)
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
	a := &s.acts[i]
	a.Risk = effect.Worst(a.Risk, inner.risk())
	a.say, a.brief = plantedSays(*a, how, language, cs)
	s.inner = append(s.inner, inner)
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
	if language == "sh" || !say.Known(id) {
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

// plantedLanguage is the language in which text in a place is read when it is
// run; empty: it is not run, or in none that is read here.
func plantedLanguage(file, class string) string {
	language, base := recipe.Language(file, nil), path.Base(file)
	switch {
	case class == "schedule" && language != "", class == "service-settings" && language == "unit":
		return language
	case class == "schedule" && plantedScripts.MatchString(file), strings.Contains(file, "/.git/hooks/"), strings.HasPrefix(file, ".git/hooks/"):
		return "sh"
	case desktopFile.MatchString(file):
		return "desktop"
	case class == "shell-settings" || class == "service-settings":
		if shellFiles.MatchString(base) || plantedScripts.MatchString(file) {
			return "sh"
		}
	}
	return ""
}

// started are the commands that an entry of a desktop starts.
func started(text string) string {
	var out []string
	for _, m := range desktopExec.FindAllStringSubmatch(text, maxHandedPaths) {
		out = append(out, m[1])
	}
	return strings.Join(out, "\n")
}

var (
	desktopFile    = regex.New(`/autostart/[^/]+\.desktop$`)
	desktopExec    = regex.New(`(?m)^Exec=(.+)$`)
	shellFiles     = regex.New(`^\.?(bash|zsh|k|mksh|a)(rc|env|_profile|_login|_logout|_aliases|\.bashrc|login|logout|profile)$|^\.?profile$|^rc(\.local)?$|^\.x(profile|session|sessionrc|initrc)$|\.sh$`)
	plantedScripts = regex.New(`^/etc/(cron\.(hourly|daily|weekly|monthly)|profile\.d|update-motd\.d|init\.d|rc\.d|dhcp/dhclient-\w+-hooks\.d|NetworkManager/dispatcher\.d|acpi/\w+)/`)
)

// obeyed are the lines of files that are obeyed and not run, by the kind of place
// or the file, and the message that says what a line lets happen.
var obeyed = []struct {
	class, message string
	line           *regex.Pattern
}{
	{"sudoers", "planted.sudoers-freely", regex.New(`(?m)^\s*([%\w.-]+)\s+\S+\s*=\s*(?:\(.*?\)\s*)?NOPASSWD`)},
	{"sudoers", "planted.sudoers-freely", regex.New(`(?m)^\s*permit\s+nopass\s+(?:\w+\s+)*?([:\w.-]+)\s*$`)},
	{"sudoers", "planted.sudoers", regex.New(`(?m)^\s*(?:permit\s+(?:\w+\s+)*)?([%\w.-]+)\s+\S+\s*=\s*\S`)},
	{"accounts", "planted.administrator", regex.New(`(?m)^([\w.-]+):[^:]*:0+:\d*:`)},
	{"accounts", "planted.account", regex.New(`(?m)^([\w.-]+):[^:]*:\d+:\d*:`)},
	{"login-rules", "planted.anybody-in", regex.New(`(?m)^\s*(?:auth|account)\s+(?:sufficient|required|\[.*\])\s+(\S*pam_permit\.so)`)},
	{"login-rules", "planted.program-at-login", regex.New(`(?m)^\s*\w+\s+\S+\s+\S*pam_exec\.so(?:\s+\w+(?:=\S+)?)*?\s+(/\S+)`)},
	{"login-rules", "planted.code-at-login", regex.New(`(?m)^\s*\w+\s+\S+\s+(\S+\.so)`)},
	{"ssh-settings", "planted.root-login", regex.New(`(?mi)^\s*(PermitRootLogin)\s+yes`)},
	{"ssh-settings", "planted.empty-passwords", regex.New(`(?mi)^\s*(PermitEmptyPasswords)\s+yes`)},
}

// told says with the act of writing what a line lets happen.
func told(a *act, text string) {
	for _, o := range obeyed {
		if o.class != a.place.Class {
			continue
		}
		if m := o.line.FindStringSubmatch(text); m != nil {
			a.say = say.Text(o.message, "who", m[1], "file", a.Object)
			return
		}
	}
}
