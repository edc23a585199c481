package recipe

import (
	"strconv"
	"strings"

	"escort/explain/effect"
	"escort/explain/regex"
	"escort/explain/say"
)

// maxInner is how deep statements in statements are read.
const maxInner = 3

var (
	explains  = regex.New(`^explain\b( query plan| pipeline| plan| syntax| ast| estimate| format ?= ?\w+| extended| partitions| verbose| ?\([^)]*\)| analyze| analyse)*`)
	analyzes  = regex.New(`\banaly[sz]e\b`)
	condition = regex.New(`\bwhere (.+?)( returning .*| limit \d+| order by .*| allow filtering)?$`)
	sameName  = regex.New(`^\(*([\w.]+) ?(=|is not distinct from) ?([\w.]+)\)*$`)
	nested    = regex.New(`\( ?((?:delete from|update|insert into|merge into|truncate) .*)`)
	begins    = regex.New(`^(begin|start transaction)\b`)
	ends      = regex.New(`^(rollback|abort)( work| transaction| tran)?$`)
	commits   = regex.New(`^(commit|end)\b|^(drop|truncate|create|alter|grant|revoke|rename|lock tables|load data)\b`)
)

// explained takes "explain" from a statement; false: it is none.
func explained(bare string) (string, bool) {
	head := explains.FindString(bare)
	if head == "" {
		return "", false
	}
	return strings.TrimSpace(bare[len(head):]), true
}

// explain is a statement that is only planned, or done while it is measured.
func (s statement) explain(rest string, depth int) []Step {
	plan := Step{
		Line: s.line, Verb: "query", Object: say.Text("sql.the-database"), Role: effect.RoleDatabase, Dimension: effect.Disclosure, Risk: effect.Low,
		Say: say.Text("sql.asks-how-the-database-would"),
	}
	if !analyzes.MatchString(s.bare[:len(s.bare)-len(rest)]) || depth >= maxInner {
		return []Step{plan}
	}
	plan.Say = say.Text("sql.measures-how-the-database-does")
	inner := s
	inner.bare = rest
	out := []Step{plan}
	for _, step := range inner.steps(depth + 1) {
		if step.Verb != "query" {
			out = append(out, step)
		}
	}
	return out
}

// always writes "always" for a condition that holds for every row.
func always(bare string) string {
	g := condition.FindStringSubmatchIndex(bare)
	if g == nil {
		return bare
	}
	c := strings.Trim(bare[g[2]:g[3]], " ()")
	m := sameName.FindStringSubmatch(c)
	switch {
	case c == "1" || c == "true" || c == "not false" || holds(c) || strings.ReplaceAll(c, " ", "") == "''=''",
		m != nil && m[1] == m[3],
		strings.HasSuffix(c, " or 1=1") || strings.HasSuffix(c, " or true") || strings.HasSuffix(c, " or 1 = 1") || strings.HasSuffix(c, " or ''=''"):
		return bare[:g[2]] + "always"
	}
	return bare
}

var twoNumbers = regex.New(`^(\d{1,9}) ?(=|<|>|<=|>=|<>|!=) ?(\d{1,9})$`)

// holds reports a comparison of two numbers that is true.
func holds(c string) bool {
	m := twoNumbers.FindStringSubmatch(c)
	if m == nil {
		return false
	}
	a, _ := strconv.Atoi(m[1])
	b, _ := strconv.Atoi(m[3])
	return map[string]bool{"=": a == b, "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b, "<>": a != b, "!=": a != b}[m[2]]
}

// inside reads statements that stand in others: in WITH, in the body of DO and
// in texts that are run.
func (s statement) inside(depth int) []Step {
	if depth >= maxInner {
		return nil
	}
	var out []Step
	if g := nested.FindStringSubmatch(s.bare); g != nil && (strings.HasPrefix(s.bare, "with") || strings.HasPrefix(s.bare, "select")) {
		inner := s
		inner.bare = g[1][:balanced(g[1])]
		out = append(out, changes(inner.steps(depth+1))...)
	}
	runs := strings.HasPrefix(s.bare, "do") || strings.HasPrefix(s.bare, "prepare") || strings.HasPrefix(s.bare, "exec") || strings.HasPrefix(s.bare, "set @") ||
		strings.HasPrefix(s.bare, "declare") || strings.HasPrefix(s.bare, "begin ")
	if !runs {
		return out
	}
	for _, t := range s.texts {
		if !strings.ContainsAny(t, " \n") {
			continue
		}
		for _, step := range changes(readSQLAt(plainCode(t), s.dialect, depth+1)) {
			step.Line = s.line
			out = append(out, step)
		}
	}
	return out
}

// balanced is how long s goes on before a bracket closes that was opened
// before it.
func balanced(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				return i
			}
		}
	}
	return len(s)
}

var codeWords = regex.New(`(?i)\b(begin|declare|loop|then|else|exception when \w+ then)\b`)

// plainCode makes statements of the body of a piece of code.
func plainCode(s string) string { return codeWords.ReplaceAllString(s, ";") }

// changes are the steps that do more than ask.
func changes(steps []Step) []Step {
	var out []Step
	for _, s := range steps {
		if s.Verb != "" && s.Verb != "query" && s.Risk.AtLeast(effect.Caution) || s.Shell != "" {
			out = append(out, s)
		}
	}
	return out
}

// rolledBack finds the statements of transactions that are surely undone.
func rolledBack(all []statement) map[int]bool {
	out := map[int]bool{}
	for i, s := range all {
		if s.shell || !begins.MatchString(s.bare) {
			continue
		}
		for k := i + 1; k < len(all); k++ {
			if all[k].shell || commits.MatchString(all[k].bare) || begins.MatchString(all[k].bare) {
				break
			}
			if ends.MatchString(all[k].bare) {
				for n := i + 1; n < k; n++ {
					out[n] = true
				}
				break
			}
		}
	}
	return out
}

// takenBack says that what the steps change is undone at once.
func takenBack(steps []Step) []Step {
	for i := range steps {
		s := &steps[i]
		if s.Role != effect.RoleTable || s.Dimension != effect.Damage {
			continue
		}
		s.Risk, s.ID = effect.Low, ""
		s.Say = say.Text("sql.rolled-back", "does", s.Say)
	}
	return steps
}
