package judge

import (
	"slices"

	"escort/explain/effect"
)

// kinds are reasons for concern that many tools can give, by ID.
var kinds = map[string]Rule{
	"code-from-temp": {
		Risk: effect.High, Dimension: effect.Control, Technique: "T1059",
	},
	"word-runs": {
		Risk: effect.High, Dimension: effect.Uncertainty, Technique: "T1059",
	},
	"option-runs": {
		Risk: effect.High, Dimension: effect.Control, Technique: "T1202",
	},
	"guard-lowered": {
		Risk: effect.High, Dimension: effect.Control, Technique: "T1562",
	},
	"shared-outside": {
		Risk: effect.High, Dimension: effect.Disclosure, Technique: "T1567",
	},
	"records-people": {
		Risk: effect.High, Dimension: effect.Disclosure, Technique: "T1056",
	},
	"secrets-out": {
		Risk: effect.High, Dimension: effect.Disclosure, Technique: "T1552",
	},
	"way-opened": {
		Risk: effect.High, Dimension: effect.Control, Technique: "T1133",
	},
	"source-unchecked": {
		Risk: effect.High, Dimension: effect.Control, Technique: "T1195.002",
	},
	"starts-by-itself": {
		Risk: effect.High, Dimension: effect.Control, Technique: "T1547",
	},
	"uses-up": {
		Risk: effect.High, Dimension: effect.Damage, Technique: "T1499",
	},
	"history-off": {
		Risk: effect.High, Dimension: effect.Hiding, Technique: "T1562.003",
	},
	"log-tampering": {
		Risk: effect.High, Dimension: effect.Hiding, Technique: "T1070.002",
	},
	"option-named-file": {
		Risk: effect.High, Dimension: effect.Control, Technique: "T1036",
	},
	"types-for-you": {
		Risk: effect.High, Dimension: effect.Control, Technique: "T1056",
	},
	"web-code": {
		Risk: effect.High, Dimension: effect.Control, Technique: "T1505.003",
	},
	"rights-changed": {
		Risk: effect.High, Dimension: effect.Control, Technique: "T1098",
	},
	"many-stopped": {
		Risk: effect.High, Dimension: effect.Damage, Technique: "T1489",
	},
	"digs-coins": {
		Risk: effect.High, Dimension: effect.Damage, Technique: "T1496",
	},
	"bulk-copied": {
		Risk: effect.High, Dimension: effect.Disclosure, Technique: "T1005",
	},
	"code-planted": {
		Risk: effect.High, Dimension: effect.Control, Technique: "T1554",
	},
	"written-there": {
		Risk: effect.High, Dimension: effect.Control, Technique: "T1570",
	},
	"written-anywhere": {
		Risk: effect.High, Dimension: effect.Damage, Technique: "T1565.001",
	},
}

// tool is a way in which a harmless program does harm.
type tool struct {
	kind     string // of kinds
	programs string
	words    string // regular expressions over the words; see Rule
	unless   string
	match    []string
	notMatch []string
}

// toolRules makes rules of the tools.
func toolRules() []Rule {
	var out []Rule
	for _, t := range slices.Concat(tools, shownTools) {
		r := kinds[t.kind]
		r.short = true
		r.ID, r.Programs, r.Words, r.Unless, r.Match, r.NotMatch = t.kind, t.programs, t.words, t.unless, t.match, t.notMatch
		out = append(out, r)
	}
	return out
}
