// Package prose turns effects into plain sentences. All wording stands here
// and in the lore's own "say" templates: the same effect reads the same
// everywhere, and a change of wording is one edit.
//
// Headlines are in the third person, at most [MaxHeadline] characters, and
// show untrusted words with everything invisible made visible.
package prose

import (
	"strings"
	"unicode/utf8"

	"escort/explain/effect"
	"escort/explain/quote"
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
	Recursive bool
	As        string
	Where     string // "on the machine db2", "inside the container web", "later"
}

const unknown = "\uFFFC"

// Clean makes a word from a command fit for a sentence.
func Clean(s string) string {
	if strings.Trim(s, unknown) == "" && s != "" {
		return "something not known before it runs"
	}
	return quote.Line(strings.ReplaceAll(s, unknown, "…")).String()
}

var nouns = map[effect.Role]string{
	effect.RoleHost: "the machine ", effect.RolePort: "port ", effect.RoleUser: "the account ",
	effect.RoleGroup: "the group ", effect.RoleProcess: "the process ", effect.RoleService: "the service ",
	effect.RolePackage: "the package ", effect.RoleDatabase: "the database ", effect.RoleTable: "the table ",
	effect.RoleContainer: "the container ", effect.RoleImage: "the image ", effect.RoleModule: "the kernel part ",
	effect.RoleRepository: "the repository ", effect.RoleBranch: "the branch ", effect.RoleSetting: "the setting ",
	effect.RoleCommand: "the command ", effect.RoleScript: "the script ", effect.RoleSession: "the session ",
}

// startsWithArticle words already read as a noun phrase.
func nounPhrase(s string) bool {
	for _, p := range []string{
		"the ", "a ", "an ", "all ", "every", "its ", "what ", "how ", "who ", "which ", "where ", "your ", "their ",
		"everything", "some", "code ", "this ", "that ", "any ", "one ", "each ", "no ",
	} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

func noun(role effect.Role, object string) string {
	object = Clean(object)
	if nounPhrase(object) {
		return object
	}
	return nouns[role] + object
}

// list joins noun phrases: "a", "a and b", "a, b and 3 more".
func list(items []string) string {
	switch n := len(items); {
	case n == 0:
		return ""
	case n == 1:
		return items[0]
	case n == 2:
		return items[0] + " and " + items[1]
	case n == 3:
		return items[0] + ", " + items[1] + " and " + items[2]
	default:
		return items[0] + ", " + items[1] + " and " + number(n-2) + " more"
	}
}

var third = map[string]string{
	"shutdown": "Shuts down", "login": "Logs in to", "logout": "Logs out of", "execute": "Runs", "become": "Becomes",
	"connect": "Connects to", "listen": "Waits for connections on", "upload": "Sends", "kill": "Ends",
	"deny": "Denies", "copy": "Copies", "modify": "Changes", "signal": "Signals", "permit": "Changes who may use",
	"grant": "Gives access to", "print": "Prints", "search": "Searches", "scan": "Scans", "query": "Asks",
	"find": "Looks for files in", "wait": "Waits for", "test": "Checks", "measure": "Measures",
	"overwrite": "Writes over", "wipe": "Destroys for good", "erase": "Erases", "clear": "Empties",
	"discard": "Throws away", "plant": "Plants", "write": "Writes to", "list": "Lists", "define": "Gives a meaning to",
	"record": "Records", "schedule": "Schedules", "trace": "Watches the inside of", "load": "Loads",
}

func verb(v string) string {
	if t, ok := third[v]; ok {
		return t
	}
	if v == "" {
		return ""
	}
	up := strings.ToUpper(v[:1]) + v[1:]
	switch {
	case strings.HasSuffix(v, "s"), strings.HasSuffix(v, "sh"), strings.HasSuffix(v, "ch"), strings.HasSuffix(v, "x"):
		return up + "es"
	case strings.HasSuffix(v, "y") && !strings.ContainsAny(v[len(v)-2:len(v)-1], "aeiou"):
		return up[:len(up)-1] + "ies"
	}
	return up + "s"
}

// Text is the clause without a full stop: "Deletes x, everything in the
// folder, as administrator".
func (c Clause) Text() string { return ended(c.body(), c.tail()) }

// ended puts a tail at the end of the first sentence of a text.
func ended(text, tail string) string {
	if i := strings.Index(text, ". "); i > 0 && tail != "" {
		return text[:i] + tail + text[i:]
	}
	return text + tail
}

// Phrase is the clause in full and in short.
func (c Clause) Phrase() Phrase {
	p := Phrase{As: c.As}
	c.As = ""
	p.Full = c.Text()
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
	items := make([]string, 0, len(c.Objects))
	for _, o := range c.Objects {
		if c.Named {
			items = append(items, Clean(o))
		} else {
			items = append(items, noun(c.Role, o))
		}
	}
	return strings.TrimSpace(verb(c.Verb) + " " + list(items))
}

func (c Clause) tail() string {
	var t string
	if c.Recursive && c.Say == "" && isPath(c.Role) {
		switch c.Verb {
		case "delete", "wipe", "remove", "move", "permit", "grant", "change":
			t = ", everything in the folder"
			if len(c.Objects) > 1 {
				t = ", with everything in folders"
			}
		}
	}
	if c.Where != "" {
		t += ", " + c.Where
	}
	return t + asTail(c.As)
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
	return upper(strings.TrimSuffix(s, ".")) + "."
}

// joints are where a sentence may end early, the better ones first.
var joints = []string{", and ", " and ", ", ", " (", " in ", " to ", " into ", " for ", " from "}

func shorten(body string, room int) string {
	body = shortNames(body, room)
	r := []rune(body)
	if len(r) <= room {
		return body
	}
	head := string(r[:room+1])
	for _, j := range joints {
		if i := strings.LastIndex(head, j); i > 0 && utf8.RuneCountInString(head[:i]) >= room/3 && !strings.HasSuffix(head[:i], ",") {
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

// Phrase is a clause in full and, for headlines that say several, in short.
type Phrase struct{ Full, Short, As string }

// Join says several clauses in one headline, the first being the worst; what
// has no room is counted. To say more of them goes before saying one in full.
func Join(lead string, phrases []Phrase) string {
	for n := min(len(phrases), 3); n > 0; n-- {
		for _, short := range []bool{false, true} {
			said := make([]string, 0, n)
			for _, p := range phrases[:n] {
				text := p.Full
				if short || n > 1 && strings.Contains(p.Full, ". ") {
					text = p.Brief()
				}
				if oneAs(phrases[:n]) == "" {
					text = ended(text, asTail(p.As))
				}
				said = append(said, text)
			}
			s := ended(together(lead, said), asTail(oneAs(phrases[:n])))
			for _, more := range []string{moreText(len(phrases) - n), briefMore(len(phrases) - n)} {
				if utf8.RuneCountInString(s+more) < MaxHeadline {
					return Fit(s+more, "")
				}
			}
		}
	}
	if len(phrases) == 0 {
		return Fit(strings.TrimSuffix(lead, ", which"), "")
	}
	return Fit(together(lead, []string{phrases[0].Brief()}), asTail(phrases[0].As)+moreText(len(phrases)-1))
}

// Brief is the phrase in fewer words, where there are such.
func (p Phrase) Brief() string {
	if p.Short != "" {
		return p.Short
	}
	for _, end := range []string{", where ", ", which ", ". "} {
		if i := strings.Index(p.Full, end); i > 0 {
			return p.Full[:i]
		}
	}
	return p.Full
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
		return ", as administrator"
	}
	return ", as " + Clean(as)
}

// together joins clauses: "A", "A and b", "A, b and c".
func together(lead string, clauses []string) string {
	out := clauses[0]
	if lead != "" {
		out = lead + " " + Lower(out)
	}
	for i, c := range clauses[1:] {
		if i == len(clauses)-2 {
			out += " and " + Lower(c)
		} else {
			out += ", " + Lower(c)
		}
	}
	return out
}

func moreText(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return ", and one more thing"
	}
	return ", and " + number(n) + " more things"
}

func briefMore(n int) string {
	if n == 0 {
		return ""
	}
	return ", and more"
}

func number(n int) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if n < len(words) {
		return words[n]
	}
	const digits = "0123456789"
	var b []byte
	for ; n > 0; n /= 10 {
		b = append([]byte{digits[n%10]}, b...)
	}
	return string(b)
}

func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if r < 'a' || r > 'z' {
		return s
	}
	return string(r-32) + s[n:]
}

// Lower makes the first letter small, for a clause inside a sentence.
func Lower(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if r < 'A' || r > 'Z' || len(s) > n && s[n] >= 'A' && s[n] <= 'Z' {
		return s
	}
	return string(r+32) + s[n:]
}
