package policy

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"golang.org/x/crypto/ssh"

	"escort/explain"
	"escort/explain/effect"
	"escort/explain/lore"
	"escort/session/sign"
)

// Test is one thing that happens, and what is to become of it. One of Cmd,
// Effect, Start and Allow says what.
type Test struct {
	File   string
	Line   int    // of the file
	Cmd    string // a line that is entered
	Effect string // VERB PATH: a running program does this
	Start  string // a program that no card showed starts
	Under  string // the program that starts it; empty: some other
	Allow  string // an escort of this name allows something
	Key    string // and signs it with this key; empty: does not sign it
	Want   string // one of the outcomes

	key ssh.PublicKey

	Planned bool // the card of an allowed line showed the effect
}

// The outcomes of a test, from the mildest on.
const (
	Passes  = "passes"  // nobody is asked
	Relaxed = "relaxed" // starts unasked, as a helper
	Held    = "held"    // a key decides
	Word    = "word"    // a word must be typed as well
	Never   = "never"   // denied at once

	Counts  = "counts"  // what the escort allows is allowed
	Refused = "refused" // it is not, for want of a signature that holds
)

// outcomes are those that each kind of test can have.
var outcomes = struct{ cmd, effect, start, allow []string }{
	cmd: []string{Held, Word, Never}, effect: []string{Passes, Held, Word, Never}, start: []string{Relaxed, Held, Word, Never},
	allow: []string{Counts, Refused},
}

// changes are the verbs of an effect on a file, with the access that they are.
var changes = map[string]string{
	"write": "write", "create": "write", "change": "write", "permit": "write", "link": "write", "rename": "delete", "delete": "delete",
}

// test reads one test.
func (r *reader) test(n ast.Node) error {
	x := Test{File: r.file, Line: n.GetToken().Position.Line}
	err := r.mapping(n, map[string]field{
		"cmd": r.text(&x.Cmd), "effect": r.text(&x.Effect), "start": r.program(&x.Start), "under": r.program(&x.Under),
		"allow": r.text(&x.Allow), "key": r.publicKey(&x),
		"planned": r.truth(&x.Planned), "want": r.text(&x.Want),
	})
	if err != nil {
		return err
	}
	verb, at, _ := strings.Cut(x.Effect, " ")
	can := outcomes.start
	switch {
	case count(x.Cmd, x.Effect, x.Start, x.Allow) != 1:
		return r.bad(n, "a test has one of cmd, effect, start and allow")
	case x.Under != "" && x.Start == "" || x.Planned && x.Effect == "" || x.Key != "" && x.Allow == "":
		return r.bad(n, "under belongs to start, planned to effect, and key to allow")
	case x.Allow != "":
		can = outcomes.allow
	case x.Cmd != "":
		can = outcomes.cmd
	case x.Effect != "":
		can = outcomes.effect
		if changes[verb] == "" || !path.IsAbs(strings.TrimPrefix(at, "~")) {
			return r.bad(n, "effect is a verb (write, create, change, permit, link, rename or delete) and a path that begins with / or ~/")
		}
	}
	if !slices.Contains(can, x.Want) {
		return r.bad(n, "want is expected to be one of %s here", strings.Join(can, ", "))
	}
	r.p.Tests = append(r.p.Tests, x)
	return nil
}

// Result is what became of a test.
type Result struct {
	Test
	Got string // one of the outcomes
}

// What says what happens in a test.
func (t Test) What() string {
	what := t.Cmd + t.Effect
	if t.Start != "" {
		what = "start of " + t.Start
	}
	if t.Under != "" {
		what += " under " + t.Under
	}
	if t.Allow != "" {
		what = "an allow by " + t.Allow + ", not signed"
	}
	if t.Key != "" {
		what = "an allow by " + t.Allow + ", signed with " + sign.Name(t.key)
	}
	if t.Planned {
		what += ", which was shown"
	}
	return what
}

// OK reports whether that is what was wanted.
func (r Result) OK() bool { return r.Got == r.Want }

// The engineer of the tests. Nothing else is known of their host.
const (
	testHome = "/home/engineer"
	testUser = "engineer"
)

// Try runs the tests of p, in their order.
func (p *Policy) Try(ctx context.Context) []Result {
	p = p.At(testHome)
	var out []Result
	for _, t := range p.Tests {
		r := Result{Test: t}
		switch {
		case t.Cmd != "":
			x := explain.Explain(ctx, explain.Request{Text: t.Cmd, Kind: effect.KindLine, World: explain.Nowhere})
			r.Got = p.outcome(&x)
		case t.Effect != "":
			r.Got = p.tryEffect(ctx, t)
		case t.Allow != "":
			r.Got = p.tryAllow(t)
		case p.NeverStarts(t.Start) != "":
			r.Got = Never
		case p.Relaxes(t.Under, t.Start):
			r.Got = Relaxed
		default:
			x := explain.Explain(ctx, explain.Request{Argv: []string{t.Start}, Path: t.Start, World: explain.Nowhere})
			r.Got = p.outcome(&x)
		}
		out = append(out, r)
	}
	return out
}

// outcome is what becomes of something that a card shows.
func (p *Policy) outcome(x *effect.Explanation) string {
	switch {
	case p.NeverShown(x, testHome) != "":
		return Never
	case x.Risk.AtLeast(p.Word):
		return Word
	}
	return Held
}

func (p *Policy) tryEffect(ctx context.Context, t Test) string {
	verb, at, _ := strings.Cut(t.Effect, " ")
	at = path.Clean(inHome(at, testHome))
	e, place := lore.Change(verb, changes[verb], at, lore.Where{Home: testHome, User: testUser})
	switch {
	case p.NeverChanges(e, place.Class, at) != "":
		return Never
	case !p.Asks(e, at) && (t.Planned || !p.Holds(e)):
		return Passes
	}
	x := explain.ExplainDeed(ctx, explain.Deed{Argv: []string{"program"}, Effects: []effect.Effect{e}, World: explain.Nowhere})
	return p.outcome(&x)
}
