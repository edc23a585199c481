package explain

import (
	"slices"
	"strings"
	"sync"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/prose"
	"escort/explain/regex"
	"escort/explain/say"
	"escort/explain/shell"
)

// filters are programs that hand on a part of what they read; greps leave out the
// lines that do not fit a pattern, or that do.
var (
	filters = wordSet("awk gawk mawk cut sort uniq head tail tr sed column tac rev xargs jq tee grep egrep fgrep rg")
	greps   = wordSet("grep egrep fgrep rg")
)

// maxFilters is how many filters are looked through for what they read.
const maxFilters = 8

// listing is what a command puts out a list of.
type listing struct {
	what    string // "the processes called x"; empty: that is not known
	sure    bool   // it says exactly what is listed
	text    bool   // it is a text in which things are named
	pattern string // only lines that fit this were left, or were left out
	not     bool
}

// lists names what a step puts out a list of.
func (s *step) lists(depth int) listing {
	if depth > maxFilters {
		return listing{}
	}
	if filters[s.program] && len(s.from) == 1 {
		l := s.from[0].lists(depth + 1)
		l.sure = l.sure && (s.program == "sort" || s.program == "xargs")
		if greps[s.program] {
			again := l.pattern != ""
			if l.pattern, l.not = s.pattern, s.inverts; again {
				l.pattern = ""
			}
		}
		return l
	}
	if s.gives != "" {
		return listing{what: s.gives, sure: true, text: s.program == "cat"}
	}
	for _, a := range s.acts {
		switch {
		case a.Verb == "read" && s.program == "" && a.named != "":
			return listing{what: say.Text("gives.lines", "file", a.named), sure: true, text: true}
		case a.Verb == "query" && a.Role == effect.RoleTable && a.Object != "":
			return listing{what: say.Text("gives.rows", "table", a.Object), sure: true, text: true}
		case a.Verb == "list" && (a.Role == effect.RoleNone || a.Role == effect.RoleResource || a.Role == "") && a.Object != "" && !strings.Contains(a.Object, "…"):
			return listing{what: a.Object}
		}
	}
	if len(s.inner) == 1 {
		return s.inner[0].lists(depth + 1)
	}
	return listing{}
}

// phrase names what is taken from the list.
func (l listing) phrase() string {
	first, rest, _ := strings.Cut(l.what, " ")
	bare := l.what
	if slices.Contains(say.Words("gives.articles"), first) {
		bare = rest
	}
	switch {
	case l.what == "":
		return ""
	case l.pattern != "" && l.not:
		return say.Text("gives.not-matching", "what", bare, "pattern", l.pattern)
	case l.pattern != "":
		return say.Text("gives.matching", "what", bare, "pattern", l.pattern)
	case l.sure:
		return l.what
	}
	return say.Text("gives.listed", "what", bare)
}

// listedWords says with the words of a command that another one puts out what
// they are, and does not say the list as well.
func (s *step) listedWords(cmd *command, made []*step) {
	var from []*step
	for _, w := range cmd.words[1:] {
		if !strings.Contains(w.Text, shell.Unknown) {
			continue
		}
		for _, i := range append(w.Ref[:len(w.Ref):len(w.Ref)], w.Of...) {
			if o := stepAt(made, i); o != nil && o != s {
				from = append(from, o)
			}
		}
	}
	s.takes(from)
}

// takes puts what another command lists in the place of what is not known in a
// step.
func (s *step) takes(from []*step) {
	if len(from) == 0 || slices.ContainsFunc(from, func(o *step) bool { return o != from[0] }) {
		return
	}
	l := from[0].lists(0)
	if phrase := l.phrase(); phrase != "" && s.putNames(naming{phrase, l.text}) {
		from[0].told()
	}
}

// told leaves a list out of the headline that is said with what takes it.
func (s *step) told() {
	for n := 0; s != nil && n < maxFilters && !s.risk().AtLeast(effect.Caution); n++ {
		s.consumed = true
		if !filters[s.program] || len(s.from) != 1 {
			return
		}
		s = s.from[0]
	}
}

// naming is a phrase for what is not known: the things themselves, or a text in
// which they are named.
type naming struct {
	phrase string
	text   bool
}

// of is the phrase for things of a kind; empty: of no kind that is known.
func (n naming) of(kind string) string {
	switch {
	case !n.text:
		return n.phrase
	case kind == "":
		return say.Text("gives.what-named-in", "text", n.phrase)
	}
	return say.Text("gives.each-named-in", "kind", kind, "text", n.phrase)
}

// in puts the phrase into what is said.
func (n naming) in(said string) string {
	for _, unknown := range []string{say.Text("noun.not-known"), say.Text("noun.from-command")} {
		said = strings.ReplaceAll(said, unknown, "…")
	}
	m := openName().FindStringSubmatchIndex(said)
	if m == nil {
		return said
	}
	kind := ""
	if m[4] >= 0 {
		kind = said[m[4]:m[5]]
	}
	return said[:m[3]] + n.of(kind) + n.in(said[m[6]:])
}

// putNames writes the phrase for what is not known into the acts of a step and
// of what it runs; false: there is no place for it.
func (s *step) putNames(n naming) bool {
	done := false
	put := func(text *string) {
		if *text == "" {
			return
		}
		if named := n.in(*text); named != *text {
			*text, done = named, true
		}
	}
	put(&s.where)
	for i := range s.acts {
		a := &s.acts[i]
		put(&a.say)
		switch {
		case a.say != "" || isPlaceRole(a.Role) && a.Role != effect.RoleLog:
		case a.Role == effect.RoleNone || a.Role == "" || a.Role == effect.RoleLog && a.access == "none":
			if named := n.in(a.Object); named != a.Object {
				a.named, done = named, true
			}
		case a.Object == "…":
			if kinds, ok := say.Find("gives."+string(a.Role), "text", n.phrase); n.text && ok {
				a.named = kinds
			} else {
				a.named = n.of("")
			}
			done = true
		}
	}
	for _, i := range s.inner {
		done = i.putNames(n) || done
	}
	return done
}

func isPlaceRole(r effect.Role) bool {
	return r == effect.RolePath || r == effect.RoleFolder || r == effect.RoleDevice || r == effect.RoleLog || r == effect.RoleKey || r == effect.RoleText
}

// openName finds "the process …" and a bare "…" in what is said.
var openName = sync.OnceValue(func() *regex.Pattern {
	return regex.New(`(^|\s)(?:(?:the )?(` + strings.Join(say.Words("gives.nouns"), "|") + `) )?[…` + shell.Unknown + `](\s|[,.;:)]|$)`)
})

// givesOf is what the lore says that a command puts out a list of.
func givesOf(u *lore.Use, w lore.Where) string {
	if u.Off() {
		return ""
	}
	text := u.Gives(w)
	if strings.Contains(text, shell.Unknown) {
		return ""
	}
	return prose.Clean(text)
}

// picks notes which lines a filter lets through.
func (s *step) picks(u *lore.Use) {
	if p := u.Slots["PATTERN"]; greps[s.program] && len(p) == 1 && p[0].Known && len(p[0].Text) <= longEnd {
		s.pattern = prose.Clean(oneLetter.ReplaceAllString(p[0].Text, "$1"))
		s.inverts = u.Given["-v"]
	}
}

// oneLetter is how people keep grep from finding itself: [m]yapp.
var oneLetter = regex.New(`\[(\w)\]`)
