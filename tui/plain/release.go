package plain

import (
	"escort/explain/quote"
	"escort/session/event"
)

// screenful is how many lines of what is held back are read out at once.
const screenful = 20

// release reads out what output is held back, or gives what was read out.
func (c *console) release(typed, string) {
	src := c.opt.Release
	if src == nil {
		c.out.say(quote.Plain("No output is held back in this session."))
		return
	}
	if shown := c.reading; shown != "" {
		c.reading = ""
		c.tell(quote.Safe{}, func() error { return src.Release(c.ctx, screenful, shown) })
		return
	}
	c.call(func() func() {
		w, err := src.Withheld(c.ctx, screenful)
		return func() { c.complain(err); c.read(w, err) }
	})
}

// read reads out lines that are held back.
func (c *console) read(w event.Withheld, err error) {
	switch {
	case err != nil:
		return
	case len(w.Text) == 0:
		c.out.say(quote.Plain("No line waits to be released."))
		return
	}
	c.out.sayf("%d lines are held back; something is masked in %d. The engineer would get these %d:", w.Lines, w.Masked, len(w.Text))
	c.out.session(w.Text...)
	c.out.say(quote.Plain("Type release once more to give them to the engineer, exactly so."))
	c.reading, c.stood = w.SHA256, c.now()
}

func (c *console) takeReleased(e event.Event) {
	c.reading = ""
	c.out.sayf("Released by %s: %d lines, something masked in %d.", e.Who, e.Lines, e.Masked)
}

func (c *console) takeEnded(e event.Event) {
	if e.Status != nil {
		c.out.sayf("The command has ended with status %d. Its output waits: type release.", *e.Status)
	}
}
