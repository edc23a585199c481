package explain

import (
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/say"
	"escort/explain/shell"
)

// aptPrograms are the programs that start what the settings of apt name, and
// aptHooks the settings that name commands, by the subcommand's kind; see
// apt.conf(5).
var (
	aptPrograms = []string{"apt", "apt-get", "aptitude"}
	aptHooks    = map[string]bool{ // whether it runs after "update", else when packages change
		"apt::update::pre-invoke": true, "apt::update::post-invoke": true, "apt::update::post-invoke-success": true,
		"apt::update::post-invoke-stats": true,
		"dpkg::pre-invoke":               false, "dpkg::post-invoke": false, "dpkg::pre-install-pkgs": false,
	}
	aptReads = []string{"list", "search", "show", "showsrc", "policy", "madison", "depends", "rdepends", "moo", "download", "changelog", "source", "check", "indextargets"}
)

// maxAptFiles is how many files of settings are read, maxAptFile how much of one.
const (
	maxAptFiles = 64
	maxAptFile  = 64 << 10
)

// aptSettings plans the commands that the administrator's settings of apt have
// it start, and says so. Where others can write a file, nothing of it is planned.
func (j *job) aptSettings(s *step, u *lore.Use, cmd *command, f frame) {
	if !slices.Contains(aptPrograms, u.Program) || u.Off() || u.Path == u.Program || slices.Contains(aptReads, strings.TrimPrefix(u.Path, u.Program+" ")) {
		return
	}
	update := strings.HasSuffix(u.Path, " update")
	files, _, err := j.world.Glob(j.ctx, "/etc/apt/apt.conf.d/*", maxAptFiles)
	if err != nil {
		return
	}
	var named []string
	for _, file := range append(files, "/etc/apt/apt.conf") {
		for _, text := range j.aptFile(file, update) {
			j.aptHook(s, text, cmd, f)
			named = append(named, show(text))
		}
	}
	if len(named) > 0 {
		j.finding(s, Finding{
			ID: "settings-start", Text: say.Text("finding.settings-start", "commands", strings.Join(named, " · ")),
			Dimension: effect.Control, Risk: effect.Low, Span: f.at(cmd.words[0].Span),
		})
	}
}

// aptFile are the commands that a file of settings names.
func (j *job) aptFile(file string, update bool) []string {
	data, err := j.world.Read(j.ctx, file, maxAptFile)
	if err != nil {
		return nil
	}
	var out []string
	for _, h := range aptCommands(string(data)) {
		if after, ok := aptHooks[h.name]; ok && after == update {
			out = append(out, h.text)
		}
	}
	if len(out) == 0 {
		return nil
	}
	if info, err := j.world.Stat(j.ctx, file); err != nil || !administrators(info) {
		return nil
	}
	j.out.Plan.Files[file] = sum(data)
	return out
}

// aptHook plans one command of the settings. The administrator put it there, so
// that it is not understood says nothing; what it is known to break or to give
// away does.
func (j *job) aptHook(s *step, text string, cmd *command, f frame) {
	sh, option := "sh", "-c"
	st := Start{Argv: []*string{&sh, &option, &text}, Parent: f.parent}
	if p, err := j.world.Lookup(j.ctx, effect.LookupProgram, sh); err == nil {
		st.Path = p
	}
	one := &step{as: f.as}
	below := f
	below.parent, below.into, below.lines, below.depth = j.addStart(st), one, nil, f.depth+1
	if below.fix == nil {
		below.fix = f.at(cmd.words[0].Span)
	}
	complete, unknowns := j.out.Plan.Complete, len(j.out.Unknowns)
	j.nested(text, shell.Options{Args: []string{sh}}, below)
	j.out.Plan.Complete, j.out.Unknowns = complete, j.out.Unknowns[:unknowns]
	if harms(one) {
		s.inner = append(s.inner, one)
	}
}

// harms reports whether something that is known of a step is rated high.
func harms(s *step) bool {
	return slices.ContainsFunc(s.acts, func(a act) bool { return a.Dimension != effect.Uncertainty && a.Risk.AtLeast(effect.High) }) ||
		slices.ContainsFunc(s.findings, func(f Finding) bool { return f.Dimension != effect.Uncertainty && f.Risk.AtLeast(effect.High) }) ||
		slices.ContainsFunc(s.inner, harms)
}

// setting is a value in a file of settings of apt, with its whole name in small
// letters.
type setting struct{ name, text string }

// aptCommands reads the settings of a file: NAME "VALUE"; and NAME { … };
func aptCommands(text string) []setting {
	var out []setting
	var scopes []string
	name := ""
	for len(text) > 0 {
		switch c := text[0]; {
		case strings.HasPrefix(text, "//"), c == '#':
			_, text, _ = strings.Cut(text, "\n")
		case strings.HasPrefix(text, "/*"):
			_, text, _ = strings.Cut(text, "*/")
		case c == '"':
			var value string
			value, text, _ = strings.Cut(text[1:], `"`)
			out = append(out, setting{scoped(scopes, name), value})
		case c == '{':
			scopes, name, text = append(scopes, name), "", text[1:]
		case c == '}':
			scopes, name, text = scopes[:max(0, len(scopes)-1)], "", text[1:]
		case c == ';', c <= ' ':
			if c == ';' {
				name = ""
			}
			text = text[1:]
		default:
			end := strings.IndexAny(text, " \t\r\n;{}\"")
			if end < 0 {
				end = len(text)
			}
			name, text = text[:end], text[end:]
		}
	}
	return out
}

// scoped joins the names that a value stands under.
func scoped(scopes []string, name string) string {
	var parts []string
	for _, s := range append(slices.Clone(scopes), name) {
		if s = strings.Trim(s, ":"); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.ToLower(strings.Join(parts, "::"))
}
