package shell

import "escort/explain/effect"

// Unknown stands in [Word.Value] for a stretch of text that cannot be told
// before the command runs. It is U+FFFC, object replacement character; one
// that is typed is replaced by U+FFFD first, so that it is never ambiguous.
const Unknown = "\uFFFC"

// Variant is the language that a text is read as.
type Variant string

// The variants. Zsh is read as bash, which is close enough for what is typed
// at a prompt; what bash cannot read becomes a [Problem].
const (
	Bash  Variant = "bash"
	Posix Variant = "posix"
	Zsh   Variant = "zsh"
)

// Options says how a text is read and what is known around it. The zero value
// reads a bash line on a host of which nothing is known.
type Options struct {
	World   effect.World      // nil: nothing is known
	Variant Variant           // empty: Bash
	Args    []string          // $0, $1, …; nil: not known
	Stdin   *string           // text on the standard input; nil: not known
	Vars    map[string]string // variables known beforehand
	Hidden  map[string]string // the disguises that their values were made through
	Budget  *Budget           // shared over recursion; nil: a new one
	Depth   int               // how deep in a recursion this text is read; refused past MaxDepth
	Script  bool              // a file is read, not a prompt: aliases do not expand
}

// The counted limits, the same on every machine.
const (
	MaxNodes = 50_000
	MaxDepth = 8
)

// Budget counts the nodes that one explanation may still look at.
type Budget struct{ left int }

// NewBudget returns a budget of n nodes.
func NewBudget(n int) *Budget { return &Budget{left: n} }

// Take spends n nodes and reports whether they were there. Once it has said
// no, it says no for ever.
func (b *Budget) Take(n int) bool {
	if b.left < n {
		b.left = -1
		return false
	}
	b.left -= n
	return true
}

// Left is the number of nodes that are left, 0 when the budget is spent.
func (b *Budget) Left() int { return max(b.left, 0) }

// Program is what a text will do, as far as can be told.
type Program struct {
	Text       string     // what the spans point into: the text with invalid bytes replaced by U+FFFD
	Commands   []*Command // flattened, in order of appearance; called functions and aliases inlined
	Defs       []Def
	Problems   []Problem
	Disguises  []Disguise
	Sourced    []Sourced         // files that were read because the text sources them
	Written    map[string]string // what commands put into files, all after one another
	Incomplete bool              // more input could complete it
	Empty      bool              // blank or comments only
}

// Command is one simple command, or the redirections of a compound one.
type Command struct {
	Span       effect.Span
	Words      []Word // Words[0] is the program; empty for bare assignments and bare redirections
	Assigns    []Assign
	Redirs     []Redir
	From       int     // index in Commands whose output is this one's input; -1: none
	FromAll    []int   // every such index, where several feed it
	Input      *string // text on the standard input, where known
	Output     *string // text on the standard output before redirections, where known
	begin      string  // how the input begins, where it is not known
	inputHow   string  // the disguise that the input was made through
	Loop       bool    // may run any number of times
	Maybe      bool    // runs only under a condition
	Background bool
	Subshell   bool
	Negated    bool
	InSubst    bool   // inside $(…), `…`, <(…) or >(…)
	Via        []Via  // what it came through, outermost first
	Def        string // name of the function in whose body it stands, when that is only defined, not called
	Recursive  bool   // calls the function that it stands in
	Dir        string // working directory, where known; it counts each cd as done
	Compound   string // for a command without words: "if", "while", "for", "case", "(", "{", "[[", "((" …; else empty

	// Exported are the variables that programs get from the shell, with what is
	// known of their values, and Hidden the disguises of those.
	Exported, Hidden map[string]string

	// Vars tells the value of a shell variable just before the command runs;
	// false when it is not known. Never nil.
	Vars func(name string) (string, bool)
}

// The kinds of [Via].
const (
	ViaAlias    = "alias"
	ViaFunction = "function"
	ViaEval     = "eval"
	ViaSource   = "source"
	ViaTrap     = "trap"
)

// Via is one step of indirection that a command came through.
type Via struct {
	Kind string
	Name string      // of the alias, function, file or signal; for eval the text
	Span effect.Span // of the call, in the top text
}

// Assign is one NAME=VALUE in front of a command, or standing alone.
type Assign struct {
	Name   string
	Value  Word
	Append bool // +=
	Array  bool // NAME=(…) or NAME[…]=…: Value is the text as written
	Span   effect.Span
}

// Redir is one redirection.
type Redir struct {
	Op       string  // ">", ">>", "<", "<>", ">|", "<&", ">&", "&>", "&>>", "<<", "<<-", "<<<"
	FD       int     // the descriptor that is redirected; -1: chosen by the shell ({name}>…); 1 for "&>"
	Target   Word    // the file or descriptor; for here-documents the delimiter
	HereText *string // what a here-document or here-string feeds, where known
	Span     effect.Span
}

// Word is one word of a command after expansion, as far as it is known.
type Word struct {
	Span   effect.Span // in the top text; for inlined text that of the call
	Raw    string      // as written
	Value  string      // expanded; each stretch that is not known is one [Unknown]
	Known  bool        // Value holds no unknown stretch
	Prefix string      // known beginning of Value
	Multi  bool        // may become no word or several
	Glob   *Globbed    // the file name pattern in it; nil: none
	Quoted bool        // part of it is quoted or escaped
	Made   bool        // differs from what is written by more than quotes
	Why    string      // why it is not known

	// Home says that Value begins with "~" standing for a home folder whose
	// path is not known. Known is false then.
	Home bool
	// From are the Commands whose output the word holds, or for <(…) leads to.
	From []int
	// Of are the Commands whose output, or whose input if they are loops, a
	// variable in the word is a part of: a line that was read, a word of a loop.
	Of []int
	// Pipe is "<(" or ">(" for a word that is a process substitution.
	Pipe string
	// Feed is the text that a "<(" puts out, where known.
	Feed *string

	how   string // the disguise that the text was made through; empty: none
	fresh bool   // it is the name of a file that was made just now
}

// Sourced is a file that was read because the text sources it.
type Sourced struct {
	Path string
	Data []byte
	More bool // the file goes on
	Span effect.Span
}

// Globbed is a file name pattern and what it stands for on the host.
type Globbed struct {
	Pattern string
	Paths   []string
	More    bool // there are further paths
	Known   bool // the host could tell
}

// The kinds of [Def].
const (
	DefFunction = "function"
	DefAlias    = "alias"
	DefTrap     = "trap"
)

// Def is a name that the text gives a meaning.
type Def struct {
	Kind string
	Name string // of the function or alias; the signal of a trap
	Span effect.Span
	Body string
}

// The kinds of [Problem].
const (
	ProblemSyntax        = "syntax"
	ProblemDepth         = "too deep"
	ProblemLength        = "too long"
	ProblemUnpredictable = "unpredictable" // what is run is not known before it runs
	ProblemUnread        = "unread"        // a file that is sourced could not be read
	ProblemCancelled     = "cancelled"     // the caller's context ended
	ProblemInternal      = "internal"      // the reader itself failed
	ProblemBytes         = "bytes"         // NUL or invalid UTF-8
)

// Problem is something that kept the text from being understood whole.
type Problem struct {
	Span effect.Span
	Text string
	Kind string
}

// The ways in which a [Disguise] hides text.
const (
	HowBase64    = "base64"
	HowQuotes    = "quotes inside a word"
	HowEscapes   = "escapes"
	HowPieces    = "variable pieces"
	HowSubst     = "output of another command"
	HowLookAlike = "look-alike letters"
	HowInvisible = "invisible characters"
	HowBytes     = "bytes that are no text"
	HowPadding   = "a long row of blanks"
	HowGlob      = "wildcards in a program name"
)

// Disguise is a stretch of text that is not what it looks like.
type Disguise struct {
	Span  effect.Span
	How   string
	Shown string // as written
	Real  string // what it comes to, as far as known
}
