package lore

import (
	"fmt"
	"strings"

	"escort/explain/effect"
)

// Entry is what is known about one program, or about one of its subcommands.
//
// Parsing (parse:): gnu (default: options anywhere, bundles, --name=v, unique
// beginnings), posix (options end at the first operand), single (-name is one
// option: find, java, terraform), old (first word may be a bundle without dash:
// tar, ps), keyed (dd if=X: options spelled "if=IN"), none (all are operands),
// pwsh (-Name:value in either case, shortened while it stays clear).
// A slot whose name an option fills takes no operand (grep -e PATTERN FILE...).
// Options also match after subcommands. any_options: true raises no doubt about
// unknown options. --help and --version are known everywhere (no_help: true:
// not here). sets: help or dry-run switches all effects and findings off, except
// those of options that set "still": what they name is run in a dry run too.
//
// Effects: do is a word of effect.Verbs. A path's name, scope and rating come
// from data/paths.table by access (list read write delete none; the verb
// implies one); risk: is a floor. Other objects take risk: or the verb's usual
// one. dimension, scope, role, as, recursive, undo, undo_text overrule. say:
// replaces the sentence ("Replaces the history of {BRANCH}"). The usual
// sentence is verb + object: {do: restart, what: SERVICE} is "Restarts the
// service nginx"; a literal what needs no role. Without effects the summary is
// the headline and the risk is safe, so say what it does to others.
//
// Conditions (when:, all must hold; " or " inside one): "-r" (given in any
// spelling), "no -r", "FILE", "no FILE" (slot filled), "MODE ~ regex", a tag,
// "otherwise" (an effect: none above it was made), "root", "piped-in", "in-text" (the input stands in the text), "piped", "called reboot/halt".
//
// Running others: slot kinds command (all further words; sudo, nohup), shell
// (text for a shell; bash -c, ssh HOST), code (language: python), script (a
// file that is run), with as: root or "{USER}", where: remote container later,
// loop: true (many times), more: true (words are added, xargs). Options may
// take a command: "-exec CMD": {until: [";", "+"]}. stdin: {kind: shell|code|
// commands, language:, when:} runs its input. prompt: {text: "a database
// prompt", risk: high, when: [no SQL]} opens a prompt of its own. starts: ["less
// *", {argv: "ssh ? *", when: ...}] are helpers it starts itself (? one unknown
// word, * any further). config: files that may name programs. helpers: folder
// of its helper programs. builtin: true: part of the shell. assignments: true:
// leading NAME=VALUE words (env, sudo).
//
// gives: [{what: "the processes called {NAME}", when: ...}] names what it puts out
// a list of, where another command takes the list: kill $(pgrep x).
//
// deeds: "in the Amazon cloud" reads the operands, which are WORD..., by
// data/deeds*.table: things, a deed, names. "--* VALUE" (VALUE...: after a plural
// all words up to the next option) stands for options whose names say what they are.
//
// findings: [{id, text, dimension, risk, technique: T1485, when}] are reasons
// for concern, on an entry, subcommand or option. undo: yes|partly|no|unknown
// with undo_text; ask: questions for the engineer; glossary: word: meaning.
// examples: cmd, risk ("high", ">=high", "<=low", "low..caution"), verbs,
// no_verbs, says, not_says (headline, any case), finding, no_finding, undo,
// starts (programs of the plan).
type Entry struct {
	Names       []string          `yaml:"-"`       // the key it stands under
	Family      string            `yaml:"-"`       // the file it stands in
	Summary     string            `yaml:"summary"` // third person, lower case, no full stop: "deletes files"
	Package     string            `yaml:"package"`
	Parse       string            `yaml:"parse"` // gnu (default) posix single old keyed none pwsh
	Options     map[string]Option `yaml:"options"`
	Operands    string            `yaml:"operands"` // "SRC... DST"
	Slots       map[string]Slot   `yaml:"slots"`
	Subcommands map[string]*Entry `yaml:"subcommands"`
	Pass        Strings           `yaml:"pass"`       // words that may stand before any subcommand, or before one: "buildx build"
	Abbreviate  bool              `yaml:"abbreviate"` // subcommands may be shortened, as with ip
	Deeds       string            `yaml:"deeds"`      // its words are read by data/deeds*.table; where that is: "in the Amazon cloud"
	Effects     []Effect          `yaml:"effects"`
	Findings    []Finding         `yaml:"findings"`
	Stdin       *Stdin            `yaml:"stdin"`
	Prompt      *Prompt           `yaml:"prompt"`
	Starts      []Start           `yaml:"starts"`
	Gives       Gifts             `yaml:"gives"`   // what it puts out a list of
	Helpers     Strings           `yaml:"helpers"` // folders of its own helper programs
	Config      []string          `yaml:"config"`  // files that may name programs it will start
	Builtin     bool              `yaml:"builtin"` // part of the shell: nothing is started
	Assignments bool              `yaml:"assignments"`
	NoHelp      bool              `yaml:"no_help"` // --help and --version are not what they are elsewhere
	NoStrict    bool              `yaml:"any_options"`
	Undo        effect.Undo       `yaml:"undo"`
	UndoText    string            `yaml:"undo_text"`
	Ask         Strings           `yaml:"ask"`
	Glossary    map[string]string `yaml:"glossary"`
	Examples    []Example         `yaml:"examples"`

	spellings map[string]*optionRef
	patterns  []operand
	named     map[string]*Entry // subcommands by each of their names
}

// Option is one option. A bare string in YAML is its meaning.
type Option struct {
	Means    string    `yaml:"means"`
	Sets     Strings   `yaml:"sets"` // tags: recursive, force, help, dry-run, or any own word
	Effects  []Effect  `yaml:"effects"`
	Findings []Finding `yaml:"findings"`
	Until    Strings   `yaml:"until"` // the value is all words up to one of these (find -exec)
	Takes    int       `yaml:"takes"` // number of value words, if more than one
}

// UnmarshalYAML accepts a string in place of the mapping.
func (o *Option) UnmarshalYAML(decode func(any) error) error {
	var s string
	if decode(&s) == nil {
		o.Means = s
		return nil
	}
	type plain Option
	return decode((*plain)(o))
}

// Slot says what kind of word stands in an operand or an option's value.
type Slot struct {
	Kind    string `yaml:"kind"`    // one of Kinds
	Default string `yaml:"default"` // stands in where the word is not given
	Split   string `yaml:"split"`   // one word holds several, divided by this
	Call    string `yaml:"call"`    // everyday name: "the web server"
	// For kinds command, shell, code and script:
	Language string  `yaml:"language"` // sh (default), python, perl, awk, node, …
	As       string  `yaml:"as"`       // account that it runs as: "root" or "{USER}"
	Where    string  `yaml:"where"`    // here (default), remote, container, later
	When     Strings `yaml:"when"`     // only then is it run
	Loop     bool    `yaml:"loop"`     // may run many times
	More     bool    `yaml:"more"`     // further words will be added that are not known
	Login    bool    `yaml:"login"`    // without words: an interactive shell
}

// UnmarshalYAML accepts a string, the kind, in place of the mapping.
func (s *Slot) UnmarshalYAML(decode func(any) error) error {
	var kind string
	if decode(&kind) == nil {
		s.Kind = kind
		return nil
	}
	type plain Slot
	return decode((*plain)(s))
}

// Effect is a template of an effect. It is made once for every word in the
// slot that What names, or once where What is text.
type Effect struct {
	Do        string           `yaml:"do"`   // a verb of effect.Verbs
	What      string           `yaml:"what"` // a slot, or text that may hold {SLOT}
	Role      effect.Role      `yaml:"role"`
	Scope     effect.Scope     `yaml:"scope"`
	Dimension effect.Dimension `yaml:"dimension"`
	Risk      effect.Risk      `yaml:"risk"`   // at least this; paths and context may raise it
	Access    string           `yaml:"access"` // list read write delete none; how the path table rates it
	As        string           `yaml:"as"`
	Recursive bool             `yaml:"recursive"`
	Say       string           `yaml:"say"` // the sentence, where the usual one reads badly
	When      Strings          `yaml:"when"`
	Undo      effect.Undo      `yaml:"undo"`
	UndoText  string           `yaml:"undo_text"`
}

// Gives says what stands in the lines that the program puts out, for commands
// that take them as their words: "the processes called {NAME}".
type Gives struct {
	What string  `yaml:"what"`
	When Strings `yaml:"when"`
}

// Gifts is a list of them that YAML may give as one string; the first that
// applies counts.
type Gifts []Gives

// UnmarshalYAML accepts a string in place of the list.
func (g *Gifts) UnmarshalYAML(decode func(any) error) error {
	var one string
	if decode(&one) == nil {
		*g = Gifts{{What: one}}
		return nil
	}
	return decode((*[]Gives)(g))
}

// UnmarshalYAML accepts a string in place of the mapping.
func (g *Gives) UnmarshalYAML(decode func(any) error) error {
	var s string
	if decode(&s) == nil {
		g.What = s
		return nil
	}
	type plain Gives
	return decode((*plain)(g))
}

// Finding is a template of a finding.
type Finding struct {
	ID        string           `yaml:"id"`
	Text      string           `yaml:"text"`
	Dimension effect.Dimension `yaml:"dimension"`
	Risk      effect.Risk      `yaml:"risk"`
	Technique string           `yaml:"technique"`
	When      Strings          `yaml:"when"`
}

// Stdin says what the program does with its standard input.
type Stdin struct {
	Kind     string  `yaml:"kind"` // data (default), shell, code, commands (xargs)
	Language string  `yaml:"language"`
	When     Strings `yaml:"when"`
}

// Prompt says that the program asks for commands of its own.
type Prompt struct {
	Text string      `yaml:"text"` // "a database prompt"
	Risk effect.Risk `yaml:"risk"`
	When Strings     `yaml:"when"`

	Screen bool `yaml:"screen"` // its keys act at once: there are no lines
}

// Start is a helper program that the program starts by itself. A name that is "="
// means its own file once more, whatever that calls itself, and "$SHELL" the
// account's shell; one that begins with
// ../ or holds a * a pattern of files, from the program's own folder on.
type Start struct {
	Argv string  `yaml:"argv"` // words, in single quotes if need be; ? is an unknown word, a last * any further words
	When Strings `yaml:"when"`

	Starts []Start `yaml:"starts"` // what that one starts in turn, besides what its own entry says
	Apart  bool    `yaml:"apart"`  // by a part of the program that has gone to the background, where its parents are not known
}

// UnmarshalYAML accepts a string, the words, in place of the mapping.
func (s *Start) UnmarshalYAML(decode func(any) error) error {
	var argv string
	if decode(&argv) == nil {
		s.Argv = argv
		return nil
	}
	type plain Start
	return decode((*plain)(s))
}

// Example is a command and what its explanation must say.
type Example struct {
	Cmd       string   `yaml:"cmd"`
	Risk      string   `yaml:"risk"` // "high", ">=high", "<=low" or "low..caution"
	Verbs     Strings  `yaml:"verbs"`
	NoVerbs   Strings  `yaml:"no_verbs"`
	Says      Strings  `yaml:"says"` // words of the headline, in either case
	NotSays   Strings  `yaml:"not_says"`
	Finding   Strings  `yaml:"finding"`
	NoFinding Strings  `yaml:"no_finding"`
	Undo      string   `yaml:"undo"`
	Starts    []string `yaml:"starts"` // programs in the plan, in order
}

// Strings is a list of strings that YAML may give as one string.
type Strings []string

// UnmarshalYAML accepts a string in place of the list.
func (s *Strings) UnmarshalYAML(decode func(any) error) error {
	var one string
	if decode(&one) == nil {
		*s = Strings{one}
		return nil
	}
	var many []string
	if err := decode(&many); err != nil {
		return err
	}
	*s = many
	return nil
}

// Kinds maps the kinds of slots to the role that their words have in effects.
var Kinds = map[string]effect.Role{
	"path": effect.RolePath, "folder": effect.RoleFolder, "device": effect.RoleDevice, "log": effect.RoleLog,
	"remote-path": effect.RolePath, // PATH or HOST:PATH or USER@HOST:PATH
	"key":         effect.RoleKey, "secret": effect.RoleSecret,
	"host": effect.RoleHost, "url": effect.RoleURL, "port": effect.RolePort,
	"user": effect.RoleUser, "group": effect.RoleGroup, "process": effect.RoleProcess, "signal": effect.RoleText,
	"service": effect.RoleService, "package": effect.RolePackage, "setting": effect.RoleSetting,
	"database": effect.RoleDatabase, "table": effect.RoleTable, "sql": effect.RoleText,
	"container": effect.RoleContainer, "image": effect.RoleImage, "resource": effect.RoleResource,
	"repository": effect.RoleRepository, "branch": effect.RoleBranch, "module": effect.RoleModule,
	"session": effect.RoleSession, "system": effect.RoleSystem,
	"place": effect.RoleText, // account, namespace or context that is worked in: changes in production are told of
	"text":  effect.RoleText, "pattern": effect.RoleText, "mode": effect.RoleText, "number": effect.RoleText,
	"command": effect.RoleCommand, // all further words are a command
	"shell":   effect.RoleCommand, // text that a shell runs
	"code":    effect.RoleCommand, // text in another language
	"script":  effect.RoleScript,  // a file whose content is run
	"args":    effect.RoleText,    // words handed to a script or a command
}

// IsPath reports whether words of this kind name files.
func IsPath(kind string) bool {
	switch kind {
	case "path", "folder", "device", "log", "key", "script":
		return true
	}
	return false
}

type optionRef struct {
	*Option
	key      string
	value    string // slot of its value; empty: takes none
	optional bool   // the value only counts when attached
	numeric  bool   // or where the next word is a number, as with make -j
	many     bool   // the value is all words up to the next option
}

type operand struct {
	name           string
	many, optional bool
}

// Prepare checks the entry, whose Names and Family are set, and builds what
// reading commands needs. It is called once; [Lookup] has done so.
func (e *Entry) Prepare() error {
	e.spellings = make(map[string]*optionRef, 2*len(e.Options))
	for key := range e.Options {
		if err := e.prepareOption(key); err != nil {
			return err
		}
	}
	for name := range strings.FieldsSeq(e.Operands) {
		p := operand{name: name}
		p.name, p.many = strings.CutSuffix(p.name, "...")
		if rest, ok := strings.CutSuffix(p.name, "?"); ok {
			p.name, p.optional = rest, true
		}
		e.patterns = append(e.patterns, p)
	}
	for name, s := range e.Slots {
		if _, ok := Kinds[s.Kind]; !ok {
			return fmt.Errorf("slot %s: no such kind %q", name, s.Kind)
		}
	}
	e.named = make(map[string]*Entry, len(e.Subcommands))
	for key, sub := range e.Subcommands {
		if sub == nil {
			return fmt.Errorf("subcommand %s: empty", key)
		}
		sub.Names = SplitNames(key)
		sub.Family = e.Family
		if err := sub.Prepare(); err != nil {
			return fmt.Errorf("subcommand %s: %w", key, err)
		}
		for _, n := range sub.Names {
			e.named[n] = sub
		}
	}
	return nil
}

// prepareOption reads a key such as "-n --lines N" or "--color[=WHEN]".
func (e *Entry) prepareOption(key string) error {
	opt := e.Options[key]
	words := strings.Fields(key)
	ref := optionRef{Option: &opt, key: key}
	if n := len(words); n > 1 && words[n-1][0] != '-' && words[n-1][0] != '+' {
		ref.value, ref.numeric = strings.CutSuffix(words[n-1], "?")
		ref.optional = ref.numeric
		ref.value, ref.many = strings.CutSuffix(ref.value, "...")
		words = words[:n-1]
	}
	for _, w := range words {
		r := ref
		if name, slot, ok := strings.Cut(w, "["); ok {
			r.value, r.optional = strings.Trim(slot, "=]"), true
			w = name
		}
		if name, slot, ok := strings.Cut(w, "="); ok && slot != "" {
			r.value, w = slot, name
		}
		if _, taken := e.spellings[w]; taken {
			return fmt.Errorf("option %s is there twice", w)
		}
		e.spellings[w] = &r
	}
	return nil
}

// SplitNames reads the key of an entry or a subcommand: "pgrep, pkill".
func SplitNames(key string) []string {
	return strings.FieldsFunc(key, func(r rune) bool { return r == ',' || r == ' ' })
}
