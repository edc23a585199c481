package recipe

import (
	"strings"

	"escort/explain/say"
)

// expand replaces the variables of make in a text. What is only known when it
// runs becomes a Hole; a command of $(shell …) is a step of its own.
func (m *makefile) expand(s string, line int, auto map[string]string, depth int) string {
	if !strings.Contains(s, "$") {
		return s
	}
	if m.work += len(s); depth > 16 || m.work > 4<<20 {
		return Hole
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '$' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case '$':
			b.WriteByte('$')
		case '(', '{':
			end := closing(s, i)
			if end < 0 {
				return b.String() + Hole
			}
			b.WriteString(m.reference(s[i+1:end], line, auto, depth))
			i = end
		default:
			b.WriteString(m.value(s[i:i+1], line, auto, depth))
		}
		if b.Len() > maxExpand {
			return b.String()[:maxExpand] + Hole
		}
	}
	return b.String()
}

// closing is the place of the bracket that ends the one at i, -1: none.
func closing(s string, i int) int {
	open, shut, deep := s[i], byte(')'), 0
	if open == '{' {
		shut = '}'
	}
	for ; i < len(s); i++ {
		switch s[i] {
		case open:
			deep++
		case shut:
			if deep--; deep == 0 {
				return i
			}
		}
	}
	return -1
}

// textFunctions are functions of make that only make text of their words; what
// they make is not worked out here.
var textFunctions = map[string]bool{
	"wildcard": true, "patsubst": true, "subst": true, "dir": true, "notdir": true, "basename": true, "suffix": true,
	"addprefix": true, "addsuffix": true, "filter": true, "filter-out": true, "sort": true, "word": true, "words": true,
	"wordlist": true, "firstword": true, "lastword": true, "strip": true, "findstring": true, "join": true, "abspath": true,
	"realpath": true, "or": true, "and": true, "if": true, "foreach": true, "call": true, "eval": true, "origin": true,
	"flavor": true, "value": true, "error": true, "warning": true, "info": true, "file": true, "shell": true, "guile": true,
}

func (m *makefile) reference(inner string, line int, auto map[string]string, depth int) string {
	word, rest, spaced := strings.Cut(inner, " ")
	if !spaced || !textFunctions[word] {
		name := m.expand(inner, line, auto, depth+1)
		if base, _, ok := strings.Cut(name, ":"); ok { // $(SRC:.c=.o)
			m.value(base, line, auto, depth)
			return Hole
		}
		return m.value(name, line, auto, depth)
	}
	text := m.expand(rest, line, auto, depth+1)
	switch word {
	case "shell":
		m.out = append(m.out, Step{Line: line, Shell: text})
	case "info", "warning", "error":
		return ""
	case "strip":
		return strings.Join(strings.Fields(text), " ")
	case "abspath", "realpath", "sort":
		return text
	case "file":
		m.out = append(m.out, Step{Line: line, Verb: "write", Object: strings.TrimLeft(text, "> "), Role: "path", Dimension: "damage", Risk: "low", Say: say.Text("files.writes-a-file")})
		return ""
	case "eval", "guile":
		m.out = append(m.out, Step{Line: line, Unread: say.Text("files.rules-that-are-only-made")})
		return ""
	case "call":
		name, args, _ := strings.Cut(text, ",")
		with := map[string]string{"0": name}
		for i, a := range strings.Split(args, ",") {
			if i < 9 {
				with[string(rune('1'+i))] = a
			}
		}
		for k, v := range auto {
			if _, set := with[k]; !set {
				with[k] = v
			}
		}
		return m.expand(m.vars[strings.TrimSpace(name)], line, with, depth+1)
	case "if":
		parts := strings.SplitN(text, ",", 3)
		return strings.Join(parts[1:], " ")
	}
	return Hole
}

func (m *makefile) value(name string, line int, auto map[string]string, depth int) string {
	if v, ok := auto[name]; ok {
		return v
	}
	if len(name) == 2 && strings.ContainsAny(name[1:], "DF") && auto != nil { // $(@D): a folder of that name
		if v, ok := auto[name[:1]]; ok {
			if i := strings.LastIndexByte(v, '/'); i >= 0 {
				if name[1] == 'D' {
					return v[:i]
				}
				return v[i+1:]
			}
			if name[1] == 'D' {
				return "."
			}
			return v
		}
	}
	if v, ok := m.given[name]; ok {
		return v
	}
	return m.expand(m.vars[name], line, auto, depth+1)
}
