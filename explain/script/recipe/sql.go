package recipe

import (
	"strings"

	"escort/explain/effect"
	"escort/explain/regex"
	"escort/explain/say"
)

const maxStatement = 64 << 10 // bytes of a statement that is looked at

// statement is one command to a database.
type statement struct {
	line    int
	text    string   // as written
	bare    string   // in small letters, text constants emptied, remarks out
	texts   []string // what stood in the text constants and $$ bodies
	dialect string
	shell   bool // a command of the prompt: \! or .shell
}

// readSQL says what each statement does. The variable "dialect" of what is
// asked names the program that reads them.
func readSQL(text string, a Asked) []Step { return readSQLAt(text, a.Vars["dialect"], 0) }

func readSQLAt(text, dialect string, depth int) []Step {
	var out []Step
	all := statements(text, dialect)
	undone := rolledBack(all)
	for i, s := range all {
		if len(out) > MaxSteps {
			break
		}
		if len(s.text) > maxStatement {
			out = append(out, Step{Line: s.line, Unread: say.Text("sql.a-very-long-database-command"), Risk: effect.High})
			continue
		}
		steps := s.steps(depth)
		if undone[i] {
			steps = takenBack(steps)
		}
		out = append(out, steps...)
	}
	return out
}

// statements splits at ";" outside of texts, names, remarks and $$ bodies.
func statements(text, dialect string) []statement {
	var out []statement
	var raw, bare strings.Builder
	var texts []string
	start, line := 0, 1
	flush := func() {
		if strings.TrimSpace(bare.String()) != "" {
			out = append(out, statement{line: start, text: strings.TrimSpace(raw.String()), bare: strings.Join(strings.Fields(strings.ToLower(bare.String())), " "), texts: texts, dialect: dialect})
		}
		texts = nil
		raw.Reset()
		bare.Reset()
		start = 0
	}
	end := ";"
	for i := 0; i < len(text); {
		if start == 0 && promptLine(text[i:], dialect) {
			l, _, _ := strings.Cut(text[i:], "\n")
			if d, ok := cutWord(l, "delimiter "); ok {
				end = strings.TrimSpace(d)
				if end == "" {
					end = ";"
				}
			} else {
				out = append(out, statement{line: line, text: strings.TrimSpace(l), shell: true, dialect: dialect})
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
			switch {
			case kind == 's':
				texts = append(texts, strings.ReplaceAll(strings.Trim(part, "'"), "''", "'"))
				part = "''"
			case kind == 'n' && part[0] == '$':
				texts = append(texts, strings.TrimSuffix(dollarBody(part), ""))
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

// promptLine reports a line that the prompt itself reads, not the database.
func promptLine(s, dialect string) bool {
	word, _, _ := strings.Cut(strings.ToLower(s[:min(len(s), 16)]), " ")
	switch {
	case s[0] == '\\', s[0] == '.', word == "delimiter":
		return true
	case dialect == "mysql":
		return word == "system" || word == "source" || word == "tee" || word == "notee" || word == "pager" || word == "edit"
	case dialect == "mssql":
		return strings.HasPrefix(s, "!!") || strings.HasPrefix(s, ":")
	case dialect == "cql":
		return word == "source" || word == "capture" || word == "login"
	}
	return false
}

// dollarBody is what stands between $$ and $$.
func dollarBody(s string) string {
	m := dollar.FindString(s)
	return strings.TrimSuffix(s[len(m):], m)
}

func cutWord(s, word string) (string, bool) {
	if len(s) >= len(word) && strings.EqualFold(s[:len(word)], word) {
		return s[len(word):], true
	}
	return s, false
}

var dollar = regex.New(`^\$[A-Za-z_]*\$`)

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

func (s statement) steps(depth int) []Step {
	if s.shell {
		return s.meta()
	}
	if rest, ok := explained(s.bare); ok {
		return s.explain(rest, depth)
	}
	out := s.main()
	if f := &out[0]; f.Verb == "query" && f.Role == effect.RoleTable {
		s.shown(f)
	}
	file, own := s.ownFile()
	if own {
		out = append(out[:0], file)
	}
	for _, r := range sqlAlso() {
		if (!own || r.step.ID == "secrets-read") && r.find.MatchString(s.bare) {
			out = append(out, s.made(r, nil))
		}
	}
	if own {
		return out
	}
	for _, r := range sqlText() {
		if r.find.MatchString(s.bare + " " + strings.ToLower(strings.Join(s.texts, " "))) {
			out = append(out, s.made(r, nil))
		}
	}
	return append(out, s.inside(depth)...)
}

var (
	copyTo   = regex.New(`^copy (\(.*\)|` + name + `)( ?\([^)]*\))? to ''`)
	copyFrom = regex.New(`^copy ` + name + `( ?\([^)]*\))? from ''`)
)

// ownFile is a copy to or from a file of this machine, for prompts that see to
// that themselves.
func (s statement) ownFile() (Step, bool) {
	if s.dialect != "cql" && s.dialect != "duckdb" && s.dialect != byPrompt || len(s.texts) == 0 {
		return Step{}, false
	}
	table := func(re *regex.Pattern) string {
		t := re.FindStringSubmatch(s.bare)[re.SubexpIndex("o")]
		if t == "" {
			return say.Text("sql.an-answer")
		}
		return say.Text("sql.the-table", "table", short(t))
	}
	file := s.texts[len(s.texts)-1]
	switch {
	case copyTo.MatchString(s.bare):
		return Step{
			Line: s.line, Verb: "write", Object: file, Role: effect.RolePath, Dimension: effect.Damage, Risk: effect.Caution,
			Say: say.Text("sql.writes-to-file", "table", table(copyTo), "file", short(file)),
		}, true
	case copyFrom.MatchString(s.bare):
		return Step{
			Line: s.line, Verb: "import", Object: file, Role: effect.RolePath, Dimension: effect.Damage, Risk: effect.Caution,
			Say: say.Text("sql.takes-from-file", "file", short(file), "table", table(copyFrom)),
		}, true
	}
	return Step{}, false
}

// byPrompt is the dialect of what the prompt does by itself with the files of
// its own machine.
const byPrompt = "prompt"

// main is what the statement is.
func (s statement) main() []Step {
	bare := always(s.bare)
	for _, r := range sqlMain() {
		if m := r.find.FindStringSubmatch(bare); m != nil {
			return []Step{s.made(r, m)}
		}
	}
	return []Step{{Line: s.line, Unread: say.Text("sql.the-database-command", "text", short(s.text))}}
}

// shown says how much of a table is shown, and whether people stand in it.
func (s statement) shown(f *Step) {
	if !bulk.MatchString(s.bare) {
		f.Say = say.Text("sql.shows-all-rows-of-the", "object", f.Object)
		if people.MatchString(f.Object) {
			f.Risk, f.ID = effect.Caution, "table-shown"
		}
	}
	if counts.MatchString(s.bare) {
		f.Say = say.Text("sql.asks-the-database-about-the", "object", f.Object)
	}
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
	if object == "''" {
		object = s.texts[0]
		if strings.HasPrefix(s.bare, "grant") || strings.HasPrefix(s.bare, "revoke") {
			object = s.texts[strings.Count(s.bare[:max(strings.LastIndex(s.bare, " to ''"), strings.LastIndex(s.bare, " from ''"), 0)], "''")]
		}
	}
	t.Object = object
	if object == "" {
		t.Object = say.Text("sql.the-database")
		object = say.Text("sql.that-is-named")
	}
	first := say.Text("sql.somebody")
	if len(s.texts) > 0 {
		first = s.texts[0]
	}
	t.Say = say.Text(t.Say, "object", short(object), "text", short(first))
	return t
}
