package prose

import (
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/say"
)

// also says behind what is said in full which kinds of things are left out, so
// that none as grave hides behind a number. Only those from a rating on are
// named, the worst ones first, and not more than so many; what is left is
// "more". Nothing comes back where there is no word for any of them.
func also(said string, rest []Phrase, least effect.Risk, most int) string {
	kinds, left := kindsOf(rest, least)
	if len(kinds) == 0 {
		if left == len(rest) && !slices.ContainsFunc(rest, func(p Phrase) bool { return p.Risk.AtLeast(least) }) {
			return more(said, left)
		}
		return ""
	}
	if len(kinds) > most {
		kinds, left = kinds[:most:most], 1
	}
	if left > 0 {
		kinds = append(kinds, say.Text("also.rest"))
	}
	return say.Text("also.said", "said", said, "kinds", say.List("also.list", kinds...))
}

// kindsOf are the kinds of phrases from a rating on, and how many phrases they
// leave out.
func kindsOf(rest []Phrase, least effect.Risk) (kinds []string, left int) {
	for _, p := range rest {
		kind, ok := p.kind()
		switch {
		case !ok || !p.Risk.AtLeast(least):
			left++
		case !slices.Contains(kinds, kind):
			kinds = append(kinds, kind)
		}
	}
	return kinds, left
}

// maxKinds is how many kinds are named: the messages "also.list.N" join them,
// with one more for the rest.
const maxKinds = 5

// kind is what the phrase tells in two or three words.
func (p Phrase) kind() (string, bool) {
	for _, more := range []string{strings.ReplaceAll(p.Object, " ", "-"), string(p.Role)} {
		if text, ok := say.Find("also." + p.Verb + "." + more); ok {
			return text, true
		}
	}
	return say.Find("also." + p.Verb)
}

// An ending says, behind the first phrases of some, what the rest is about.
type ending func(said string, rest []Phrase) string

// endings are those of a headline, the best first.
func endings(left int, least effect.Risk) []ending {
	var out []ending
	for _, most := range []int{maxKinds, 2, 1} {
		if left == 0 {
			out = append(out, func(s string, rest []Phrase) string { return also(s, rest, least, most) })
		}
	}
	return append(out,
		func(s string, rest []Phrase) string { return more(s, len(rest)+left) },
		func(s string, rest []Phrase) string { return briefMore(s, len(rest)+left) })
}

// eachKind names all kinds where there are at least two.
func eachKind(said string, rest []Phrase) string {
	if kinds, _ := kindsOf(rest, effect.Caution); len(kinds) < 2 {
		return ""
	}
	return also(said, rest, effect.Caution, maxKinds)
}

// named is from which rating on the kinds of what is left out are named, beside
// what is as grave as the first phrase.
func named(first effect.Risk) effect.Risk {
	switch {
	case first.AtLeast(effect.High):
		return effect.Caution
	case first == effect.Caution:
		return effect.Low
	}
	return effect.Safe
}

// nothingLeft is for headlines that say everything.
func nothingLeft(said string, rest []Phrase) string {
	if len(rest) > 0 {
		return ""
	}
	return said
}

// withoutTrifles leaves out what is so slight beside the first phrase that it
// need not be counted where it has no room.
func withoutTrifles(phrases []Phrase) []Phrase {
	least := named(phrases[0].Risk)
	return slices.DeleteFunc(slices.Clone(phrases), func(p Phrase) bool { return !p.Risk.AtLeast(least) })
}
