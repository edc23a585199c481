// Package judge says what is a reason for concern about a command. Its rules
// are data: each names a program, a pattern over the expanded words, or a kind
// of place that is touched, and carries commands that it must and must not
// match.
//
// Effects carry their own rating already; rules add what only the whole
// command shows.
//
// # Limits
//
// Patterns look at words after expansion. What a program builds inside itself
// is left to the reading of its code.
package judge

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"escort/explain/effect"
	"escort/explain/regex"
	"escort/explain/say"
)

// Supervision is the finding that says that the supervision itself is attacked.
const Supervision = "supervision-attacked"

// Act is one effect with what is known about the place that it touches.
type Act struct {
	effect.Effect
	Class  string // of the path; empty: no path
	Access string // list read write delete none
	Exact  bool   // the path is the place itself, not something below it
}

// Command is one command as the rules see it.
type Command struct {
	Program string
	Words   []string // expanded
	Input   string   // whose output it runs: "network", "unknown" or empty
	Root    bool
	Acts    []Act
	Env     []string // NAME=VALUE given to it
	Typed   string   // its words as they were written; empty: as Words
	Plumb   []string // redirections: "63>&-", "1>file"
	Loose   bool     // what its words mean is only known in outline
}

// Rule is one reason for concern.
type Rule struct {
	ID        string // the message "finding.ID" says it
	Says      string // another message: "finding.SAYS"
	Risk      effect.Risk
	Dimension effect.Dimension
	Technique string

	Programs string // names, separated by spaces; empty: any
	Words    string // regular expression over the words joined by spaces
	Unless   string // regular expression over the words: then the rule does not hold
	Class    string // kinds of places, separated by spaces
	Access   string // with Class: list read write delete
	Input    string // "network" or "unknown"
	Env      string // regular expression over NAME=VALUE
	EnvUsual string // with Env: those that are nothing unusual
	Typed    string // regular expression over the words as they were written, before expansion
	Plumb    string // regular expression over the redirections
	Loose    bool   // only where the words are known in outline

	short bool // only the beginning of very many words is looked at

	Match, NotMatch []string // commands, run as tests
}

type compiled struct {
	Rule
	programs, classes, accesses []string

	words, unless, env, usual, typed, plumb *regex.Pattern
}

var rules = sync.OnceValue(func() []*compiled {
	all := Rules()
	out := make([]*compiled, 0, len(all))
	for _, r := range all {
		out = append(out, &compiled{
			Rule: r, programs: strings.Fields(r.Programs), classes: strings.Fields(r.Class), accesses: strings.Fields(r.Access),
			words: regex.New(r.Words), unless: regex.New(r.Unless), env: regex.New(r.Env), usual: regex.New(r.EnvUsual),
			typed: regex.New(r.Typed), plumb: regex.New(r.Plumb),
		})
	}
	return out
})

// byProgram are the rules that can hold for each program that a rule names;
// those for any program stand under the empty name.
var byProgram = sync.OnceValue(func() map[string][]*compiled {
	names := map[string]bool{"": true}
	for _, r := range rules() {
		for _, p := range r.programs {
			names[p] = true
		}
	}
	out := make(map[string][]*compiled, len(names))
	for n := range names {
		for _, r := range rules() {
			if len(r.programs) == 0 || slices.Contains(r.programs, n) {
				out[n] = append(out[n], r)
			}
		}
	}
	return out
})

// rulesOf are the rules that can hold for a program.
func rulesOf(program string) []*compiled {
	if list, ok := byProgram()[program]; ok {
		return list
	}
	return byProgram()[""]
}

// Rules lists all rules.
func Rules() []Rule {
	return slices.Concat(controlRules, variableRules, handedRules, toolRules(), dataRules, hidingRules, looseRules, supervisionRules)
}

func (r Rule) finding() effect.Finding {
	return effect.Finding{ID: r.ID, Text: say.Text("finding." + cmp.Or(r.Says, r.ID)), Dimension: r.Dimension, Technique: r.Technique, Risk: r.Risk}
}

// Findings returns the reasons for concern about a command.
func Findings(c Command) []effect.Finding {
	var out []effect.Finding
	joined := strings.Join(c.Words, " ")
	for _, r := range rulesOf(c.Program) {
		span, ok := r.hits(c, joined)
		if !ok {
			continue
		}
		f := r.finding()
		f.Span = span
		out = append(out, f)
	}
	return out
}

// manyWords is how many bytes of a command's words a short rule looks at.
const manyWords = 64 << 10

// longValue is how much of a variable is looked at.
const longValue = 2 << 10

func (r *compiled) variable(set string) bool {
	set = set[:min(len(set), longValue)]
	return r.env.MatchString(set) && (r.EnvUsual == "" || !r.usual.MatchString(set))
}

func (r *compiled) hits(c Command, joined string) (*effect.Span, bool) {
	if r.Loose && !c.Loose {
		return nil, false
	}
	span, ok := r.place(c)
	if !ok {
		return nil, false
	}
	if r.Input != "" && r.Input != c.Input {
		return nil, false
	}
	if r.short {
		joined = joined[:min(len(joined), manyWords)]
	}
	if r.Words != "" && !r.words.MatchString(joined) {
		return nil, false
	}
	if r.Unless != "" && r.unless.MatchString(joined) {
		return nil, false
	}
	if r.Env != "" && !slices.ContainsFunc(c.Env, r.variable) {
		return nil, false
	}
	if r.Typed != "" && !r.typed.MatchString(joined) && !r.typed.MatchString(c.Typed) {
		return nil, false
	}
	if r.Plumb != "" && !slices.ContainsFunc(c.Plumb, r.plumb.MatchString) {
		return nil, false
	}
	return span, true
}

// place finds what a rule about kinds of places is about; other rules hold for
// any.
func (r *compiled) place(c Command) (*effect.Span, bool) {
	if len(r.classes) == 0 {
		return nil, true
	}
	for _, a := range c.Acts {
		if slices.Contains(r.classes, a.Class) && slices.Contains(r.accesses, a.Access) {
			return a.Span, true
		}
	}
	return nil, false
}
