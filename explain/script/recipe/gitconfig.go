package recipe

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"escort/explain/regex"
	"escort/explain/say"
)

// gitProgram is settings of git whose value git starts, with the commands of
// git that do so; none: nearly all.
type gitProgram struct {
	key  *regexp.Regexp
	when []string
}

// gitPrograms are made when first needed: most lines need none.
var gitPrograms = sync.OnceValue(func() []gitProgram {
	return []gitProgram{
		{regexp.MustCompile(`^core\.fsmonitor$`), nil},
		{regexp.MustCompile(`^core\.(pager)$|^pager\.`), []string{"log", "diff", "show", "branch", "blame", "config", "tag", "grep", "stash", "reflog", "help"}},
		{regexp.MustCompile(`^core\.(editor)$|^sequence\.editor$`), []string{"commit", "rebase", "merge", "tag", "config", "revert", "notes"}},
		{regexp.MustCompile(`^core\.(sshcommand|gitproxy|askpass)$|^credential\.(.*\.)?helper$`), []string{"fetch", "pull", "push", "clone", "ls-remote", "submodule", "remote"}},
		{regexp.MustCompile(`^filter\..*\.(clean|smudge|process)$`), []string{"add", "checkout", "switch", "restore", "diff", "status", "commit", "reset", "merge", "pull", "stash", "rebase", "archive", "cherry-pick", "clone"}},
		{regexp.MustCompile(`^diff\.external$|^diff\..*\.(command|textconv)$`), []string{"diff", "log", "show", "blame", "format-patch", "stash"}},
		{regexp.MustCompile(`^merge\..*\.driver$`), []string{"merge", "pull", "rebase", "cherry-pick", "revert", "stash"}},
		{regexp.MustCompile(`^(mergetool|difftool)\..*\.(cmd|path)$`), []string{"mergetool", "difftool"}},
		{regexp.MustCompile(`^gpg\.(.*\.)?program$`), []string{"commit", "tag", "merge", "log", "verify-commit", "verify-tag", "push"}},
		{regexp.MustCompile(`^uploadpack\.packobjectshook$|^remote\..*\.(uploadpack|receivepack|vcs)$`), []string{"fetch", "pull", "push", "clone"}},
		{regexp.MustCompile(`^core\.alternaterefscommand$|^interactive\.difffilter$|^sendemail\.|^instaweb\.browser$|^web\.browser$`), []string{"fetch", "pull", "add", "send-email", "instaweb", "help"}},
	}
})

var (
	gitSection = regex.New(`^\s*\[\s*([A-Za-z0-9.\-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\](.*)$`)
	gitKey     = regex.New(`^\s*([A-Za-z][A-Za-z0-9\-]*)\s*(?:=\s*(.*))?$`)
)

// readGitConfig reads which programs the settings of git have started. Names
// is the subcommand of git that runs; none: all settings that name programs.
func readGitConfig(text string, a Asked) []Step {
	var out []Step
	section := ""
	all := lines(text)
	for n := 0; n < len(all); n++ {
		l, first := all[n], n
		for strings.HasSuffix(l, "\\") && n+1 < len(all) {
			n++
			l = strings.TrimSuffix(l, "\\") + all[n]
		}
		if g := gitSection.FindStringSubmatch(l); g != nil {
			section = strings.ToLower(g[1])
			if g[2] != "" {
				section += "." + strings.ReplaceAll(g[2], `\"`, `"`)
			}
			l = g[3]
		}
		g := gitKey.FindStringSubmatch(l)
		if g == nil {
			continue
		}
		out = append(out, gitSetting(first+1, section, strings.ToLower(g[1]), gitValue(g[2]), a)...)
	}
	return out
}

// gitValue takes quotes and remarks off a value.
func gitValue(s string) string {
	var b strings.Builder
	inside := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case c == '"':
			inside = !inside
		case (c == '#' || c == ';') && !inside:
			return strings.TrimSpace(b.String())
		default:
			b.WriteByte(c)
		}
	}
	return strings.TrimSpace(b.String())
}

func gitSetting(line int, section, key, value string, a Asked) []Step {
	full := section + "." + key
	switch {
	case section == "include" && key == "path", strings.HasPrefix(section, "includeif.") && key == "path":
		return []Step{{Line: line, File: value, Language: "gitconfig"}}
	case section == "core" && key == "hookspath":
		return []Step{{Line: line, Unread: say.Text("files.the-programs-in-which-git", "value", value)}}
	case section == "alias":
		cmd, shell := strings.CutPrefix(value, "!")
		if shell && wanted(a.Names, key) {
			return []Step{{Line: line, Shell: cmd}}
		}
		return nil
	case value == "" || value == "true" || value == "false":
		return nil
	}
	for _, p := range gitPrograms() {
		if !p.key.MatchString(strings.ToLower(full)) || len(a.Names) > 0 && len(p.when) > 0 && !slices.ContainsFunc(a.Names, func(n string) bool { return slices.Contains(p.when, n) }) {
			continue
		}
		if strings.HasPrefix(section, "credential") {
			if cmd, shell := strings.CutPrefix(value, "!"); shell {
				return []Step{{Line: line, Shell: cmd}}
			} else if !strings.HasPrefix(value, "/") {
				return nil // a helper of git's own
			}
		}
		return []Step{{Line: line, Shell: value}}
	}
	return nil
}
