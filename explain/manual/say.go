package manual

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"escort/explain/quote"
	"escort/explain/say"
)

const (
	maxSaid    = 100  // characters of a quotation
	maxLooked  = 2000 // bytes of a paragraph that are looked through for the end of a sentence
	maxBundle  = 8    // letters of a bundle
	maxQuoted  = 3    // of them that are quoted
	minSaid    = 12   // less is not worth to be said
	fewLonger  = 2    // names of several letters after one dash; more of them, and there are no bundles
	cutOff     = " …"
	notKnownIn = "\uFFFC" // a stretch that is not known, as explain/shell marks it
)

// Does quotes what the program is, in at most room characters and quotation
// marks; empty: the page does not say, or there is no room.
func (p *Page) Does(room int) string { return said(p.does, room) }

// Option quotes what an option does, as it was given: "-a", "--all=x" or a
// bundle "-abc"; empty: the page does not say. takes reports that the word
// behind it is its value.
func (p *Page) Option(word string) (quoted string, takes bool) {
	name, _, attached := strings.Cut(word, "=")
	for _, n := range []string{word, name} {
		if o, ok := p.options[n]; ok {
			return o.said(), o.value && !attached
		}
	}
	if strings.HasPrefix(word, "--") || len(word) < 3 || p.longer > fewLonger {
		return "", false
	}
	return p.bundle(word[1:])
}

// said quotes what is said of the option.
func (o option) said() string {
	q := said(o.text, maxSaid)
	switch {
	case o.vague || q == "":
		return ""
	case o.of != "":
		return say.Text("manual.the-opposite-of", "of", o.of, "q", q)
	}
	return q
}

// bundle quotes options of one letter in one word. All must be known, up to
// one whose value is the rest.
func (p *Page) bundle(text string) (quoted string, takes bool) {
	var parts []string
	for i := range len(text) {
		if i == maxBundle {
			return "", false
		}
		o, ok := p.options["-"+text[i:i+1]]
		q := o.said()
		if !ok || q == "" {
			return "", false
		}
		if len(parts) < maxQuoted {
			parts = append(parts, "-"+text[i:i+1]+" "+q)
		}
		if o.value {
			takes = i == len(text)-1
			break
		}
	}
	return strings.Join(parts, ", "), takes
}

// said is the first sentence of text in quotation marks.
func said(text string, room int) string {
	if len(text) > maxLooked {
		text = text[:maxLooked]
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
	text = ended(sentence(strings.ReplaceAll(text, notKnownIn, "\uFFFD")))
	text = strings.ReplaceAll(quote.Line(text).String(), `"`, "'")
	text = fit(text, min(room, maxSaid))
	if text == "" {
		return ""
	}
	return `"` + text + `"`
}

// abbreviations end no sentence.
var abbreviations = map[string]bool{
	"e.g": true, "i.e": true, "etc": true, "cf": true, "vs": true, "viz": true, "resp": true, "approx": true, "incl": true,
	"esp": true, "no": true, "fig": true, "sec": true, "eg": true, "ie": true,
}

// sentence is the first sentence of s.
func sentence(s string) string {
	for i := 0; i+2 < len(s); i++ {
		if s[i+1] != ' ' || s[i] != '.' && s[i] != '!' && s[i] != '?' {
			continue
		}
		next, _ := utf8.DecodeRuneInString(s[i+2:])
		word := strings.Trim(strings.ToLower(s[strings.LastIndexByte(s[:i], ' ')+1:i]), "([\"'")
		if word == "" || abbreviations[word] || unicode.IsLower(next) {
			continue
		}
		return s[:i+1]
	}
	return s
}

// ended takes off what ends a sentence, not a dot that stands for itself as in
// "entries that begin with .".
func ended(s string) string {
	s = strings.TrimRight(s, " :;,")
	if body, ok := strings.CutSuffix(s, "."); ok && body != "" && body[len(body)-1] != ' ' && body[len(body)-1] != '.' {
		return body
	}
	return s
}

// fit cuts s to room characters, between words where it can.
func fit(s string, room int) string {
	r := []rune(s)
	switch {
	case len(r) <= room:
		return s
	case room < minSaid:
		return ""
	}
	head := string(r[:room-len([]rune(cutOff))+1])
	if i := strings.LastIndexByte(head, ' '); i > len(head)/2 {
		return strings.TrimRight(head[:i], ",;: ") + cutOff
	}
	return string(r[:room-1]) + "…"
}
