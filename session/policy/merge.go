package policy

import (
	"fmt"
	"slices"
	"time"

	"escort/explain/effect"
)

// stricter is a policy in which of each value the stricter counts.
func stricter(a, b *Policy) *Policy {
	return &Policy{
		Sources:      slices.Concat(a.Sources, b.Sources),
		Word:         lower(a.Word, b.Word),
		Effect:       lower(a.Effect, b.Effect),
		Wide:         lower(a.Wide, b.Wide),
		Second:       lower(a.Second, b.Second),
		SecondAlways: a.SecondAlways || b.SecondAlways,
		Wait:         shorter(a.Wait, b.Wait),
		Grace:        min(a.Grace, b.Grace),
		Return:       min(a.Return, b.Return),
		Presence:     shorter(a.Presence, b.Presence),
		Output:       lessOutput(a.Output, b.Output),
		Signed:       a.Signed || b.Signed,
		Signers:      slices.Concat(a.Signers, b.Signers),
		Never:        slices.Concat(a.Never, b.Never),
		Ask:          slices.Concat(a.Ask, b.Ask),
		Helpers:      slices.DeleteFunc(slices.Clone(a.Helpers), func(h Helper) bool { return !b.Relaxes(h.Parent, h.Program) }),
		Explain:      min(a.Explain, b.Explain),
		Hold:         shorter(a.Hold, b.Hold),
		Cast:         max(a.Cast, b.Cast),
		Line:         min(a.Line, b.Line),
		Mouse:        a.Mouse && b.Mouse,
		Bell:         a.Bell && b.Bell,
		Notify:       a.Notify && b.Notify,
		Copy:         a.Copy && b.Copy,
		Fold:         a.Fold && b.Fold,
		Tests:        slices.Concat(a.Tests, b.Tests),
	}
}

func lower(a, b effect.Risk) effect.Risk {
	if b.Rank() < a.Rank() {
		return b
	}
	return a
}

// shorter is the shorter of two waits, of which 0 is the longest.
func shorter(a, b time.Duration) time.Duration {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// Relaxed says in words what is weaker than in the built-in policy.
func (p *Policy) Relaxed() []string {
	usual := Default()
	var out []string
	if p.Word.Rank() > usual.Word.Rank() {
		out = append(out, "RELAXED: a word is typed from "+string(p.Word)+" on")
	}
	if p.Effect.Rank() > usual.Effect.Rank() || p.Wide.Rank() > usual.Wide.Rank() {
		out = append(out, "RELAXED: changes that no card showed are held from "+string(p.Wide)+" on")
	}
	if p.Second.Rank() > usual.Second.Rank() {
		out = append(out, "RELAXED: two escorts are asked from "+string(p.Second)+" on")
	}
	switch n := len(p.Helpers); {
	case n == 1:
		out = append(out, "RELAXED: "+p.Helpers[0].Program+" starts unasked")
	case n > 1:
		out = append(out, fmt.Sprintf("RELAXED: %d programs start unasked", n))
	}
	if p.Cast < usual.Cast {
		out = append(out, "RELAXED: the recording ends at "+sizeWords(p.Cast))
	}
	return out
}
