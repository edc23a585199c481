package lore

import (
	"cmp"
	"embed"
	"regexp"
	"slices"
	"strings"
	"sync"

	"escort/explain/effect"
	"escort/explain/say"
)

// deedTables say what the words of tools mean that do deeds to things: clouds,
// clusters, stores. data/deeds.table explains itself; the others add the things
// and the special cases of one tool each.
//
//go:embed data/deeds*.table
var deedTables embed.FS

// deedKind is a kind of deed: to list, to make, to destroy.
type deedKind struct {
	verb, access string
	lead, named  string // how the sentence begins, where nothing is named and where something is
	dimension    effect.Dimension
	risks        map[string]effect.Risk // by class; "": the others
	undo         effect.Undo
	undoText     string
}

func (k *deedKind) rate(class string) effect.Risk {
	if r, ok := k.risks[class]; ok {
		return r
	}
	return k.risks[""]
}

// thing is what a deed is done to.
type thing struct {
	id, class string
	one, all  string
	bare      bool // it has an article of its own
	clause    bool // it takes no names: "who may use it"
}

// deedCase is a command that means something of its own.
type deedCase struct {
	words []string
	given []string // options that must be there
	kind  string
	risk  effect.Risk
	say   string
}

// deedFinding is a reason for concern where kind, class and words fit.
type deedFinding struct {
	Finding
	tail           string // ends the sentence
	kinds, classes []string
	words          *regexp.Regexp
}

func (f *deedFinding) fits(kind, class, words string) bool {
	return (f.kinds == nil || slices.Contains(f.kinds, kind)) && (f.classes == nil || slices.Contains(f.classes, class)) &&
		(f.words == nil || f.words.MatchString(words))
}

type deedRows struct {
	verbs    map[string]string // of words to kinds
	skip     map[string]bool   // words before a verb that change nothing: batch-delete
	first    map[string]bool   // tools that name the thing after the deed
	second   map[string]bool   // tools whose first word is never a deed
	unnamed  map[string]bool   // options that name nothing, though they are called like a part of the thing
	flags    map[string]string // options without a value
	kinds    map[string]*deedKind
	things   map[string]thing // "aws:instance" or "instance"
	cases    map[string][]deedCase
	findings []deedFinding
	bad      []string // rows that cannot be read
}

var deeds = sync.OnceValue(func() *deedRows {
	d := &deedRows{
		verbs: map[string]string{}, skip: map[string]bool{}, first: map[string]bool{}, second: map[string]bool{}, unnamed: map[string]bool{}, flags: map[string]string{},
		kinds: map[string]*deedKind{}, things: map[string]thing{}, cases: map[string][]deedCase{},
	}
	for line := range strings.Lines(deedText()) {
		line = strings.TrimSpace(line)
		if line != "" && line[0] != '#' && !d.row(line) {
			d.bad = append(d.bad, line)
		}
	}
	for _, cs := range d.cases { // the longest is tried first
		slices.SortStableFunc(cs, func(a, b deedCase) int {
			return cmp.Or(len(b.words)-len(a.words), len(b.given)-len(a.given))
		})
	}
	return d
})

// deedText is all tables of deeds.
func deedText() string {
	var b strings.Builder
	names, _ := deedTables.ReadDir("data")
	for _, n := range names {
		text, _ := deedTables.ReadFile("data/" + n.Name())
		b.Write(text)
	}
	return b.String()
}

// row reads one row; false: it is none.
func (d *deedRows) row(line string) bool {
	kind, rest, _ := strings.Cut(line, " ")
	f := strings.Split(rest, " | ")
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	switch {
	case kind == "verb" && len(f) == 2:
		for w := range strings.FieldsSeq(f[1]) {
			d.verbs[w] = f[0]
		}
	case kind == "first" && len(f) == 1:
		d.first[f[0]] = true
	case kind == "second" && len(f) == 1:
		for w := range strings.FieldsSeq(f[0]) {
			d.second[w] = true
		}
	case (kind == "skip" || kind == "unnamed") && len(f) == 1:
		for w := range strings.FieldsSeq(f[0]) {
			map[string]map[string]bool{"skip": d.skip, "unnamed": d.unnamed}[kind][w] = true
		}
	case kind == "flag" && len(f) == 2:
		for w := range strings.FieldsSeq(f[0]) {
			d.flags[w] = f[1]
		}
	case kind == "thing" && len(f) == 4:
		program, words, ok := strings.Cut(f[0], ":")
		if !ok {
			program, words = "", f[0]
		}
		for w := range strings.SplitSeq(words, ",") {
			d.things[program+":"+singular(w)] = newThing(f[0], f[1], f[2], f[3])
		}
	case kind == "kind" && (len(f) == 6 || len(f) == 8):
		return d.kind(f)
	case kind == "case" && len(f) == 4:
		words := strings.Fields(f[0])
		c := deedCase{kind: f[1], risk: effect.Letters[f[2]], say: f[3]}
		for _, w := range words[1:] {
			if strings.HasPrefix(w, "-") {
				c.given = append(c.given, w)
			} else {
				c.words = append(c.words, w)
			}
		}
		d.cases[words[0]] = append(d.cases[words[0]], c)
		return len(words) > 1 && c.risk != ""
	case kind == "finding" && len(f) >= 9:
		return d.finding(f)
	default:
		return false
	}
	return true
}

func (d *deedRows) kind(f []string) bool {
	f = append(f, "", "")
	k := &deedKind{
		verb: f[1], access: f[2], dimension: effect.Dimension(f[3]), risks: map[string]effect.Risk{},
		undo: effect.Undo(f[6]), undoText: f[7],
	}
	k.lead, k.named, _ = strings.Cut(f[4], "/")
	if k.named == "" {
		k.named = k.lead
	}
	for r := range strings.FieldsSeq(f[5]) {
		class, letter, ok := strings.Cut(r, "=")
		if !ok {
			class, letter = "", r
		}
		if effect.Letters[letter] == "" {
			return false
		}
		k.risks[class] = effect.Letters[letter]
	}
	d.kinds[f[0]] = k
	return k.risks[""] != ""
}

// finding reads a row whose pattern may hold bars.
func (d *deedRows) finding(f []string) bool {
	n := len(f) - 1
	out := deedFinding{
		Finding: Finding{ID: f[0], Dimension: effect.Dimension(f[1]), Risk: effect.Letters[f[2]], Technique: strings.Trim(f[3], "-"), Text: f[n]},
		tail:    strings.Trim(f[4], "-"), kinds: listed(f[5]), classes: listed(f[6]),
	}
	if p := strings.Join(f[7:n], " | "); p != "*" {
		re, err := regexp.Compile(p)
		if err != nil {
			return false
		}
		out.words = re
	}
	d.findings = append(d.findings, out)
	return out.Risk != ""
}

// listed are words of which one must fit; nil, written *: any.
func listed(s string) []string {
	if s == "*" {
		return nil
	}
	return strings.Fields(s)
}

// longThing is of how many words a thing is told at most.
const longThing = 8

// thingOf finds the longest end of the words that is known: "sql instance"
// before "instance", the tool's own before what all have.
func (d *deedRows) thingOf(program string, words []string) (thing, bool) {
	words = words[max(0, len(words)-longThing):]
	for i := range words {
		end := strings.Join(words[i:], " ")
		for _, p := range []string{program, ""} {
			if t, ok := d.things[p+":"+end]; ok {
				return t.spoken(), true
			}
		}
	}
	return thing{}, false
}

// singular takes the plural off each word, well enough to find a row by.
func singular(s string) string {
	words := strings.Fields(strings.ToLower(strings.ReplaceAll(s, "-", " ")))
	for i, w := range words {
		switch n := len(w); {
		case w == "ids", w == "ips":
			words[i] = w[:2]
		case n <= 3, strings.HasSuffix(w, "ss"), strings.HasSuffix(w, "us"), strings.HasSuffix(w, "is"):
		case strings.HasSuffix(w, "ies"):
			words[i] = w[:n-3] + "y"
		case strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "xes"):
			words[i] = w[:n-2]
		case strings.HasSuffix(w, "s"):
			words[i] = w[:n-1]
		}
	}
	return strings.Join(words, " ")
}

// phrase says the thing as a noun phrase: "the virtual machine web", "a virtual
// machine", "virtual machines".
func (t thing) phrase(names []string, many bool) string {
	if t.clause {
		return t.one
	}
	form := func(id, noun string) string {
		if t.bare {
			id = "deed.bare"
		}
		return say.Text(id, "thing", noun)
	}
	switch n := len(names); {
	case n == 1:
		return say.Text("deed.named", "thing", form("deed.the", t.one), "names", names[0])
	case n > 1:
		return say.Text("deed.named", "thing", form("deed.the", t.all), "names", listedNames(names))
	case many || t.one == t.all:
		return t.all
	case strings.ContainsAny(t.one[:1], "aeiou"):
		return form("deed.an", t.one)
	}
	return form("deed.a", t.one)
}

// listedNames joins names: "a, b and c".
func listedNames(names []string) string {
	if len(names) > 3 {
		return say.Text("objects.others", "1", names[0], "2", names[1])
	}
	return say.List("objects", names...)
}

// newThing makes a thing from the columns of its row.
func newThing(id, class, one, all string) thing {
	first, _, _ := strings.Cut(one, " ")
	return thing{
		id: id, class: class, one: one, all: all,
		clause: slices.Contains([]string{"who", "how", "what", "which"}, first),
		bare:   slices.Contains([]string{"the", "a", "an", "its", "all"}, first),
	}
}

// spoken puts the names of the thing into the language that is spoken.
func (t thing) spoken() thing {
	t.one, t.all = say.Lore(t.one, "deed/one", t.id), say.Lore(t.all, "deed/all", t.id)
	return t
}
