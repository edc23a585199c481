package lore

import (
	_ "embed"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"escort/explain/effect"
	"escort/explain/say"
)

// cmdletTable says what commands of PowerShell do; its own lines explain it.
//
//go:embed data/powershell.table
var cmdletTable string

// Cmdlet is what a command of PowerShell does, told by its name.
type Cmdlet struct {
	Name      string // as it is usually written
	Verb      string // of [effect.Verbs]
	Role      effect.Role
	Dimension effect.Dimension
	Risk      effect.Risk
	Say       string // the clause; {} is what it works on, {Name} what a parameter says
	Access    string // look, change or delete
	Guessed   bool   // only its verb is known
}

type cmdletVerb struct {
	verb, say, access string
	dimension         effect.Dimension
	risk              effect.Risk
}

type cmdletNoun struct {
	role         effect.Role
	one, all     string
	look, change effect.Risk
}

type cmdlets struct {
	verbs    map[string]cmdletVerb
	nouns    map[string]cmdletNoun
	prefixes [][2]string
	whole    map[string]Cmdlet
	when     map[string][]cmdletRule
}

// cmdletRule says what else a command does where its words fit.
type cmdletRule struct {
	words     *regexp.Regexp
	risk      effect.Risk
	verb, say string
}

var cmdletRows = sync.OnceValue(func() *cmdlets {
	c := &cmdlets{verbs: map[string]cmdletVerb{}, nouns: map[string]cmdletNoun{}, whole: map[string]Cmdlet{}, when: map[string][]cmdletRule{}}
	for line := range strings.Lines(cmdletTable) {
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		f := strings.Split(rest, " | ")
		switch {
		case kind == "verb" && len(f) == 6:
			c.verbs[f[0]] = cmdletVerb{f[1], f[4], f[5], effect.Dimension(f[2]), effect.Letters[f[3]]}
		case kind == "noun" && len(f) == 6:
			c.nouns[f[0]] = cmdletNoun{effect.Role(f[1]), f[2], f[3], effect.Letters[f[4]], effect.Letters[f[5]]}
		case kind == "prefix" && len(f) == 2:
			c.prefixes = append(c.prefixes, [2]string{f[0], f[1]})
		case kind == "cmd" && len(f) == 6:
			c.whole[strings.ToLower(f[0])] = Cmdlet{
				Name: f[0], Verb: f[1], Role: effect.Role(f[2]), Dimension: effect.Dimension(f[3]), Risk: effect.Letters[f[4]], Say: f[5], Access: "change",
			}
		case kind == "when":
			c.rule(rest)
		}
	}
	slices.SortStableFunc(c.prefixes, func(a, b [2]string) int { return len(b[0]) - len(a[0]) })
	return c
})

// rule reads a row that begins with "when"; its pattern may hold bars.
func (c *cmdlets) rule(row string) {
	name, rest, _ := strings.Cut(row, " | ")
	for risk := range effect.Letters {
		pattern, after, ok := strings.Cut(rest, " | "+risk+" |")
		verb, say, also := strings.Cut(strings.TrimSpace(after), "|")
		re, err := regexp.Compile(pattern)
		if ok && also && err == nil {
			key := strings.ToLower(name)
			c.when[key] = append(c.when[key], cmdletRule{re, effect.Letters[risk], strings.TrimSpace(verb), strings.TrimSpace(say)})
			return
		}
	}
}

// Fit takes into account the words of the command, in small letters.
func (c Cmdlet) Fit(words string) Cmdlet {
	for i, r := range cmdletRows().when[strings.ToLower(c.Name)] {
		if !r.words.MatchString(words) {
			continue
		}
		c.Risk = r.risk
		if r.verb != "" {
			c.Verb = r.verb
		}
		if r.say != "" {
			c.Say = say.Lore(r.say, "powershell/when", c.Name, strconv.Itoa(i+1))
		}
		break
	}
	return c
}

// cmdletNames are the entries that are commands of PowerShell, by their names
// in small letters.
var cmdletNames = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, n := range Names() {
		if verb, _, ok := strings.Cut(n, "-"); ok && verb != "" && unicode.IsUpper(rune(verb[0])) {
			m[strings.ToLower(n)] = n
		}
	}
	return m
})

// CmdletEntry returns the entry of a command of PowerShell, written in any
// case; nil: it has none.
func CmdletEntry(name string) (string, *Entry) {
	n, ok := cmdletNames()[strings.ToLower(name)]
	if !ok {
		return "", nil
	}
	e, err := Lookup(n)
	if err != nil {
		return "", nil
	}
	return n, e
}

// FindCmdlet tells what a command of PowerShell does from its name; named says
// that it is told what to work on. False: the name says nothing.
func FindCmdlet(name string, named bool) (Cmdlet, bool) {
	low := strings.ToLower(name)
	rows := cmdletRows()
	if c, ok := rows.whole[low]; ok {
		if v, ok := rows.verbs[before(low, "-")]; ok {
			c.Access = v.access
		}
		c.Say = say.Lore(c.Say, "powershell", c.Name)
		return c, true
	}
	word, noun, ok := strings.Cut(low, "-")
	v, known := rows.verbs[word]
	if !ok || !known || noun == "" {
		return Cmdlet{}, false
	}
	c := Cmdlet{Name: name, Verb: v.verb, Dimension: v.dimension, Risk: v.risk, Access: v.access}
	does := say.Lore(v.say, "powershell/verb", word)
	n, known := rows.noun(noun)
	one, all := say.Lore(n.one, "powershell/one", noun), say.Lore(n.all, "powershell/all", noun)
	switch {
	case !known:
		c.Guessed, c.Role = true, effect.RoleNone
		c.Say = say.Text("windows.guess", "does", does, "thing", rows.guess(name), "name", name)
		return c, true
	case named && strings.Contains(n.one, "{}"):
		c.Say = say.Text("windows.does", "does", does, "thing", one)
	case word == "get" && n.one != n.all:
		c.Say = say.Text("windows.lists", "things", all)
	default:
		c.Say = say.Text("windows.does", "does", does, "thing", all)
	}
	c.Role = n.role
	if v.access == "look" {
		c.Risk = effect.Worst(c.Risk, n.look)
		c.Dimension = effect.Disclosure
	} else {
		c.Risk = effect.Worst(c.Risk, n.change)
		if n.change == effect.Low && v.risk == effect.Caution || n.change == effect.Safe {
			c.Risk = n.change
		}
	}
	return c, true
}

// noun finds a noun, also in the plural.
func (c *cmdlets) noun(noun string) (cmdletNoun, bool) {
	if n, ok := c.nouns[noun]; ok {
		return n, true
	}
	n, ok := c.nouns[strings.TrimSuffix(noun, "s")]
	return n, ok
}

// guess reads the words of a noun that is not known: "the Azure front door".
func (c *cmdlets) guess(name string) string {
	_, noun, _ := strings.Cut(name, "-")
	lead := say.Text("windows.the")
	for _, p := range c.prefixes {
		if len(noun) > len(p[0]) && strings.EqualFold(noun[:len(p[0])], p[0]) && unicode.IsUpper(rune(noun[len(p[0])])) {
			lead, noun = say.Lore(p[1], "powershell/prefix", p[0]), noun[len(p[0]):]
			break
		}
	}
	var b strings.Builder
	last := ' '
	for _, r := range noun {
		if unicode.IsUpper(r) && unicode.IsLower(last) {
			b.WriteByte(' ')
		}
		last = r
		b.WriteRune(unicode.ToLower(r))
	}
	return say.Text("windows.the-thing", "the", lead, "thing", b.String())
}

func before(s, sep string) string {
	b, _, _ := strings.Cut(s, sep)
	return b
}

// CmdletNames lists the commands of PowerShell that the table knows by their
// whole names.
func CmdletNames() []string {
	var out []string
	for _, c := range cmdletRows().whole {
		out = append(out, c.Name)
	}
	slices.Sort(out)
	return out
}
