package release

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"sync"
	"unicode"

	_ "embed"

	"github.com/goccy/go-yaml"
)

// Rule says how one kind of secret is told.
type Rule struct {
	Kind    string            `yaml:"kind"`
	Token   string            `yaml:"token"`
	Value   string            `yaml:"value"`
	Begin   string            `yaml:"begin"`
	End     string            `yaml:"end"`
	Entropy float64           `yaml:"entropy"`
	Except  string            `yaml:"except"`
	Masks   map[string]string `yaml:"masks"`
	Keeps   []string          `yaml:"keeps"`

	find, end, except *regexp.Regexp
}

//go:embed rules.yaml
var text []byte

// rules are the rules that hold, read once.
var rules = sync.OnceValue(func() []*Rule {
	rs, err := parse(text)
	if err != nil {
		panic("the rules of what is secret: " + err.Error()) // a defect of the program, which a test finds
	}
	return rs
})

// parse reads rules. One that is not whole is an error: it would mask nothing.
func parse(text []byte) ([]*Rule, error) {
	var rs []*Rule
	if err := yaml.UnmarshalWithOptions(text, &rs, yaml.Strict()); err != nil {
		return nil, err
	}
	for i, r := range rs {
		if err := r.compile(); err != nil {
			return nil, fmt.Errorf("rule %d (%s): %w", i+1, r.Kind, err)
		}
	}
	return rs, nil
}

func (r *Rule) compile() (err error) {
	given := 0
	for _, p := range []string{r.Token, r.Value, r.Begin} {
		if p != "" {
			given++
		}
	}
	if given != 1 || r.Kind == "" || (r.Begin == "") != (r.End == "") {
		return fmt.Errorf("a kind, and one of token, value, begin with end, are expected")
	}
	if r.find, err = regexp.Compile("(?m)" + r.Token + r.Value + r.Begin); err != nil {
		return err
	}
	if r.Value != "" && r.find.NumSubexp() == 0 {
		return fmt.Errorf("the value has no group")
	}
	if r.Except != "" {
		if r.except, err = regexp.Compile(r.Except); err != nil {
			return err
		}
	}
	r.end, err = regexp.Compile(r.End)
	return err
}

// random reports whether a value looks as if it was drawn by lot.
func (r *Rule) random(value string) bool {
	if r.Entropy == 0 {
		return true
	}
	counts, n := map[rune]float64{}, 0.0
	var upper, lower, digit bool
	for _, c := range value {
		counts[c]++
		n++
		upper, lower, digit = upper || unicode.IsUpper(c), lower || unicode.IsLower(c), digit || unicode.IsDigit(c)
	}
	bits := 0.0
	for _, k := range counts {
		bits -= k / n * math.Log2(k/n)
	}
	return upper && lower && digit && bits >= r.Entropy
}

// masked is what stands in place of a secret.
func masked(kind string) string { return "[masked: " + kind + "]" }

// veiled reports whether a value was masked by who wrote it.
func veiled(value string) bool { return len(value) > 2 && strings.Trim(value, "*•.xX<>") == "" }
