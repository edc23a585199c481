package policy

import (
	"slices"
	"sync"
	"time"

	_ "embed"

	"escort/explain/effect"
	"escort/session/sign"
)

// Policy is what is decided without a person. It is not changed once made.
type Policy struct {
	Sources []Source // the files that it was made from; the built-in one alone if there were none

	Word   effect.Risk // from here on a word must be typed to allow
	Effect effect.Risk // from here on a change that no card showed is asked about
	Wide   effect.Risk // the same, where it reaches beyond what is the engineer's own

	Second       effect.Risk   // from here on a second escort must allow it too, where two attend
	SecondAlways bool          // the same, and what is so held waits until a second one attends
	Wait         time.Duration // a session that no escort has come to for so long ends; 0: it waits for ever
	Grace        time.Duration // without an escort for so long, everything is stopped
	Return       time.Duration // how long a session outlives the engineer's line
	Presence     time.Duration // without a key for so long, an escort must show that somebody is there; 0: never
	Output       string        // what the engineer gets of the output: one of event.Outputs

	Signed  bool         // an allow that is not signed is refused
	Signers []*sign.List // each must say that the key of a signature is its maker's; none: any key is taken

	Never   []Rule   // never allowed, beside what is the supervision's own
	Ask     []Rule   // asked about even where a card showed it
	Helpers []Helper // programs that may start unasked

	Explain time.Duration // an explanation that takes longer is "cannot tell"
	Hold    time.Duration // a hold that waits longer is denied; 0: it waits for ever
	Cast    int64         // bytes that are kept of what the terminal showed
	Line    int           // bytes of a line; what is longer is denied unread

	Mouse  bool // the console takes the mouse by itself
	Bell   bool // the console may ring when something is held, where that is asked for
	Notify bool // the same with a note on the escort's desktop
	Copy   bool // a key may put the held command onto the escort's clipboard
	Fold   bool // exactly what the escort allowed before in a session takes one key

	Tests []Test

	home   string   // of the engineer, for paths that begin with ~
	places []string // where its files lie or would lie, and so nothing inside may change
}

// Source is a file that a policy was made from.
type Source struct {
	Name   string // its path, or "built-in"
	SHA256 string // of its text, lower-case hex
}

// Helper is a program that may start unasked under another one. Both are full
// paths.
type Helper struct {
	Parent, Program string

	parents, programs []string // the names under which they are known here
}

// builtIn is the name of the policy that holds where there is no file.
const builtIn = "built-in"

//go:embed default.yaml
var defaults []byte

// Text is the built-in policy as it is written.
func Text() []byte { return slices.Clone(defaults) }

// Default is the built-in policy.
func Default() *Policy { return whole() }

// whole is the built-in policy, read once.
var whole = sync.OnceValue(func() *Policy {
	p, _, err := parse(builtIn, defaults, &Policy{})
	if err != nil {
		panic("the built-in policy: " + err.Error()) // a defect of the program, which a test finds
	}
	return p
})

// At is p for an engineer whose folder is home.
func (p *Policy) At(home string) *Policy {
	q := *p
	q.home = home
	q.Never, q.Ask = nil, nil
	for _, x := range p.Never {
		q.Never = append(q.Never, x.known(home))
	}
	for _, x := range p.Ask {
		q.Ask = append(q.Ask, x.known(home))
	}
	return &q
}

// Guard lists the files that p was or would be read from, and the folders of
// those that are usual, under all their names.
func (p *Policy) Guard() []string {
	var out []string
	for _, at := range p.places {
		out = append(out, names(at)...)
	}
	return out
}
