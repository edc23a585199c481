package sample

import (
	"context"
	"errors"
	"strings"
	"time"

	"escort/explain/quote"
	"escort/session/event"
)

// errEnded means: the play was ended from outside.
var errEnded = errors.New("ended")

// forever is a wait that only a key ends.
const forever = time.Duration(-1)

// run plays the sample from its first to its last event.
func (p *Play) run() {
	defer close(p.done)
	defer p.cancel()
	err := p.play()
	p.mu.Lock()
	defer p.mu.Unlock()
	if !errors.Is(err, errEnded) {
		p.reason = "the sample is over"
	}
	status := 0
	// A journal refuses events only after this one.
	_ = p.journal.publish(event.Event{Kind: event.Closed, Status: &status, Reason: p.reason})
}

func (p *Play) play() error {
	p.mu.Lock()
	cols, rows := p.cols, p.rows
	p.mu.Unlock()
	err := p.journal.publish(event.Event{Kind: event.Opened, Cols: cols, Rows: rows, Who: p.sample.Engineer})
	if err = errors.Join(err, p.aside(measure, p.intro()...)); err != nil {
		return err
	}
	for {
		at := p.next()
		if at > len(p.sample.Steps) {
			err = p.close()
		} else {
			err = p.step(p.sample.Steps[at-1])
		}
		if errors.Is(err, errJump) {
			err = p.leap()
		} else if err == nil && at > len(p.sample.Steps) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// over says that the last step is done, and how it went.
func (p *Play) over() error {
	if p.opt.Lesson {
		const text = "That was the last line. Press space to see how you did."
		return errors.Join(p.aside(summaryMeasure, "", text), p.say(text))
	}
	lines := p.Summary()
	return errors.Join(p.aside(summaryMeasure, append(lines, "", "space or q ends the sample")...), p.say(lines[0]))
}

func (p *Play) intro() []string {
	if p.opt.Lesson {
		return []string{
			"Lesson: " + p.sample.Title + ". Nothing in it is real, and nothing runs.",
			"You are the escort. " + p.sample.Engineer + " works on " + p.sample.Ticket + ".",
			"At a card: a allow · d deny · m ask · c pass on · ? all keys. How you did comes at the end.",
		}
	}
	return []string{
		"Sample session: " + p.sample.Title + ". Nothing in it is real, and nothing runs.",
		"You are the escort. " + p.sample.Engineer + " works on " + p.sample.Ticket +
			". Every line is held until you decide; both answers play on.",
		"Here: " + Steering + ". At a card its own keys; ? lists them.",
	}
}

// aside prints what is not part of the session, marked as such, in lines of at
// most limit cells.
func (p *Play) aside(limit int, lines ...string) error {
	p.mu.Lock()
	cols := p.cols
	p.mu.Unlock()
	var b strings.Builder
	for _, l := range lines {
		for _, w := range wrap(l, min(cols, limit)-2) {
			b.WriteString("\x1b[36m» " + w + "\x1b[0m\n")
		}
	}
	return p.print(b.String())
}

// step plays one line: typed, held, decided, and what comes of it.
func (p *Play) step(st Step) error {
	if st.Says != "" {
		if err := p.aside(measure, "", st.Says); err != nil {
			return err
		}
	}
	if err := p.print(p.sample.prompt()); err != nil {
		return err
	}
	pause := p.stepPace()
	if st.Pause > 0 {
		pause = p.span(time.Duration(st.Pause))
	}
	if _, err := p.wait(pause); err != nil {
		return err
	}
	if err := p.typeLine(st.Line); err != nil {
		return err
	}
	d, err := p.hold(st)
	if err != nil {
		return err
	}
	if d.Verdict == event.Allow {
		err = p.ran(st, d.Hold)
	} else {
		err = p.print("\nescort: denied" + because(d.Reason) + "\n")
		if st.Denied != "" {
			err = errors.Join(err, p.reply(st.Denied))
		}
	}
	if err != nil || p.opt.Lesson {
		return err
	}
	return p.aside(measure, comment(st, d.Verdict))
}

// reply is what the engineer says without having been asked.
func (p *Play) reply(text string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	shown := strings.Join(wrap(p.sample.User()+" says: "+text, min(p.cols, measure)), "\n") + "\n"
	return errors.Join(
		p.journal.publish(event.Event{Kind: event.Message, Who: p.sample.Engineer, Reason: text}),
		p.print(shown),
	)
}

// span is a time that a sample's file names, at the pace of this play.
func (p *Play) span(d time.Duration) time.Duration {
	return time.Duration(float64(d) * float64(p.stepPace()) / float64(DefaultPace))
}

// strokes is how many keys the engineer presses within a pace.
const strokes = 50

// typeLine shows a line as it is typed.
func (p *Play) typeLine(line string) error {
	for rest := []rune(line); len(rest) > 0; {
		n := 1
		skipped, err := p.wait(p.stepPace() / strokes)
		if err != nil {
			return err
		}
		if skipped {
			n = len(rest)
		}
		if err := p.print(string(rest[:n])); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

// ran shows what an allowed step prints.
func (p *Play) ran(st Step, hold string) error {
	if st.Takes > 0 {
		if err := p.print("\n"); err != nil {
			return err
		}
		if _, err := p.wait(p.span(time.Duration(st.Takes))); err != nil {
			return err
		}
	}
	out := st.Output
	if st.Takes == 0 {
		out = "\n" + out
	}
	if out != "" && !strings.HasSuffix(out, "\n") {
		out += "\n"
	}
	status := st.Status
	return errors.Join(p.print(out), p.journal.publish(event.Event{Kind: event.Finished, Hold: hold, Status: &status}))
}

// because is how the reason of a denial follows the word.
func because(reason string) string {
	if reason = strings.TrimSpace(reason); reason == "" {
		return ""
	}
	return " · " + quote.Line(reason).String()
}

// wait lets d pass. It answers at once when the step is skipped, not while
// the play is paused or frozen, and with errEnded when it is to end.
func (p *Play) wait(d time.Duration) (skipped bool, err error) {
	var passed <-chan time.Time
	if d != forever {
		t := time.NewTimer(d)
		defer t.Stop()
		passed = t.C
	}
	for over := false; ; {
		p.mu.Lock()
		skipped, p.skip = p.skip && !p.frozen, p.skip && p.frozen
		stopped, poked, jump := p.paused || p.frozen, p.poked, p.jump > 0
		p.mu.Unlock()
		if p.ctx.Err() != nil {
			return false, errEnded
		}
		if jump {
			return false, errJump
		}
		if skipped || over && !stopped {
			return skipped, nil
		}
		select {
		case <-passed:
			over = true
		case <-poked:
		case <-p.ctx.Done():
		}
	}
}

// Wait waits until the play is over.
func (p *Play) Wait(ctx context.Context) error {
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
