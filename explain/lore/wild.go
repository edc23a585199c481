package lore

import (
	"slices"
	"strings"

	"escort/explain/say"
)

// Wild is an option that an entry knows by its pattern "--* VALUE" only; its
// name says what it is.
type Wild struct {
	Name  string // without dashes
	Words []Word
}

// wild reads a long option that the entry does not list, where the entry says
// that such options name themselves; with VALUE... all words up to the next
// option are its value, if the name is a plural. A name that the tables of deeds know as one without a
// value takes none; "-* VALUE" takes its value attached only.
func (r *reader) wild(w Word) bool {
	dashes := "--"
	if !strings.HasPrefix(w.Text, dashes) {
		dashes = "-"
	}
	ref, ok := r.find(dashes + "*")
	name, value, has := strings.Cut(strings.TrimPrefix(w.Text, dashes), "=")
	if !ok || name == "" || strings.Contains(name, unknown) || name == "help" || name == "version" {
		return false
	}
	flag, bare := deeds().flags["--"+name]
	bare = bare || dashes == "-"
	switch name {
	case "dry-run", "dryrun", "validate-only":
		if value != "none" && value != "false" {
			r.use.Tags["dry-run"] = true
		}
	}
	means := say.Text("parts.its", "name", strings.ReplaceAll(name, "-", " "))
	if flag != "" {
		means = say.Lore(flag, "deed/flag", name)
	}
	r.note(w, means, true)
	o := Wild{Name: name}
	if has {
		w.Text = value
		o.Words = append(o.Words, w)
		r.give(ref.value, w)
	}
	for !has && !bare && !strings.HasPrefix(name, "no-") && len(r.words) > 0 && !strings.HasPrefix(r.words[0].Text, "-") {
		v := r.words[0]
		r.words = r.words[1:]
		o.Words = append(o.Words, v)
		r.give(ref.value, v)
		r.note(v, means, true)
		if !ref.many || singular(name) == strings.ReplaceAll(name, "-", " ") {
			break
		}
	}
	r.use.Wild = append(r.use.Wild, o)
	return true
}

// passes reports whether a word only says what kind of thing the subcommand
// behind it works on.
func (r *reader) passes(w Word) bool {
	if len(r.words) == 0 || r.entry.subcommand(r.words[0].Text) == nil {
		return false
	}
	return slices.Contains(r.entry.Pass, w.Text) || slices.Contains(r.entry.Pass, w.Text+" "+r.words[0].Text)
}
