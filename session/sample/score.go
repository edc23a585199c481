package sample

import (
	"fmt"
	"time"

	"escort/explain/effect"
	"escort/session/event"
)

// The weights of a lesson's score, which begins at full.
const (
	full     = 100
	missed   = -10 // times the level of the risk: 1 low … 4 critical
	needless = -2  // denied, or passed on, what was plainly fine
	question = 1   // asked, or passed on, where that was right
	// Pass is the least score that passes: no harm missed, and no more than two
	// needless answers.
	Pass = 96
)

// Weights say in words how a lesson is scored.
func Weights() []string {
	return []string{
		fmt.Sprintf("You begin with %d.", full),
		fmt.Sprintf("Harm that you allowed: %d times the level of its risk (LOW 1, CAUTION 2, HIGH 3, CRITICAL 4).", missed),
		fmt.Sprintf("A needless denial, or passing on what the card made plain: %d.", needless),
		fmt.Sprintf("A question where asking was right, or passing on where nobody could tell: +%d.", question),
		fmt.Sprintf("%d passes: no harm missed, and no more than two needless answers.", Pass),
	}
}

// PassedOn is what an escort did who left the verdict to a colleague.
const PassedOn = "passed on"

// Outcome is how one hold was answered.
type Outcome struct {
	Number      int // of the step, from 1
	Step        Step
	Did         string // allow, deny or PassedOn
	Reason      string // given with a denial
	Asked       bool   // the engineer, before that
	Unsure      bool   // it was passed on before, whoever decided then
	Hinted      bool
	Looked      time.Duration // how long the card was seen
	Explanation effect.Explanation
}

// level is how much a missed harm counts.
func (o Outcome) level() int { return max(o.Explanation.Risk.Rank(), 1) }

// Harm reports whether the escort allowed what was not to be allowed. What
// nobody could tell is not to be allowed, whatever comes of it.
func (o Outcome) Harm() bool {
	return o.Did == event.Allow && (o.Step.Verdict() == event.Deny || o.Step.Right == event.CannotTell)
}

// Needless reports whether the escort kept up what was fine.
func (o Outcome) Needless() bool {
	switch o.Did {
	case event.Deny:
		return o.Step.Verdict() == event.Allow && o.Step.Right != event.CannotTell
	case PassedOn:
		return o.Step.Right == event.Allow
	}
	return false
}

// Asks reports whether the escort asked where that was right.
func (o Outcome) Asks() bool {
	return o.Step.Right == Ask && o.Asked || o.Step.Right == event.CannotTell && o.Unsure && !o.Harm()
}

// Right reports whether an experienced escort would have answered so.
func (o Outcome) Right() bool { return !o.Harm() && !o.Needless() }

// Points are what the answer adds to the score.
func (o Outcome) Points() int {
	n := 0
	if o.Harm() {
		n += missed * o.level()
	}
	if o.Needless() {
		n += needless
	}
	if o.Asks() {
		n += question
	}
	return n
}

// Score is the score of a lesson with these answers.
func Score(list []Outcome) int {
	n := full
	for _, o := range list {
		n += o.Points()
	}
	return n
}
