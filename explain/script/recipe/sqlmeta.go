package recipe

import (
	"strings"

	"escort/explain/effect"
	"escort/explain/regex"
	"escort/explain/say"
)

var (
	metaShell = regex.New(`(?i)^(\\!|\.shell\b|\.system\b|\\\\!|system\b|!!|:!!|pager\b)\s*(.*)$`)
	metaFile  = regex.New(`(?i)^(\\ir?|\.read|source|\\\.|:r)\s+(.+)$`)
	metaPipe  = regex.New(`^(\\[ow]|\\g|\\copy\b.*program|\.output|\.once|\.import|\.read)\s+['"]?\|?\s*(.*)$`)
	metaPlain = regex.New(`(?i)^(\\(d\S*|l\+?|z\S*|c|connect|x|timing|pset|echo|set|unset|encoding|q|h|\?|if|else|elif|endif|r|p|a|t|f|s|g|gx|gdesc|gset|bind|parse|conninfo|restrict|unrestrict|warn|qecho|prompt|watch|crosstabview|errverbose|cd|html|title)(\s|$|\+)|` +
		`\.(tables|schema|databases|indexes|mode|headers?|help|show|stats|width|fullschema|quit|exit|timeout|print|echo|bail|nullvalue|separator|timer|eqp|dbinfo|changes|cd|once|output|parameter|testcase|prompt|explain|` +
		`session|progress|selftest|scanstats|connection|crnl|binary|check|auth|iotrace|limit|filectrl|log|trace)\b|:(setvar|on|listvar|error|perftrace|xml|connect|reset|quit|list|serverlist|help|out)\b|(no)?tee\b|delimiter\b|login\b)`)
)

// metaShown are commands of the prompt that show something.
var metaShown = []struct {
	find *regex.Pattern
	step Step
}{
	{regex.New(`^\.dump\b`), Step{Verb: "expose", Risk: effect.Caution, Say: "sql.shows-the-whole-content-of"}},
	{regex.New(`^\\password\b`), Step{Verb: "change", Risk: effect.High, Say: "sql.changes-the-password-of-a"}},
	{regex.New(`^\\gexec\b`), Step{Verb: "execute", Risk: effect.High, Say: "sql.runs-what-the-database-answers"}},
	{regex.New(`^(\\e[fv]?|:ed|edit)(\s|$)`), Step{Verb: "execute", Risk: effect.Caution, Say: "sql.starts-an-editor-from-the"}},
	{regex.New(`^\\du`), Step{Verb: "list", Risk: effect.Low, Say: "sql.lists-the-accounts-of-the"}},
	{regex.New(`^(\.(schema|fullschema|indexes|indices)\b|\\d[a-zA-Z+]* +\S|\\s[fv])`), Step{Verb: "query", Risk: effect.Low, Say: "sql.shows-the-plan-of-the"}},
	{regex.New(`^(\.(tables|databases|dbinfo|stats|show|dbconfig|vfsinfo|sha3sum|lint|limit|expert)\b|\\(d|l|z|conninfo))`), Step{Verb: "query", Risk: effect.Low, Say: "sql.shows-which-tables-and-parts"}},
}

// metaFiles are commands of the prompt that write or read a file, which their
// first group names.
var metaFiles = []struct {
	find *regex.Pattern
	step Step
}{
	{regex.New(`^(?:\.(?:output|once|log|trace|excel)|\\o|tee|:out|capture)\s+['"]?([^'"|\s]+)`), Step{Verb: "write", Say: "sql.writes-what-the-database-shows"}},
	{regex.New(`^\.(?:backup|save|clone)\s+(?:main\s+)?['"]?([^'"|\s]+)`), Step{Verb: "write", Say: "sql.copies-the-database-to"}},
	{regex.New(`^\.(?:restore)\s+(?:main\s+)?['"]?([^'"|\s]+)`), Step{Verb: "restore", Risk: effect.High, Say: "sql.replaces-the-database-by-the"}},
}

// stepOf is a step of a command of the prompt, where a table knows it.
func (s statement) stepOf(t string) (Step, bool) {
	for _, r := range metaShown {
		if r.find.MatchString(t) {
			step := r.step
			step.Say = say.Text(step.Say)
			step.Line, step.Object, step.Role, step.Dimension = s.line, say.Text("sql.the-database"), effect.RoleDatabase, effect.Disclosure
			return step, true
		}
	}
	for _, r := range metaFiles {
		if g := r.find.FindStringSubmatch(t); g != nil && !strings.Contains(t, "|") && g[1] != "stdout" && g[1] != "off" && g[1] != "on" {
			step := r.step
			step.Line, step.Object, step.Role, step.Dimension = s.line, g[1], effect.RolePath, effect.Damage
			step.Say = say.Text(step.Say, "object", short(g[1]))
			return step, true
		}
	}
	return Step{}, false
}

// copies is a copy between a table and a file of the prompt's own machine.
func (s statement) copies(text string) []Step {
	var out []Step
	for _, c := range statements(text, byPrompt) {
		c.line = s.line
		out = append(out, c.steps(maxInner)...)
	}
	return out
}

// meta reads a command of the prompt itself.
func (s statement) meta() []Step {
	t := strings.TrimSuffix(strings.TrimSpace(s.text), ";")
	if g := metaShell.FindStringSubmatch(t); g != nil {
		return []Step{{Line: s.line, Shell: g[2]}, {
			Line: s.line, Verb: "execute", Object: short(g[2]), Role: effect.RoleCommand, Dimension: effect.Control, Risk: effect.Critical,
			Say: say.Text("sql.starts-a-program-out-of"), ID: "database-starts-program", Technique: "T1059",
		}}
	}
	if g := metaFile.FindStringSubmatch(t); g != nil && !strings.ContainsAny(g[2], "|") {
		return []Step{{Line: s.line, File: strings.Trim(g[2], `'"`), Language: "sql"}}
	}
	if step, ok := s.stepOf(t); ok {
		return []Step{step}
	}
	if rest, ok := cutWord(t, `\copy `); ok && !strings.Contains(rest, " program ") {
		return s.copies("copy " + rest)
	}
	switch g := metaPipe.FindStringSubmatch(t); {
	case g != nil && strings.ContainsAny(t, "|") || strings.Contains(t, " program "):
		return []Step{{
			Line: s.line, Verb: "execute", Object: short(t), Role: effect.RoleCommand, Dimension: effect.Control, Risk: effect.Critical,
			Say: say.Text("sql.has-the-database-prompt-start"), ID: "database-starts-program", Technique: "T1059",
		}}
	case strings.HasPrefix(t, ".load"):
		return []Step{{
			Line: s.line, Verb: "load", Object: short(t), Role: effect.RolePath, Dimension: effect.Control, Risk: effect.Critical,
			Say: say.Text("sql.loads-code-into-the-database"), ID: "database-starts-program", Technique: "T1059",
		}}
	case g != nil || strings.HasPrefix(t, `\copy`), strings.HasPrefix(t, ".save"), strings.HasPrefix(t, ".backup"), strings.HasPrefix(t, ".open"):
		return []Step{{
			Line: s.line, Verb: "write", Object: short(t), Role: effect.RolePath, Dimension: effect.Damage, Risk: effect.Caution,
			Say: say.Text("sql.reads-or-writes-a-file", "t", short(t)), ID: "database-file", Technique: "T1005",
		}}
	case metaPlain.MatchString(t):
		return []Step{{
			Line: s.line, Verb: "switch", Object: say.Text("sql.the-database-prompt"), Role: effect.RoleSession, Scope: effect.ScopeSession, Dimension: effect.Damage, Risk: effect.Safe,
			Say: say.Text("sql.sets-how-the-database-prompt"),
		}}
	}
	return []Step{{Line: s.line, Unread: say.Text("sql.the-command-of-the-database", "t", short(t))}}
}
