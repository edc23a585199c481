// Package recipe reads files that list what other programs are to do: a
// Makefile, a Dockerfile, a unit of systemd, scheduled jobs, the scripts of a
// package.json, a compose file, a playbook, a manifest of a cluster, a plan of
// Terraform, the settings of git, SQL, and what the prompts of other databases
// are told. Each reader gives the steps that would be taken, with their lines;
// the shell commands in them are left to the caller to explain.
//
// # Limits
//
// What is only known when it runs (variables of a playbook, output of
// $(shell …), templates) is a stretch of U+FFFC. What a reader passes over is
// a step with Unread set, so that nothing is silently left out.
package recipe

import (
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"escort/explain/effect"
	"escort/explain/regex"
	"escort/explain/say"
)

// Hole stands for text that is only known when the file is used.
const Hole = "\uFFFC"

// MaxSteps is how many steps of one file are looked at.
const MaxSteps = 1000

// Places where a step happens, other than here and now.
const (
	Here      = ""
	Container = "container"
	Later     = "later"
	Remote    = "remote"
)

// Step is one thing that the file has done. Exactly one of Shell, Verb, File
// and Unread says what.
type Step struct {
	Line  int    // from 1; 0: nowhere in the text
	Shell string // commands for a shell
	Verb  string // one of effect.Verbs: it does this itself, as Say says

	Object    string
	Role      effect.Role
	Scope     effect.Scope
	Dimension effect.Dimension
	Risk      effect.Risk
	Say       string // the clause: "Shows the table users"
	ID        string // also a finding of this name; empty: none
	Technique string

	File     string // a further file that is used, to be read by the caller
	Language string // of that file; empty: by its name
	Optional bool   // that the file is not there is no mistake

	Unread string // what was not read, a noun phrase; Risk, if set, is how bad that is
	As     string // account that it happens as; empty: the caller's
	Place  string // Here, Container, Later or Remote

	table string // row of a table that Say is from
}

// Asked is what the command wants of the file.
type Asked struct {
	Names []string          // targets of make, scripts of a package, services; none: the usual ones
	Vars  map[string]string // variables that the command sets
}

type reader func(text string, a Asked) []Step

var readers = map[string]reader{
	"make": readMake, "dockerfile": readDockerfile, "compose": readCompose, "unit": readUnit, "crontab": readCrontab,
	"cron.d": readSystemCrontab, "package.json": readPackage, "ansible": readPlaybook, "kubernetes": readManifest, "helm": readChart,
	"terraform": readTerraform, "gitconfig": readGitConfig, "sql": readSQL, "redis": readRedis, "mongo": readMongo, "procfile": readProcfile,
	"just": readNot, "vagrant": readNot, "jenkins": readNot, "cmake": readNot,
}

// Knows reports whether files of the language are read by this package.
func Knows(language string) bool { return readers[language] != nil }

// Read lists the steps of a file. A language that is not known gives none.
func Read(language, text string, a Asked) []Step {
	r := readers[language]
	if r == nil {
		return nil
	}
	steps := r(text, a)
	if len(steps) > MaxSteps {
		steps = append(steps[:MaxSteps:MaxSteps], Step{Line: steps[MaxSteps].Line, Unread: say.Text("files.the-rest-of-the-file"), Risk: effect.High})
	}
	return steps
}

// names are the files whose name alone says what they are.
var names = []struct{ pattern, language string }{
	{"Makefile", "make"},
	{"makefile", "make"},
	{"GNUmakefile", "make"},
	{"*.mk", "make"},
	{"Makefile.*", "make"},
	{"Dockerfile", "dockerfile"},
	{"Dockerfile.*", "dockerfile"},
	{"*.dockerfile", "dockerfile"},
	{"Containerfile", "dockerfile"},
	{"*.service", "unit"},
	{"*.timer", "unit"},
	{"*.socket", "unit"},
	{"*.path", "unit"},
	{"*.mount", "unit"},
	{"crontab", "crontab"},
	{"*.crontab", "crontab"},
	{"crontab.*", "crontab"},
	{"*.cron", "crontab"},
	{"*.sql", "sql"},
	{"package.json", "package.json"},
	{"*.tf", "terraform"},
	{"docker-compose*.yml", "compose"},
	{"docker-compose*.yaml", "compose"},
	{"compose*.yml", "compose"},
	{"compose*.yaml", "compose"},
	{"Procfile", "procfile"},
	{"justfile", "just"},
	{"Justfile", "just"},
	{".justfile", "just"},
	{"Vagrantfile", "vagrant"},
	{"Jenkinsfile", "jenkins"},
	{"CMakeLists.txt", "cmake"},
	{".gitconfig", "gitconfig"},
	{"gitconfig", "gitconfig"},
}

var (
	manifestHead = regex.New(`(?m)^apiVersion:\s*\S`)
	playbookHead = regex.New(`(?m)^\s*-?\s*(hosts|tasks|import_playbook|ansible\.builtin\.\w+):`)
	composeHead  = regex.New(`(?m)^services:`)
)

// Language tells the language of a file by its name, for YAML by its first
// words too; empty where neither says.
func Language(name string, data []byte) string {
	base := path.Base(name)
	switch {
	case name == "":
		return ""
	case base == "crontab" && strings.HasPrefix(name, "/etc/"), strings.HasPrefix(name, "/etc/cron.d/"):
		return "cron.d"
	case strings.HasSuffix(name, ".git/config"):
		return "gitconfig"
	case strings.HasPrefix(name, "/var/spool/cron/"):
		return "crontab"
	case dropIn.MatchString(name):
		return "unit"
	}
	for _, n := range names {
		if ok, err := path.Match(n.pattern, base); err == nil && ok {
			return n.language
		}
	}
	if e := path.Ext(base); e == ".yml" || e == ".yaml" {
		head := data[:min(len(data), 16<<10)]
		switch {
		case manifestHead.Match(head):
			return "kubernetes"
		case composeHead.Match(head):
			return "compose"
		case playbookHead.Match(head):
			return "ansible"
		}
	}
	return ""
}

// dropIn are settings of systemd that stand beside those of a service.
var dropIn = regex.New(`\.(service|timer|socket|path|mount)\.d/[^/]+\.conf$|/systemd/\S*/[^/]+\.d/override\.conf$`)

// readNot says that this kind of file is not read.
func readNot(text string, _ Asked) []Step {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return []Step{{Line: 1, Unread: say.Text("files.what-this-file-lists")}}
}

// readProcfile reads "name: command" lines.
func readProcfile(text string, a Asked) []Step {
	var out []Step
	for n, l := range lines(text) {
		name, cmd, ok := strings.Cut(l, ":")
		if ok && !strings.HasPrefix(l, "#") && wanted(a.Names, strings.TrimSpace(name)) {
			out = append(out, Step{Line: n + 1, Shell: strings.TrimSpace(cmd)})
		}
	}
	return out
}

func wanted(names []string, name string) bool {
	return len(names) == 0 || slices.Contains(names, name)
}

func lines(text string) []string {
	return strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
}

func firstWord(s string) string {
	for w := range strings.FieldsSeq(s) {
		return w
	}
	return ""
}

// short cuts a text for a sentence.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:57]) + "…"
}

// outsideQuotes puts a backslash before each of marks that stands in no
// quotes, for programs that start no shell.
func outsideQuotes(s, marks string) string {
	var b strings.Builder
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s):
			b.WriteByte(c)
			i++
			c = s[i]
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		case quote == 0 && strings.IndexByte(marks, c) >= 0:
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}
