package lore

import (
	"strings"

	"escort/explain/say"
)

func (r *reader) strange(w Word, name string) {
	if !r.entry.NoHelp && (name == "--help" || name == "--version") {
		r.use.Tags["help"] = true
		r.note(w, map[string]string{"--help": say.Text("parts.only-shows-help"), "--version": say.Text("parts.only-shows-its-version")}[name], true)
		return
	}
	if r.entry.NoStrict {
		r.silent(w, name, say.Text("parts.an-option-of", "path", r.use.Path)) // raises no doubt, yet nobody said what it does
		return
	}
	if !strings.HasPrefix(w.Text, unknown) || len(w.Text) > len(unknown) {
		r.use.Strange = append(r.use.Strange, w)
	}
	r.silent(w, name, "")
}

// silent notes a word that the entry does not know, or a letter in it.
func (r *reader) silent(w Word, name, vague string) {
	r.note(w, "", false)
	p := &r.use.Parts[len(r.use.Parts)-1]
	p.Silent = append(p.Silent, name)
	if vague != "" {
		p.vague = vague
	}
}

func (r *reader) note(w Word, meaning string, known bool) {
	ps := r.use.Parts
	if n := len(ps); n > 0 && ps[n-1].Word.Span == w.Span && w.Span[1] > 0 { // a further letter of a bundle
		meaning = joined(ps[n-1].Meaning, meaning)
		r.use.Parts[n-1].Meaning, r.use.Parts[n-1].Known = meaning, ps[n-1].Known && known
		return
	}
	r.use.Parts = append(r.use.Parts, Part{Word: w, Meaning: meaning, Known: known})
}

// longMeaning is from how many bytes on nothing more is put to a meaning.
const longMeaning = 300

// joined is what two letters of a bundle mean together.
func joined(a, b string) string {
	switch {
	case b == "" || len(a) > longMeaning || a == b:
		return a
	case a == "":
		return b
	}
	return say.Text("parts.one-and-more", "one", a, "other", b)
}
