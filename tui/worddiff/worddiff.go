// Package worddiff compares two commands word by word and says in plain words
// how the second differs from the first: for a card that looks like an earlier
// one, and for a line that is not as it was planned.
//
// Words are what stands between blanks; quotes are not looked into. What comes
// in is untrusted text and goes out as such: whoever draws it makes it visible.
//
// # Limits
//
// Only the first 200 words are compared one by one; the rest counts as one.
package worddiff

import (
	"fmt"
	"strings"
)

// maxWords bounds what a comparison costs.
const maxWords = 200

// Change is words that were left out, added, or put in the place of others.
type Change struct{ Old, New string }

// Diff is how a command differs from an earlier one.
type Diff struct {
	Same    int      // words that both have, in the same order
	Most    int      // words of the longer one
	Changes []Change // in the order of the commands; empty: the words are the same
	Spans   [][2]int // [start, end) bytes of what is new in the second one
}

// word is a word with its place in the text.
type word struct {
	text  string
	start int
}

// blanks are what parts words, as the shell has it.
const blanks = " \t\r\n"

// words splits at blanks.
func words(text string) []word {
	var out []word
	for at := 0; ; {
		rest := strings.TrimLeft(text[at:], blanks)
		if rest == "" {
			return out
		}
		at = len(text) - len(rest)
		end := strings.IndexAny(rest, blanks)
		if end < 0 || len(out) == maxWords {
			end = len(rest)
		}
		out = append(out, word{rest[:end], at})
		at += end
	}
}

// Compare says how text differs from old.
func Compare(old, text string) Diff {
	a, b := words(old), words(text)
	common := table(a, b)
	d := Diff{Same: common[0][0], Most: max(len(a), len(b))}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		if i < len(a) && j < len(b) && a[i].text == b[j].text {
			i, j = i+1, j+1
			continue
		}
		fromA, fromB := i, j
		for i < len(a) || j < len(b) {
			if i < len(a) && j < len(b) && a[i].text == b[j].text {
				break
			}
			// what both have later on must not be passed by
			if j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1] {
				i++
			} else {
				j++
			}
		}
		d.Changes = append(d.Changes, Change{joined(a[fromA:i]), joined(b[fromB:j])})
		if fromB < j {
			last := b[j-1]
			d.Spans = append(d.Spans, [2]int{b[fromB].start, last.start + len(last.text)})
		}
	}
	return d
}

// table is, for each pair of places, how many words the rests have in common.
func table(a, b []word) [][]int {
	t := make([][]int, len(a)+1)
	t[len(a)] = make([]int, len(b)+1)
	for i := len(a) - 1; i >= 0; i-- {
		t[i] = make([]int, len(b)+1)
		for j := len(b) - 1; j >= 0; j-- {
			if a[i].text == b[j].text {
				t[i][j] = t[i+1][j+1] + 1
			} else {
				t[i][j] = max(t[i+1][j], t[i][j+1])
			}
		}
	}
	return t
}

func joined(ws []word) string {
	texts := make([]string, len(ws))
	for i, w := range ws {
		texts[i] = w.text
	}
	return strings.Join(texts, " ")
}

// Alike reports whether at least part of whole words are the same.
func (d Diff) Alike(part, whole int) bool { return d.Most > 0 && d.Same*whole >= d.Most*part }

// maxSaid keeps a sentence to what can be read.
const maxSaid = 4

// Words says the difference: `"web" in place of "api", without "-n"`.
func (d Diff) Words() string {
	if len(d.Changes) == 0 {
		return "the words are the same, the blanks between them are not"
	}
	var out []string
	for i, c := range d.Changes {
		if i == maxSaid {
			out = append(out, fmt.Sprintf("and %d more differences", len(d.Changes)-i))
			break
		}
		out = append(out, c.words())
	}
	return strings.Join(out, ", ")
}

func (c Change) words() string {
	switch {
	case c.Old == "":
		return `"` + c.New + `" added`
	case c.New == "":
		return `without "` + c.Old + `"`
	}
	return `"` + c.New + `" in place of "` + c.Old + `"`
}
