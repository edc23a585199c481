package lesson

import (
	"fmt"
	"strings"
	"time"

	"escort/explain/effect"
	"escort/keymap"
	"escort/session/event"
	"escort/session/sample"
	"escort/session/training"
	"escort/tui/theme"
)

// Debrief is how a lesson went, line by line.
type Debrief struct {
	Sample   sample.Sample
	Outcomes []sample.Outcome
	Took     time.Duration
	Past     []training.Result // of the same person and lesson, this one the last
	Again    bool              // another lesson can be taken from here
}

// did says what an escort did, and would better have done.
var did = map[string]string{event.Allow: "allowed", event.Deny: "denied", sample.PassedOn: "passed on"}

// rights says what was right.
var rights = map[string]string{
	event.Allow: "allow", event.Deny: "deny", sample.Ask: "ask first, then ", event.CannotTell: "pass it on (or deny)",
}

// Sheet is the debrief as a page.
func (d Debrief) Sheet() *Sheet {
	leave := []keymap.Action{keymap.Enter, keymap.Back}
	if d.Again {
		leave = []keymap.Action{keymap.Enter, keymap.Again, keymap.Next, keymap.Back}
	}
	return &Sheet{Title: d.Sample.Title + " · how you did", Leave: leave, Lines: d.lines}
}

// Text is the debrief in lines of text of at most w cells.
func (d Debrief) Text(w int) []string {
	var out []string
	for _, l := range d.lines(w) {
		out = append(out, strings.TrimRight(l.Text(), " "))
	}
	return out
}

func (d Debrief) lines(w int) []theme.Line {
	p := &pen{w: w}
	d.sum(p)
	p.title("Line by line")
	quiet := 0
	for i, o := range d.Outcomes {
		if len(d.Outcomes) > many && plain(o) {
			quiet++
			continue
		}
		quiet = p.quiet(quiet)
		p.gap()
		d.line(p, i, o)
	}
	p.quiet(quiet)
	p.title("What this lesson was about")
	p.in(2, say(theme.Plain, d.Sample.Debrief))
	if t := d.Sample.Technique; t != "" {
		p.in(2, sayf(theme.Faint, "MITRE ATT&CK %s: %s", t, sample.TechniqueName(t)))
	}
	if len(d.Past) > 1 {
		p.title("Your tries")
		for _, l := range training.Plot(d.Past, 0, false) {
			p.add(4, say(theme.Plain, l))
		}
	}
	p.title("How it is counted")
	for _, s := range sample.Weights() {
		p.in(2, say(theme.Plain, s))
	}
	return p.lines
}

// many is from how many lines on the harmless ones that were answered well are
// only counted.
const many = 20

// plain reports whether there is nothing to say about an answer.
func plain(o sample.Outcome) bool {
	return o.Right() && o.Step.Right == event.Allow && !o.Explanation.Risk.AtLeast(effect.Caution) && o.Points() == 0
}

// quiet writes how many lines were left out, and is 0.
func (p *pen) quiet(n int) int {
	if n > 0 {
		p.gap()
		p.add(0, sayf(theme.Faint, "… %s that looked or changed little, allowed as they should be", counted(n, "line")))
	}
	return 0
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// sum is the result in a few lines.
func (d Debrief) sum(p *pen) {
	score := sample.Score(d.Outcomes)
	if score >= sample.Pass {
		p.add(0, sayf(theme.RiskSafe, "✓ Passed with %d points", score), sayf(theme.Plain, " (%d passes).", sample.Pass))
	} else {
		p.add(0, sayf(theme.Alarm, "✗ Not passed: %d points", score), sayf(theme.Plain, " (%d passes).", sample.Pass))
	}
	var harm, needless, asked, fast int
	for _, o := range d.Outcomes {
		harm += one(o.Harm())
		needless += one(o.Needless())
		asked += one(o.Asks())
		fast += one(o.Looked < training.ReflexTime)
	}
	p.add(0, sayf(theme.Plain, "%s in %s. Harm missed: %d. Needless answers: %d. Good questions: %d.",
		counted(len(d.Outcomes), "line"), minutes(d.Took), harm, needless, asked))
	if 3*fast > len(d.Outcomes) {
		p.add(0, sayf(theme.Held, "%s came in less than %.1f s: too fast to have read the card.", counted(fast, "answer"), training.ReflexTime.Seconds()))
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// line is one answer: what was decided, what was right, what the card told.
func (d Debrief) line(p *pen, i int, o sample.Outcome) {
	is := theme.RatingOf(o.Explanation.Risk)
	p.add(4, sayf(theme.Faint, "%3d ", i+1), say(theme.Raw, o.Step.Line))
	right := rights[o.Step.Right]
	if o.Step.Right == sample.Ask {
		right += o.Step.Verdict()
	}
	you := "you " + did[o.Did]
	if o.Asked {
		you = "you asked, then " + did[o.Did]
	}
	if o.Unsure && o.Did != sample.PassedOn {
		you += " after passing it on"
	}
	mark := theme.Line{theme.Own(theme.RiskSafe, "✓ "), say(theme.Plain, you)}
	if !o.Right() {
		mark = theme.Line{theme.Own(theme.Alarm, "✗ "), say(theme.Alarm, you)}
	}
	mark = append(mark, sayf(theme.Plain, " after %s · right: %s", looked(o.Looked), right))
	if n := o.Points(); n != 0 {
		mark = append(mark, sayf(theme.Strong, " · %+d", n))
	}
	p.in(4, mark...)
	if o.Reason != "" {
		p.in(4, say(theme.Faint, "you said: "+o.Reason))
	}
	p.in(4, theme.Own(theme.Plain, "The card: "), is.Named(is.Mark), say(theme.Plain, " · "+o.Explanation.Headline))
	for _, t := range told(o.Explanation) {
		p.in(6, say(theme.Plain, "- "+t))
	}
	if o.Asked && o.Step.Answer != "" {
		p.in(4, say(theme.Plain, d.Sample.User()+" answered: "+o.Step.Answer))
	}
	if o.Hinted {
		p.in(4, say(theme.Faint, "You had the hint: "+o.Step.Hint))
	}
	if o.Step.Because != "" {
		p.in(4, theme.Own(theme.Strong, "Why: "), say(theme.Plain, o.Step.Because))
	}
}

// looked is how long a card was seen.
func looked(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%.0f s", d.Seconds())
}

// most is how many reasons of a card are told again.
const most = 4

// told is what the card said beside its headline.
func told(e effect.Explanation) []string {
	var out []string
	for _, f := range e.Findings {
		if len(out) < most {
			out = append(out, f.Text)
		}
	}
	for _, s := range e.Scripts {
		for _, l := range s.Worst {
			if l.Risk.AtLeast(effect.High) && len(out) < 2*most {
				out = append(out, fmt.Sprintf("line %d of %s: %s (%s)", l.Line, s.Path, strings.TrimSpace(l.Text), l.Meaning))
			}
		}
	}
	return out
}

// Result is what is kept of the lesson.
func (d Debrief) Result(who, version string, at time.Time) training.Result {
	r := training.Result{
		Time: at.UTC(), Who: who, Lesson: d.Sample.Name, Course: sample.CourseOf(d.Sample.Name), Title: d.Sample.Title, Version: version,
		Done: len(d.Outcomes) == len(d.Sample.Steps), Score: sample.Score(d.Outcomes), Pass: sample.Pass,
		TookMS: d.Took.Milliseconds(), Lines: []training.Line{},
	}
	for _, o := range d.Outcomes {
		r.Lines = append(r.Lines, training.Line{
			Line: o.Step.Line, Risk: string(o.Explanation.Risk), Right: o.Step.Right, Did: o.Did, Asked: o.Asked, Hinted: o.Hinted,
			Harm: o.Harm(), Needless: o.Needless(), LookedMS: o.Looked.Milliseconds(), Points: o.Points(),
		})
	}
	return r
}

// minutes is how long a lesson took.
func minutes(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	return fmt.Sprintf("%d:%02d minutes", s/60, s%60)
}
