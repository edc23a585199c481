package sample

import (
	"fmt"
	"slices"
	"strings"

	"escort/session/event"

	"github.com/mattn/go-runewidth"
)

// past is the verdicts as what was done.
var past = map[string]string{event.Allow: "allowed", event.Deny: "denied"}

// did is past for what an escort did.
var did = map[string]string{event.Allow: "allowed", event.Deny: "denied", PassedOn: PassedOn}

// comment is what is said after a decision.
func comment(st Step, verdict string) string {
	text := "Better " + past[st.Verdict()] + ". "
	if verdict == st.Verdict() {
		text = "Right to have it " + past[verdict] + ". "
	}
	return strings.TrimSpace(text + st.Because)
}

// Outcomes are the answers so far; all tells that there was one for each step.
func (p *Play) Outcomes() (list []Outcome, all bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.outcomes), len(p.outcomes) == len(p.sample.Steps)
}

// Summary says how the holds were answered so far, in lines of plain text. The
// first line is the whole in one sentence.
func (p *Play) Summary() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	good := 0
	for _, o := range p.outcomes {
		if o.Right() {
			good++
		}
	}
	lines := []string{fmt.Sprintf("Summary of %s: %d of %s answered as an experienced escort would.",
		p.sample.Name, good, holds(len(p.outcomes)))}
	for _, o := range p.outcomes {
		l := fmt.Sprintf("%-9s %-9s %s", did[o.Did], strings.ToUpper(string(o.Explanation.Risk)), o.Step.Line)
		if !o.Right() {
			l += "  (better " + past[o.Step.Verdict()] + ")"
		}
		lines = append(lines, l)
	}
	if len(p.outcomes) == len(p.sample.Steps) {
		lines = append(lines, p.sample.Debrief)
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
