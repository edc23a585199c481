package explain

import (
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/say"
	"escort/explain/script"
	"escort/explain/script/recipe"
	"escort/explain/shell"
)

// databasePrompts are programs that take commands of another language than SQL
// as words or on their input.
var databasePrompts = map[string]string{
	"redis-cli": "redis", "valkey-cli": "redis", "keydb-cli": "redis", "mongosh": "mongo", "mongo": "mongo",
}

// database reads what the prompt of a database is told to do.
func (j *job) database(s *step, u *lore.Use, cmd *command, f frame) {
	language, ok := databasePrompts[u.Program]
	if !ok || u.Off() {
		return
	}
	f.fix = f.at(cmd.words[0].Span)
	if language == "redis" {
		j.redis(s, u, cmd, f)
		return
	}
	var texts []string
	for _, w := range u.Slots["CODE"] {
		texts = append(texts, w.Text)
	}
	if len(texts) == 0 {
		if len(u.Slots["SCRIPT"]) == 0 && cmd.input != nil && !strings.Contains(*cmd.input, shell.Unknown) {
			j.fed(s)
			j.mongo(s, *cmd.input, f)
		}
		return
	}
	j.mongo(s, strings.Join(texts, ";\n"), f)
}

// fed takes back that nothing is known of the commands on the input.
func (j *job) fed(s *step) {
	s.acts = slices.DeleteFunc(s.acts, func(a act) bool {
		return a.Verb == "execute" && a.Dimension == effect.Uncertainty && a.Role == effect.RoleDatabase
	})
}

// mongo explains code of MongoDB's prompt.
func (j *job) mongo(s *step, text string, f frame) {
	steps := recipe.Read("mongo", text, recipe.Asked{})
	for _, r := range steps {
		j.recipeStep(s, r, "mongo", text, f)
	}
	below := f
	below.into = s
	if strings.Contains(text, shell.Unknown) {
		j.unknown(below, say.Text("command.a-part-of-the-database"), say.Text("windows.it-is-only-known-when"), effect.High, f.fix)
	}
	if past := recipe.ReachesOut(text); past != "" {
		s.acts = append(s.acts, act{Effect: Effect{
			Verb: "execute", Object: say.Text("command.code-that-reaches-outside-of"), Role: effect.RoleCommand, Scope: effect.ScopeSystem, As: f.as,
			Dimension: effect.Control, Risk: effect.High, Span: f.fix,
		}, say: say.Text("command.runs-code-that-reaches-outside", "past", past)})
		j.finding(s, Finding{
			ID: "database-starts-program", Text: say.Text("finding.database-starts-program"), Dimension: effect.Control,
			Risk: effect.High, Technique: "T1059", Span: f.fix,
		})
		for _, h := range script.Read("node", text) {
			if h.Risk.AtLeast(effect.Caution) {
				j.hit(s, h, below)
			}
		}
		return
	}
	if len(steps) == 0 {
		s.summary = say.Text("command.calculates-and-prints-inside-the")
	}
}

// redis explains commands of Redis.
func (j *job) redis(s *step, u *lore.Use, cmd *command, f frame) {
	if u.Tags["look"] || u.Tags["cluster"] || u.Tags["pipe"] || u.Tags["replica"] {
		return
	}
	if file := u.Slots["SCRIPT"]; len(file) > 0 {
		j.redisFile(s, file[0], f)
		return
	}
	var words []string
	for _, w := range u.Slots["WORD"] {
		words = append(words, w.Text)
	}
	if u.Given["-x"] || u.Given["-X"] {
		words = append(words, shell.Unknown)
	}
	if len(words) == 0 {
		if cmd.input != nil && !strings.Contains(*cmd.input, shell.Unknown) {
			j.fed(s)
			j.recipe(s, "redis", *cmd.input, f)
		}
		return
	}
	for len(words) > 1 && strings.Trim(words[0], "0123456789") == "" {
		words = words[1:]
	}
	for _, r := range recipe.Redis(words) {
		j.recipeStep(s, r, "redis", "", f)
	}
}

// redisFile reads a script that is run inside the database.
func (j *job) redisFile(s *step, w lore.Word, f frame) {
	data, more, ok := j.read(w.Text)
	if ok && !more && isText(data) {
		for _, r := range recipe.Redis([]string{"eval", string(data)}) {
			j.recipeStep(s, r, "redis", string(data), f)
		}
		return
	}
	s.acts = append(s.acts, act{Effect: Effect{
		Verb: "execute", Object: show(w.Text), Role: effect.RoleScript, Scope: effect.ScopeSystem, As: f.as, Dimension: effect.Uncertainty,
		Risk: effect.High, Span: f.fix,
	}, say: say.Text("command.runs-the-script-inside-the", "text", show(w.Text))})
	below := f
	below.into = s
	j.unknownNamed(below, "script", w.Text, say.Text("files.it-could-not-be-read"), effect.High, f.fix)
}
