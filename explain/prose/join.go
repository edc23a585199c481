package prose

import (
	"strings"
	"unicode/utf8"

	"escort/explain/effect"
	"escort/explain/say"
)

// Phrase is a clause in full and, for headlines that say several, in short.
type Phrase struct {
	Full, Short, As string
	Verb            string
	Role            effect.Role
	Risk            effect.Risk
	Object          string
	Detailed        bool // it tells more than a reason would
}

// Join says several clauses in one headline, the first being the worst; what
// has no room is counted. To say more of them goes before saying one in full.
func Join(lead Lead, phrases []Phrase) string { return join(lead, phrases, 0) }

// Because is such a headline with the reason why it is grave, in a sentence of
// its own, if there is room for one.
func Because(lead Lead, phrases []Phrase, reason string) string {
	all := Join(lead, phrases)
	if reason == "" || len(phrases) == 0 || phrases[0].Detailed {
		return all
	}
	first, left := phrases[:1], len(phrases)-1
	short := []Phrase{{Full: bare(phrases[0].Brief()), As: phrases[0].As}}
	for _, headline := range []string{all, join(lead, first, left), join(lead, short, left)} {
		if s := say.Text("sentence.because", "headline", headline, "reason", Fit(Beginning(reason), "")); utf8.RuneCountInString(s) <= MaxHeadline {
			return s
		}
	}
	return all
}

// join also counts what is left out already. Where all is alike, to name each
// kind of thing goes before saying more of them in full.
func join(lead Lead, phrases []Phrase, left int) string {
	if len(phrases) == 0 {
		return Fit(strings.TrimSuffix(lead.Long, say.Text("clauses.lead-ends")), "")
	}
	if kept := withoutTrifles(phrases); len(kept) < len(phrases) && left == 0 {
		for n := len(phrases); n > len(kept); n-- {
			if s := fullest(lead, phrases[:n], []ending{nothingLeft}); s != "" {
				return s
			}
		}
		phrases = kept
	}
	ends := endings(left, named(phrases[0].Risk))
	if left == 0 && phrases[0].Risk == effect.Caution {
		if s := fullest(lead, phrases, []ending{eachKind}); s != "" {
			return s
		}
	}
	if p := phrases[0]; p.Detailed && len(phrases) > 1 && p.Risk.AtLeast(effect.High) {
		for _, end := range ends {
			s := end(ended(lead.Full(bare(p.Full)), asTail(p.As)), phrases[1:])
			if s != "" && utf8.RuneCountInString(s) < MaxHeadline {
				return Fit(s, "")
			}
		}
	}
	if s := fullest(lead, phrases, ends); s != "" {
		return s
	}
	worst := lead.Brief(phrases[0].said(form{short: true}, 0, 1))
	tail := asTail(phrases[0].As)
	for _, counted := range []string{more(tail, len(phrases)-1+left), briefMore(tail, len(phrases)-1+left)} {
		if utf8.RuneCountInString(worst+counted) < MaxHeadline {
			return Fit(worst, counted)
		}
	}
	return Fit(worst, tail) // what is done goes before how much more there is
}

// fullest says as many phrases as there is room for; empty: not even one.
func fullest(lead Lead, phrases []Phrase, ends []ending) string {
	for n := min(len(phrases), 3); n > 0; n-- {
		most := tries[n]
		if !lead.None() {
			most = max(most, 2) // a shorter beginning leaves room for what the rest is
		}
		for _, end := range ends {
			for _, l := range lengths[:most] {
				s := end(ended(together(saidOf(lead, phrases[:n], l)), asTail(oneAs(phrases[:n]))), phrases[n:])
				if s != "" && utf8.RuneCountInString(s) < MaxHeadline {
					return Fit(s, "")
				}
			}
		}
	}
	return ""
}

// saidOf are phrases in one of the forms, with the accounts that differ, the
// first behind a beginning.
func saidOf(lead Lead, phrases []Phrase, l form) []string {
	said := make([]string, 0, len(phrases))
	for i, p := range phrases {
		text := p.said(l, i, len(phrases))
		if oneAs(phrases) == "" {
			text = ended(text, asTail(p.As))
		}
		said = append(said, text)
	}
	if l.short {
		said[0] = lead.Brief(said[0])
	} else {
		said[0] = lead.Full(said[0])
	}
	return said
}

// form is how phrases are shortened.
type form struct{ short, bare, first bool }

// lengths are the forms of a headline, the longest first: in full, in short,
// with the place that a path names in place of the path, except for the first
// phrase, and for the first as well.
var lengths = []form{{}, {short: true}, {short: true, bare: true}, {short: true, bare: true, first: true}}

// tries is how many of them are tried for so many phrases: to name two things
// without their paths is better than one with it, but not three.
var tries = [...]int{0, 1, 4, 3}

// said is the phrase as the one with index i of n in a headline.
func (p Phrase) said(l form, i, n int) string {
	text := p.Full
	if plain := bare(text); l.short && n == 1 && p.Detailed && utf8.RuneCountInString(plain) < MaxHeadline {
		return plain
	}
	if l.short || n > 1 && firstEnd(p.Full) > 0 {
		text = p.Brief()
	}
	if l.bare && (i > 0 || l.first) {
		text = bare(text)
	}
	return text
}
