package explain

import (
	"slices"
	"strconv"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/regex"
	"escort/explain/say"
	"escort/explain/script/pwsh"
	"escort/explain/shell"
)

// pwshCmdlet explains a command of PowerShell, by its entry or by its name.
func (j *job) pwshCmdlet(p *pwsh.Program, c pwsh.Command, made []*step, f frame) *step {
	name, e := lore.CmdletEntry(c.Name)
	if e == nil {
		return j.cmdletByName(c, f)
	}
	c.Name = name
	cmd := pwshCommandOf(c, made, f)
	j.pipedItem(p, c, e, cmd)
	s := j.commandWith(cmd, made, nil, f)
	s.filter = s.filter && !dry.MatchString(cmdletWords(c))
	j.sentByPwsh(s, c, made, f)
	return s
}

// pipedItem gives a command the files that come in by the pipe.
func (j *job) pipedItem(p *pwsh.Program, c pwsh.Command, e *lore.Entry, cmd *command) {
	if _, ok := e.Slots["ITEM"]; !ok || c.Input.Kind == pwsh.Null || c.From < 0 && c.Input.Kind == pwsh.Unknown && c.Input.Text == "" {
		return
	}
	listed := c.Input.Of == "get-childitem" || c.Input.Of == "get-item"
	if len(e.Read(c.Name, cmd.words[1:]).Slots["ITEM"]) > 0 || c.Name == "Select-String" && !listed || strings.HasPrefix(c.Name, "Get-ChildItem") {
		return
	}
	t := pwshValue(c.Input)
	span := cmd.words[0].Span
	cmd.words = slices.Insert(cmd.words, 1, lore.Word{Text: "-Path:" + t, Known: !strings.Contains(t, shell.Unknown), Span: span})
	if from := c.Input.From - 1; c.Name == "Remove-Item" && from >= 0 && from < len(p.Commands) && len(p.Commands[from].Param(-1, "recurse", "r")) > 0 {
		cmd.words = append(cmd.words, lore.Word{Text: "-Recurse", Known: true, Span: span})
	}
}

// sentByPwsh notes that what is sent comes out of a file.
func (j *job) sentByPwsh(s *step, c pwsh.Command, made []*step, f frame) {
	if !strings.HasPrefix(c.Name, "Invoke-W") && !strings.HasPrefix(c.Name, "Invoke-R") {
		return
	}
	values := slices.Concat(c.Param(-1, "body", "form"), []pwsh.Value{c.Input})
	for _, v := range values {
		from := stepAt(made, v.From-1)
		if from == nil {
			continue
		}
		for _, a := range from.acts {
			switch {
			case a.access != "read" && a.Verb != "show" && a.Verb != "expose":
			case a.Dimension == effect.Disclosure && a.Risk.AtLeast(effect.High):
				j.finding(s, Finding{
					ID: "secret-sent", Text: say.Text("finding.secret-sent"), Dimension: effect.Disclosure,
					Risk: effect.Critical, Technique: "T1048.003", Span: f.fix,
				})
			case a.Role == effect.RolePath:
				j.finding(s, Finding{
					ID: "file-sent", Text: say.Text("finding.file-sent"), Dimension: effect.Disclosure,
					Risk: effect.Caution, Technique: "T1048", Span: f.fix,
				})
			}
		}
	}
}

// cmdletByName explains a command that has no entry.
func (j *job) cmdletByName(c pwsh.Command, f frame) *step {
	s := &step{program: c.Name, as: f.as, where: f.place}
	inner := f
	inner.into = s
	object, given := cmdletObject(c)
	m, ok := lore.FindCmdlet(c.Name, given)
	if ok && m.Access == "look" && object == "*" {
		object, given = "", false
		m, ok = lore.FindCmdlet(c.Name, given)
	}
	if !ok {
		s.summary = say.Text("windows.runs-the-powershell-command-i", "name", show(c.Name))
		j.unknown(inner, say.Text("windows.the-powershell-command", "name", show(c.Name)), say.Text("windows.i-do-not-know-it"), effect.High, f.fix)
		return s
	}
	words := cmdletWords(c)
	m = m.Fit(words)
	if dry.MatchString(words) {
		s.summary = say.Text("windows.only-shows-what-it-would", "say", prose.Lower(cmdletSay(m.Say, c, object)))
		return s
	}
	a := act{Effect: Effect{
		Verb: m.Verb, Object: object, Role: m.Role, Scope: effect.ScopeSystem, Dimension: m.Dimension, Risk: m.Risk, As: f.as, Span: f.fix,
	}, say: cmdletSay(m.Say, c, object)}
	if object == "" {
		a.Object = strings.TrimSpace(a.say[strings.IndexByte(a.say, ' ')+1:])
	}
	j.elsewhere(s, c, m, &a)
	if m.Access != "look" && m.Risk.AtLeast(effect.Low) && m.Role != effect.RoleSession && (object == "*" || strings.Contains(object, "*") && m.Access == "delete") {
		a.Risk = effect.Worst(a.Risk, effect.High)
		a.say = say.Text("windows.all-that-fit", "does", a.say)
	}
	if m.Access != "look" && strings.Contains(object, shell.Unknown) {
		a.Risk = effect.Worst(a.Risk, effect.Caution)
		if f.loop && m.Role == effect.RoleHost {
			a.Risk = effect.Worst(a.Risk, effect.High)
		}
		j.unknown(inner, say.Text("windows.a-word-of", "name", show(c.Name)), say.Text("windows.it-is-only-known-when-it-runs"), effect.Low, f.fix)
	}
	a.Object = strings.ReplaceAll(a.Object, shell.Unknown, "…")
	s.acts = append(s.acts, a)
	if m.Guessed {
		risk := effect.Caution
		switch {
		case m.Verb == "execute":
			risk = effect.High
		case m.Access == "look":
			risk = effect.Low
		}
		j.unknown(inner, say.Text("windows.the-powershell-command", "name", show(c.Name)), say.Text("windows.only-its-name-says-what"), risk, f.fix)
	}
	s.filter = c.From >= 0 && m.Access == "look" && !m.Risk.AtLeast(effect.Caution)
	j.judged(s, &command{}, f)
	return s
}

// dry are words that make a command only show what it would do.
var dry = regex.New(`-(wh\w*|wi)( |$|:true)`)

// elsewhere says on which machine a command works.
func (j *job) elsewhere(s *step, c pwsh.Command, m lore.Cmdlet, a *act) {
	host := c.Param(-1, "computername", "cimsession")
	if len(host) == 0 || m.Role == effect.RoleHost || m.Role == effect.RoleSession {
		return
	}
	s.where = say.Text("files.on-other-machines")
	if len(host) == 1 && host[0].Known() {
		s.where = say.Text("windows.on-the-machine", "what", prose.Clean(host[0].String()))
	}
	if m.Access == "look" {
		a.Risk = effect.Worst(a.Risk, effect.Low)
	}
}

// cmdletNamed are the parameters that say what a command works on, the best
// first.
var cmdletNamed = strings.Fields(`name identity displayname taskname logname listlog vmname processname id driveletter mountpoint number disknumber diskid serialnumber
	filepath literalpath path imagepath class classname query featurename packagename modulename samaccountname userprincipalname signinname objectid
	bucketname instanceid vaultname keyname functionname dbinstanceidentifier username accountname subject dnsname certificate cert executionpolicy
	interfacealias interfacename ipaddress destinationprefix adaptername seconds milliseconds uri source dbname database serverinstance groupname
	resourcegroupname newname domainname profile counter provider providername filterhashtable member exclusionpath hostname computername cn`)

// cmdletObject is what a command works on, as far as its words say.
func cmdletObject(c pwsh.Command) (string, bool) {
	vs := cmdletParam(c, true)
	if vs == nil {
		vs = c.Param(0)
	}
	if vs == nil {
		vs = cmdletParam(c, false)
	}
	if len(vs) > 0 && vs[0].Kind == pwsh.Block || len(vs) > 0 && vs[0].Kind == pwsh.Table {
		vs = nil
	}
	if vs == nil && c.From >= 0 && strings.HasPrefix(c.Input.Of, "get-") && c.Input.Text != "" {
		vs = []pwsh.Value{c.Input}
	}
	if vs == nil && c.From < 0 && c.Input.Known() && c.Input.Text != "" && !strings.HasPrefix(c.Name, "Out-") {
		vs = []pwsh.Value{c.Input}
	}
	if vs == nil {
		if f := c.Param(-1, "filter"); f != nil {
			return pwshValue(f[0]), true
		}
		return "", false
	}
	var all []string
	for _, v := range vs {
		all = append(all, pwshValue(v))
	}
	return strings.Join(all, ", "), true
}

// cmdletParam is the best parameter that says what a command works on, written
// in full or by a beginning of three letters or more.
func cmdletParam(c pwsh.Command, full bool) []pwsh.Value {
	for _, name := range cmdletNamed {
		for _, a := range c.Args {
			p := strings.ToLower(a.Param)
			if p == "" || p == "count" || full != (p == name) || !full && (len(p) < 3 || !strings.HasPrefix(name, p)) {
				continue
			}
			return c.Param(-1, p)
		}
	}
	return nil
}

// cmdletWords are the words behind a command in small letters.
func cmdletWords(c pwsh.Command) string {
	var b strings.Builder
	for _, a := range c.Args {
		if b.Len() > 4<<10 {
			break
		}
		if a.Param != "" {
			b.WriteString("-" + strings.ToLower(a.Param) + map[bool]string{true: ":", false: " "}[a.Attached])
		}
		for i, v := range a.Values {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strings.ToLower(v.String()))
		}
		b.WriteByte(' ')
	}
	return strings.ReplaceAll(b.String(), "  ", " ")
}

var cmdletHole = regex.New(`\{(\w*)(?:@(\d))?\}`)

// cmdletSay fills what a command works on into its sentence.
func cmdletSay(template string, c pwsh.Command, object string) string {
	out := cmdletHole.ReplaceAllStringFunc(template, func(h string) string {
		g := cmdletHole.FindStringSubmatch(h)
		if g[1] == "" {
			return object
		}
		at := -1
		if n, err := strconv.Atoi(g[2]); err == nil {
			at = n
		}
		var all []string
		for _, v := range c.Param(at, strings.ToLower(g[1])) {
			all = append(all, pwshValue(v))
		}
		return strings.Join(all, ", ")
	})
	out = strings.Join(strings.Fields(out), " ")
	out = strings.ReplaceAll(out, " ,", ",")
	if w := say.Words("windows.not-known"); len(w) == 2 {
		out = strings.ReplaceAll(out, w[0], w[1])
	}
	return strings.TrimRight(out, ": ")
}
