package recipe

import (
	"regexp"
	"strings"
	"sync"

	"escort/explain/effect"
)

const maxStatement = 64 << 10 // bytes of a statement that is looked at

// statement is one command to a database.
type statement struct {
	line  int
	text  string // as written
	bare  string // in small letters, text constants emptied, remarks out
	shell bool   // a command of the prompt: \! or .shell
}

// readSQL says what each statement does.
func readSQL(text string, _ Asked) []Step {
	var out []Step
	for _, s := range statements(text) {
		if len(out) > MaxSteps {
			break
		}
		if len(s.text) > maxStatement {
			out = append(out, Step{Line: s.line, Unread: "a very long database command", Risk: effect.High})
			continue
		}
		out = append(out, s.steps()...)
	}
	return out
}

// statements splits at ";" outside of texts, names, remarks and $$ bodies.
func statements(text string) []statement {
	var out []statement
	var raw, bare strings.Builder
	start, line := 0, 1
	flush := func() {
		if strings.TrimSpace(bare.String()) != "" {
			out = append(out, statement{line: start, text: strings.TrimSpace(raw.String()), bare: strings.Join(strings.Fields(strings.ToLower(bare.String())), " ")})
		}
		raw.Reset()
		bare.Reset()
		start = 0
	}
	end := ";"
	for i := 0; i < len(text); {
		if start == 0 && (text[i] == '\\' || text[i] == '.' || strings.HasPrefix(strings.ToLower(text[i:min(i+10, len(text))]), "delimiter ")) {
			l, _, _ := strings.Cut(text[i:], "\n")
			if d, ok := cutWord(l, "delimiter "); ok {
				end = strings.TrimSpace(d)
				if end == "" {
					end = ";"
				}
			} else {
				out = append(out, statement{line: line, text: strings.TrimSpace(l), shell: true})
			}
			i += len(l)
			continue
		}
		n, kind := lexeme(text[i:])
		part := text[i : i+n]
		switch {
		case kind == 0 && strings.HasPrefix(text[i:], end):
			n = len(end)
			flush()
		case kind == 'r':
			raw.WriteByte(' ')
			bare.WriteByte(' ')
		default:
			if start == 0 && strings.TrimSpace(part) != "" {
				start = line
			}
			raw.WriteString(part)
			if kind == 's' {
				part = "''"
			}
			bare.WriteString(part)
		}
		line += strings.Count(text[i:i+n], "\n")
		i += n
	}
	flush()
	return out
}

func cutWord(s, word string) (string, bool) {
	if len(s) >= len(word) && strings.EqualFold(s[:len(word)], word) {
		return s[len(word):], true
	}
	return s, false
}

var dollar = regexp.MustCompile(`^\$[A-Za-z_]*\$`)

// lexeme is the length of the next piece: 'r' a remark, 's' a text constant,
// 0 one letter or a quoted name. A remark that MySQL runs is no remark.
func lexeme(s string) (int, byte) {
	closed := func(from int, end string) int {
		if i := strings.Index(s[from:], end); i >= 0 {
			return from + i + len(end)
		}
		return len(s)
	}
	switch {
	case strings.HasPrefix(s, "/*!"):
		return min(3, len(s)), 'r'
	case strings.HasPrefix(s, "*/"):
		return 2, 'r'
	case strings.HasPrefix(s, "/*"):
		return closed(2, "*/"), 'r'
	case strings.HasPrefix(s, "--") && (len(s) == 2 || strings.ContainsRune(" \t\n-", rune(s[2]))), s[0] == '#' && (len(s) == 1 || s[1] == ' '):
		n, _, _ := strings.Cut(s, "\n")
		return len(n), 'r'
	case s[0] == '\'':
		for i := 1; i < len(s); i++ {
			switch {
			case s[i] == '\\' && i+1 < len(s):
				i++
			case s[i] == '\'' && i+1 < len(s) && s[i+1] == '\'':
				i++
			case s[i] == '\'':
				return i + 1, 's'
			}
		}
		return len(s), 's'
	case s[0] == '"' || s[0] == '`':
		return closed(1, s[:1]), 'n'
	case s[0] == '$':
		if m := dollar.FindString(s); m != "" {
			return closed(len(m), m), 'n'
		}
	}
	return 1, 0
}

// sqlRule says what a kind of statement does. Group o is the object.
type sqlRule struct {
	find *regexp.Regexp
	step Step
}

func sqlDoes(find, verb string, role effect.Role, dim effect.Dimension, risk effect.Risk, say string) sqlRule {
	return sqlRule{find: regexp.MustCompile(find), step: Step{Verb: verb, Role: role, Dimension: dim, Risk: risk, Say: say}}
}

func (r sqlRule) as(id, technique string) sqlRule {
	r.step.ID, r.step.Technique = id, technique
	return r
}

const name = "(?P<o>[\\w.\"`$\\[\\]]+)"

// sqlMain: the first that fits says what the statement is.
var sqlMain = sync.OnceValue(func() []sqlRule {
	return []sqlRule{
		sqlDoes(`^drop (database|schema|tablespace|owned)( if exists)?( by)? `+name, "erase", effect.RoleDatabase, effect.Damage, effect.Critical, "Deletes the whole database {o}").as("data-destroyed", "T1485"),
		sqlDoes(`^drop (temporary )?(foreign )?table( if exists)? `+name, "erase", effect.RoleTable, effect.Damage, effect.Critical, "Deletes the table {o} with all its data").as("data-destroyed", "T1485"),
		sqlDoes(`^truncate( table)?( only)? `+name, "erase", effect.RoleTable, effect.Damage, effect.Critical, "Deletes all rows of the table {o}").as("data-destroyed", "T1485"),
		sqlDoes(`^drop (user|role|login)( if exists)? `+name, "delete", effect.RoleUser, effect.Control, effect.High, "Deletes the database account {o}"),
		sqlDoes(`^drop index( concurrently)?( if exists)? `+name, "remove", effect.RoleDatabase, effect.Damage, effect.Caution, "Removes the index {o} of the database"),
		sqlDoes(`^drop (materialized view|view|[a-z ]+?)( if exists)? `+name+`(\(.*)?( on .*)?( cascade)?$`, "remove", effect.RoleDatabase, effect.Damage, effect.High, "Removes a part of the database: {o}"),
		sqlDoes(`^alter (table|database)( if exists)?( only)? `+name+` .*drop\b`, "remove", effect.RoleTable, effect.Damage, effect.High, "Removes a part of the table {o}"),
		sqlDoes(`^grant .* to `+name, "grant", effect.RoleUser, effect.Control, effect.High, "Gives rights in the database to {o}").as("database-rights", "T1098"),
		sqlDoes(`^(create|alter) (user|role|login)( if not exists)? `+name, "grant", effect.RoleUser, effect.Control, effect.High, "Makes or changes the database account {o}").as("database-rights", "T1136"),
		sqlDoes(`^set password|^reassign owned`, "grant", effect.RoleUser, effect.Control, effect.High, "Changes who may do what in the database").as("database-rights", "T1098"),
		sqlDoes(`^revoke .* from `+name, "revoke", effect.RoleUser, effect.Control, effect.Caution, "Takes rights in the database from {o}"),
		sqlDoes(`^delete from( only)? `+name+`.* where ((1|true)|(1 ?= ?1)|('' ?= ?''))$`, "delete", effect.RoleTable, effect.Damage, effect.Critical, "Deletes all rows of the table {o}").as("data-destroyed", "T1485"),
		sqlDoes(`^(with .*\) )?delete (from )?(only )?`+name+`.* where `, "delete", effect.RoleTable, effect.Damage, effect.Caution, "Deletes some rows of the table {o}"),
		sqlDoes(`^(with .*\) )?delete (from )?(only )?`+name+`.* limit \d`, "delete", effect.RoleTable, effect.Damage, effect.High, "Deletes rows of the table {o}, whichever come first"),
		sqlDoes(`^(with .*\) )?delete (from )?(only )?`+name, "delete", effect.RoleTable, effect.Damage, effect.Critical, "Deletes all rows of the table {o}").as("data-destroyed", "T1485"),
		sqlDoes(`^(with .*\) )?update (only )?`+name+` .*\bwhere `, "change", effect.RoleTable, effect.Damage, effect.Caution, "Changes some rows of the table {o}"),
		sqlDoes(`^(with .*\) )?update (only )?`+name+` .*\bset `, "change", effect.RoleTable, effect.Damage, effect.High, "Changes all rows of the table {o}"),
		sqlDoes(`^(with .*\) )?(insert|replace)( ignore| low_priority| or \w+)*( into)? `+name, "change", effect.RoleTable, effect.Damage, effect.Caution, "Adds rows to the table {o}"),
		sqlDoes(`^merge( into)? `+name, "change", effect.RoleTable, effect.Damage, effect.Caution, "Changes rows of the table {o}"),
		sqlDoes(`^create (or replace )?(definer ?= ?\S+ )?(function|procedure|trigger|event|rule|extension)( if not exists)? `+name, "create", effect.RoleDatabase, effect.Control, effect.Caution, "Adds code to the database: {o}"),
		sqlDoes(`^create [a-z ]*?(table|view|index|database|schema|sequence|type)( concurrently)?( if not exists)? `+name, "create", effect.RoleDatabase, effect.Damage, effect.Caution, "Makes {o} in the database"),
		sqlDoes(`^alter [a-z ]+?( if exists)?( only)? `+name, "change", effect.RoleDatabase, effect.Damage, effect.Caution, "Changes the plan of {o} in the database"),
		sqlDoes(`^(kill|select pg_(terminate|cancel)_backend)\b`, "kill", effect.RoleSession, effect.Damage, effect.Caution, "Ends somebody's work in the database"),
		sqlDoes(`^(shutdown|restart)\b`, "shutdown", effect.RoleService, effect.Damage, effect.High, "Stops the database"),
		sqlDoes(`^(purge (binary|master) logs|reset (master|binary))`, "clear", effect.RoleLog, effect.Hiding, effect.High, "Deletes the database's record of changes").as("log-tampering", "T1070"),
		sqlDoes(`^set (global )?(persist )?.*(general_log|slow_query_log|sql_log_bin|log_statement|log_connections|audit\w*) ?(=|to) ?('?'?|0|off|none)$`, "disable", effect.RoleLog, effect.Hiding, effect.High, "Switches off what the database writes about its users").as("log-off", "T1562.002"),
		sqlDoes(`^copy `+name+`( ?\([^)]*\))? from\b`, "import", effect.RoleTable, effect.Damage, effect.Caution, "Takes rows into the table {o}"),
		sqlDoes(`^copy (\(.*|`+name+`.*)to\b`, "copy", effect.RoleTable, effect.Disclosure, effect.Caution, "Writes out the table {o}"),
		sqlDoes(`^load data`, "import", effect.RoleTable, effect.Damage, effect.Caution, "Takes rows from a file into a table"),
		sqlDoes(`^(do|call|exec|execute|prepare)\b`, "execute", effect.RoleDatabase, effect.Control, effect.Caution, "Runs code that is kept in the database"),
		sqlDoes(`^(vacuum|analyze|reindex|optimize|repair|refresh|cluster|checkpoint|flush|comment|lock|unlock|rename|attach|detach|import)\b`, "change", effect.RoleDatabase, effect.Damage, effect.Caution, "Looks after the database"),
		sqlDoes(`^(set|use|begin|start|commit|rollback|savepoint|release|end|declare|go|discard|pragma|reset|deallocate|listen|notify|abort)\b`, "query", effect.RoleDatabase, effect.Damage, effect.Low, "Sets how the database works for this session"),
		sqlDoes(`^select .*\binto (?:temp |temporary |table )*`+name+` from`, "create", effect.RoleTable, effect.Damage, effect.Caution, "Makes the table {o}"),
		sqlDoes(`^(select|with|table|values|\()(.*?)\bfrom (only )?`+name, "query", effect.RoleTable, effect.Disclosure, effect.Low, "Shows rows of the table {o}"),
		sqlDoes(`^(select|with|table|values|show|describe|desc|explain|help|status)\b`, "query", effect.RoleDatabase, effect.Disclosure, effect.Low, "Asks the database"),
	}
})

// sqlAlso: all that fit add a concern.
var sqlAlso = sync.OnceValue(func() []sqlRule {
	return []sqlRule{
		sqlDoes(`\b(to|from) program\b|\bsys_(exec|eval)\b|\bxp_cmdshell\b|\bload_extension ?\(|\blanguage '?'?(c|plpython3?u|plperlu|plsh|plpythonu)\b|\bsoname\b|\bdbms_scheduler\b`, "execute", effect.RoleCommand, effect.Control, effect.Critical, "Has the database start a program or load code on its machine").as("database-starts-program", "T1059"),
		sqlDoes(`\binto (outfile|dumpfile)\b|\bload_file ?\(|^load data (?:low_priority |concurrent )?infile|\bpg_(read_(binary_)?file|ls_dir)\b|\blo_(import|export)\b|^copy .*\b(to|from) ''|\butl_file\b|\b(read|write)file ?\(`, "read", effect.RolePath, effect.Disclosure, effect.High, "Has the database read or write files of its machine").as("database-file", "T1005"),
		sqlDoes(`^(select|with|copy|table)\b.*(mysql\.user|pg_shadow|pg_authid|authentication_string|rolpassword|\bpassw(or)?d(_hash)?\b|pg_user_mapping|credit_?card|card_?numbers?|\bcvv\b|\bssn\b|api_?keys?|\bsecrets?\b|(auth|access|refresh)_tokens?)`, "expose", effect.RoleSecret, effect.Disclosure, effect.High, "Shows passwords or other secrets that the database keeps").as("secrets-read", "T1003"),
		sqlDoes(`identified (by|with)|\bpassword ''`, "change", effect.RoleSecret, effect.Control, effect.High, "Sets a password in the database").as("database-rights", "T1098"),
	}
})

var (
	bulk   = regexp.MustCompile(`\b(where|limit|top|fetch|count ?\(|sum ?\(|avg ?\(|min ?\(|max ?\(|group by|exists)\b|\b(count|sum|avg|min|max) ?\(`)
	counts = regexp.MustCompile(`^select (distinct )?(count|sum|avg|min|max) ?\(`)
	people = regexp.MustCompile(`\b(users?|customers?|accounts?|people|persons?|patients?|employees?|members?|payments?|orders?|invoices?|salar(y|ies)|emails?|contacts?|cards?|sessions?)\b`)
)

func (s statement) steps() []Step {
	if s.shell {
		return s.meta()
	}
	var out []Step
	for _, r := range sqlMain() {
		if m := r.find.FindStringSubmatch(s.bare); m != nil {
			out = append(out, s.made(r, m))
			break
		}
	}
	if len(out) == 0 {
		out = append(out, Step{Line: s.line, Unread: "the database command " + short(s.text)})
	}
	if f := &out[0]; f.Verb == "query" && f.Role == effect.RoleTable && !bulk.MatchString(s.bare) {
		f.Say = "Shows all rows of the table " + f.Object
		if people.MatchString(f.Object) {
			f.Risk, f.ID = effect.Caution, "table-shown"
		}
	}
	if f := &out[0]; f.Verb == "query" && f.Role == effect.RoleTable && counts.MatchString(s.bare) {
		f.Say = "Asks the database about the table " + f.Object
	}
	for _, r := range sqlAlso() {
		if r.find.MatchString(s.bare) {
			out = append(out, s.made(r, nil))
		}
	}
	if strings.HasPrefix(s.bare, "explain") && !strings.Contains(s.bare, "analyze") {
		return []Step{{Line: s.line, Verb: "query", Object: "the database", Role: effect.RoleDatabase, Dimension: effect.Disclosure, Risk: effect.Low, Say: "Asks how the database would do it"}}
	}
	return out
}

func (s statement) made(r sqlRule, m []string) Step {
	t := r.step
	t.Line = s.line
	object := ""
	for i, n := range r.find.SubexpNames() {
		if n == "o" && i < len(m) && m[i] != "" {
			object = strings.Trim(m[i], "\"`[]")
		}
	}
	t.Object = object
	if object == "" {
		t.Object = "the database"
		object = "that is named"
	}
	t.Say = strings.ReplaceAll(t.Say, "{o}", short(object))
	return t
}

var (
	metaShell = regexp.MustCompile(`^(\\!|\.shell\b|\.system\b|\\\\!|system\b)\s*(.*)$`)
	metaFile  = regexp.MustCompile(`^(\\ir?|\.read|source|\\\.)\s+(.+)$`)
	metaPipe  = regexp.MustCompile(`^(\\[ow]|\\g|\\copy\b.*program|\.output|\.once|\.import|\.read)\s+['"]?\|?\s*(.*)$`)
	metaPlain = regexp.MustCompile(`^(\\(d|l|c|z|x|timing|pset|echo|set|unset|encoding|q|h|\?|if|else|elif|endif|r|p|a|t|f|conninfo|restrict|unrestrict|connect|warn|qecho)|\.(tables|schema|databases|indexes|mode|headers?|help|show|stats|width|fullschema|quit|exit|timeout|print|echo|bail|nullvalue|separator|timer|eqp|dbinfo|dump|changes))`)
)

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
		return nil
	}
	return []Step{{Line: s.line, Unread: "the command " + short(t) + " of the database prompt"}}
}
