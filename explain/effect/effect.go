// Package effect is the vocabulary of an explanation: risks, effects,
// findings, parts of a command, the plan of what it may start, and the view of
// a host that an explanation may ask. It is a leaf: every other package that
// talks about commands talks in these types.
//
// The JSON member names and the closed lists of words are a contract; package
// explain prints them as a JSON Schema. Slices in an [Explanation] are never
// nil once it has been through [Explanation.Normalize], so that arrays are
// never null in JSON.
package effect

import (
	"slices"
	"time"
)

// Span is a half-open range [start, end) of bytes in the explained text, after
// invalid bytes were replaced by U+FFFD.
type Span [2]int

// Effect is one consequence of a command, for example "deletes /srv/backup".
type Effect struct {
	Verb      string    `json:"verb"`
	Object    string    `json:"object"`
	Role      Role      `json:"role"`
	Scope     Scope     `json:"scope"`
	As        string    `json:"as"` // account that it happens as; empty: the session's own
	Dimension Dimension `json:"dimension"`
	Recursive bool      `json:"recursive"`
	Risk      Risk      `json:"risk"`
	Span      *Span     `json:"span,omitempty"`
}

// OwnPrompt is the ID of the finding about a program that reads lines at a
// prompt of its own.
const OwnPrompt = "own-prompt"

// Finding is one reason for concern.
type Finding struct {
	ID        string    `json:"id"` // kebab-case, stable
	Text      string    `json:"text"`
	Dimension Dimension `json:"dimension"`
	Technique string    `json:"technique"` // ATT&CK technique such as T1485; empty: none
	Risk      Risk      `json:"risk"`
	Span      *Span     `json:"span,omitempty"`
}

// Found reports whether one of the findings has an ID.
func Found(all []Finding, id string) bool {
	return slices.ContainsFunc(all, func(f Finding) bool { return f.ID == id })
}

// Part is one word or group of words of the command and what it means there.
type Part struct {
	Span    Span       `json:"span"`
	Text    string     `json:"text"`
	Meaning string     `json:"meaning"`
	Source  PartSource `json:"source"`
	Kind    PartKind   `json:"kind,omitempty"`    // empty: the shell's own, such as a redirection
	Program string     `json:"program,omitempty"` // that the word is given to, or that it is; its name without folder
}

// Start is one program start that may happen when the command runs.
type Start struct {
	Argv   []*string `json:"argv"` // nil element: a word that is not known
	Rest   bool      `json:"rest"` // further words may follow those of Argv
	Path   string    `json:"path"` // as resolved at the look; empty: not resolved
	SHA256 string    `json:"sha256"`
	Env    []string  `json:"env"`    // NAME=VALUE set for this start by the command
	Parent int       `json:"parent"` // index of the start it comes from; -1: the shell
	Max    int       `json:"max"`    // how often it may happen; 0: not known
}

// Plan is what an allowed command was shown to do.
type Plan struct {
	Starts   []Start           `json:"starts"`
	Files    map[string]string `json:"files"` // path -> SHA-256 of what was read for the explanation
	Complete bool              `json:"complete"`
}

// ScriptLine is one line of a script that was singled out.
type ScriptLine struct {
	Line    int    `json:"line"` // from 1
	Text    string `json:"text"`
	Meaning string `json:"meaning"`
	Risk    Risk   `json:"risk"`
}

// Script is a file (or the standard input) of code that the command runs and
// that was opened.
type Script struct {
	Path       string       `json:"path"`
	Language   string       `json:"language"`
	SHA256     string       `json:"sha256"`
	Owner      string       `json:"owner"`
	Package    string       `json:"package"` // package that owns the file; empty: none or not known
	Unread     string       `json:"unread"`  // why it was not read to its end; empty: all was read
	Lines      int          `json:"lines"`   // lines in all
	Read       int          `json:"read"`    // lines explained
	ModTime    time.Time    `json:"mod_time"`
	Unmodified *bool        `json:"unmodified"`          // against its package; nil: not known
	Worst      []ScriptLine `json:"worst"`               // worst first
	Versioned  string       `json:"versioned,omitempty"` // Kept, Altered or NotKept; empty: not known
	Text       string       `json:"text,omitempty"`      // its beginning, as it was read; at most 64 KiB
}

// What version control says of a file.
const (
	Kept    = "kept"     // it is as it was kept
	Altered = "altered"  // it is kept, and was changed since
	NotKept = "not-kept" // there is version control, and it does not keep the file
)

// Unknown is one thing that could not be told, in words.
type Unknown struct {
	Text string `json:"text"`
	Why  string `json:"why"`
	Risk Risk   `json:"risk"`
	Span *Span  `json:"span,omitempty"`

	Kind string `json:"-"` // of what: program, script, hook or name, as far as the rules need it
	Name string `json:"-"` // of such a thing
}

// Dimensions holds the rating of each of the five dimensions.
type Dimensions struct {
	Damage     Risk `json:"damage"`
	Disclosure Risk `json:"disclosure"`
	Control    Risk `json:"control"`
	Hiding     Risk `json:"hiding"`
	Unknown    Risk `json:"unknown"`
}

// NotUnderstood are dimensions of which only the last is rated.
func NotUnderstood(r Risk) Dimensions {
	return Dimensions{Damage: Safe, Disclosure: Safe, Control: Safe, Hiding: Safe, Unknown: r}
}

// Explanation is the whole answer about one command or script.
type Explanation struct {
	Command    string     `json:"command"`
	Cut        bool       `json:"cut,omitempty"` // Command is only the beginning of the text
	Headline   string     `json:"headline"`
	Risk       Risk       `json:"risk"`
	Undo       Undo       `json:"undo"`
	UndoText   string     `json:"undo_text"`
	Dimensions Dimensions `json:"dimensions"`
	Effects    []Effect   `json:"effects"`
	Findings   []Finding  `json:"findings"`
	Parts      []Part     `json:"parts"`
	Plan       Plan       `json:"plan"`
	Scripts    []Script   `json:"scripts"`
	Unknowns   []Unknown  `json:"unknowns"`
	Ask        []string   `json:"ask"`
	Ticket     string     `json:"ticket,omitempty"` // fits, unclear or beyond; empty: no work order
	Version    string     `json:"version"`          // of the lore and the rules
}

// Normalize replaces nil slices and maps by empty ones and returns e.
func (e *Explanation) Normalize() *Explanation {
	e.Effects = orEmpty(e.Effects)
	e.Findings = orEmpty(e.Findings)
	e.Parts = orEmpty(e.Parts)
	e.Scripts = orEmpty(e.Scripts)
	e.Unknowns = orEmpty(e.Unknowns)
	e.Ask = orEmpty(e.Ask)
	e.Plan.Starts = orEmpty(e.Plan.Starts)
	if e.Plan.Files == nil {
		e.Plan.Files = map[string]string{}
	}
	for i := range e.Plan.Starts {
		e.Plan.Starts[i].Argv = orEmpty(e.Plan.Starts[i].Argv)
		e.Plan.Starts[i].Env = orEmpty(e.Plan.Starts[i].Env)
	}
	for i := range e.Scripts {
		e.Scripts[i].Worst = orEmpty(e.Scripts[i].Worst)
	}
	return e
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
