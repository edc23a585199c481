package shell

import (
	"cmp"
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
	rooted   bool   // a letter was cut out of a variable that every shell has
	between  int    // variables with letters straight on both sides
	inside   int    // substitutions that stand straight beside letters
	sliced   bool   // a variable was cut up or changed
	ifs      bool   // IFS stands in it
	spelled  int    // letters in $'…' that are spelled by their number
	changed  bool   // a variable was changed by more than taking off an end
	joined   int    // expansions that follow straight on another
	text     bool   // text stands beside the expansions
	how      string // what the text of an expansion was made through
	letter   bool   // a substitution comes to a single letter through a disguise
	sure     bool   // the text of a substitution is known
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
	p.text = true
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
	for _, q := range parts {
		_, lit := q.(*syntax.Lit)
		p.text = p.text || lit
	}
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
	p.sure = p.sure || o.known
	p.letter = p.letter || o.known && o.how != "" && len(strings.TrimSpace(o.text)) == 1
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
	p.rooted = p.rooted || e.Param != nil && (rooted(e) || e.Param.Value == "BASH" && e.Slice != nil)
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

// howTrimmed is the disguise of a text whose end was cut off. It counts only where
// the whole text is run so, and is then said to be put together from pieces.
const howTrimmed = "trimmed"

var trims = map[syntax.ParExpOperator]bool{
	syntax.RemSmallPrefix: true, syntax.RemLargePrefix: true, syntax.RemSmallSuffix: true, syntax.RemLargeSuffix: true,
}

// maxSpelled is how many letters may be spelled by number in a word that is
// not run.
const maxSpelled = 2

// hidden is the disguise that the text of a word comes through; empty: none.
func (p *partFacts) hidden() string {
	switch {
	case p.how == howTrimmed && (p.text || p.params+p.substs > 1):
		return ""
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
	how := cmp.Or(old.how, more.how)
	if how == "" && !old.array && !more.array && known(old) && known(more) {
		how = seamed(old.str, more.str)
	}
	return how
}

// seamed is the disguise of a text that is put behind another.
func seamed(a, b string) string {
	switch {
	case seam(a, b):
		return HowPieces
	case a != "" && b != "" && strings.IndexByte(" \t\n;|&", a[len(a)-1]) < 0 && strings.IndexByte(" \t\n;|&", b[0]) < 0:
		return howTrimmed
	}
	return ""
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
	if w.how == howTrimmed {
		w.how = ""
	}
	switch {
	case w.Pipe != "":
	case program && w.how != "" && w.Known:
		how = w.how
	case program && p.substs > 0 && w.Known:
		how = HowSubst
	case p.spelled > maxSpelled, program && p.spelled > 0:
		how = HowEscapes
	case p.how == HowBase64 && (p.sure || p.substs == 0) && programs && !shows[path.Base(words[0].Value)]:
		how = HowBase64
	case programs && p.sure && (p.how == HowBase64 || p.how == HowSubst || p.how == HowEscapes) && strings.HasPrefix(w.Value, "/") && !justPrints(path.Base(words[0].Value)):
		how = p.how
	case p.letter && f.glued && programs && !shows[path.Base(words[0].Value)], p.rooted && programs && !shows[path.Base(words[0].Value)], p.inside > 1 && programs && !shows[path.Base(words[0].Value)]:
		how = HowPieces
	case p.ifs && !f.one, p.sliced && (program || pathLike), program && p.params > 0 && (p.params > 1 || p.literals > 0 && !strings.Contains(p.bares, "/") || p.sliced) && w.Known:
		how = HowPieces
	case program && (p.quotes+btoi(p.hollow) > 1 || p.quotes > 0 && p.literals > 0 || p.hollow && p.literals > 0) && !p.needed:
		how = HowQuotes
	case p.slashed && (program || pathLike), p.hollow && inWord && p.params == 0 && (program || pathLike), pathLike && inWord && p.literals > 1 && p.quotes > 0:
		how = HowQuotes
	case program && p.between > 0 && !w.Known:
		how = HowPieces
	case program && w.Glob != nil:
		how = HowGlob
	}
	if how != "" {
		r.disguise(Disguise{Span: w.Span, How: how, Shown: w.Raw, Real: w.Value})
	}
}

// broken notes a word that goes over the end of a line between two letters.
func (r *reader) broken(span effect.Span, raw, value string, program bool) {
	if i := strings.Index(raw, "\\\n"); i > 0 && i+2 < len(raw) && alnum(raw[i-1]) && (alnum(raw[i+2]) || raw[i+2] == '\\') && (program || strings.HasPrefix(value, "/")) {
		r.disguise(Disguise{Span: span, How: HowQuotes, Shown: raw, Real: value})
	}
}

// shows only put out or compare the words that they are given.
var shows = map[string]bool{"echo": true, "printf": true, "test": true, "[": true, "cat": true, "grep": true, "return": true, "jq": true}

func justPrints(program string) bool { return program == "echo" || program == "printf" }

// runners run text that they are given.
var runners = map[string]bool{
	"sh": true, "bash": true, "dash": true, "zsh": true, "ksh": true, "mksh": true, "ash": true, "rbash": true, "fish": true, "eval": true, "source": true, ".": true,
	"xargs": true, "parallel": true, "busybox": true, "python": true, "python3": true, "python2": true, "perl": true, "ruby": true, "node": true,
	"php": true, "lua": true, "make": true, "gmake": true, "script": true, "trap": true, "flock": true, "at": true, "batch": true, "ssh": true, "su": true, "pwsh": true, "crontab": true, "mapfile": true,
}

// hidden notes text that cmd runs and that cannot be read where it stands.
func (r *reader) hidden(cmd *Command) {
	runs, shell := false, false
	for n, w := range cmd.Words {
		runText := w.Value
		v, content := r.content(w)
		if content {
			runText = v.str
		}
		if (n == 0 || runs) && v.how != "" && w.Known && strings.Contains(w.Value, "/") {
			w.how = v.how
		}
		if n == 0 && w.Known && content && v.how != "" && v.how != howTrimmed && strings.Contains(w.Value, "/") {
			r.disguise(Disguise{Span: w.Span, How: w.how, Shown: w.Raw})
			return
		}
		if w.how == howTrimmed && !(shell && strings.Contains(runText, " ")) {
			continue
		}
		if runs && w.how != "" && (w.Known || w.Feed != nil || decoding[w.how] && shell) {
			real := w.Value
			if w.Feed != nil {
				real = *w.Feed
			}
			r.disguise(Disguise{Span: w.Span, How: w.how, Shown: w.Raw, Real: real})
			return
		}
		if n < 8 {
			runs = runs || runners[path.Base(w.Value)] && (n == 0 || w.Value != ".")
			shell = shell || shells[path.Base(w.Value)] && (n == 0 || w.Value != ".")
		}
	}
	if runs && cmd.inputHow != "" && (cmd.inputHow != howTrimmed || shell) {
		d := Disguise{Span: cmd.Span, How: cmd.inputHow}
		if cmd.Input != nil {
			d.Real = strings.TrimSpace(*cmd.Input)
		}
		if cmd.Input != nil || decoding[d.How] {
			r.disguise(d)
		}
	}
}

// disguiseFed notes that the text of a <(…) is run.
func (r *reader) disguiseFed(w Word) {
	if w.how != "" {
		r.disguise(Disguise{Span: w.Span, How: w.how, Shown: w.Raw, Real: *w.Feed})
	}
}

// decoding are disguises that say enough where the text itself is not known.
var decoding = map[string]bool{HowBase64: true, HowEscapes: true}

// shells run the text that they are given as shell commands.
var shells = nameSet(`sh bash dash zsh ksh mksh ash rbash eval source .`)

// glued reports that bare letters stand straight beside an expansion.
func glued(parts []syntax.WordPart) bool {
	for i := 1; i < len(parts); i++ {
		a, ok1 := parts[i-1].(*syntax.Lit)
		b, ok2 := parts[i].(*syntax.Lit)
		if ok1 != ok2 && (ok1 && a.Value != "" || ok2 && b.Value != "") {
			return true
		}
	}
	return false
}

// enclosed counts the expansions of either kind that letters enclose on one side or on both.
func enclosed(parts []syntax.WordPart) (params, substs int) {
	letter := func(i int, end bool) bool {
		if i < 0 || i >= len(parts) {
			return false
		}
		l, ok := parts[i].(*syntax.Lit)
		if !ok || l.Value == "" {
			return false
		}
		if end {
			return alnum(l.Value[len(l.Value)-1])
		}
		return alnum(l.Value[0])
	}
	for i, p := range parts {
		before, after := letter(i-1, true), letter(i+1, false)
		switch p.(type) {
		case *syntax.ParamExp:
			params += btoi(before && after)
		case *syntax.CmdSubst:
			substs += btoi(before) + btoi(after)
		}
	}
	return params, substs
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
