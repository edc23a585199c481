package sample

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"escort/explain/effect"
)

// levels is the number of risks that can be voted for.
const levels = 5

// vote asks the class before the card comes: it shows the line as it is, word
// by word, without what the card makes of it, and counts keys 1 to 5.
func (p *Play) vote(st Step, e effect.Explanation) error {
	lines := []string{"", "Quiz: what would this do, and how bad is it?"}
	for _, part := range e.Parts {
		lines = append(lines, fmt.Sprintf("  %s: %s", strings.Join(strings.Fields(part.Text), " "), part.Meaning))
	}
	for i, s := range e.Scripts {
		if i == 0 {
			lines = append(lines, fmt.Sprintf("  It runs a script of %d lines, last changed %s by %s.", s.Lines, p.ago(s.ModTime), s.Owner))
		}
	}
	lines = append(lines, "The ticket: "+p.sample.Ticket, "Vote with 1 safe · 2 low · 3 caution · 4 high · 5 critical. Enter shows the card.")
	if err := errors.Join(p.print("\n"), p.aside(measure, lines...)); err != nil {
		return err
	}
	p.mu.Lock()
	p.votes, p.voting, p.skip = [levels]int{}, true, false
	p.mu.Unlock()
	_, err := p.wait(forever)
	p.mu.Lock()
	p.voting = false
	votes := p.votes
	p.mu.Unlock()
	if err != nil {
		return err
	}
	return p.print("\r\x1b[K\x1b[36m» " + verdictOf(votes, e.Risk) + "\x1b[0m\n")
}

// count is the line that says how the votes stand, written over the one before.
// Needs mu.
func (p *Play) count() error {
	return p.print("\r\x1b[K\x1b[36m» " + tally(p.votes) + "\x1b[0m")
}

func tally(votes [levels]int) string {
	var words []string
	for i, n := range votes {
		if n > 0 {
			words = append(words, fmt.Sprintf("%s %d", strings.ToUpper(string(effect.Risks[i])), n))
		}
	}
	if len(words) == 0 {
		return "no votes"
	}
	return "votes: " + strings.Join(words, " · ")
}

// verdictOf compares the votes with the card.
func verdictOf(votes [levels]int, is effect.Risk) string {
	all := 0
	for _, n := range votes {
		all += n
	}
	text := "The card says " + strings.ToUpper(string(is)) + "."
	if all > 0 {
		text = fmt.Sprintf("%s. %s %d of %d said so.", strings.TrimPrefix(tally(votes), "votes: "), text, votes[is.Rank()], all)
	}
	return text
}

// ago is how long before the sample's beginning something was.
func (p *Play) ago(at time.Time) string {
	d := p.sample.Start().Sub(at)
	switch {
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}
