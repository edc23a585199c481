package explain

import (
	"path"
	"slices"
	"strings"

	"escort/explain/lore"
)

// optionValues are the values that the options have: -f X, -fX, --file=X.
func optionValues(words, options []string) []string {
	var out []string
	for i, w := range words {
		if w == "--" {
			break
		}
		for _, o := range options {
			rest, ok := strings.CutPrefix(w, o)
			switch {
			case !ok:
			case rest == "" && i+1 < len(words):
				out = append(out, words[i+1])
			case rest == "":
			case rest[0] == '=':
				out = append(out, rest[1:])
			case len(o) == 2:
				out = append(out, rest)
			}
		}
	}
	return out
}

// plainAfter are the words that are neither options nor their values.
func plainAfter(words, takeWord []string) []string {
	var out []string
	for i := 0; i < len(words); i++ {
		switch w := words[i]; {
		case w == "--":
			return append(out, words[i+1:]...)
		case strings.HasPrefix(w, "-") && len(w) > 1:
			if slices.Contains(takeWord, w) {
				i++
			}
		default:
			out = append(out, w)
		}
	}
	return out
}

func firstPlain(words []string, r recipeUse) string {
	if w := plainAfter(words, slices.Concat(r.options, r.values, r.folder)); len(w) > 0 {
		return w[0]
	}
	return ""
}

// assigned are NAME=VALUE words.
func assigned(words []string) map[string]string {
	out := map[string]string{}
	for _, w := range words {
		if k, v, ok := strings.Cut(strings.Replace(w, ":=", "=", 1), "="); ok && k != "" && k[0] != '-' {
			out[k] = v
		}
	}
	return out
}

// plainWords are the targets of make.
func plainWords(_ *lore.Use, words []string) []string {
	return slices.DeleteFunc(plainAfter(words, makeValues), func(w string) bool { return strings.Contains(w, "=") })
}

// npmNames are the scripts that are run, "install" for what an install runs.
func npmNames(u *lore.Use, words []string) []string {
	plain := plainAfter(words, slices.Concat(npmValues, npmFolders))
	if slices.Contains(words, "--ignore-scripts") {
		return nil
	}
	verb := ""
	if u.Program == "yarn" {
		verb = "install"
	}
	if len(plain) > 0 {
		verb = plain[0]
	}
	switch verb {
	case "run", "run-script":
		if len(plain) > 1 {
			return plain[1:2]
		}
		return nil
	case "":
		return nil
	case "t":
		return []string{"test"}
	case "i", "install", "ci", "clean-install":
		return []string{"install"}
	}
	return []string{verb}
}

// unitVerb is what systemctl is asked to do.
func unitVerb(_ *lore.Use, words []string) []string {
	plain := plainAfter(words, nil)
	if len(plain) == 0 {
		return nil
	}
	verb := plain[0]
	if verb == "enable" && !slices.Contains(words, "--now") {
		verb = "start" // it starts with the machine
	}
	return []string{verb}
}

// gitVerb is the subcommand of git.
func gitVerb(_ *lore.Use, words []string) []string {
	plain := plainAfter(words, gitValues)
	return plain[:min(1, len(plain))]
}

// composeNames are the services that are named; for run only the first word.
func composeNames(_ *lore.Use, words []string) []string {
	plain := plainAfter(words, slices.Concat(composeValues, []string{"-f", "--file"}))
	for i, w := range plain {
		switch w {
		case "run":
			return plain[i+1 : min(i+2, len(plain))]
		case "up", "create", "start":
			return plain[i+1:]
		}
	}
	return nil
}

// dirOf is the folder that a command runs in, where an earlier one has changed
// it; false where it is not known.
func (j *job) dirOf(cmd *command) (string, bool) {
	if cmd.raw == nil || cmd.raw.Dir == j.where.Cwd {
		return "", true
	}
	return cmd.raw.Dir, cmd.raw.Dir != ""
}

// within is a name as it is from the folder; empty: from the working directory.
func within(folder, name string) string {
	if folder == "" || path.IsAbs(name) {
		return name
	}
	return path.Join(folder, name)
}
