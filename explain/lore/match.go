package lore

import (
	"regexp"
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/say"
)

// Word is one word of a command as it will reach the program.
type Word struct {
	Text  string // stretches that are not known are U+FFFC
	Known bool
	Multi bool // may be several words or none
	Span  effect.Span

	Globbed bool  // Text is a file name pattern that stands for files
	Ref     []int // what the caller wants to know the word by
	Of      []int // the same of what variables in it are a part of

	Feed *string // the text that it stands for as a file, where known
}

// Use is one command read the way its program reads it.
type Use struct {
	Entry   *Entry // of the program or, where one was given, of the subcommand
	Program string // the name that was used, without its folder
	Path    string // program and subcommands: "git push"
	Slots   map[string][]Word
	Tags    map[string]bool // what options set: recursive, force, help, …
	Given   map[string]bool // spellings of the options that were given
	Parts   []Part
	Strange []Word // options and subcommands that the entry does not know
	Extra   []Word // operands that it has no place for
	Unsure  bool   // a word that is not known may be an option
	Runs    []Run  // what it runs in turn
	Wild    []Wild // options that say themselves what they are

	chain   []*Entry
	options []*optionRef
	done    *done // by the tables of deeds
}

// Part is what one word means.
type Part struct {
	Word    Word
	Meaning string
	Known   bool
	Silent  []string // spellings in the word that the entry does not know
	vague   string   // what can be said of them all the same
}

// Vague is the meaning where nothing better is known of what the entry is
// silent about.
func (p Part) Vague() string { return joined(p.Meaning, p.vague) }

// Run is something that the command runs: words, code or a file.
type Run struct {
	Slot  Slot
	Name  string // of the slot
	Words []Word // the command's words; for code and scripts the text or the file
	Args  []Word // words handed to it
	Many  bool   // its last word stands for any number (find -exec … {} +)
}

// reader walks the words of one command.
type reader struct {
	use      *Use
	entry    *Entry
	parse    string
	words    []Word
	operands []Word
	ended    bool // "--" was seen, or options stop at the first operand
	need     int  // operands before those that are a command; -1: none are
}

// Read reads the words after the program's name as the program would.
func (e *Entry) Read(program string, words []Word) *Use {
	u := &Use{
		Entry: e, Program: program, Path: program, Slots: map[string][]Word{}, Tags: map[string]bool{},
		Given: map[string]bool{}, chain: []*Entry{e}, Parts: make([]Part, 0, len(words)),
	}
	r := &reader{use: u, words: words, operands: make([]Word, 0, len(words))}
	r.enter(e)
	r.run()
	r.place()
	u.collectRuns()
	u.readDeed()
	return u
}

func (r *reader) enter(e *Entry) {
	r.entry = e
	if e.Parse != "" || r.parse == "" {
		r.parse = e.Parse
	}
	r.need = -1
	for i, p := range e.patterns {
		switch e.Slots[p.name].Kind {
		case "command", "args":
			r.need = i
			return
		case "shell":
			if p.many {
				r.need = i
				return
			}
		}
	}
}

func (r *reader) run() {
	if r.parse == "old" {
		r.bundle()
	}
	for len(r.words) > 0 {
		w := r.words[0]
		r.words = r.words[1:]
		switch {
		case r.ended || r.parse == "none" || !r.isOption(w):
			r.operand(w)
		case w.Text == "--" && r.parse != "single" && r.parse != "pwsh":
			r.ended = true
			r.note(w, say.Text("parts.the-options-end-here"), true)
		default:
			r.option(w)
		}
	}
}

// isOption tells whether the word stands for an option. A word that is not
// known from its first letter on is taken for an operand, and said to be so.
func (r *reader) isOption(w Word) bool {
	t := w.Text
	if r.parse == "keyed" {
		name, _, ok := strings.Cut(t, "=")
		if _, known := r.find(name); ok && known {
			return true
		}
	}
	if strings.HasPrefix(t, unknown) {
		r.use.Unsure = true
	}
	if _, ok := r.find(t); ok && t == "-" && len(r.operands) == 0 && r.parse == "posix" {
		return true
	}
	if len(t) < 2 || t[0] != '-' && t[0] != '+' {
		_, ok := r.find(t)
		return ok && r.parse == "single" || t == "-" && r.shortest()
	}
	if t[0] == '+' {
		ref, _ := r.plus(t)
		return ref != nil
	}
	return r.parse != "pwsh" || t[1] > '9' || t[1] == '-' && len(t) > 2
}

// shortest reports that a dash by itself is another way to write an option.
func (r *reader) shortest() bool {
	ref := r.entry.spellings["-"]
	return ref != nil && len(strings.Fields(ref.key)) > 1
}

const unknown = "\uFFFC"

// operand takes one word that is no option.
func (r *reader) operand(w Word) {
	if r.entry.Assignments && len(r.operands) == 0 && assignment.MatchString(w.Text) {
		r.give("ASSIGN", w)
		r.note(w, say.Text("parts.sets-a-variable-for-the"), true)
		return
	}
	if len(r.entry.Subcommands) > 0 && len(r.operands) == 0 {
		if r.passes(w) {
			r.note(w, "", true)
			return
		}
		if sub := r.entry.subcommand(w.Text); sub != nil {
			r.note(w, sub.Summary, true)
			r.use.Path += " " + w.Text
			r.use.Entry = sub
			r.use.chain = append(r.use.chain, sub)
			r.enter(sub)
			return
		}
		if r.entry.Operands == "" {
			r.use.Strange = append(r.use.Strange, w)
			r.silent(w, w.Text, "")
			r.operands = append(r.operands, w)
			return
		}
	}
	r.operands = append(r.operands, w)
	if r.parse == "posix" || r.need >= 0 && len(r.operands) > r.need {
		r.ended = true
	}
}

var assignment = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*=`)

func (e *Entry) subcommand(name string) *Entry {
	if sub := e.named[name]; sub != nil || !e.Abbreviate {
		return sub
	}
	var short []*Entry
	for _, sub := range e.Subcommands {
		for _, n := range sub.Names {
			if name != "" && strings.HasPrefix(n, name) {
				short = append(short, sub)
			}
		}
	}
	if len(short) == 0 {
		return nil
	}
	best := short[0]
	for _, s := range short[1:] { // what the program itself prefers is not known; the order by name is stable
		if s.Names[0] < best.Names[0] {
			best = s
		}
	}
	return best
}

// find looks a spelling up in the entry and in those above it.
func (r *reader) find(spelling string) (*optionRef, bool) {
	for i := len(r.use.chain) - 1; i >= 0; i-- {
		if ref, ok := r.use.chain[i].spellings[spelling]; ok {
			return ref, true
		}
	}
	return nil, false
}

// plus finds an option such as vim's +CMD or set's +e.
func (r *reader) plus(t string) (*optionRef, string) {
	if ref, ok := r.find(t); ok {
		return ref, ""
	}
	for key, ref := range r.entry.spellings {
		if len(key) > 1 && key[0] == '+' && key[1] >= 'A' && key[1] <= 'Z' {
			ref := *ref
			ref.value = key[1:]
			return &ref, t[1:]
		}
	}
	return nil, ""
}

func (r *reader) option(w Word) {
	t := w.Text
	switch {
	case r.parse == "pwsh":
		r.folded(w)
	case r.parse == "keyed" && t[0] != '-':
		name, value, _ := strings.Cut(t, "=")
		ref, _ := r.find(name)
		r.take(ref, w, name, value, true)
	case t[0] == '+':
		ref, value := r.plus(t)
		r.take(ref, w, t, value, value != "")
	case strings.HasPrefix(t, "--"):
		r.long(w)
	case r.parse == "single":
		r.single(w)
	default:
		r.short(w)
	}
}

// long reads --name, --name=value and unambiguous beginnings of a name.
func (r *reader) long(w Word) {
	name, value, has := strings.Cut(w.Text, "=")
	ref, ok := r.find(name)
	if !ok && r.parse == "single" {
		ref, ok = r.find(name[1:])
	}
	if !ok && r.wild(w) {
		return
	}
	if !ok {
		ref, ok = r.abbreviated(name)
	}
	if !ok {
		r.strange(w, name)
		return
	}
	r.take(ref, w, name, value, has)
}

func (r *reader) abbreviated(name string) (*optionRef, bool) {
	var hit *optionRef
	for _, e := range r.use.chain {
		for spelling, ref := range e.spellings {
			if len(name) < 4 || !strings.HasPrefix(spelling, name) {
				continue
			}
			if hit != nil && hit.Option != ref.Option {
				return nil, false
			}
			hit = ref
		}
	}
	return hit, hit != nil
}

// longName is more bytes than the name of any option has.
const longName = 64

// single reads -name, -name=value and -Nvalue where words are not bundles.
func (r *reader) single(w Word) {
	name, value, has := strings.Cut(w.Text, "=")
	if ref, ok := r.find(w.Text); ok {
		r.take(ref, w, w.Text, "", false)
		return
	}
	if ref, ok := r.find(name); ok {
		r.take(ref, w, name, value, has)
		return
	}
	for n := min(len(w.Text)-1, longName); n >= 2; n-- {
		if ref, ok := r.find(w.Text[:n]); ok && ref.value != "" {
			r.take(ref, w, w.Text[:n], w.Text[n:], true)
			return
		}
	}
	if ref, ok := r.find("-SET"); ok && strings.IndexAny(w.Text, "=<") > 1 {
		r.take(ref, w, "-SET", w.Text[1:], true)
		return
	}
	if !r.wild(w) {
		r.strange(w, w.Text)
	}
}

// short reads a bundle of one-letter options.
func (r *reader) short(w Word) {
	if ref, ok := r.find("-NUM"); ok && digits.MatchString(w.Text[1:]) {
		ref := *ref
		r.take(&ref, w, "-NUM", w.Text[1:], true)
		return
	}
	if ref, ok := r.find(w.Text); ok { // a longer name after one dash
		r.take(ref, w, w.Text, "", false)
		return
	}
	for i, c := range w.Text[1:] {
		name := "-" + string(c)
		ref, ok := r.find(name)
		if !ok {
			r.strange(w, name)
			return
		}
		rest := w.Text[1+i+len(string(c)):]
		if ref.value != "" && (rest != "" || !ref.optional) {
			r.take(ref, w, name, strings.TrimPrefix(rest, "="), rest != "")
			return
		}
		r.take(ref, w, name, "", false)
	}
}

var digits = regexp.MustCompile(`^[0-9]+[bkKMGc]?$`)

// bundle reads the first word of tar and ps, a bundle without a dash.
func (r *reader) bundle() {
	if len(r.words) == 0 || r.words[0].Text == "" || !r.words[0].Known || r.words[0].Text[0] == '-' {
		return
	}
	w := r.words[0]
	for _, c := range w.Text {
		if _, ok := r.find("-" + string(c)); !ok {
			return
		}
	}
	r.words = r.words[1:]
	for _, c := range w.Text {
		name := "-" + string(c)
		ref, _ := r.find(name)
		r.take(ref, w, name, "", false)
	}
}

// take records an option and fetches its value.
func (r *reader) take(ref *optionRef, w Word, spelling, value string, attached bool) {
	u := r.use
	if !slices.Contains(u.options, ref) { // given again it says the same: its values are in their slots
		u.options = append(u.options, ref)
	}
	for _, s := range strings.Fields(ref.key) {
		name, _, _ := strings.Cut(s, "=")
		name, _, _ = strings.Cut(name, "[")
		u.Given[name] = true
	}
	u.Given[spelling] = true
	for _, tag := range ref.Sets {
		u.Tags[tag] = true
	}
	r.note(w, ref.Means, true)
	switch {
	case ref.value == "":
	case attached:
		if r.parse == "keyed" || value != "" || !ref.optional {
			v := w
			v.Text = value
			r.give(ref.value, v)
		}
	case ref.optional && !(ref.numeric && len(r.words) > 0 && digits.MatchString(r.words[0].Text)):
	case len(ref.Until) > 0:
		r.until(ref)
	default:
		for range max(ref.Takes, 1) {
			if len(r.words) == 0 {
				return
			}
			v := r.words[0]
			r.words = r.words[1:]
			r.give(ref.value, v)
			r.note(v, "", true)
			u.Parts[len(u.Parts)-1].Meaning = r.meaning(ref.value, v)
		}
	}
}

// until takes all words up to one that ends them, as find -exec does.
func (r *reader) until(ref *optionRef) {
	var taken []Word
	for len(r.words) > 0 {
		w := r.words[0]
		r.words = r.words[1:]
		for _, end := range ref.Until {
			if w.Text == end && (end != "+" || len(taken) > 0) {
				r.note(w, say.Text("parts.ends-that-command"), true)
				r.use.Runs = append(r.use.Runs, Run{Slot: r.slot(ref.value), Name: ref.value, Words: taken, Many: end == "+"})
				return
			}
		}
		taken = append(taken, w)
	}
	r.use.Runs = append(r.use.Runs, Run{Slot: r.slot(ref.value), Name: ref.value, Words: taken})
}

func (r *reader) slot(name string) Slot { return r.use.slot(name) }

func (u *Use) slot(name string) Slot {
	for i := len(u.chain) - 1; i >= 0; i-- {
		if s, ok := u.chain[i].Slots[name]; ok {
			return s
		}
	}
	return Slot{Kind: "text"}
}
