package regex

import (
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// maxNeeds is how many texts are looked for before an expression is tried; with
// more of them the expression itself is as fast.
const maxNeeds = 24

// need are texts of which every match of an expression has one at least: where
// none of them is, there is no match, which is quickly seen. Without texts
// nothing is known.
type need struct {
	texts []string
	fold  bool // they are in small letters, and those of a match need not be
}

func needs(text string) need {
	re, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return need{}
	}
	out := needed(re.Simplify())
	if len(out.texts) > maxNeeds {
		return need{}
	}
	return out
}

func needed(re *syntax.Regexp) need {
	switch re.Op {
	case syntax.OpLiteral:
		return literal(string(re.Rune), re.Flags&syntax.FoldCase != 0)
	case syntax.OpCharClass:
		return need{texts: fewOf(re.Rune)}
	case syntax.OpCapture, syntax.OpPlus:
		return needed(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return needed(re.Sub[0])
		}
	case syntax.OpConcat:
		var best need
		for _, sub := range re.Sub {
			if n := needed(sub); better(n.texts, best.texts) {
				best = n
			}
		}
		return best
	case syntax.OpAlternate:
		return oneOf(re.Sub)
	}
	return need{}
}

func literal(text string, fold bool) need {
	if !fold {
		return need{texts: []string{text}}
	}
	if !ascii(text) {
		return need{}
	}
	return need{[]string{strings.ToLower(text)}, true}
}

func oneOf(ways []*syntax.Regexp) (all need) {
	for _, way := range ways {
		n := needed(way)
		if n.texts == nil {
			return need{}
		}
		all.texts, all.fold = append(all.texts, n.texts...), all.fold || n.fold
	}
	if !all.fold {
		return all
	}
	small := need{fold: true}
	for _, t := range all.texts {
		if ascii(t) { // others are in no text that is looked through in small letters
			small.texts = append(small.texts, strings.ToLower(t))
		}
	}
	return small
}

// likeASCII are the letters outside of ASCII that stand for one inside where
// small and capital ones are the same: the sign for kelvin and the long s.
const likeASCII = "\u212a\u017f"

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// fewOf are the letters of a small class, given as ranges.
func fewOf(ranges []rune) []string {
	var out []string
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			if out = append(out, string(r)); len(out) > 4 {
				return nil
			}
		}
	}
	return out
}

// better reports whether looking for a leaves out more than looking for b.
func better(a, b []string) bool {
	if a == nil || b == nil {
		return a != nil
	}
	x, y := shortest(a), shortest(b)
	return x > y || x == y && len(a) < len(b)
}

func shortest(all []string) int {
	n := len(all[0])
	for _, s := range all {
		n = min(n, len(s))
	}
	return n
}

// may reports whether s can have a match.
func (p *Pattern) may(s string) bool {
	switch {
	case p.needs.texts == nil:
		return true
	case p.needs.fold:
		if strings.ContainsAny(s, likeASCII) {
			return true
		}
		s = strings.ToLower(s)
	}
	for _, n := range p.needs.texts {
		if strings.Contains(s, n) {
			return true
		}
	}
	return false
}
