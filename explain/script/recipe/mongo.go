package recipe

import (
	_ "embed"
	"maps"
	"strings"
	"sync"

	"escort/explain/effect"
	"escort/explain/regex"
	"escort/explain/say"
)

// mongoTable says what methods of MongoDB's prompt do.
//
//go:embed mongo.table
var mongoTable string

var mongoRows = sync.OnceValue(func() map[string]Step { return maps.Collect(tableRows("mongo", mongoTable)) })

// mongoCode is code with its texts taken out: in bare each is a pair of quotes
// with nothing between, and what stood there is in texts.
type mongoCode struct {
	bare  string
	texts []string
	at    []int // where each begins in bare
}

func newMongoCode(s string) mongoCode {
	var b strings.Builder
	var c mongoCode
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"' || s[i] == '\'' || s[i] == '`':
			q := s[i]
			n := i + 1
			for n < len(s) && s[n] != q {
				if s[n] == '\\' {
					n++
				}
				n++
			}
			c.at = append(c.at, b.Len())
			c.texts = append(c.texts, s[i+1:min(n, len(s))])
			b.WriteString("''")
			i = n
		case strings.HasPrefix(s[i:], "//"):
			n := strings.IndexByte(s[i:], '\n')
			if n < 0 {
				n = len(s) - i
			}
			i += n - 1
		case strings.HasPrefix(s[i:], "/*"):
			n := strings.Index(s[i:], "*/")
			if n < 0 {
				n = len(s) - i - 2
			}
			i += n + 1
		default:
			b.WriteByte(s[i])
		}
	}
	c.bare = b.String()
	return c
}

// text is the literal at a place of bare.
func (c *mongoCode) text(at int) string {
	for i, a := range c.at {
		if a == at {
			return c.texts[i]
		}
	}
	return ""
}

var (
	mongoMethod = regex.New(`((?:[A-Za-z_$][\w$]*)(?:\s*\.\s*[A-Za-z_$][\w$]*|\[''\]|\s*\(''\))*)\s*\.\s*([A-Za-z_$][\w$]*)\s*\(`)
	mongoShow   = regex.New(`(?m)^\s*(show\s+\w+|use\s+\w+|it|help|exit|quit\(\)|cls|pwd\(\))\s*;?\s*$`)
	mongoKey    = regex.New(`^\s*\{\s*(?:([A-Za-z_]\w*)|'')\s*:`)
	mongoUser   = regex.New(`\buser\s*:\s*''`)
	mongoPast   = regex.New(`\b(require|load|run|runProgram|cat|fetch|eval|exec|execSync|spawn|spawnSync|import|removeFile|listFiles|ls|md5sumFile|copyFile|hostname|_rand|Function|startMongoProgram)\s*\(|\bprocess\s*\.`)
	secretNames = regex.New(`(?i)\b(passw(or)?ds?\w*|pwd|secrets?|tokens?|api_?keys?|credentials|system\.users|cvv|ssn|credit_?cards?|private_?keys?)\b`)
	mongoPlain  = map[string]bool{
		"limit": true, "sort": true, "skip": true, "pretty": true, "toarray": true, "foreach": true, "map": true, "projection": true, "hint": true, "batchsize": true, "maxtimems": true,
		"hasnext": true, "next": true, "itcount": true, "size": true, "getcollection": true, "getsiblingdb": true, "getdb": true, "stringify": true, "log": true, "push": true,
		"readpref": true, "comment": true, "allowdiskuse": true, "collation": true, "close": true, "tostring": true, "filter": true, "join": true, "length": true, "keys": true, "getplancache": true, "list": true,
	}
)

// readMongo reads code of MongoDB's prompt.
func readMongo(text string, _ Asked) []Step {
	c := newMongoCode(text)
	var out []Step
	line := func(at int) int { return 1 + strings.Count(c.bare[:at], "\n") }
	for _, g := range mongoShow.FindAllStringSubmatchIndex(c.bare, MaxSteps) {
		w := strings.Fields(c.bare[g[2]:g[3]])
		if w[0] == "show" {
			out = append(out, Step{
				Line: line(g[2]), Verb: "list", Object: say.Text("sql.the-database"), Role: effect.RoleDatabase, Dimension: effect.Disclosure, Risk: effect.Low,
				Say: say.Text("sql.lists-what-is-in-the", "w", strings.Join(w, " ")),
			})
		}
	}
	for _, g := range mongoMethod.FindAllStringSubmatchIndex(c.bare, MaxSteps) {
		out = append(out, c.method(c.bare[g[2]:g[3]], strings.ToLower(c.bare[g[4]:g[5]]), g, line(g[2]))...)
	}
	return out
}

// ReachesOut finds code of MongoDB's prompt that does more than speak to the
// database, and says it in short: cat /etc/shadow. Empty: there is none.
func ReachesOut(text string) string {
	c := newMongoCode(text)
	g := mongoPast.FindStringIndex(c.bare)
	if g == nil {
		return ""
	}
	return short(strings.TrimRight(strings.TrimSpace(c.bare[g[0]:g[1]]), "(. ") + " " + c.text(g[1]))
}

// method says what one call does.
func (c *mongoCode) method(owner, name string, g []int, line int) []Step {
	args := c.bare[g[1]:]
	args = args[:balanced(args)]
	owned := strings.Fields(strings.ReplaceAll(owner, ".", " "))
	object := c.owner(owner, g[2])
	switch {
	case name == "admincommand" || name == "runcommand" || name == "runcursorcommand":
		return c.command(args, g[1], line)
	case owned[0] == "rs" || owned[0] == "sh":
		name = owned[0] + "." + name
	}
	row, ok := mongoRows()[name]
	if !ok {
		if mongoPlain[name] || owned[0] != "db" {
			return nil
		}
		return []Step{{Line: line, Unread: say.Text("sql.the-method-of-the-database", "name", short(name))}}
	}
	row.Line, row.Object, row.Say = line, object, say.Lore(row.Say, row.table)
	first := c.text(g[1] + len(args) - len(strings.TrimLeft(args, " ")))
	row = c.rated(row, name, args, g[1], object)
	user := first
	if u := mongoUser.FindStringIndex(args); u != nil {
		user = c.text(g[1] + u[1] - 2)
	}
	row.Say = say.Fill(row.Say, "object", short(object), "1", short(first), "user", short(user))
	row.Say = strings.TrimSuffix(strings.Join(strings.Fields(row.Say), " "), ": "+say.Text("sql.the-database"))
	return []Step{row}
}

// owner names the collection or database that a method belongs to.
func (c *mongoCode) owner(owner string, at int) string {
	name := owner[strings.LastIndexAny(owner, ".")+1:]
	if i := strings.LastIndex(owner, "''"); i >= 0 && i+4 > len(owner)-2 {
		name = c.text(at + i)
	}
	if i := strings.Index(owner, "."); i >= 0 && strings.HasPrefix(owner, "db.") && !strings.Contains(owner, "''") {
		name = owner[i+1:]
	}
	if name == "db" {
		return say.Text("sql.the-database")
	}
	return name
}

// rated looks at what a method is given.
func (c *mongoCode) rated(row Step, name, args string, at int, object string) Step {
	empty := strings.TrimSpace(args)
	all := empty == "" || strings.HasPrefix(strings.ReplaceAll(empty, " ", ""), "{}")
	texts := ""
	for i, a := range c.at {
		if a >= at && a < at+len(args) {
			texts += " " + c.texts[i]
		}
	}
	switch name {
	case "deletemany", "remove":
		if all {
			row.Risk, row.Say, row.Verb = effect.Critical, say.Template("sql.deletes-all-entries-of"), "erase"
			row.ID, row.Technique = "data-destroyed", "T1485"
		}
	case "drop", "dropdatabase":
		row.ID, row.Technique = "data-destroyed", "T1485"
	case "updatemany":
		if all {
			row.Risk, row.Say = effect.High, say.Template("sql.changes-all-entries-of")
		}
	case "aggregate":
		if strings.Contains(args, "$out") || strings.Contains(args, "$merge") {
			row.Verb, row.Dimension, row.Risk, row.Say = "change", effect.Damage, effect.Caution, say.Fill(say.Template("sql.works-out-into"), "text", short(strings.TrimSpace(texts)))
		}
	case "find", "findone", "distinct":
		if secretNames.MatchString(args + " " + object) {
			row.Verb, row.Risk, row.Say = "expose", effect.High, say.Template("sql.shows-passwords-or-other-secrets-of")
			row.ID, row.Technique = "secrets-read", "T1003"
		} else if name == "find" && empty == "" && people.MatchString(strings.ToLower(object)) && !strings.Contains(c.bare[at:], ".limit") && !strings.Contains(c.bare[at:], ".count") {
			row.Risk, row.Say = effect.Caution, say.Template("sql.shows-all-entries-of")
		}
	case "createuser", "updateuser", "grantrolestouser":
		row.ID, row.Technique = "database-rights", "T1098"
	}
	return row
}

// command says what a command does that is given as a document.
func (c *mongoCode) command(args string, at, line int) []Step {
	key := ""
	if g := mongoKey.FindStringSubmatchIndex(args); g != nil {
		if g[2] >= 0 {
			key = args[g[2]:g[3]]
		} else {
			key = c.text(at + strings.Index(args, "''"))
		}
	} else if strings.HasPrefix(strings.TrimSpace(args), "''") {
		key = c.text(at + strings.Index(args, "''"))
	}
	low := strings.ToLower(key)
	row, ok := mongoRows()[map[string]string{"delete": "remove", "createindexes": "createindexes", "insert": "insert"}[low]]
	if !ok {
		row, ok = mongoRows()[low]
	}
	if !ok {
		return []Step{{Line: line, Unread: say.Text("sql.the-command-of-the-database2", "key", short(key))}}
	}
	first := ""
	if i := strings.Index(args, ":"); i >= 0 {
		rest := args[i+1:]
		first = c.text(at + i + 1 + len(rest) - len(strings.TrimLeft(rest, " ")))
	}
	row.Line, row.Object, row.Say = line, first, say.Lore(row.Say, row.table)
	if first == "" {
		row.Object = say.Text("sql.the-database")
	}
	row.Say = say.Fill(row.Say, "object", short(row.Object), "1", short(first), "user", short(first))
	return []Step{row}
}
