package plain

import (
	"escort/explain/quote"
	"escort/session/event"
)

// A console that watches (Options.Watch) has no say in the session's terminal:
// the engineer has one of their own.

// onlyHere says why nothing can be typed for the session; false: it can.
func (c *console) onlyHere() bool {
	if c.opt.Watch {
		c.out.say(quote.Plain("Only the engineer types in this session. Type ask and a text to write to them."))
		c.stood = c.now()
	}
	return c.opt.Watch
}

// size gives the console's own picture the size that the session has.
func (c *console) size(e event.Event) {
	if c.opt.Watch && e.Cols > 0 && e.Rows > 0 {
		c.tr.scr.Resize(e.Cols, e.Rows)
	}
}

// leave closes the console; the session goes on.
func (c *console) leave(typed, string) {
	if !c.opt.Watch {
		c.out.say(quote.Plain("This console is the session's own. Type end to end both."))
		return
	}
	c.out.say(quote.Plain("Leaving. The session goes on."))
	c.over = true
}

// here shows that somebody is there.
func (c *console) here(_ typed, name string) {
	src, ok := c.src.(event.Present)
	if !ok {
		c.out.say(quote.Plain("This session does not ask who is there."))
		return
	}
	c.tell(quote.Plain("You are there. Decide again."), func() error { return src.Prove(name) })
}

func (c *console) takeAgreed(e event.Event) {
	at := c.find(e.Hold)
	if at < 0 {
		return
	}
	h := c.holds[at]
	h.Agreed, h.asked = e.Who, false
	c.out.sayf("Hold %d: %s allows it. A second escort must allow it too. It is still held.", h.n, e.Who)
	if at == c.cur {
		c.stood = c.now()
	}
}

// came is who a joined or left event is about.
func came(e event.Event) string {
	if e.Layer != "" {
		return "the engineer"
	}
	return "an escort"
}
