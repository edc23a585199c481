package lore

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"escort/explain/effect"
	"escort/explain/say"
)

// Where is what is known about the circumstances of a command.
type Where struct {
	Root    bool   // it runs as the administrator
	As      string // account that it runs as, where that is not the session's own
	User    string // the session's account; empty: not known
	Home    string // its home folder; empty: not known
	Cwd     string // empty: not known
	PipedIn bool   // its input comes from a file, a pipe or a here-document
	InText  bool   // its input stands in the text itself, and is short
	Piped   bool   // its output goes into a pipe or a file
}

// Made is an effect made from a template, with what the words need.
type Made struct {
	effect.Effect
	Say      string
	Undo     effect.Undo
	UndoText string
	Place    Place  // where Object is a path
	Access   string // how it was rated: list, read, write, delete or none
	Unsure   bool   // part of the object is not known
	Named    string // the path as a noun phrase: "the logs in /var/log"
}

// MadeFinding is a finding made from a template.
type MadeFinding struct {
	effect.Finding
}

// Effects makes the effects of the command from the templates that apply.
func (u *Use) Effects(w Where) []Made {
	off := u.Off()
	if off && !u.Still() {
		return nil
	}
	var out []Made
	if !off {
		for _, t := range u.Entry.Effects {
			if len(out) > 0 && slices.Contains(t.When, "otherwise") {
				continue
			}
			out = append(out, u.make(t, w)...)
		}
		if !u.saidBy(out) {
			out = append(u.deedEffects(w), out...)
		}
	}
	for _, o := range u.options {
		if off && !slices.Contains(o.Sets, "still") {
			continue
		}
		for _, t := range o.Effects {
			out = append(out, u.make(t, w)...)
		}
	}
	if len(out) == 0 {
		out = u.bare()
	}
	return dedupe(out)
}

// saidBy reports that effects of the entry say what a deed without a thing does:
// the thing is in the file that they name.
func (u *Use) saidBy(made []Made) bool {
	return u.done != nil && len(u.done.names) == 0 && u.done.thing.one == say.Text("deed.something") &&
		slices.ContainsFunc(made, func(m Made) bool { return m.Verb != "read" })
}

func dedupe(in []Made) []Made {
	type key struct {
		verb, object, say string
		role              effect.Role
		risk              effect.Risk
	}
	seen := make(map[key]bool, len(in))
	return slices.DeleteFunc(in, func(m Made) bool {
		k := key{m.Verb, m.Object, m.Say, m.Role, m.Risk}
		was := seen[k]
		seen[k] = true
		return was
	})
}

func (u *Use) make(t Effect, w Where) []Made {
	if !u.holds(t.When, w) {
		return nil
	}
	if !isSlotName(t.What) {
		m := u.base(t, w)
		m.Object = u.fillIn(t.What)
		m.Unsure = strings.Contains(m.Object, unknown)
		if m.Role == "" {
			m.Role = effect.RoleNone
		}
		u.rate(&m, t, w)
		return []Made{m}
	}
	slot := u.slot(t.What)
	values := u.Slots[t.What]
	if len(values) == 0 && slot.Default != "" {
		values = []Word{{Text: slot.Default, Known: true}}
	}
	out := make([]Made, 0, len(values))
	for _, v := range values {
		m := u.base(t, w)
		m.Object = v.Text
		m.Unsure = strings.Contains(v.Text, unknown)
		if m.Role == "" {
			m.Role = Kinds[slot.Kind]
		}
		if slot.Kind == "remote-path" {
			remote(&m)
		}
		if v.Span[1] > v.Span[0] {
			span := v.Span
			m.Span = &span
		}
		u.rate(&m, t, w)
		out = append(out, m)
	}
	return out
}

// remote turns HOST:PATH into an effect on another machine.
func remote(m *Made) {
	host, _, ok := strings.Cut(m.Object, ":")
	if !ok || host == "" || strings.Contains(host, "/") {
		m.Role = effect.RolePath
		return
	}
	m.Role, m.Scope = effect.RoleHost, effect.ScopeNetwork
}

func (u *Use) base(t Effect, w Where) Made {
	m := Made{Say: u.phrase(t.Say, w), Undo: t.Undo, UndoText: t.UndoText}
	m.Verb, m.Role, m.Scope, m.Dimension = t.Do, t.Role, t.Scope, t.Dimension
	m.As, m.Recursive = u.fillIn(t.As), t.Recursive || u.Tags["recursive"]
	if m.As == "" {
		m.As = w.As
	}
	if m.Undo == "" && (u.Entry.Undo == effect.UndoYes || !effect.Looks(m.Verb) && m.Verb != "open") {
		m.Undo, m.UndoText = u.Entry.Undo, u.Entry.UndoText
	}
	return m
}

// rate gives an effect its dimension, scope and risk.
func (u *Use) rate(m *Made, t Effect, w Where) {
	v := verbs[m.Verb]
	m.Access = t.Access
	if m.Access == "" {
		m.Access = v.access
	}
	if m.Dimension == "" {
		m.Dimension = v.dimension
	}
	m.Risk = t.Risk
	if pathRole(m.Role) && m.Access != "none" {
		m.Place = Classify(m.Object, w)
		m.Named = Name(m.Object, m.Place)
		if m.Scope == "" {
			m.Scope = m.Place.Scope
		}
		m.Risk = effect.Worst(m.Risk, m.Place.Rate(m.Access, m.Recursive))
		if m.Access == "delete" && m.Recursive && !strings.HasPrefix(m.Object, "/") && m.Place.Class != "null" && m.Place.Class != "cache" {
			m.Risk = effect.Worst(m.Risk, effect.High) // what it takes away depends on where the shell stands
		}
		return
	}
	if m.Scope == "" {
		m.Scope = roleScope(m.Role, w)
	}
	if t.Risk == "" {
		m.Risk = v.risk
	}
}

func pathRole(r effect.Role) bool {
	switch r {
	case effect.RolePath, effect.RoleFolder, effect.RoleDevice, effect.RoleLog, effect.RoleScript, effect.RoleKey:
		return true
	}
	return false
}

func roleScope(r effect.Role, w Where) effect.Scope {
	switch r {
	case effect.RoleHost, effect.RoleURL:
		return effect.ScopeNetwork
	case effect.RoleService, effect.RolePackage, effect.RoleUser, effect.RoleGroup, effect.RoleSystem,
		effect.RoleDatabase, effect.RoleTable, effect.RoleContainer, effect.RolePort, effect.RoleImage, effect.RoleSecret:
		return effect.ScopeSystem
	case effect.RoleModule:
		return effect.ScopeKernel
	case effect.RoleResource:
		return effect.ScopeFleet
	case effect.RoleProcess:
		if w.Root {
			return effect.ScopeSystem
		}
		return effect.ScopeOwn
	case effect.RoleSession:
		return effect.ScopeSession
	case effect.RoleRepository, effect.RoleBranch, effect.RoleSetting:
		return effect.ScopeOwn
	}
	return effect.ScopeNone
}

// Findings makes the findings of the command that the entry itself knows.
func (u *Use) Findings(w Where) []effect.Finding {
	off := u.Off()
	if off && !u.Still() {
		return nil
	}
	var out []effect.Finding
	if !off {
		out = u.deedFindings()
	}
	add := func(fs []Finding) {
		for _, f := range fs {
			if u.holds(f.When, w) {
				out = append(out, effect.Finding{
					ID: f.ID, Text: u.fillIn(f.Text), Dimension: f.Dimension, Risk: f.Risk, Technique: f.Technique,
				})
			}
		}
	}
	if !off {
		add(u.Entry.Findings)
	}
	for _, o := range u.options {
		if !off || slices.Contains(o.Sets, "still") {
			add(o.Findings)
		}
	}
	return out
}

// Gives names what the command puts out a list of; empty: nothing is said of it.
func (u *Use) Gives(w Where) string {
	for i := len(u.chain) - 1; i >= 0; i-- {
		for _, g := range u.chain[i].Gives {
			if u.holds(g.When, w) {
				return u.fillIn(g.What)
			}
		}
	}
	return ""
}

// Interactive returns the prompt that the command opens, nil if it does not.
func (u *Use) Interactive(w Where) *Prompt {
	p := u.Entry.Prompt
	if p == nil || u.Off() || !u.holds(p.When, w) {
		return nil
	}
	return p
}

// ReadsCode returns what the command does with its input as code or commands,
// nil if its input is data.
func (u *Use) ReadsCode(w Where) *Stdin {
	s := u.Entry.Stdin
	if s == nil || s.Kind == "" || s.Kind == "data" || u.Off() || !u.holds(s.When, w) {
		return nil
	}
	return s
}

// Helper is a program that a command starts by itself: words, "?" for one that
// is not known, a last "*" for any further ones; and what that starts in turn.
type Helper struct {
	Words []string
	Below []Helper
	Apart bool // see [Start]
}

// Helpers lists the programs that the command starts by itself.
func (u *Use) Helpers(w Where) []Helper {
	var out []Helper
	for _, e := range u.chain {
		out = append(out, u.helpers(e.Starts, w)...)
	}
	return out
}

func (u *Use) helpers(starts []Start, w Where) []Helper {
	var out []Helper
	for _, s := range starts {
		if u.holds(s.When, w) {
			out = append(out, Helper{u.filled(words(s.Argv)), u.helpers(s.Starts, w), s.Apart})
		}
	}
	return out
}

// Plain lists the helpers that the program called name has whatever its words.
func (e *Entry) Plain(name string) []Helper {
	u := &Use{Program: name}
	var out []Helper
	for _, s := range e.Starts {
		if always(s, name) {
			out = append(out, u.helpers([]Start{s}, Where{})...)
		}
	}
	return out
}

// always reports whether a start hangs on nothing but the program's name.
func always(s Start, name string) bool {
	for _, c := range s.When {
		names, ok := strings.CutPrefix(c, "called ")
		if !ok || !slices.Contains(strings.Split(names, "/"), name) {
			return false
		}
	}
	return !strings.Contains(s.Argv, "{")
}

// filled puts what was given into words. One that holds a slot may become
// several.
func (u *Use) filled(words []string) []string {
	var out []string
	for _, w := range words {
		if strings.Contains(w, "{") {
			out = append(out, strings.Fields(u.fillIn(w))...)
		} else {
			out = append(out, w)
		}
	}
	return out
}

// words divides the text of a start at spaces outside of single quotes.
func words(text string) []string {
	var out []string
	for i, part := range strings.Split(text, "'") {
		if i%2 == 1 {
			out = append(out, part)
		} else {
			out = append(out, strings.Fields(part)...)
		}
	}
	return out
}

// Holds reports whether all conditions hold; see the package comment.
func (u *Use) holds(conds Strings, w Where) bool {
	for _, c := range conds {
		if !slices.ContainsFunc(strings.Split(c, " or "), func(s string) bool { return u.holdsOne(strings.TrimSpace(s), w) }) {
			return false
		}
	}
	return true
}

func (u *Use) holdsOne(c string, w Where) bool {
	if rest, ok := strings.CutPrefix(c, "no "); ok {
		return !u.holdsOne(rest, w)
	}
	if slot, pattern, ok := strings.Cut(c, " ~ "); ok {
		re := compiled(pattern)
		return re != nil && slices.ContainsFunc(u.Slots[slot], func(v Word) bool { return re.MatchString(v.Text) })
	}
	switch {
	case c == "otherwise": // of an effect: no earlier one of the entry was made
		return true
	case c == "root":
		return w.Root
	case c == "piped-in":
		return w.PipedIn
	case c == "in-text":
		return w.InText
	case c == "piped":
		return w.Piped
	case strings.HasPrefix(c, "-"), strings.HasPrefix(c, "+"):
		return u.Given[c]
	case strings.HasPrefix(c, "called "):
		return slices.Contains(strings.Split(strings.TrimPrefix(c, "called "), "/"), u.Program)
	case isSlotName(c):
		return len(u.Slots[c]) > 0
	}
	return u.Tags[c] || u.Given[c]
}

var patterns sync.Map

func compiled(pattern string) *regexp.Regexp {
	if re, ok := patterns.Load(pattern); ok {
		return re.(*regexp.Regexp)
	}
	re, err := regexp.Compile(pattern)
	if err != nil { // the tests of the data compile every pattern
		return nil
	}
	patterns.Store(pattern, re)
	return re
}
