package prose

import (
	"slices"

	"escort/explain/effect"
	"escort/explain/say"
)

// also says behind what is said in full which kinds of things are left out, so
// that none as grave hides behind a number. Only those from a rating on are
// named; nothing comes back where one of
// them has no word for its kind, or they are too many or too few.
func also(said string, rest []Phrase, least effect.Risk, few int) string {
	var kinds []string
	lesser := 0
	for _, p := range rest {
		if !p.Risk.AtLeast(least) {
			lesser++
			continue
		}
		kind, ok := p.kind()
		if !ok {
			return ""
		}
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	switch {
	case len(kinds) > maxKinds || len(kinds) > 0 && len(kinds) < few:
		return ""
	case len(kinds) == 0:
		return more(said, lesser)
	case lesser > 0:
		kinds = append(kinds, say.Text("also.rest"))
	}
	return say.Text("also.said", "said", said, "kinds", say.List("also.list", kinds...))
}

// maxKinds is how many kinds are named: the messages "also.N" join them, with
// one more for the rest.
const maxKinds = 5

// kind is what the phrase tells in two or three words.
func (p Phrase) kind() (string, bool) {
	if text, ok := say.Find("also." + p.Verb + "." + string(p.Role)); ok {
		return text, true
	}
	return say.Find("also." + p.Verb)
}

// An ending says, behind the first phrases of some, what the rest is about.
type ending func(said string, rest []Phrase) string

// endings are those of a headline, the best first.
func endings(left int) []ending {
	counted := []ending{
		func(s string, rest []Phrase) string { return more(s, len(rest)+left) },
		func(s string, rest []Phrase) string { return briefMore(s, len(rest)+left) },
	}
	if left > 0 {
		return counted
	}
	return append([]ending{
		func(s string, rest []Phrase) string { return also(s, rest, effect.Caution, 1) },
		func(s string, rest []Phrase) string { return also(s, rest, effect.High, 1) },
	}, counted...)
}

// eachKind names at least two kinds.
func eachKind(said string, rest []Phrase) string { return also(said, rest, effect.Caution, 2) }
