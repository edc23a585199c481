package shell

import (
	"strings"

	"escort/explain/effect"

	"escort/explain/say"
	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// maxFields is how many words one word may become before it counts as not
// known; maxGlob is how many paths are asked for.
const (
	maxFields = 256
	maxGlob   = 1000
	maxBraces = 64
	maxValue  = 64 << 10
)

func known(v value) bool { return !v.home && !strings.Contains(v.str, Unknown) && !v.array }

// scalar is the value where one string is asked for.
func (v value) scalar() string {
	if v.array && len(v.list) > 0 && v.list[0] != hole {
		return v.list[0]
	}
	return v.str
}

// field is one word under construction.
type field struct {
	text    strings.Builder
	pattern strings.Builder // text with quoted wildcards escaped
	wild    bool
	quoted  bool
	made    bool
	multi   bool
	home    bool
	some    bool // something is in it, if only quotes
	why     string
	glob    *Globbed
	head    int // how much text stands before what glob stands for
	tail    int // where the text behind it begins
	parts   int
}

// fields collects the words that one word of the text becomes.
type fields struct {
	r     *reader
	st    state
	one   bool // no splitting, no wildcards: an assignment, a here-document
	ifs   string
	done  []*field
	cur   *field
	pipe  string
	feed  *string // what a <(…) in it puts out, where known
	glued bool    // letters stand beside the expansions in it
	facts partFacts
	of    []int // Commands of whose output variables in it are a part
	fresh bool  // it is the name of a file that was made just now
}

func (f *fields) field() *field {
	if f.cur == nil {
		f.cur = &field{}
	}
	return f.cur
}

func (f *fields) end() {
	if f.cur != nil {
		f.done = append(f.done, f.cur)
		f.cur = nil
	}
}

// literal adds text that is not split; quoted text holds no wildcards.
func (f *fields) literal(s string, quoted bool) {
	c := f.field()
	c.some = true
	c.quoted = c.quoted || quoted
	if c.made && c.text.Len()+len(s) > maxValue {
		// Doubling a variable again and again must not fill the memory.
		s = Unknown
		c.why = say.Text("shell.it-becomes-too-long")
	}
	if strings.Contains(s, Unknown) && c.why == "" {
		c.why = say.Text("shell.it-is-made-from-text")
	}
	put(&c.text, s)
	if quoted {
		put(&c.pattern, escapeGlob(s))
	} else {
		put(&c.pattern, s)
		c.wild = c.wild || strings.ContainsAny(s, "*?[")
	}
}

// put appends s, keeping stretches of [Unknown] single.
func put(b *strings.Builder, s string) {
	if strings.HasPrefix(s, Unknown) && strings.HasSuffix(b.String(), Unknown) {
		s = s[len(Unknown):]
	}
	b.WriteString(s)
}

func escapeGlob(s string) string {
	if !strings.ContainsAny(s, `*?[\`) {
		return s
	}
	return globEscapes.Replace(s)
}

var globEscapes = strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `\`, `\\`)

// expanded adds the result of an expansion, which is split unless quoted.
func (f *fields) expanded(v value, quoted bool) {
	c := f.field()
	c.made = true
	c.parts++
	if v.why != "" && c.why == "" {
		c.why = v.why
	}
	if v.home && c.text.Len() == 0 {
		c.home = true
	}
	if v.glob != nil && c.glob == nil {
		c.glob, c.head = v.glob, c.text.Len()
		defer func() { c.tail = c.text.Len() }()
	}
	if v.how != "" && f.facts.how == "" {
		f.facts.how = v.how
	}
	if quoted || f.one {
		f.literal(v.str, true)
		c.quoted = c.quoted || quoted
		return
	}
	if strings.Contains(v.str, Unknown) {
		if v.glob == nil {
			c.multi = true
		}
		f.literal(v.str, false)
		return
	}
	f.split(v.str)
}

// split adds unquoted text that breaks into words at IFS.
func (f *fields) split(s string) {
	for s != "" {
		i := strings.IndexAny(s, f.ifs)
		if i < 0 || f.ifs == "" {
			f.literal(s, false)
			return
		}
		if i > 0 {
			f.literal(s[:i], false)
		}
		// White space at the very start ends nothing.
		if i > 0 || f.cur != nil && f.cur.some || !strings.ContainsRune(" \t\n", rune(s[i])) {
			f.end()
		}
		s = s[i+1:]
		if len(f.done) > maxFields {
			f.field().multi = true
			f.field().why = say.Text("shell.it-becomes-too-many-words")
			f.literal(Unknown, false)
			return
		}
		if s != "" {
			f.field().made = true
		}
	}
}

// list adds the elements of "$@" or "${a[@]}", each a word of its own.
func (f *fields) list(v value, quoted bool) {
	c := f.field()
	c.made = true
	if v.str == Unknown || len(v.list) > maxFields {
		c.multi = true
		c.why = v.why
		f.literal(Unknown, quoted)
		return
	}
	for i, s := range v.elements() {
		if i > 0 {
			f.end()
			f.field().made = true
		}
		f.expanded(value{str: s, how: v.how}, quoted)
	}
}

// words expands a list of words as the shell does for a command.
func (r *reader) words(list []*syntax.Word, st state) []Word {
	out := make([]Word, 0, len(list))
	for _, w := range list {
		if len(out) > MaxNodes {
			return append(out, unknownWord(st.src.node(w), "", say.Text("shell.it-becomes-too-many-words")))
		}
		out = r.appendWords(out, w, st)
	}
	return out
}

func (r *reader) appendWords(out []Word, w *syntax.Word, st state) []Word {
	// The common case: one bare literal.
	if len(w.Parts) == 1 {
		if lit, ok := w.Parts[0].(*syntax.Lit); ok && bareLiteral(lit.Value) {
			from, to := lit.ValuePos.Offset(), lit.ValueEnd.Offset()
			if int(to-from) > len(lit.Value) {
				r.broken(st.src.span(from, to), st.src.raw(from, to), lit.Value, st.program && len(out) == 0)
			}
			return append(out, Word{Span: st.src.span(from, to), Raw: st.src.raw(from, to), Value: lit.Value, Known: true, Prefix: lit.Value})
		}
	}
	span, raw := st.src.node(w), st.src.raw(w.Pos().Offset(), w.End().Offset())
	if !strings.Contains(raw, "{") || r.opts.Variant == Posix {
		return r.expandWord(out, w, span, raw, st, false)
	}
	if strings.Count(raw, "{") > maxBraces {
		r.inside(w, st)
		return append(out, unknownWord(span, raw, say.Text("shell.it-has-too-many-braces")))
	}
	// SplitBraces changes the list of parts in place.
	split := &syntax.Word{Parts: append([]syntax.WordPart(nil), w.Parts...)}
	if !syntax.SplitBraces(split) {
		return r.expandWord(out, w, span, raw, st, false)
	}
	start := len(out)
	if st.program && start == 0 && strings.HasPrefix(raw, "{") {
		r.disguise(Disguise{Span: span, How: HowPieces, Shown: raw})
	}
	for one, err := range expand.BracesSeq(nil, split) {
		if err != nil || len(out)-start >= maxFields || !r.spend(1, span) {
			return append(out[:start], unknownWord(span, raw, say.Text("shell.it-becomes-too-many-words")))
		}
		out = r.expandWord(out, one, span, raw, st, true)
	}
	return out
}

func unknownWord(span effect.Span, raw, why string) Word {
	return Word{Span: span, Raw: raw, Value: Unknown, Multi: true, Made: true, Why: why}
}

// bareLiteral reports whether s stands for itself.
func bareLiteral(s string) bool { return !strings.ContainsAny(s, "\\~*?[{\uFFFC") }

// expandWord expands w, which has no braces left.
func (r *reader) expandWord(out []Word, w *syntax.Word, span effect.Span, raw string, st state, made bool) []Word {
	f := r.collect(w.Parts, st, false)
	feeds := r.feeding
	r.feeding = nil
	f.end()
	if st.program && len(out) == 0 && len(f.done) > 1 && f.facts.params > 0 && !strings.Contains(f.ifs, " ") {
		r.disguise(Disguise{Span: span, How: HowPieces, Shown: raw})
	}
	for _, c := range f.done {
		if !c.some && !c.multi {
			continue // an unquoted expansion that came to nothing
		}
		word := r.finish(c, st)
		word.Span, word.Raw, word.From, word.Of, word.Pipe = span, raw, feeds, f.of, f.pipe
		word.Feed, word.how = f.feed, f.facts.hidden()
		word.Made = word.Made || made
		out = append(out, word)
		if f.facts.any() || word.Made || word.Quoted || word.Glob != nil {
			r.suspect(word, f, out, st.program)
		}
	}
	return out
}

// finish makes a Word of a field.
func (r *reader) finish(c *field, st state) Word {
	w := Word{Value: c.text.String(), Quoted: c.quoted, Made: c.made, Multi: c.multi, Home: c.home, Why: c.why, Glob: c.globbed()}
	cut := strings.Index(w.Value, Unknown)
	w.Known = cut < 0 && !c.home
	switch {
	case c.home:
	case cut >= 0:
		w.Prefix = w.Value[:cut]
	default:
		w.Prefix = w.Value
	}
	if w.Known {
		w.Why = ""
	}
	if c.wild && w.Glob == nil && looksWild(c.pattern.String()) {
		w.Glob = r.glob(c.pattern.String(), w.Known, st)
		w.Multi = true
	}
	return w
}

// globbed is the pattern of the whole word.
func (c *field) globbed() *Globbed {
	g, text := c.glob, c.text.String()
	if g == nil || c.head == 0 && c.tail == len(text) {
		return g
	}
	before, after := text[:c.head], text[c.tail:]
	out := &Globbed{Pattern: before + g.Pattern + after}
	if g.Known && !strings.Contains(before+after, Unknown) {
		out.Known, out.More = true, g.More
		for _, p := range g.Paths {
			out.Paths = append(out.Paths, before+p+after)
		}
	}
	return out
}

// looksWild reports whether pattern has a wildcard: a lone [ is none.
func looksWild(pattern string) bool {
	if strings.ContainsAny(pattern, "*?") {
		return true
	}
	i := strings.IndexByte(pattern, '[')
	return i >= 0 && strings.IndexByte(pattern[i+1:], ']') > 0
}

// glob asks the host what a pattern matches.
func (r *reader) glob(pattern string, whole bool, st state) *Globbed {
	g := &Globbed{Pattern: pattern}
	if r.opts.World == nil || !whole {
		return g
	}
	ask, strip := pattern, ""
	if !strings.HasPrefix(pattern, "/") {
		dir := r.lookup("PWD", st)
		if !known(dir) {
			return g
		}
		if cwd, _, _ := r.opts.World.Facts(); dir.str != cwd {
			strip = strings.TrimSuffix(dir.str, "/") + "/"
			ask = escapeGlob(strip) + pattern
		}
	}
	paths, more, err := r.opts.World.Glob(r.ctx, ask, maxGlob)
	if err != nil && !isAbsent(err) {
		return g
	}
	g.Known, g.More = true, more
	for _, p := range paths {
		g.Paths = append(g.Paths, strings.TrimPrefix(clean(p), strip))
	}
	return g
}

// globShape is a pattern with each wildcard replaced by [Unknown].
func globShape(pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '*', '?':
			put(&b, Unknown)
		case '[':
			if end := strings.IndexByte(pattern[i+1:], ']'); end > 0 {
				put(&b, Unknown)
				i += end + 1
				continue
			}
			b.WriteByte('[')
		default:
			b.WriteByte(pattern[i])
		}
	}
	return b.String()
}

// word expands w to exactly one word, as in an assignment.
func (r *reader) word(w *syntax.Word, st state) Word {
	if w == nil {
		return Word{Known: true}
	}
	f := r.collect(w.Parts, st, true)
	feeds := r.feeding
	r.feeding = nil
	c := f.field()
	c.wild = false
	word := r.finish(c, st)
	word.Multi = false
	word.Span, word.Raw = st.src.node(w), st.src.raw(w.Pos().Offset(), w.End().Offset())
	word.From, word.Of, word.Pipe, word.fresh = feeds, f.of, f.pipe, f.fresh
	word.Feed, word.how = f.feed, f.facts.hidden()
	return word
}

func (r *reader) collect(parts []syntax.WordPart, st state, one bool) *fields {
	f := &fields{r: r, st: st, one: one}
	f.ifs = r.separators(st)
	f.glued = glued(parts)
	for i, p := range parts {
		f.part(p, i == 0, i == len(parts)-1)
	}
	f.facts.joined = joints(parts)
	f.facts.between, f.facts.inside = enclosed(parts)
	return f
}

// document expands the body of a here-document.
func (r *reader) document(w *syntax.Word, st state, literal, dash bool) value {
	if w == nil {
		return value{}
	}
	f := &fields{r: r, st: st, one: true}
	for _, p := range w.Parts {
		lit, ok := p.(*syntax.Lit)
		switch {
		case ok && literal:
			f.literal(lit.Value, true)
		case ok:
			f.literal(unescapeIn(lit.Value, "$`\\"), true)
		default:
			f.quotedPart(p)
		}
	}
	r.feeding = nil
	f.facts.joined = joints(w.Parts)
	s := f.field().text.String()
	if dash {
		lines := strings.Split(s, "\n")
		for i := range lines {
			lines[i] = strings.TrimLeft(lines[i], "\t")
		}
		s = strings.Join(lines, "\n")
	}
	return value{str: s, why: f.field().why, home: f.field().home, how: f.facts.hidden()}
}
