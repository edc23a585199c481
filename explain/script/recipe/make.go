package recipe

import (
	"maps"
	"slices"
	"strings"

	"escort/explain/regex"
	"escort/explain/say"
)

const maxExpand = 16 << 10 // bytes that one expansion may grow to

type rule struct {
	needs  []string
	recipe []madeLine
}

type madeLine struct {
	line int
	text string
}

type makefile struct {
	vars     map[string]string
	given    map[string]string // set by the command: stronger than the file
	rules    map[string]*rule
	order    []string
	patterns []string // the names of rules that stand for many, sorted
	out      []Step
	done     map[string]bool
	work     int
}

var (
	makeAssign = regex.New(`^\s*(?:export\s+|override\s+|private\s+)*([A-Za-z0-9_.\-]+)\s*(::?:?=|\?=|\+=|!=|=)\s*(.*)$`)
	makeRule   = regex.New(`^([^\s#=:][^=#:]*?)\s*::?(?:\s*([^=]*))?$`)
	makeSkip   = regex.New(`^(\.PHONY|\.SUFFIXES|\.SILENT|\.PRECIOUS|\.SECONDARY|\.DELETE_ON_ERROR|\.ONESHELL|\.NOTPARALLEL|\.EXPORT_ALL_VARIABLES)\b`)
)

// readMake follows the targets that are asked for, and what they need.
// Conditions are not decided: both branches count.
func readMake(text string, a Asked) []Step {
	m := &makefile{
		vars: map[string]string{
			"CC": "cc", "CXX": "g++", "RM": "rm -f", "AR": "ar", "AS": "as", "LD": "ld", "MAKE": "make", "SHELL": "/bin/sh",
			"CURDIR": ".", "CPP": "cc -E", "YACC": "yacc", "LEX": "lex", "TAR": "tar",
		},
		given: a.Vars, rules: map[string]*rule{}, done: map[string]bool{},
	}
	m.parse(text)
	m.patterns = slices.DeleteFunc(slices.Sorted(maps.Keys(m.rules)), func(name string) bool { return !strings.Contains(name, "%") })
	targets := a.Names
	if len(targets) == 0 && len(m.order) > 0 {
		targets = m.order[:1]
	}
	for _, t := range targets {
		m.build(t, 0)
	}
	return m.out
}

// parse reads the rules and runs the assignments in order.
func (m *makefile) parse(text string) {
	all := lines(text)
	var rules []*rule
	for n := 0; n < len(all); n++ {
		l, first := all[n], n
		for strings.HasSuffix(l, "\\") && n+1 < len(all) {
			n++
			l = strings.TrimSuffix(l, "\\") + " " + strings.TrimLeft(all[n], " \t")
		}
		if rest, ok := strings.CutPrefix(l, "\t"); ok && len(rules) > 0 {
			for _, r := range rules {
				r.recipe = append(r.recipe, madeLine{first + 1, rest})
			}
			continue
		}
		l, _, _ = strings.Cut(l, " #")
		t := strings.TrimSpace(l)
		if t == "" || t[0] == '#' {
			continue
		}
		if next := m.directive(t, first+1, all, n); next > n {
			n = next
			continue
		}
		if g := makeAssign.FindStringSubmatch(l); g != nil && !strings.HasPrefix(l, "\t") {
			m.assign(first+1, g[1], g[2], g[3])
			continue
		}
		if makeSkip.MatchString(t) {
			rules = nil
			continue
		}
		if g := makeRule.FindStringSubmatch(m.headOf(t, first+1)); g != nil {
			rules = m.addRule(g[1], g[2], first+1, t)
		}
	}
}

// headOf expands a rule's head, leaving its inline recipe alone.
func (m *makefile) headOf(t string, n int) string {
	head, _, _ := strings.Cut(t, ";")
	return m.expand(head, n, nil, 0)
}

func (m *makefile) addRule(targets, needs string, line int, raw string) []*rule {
	needs, _, _ = strings.Cut(needs, "|")
	var out []*rule
	for _, name := range strings.Fields(targets) {
		r := m.rules[name]
		if r == nil {
			r = &rule{}
			m.rules[name] = r
			if !strings.HasPrefix(name, ".") && !strings.Contains(name, "%") {
				m.order = append(m.order, name)
			}
		}
		r.needs = append(r.needs, strings.Fields(needs)...)
		if _, inline, ok := strings.Cut(raw, ";"); ok {
			r.recipe = append(r.recipe, madeLine{line, inline})
		}
		out = append(out, r)
	}
	return out
}

// directive reads include and define; it returns the last line it used.
func (m *makefile) directive(t string, line int, all []string, n int) int {
	word, rest, _ := strings.Cut(t, " ")
	switch word {
	case "include", "-include", "sinclude":
		for _, file := range strings.Fields(m.expand(rest, line, nil, 0)) {
			m.out = append(m.out, Step{Line: line, File: file, Language: "make", Optional: word != "include"})
		}
	case "define":
		name := strings.TrimRight(strings.TrimSpace(rest), " =:")
		var body []string
		for n++; n < len(all) && strings.TrimSpace(all[n]) != "endef"; n++ {
			body = append(body, all[n])
		}
		m.vars[name] = strings.Join(body, "\n")
		return n
	case "load", "-load":
		m.out = append(m.out, Step{
			Line: line, Verb: "load", Object: rest, Role: "path", Dimension: "control", Risk: "high",
			Say: say.Text("files.loads-code-into-make-itself"), ID: "library-forced", Technique: "T1574",
		})
	}
	return -1
}

func (m *makefile) assign(line int, name, op, value string) {
	if v, ok := m.given[name]; ok {
		m.vars[name] = v
		return
	}
	switch op {
	case "?=":
		if _, ok := m.vars[name]; !ok {
			m.vars[name] = value
		}
	case "+=":
		if len(m.vars[name]) < maxExpand {
			m.vars[name] = strings.TrimSpace(m.vars[name] + " " + value)
		}
	case "!=":
		m.out = append(m.out, Step{Line: line, Shell: m.expand(value, line, nil, 0)})
		m.vars[name] = Hole
	case "=":
		m.vars[name] = value
	default:
		m.vars[name] = m.expand(value, line, nil, 0)
	}
	if name == "SHELL" && !slices.Contains([]string{"/bin/sh", "/bin/bash", "bash", "sh", "/usr/bin/env bash", "/usr/bin/bash"}, strings.TrimSpace(value)) {
		m.out = append(m.out, Step{
			Line: line, Verb: "execute", Object: value, Role: "command", Dimension: "control", Risk: "high",
			Say: say.Text("files.has-its-commands-run-by"), ID: "shell-replaced", Technique: "T1059",
		})
	}
}

// maxTargets is how many targets are followed. Patterns can ask for ever more.
const maxTargets = 10 * MaxSteps

// build follows one target: first what it needs, then its own commands.
func (m *makefile) build(name string, depth int) {
	if m.done[name] || depth > 64 || len(m.out) > MaxSteps || len(m.done) > maxTargets {
		return
	}
	m.done[name] = true
	if len(m.done) > maxTargets {
		m.out = append(m.out, Step{Unread: say.Text("files.the-target-which-this-file", "name", name)})
		return
	}
	r, stem := m.rules[name], ""
	if r == nil || len(r.recipe) == 0 {
		if p, s := m.pattern(name); p != nil {
			stem = s
			merged := &rule{recipe: p.recipe, needs: slices.Clone(p.needs)}
			if r != nil {
				merged.needs = append(slices.Clone(r.needs), merged.needs...)
			}
			r = merged
		}
	}
	if r == nil {
		if depth == 0 {
			m.out = append(m.out, Step{Unread: say.Text("files.the-target-which-this-file", "name", name)})
		}
		return
	}
	needs := make([]string, len(r.needs))
	for i, n := range r.needs {
		needs[i] = strings.Replace(n, "%", stem, 1)
		m.build(needs[i], depth+1)
	}
	auto := map[string]string{"@": name, "*": stem, "^": strings.Join(needs, " "), "+": strings.Join(needs, " "), "?": strings.Join(needs, " "), "<": ""}
	if len(needs) > 0 {
		auto["<"] = needs[0]
	}
	for _, l := range r.recipe {
		for _, text := range strings.Split(m.expand(l.text, l.line, auto, 0), "\n") {
			text = strings.TrimLeft(text, " \t@-+")
			if text != "" && !strings.HasPrefix(text, "#") {
				m.out = append(m.out, Step{Line: l.line, Shell: text})
			}
		}
	}
}

// pattern finds the rule for names like this one. Those without commands only
// switch off what make would do by itself.
func (m *makefile) pattern(name string) (*rule, string) {
	for _, p := range m.patterns {
		if len(m.rules[p].recipe) == 0 {
			continue
		}
		before, after, _ := strings.Cut(p, "%")
		if len(name) > len(before)+len(after) && strings.HasPrefix(name, before) && strings.HasSuffix(name, after) {
			return m.rules[p], name[len(before) : len(name)-len(after)]
		}
	}
	return nil, ""
}
