package shell

import (
	"strings"
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
	escapes  bool   // $'…' that spells letters by number
	how      string // of a command substitution
	substs   int
	literals int    // stretches of bare text
	bares    string // the bare text
	quotes   int    // stretches of quoted text that needed no quotes
	needed   bool   // some quoted stretch needed its quotes
	slashed  bool   // a backslash inside a word, before a letter
	hollow   bool   // quotes with nothing in them
}

func (p *partFacts) any() bool {
	return p.params > 0 || p.escapes || p.substs > 0 || p.quotes > 0 || p.slashed || p.hollow
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
}

// hidesText reports whether s spells printable characters by their number.
func hidesText(s string) bool {
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
		for used < len(digits) && used < 8 && (c0(digits[used]) < base) && (base == 16 || used < 4) && n < 0x1000 {
			n = n*base + c0(digits[used])
			used++
			if n >= '0' && n < 0x7f && used >= 2 && (base == 16 || used == 3) {
				return true
			}
		}
	}
	return false
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

// suspect notes what disguises a word; program says that it names what is run.
func (r *reader) suspect(w Word, f *fields, program bool) {
	how := ""
	p := &f.facts
	pathLike := strings.HasPrefix(w.Raw, "/") || strings.HasPrefix(w.Raw, "~") || strings.HasPrefix(w.Raw, "-")
	inWord := p.literals > 0 && letterEnd(p.bares) && !p.needed
	switch {
	case p.how != "":
		how = p.how
	case p.escapes:
		how = HowEscapes
	case program && p.substs > 0 && w.Known:
		how = HowSubst
	case p.ifs && !f.one, p.sliced && (program || pathLike), program && p.params > 0 && (p.params > 1 || p.literals > 0 && !strings.Contains(p.bares, "/") || p.sliced) && w.Known:
		how = HowPieces
	case program && (p.quotes+btoi(p.hollow) > 1 || p.quotes > 0 && p.literals > 0 || p.hollow && p.literals > 0) && !p.needed:
		how = HowQuotes
	case p.slashed && (program || pathLike), p.hollow && inWord && p.params == 0 && (program || pathLike), pathLike && inWord && p.literals > 1 && p.quotes > 0:
		how = HowQuotes
	case program && w.Glob != nil:
		how = HowGlob
	}
	if how == "" {
		return
	}
	r.disguise(Disguise{Span: w.Span, How: how, Shown: w.Raw, Real: w.Value})
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
		out = append(out, Disguise{Span: effect.Span{m.Start, m.End}, How: HowLookAlike, Shown: string(m.Rune), Real: m.LooksLike})
	}
	return out
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] < 0x20 && s[i] != '\n' && s[i] != '\t' || s[i] == 0x7f {
			return false
		}
	}
	return true
}
