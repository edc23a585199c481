package recipe

import (
	"strings"

	"escort/explain/effect"
	"escort/explain/regex"
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
	{regex.New(`^\.dump\b`), Step{Verb: "expose", Risk: effect.Caution, Say: "Shows the whole content of the database"}},
	{regex.New(`^\\password\b`), Step{Verb: "change", Risk: effect.High, Say: "Changes the password of a database account"}},
	{regex.New(`^\\gexec\b`), Step{Verb: "execute", Risk: effect.High, Say: "Runs what the database answers as commands"}},
	{regex.New(`^(\\e[fv]?|:ed|edit)(\s|$)`), Step{Verb: "execute", Risk: effect.Caution, Say: "Starts an editor from the database prompt"}},
	{regex.New(`^\\du`), Step{Verb: "list", Risk: effect.Low, Say: "Lists the accounts of the database"}},
	{regex.New(`^(\.(schema|fullschema|indexes|indices)\b|\\d[a-zA-Z+]* +\S|\\s[fv])`), Step{Verb: "query", Risk: effect.Low, Say: "Shows the plan of the database"}},
	{regex.New(`^(\.(tables|databases|dbinfo|stats|show|dbconfig|vfsinfo|sha3sum|lint|limit|expert)\b|\\(d|l|z|conninfo))`), Step{Verb: "query", Risk: effect.Low, Say: "Shows which tables and parts the database has"}},
}

// metaFiles are commands of the prompt that write or read a file, which their
// first group names.
var metaFiles = []struct {
	find *regex.Pattern
	step Step
}{
	{regex.New(`^(?:\.(?:output|once|log|trace|excel)|\\o|tee|:out|capture)\s+['"]?([^'"|\s]+)`), Step{Verb: "write", Say: "Writes what the database shows to {o}"}},
	{regex.New(`^\.(?:backup|save|clone)\s+(?:main\s+)?['"]?([^'"|\s]+)`), Step{Verb: "write", Say: "Copies the database to {o}"}},
	{regex.New(`^\.(?:restore)\s+(?:main\s+)?['"]?([^'"|\s]+)`), Step{Verb: "restore", Risk: effect.High, Say: "Replaces the database by the copy {o}"}},
}

// stepOf is a step of a command of the prompt, where a table knows it.
func (s statement) stepOf(t string) (Step, bool) {
	for _, r := range metaShown {
		if r.find.MatchString(t) {
			step := r.step
			step.Line, step.Object, step.Role, step.Dimension = s.line, "the database", effect.RoleDatabase, effect.Disclosure
			return step, true
		}
	}
	for _, r := range metaFiles {
		if g := r.find.FindStringSubmatch(t); g != nil && !strings.Contains(t, "|") && g[1] != "stdout" && g[1] != "off" && g[1] != "on" {
			step := r.step
			step.Line, step.Object, step.Role, step.Dimension = s.line, g[1], effect.RolePath, effect.Damage
			step.Say = strings.ReplaceAll(step.Say, "{o}", short(g[1]))
			return step, true
		}
	}
	return Step{}, false
}

// meta reads a command of the prompt itself.
func (s statement) meta() []Step {
	t := strings.TrimSuffix(strings.TrimSpace(s.text), ";")
	if g := metaShell.FindStringSubmatch(t); g != nil {
		return []Step{{Line: s.line, Shell: g[2]}, {
			Line: s.line, Verb: "execute", Object: short(g[2]), Role: effect.RoleCommand, Dimension: effect.Control, Risk: effect.Critical,
			Say: "Starts a program out of the database prompt", ID: "database-starts-program", Technique: "T1059",
		}}
	}
	if g := metaFile.FindStringSubmatch(t); g != nil && !strings.ContainsAny(g[2], "|") {
		return []Step{{Line: s.line, File: strings.Trim(g[2], `'"`), Language: "sql"}}
	}
	if step, ok := s.stepOf(t); ok {
		return []Step{step}
	}
	switch g := metaPipe.FindStringSubmatch(t); {
	case g != nil && strings.ContainsAny(t, "|") || strings.Contains(t, " program "):
		return []Step{{
			Line: s.line, Verb: "execute", Object: short(t), Role: effect.RoleCommand, Dimension: effect.Control, Risk: effect.Critical,
			Say: "Has the database prompt start a program", ID: "database-starts-program", Technique: "T1059",
		}}
	case strings.HasPrefix(t, ".load"):
		return []Step{{
			Line: s.line, Verb: "load", Object: short(t), Role: effect.RolePath, Dimension: effect.Control, Risk: effect.Critical,
			Say: "Loads code into the database", ID: "database-starts-program", Technique: "T1059",
		}}
	case g != nil || strings.HasPrefix(t, `\copy`), strings.HasPrefix(t, ".save"), strings.HasPrefix(t, ".backup"), strings.HasPrefix(t, ".open"):
		return []Step{{
			Line: s.line, Verb: "write", Object: short(t), Role: effect.RolePath, Dimension: effect.Damage, Risk: effect.Caution,
			Say: "Reads or writes a file: " + short(t), ID: "database-file", Technique: "T1005",
		}}
	case metaPlain.MatchString(t):
		return []Step{{
			Line: s.line, Verb: "switch", Object: "the database prompt", Role: effect.RoleSession, Scope: effect.ScopeSession, Dimension: effect.Damage, Risk: effect.Safe,
			Say: "Sets how the database prompt works",
		}}
	}
	return []Step{{Line: s.line, Unread: "the command " + short(t) + " of the database prompt"}}
}
