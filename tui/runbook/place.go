package runbook

import (
	"fmt"
	"strings"

	"escort/session/event"
	"escort/tui/worddiff"
)

// Place is where a held line stands in the runbook.
type Place struct {
	Planned bool     // it is exactly a step
	Words   []string // what to say of it, a sentence each; none: nothing
	Line    string   // the nearest step, where it differs from that
	Spans   [][2]int // bytes of the held line that differ from it
}

// Brief says it in a few words; empty where there is nothing to say.
func (p Place) Brief() string {
	switch {
	case len(p.Words) == 0:
		return ""
	case p.Planned:
		return p.Words[0]
	}
	return "not as planned"
}

// Of says where h stands. Only lines have a place: what they start belongs to
// them. A nil book has no places.
func (b *Book) Of(h event.Event) Place {
	if b == nil || h.Layer != event.LayerLine {
		return Place{}
	}
	typed := strings.TrimSpace(h.Typed)
	at := b.find(typed)
	switch {
	case at < 0:
		p := b.nearest(typed)
		for i := range p.Spans {
			lead := strings.Index(h.Typed, typed)
			p.Spans[i][0] += lead
			p.Spans[i][1] += lead
		}
		return p
	case h.Expanded != "" && strings.TrimSpace(h.Expanded) != typed:
		return Place{Words: []string{
			fmt.Sprintf("Not as planned: it is typed as %s has it, but the shell makes something else of it.", b.step(at)),
		}}
	}
	return Place{Planned: true, Words: append([]string{b.marked(at)}, b.order(at)...)}
}

func (b *Book) step(at int) string { return fmt.Sprintf("step %d of %d", at+1, len(b.steps)) }

func (b *Book) marked(at int) string {
	s := "as planned · " + b.step(at)
	if h := b.steps[at].Heading; h != "" {
		s += " · " + h
	}
	return s
}

// order says what is unusual about a step's turn.
func (b *Book) order(at int) []string {
	next := b.Next()
	switch {
	case b.steps[at].Taken:
		return []string{"It was allowed before."}
	case next < at:
		return []string{fmt.Sprintf("Step %d comes first there: %s", next+1, b.steps[next].Line)}
	}
	return nil
}

// nearest is the step that was not taken yet and has the most words in common
// with line.
func (b *Book) nearest(line string) Place {
	best, at := worddiff.Diff{}, -1
	for i, s := range b.steps {
		if s.Taken {
			continue
		}
		if d := worddiff.Compare(s.Line, line); at < 0 || closer(d, best) {
			best, at = d, i
		}
	}
	switch {
	case at < 0:
		return Place{Words: []string{fmt.Sprintf("Not in the runbook, and all its %d steps were allowed already.", len(b.steps))}}
	case best.Alike(1, 2):
		return Place{
			Words: []string{fmt.Sprintf("Not as planned. Nearest is %s, but here: %s.", b.step(at), best.Words())},
			Line:  b.steps[at].Line, Spans: best.Spans,
		}
	}
	next := b.Next()
	return Place{Words: []string{fmt.Sprintf("Not in the runbook. Next there is %s.", b.step(next))}, Line: b.steps[next].Line}
}

// closer reports whether more of a is the same than of b.
func closer(a, b worddiff.Diff) bool { return a.Same*b.Most > b.Same*a.Most }

// Take notes that h was allowed.
func (b *Book) Take(h event.Event) {
	if b == nil || !b.Of(h).Planned {
		return
	}
	b.steps[b.find(strings.TrimSpace(h.Typed))].Taken = true
}
