package explain

import (
	"encoding/base64"
	"path"
	"slices"
	"strings"

	"escort/explain/coding"
	"escort/explain/effect"
	"escort/explain/judge"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/say"
	"escort/explain/script/pwsh"
	"escort/explain/shell"
)

// pwshPrograms are the names of PowerShell itself.
var pwshPrograms = map[string]bool{
	"pwsh": true, "powershell": true, "powershell.exe": true, "pwsh.exe": true, "pwsh-preview": true, "pwsh-lts": true,
}

// powershell reads what PowerShell is told to run.
func (j *job) powershell(s *step, u *lore.Use, cmd *command, made []*step, f frame) {
	if !pwshPrograms[u.Program] || u.Off() {
		return
	}
	code := u.Slots["CODE"]
	script := u.Slots["SCRIPT"]
	if words := u.Slots["WORD"]; len(words) > 0 && len(code)+len(script) == 0 {
		if strings.HasPrefix(u.Program, "powershell") || !strings.HasSuffix(words[0].Text, ".ps1") && strings.ContainsAny(words[0].Text, " ;|") {
			code = words
		} else {
			script = words
		}
	}
	for _, w := range u.Slots["ENCODED"] {
		j.encodedPwsh(s, w, f)
	}
	if len(script) > 0 && script[0].Text != "-" {
		j.scriptFile(s, lore.Run{Slot: lore.Slot{Kind: "script", Language: "pwsh"}, Name: "SCRIPT", Words: script[:1], Args: script[1:]}, made, f)
	}
	if len(code) == 0 || code[0].Text == "-" {
		return
	}
	var parts []string
	span := code[0].Span
	for _, w := range code {
		parts = append(parts, w.Text)
		span[1] = max(span[1], w.Span[1])
		j.taint(s, w, made)
	}
	if s.code == "network" {
		return
	}
	j.code(s, lore.Word{Span: span}, "pwsh", strings.Join(parts, " "), f)
}

// encodedPwsh reads text that is coded so that it cannot be read.
func (j *job) encodedPwsh(s *step, w lore.Word, f frame) {
	span := f.at(w.Span)
	data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(strings.Join(strings.Fields(w.Text), ""), "="))
	text := coding.UTF16(string(data))
	j.finding(s, hiddenCode(span))
	if err != nil || text == "" || strings.Contains(w.Text, shell.Unknown) {
		f.into = s
		j.unknown(f, say.Text("windows.the-coded-text-that-powershell"), say.Text("windows.it-cannot-be-decoded"), effect.High, span)
		j.incomplete()
		return
	}
	j.code(s, w, "pwsh", text, f)
}

func hiddenCode(span *effect.Span) Finding {
	return Finding{
		ID: "decoded-code", Text: say.Text("finding.decoded-code"),
		Dimension: effect.Hiding, Risk: effect.High, Technique: "T1027", Span: span,
	}
}

// pwsh explains code of PowerShell below s.
func (j *job) pwsh(s *step, text string, f frame) {
	if f.depth > maxDepth {
		j.unknown(f, say.Text("files.what-it-runs-in-turn"), say.Text("files.it-goes-on-too-deep"), effect.High, f.fix)
		return
	}
	if strings.Contains(text, shell.Unknown) {
		j.unknown(f, say.Text("windows.a-part-of-the-code"), say.Text("windows.it-is-only-known-when"), effect.High, f.fix)
	}
	p := pwsh.Read(text)
	made := make([]*step, len(p.Commands))
	for i := range p.Commands {
		made[i] = j.pwshCommand(&p, i, made, f)
	}
	for _, passed := range p.Unread {
		risk := effect.Caution
		if passed.Rest {
			risk = effect.High
		}
		j.unknown(f, passed.Text, say.Text("files.it-was-not-read"), risk, f.fix)
	}
	polls := slices.ContainsFunc(p.Commands, func(c pwsh.Command) bool { return c.Code == pwsh.Fetched && c.Loop }) &&
		slices.ContainsFunc(p.Commands, func(c pwsh.Command) bool { return c.Name == "Start-Sleep" || c.Name == "sleep" })
	if p.Socket && slices.ContainsFunc(p.Commands, takesOrders) || polls {
		j.finding(s, judge.ReverseShell())
	}
	if len(p.Commands) > 0 {
		if s.lead.None() {
			s.summary = ""
		}
		return
	}
	switch {
	case p.Shown != "":
		s.summary = say.Text("windows.shows", "shown", p.Shown)
	case p.Value:
		s.summary = say.Text("windows.calculates-and-prints")
	case p.Functions > 0:
		s.summary = say.Text("windows.makes-new-commands-which-do")
	default:
		s.summary = say.Text("windows.does-nothing")
	}
}

// prompters are programs that take commands from whoever they are tied to.
var prompters = map[string]bool{"cmd": true, "powershell": true, "pwsh": true, "sh": true, "bash": true}

// takesOrders reports a command that runs what comes in from elsewhere.
func takesOrders(c pwsh.Command) bool {
	return c.Code == pwsh.NotKnown || c.Program && (c.Name == pwsh.Hole || prompters[windowsName(c.Name)])
}

// windowsName is a program's name without folder and ending, in small letters.
func windowsName(name string) string {
	name = strings.ToLower(name[strings.LastIndexAny(name, `\/`)+1:])
	return strings.TrimSuffix(name, ".exe")
}

// pwshCommand explains one command and puts its step where it belongs.
func (j *job) pwshCommand(p *pwsh.Program, i int, made []*step, f frame) *step {
	c := p.Commands[i]
	below := f
	if c.Parent >= 0 && c.Parent < i && made[c.Parent] != nil {
		below.into, below.depth = made[c.Parent], f.depth+1
		if place := remotePlace(p, c.Parent); place != "" {
			below.place = place
		}
	}
	below.loop = f.loop || c.Loop
	into := below.into
	below.lines = nil
	var s *step
	switch {
	case c.Code != pwsh.NoCode:
		s = j.pwshCode(c, made, below)
	case c.Program:
		s = j.pwshProgram(c, made, below)
	default:
		s = j.pwshCmdlet(p, c, made, below)
	}
	if c.Hidden {
		j.finding(s, hiddenCode(f.fix))
	}
	s.line = c.Line
	if into != nil {
		into.inner = append(into.inner, s)
	} else {
		j.steps = append(j.steps, s)
	}
	if f.lines != nil {
		f.lines.add(c.Line, f.lines.at(c.Line), s)
	}
	return s
}

// remotePlace says where the block of a command runs.
func remotePlace(p *pwsh.Program, i int) string {
	c := p.Commands[i]
	if !strings.EqualFold(c.Name, "Invoke-Command") {
		if c.Parent >= 0 && c.Parent < i {
			return remotePlace(p, c.Parent)
		}
		return ""
	}
	host := c.Param(-1, "computername", "cn", "hostname", "vmname")
	if len(host) == 0 {
		if first := c.Param(0); len(first) > 0 && first[0].Kind != pwsh.Block {
			host = first
		}
	}
	switch {
	case len(host) > 1:
		return say.Text("files.on-other-machines")
	case len(host) == 1 && host[0].Known():
		return say.Text("windows.on-the-machine", "what", prose.Clean(host[0].String()))
	case len(host) == 1 || len(c.Param(-1, "session")) > 0:
		return say.Text("windows.on-another-machine")
	}
	return ""
}

// pwshCode explains a command that runs text as code.
func (j *job) pwshCode(c pwsh.Command, made []*step, f frame) *step {
	s := &step{program: "Invoke-Expression", as: f.as, where: f.place}
	inner := f
	inner.into = s
	switch c.Code {
	case pwsh.Fetched:
		s.code = "network"
		s.acts = append(s.acts, fetchedCode(*f.at(effect.Span{}), f.as))
		j.unknown(inner, say.Text("windows.code-fetched-from-elsewhere"), say.Text("windows.it-is-only-known-when-it"), effect.High, f.fix)
		if from := stepAt(made, c.From); from != nil && !from.writes() {
			from.consumed = true
		}
	case pwsh.NotKnown:
		s.acts = append(s.acts, act{Effect: Effect{
			Verb: "execute", Object: say.Text("windows.code-that-is-made-while"), Role: effect.RoleCommand, Scope: effect.ScopeUnknown, As: f.as,
			Dimension: effect.Uncertainty, Risk: effect.High, Span: f.fix,
		}, say: say.Text("windows.runs-code-that-is-only"), undo: effect.UndoUnknown, undoText: say.Text("windows.that-depends-on-what-the")})
		j.unknown(inner, say.Text("windows.the-code-that-it-runs"), say.Text("windows.it-is-only-known-when-it-runs"), effect.High, f.fix)
	}
	j.judged(s, &command{}, f)
	return s
}

// pwshCommandOf is a command of PowerShell with what comes to it by the pipe.
func pwshCommandOf(c pwsh.Command, made []*step, f frame) *command {
	cmd := &command{words: pwshWords(c, f), max: 1, piped: c.From >= 0}
	if f.loop {
		cmd.max = 0
	}
	if from := stepAt(made, c.From); from != nil {
		cmd.from = []*step{from}
	}
	if c.Input.Known() && c.Input.Kind == pwsh.Text {
		cmd.input = &c.Input.Text
	}
	return cmd
}

// pwshProgram explains a program of the system.
func (j *job) pwshProgram(c pwsh.Command, made []*step, f frame) *step {
	cmd := pwshCommandOf(c, made, f)
	cmd.exact, cmd.piped = true, cmd.piped || c.Input.Kind != pwsh.Unknown
	name := cmd.words[0].Text
	if strings.HasSuffix(strings.ToLower(name), ".ps1") {
		s := &step{program: name, as: f.as, where: f.place}
		j.scriptFile(s, lore.Run{Slot: lore.Slot{Kind: "script", Language: "pwsh"}, Words: cmd.words[:1], Args: cmd.words[1:]}, made, f)
		return s
	}
	if base := windowsName(name); base != name && path.Base(name) != base {
		if e, err := lore.Lookup(base); err == nil && e != nil && (!strings.Contains(name, `\`) || strings.HasPrefix(strings.ToLower(name), `c:\windows\`)) {
			cmd.words[0].Text = base
		}
	}
	return j.commandWith(cmd, made, nil, f)
}

// word is a word of code, which stands where the code does.
func (f frame) word(text string) lore.Word {
	return lore.Word{Text: text, Known: !strings.Contains(text, shell.Unknown), Span: *f.at(effect.Span{})}
}

// pwshWords are the words of a command as its program will get them.
func pwshWords(c pwsh.Command, f frame) []lore.Word {
	word := f.word
	out := []lore.Word{word(c.Name)}
	for _, a := range c.Args {
		var vs []string
		for _, v := range a.Values {
			vs = append(vs, pwshValue(v))
		}
		t := strings.Join(vs, ",")
		switch {
		case a.Param == "":
		case a.Attached:
			t = "-" + a.Param + ":" + t
		default:
			t = "-" + a.Param
		}
		if len(t) > 64<<10 {
			t = t[:1<<10] + shell.Unknown
		}
		out = append(out, word(t))
	}
	return out
}

// pwshValue is a value as a word; paths get the strokes of this system.
func pwshValue(v pwsh.Value) string {
	t := v.String()
	if v.Kind == pwsh.List {
		t = strings.ReplaceAll(t, " ", ",")
	}
	for _, p := range []string{`.\`, `..\`, `~\`} {
		if strings.HasPrefix(t, p) {
			return strings.ReplaceAll(t, `\`, "/")
		}
	}
	return t
}
