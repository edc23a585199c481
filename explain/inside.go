package explain

import (
	"strings"

	"escort/explain/lore"
	"escort/explain/regex"
	"escort/explain/shell"
)

// withVariables is a small program of awk with the variables that the command line
// gives it.
func withVariables(u *lore.Use, text string) string {
	if len(u.Slots["ASSIGN"]) == 0 || !startsOthers.MatchString(text) {
		return text
	}
	var b strings.Builder
	for _, w := range u.Slots["ASSIGN"] {
		name, value, ok := strings.Cut(w.Text, "=")
		if ok && w.Known && awkName.MatchString(name) {
			b.WriteString("BEGIN{" + name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(value) + `"}`)
		}
	}
	return b.String() + text
}

var (
	awkName      = regex.New(`^[A-Za-z_]\w*$`)
	startsOthers = regex.New(`system\s*\(|\||getline`)
)

// sedRuns reads the commands that a rule of sed runs by itself: "1e CMD", and
// what "s/…/CMD/e" puts in the place of a line. It returns them.
func (j *job) sedRuns(s *step, u *lore.Use, f frame) (read []string) {
	if s.program != "sed" && s.program != "gsed" || u.Tags["sandbox"] {
		return nil
	}
	for _, w := range u.Slots["SCRIPT"] {
		if !w.Known || len(w.Text) > longHanded {
			continue
		}
		for line := range strings.Lines(w.Text) {
			below := f
			below.into, below.fix = s, f.at(w.Span)
			text := sedReplaces(line)
			if m := sedStarts.FindStringSubmatch(line); m != nil {
				text = m[1]
			}
			if text != "" {
				j.nested(text, shell.Options{}, below)
				read = append(read, text)
			}
		}
	}
	return read
}

var (
	sedStarts = regex.New(`^\s*(?:(?:\d+|\$|/(?:[^/\\]|\\.)*/I?)(?:[,~+](?:\d+|\$|/(?:[^/\\]|\\.)*/))?)?\s*!?\s*e\s+(\S.*)`)
	sedFlags  = regex.New(`^[gpmiIM0-9]*e[gpmiIM0-9]*\s*$`)
)

// sedReplaces is what s/…/TEXT/e runs, where nothing of the line is in it.
func sedReplaces(line string) string {
	line = strings.TrimSpace(line)
	if len(line) < 2 || line[0] != 's' {
		return ""
	}
	parts := strings.Split(line[2:], line[1:2])
	if len(parts) < 3 || !sedFlags.MatchString(parts[len(parts)-1]) {
		return ""
	}
	text := strings.Join(parts[1:len(parts)-1], line[1:2])
	if strings.ContainsAny(text, `&\`) {
		return ""
	}
	return text
}

// codeLast writes bundles of a shell's options so that c stands last: the text
// of -cx is the next word, not the rest of the bundle.
func codeLast(words []lore.Word) []lore.Word {
	for i := 1; i < len(words); i++ {
		if !strings.HasPrefix(words[i].Text, "-") {
			break
		}
		if !codeBundle.MatchString(words[i].Text) {
			continue
		}
		out := append([]lore.Word(nil), words...)
		out[i].Text = strings.Replace(words[i].Text, "c", "", 1) + "c"
		return out
	}
	return words
}

var codeBundle = regex.New(`^-[abefhiklmnpstuvxBCEHPT]*c[abefhiklmnpstuvxBCEHPT]+$`)
