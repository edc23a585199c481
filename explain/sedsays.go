package explain

import (
	"strings"

	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/regex"
	"escort/explain/say"
)

// longRule is how long a text in a rule of sed may be that a headline shows.
const longRule = 36

// sedSays tells the one rule by which sed changes files, where it is a plain
// one: a text put in the place of another, lines taken out or put in.
func (s *step) sedSays(u *lore.Use) {
	rules := u.Slots["SCRIPT"]
	if s.program != "sed" && s.program != "gsed" || !u.Given["-i"] || len(rules) != 1 || !rules[0].Known {
		return
	}
	id, args := sedRule(rules[0].Text)
	if id == "" {
		return
	}
	for i := range s.acts {
		if a := &s.acts[i]; a.Verb == "edit" && a.say == "" && a.named != "" && !told(a, sedPuts(rules[0].Text)) {
			a.brief = say.Text("do.edit", "objects", a.named)
			a.say = say.Text(id, append([]string{"file", a.named}, args...)...)
		}
	}
}

var (
	sedTakes   = regex.New(`^/((?:[^/\\]|\\.)+)/\s*d$`)
	sedNumbers = regex.New(`^(\d+)(?:,(\d+|\$))?\s*d$`)
	sedAdds    = regex.New(`^(?:\$|\d+|/(?:[^/\\]|\\.)+/)\s*[ai]\s*\\?\s*(.+)$`)
	sedGroups  = regex.New(`^[gpiI0-9]*$`)
)

// sedRule is the message for a rule and what stands in it; empty: none is plain
// enough.
func sedRule(rule string) (id string, args []string) {
	rule = strings.TrimSpace(rule)
	if m := sedTakes.FindStringSubmatch(rule); m != nil {
		if text, ok := sedText(m[1]); ok {
			return "sed.takes", []string{"text", text}
		}
	}
	if m := sedNumbers.FindStringSubmatch(rule); m != nil {
		if m[2] == "" {
			return "sed.takes-line", []string{"line", m[1]}
		}
		return "sed.takes-lines", []string{"from", m[1], "to", strings.ReplaceAll(m[2], "$", say.Text("sed.last"))}
	}
	if m := sedAdds.FindStringSubmatch(rule); m != nil && len(m[1]) <= longRule {
		return "sed.adds", []string{"text", shownRule(m[1])}
	}
	return sedReplace(rule)
}

func sedReplace(rule string) (id string, args []string) {
	if len(rule) < 4 || rule[0] != 's' || strings.ContainsAny(rule[1:2], `\ a`) {
		return "", nil
	}
	parts := strings.Split(rule[2:], rule[1:2])
	if len(parts) != 3 || !sedGroups.MatchString(parts[2]) {
		return "", nil
	}
	old, ok := sedText(parts[0])
	text, plain := sedText(parts[1])
	switch {
	case !ok || old == "":
		return "", nil
	case parts[1] == "":
		return "sed.cuts", []string{"text", old}
	case !plain || strings.Contains(parts[1], "&"):
		return "", nil
	}
	return "sed.replaces", []string{"old", old, "text", text}
}

// sedPuts is the text that a rule puts into lines, as it stands there.
func sedPuts(rule string) string {
	rule = strings.TrimSpace(rule)
	if m := sedAdds.FindStringSubmatch(rule); m != nil {
		return m[1]
	}
	if len(rule) < 4 || rule[0] != 's' {
		return ""
	}
	if parts := strings.Split(rule[2:], rule[1:2]); len(parts) == 3 {
		return parts[1]
	}
	return ""
}

// sedText is the text that a pattern stands for; false: it stands for several.
func sedText(pattern string) (string, bool) {
	pattern = strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "$")
	pattern = sedMaybe.ReplaceAllString(pattern, "")
	text := strings.NewReplacer(`\.`, "\x01", `\/`, "/", `\-`, "-").Replace(pattern)
	text = strings.TrimSuffix(text, ".*")
	if text == "" || len(text) > longRule || strings.ContainsAny(text, `\*[]+?(){}|^$`+"\n\x00") {
		return "", false
	}
	return shownRule(strings.ReplaceAll(text, "\x01", ".")), true
}

// sedMaybe finds what may stand before or in a line, as in ^#\?Port.
var sedMaybe = regex.New(`#(\\\?|\*|\?)|\[#\]\*|(\\s| )\*|\.\*$`)

// shownRule is a text in a sentence, in quotes where it is no single word.
func shownRule(text string) string {
	if strings.ContainsAny(text, " \t,") {
		return say.Text("sed.quoted", "text", prose.Clean(text))
	}
	return prose.Clean(text)
}
