package shell

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/explain/regex"

	"escort/explain/say"
	"mvdan.cc/sh/v3/syntax"
)

// maxText is how much of a text is read.
const maxText = 1 << 20

// maxSubst bounds how deep command substitutions are followed.
const maxSubst = 100

// reader holds what is common to all the texts that one Parse leads to.
type reader struct {
	ctx     context.Context
	opts    Options
	budget  *Budget
	prog    *Program
	vars    variables
	funcs   map[string][]function
	aliases map[string]alias
	attrs   map[string]attributes
	exports []string         // names that are exported, in order
	noFiles bool             // a command in the background may write them at any time
	files   map[string]value // what the text writes to files, by name
	called  map[string]bool  // functions that were called
	outputs map[*syntax.CmdSubst]outcome
	feeding []int // commands whose output the word being read holds
	drains  []int // commands in >(…) of the words being read
	stopped bool  // a limit was reached, and said
	expands bool  // aliases are expanded

	inRounds   bool // a loop is worked out that only computes
	roundNodes int  // statements and bytes that such loops have taken
	roundBytes int

	work      int // bytes that were computed with
	inlined   int // bytes of texts that the text leads to
	disguised map[Disguise]bool
	troubled  map[Problem]bool
	frame     *frame
}

// frame is a function call.
type frame struct {
	locals map[string]value // values to be put back
	order  []string
}

type function struct {
	body *syntax.Stmt
	src  *source
	line uint
}

type alias struct {
	text string
	line uint // of the top text that defines it; it works from the next one on
}

// state is what holds for the statement being read; it is passed by value.
type state struct {
	src        *source
	loop       bool
	maybe      bool
	background bool
	subshell   bool
	negated    bool
	subst      int // depth of substitutions
	def        string
	via        []Via
	from       []int
	lines      []int // the loop or group whose input is read in it, where a file is
	input      *string
	inputHow   string // the disguise that the input was made through
	begin      string // how the input begins, where it is not known
	feed       *feed  // the input, where several commands read on in it
	depth      int    // of eval, source and functions
	unroll     int    // how often this statement is looked at because of loops around it
	floor      int    // variables set before this time are not known
	line       uint
	noAlias    map[string]bool
	program    bool // the first of the words being read names a program
}

// outcome is what a statement leaves on its standard output.
type outcome struct {
	text  string
	known bool
	how   string // a disguise that the text went through
	begin string // how the text begins, where it is not known
	feeds []int  // commands that write it
	fresh string // how the name begins that it is, of a file made just now; empty: it is none

	status status
}

// Parse reads text. It neither panics nor fails: what could not be read is in
// Problems.
func Parse(ctx context.Context, text string, o Options) (prog *Program) {
	r := newReader(ctx, o)
	prog = r.prog
	defer func() {
		if p := recover(); p != nil {
			r.problem(effect.Span{0, len(prog.Text)}, ProblemInternal, say.Text("shell.reader-failed", "why", fmt.Sprint(p)))
		}
	}()
	text = r.admit(text)
	if o.Depth > MaxDepth {
		r.stop(effect.Span{0, len(prog.Text)}, ProblemDepth, say.Text("shell.it-leads-on-too-often"))
		return prog
	}
	src := &source{text: text, top: true}
	r.text(src, state{src: src, unroll: 1, depth: o.Depth, input: o.Stdin})
	r.defined(src)
	if o.Depth == 0 && !o.Script {
		r.padded()
	}
	if r.opts.Variant == Zsh {
		r.zshCommands()
	}
	if o.Depth > 0 {
		prog.Disguises = append(prog.Disguises, invisible(strings.ReplaceAll(prog.Text, Unknown, "???"))...)
	} else {
		prog.Disguises = append(prog.Disguises, invisible(prog.Text)...)
	}
	prog.Empty = len(prog.Commands) == 0 && len(prog.Problems) == 0 && len(prog.Defs) == 0 && len(prog.Disguises) == 0
	return prog
}

func newReader(ctx context.Context, o Options) *reader {
	if o.Budget == nil {
		o.Budget = NewBudget(MaxNodes)
	}
	if parsers[o.Variant] == nil {
		o.Variant = Bash
	}
	r := &reader{ctx: ctx, opts: o, budget: o.Budget, prog: &Program{}}
	r.expands = !o.Script || o.Variant == Posix
	r.vars.base = r.outside
	return r
}

// admit makes text readable: valid, without NUL or [Unknown], not too long.
func (r *reader) admit(text string) string {
	whole := len(text)
	if whole > maxText {
		text = text[:maxText]
	}
	fixed, bad := quote.Valid(text)
	r.prog.Text = fixed
	if whole > maxText {
		r.problem(effect.Span{len(fixed), len(fixed)}, ProblemLength, say.Text("shell.only-the-first-megabyte-was"))
	}
	if bad || strings.IndexByte(fixed, 0) >= 0 {
		at := strings.IndexAny(fixed, "\x00\uFFFD")
		span := effect.Span{at, at + 1}
		if fixed[at] != 0 {
			span[1] = at + len("\uFFFD")
		}
		r.problem(span, ProblemBytes, say.Text("shell.it-holds-bytes-that-are"))
		r.disguise(Disguise{Span: span, How: HowBytes, Shown: quote.Line(text).String()})
	}
	// Bash drops NUL bytes; a replacement of the same length keeps the spans.
	fixed = strings.ReplaceAll(fixed, "\x00", "\x7f")
	if r.opts.Depth > 0 { // text that another reading made: the stretches are its own
		return fixed
	}
	return strings.ReplaceAll(fixed, Unknown, "\uFFFD")
}

// text reads src and follows what can be read of it.
func (r *reader) text(src *source, st state) outcome {
	st.src = src
	stmts, err := parse(src.text, r.opts.Variant)
	if r.opts.Variant == Zsh {
		r.zshOnly(src, err)
	}
	if err != nil && r.opts.Variant == Zsh {
		// Most of what is typed reads the same in bash.
		if again, e := parse(src.text, Bash); e == nil {
			stmts, err = again, nil
		}
	}
	if err == nil {
		return r.stmts(stmts, st)
	}
	out := r.stmts(stmts, st)
	out.known = false
	r.salvage(src, stmts, err, st)
	return out
}

// closers complete what an unfinished text leaves open, so that its readable
// part can be shown.
var closers = []string{
	"\"", "'", "`", "}", ")", "\")", "))", "; done", "; fi", "; }", "; esac", " :", "\n:\ndone", "\n:\nfi", "\n:; }", " in x) ;; esac",
	"' ; done", "\" ; done", "; then :; fi", "; do :; done",
}

// salvage says what is wrong with src and reads what can be read after the
// statements before the error.
func (r *reader) salvage(src *source, stmts []*syntax.Stmt, err error, st state) {
	whole := src.span(0, uint(len(src.text)))
	if errors.As(err, new(tooDeep)) {
		r.stop(whole, ProblemDepth, say.Text("shell.it-is-nested-too-deeply"))
		return
	}
	open := incomplete(err, src.text)
	at := whole
	text := err.Error()
	var pe syntax.ParseError
	if errors.As(err, &pe) {
		at, text = src.span(pe.Pos.Offset(), pe.Pos.Offset()+1), pe.Text
	}
	if src.top {
		r.prog.Incomplete = open
	}
	r.problem(at, ProblemSyntax, text)
	done := uint(0)
	if len(stmts) > 0 {
		done = min(stmts[len(stmts)-1].End().Offset(), uint(len(src.text)))
	}
	rest := src.text[done:]
	if strings.Trim(rest, " \t\n;&|") == "" {
		return
	}
	if len(rest) > 64<<10 || !r.spend(1, whole) {
		return
	}
	st.maybe = true
	if filled := placeholders(rest); filled != rest {
		if stmts, err := parse(filled, r.opts.Variant); err == nil && len(stmts) > 0 {
			r.stmts(stmts, r.within(src, done, filled, st))
			return
		}
	}
	if open {
		for _, c := range append(delimiter(rest, text), closers...) {
			if stmts, err := parse(rest+c, r.opts.Variant); err == nil && len(stmts) > 0 {
				r.stmts(stmts, r.within(src, done, rest+c, st))
				return
			}
		}
	}
	r.pieces(src, done, rest, st)
}

var angled = regex.New(`<[A-Za-z][A-Za-z0-9_./:@ -]*>`)

// placeholders puts braces around the names that stand for something to be
// filled in, as in "cp <file> <folder>", which no shell takes as it is.
func placeholders(text string) string {
	return angled.ReplaceAllStringFunc(text, func(s string) string {
		return "{" + strings.ReplaceAll(s[1:len(s)-1], " ", "_") + "}"
	})
}

// delimiter is what ends the here-document that text is about, which lacks an
// end: the end of the file serves bash as one.
func delimiter(rest, text string) []string {
	_, word, ok := strings.Cut(text, "here-document ")
	if !ok {
		return nil
	}
	end := strings.Trim(word, "'`\"") + "\n"
	if !strings.HasSuffix(rest, "\n") {
		end = "\n" + end
	}
	return []string{end}
}

// opening reads the longest beginning of piece, in whole words, that can be
// read: behind a redirection or an assignment the words that the parser
// stumbles over are not special to bash.
func (r *reader) opening(src *source, done uint, piece string, st state) {
	for n := 0; n < maxOpening && len(piece) < maxPiece; n++ {
		cut := strings.LastIndexAny(strings.TrimRight(piece, " \t\r"), " \t")
		if cut < 0 || strings.TrimSpace(piece[:cut]) == "" || !r.spend(1+cut/16, src.span(done, done+uint(cut))) {
			return
		}
		piece = piece[:cut]
		if stmts, err := parse(piece, r.opts.Variant); err == nil {
			r.stmts(stmts, r.within(src, done, piece, st))
			return
		}
	}
}

// maxOpening is how many words are left out at most to read the rest of a piece
// of at most maxPiece bytes.
const (
	maxOpening = 8
	maxPiece   = 4 << 10
)

// pieces reads each stretch of rest between separators for itself.
func (r *reader) pieces(src *source, done uint, rest string, st state) {
	for len(rest) > 0 {
		end := strings.IndexAny(rest, ";\n|&(){}")
		if end < 0 {
			end = len(rest)
		}
		if piece := rest[:end]; strings.TrimSpace(piece) != "" {
			if !r.spend(1, src.span(done, done+uint(end))) {
				return
			}
			if stmts, err := parse(piece, r.opts.Variant); err == nil {
				r.stmts(stmts, r.within(src, done, piece, st))
			} else {
				r.piece(src, done, piece, st)
			}
		}
		end = min(end+1, len(rest))
		rest, done = rest[end:], done+uint(end)
	}
}

// piece reads a stretch that cannot be read as it is.
func (r *reader) piece(src *source, done uint, piece string, st state) {
	for _, c := range []string{"\"", "'", "`"} {
		if stmts, err := parse(piece+c, r.opts.Variant); err == nil {
			r.stmts(stmts, r.within(src, done, piece+c, st))
			return
		}
	}
	r.opening(src, done, piece, st)
}

// within is st for text that stands at offset of src.
func (r *reader) within(src *source, offset uint, text string, st state) state {
	st.src = &source{text: text, under: src, tail: 0, tailIn: int(offset)}
	return st
}

// spend takes n nodes of the budget; false means: read no further.
func (r *reader) spend(n int, span effect.Span) bool {
	if r.stopped {
		return false
	}
	if r.inRounds {
		return r.afford(0)
	}
	if !r.budget.Take(n) {
		r.stop(span, ProblemLength, say.Text("shell.it-is-too-long-to"))
		return false
	}
	if r.ctx.Err() != nil {
		r.stop(span, ProblemCancelled, say.Text("shell.there-was-no-time-to"))
		return false
	}
	return true
}

func (r *reader) stop(span effect.Span, kind, text string) {
	r.stopped = true
	r.problem(span, kind, text)
}

func (r *reader) problem(span effect.Span, kind, text string) {
	if !first(&r.troubled, Problem{Span: span, Kind: kind}) {
		return
	}
	r.prog.Problems = append(r.prog.Problems, Problem{Span: span, Kind: kind, Text: text})
}

// first reports that a key is new, and remembers it.
func first[K comparable](seen *map[K]bool, key K) bool {
	if *seen == nil {
		*seen = make(map[K]bool)
	}
	if (*seen)[key] {
		return false
	}
	(*seen)[key] = true
	return true
}

// maxWork is how many bytes of values are computed with while a text is read.
const maxWork = 8 << 20

// compute takes what computing with n bytes costs; false: it is too much.
func (r *reader) compute(n int) bool {
	if r.work > maxWork {
		return false
	}
	r.work += n
	return r.work <= maxWork
}

func (r *reader) disguise(d Disguise) {
	if d.How == howTrimmed {
		d.How = HowPieces
	}
	if !first(&r.disguised, Disguise{Span: d.Span, How: d.How}) {
		return
	}
	r.prog.Disguises = append(r.prog.Disguises, d)
}

// outside is what is known of a variable that the text does not set.
func (r *reader) outside(name string) value {
	if v, ok := r.opts.Vars[name]; ok {
		return value{str: v, how: r.opts.Hidden[name]}
	}
	switch name {
	case "@":
		if r.opts.Args != nil {
			return value{array: true, list: r.opts.Args[min(1, len(r.opts.Args)):]}
		}
		if !r.opts.Script && r.opts.Depth == 0 {
			return value{array: true, str: Unknown, prompt: true, why: say.Text("shell.the-arguments-are-not-known")}
		}
		return value{array: true, list: nil, str: Unknown, why: say.Text("shell.the-arguments-are-not-known")}
	case "0":
		if len(r.opts.Args) > 0 {
			return textValue(r.opts.Args[0])
		}
		if !r.opts.Script && r.opts.Depth == 0 && r.opts.Variant == Bash {
			return textValue("bash")
		}
		return unknownValue(say.Text("shell.it-depends-on-how-the"))
	case "IFS":
		if v := r.asked(name); known(v) && !v.unset {
			return v
		}
		return textValue(" \t\n")
	case "$", "!", "?", "-", "_", "RANDOM", "SRANDOM", "SECONDS", "LINENO", "BASHPID", "EPOCHSECONDS", "EPOCHREALTIME", "REPLY":
		return unknownValue(say.Text("shell.it-is-not-known-before"))
	}
	return r.asked(name)
}

// asked is what the host says of a variable.
func (r *reader) asked(name string) value {
	notHere := unknownValue(say.Text("shell.the-value-of-is-not", "name", name))
	if r.opts.World != nil {
		cwd, user, _ := r.opts.World.Facts()
		switch {
		case name == "PWD" && cwd != "":
			return textValue(cwd)
		case (name == "USER" || name == "LOGNAME") && user != "":
			return textValue(user)
		}
		s, err := r.opts.World.Lookup(r.ctx, effect.LookupVariable, name)
		if err == nil {
			return textValue(clean(s))
		}
		if isAbsent(err) {
			return value{unset: true}
		}
	}
	if name == "HOME" {
		return value{str: "~", home: true, why: say.Text("shell.the-home-folder-is-not")}
	}
	return notHere
}

// clean makes text from outside free of [Unknown] and NUL.
func clean(s string) string {
	s = strings.ReplaceAll(s, "\x00", "")
	return strings.ReplaceAll(s, Unknown, "\uFFFD")
}
