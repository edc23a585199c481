package recipe

import (
	_ "embed"
	"strings"
	"sync"

	"escort/explain/effect"
	"escort/explain/regex"
	"escort/explain/say"
)

// redisTable says what each command of Redis does; its first line explains it.
//
//go:embed redis.table
var redisTable string

type redisRow struct {
	words []string
	step  Step
}

// redisRows are the rows by the first word, those of more words first.
var redisRows = sync.OnceValue(func() map[string][]redisRow {
	m := map[string][]redisRow{}
	for command, step := range tableRows("redis", redisTable) {
		words := strings.Fields(command)
		m[words[0]] = append(m[words[0]], redisRow{words, step})
	}
	return m
})

// readRedis reads commands of Redis, one a line.
func readRedis(text string, a Asked) []Step {
	var out []Step
	for n, l := range lines(text) {
		words := redisWords(l)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		for len(words) > 1 && strings.Trim(words[0], "0123456789") == "" { // so many times
			words = words[1:]
		}
		out = append(out, redisCommand(words, n+1)...)
		if len(out) > MaxSteps {
			break
		}
	}
	return out
}

// Redis says what one command of Redis does, by its words.
func Redis(words []string) []Step { return redisCommand(words, 1) }

func redisCommand(words []string, line int) []Step {
	name := strings.ToLower(words[0])
	if strings.HasPrefix(name, "*") && strings.Trim(name, "*0123456789") == "" { // the protocol itself
		return []Step{{Line: line, Unread: say.Text("sql.commands-in-the-coded-form"), Risk: effect.High}}
	}
	if name == "eval" || name == "eval_ro" {
		return redisScript(words, line)
	}
	best := redisRow{}
	for _, r := range redisRows()[name] {
		if len(r.words) > len(best.words) && r.fits(words) {
			best = r
		}
	}
	if len(best.words) == 0 {
		return []Step{{Line: line, Unread: say.Text("sql.the-redis-command", "what", short(words[0]))}}
	}
	s := best.step
	s.Line = line
	rest := words[len(best.words):]
	if len(best.words) > 1 && best.words[0] == "config" && len(best.words) > 2 {
		rest = words[min(3, len(words)):]
	}
	s.Object = short(strings.Join(rest[:min(1, len(rest))], " "))
	if s.Object == "" {
		s.Object = say.Text("sql.the-redis-database")
	}
	s.Say = redisSay(say.Lore(s.Say, s.table), rest)
	if s.Verb == "delete" && s.Role == effect.RoleTable && strings.Contains(strings.Join(rest, " "), Hole) {
		s.Risk = effect.High
		s.Say = say.Text("sql.deletes-keys-that-are-only")
	}
	return []Step{s}
}

func (r redisRow) fits(words []string) bool {
	if len(words) < len(r.words) {
		return false
	}
	for i, w := range r.words {
		if !strings.EqualFold(w, words[i]) {
			return false
		}
	}
	return true
}

func redisSay(template string, rest []string) string {
	word := func(i int) string {
		if i < len(rest) {
			return short(rest[i])
		}
		return ""
	}
	all := strings.Join(rest[:min(3, len(rest))], ", ")
	if len(rest) > 3 {
		all = say.Text("sql.redis-more", "keys", all)
	}
	text := say.Fill(template, "1", word(0), "2", word(1), "*", short(all))
	return strings.TrimRight(strings.Join(strings.Fields(text), " "), ": ")
}

// redisWords divides a line as the prompt of Redis does.
func redisWords(l string) []string {
	var out []string
	var b strings.Builder
	quote, open := byte(0), false
	for i := 0; i < len(l); i++ {
		switch c := l[i]; {
		case quote == '"' && c == '\\' && i+1 < len(l):
			i++
			b.WriteByte(l[i])
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			b.WriteByte(c)
		case c == '"' || c == '\'':
			quote, open = c, true
		case c == ' ' || c == '\t' || c == '\r':
			if b.Len() > 0 || open {
				out = append(out, b.String())
			}
			b.Reset()
			open = false
		default:
			b.WriteByte(c)
		}
	}
	if b.Len() > 0 || open {
		out = append(out, b.String())
	}
	return out
}

var (
	redisCall    = regex.New(`redis\.p?call\s*\(([^()]*)`)
	redisLiteral = regex.New(`"[^"]*"|'[^']*'|[^,\s]+`)
	redisEscape  = regex.New(`loadlib|io\.popen|os\.execute|io_l|luaopen|loadstring|string\.dump|debug\.\w+|dofile|loadfile|getmetatable`)
)

// redisScript reads the commands that a script runs inside the database.
func redisScript(words []string, line int) []Step {
	if len(words) < 2 || strings.Contains(words[1], Hole) {
		return []Step{{Line: line, Unread: say.Text("sql.the-script-that-the-database"), Risk: effect.High}}
	}
	code := words[1]
	if redisEscape.MatchString(code) {
		return []Step{{
			Line: line, Verb: "execute", Object: say.Text("sql.a-program"), Role: effect.RoleCommand, Dimension: effect.Control, Risk: effect.Critical,
			Say: say.Text("sql.has-the-database-start-a"), ID: "database-starts-program", Technique: "T1059",
		}}
	}
	out := []Step{{
		Line: line, Verb: "execute", Object: say.Text("sql.a-script-inside-the-database"), Role: effect.RoleScript, Dimension: effect.Control, Risk: effect.Caution,
		Say: say.Text("sql.runs-a-script-inside-the"),
	}}
	for _, g := range redisCall.FindAllStringSubmatch(code, 100) {
		var w []string
		for _, t := range redisLiteral.FindAllString(g[1], 20) {
			if t[0] == '\'' || t[0] == '"' {
				w = append(w, strings.Trim(t, `'"`))
			} else {
				w = append(w, say.Text("sql.a-key-that-it-is"))
			}
		}
		if len(w) > 0 {
			out = append(out, redisCommand(w, line)...)
		}
	}
	return out
}
