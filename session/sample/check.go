package sample

import (
	"context"
	"fmt"
	"strings"

	"escort/explain/effect"
	"escort/session/event"
)

// Explainer makes an explanation, as explain.Explain does.
type Explainer func(context.Context, effect.Request) effect.Explanation

// request is what is asked about one step.
func (s Sample) request(st Step) effect.Request {
	return effect.Request{Text: st.Line, Kind: effect.KindLine, World: s.World(), Ticket: s.Ticket}
}

// leastAllowed is how many lines of a lesson must be right to allow, so that
// denying all of them does not pass it.
const leastAllowed = (full-Pass)/-needless + 1

// Check compares what a sample calls right with what its cards will say.
func Check(ctx context.Context, s Sample, explain Explainer) []Problem {
	out := s.drafts()
	allowed := 0
	for i, st := range s.Steps {
		if st.Verdict() == event.Allow {
			allowed++
		}
		if text := against(st, explain(ctx, s.request(st))); text != "" {
			out = append(out, Problem{s.lineOf(i, "right"), text})
		}
	}
	if allowed < leastAllowed {
		out = append(out, Problem{s.lines["steps"], fmt.Sprintf(
			"only %d lines are right to allow: with fewer than %d, who denies everything passes", allowed, leastAllowed)})
	}
	return sorted(out)
}

// against says what speaks against the key of a step, given its explanation.
func against(st Step, e effect.Explanation) string {
	switch {
	case st.Verdict() == event.Allow && e.Risk == effect.Critical && st.Because == "":
		return "the card says CRITICAL, and the key allow: because must say why"
	case st.Verdict() == event.Allow && e.Risk == effect.High && st.Because == "":
		return "the card says HIGH, and the key allow: because must say why"
	case st.Verdict() == event.Deny && e.Risk == effect.Safe && st.Because == "":
		return "the card says SAFE, and the key deny: because must say why"
	case st.Right == event.CannotTell && !e.Dimensions.Unknown.AtLeast(effect.Caution):
		return fmt.Sprintf("cannot-tell is right only for what the card does not understand, and it does: %s", e.Headline)
	}
	return ""
}

// lineOf is where a member of a step stands in the file.
func (s Sample) lineOf(step int, name string) int {
	return s.place(fmt.Sprintf("steps[%d]", step), name)
}

// place is the line of a value, or else of what it is missing from.
func (s Sample) place(in, name string) int {
	if n, ok := s.lines[strings.TrimPrefix(in+"."+name, ".")]; ok {
		return n
	}
	return s.lines[in]
}
