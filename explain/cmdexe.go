package explain

import (
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/regex"
	"escort/explain/say"
	"escort/explain/shell"
)

// cmdWords are commands of the old Windows prompt, as commands of PowerShell;
// empty: there is nothing to say.
var cmdWords = map[string]string{
	"del": "Remove-Item", "erase": "Remove-Item", "rd": "Remove-Item", "rmdir": "Remove-Item", "copy": "Copy-Item", "xcopy": "Copy-Item", "robocopy": "Copy-Item",
	"move": "Move-Item", "ren": "Rename-Item", "rename": "Rename-Item", "type": "Get-Content", "more": "Get-Content", "dir": "Get-ChildItem", "tree": "Get-ChildItem",
	"md": "New-Item", "mkdir": "New-Item", "start": "Start-Process", "cd": "Set-Location", "chdir": "Set-Location", "echo": "Write-Output", "cls": "Clear-Host",
	"rem": "", "set": "", "exit": "", "pause": "", "title": "", "color": "", "prompt": "", "path": "", "setlocal": "", "endlocal": "", "@echo": "", "ver": "", "vol": "",
}

// cmdExe reads what the old Windows prompt is told to run.
func (j *job) cmdExe(s *step, u *lore.Use, cmd *command, f frame) {
	if u.Program != "cmd" || u.Off() {
		return
	}
	words := u.Slots["WORD"]
	for len(words) > 0 && strings.HasPrefix(words[0].Text, "/") {
		code := len(words[0].Text) > 1 && strings.IndexByte("cCkKrR", words[0].Text[1]) >= 0
		rest := words[0].Text
		words = words[1:]
		if code {
			var parts []string
			if len(rest) > 2 {
				parts = append(parts, rest[2:])
			}
			for _, w := range words {
				parts = append(parts, w.Text)
			}
			f.into, f.fix = s, f.at(cmd.words[0].Span)
			j.cmdText(s, strings.Join(parts, " "), f)
			return
		}
	}
}

var cmdSplit = regex.New(`&&|\|\||[&|\n]`)

// cmdText explains a line of the old Windows prompt.
func (j *job) cmdText(s *step, text string, f frame) {
	s.summary = say.Text("windows.runs-commands-of-the-old")
	if strings.Contains(text, shell.Unknown) {
		j.unknown(f, say.Text("windows.a-part-of-the-commands"), say.Text("windows.it-is-only-known-when"), effect.High, f.fix)
	}
	for _, one := range cmdSplit.Split(strings.ReplaceAll(text, "^", ""), 200) {
		words := cmdFields(one)
		if len(words) == 0 || !j.budget.Take(1) {
			continue
		}
		j.cmdCommand(words, f)
	}
}

// cmdFields divides words at blanks outside of quotes.
func cmdFields(s string) []string {
	var out []string
	var b strings.Builder
	quoted := false
	for _, r := range s {
		switch {
		case r == '"':
			quoted = !quoted
		case !quoted && (r == ' ' || r == '\t' || r == '\r' || r == ','):
			if b.Len() > 0 {
				out = append(out, b.String())
			}
			b.Reset()
		default:
			b.WriteRune(r)
		}
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}

// cmdCommand explains one command; options begin with a stroke.
func (j *job) cmdCommand(words []string, f frame) {
	name := windowsName(words[0])
	word := f.word
	as, known := cmdWords[name]
	if known && as == "" {
		return
	}
	c := &command{max: 1, exact: !known}
	if !known {
		as = words[0]
		if e, err := lore.Lookup(name); err == nil && e != nil {
			as = name
		}
	}
	c.words = []lore.Word{word(as)}
	for i := 1; i < len(words); i++ {
		t := words[i]
		switch {
		case strings.Contains(t, ">"):
			file := strings.TrimLeft(t, "12>")
			if file == "" && i+1 < len(words) {
				i++
				file = words[i]
			}
			if file != "" && !strings.HasPrefix(file, "&") && !strings.EqualFold(file, "nul") {
				j.command(&command{max: 1, words: []lore.Word{word("Out-File"), word("-FilePath"), word(file)}}, f)
			}
		case !known:
			c.words = append(c.words, word(t))
		case strings.HasPrefix(t, "/"):
			if strings.EqualFold(t, "/s") && as == "Remove-Item" {
				c.words = append(c.words, word("-Recurse"))
			}
		default:
			c.words = append(c.words, word(t))
		}
	}
	if as == "Set-Location" || as == "Clear-Host" || as == "Write-Output" {
		return
	}
	j.command(c, f)
}
