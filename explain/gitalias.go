package explain

import (
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/shell"
)

// gitAlias finds a command of git that the same line has given its meaning by
// -c alias.NAME=MEANING: its meaning, and where its name stands.
func gitAlias(words []lore.Word) (meaning string, at int, ok bool) {
	named := map[string]string{}
	for i := 1; i < len(words); i++ {
		switch w := words[i]; {
		case !w.Known:
			return "", 0, false
		case w.Text == "-c" && i+1 < len(words):
			i++
			if key, value, cut := strings.Cut(words[i].Text, "="); cut {
				if name, is := strings.CutPrefix(strings.ToLower(key), "alias."); is {
					named[name] = value
				}
			}
		case w.Text == "-C" || w.Text == "--git-dir" || w.Text == "--work-tree" || w.Text == "--namespace":
			i++
		case strings.HasPrefix(w.Text, "-"):
		default:
			meaning, ok = named[strings.ToLower(w.Text)]
			return meaning, i, ok
		}
	}
	return "", 0, false
}

// aliased are the words of git with the meaning of such a command in its place.
// What runs a shell stays: [job.gitShell] reads it.
func aliased(words []lore.Word) []lore.Word {
	meaning, at, ok := gitAlias(words)
	if !ok || strings.HasPrefix(meaning, "!") || strings.ContainsAny(meaning, `'"\`+shell.Unknown) || meaning == "" {
		return words
	}
	out := append([]lore.Word(nil), words[:at]...)
	for _, text := range strings.Fields(meaning) {
		w := words[at]
		w.Text = text
		out = append(out, w)
	}
	return append(out, words[at+1:]...)
}

// gitShell reads the commands that git hands to a shell for such a command, and
// returns them as the line gives them.
func (j *job) gitShell(s *step, cmd *command, f frame) []string {
	if s.program != "git" {
		return nil
	}
	meaning, at, ok := gitAlias(cmd.words)
	text, runs := strings.CutPrefix(meaning, "!")
	if !ok || !runs {
		return nil
	}
	given := text
	span := cmd.words[at].Span
	f.into, f.fix = s, (*effect.Span)(&span)
	for _, w := range cmd.words[at+1:] {
		text += " " + inShell(w, w.Text)
	}
	j.nested(text, shell.Options{}, f)
	return []string{given}
}
