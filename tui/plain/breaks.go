package plain

import (
	"time"

	"escort/explain/quote"
)

// remindEvery is how long a break that is due is not spoken of again.
const remindEvery = 10 * time.Minute

// offer says between two holds that a break is due, how to take it, and how many
// were denied today. It asks for nothing.
func (c *console) offer(waiting int) {
	now := c.now()
	why := c.stint.Due(now, waiting)
	if why == "" || !c.told.IsZero() && now.Sub(c.told) < remindEvery {
		return
	}
	c.told = now
	c.out.say(quote.Line(c.today()), quote.Line(why+": a short break? The word freeze stops the session."))
}

// today is how many cards this escort has judged today.
func (c *console) today() string {
	allowed, denied := c.past.Today(c.now())
	return "Today you denied " + itoa(denied) + " of " + itoa(allowed+denied) + "."
}

// stopped notes that everything is stopped or goes on.
func (c *console) stopped(on bool) {
	c.frozen = on
	c.stint.Stopped(on, c.now())
}
