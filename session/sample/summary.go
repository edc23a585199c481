package sample

import (
	"fmt"
	"strings"

	"escort/explain/effect"
	"escort/session/event"

	"github.com/mattn/go-runewidth"
)

// outcome is how one hold was answered.
type outcome struct {
	step    Step
	verdict string
	risk    effect.Risk
}

func (o outcome) right() bool { return o.verdict == o.step.Verdict }

// past is the verdicts as what was done.
var past = map[string]string{event.Allow: "allowed", event.Deny: "denied"}

// comment is what is said after a decision.
func comment(st Step, verdict string) string {
	if verdict == st.Verdict {
		return "Right to have it " + past[verdict] + ". " + st.Because
	}
	return "Better " + past[st.Verdict] + ". " + st.Because
}

// Summary says how the holds were answered so far, in lines of plain text. The
// first line is the whole in one sentence.
func (p *Play) Summary() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	good := 0
	for _, o := range p.outcomes {
		if o.right() {
			good++
		}
	}
	lines := []string{fmt.Sprintf("Summary of %s: %d of %s answered as an experienced escort would.",
		p.sample.Name, good, holds(len(p.outcomes)))}
	for _, o := range p.outcomes {
		l := fmt.Sprintf("%-8s %-9s %s", past[o.verdict], strings.ToUpper(string(o.risk)), o.step.Line)
		if !o.right() {
			l += "  (better " + past[o.step.Verdict] + ")"
		}
		lines = append(lines, l)
	}
	if len(p.outcomes) == len(p.sample.Steps) {
		lines = append(lines, p.sample.Lesson)
	}
	return lines
}

func holds(n int) string {
	if n == 1 {
		return "1 hold"
	}
	return fmt.Sprintf("%d holds", n)
}

// measure is the widest line that stays whole when a card takes the other half
// of a console of 100 columns; a terminal that gets narrower breaks within words.
const measure = 52

// summaryMeasure is the same at the end, when no card comes any more.
const summaryMeasure = 100

// wrap breaks text between words into lines of at most cols cells. Words that
// are longer stay whole: the terminal breaks them.
func wrap(text string, cols int) []string {
	if runewidth.StringWidth(text) <= cols {
		return []string{text}
	}
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case runewidth.StringWidth(line)+1+runewidth.StringWidth(word) <= cols:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}
