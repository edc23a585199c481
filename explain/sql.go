package explain

import (
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/script/recipe"
	"escort/explain/shell"
)

// sqlPrograms take SQL as words, from a file on their input, or both. Each has
// its dialect.
var sqlPrograms = map[string]string{
	"mysql": "mysql", "mariadb": "mysql", "psql": "psql", "sqlite3": "sqlite", "sqlite": "sqlite", "pgcli": "psql", "mycli": "mysql", "litecli": "sqlite",
	"cqlsh": "cql", "clickhouse-client": "clickhouse", "clickhouse": "clickhouse", "clickhouse-local": "clickhouse", "duckdb": "duckdb", "sqlcmd": "mssql",
	"influx": "influx", "usql": "psql", "osql": "mssql", "isql": "mssql", "tsql": "mssql", "cockroach": "psql", "ysqlsh": "psql", "vsql": "psql", "snowsql": "psql",
	"bq": "psql", "trino": "psql", "presto": "psql", "beeline": "mysql", "hive": "mysql", "sqlplus": "oracle", "mclient": "psql", "mssql-cli": "mssql",
}

// sqlRoles are the roles of effects by which an entry speaks of SQL.
var sqlRoles = []effect.Role{effect.RoleDatabase, effect.RoleTable, effect.RoleUser, effect.RoleSession, effect.RoleService}

// sqlFindings are what an entry finds in SQL by its words alone.
var sqlFindings = []string{"database-starts-program", "database-file", "secrets-read", "log-off"}

// sql reads the SQL of a command, statement by statement. Where all of it is
// understood, that takes the place of what the entry guesses from its words.
func (j *job) sql(s *step, u *lore.Use, cmd *command, f frame) {
	dialect, ok := sqlPrograms[u.Program]
	if !ok || u.Off() {
		return
	}
	var texts []string
	for _, w := range u.Slots["SQL"] {
		if !w.Known || strings.Contains(w.Text, shell.Unknown) {
			return
		}
		texts = append(texts, w.Text)
	}
	if len(texts) > 0 {
		text := strings.Join(texts, ";\n")
		steps := recipe.Read("sql", text, recipe.Asked{Vars: map[string]string{"dialect": dialect}})
		// Where none of it is SQL, it is perhaps an order to the client itself.
		if len(steps) > 0 && !slices.ContainsFunc(steps, func(r recipe.Step) bool { return r.Unread != "" }) {
			s.acts = slices.DeleteFunc(s.acts, func(a act) bool { return slices.Contains(sqlRoles, a.Role) && a.place.Class == "" })
			if len(u.Slots["SQL2"]) == 0 { // which comes from another option
				s.findings = slices.DeleteFunc(s.findings, func(g Finding) bool { return slices.Contains(sqlFindings, g.ID) })
			}
		}
		f.fix = f.at(u.Slots["SQL"][0].Span)
		for _, r := range steps {
			j.recipeStep(s, r, "sql", text, f)
		}
		return
	}
	f.asked = recipe.Asked{Vars: map[string]string{"dialect": dialect}}
	j.sqlInput(s, cmd, f)
}

// sqlInput reads the SQL that comes in from a file or stands in the line.
func (j *job) sqlInput(s *step, cmd *command, f frame) {
	fed := func(a act) bool {
		return a.Verb == "execute" && a.Dimension == effect.Uncertainty && a.Role == effect.RoleDatabase
	}
	f.fix = f.at(cmd.words[0].Span)
	if cmd.input != nil && !strings.Contains(*cmd.input, shell.Unknown) {
		s.acts = slices.DeleteFunc(s.acts, fed)
		j.recipe(s, "sql", *cmd.input, f)
		return
	}
	if cmd.raw == nil {
		return
	}
	for _, r := range cmd.raw.Redirs {
		if r.Op != "<" || r.FD > 0 || !r.Target.Known {
			continue
		}
		data, more, ok := j.read(r.Target.Value)
		if !ok || !isText(data) {
			continue
		}
		s.acts = slices.DeleteFunc(s.acts, fed)
		inner := &step{program: s.program, as: s.as, where: s.where}
		j.openAs(inner, r.Target.Value, r.Target.Value, "sql", data, more, nil, f.fix, f)
		inner.lead, inner.summary = prose.Lead{}, ""
		s.inner = append(s.inner, inner)
	}
}
