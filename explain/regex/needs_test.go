package regex

import (
	"regexp"
	"slices"
	"testing"
)

func TestNeeds(t *testing.T) {
	for text, want := range map[string][]string{
		`abc`:               {"abc"},
		`a+(?:bcd|ef)?x`:    {"a"},
		`(?:bcd|ef)x?`:      {"bcd", "ef"},
		`(?i)abc`:           {"abc"},
		`(?i)ABC|d`:         {"abc", "d"},
		`(?i)sk|tb|x`:       {"sk", "tb", "x"},
		`(?i)é`:             nil,
		`a*`:                nil,
		`^-{1,2}(?:out|of)`: {"o"},
		`[ab]`:              {"a", "b"},
		`[a-z]`:             nil,
		`a?|b`:              nil,
		`\b(?:wget|curl)\b`: {"wget", "curl"},
	} {
		got := needs(text).texts
		if text == `^-{1,2}(?:out|of)` || text == `a+(?:bcd|ef)?x` { // any that holds will do
			if got == nil {
				t.Errorf("%s: nothing is known", text)
			}
			continue
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s needs %q, want %q", text, got, want)
		}
	}
}

// FuzzMatch looks for texts in which the expression has a match but what it
// needs is not there.
func FuzzMatch(f *testing.F) {
	for _, s := range []string{"abc", "a(b|c)*d?", `(?i)x|y+z{2,3}`, `^\s*[ab]\W(?:one|two|three)$`, "(a|)b", `(?i)sk`, `(?i:AB)|c`} {
		f.Add(s, "xabcdone two")
		f.Add(s, "XABC\u017f\u212a")
	}
	f.Fuzz(func(t *testing.T, text, in string) {
		re, err := regexp.Compile(text)
		if err != nil || len(text) > 200 {
			t.Skip()
		}
		if got, want := New(text).MatchString(in), re.MatchString(in); got != want {
			t.Errorf("%q in %q: %v, want %v", text, in, got, want)
		}
	})
}
