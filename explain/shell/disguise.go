package shell

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"escort/explain/effect"
	"escort/explain/quote"

	"mvdan.cc/sh/v3/syntax"
)

// partFacts is what was seen while a word was put together.
type partFacts struct {
	params   int    // expansions of variables
	sliced   bool   // a variable was cut up or changed
	ifs      bool   // IFS stands in it
	spelled  int    // letters in $'…' that are spelled by their number
	changed  bool   // a variable was changed by more than taking off an end
	joined   int    // expansions that follow straight on another
	how      string // what the text of an expansion was made through
	substs   int
	literals int    // stretches of bare text
	bares    string // the bare text
	quotes   int    // stretches of quoted text that needed no quotes
	needed   bool   // some quoted stretch needed its quotes
	slashed  bool   // a backslash inside a word, before a letter
	hollow   bool   // quotes with nothing in them
}

func (p *partFacts) any() bool {
	return p.params > 0 || p.spelled > 0 || p.substs > 0 || p.quotes > 0 || p.slashed || p.hollow
}

func (p *partFacts) bare(s string) {
	p.literals++
	p.bares += s
	for i := 1; i+1 < len(s); i++ {
		c := s[i+1] | 0x20
		if s[i] == '\\' && c >= 'a' && c <= 'z' && s[i-1] != '\\' {
			p.slashed = true
		}
	}
}

func (p *partFacts) quoted(s string) {
	switch {
	case s == "":
		p.hollow = true
	case strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-") == "":
		p.quotes++
	default:
		p.needed = true
	}
}

func (p *partFacts) quotedPart(parts []syntax.WordPart) {
	switch len(parts) {
	case 0:
		p.quoted("")
	case 1:
		if lit, ok := parts[0].(*syntax.Lit); ok {
			p.quoted(lit.Value)
			return
		}
		p.needed = true
	default:
		p.needed = true
	}
}

func (p *partFacts) subst(o outcome) {
	p.substs++
	if o.how != "" {
		p.how = o.how
	}
}

func (p *partFacts) variable(name string, _ value) {
	if name == "IFS" {
		p.ifs = true
	}
}

func (p *partFacts) operate(e *syntax.ParamExp) {
	if e.Param != nil && e.Param.Value == "IFS" {
		p.ifs = true
	}
	if e.Slice != nil && arithLit(e.Slice.Offset) != "" || e.Exp != nil && e.Exp.Op == syntax.OtherParamOps || e.Excl {
		p.sliced = true
	}
	if e.Slice != nil || e.Repl != nil || e.Excl || e.Exp != nil && changes[e.Exp.Op] && !quotesOnly(e) {
		p.changed = true
	}
}

// changes are the operators that make other letters of a value.
var changes = map[syntax.ParExpOperator]bool{
	syntax.UpperFirst: true, syntax.UpperAll: true, syntax.LowerFirst: true, syntax.LowerAll: true, syntax.OtherParamOps: true,
}

// quotesOnly reports ${x@Q}, which makes text safe to be read again.
func quotesOnly(e *syntax.ParamExp) bool {
	return e.Exp.Op == syntax.OtherParamOps && e.Exp.Word != nil && (e.Exp.Word.Lit() == "Q" || e.Exp.Word.Lit() == "A" || e.Exp.Word.Lit() == "K")
}

// maxSpelled is how many letters may be spelled by number in a word that is
// not run.
const maxSpelled = 2

// hidden is the disguise that the text of a word comes through; empty: none.
func (p *partFacts) hidden() string {
	switch {
	case p.how != "":
		return p.how
	case p.spelled > 0:
		return HowEscapes
	case p.changed || p.joined > 0:
		return HowPieces
	}
	return ""
}

// joints counts the expansions in parts that follow straight on another.
func joints(parts []syntax.WordPart) int {
	n, before := 0, false
	for _, p := range parts {
		switch p := p.(type) {
		case *syntax.ParamExp, *syntax.CmdSubst, *syntax.ArithmExp:
			if before {
				n++
			}
			before = true
		case *syntax.DblQuoted:
			if len(parts) == 1 || len(p.Parts) > 1 {
				n += joints(p.Parts)
			}
			before = len(p.Parts) == 1 && joint(p.Parts[0])
		default:
			before = false
		}
	}
	return n
}

func joint(p syntax.WordPart) bool {
	switch p.(type) {
	case *syntax.ParamExp, *syntax.CmdSubst:
		return true
	}
	return false
}

// appended is the disguise of a value that another is put behind: text that is
// built letter by letter is one.
func appended(old, more value) string {
	if old.how != "" {
		return old.how
	}
	return more.how
}

// hidesText reports whether s spells printable characters by their number.
func hidesText(s string) bool { return spelled(s) > 0 }

// spelled counts the printable characters that s spells by their number.
func spelled(s string) int {
	count := 0
	for i := 0; i+2 < len(s); i++ {
		if s[i] != '\\' {
			continue
		}
		i++
		base, digits := uint32(16), ""
		switch c := s[i]; {
		case c == 'x' || c == 'u' || c == 'U':
			digits = s[i+1:]
		case c >= '0' && c <= '7':
			base, digits = 8, s[i:]
		default:
			continue
		}
		n, used := uint32(0), 0
		for used < len(digits) && used < 8 && c0(digits[used]) < base && (base == 16 || used < 4) && n < 0x1000 {
			n = n*base + c0(digits[used])
			used++
			if n >= '-' && n < 0x7f && used >= 2 && (base == 16 || used >= 3) {
				count++
				break
			}
		}
	}
	return count
}

// c0 is the value of a hexadecimal digit; 99 for any other byte.
func c0(b byte) uint32 {
	switch {
	case b >= '0' && b <= '9':
		return uint32(b - '0')
	case b|0x20 >= 'a' && b|0x20 <= 'f':
		return uint32(b|0x20-'a') + 10
	}
	return 99
}

// suspect notes what disguises the last of words.
func (r *reader) suspect(w Word, f *fields, words []Word, programs bool) {
	how := ""
	p := &f.facts
	program := programs && len(words) == 1 && len(words[0].Value) > 0
	pathLike := strings.HasPrefix(w.Raw, "/") || strings.HasPrefix(w.Raw, "~") || strings.HasPrefix(w.Raw, "-")
	inWord := p.literals > 0 && letterEnd(p.bares) && !p.needed
	switch {
	case w.Pipe != "":
	case program && w.how != "" && w.Known:
		how = w.how
	case program && p.substs > 0 && w.Known:
		how = HowSubst
	case p.spelled > maxSpelled, program && p.spelled > 0:
		how = HowEscapes
	case p.how == HowBase64 && programs && !shows[path.Base(words[0].Value)]:
		how = HowBase64
	case p.ifs && !f.one, p.sliced && (program || pathLike), program && p.params > 0 && (p.params > 1 || p.literals > 0 && !strings.Contains(p.bares, "/") || p.sliced) && w.Known:
		how = HowPieces
	case program && (p.quotes+btoi(p.hollow) > 1 || p.quotes > 0 && p.literals > 0 || p.hollow && p.literals > 0) && !p.needed:
		how = HowQuotes
	case p.slashed && (program || pathLike), p.hollow && inWord && p.params == 0 && (program || pathLike), pathLike && inWord && p.literals > 1 && p.quotes > 0:
		how = HowQuotes
	case program && w.Glob != nil:
		how = HowGlob
	}
	if how != "" {
		r.disguise(Disguise{Span: w.Span, How: how, Shown: w.Raw, Real: w.Value})
	}
}

// shows only put out or compare the words that they are given.
var shows = map[string]bool{"echo": true, "printf": true, "test": true, "[": true, "cat": true, "grep": true, "return": true, "jq": true}

// runners run text that they are given.
var runners = map[string]bool{
	"sh": true, "bash": true, "dash": true, "zsh": true, "ksh": true, "mksh": true, "ash": true, "rbash": true, "fish": true, "eval": true, "source": true, ".": true,
	"xargs": true, "parallel": true, "busybox": true, "python": true, "python3": true, "python2": true, "perl": true, "ruby": true, "node": true,
	"php": true, "lua": true, "at": true, "batch": true, "ssh": true, "su": true, "pwsh": true, "crontab": true, "mapfile": true,
}

// hidden notes text that cmd runs and that cannot be read where it stands.
func (r *reader) hidden(cmd *Command) {
	runs := false
	for n, w := range cmd.Words {
		if runs && w.how != "" && (w.Known || w.Feed != nil) {
			real := w.Value
			if w.Feed != nil {
				real = *w.Feed
			}
			r.disguise(Disguise{Span: w.Span, How: w.how, Shown: w.Raw, Real: real})
			return
		}
		if n < 8 {
			runs = runs || runners[path.Base(w.Value)] && (n == 0 || w.Value != ".")
		}
	}
	if runs && cmd.Input != nil && cmd.inputHow != "" {
		r.disguise(Disguise{Span: cmd.Span, How: cmd.inputHow, Real: strings.TrimSpace(*cmd.Input)})
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func letterEnd(s string) bool {
	return s != "" && (s[len(s)-1]|0x20 >= 'a' && s[len(s)-1]|0x20 <= 'z')
}

// invisible finds runes in text that hide or look like others.
func invisible(text string) []Disguise {
	if ascii(text) {
		return nil
	}
	var out []Disguise
	for _, m := range quote.Invisible(text) {
		if m.Rune == '\x1b' || m.Rune == 0 || m.Rune == '\r' {
			continue // shown as what they are; a carriage return is part of a script from elsewhere
		}
		out = append(out, Disguise{Span: effect.Span{m.Start, m.End}, How: HowInvisible, Shown: quote.Line(text[m.Start:m.End]).String()})
	}
	for _, m := range quote.Confusables(text) {
		if !unicode.IsLetter(m.Rune) && inQuotes(text, m.Start) {
			continue // typographic quotes and dashes are part of what people write
		}
		out = append(out, Disguise{Span: effect.Span{m.Start, m.End}, How: HowLookAlike, Shown: string(m.Rune), Real: m.LooksLike})
	}
	return out
}

// inQuotes reports that the byte at stands in quotes, as far as a look from the
// start of its line tells.
func inQuotes(text string, at int) bool {
	open := byte(0)
	for i := strings.LastIndexByte(text[:at], '\n') + 1; i < at; i++ {
		switch c := text[i]; {
		case c == '\\' && open != '\'':
			i++
		case open == 0 && (c == '\'' || c == '"'):
			open = c
		case c == open:
			open = 0
		}
	}
	return open != 0
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] < 0x20 && s[i] != '\n' && s[i] != '\t' || s[i] == 0x7f {
			return false
		}
	}
	return true
}
