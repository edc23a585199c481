package explain

import (
	"slices"
	"strings"

	"escort/explain/lore"
	"escort/explain/regex"
	"escort/explain/say"
	"escort/explain/shell"
)

// settingRuns are the words of programs that hold a command for a shell, by the
// slots of the lore that they stand in. The last group is the command.
var settingRuns = map[string]struct {
	slots string
	text  *regex.Pattern
}{
	"git": {"SETTING", regex.New(`(?i)^(?:(?:core\.(?:sshcommand|pager|editor|fsmonitor|askpass)|pager\.[\w-]+|sequence\.editor|diff\.external|[^=]*\.(?:textconv|cmd|command|driver|clean|smudge|process))=|alias\.[^=]+=!)(.+)$`)},
	"ssh": {"OPTION SETTING", regex.New(`(?i)^(?:proxycommand|localcommand|knownhostscommand)[ =]+(.+)$`)},
	"vim": {"CMD", regex.New(`^[:\s]*(?:silent!?\s*|%|r(?:ead)?\s*|exec(?:ute)?\s+['"])*:?!(.+)$`)},
	"sed": {"SCRIPT", regex.New(`(?:^|[;{}\n])\s*(?:[0-9]+|\$|/[^/]*/)?\s*e\s+(\S[^\n]*)$`)},
	"tar": {"ACTION", regex.New(`^exec=(.+)$`)},
}

// settingsOf are the programs that take the settings of another one.
var settingsOf = map[string]string{
	"git": "git", "ssh": "ssh", "scp": "ssh", "sftp": "ssh", "vim": "vim", "vi": "vim", "nvim": "vim", "view": "vim", "sed": "sed", "tar": "tar",
}

// settings explains the commands that stand in settings, but for those that were
// read before: each counts once in the plan.
func (j *job) settings(s *step, u *lore.Use, f frame, read []string) {
	row, ok := settingRuns[settingsOf[s.program]]
	if !ok {
		return
	}
	for slot := range strings.FieldsSeq(row.slots) {
		for _, w := range u.Slots[slot] {
			m := row.text.FindStringSubmatch(w.Text)
			if m == nil || harmless[m[1]] || slices.Contains(read, m[1]) {
				continue
			}
			below := f
			below.into, below.fix = s, f.at(w.Span)
			if settingsOf[s.program] == "ssh" {
				below.place = say.Text("command.on-this-machine")
			}
			j.nested(j.filledIn(s.program, m[1], u), shell.Options{}, below)
		}
	}
}

// filledIn is the command with what the program puts in the places for it.
func (j *job) filledIn(program, text string, u *lore.Use) string {
	if settingsOf[program] != "ssh" {
		return text
	}
	host := "\uFFFC"
	if w := u.Slots["HOST"]; len(w) == 1 && w[0].Known && plainHost.MatchString(w[0].Text) {
		host = w[0].Text[strings.LastIndexByte(w[0].Text, '@')+1:]
	}
	text = strings.NewReplacer("%h", host, "%p", "22", "%r", "\uFFFC", "%n", host, "%%", "%").Replace(text)
	return strings.TrimLeft(text, "; ") // it is put behind exec
}

var plainHost = regex.New(`^[\w.@-]+$`)

// harmless are values that switch such a setting on or off, or show pages.
var harmless = map[string]bool{"true": true, "false": true, "none": true, "yes": true, "no": true, "cat": true, "less": true, "more": true, "delta": true, "bat": true}
