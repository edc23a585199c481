package say

import (
	"strconv"
	"strings"
)

// rule says for which numbers a plural form is used. The messages
// "plural.FORM" hold them, "plural.few = 2-4 not 12-14 of 100": the numbers,
// ones to leave out, and what the number is divided by first. A number that no
// rule takes has the form "other".
type rule struct {
	form     string
	in, not  [2]int
	of, ofNo int
}

// forms are the names of plural forms in the order that they are tried.
var forms = []string{"zero", "one", "two", "few", "many"}

func rules(texts map[string]string) []rule {
	var out []rule
	for _, form := range forms {
		if text, ok := texts["plural."+form]; ok {
			out = append(out, parseRule(form, text))
		}
	}
	return out
}

// parseRule reads "2-4 of 10 not 12-14 of 100".
func parseRule(form, text string) rule {
	r := rule{form: form, not: [2]int{-1, -1}}
	in, not, has := strings.Cut(text, " not ")
	r.in, r.of = span(in)
	if has {
		r.not, r.ofNo = span(not)
	}
	return r
}

// span reads "2-4 of 10".
func span(text string) (between [2]int, of int) {
	numbers, divisor, _ := strings.Cut(text, " of ")
	low, high, two := strings.Cut(strings.TrimSpace(numbers), "-")
	if !two {
		high = low
	}
	between[0], _ = strconv.Atoi(low)
	between[1], _ = strconv.Atoi(high)
	of, _ = strconv.Atoi(strings.TrimSpace(divisor))
	return between, of
}

// form is the plural form of a number.
func (c *Catalogue) form(n int) string {
	for _, r := range c.rules {
		if within(n, r.in, r.of) && !within(n, r.not, r.ofNo) {
			return r.form
		}
	}
	return "other"
}

func within(n int, between [2]int, of int) bool {
	if of > 0 {
		n %= of
	}
	return n >= between[0] && n <= between[1]
}
