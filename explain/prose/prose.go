// Package prose turns effects into plain sentences. The words are those of
// package say and of the lore's own "say" templates: the same effect reads the
// same everywhere, and a change of wording is one edit.
//
// Headlines are in the third person, at most [MaxHeadline] characters, and
// show untrusted words with everything invisible made visible.
package prose

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/explain/regex"
	"escort/explain/say"
)

// MaxHeadline is the longest headline, in characters.
const MaxHeadline = 110

// Clause is one thing that a command does, ready to be said.
type Clause struct {
	Verb      string
	Role      effect.Role
	Objects   []string // noun phrases of paths are given ready; others by their role
	Named     bool     // Objects are noun phrases
	Say       string   // the whole clause, without tail; empty: verb and objects
	Brief     string   // the same in fewer words; empty: there are none
	Recursive bool
	As        string
	Where     string // "on the machine db2", "inside the container web", "later"
}

const unknown = "\uFFFC"

// Clean makes a word from a command fit for a sentence.
func Clean(s string) string {
	if strings.Trim(s, unknown) == "" && s != "" {
		return say.Text("noun.not-known")
	}
	return quote.Line(strings.ReplaceAll(s, unknown, "…")).String()
}

// nounPhrase reports words that read as a noun phrase already.
func nounPhrase(s string) bool {
	return slices.ContainsFunc(say.Words("noun.begins"), func(p string) bool { return strings.HasPrefix(s, p) })
}

func noun(role effect.Role, object string) string {
	if nounPhrase(object) {
		return object
	}
	if text, ok := say.Find("noun."+string(role), "name", object); ok {
		return text
	}
	return object
}

// Text is the clause without a full stop: "Deletes x, everything in the
// folder, as administrator".
func (c Clause) Text() string { return ended(c.body(), c.tail()) }

// ended puts a tail at the end of the first sentence of a text.
func ended(text, tail string) string {
	if i := firstEnd(text); i > 0 && tail != "" {
		return text[:i] + tail + text[i:]
	}
	return text + tail
}

// firstEnd is where the first of several sentences ends, -1: there is one.
func firstEnd(text string) int {
	for _, end := range say.Words("sentence.ends") {
		if i := strings.Index(text, end); i > 0 {
			return i
		}
	}
	return -1
}

// Phrase is the clause in full and in short.
func (c Clause) Phrase() Phrase {
	p := Phrase{As: c.As, Verb: c.Verb, Role: c.Role}
	if len(c.Objects) == 1 {
		p.Object = c.Objects[0]
	}
	c.As = ""
	p.Full = c.Text()
	if c.Brief != "" {
		p.Detailed, c.Say = true, c.Brief
		p.Short = c.Text()
	}
	if c.Recursive && c.Say == "" {
		c.Recursive = false
		p.Short = c.Text()
	}
	return p
}

func (c Clause) body() string {
	if c.Say != "" {
		return upper(Clean(c.Say))
	}
	objects := c.objects()
	text, ok := say.Find("do."+c.Verb, "objects", objects)
	if !ok {
		text = objects
	}
	return strings.TrimSpace(text)
}

// objects names what a clause is about: "the machines web1 and web2".
func (c Clause) objects() string {
	items, plain := make([]string, 0, len(c.Objects)), len(c.Objects) > 1
	for _, o := range c.Objects {
		items = append(items, Clean(o))
		plain = plain && !nounPhrase(items[len(items)-1])
	}
	if c.Named {
		return say.List("objects", items...)
	}
	if all, ok := say.Find("nouns."+string(c.Role), "names", say.List("objects", items...)); ok && plain {
		return all
	}
	for i, o := range items {
		items[i] = noun(c.Role, o)
	}
	return say.List("objects", items...)
}

func (c Clause) tail() string {
	var t string
	whole := len(c.Objects) == 1 && strings.HasPrefix(c.Objects[0], say.Text("places.everything-in-this-folder"))
	if c.Recursive && c.Say == "" && isPath(c.Role) && !whole {
		switch c.Verb {
		case "delete", "wipe", "remove", "move", "permit", "grant", "change":
			t = say.Text("tail.folder")
			if len(c.Objects) > 1 {
				t = say.Text("tail.folders")
			}
		}
	}
	return t + whereTail(c.Where) + asTail(c.As)
}

func isPath(r effect.Role) bool {
	return r == effect.RolePath || r == effect.RoleFolder || r == effect.RoleDevice || r == effect.RoleLog || r == effect.RoleKey
}

// Sentence is the clause as a headline of its own.
func (c Clause) Sentence() string { return Fit(c.body(), c.tail()) }

// Fit closes a sentence with a full stop. What is too long loses its last
// half-sentences; a name is cut only where it is too long by itself. The tail,
// which says as whom and where, is never lost.
func Fit(body, tail string) string {
	room := MaxHeadline - 1 - min(utf8.RuneCountInString(tail), MaxHeadline/2)
	if utf8.RuneCountInString(body) > room {
		body = shorten(body, room)
	}
	s := body + tail
	if r := []rune(s); len(r) > MaxHeadline-1 {
		s = string(r[:MaxHeadline-2]) + "…"
	}
	stop := say.Text("sentence.stop")
	return upper(strings.TrimSuffix(s, stop)) + stop
}

func shorten(body string, room int) string {
	body = shortNames(bare(body), room)
	r := []rune(body)
	if len(r) <= room {
		return body
	}
	head, lead := string(r[:room+1]), say.Text("clauses.lead-ends") // behind which all is said
	for _, j := range say.Words("sentence.joints") {                // where a sentence may end early
		if i := strings.LastIndex(head, j); i > 0 && utf8.RuneCountInString(head[:i]) >= room/3 && !strings.HasSuffix(head[:i], ",") && !strings.HasPrefix(body[i:], lead) {
			return head[:i]
		}
	}
	head = string(r[:room-2])
	if i := strings.LastIndexByte(head, ' '); i > room/3 {
		return head[:i] + " …"
	}
	return head + "…"
}

// shortNames cuts the middle out of names that leave no room for a sentence.
func shortNames(body string, room int) string {
	words := strings.Split(body, " ")
	for i, w := range words {
		r := []rune(w)
		if len(r) <= room-40 {
			continue
		}
		over := utf8.RuneCountInString(strings.Join(words, " ")) - room
		keep := max(len(r)-over-1, room/3)
		if keep >= len(r) {
			continue
		}
		words[i] = string(r[:keep/3]) + "…" + string(r[len(r)-(keep-keep/3):])
	}
	return strings.Join(words, " ")
}

// bare leaves the paths out that stand in brackets behind the names of places.
// Two of them in one phrase may tell apart what has the same name.
func bare(text string) string {
	if len(bracketed.FindAllString(text, 2)) > 1 {
		return text
	}
	return bracketed.ReplaceAllString(text, "")
}

var bracketed = regex.New(` \((/|~|\.\.?/)[^() ]*\)`)

// Brief is the phrase in fewer words, where there are such.
func (p Phrase) Brief() string {
	text := p.Short
	if text == "" {
		text = p.Full
		for _, end := range say.Words("sentence.asides") {
			if i := strings.Index(p.Full, end); i > 0 {
				return briefer(p.Full[:i])
			}
		}
	}
	return briefer(withoutPaths(text))
}

// briefer says the same with fewer letters.
func briefer(text string) string {
	for _, pair := range say.Words("sentence.briefer") {
		if long, short, ok := strings.Cut(pair, "="); ok {
			text = strings.Replace(text, strings.TrimSpace(long), strings.TrimSpace(short), 1)
		}
	}
	return text
}

// withoutPaths leaves out the paths that stand in brackets behind what they
// are: "the list of machine names (/etc/hosts)".
func withoutPaths(text string) string {
	for at := 0; ; {
		i := strings.Index(text[at:], " (")
		if i < 0 {
			return text
		}
		i += at
		end := strings.IndexByte(text[i:], ')')
		if end < 0 {
			return text
		}
		if inner := text[i+2 : i+end]; strings.ContainsAny(inner[:min(1, len(inner))], "/~.") && !strings.Contains(inner, " ") {
			text = text[:i] + text[i+end+1:]
		} else {
			at = i + end
		}
	}
}

// Beginning is what a text says before its first stop of any kind.
func Beginning(text string) string {
	for _, end := range say.Words("sentence.stops") {
		text, _, _ = strings.Cut(text, end)
	}
	return strings.TrimSuffix(text, say.Text("sentence.stop"))
}

// oneAs is the account that all phrases happen as; empty if they differ.
func oneAs(phrases []Phrase) string {
	for _, p := range phrases {
		if p.As != phrases[0].As {
			return ""
		}
	}
	return phrases[0].As
}

func asTail(as string) string {
	switch as {
	case "":
		return ""
	case "root":
		return say.Text("tail.admin")
	}
	return say.Text("tail.as", "account", Clean(as))
}

func whereTail(where string) string {
	if where == "" {
		return ""
	}
	return say.Text("tail.where", "where", where)
}

// together joins clauses: "A", "A and b", "A, b and c".
func together(clauses []string) string {
	out := slices.Clone(clauses)
	for i := range out[1:] {
		out[i+1] = Lower(out[i+1])
	}
	return say.List("clauses", out...)
}

// Lead is a beginning such as "Runs the script x, which", and the same in fewer
// words for headlines in which something is shortened.
type Lead struct{ Long, Short string }

// OneLead is a beginning for which there are no fewer words.
func OneLead(text string) Lead { return Lead{text, text} }

// None reports that nothing stands before what is said.
func (l Lead) None() bool { return l.Long == "" }

// Full puts the beginning before a clause.
func (l Lead) Full(clause string) string { return leading(l.Long, clause) }

// Brief puts the beginning in fewer words before a clause.
func (l Lead) Brief(clause string) string { return leading(l.Short, clause) }

func leading(lead, clause string) string {
	if lead == "" {
		return clause
	}
	return say.Text("clauses.lead", "lead", lead, "clause", Lower(clause))
}

// more counts what is left out behind what is said.
func more(said string, n int) string {
	if n == 0 {
		return said
	}
	return say.Count("more", n, "said", said)
}

func briefMore(said string, n int) string {
	if n == 0 {
		return said
	}
	return say.Text("more.short", "said", said)
}

func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if !unicode.IsLower(r) {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// Lower makes the first letter small, for a clause inside a sentence.
func Lower(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if next, _ := utf8.DecodeRuneInString(s[n:]); !unicode.IsUpper(r) || unicode.IsUpper(next) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}
