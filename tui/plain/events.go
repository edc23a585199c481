package plain

import (
	"errors"
	"slices"
	"strings"
	"time"

	"escort/explain/quote"
	"escort/session/event"
	"escort/tui/card"
	"escort/tui/history"
	"escort/tui/pane"
	"escort/tui/theme"
)

// takes says what the console does with each kind of event. Kinds that are not
// here are not read out.
var takes = map[string]func(*console, event.Event){
	event.Output:    (*console).takeOutput,
	event.Held:      (*console).takeHeld,
	event.Parked:    (*console).takeParked,
	event.Withdrawn: func(c *console, e event.Event) { c.remove(e, "withdrawn") },
	event.Decided:   (*console).takeDecided,
	event.Finished:  (*console).takeFinished,
	event.Message:   func(c *console, e event.Event) { c.note(e, "message from "+e.Who+": "+e.Reason) },
	event.Frozen:    func(c *console, e event.Event) { c.stopped(true); c.note(e, with("frozen: no process runs", e.Reason)) },
	event.Thawed:    func(c *console, e event.Event) { c.stopped(false); c.note(e, "thawed: the processes go on") },
	event.Lost:      func(c *console, e event.Event) { c.note(e, "warning: "+card.View(e.Layer)+" lost: "+e.Reason) },
	event.Regained:  func(c *console, e event.Event) { c.note(e, card.View(e.Layer)+" is back") },
	event.Joined:    func(c *console, e event.Event) { c.note(e, with(came(e)+" came", e.Who)) },
	event.Left:      func(c *console, e event.Event) { c.note(e, with(with(came(e)+" went", e.Who), e.Reason)) },
	event.Agreed:    (*console).takeAgreed,
	event.Released:  (*console).takeReleased,
	event.Ended:     (*console).takeEnded,
	event.Closed:    func(c *console, _ event.Event) { c.over = true },
}

// with adds what is more, where it is known.
func with(text, more string) string {
	if more != "" {
		return text + ": " + more
	}
	return text
}

// take takes one event of the session.
func (c *console) take(e event.Event) {
	c.size(e)
	f, ok := takes[e.Kind]
	if !ok {
		return
	}
	if c.tr.dirty && e.Kind != event.Output {
		c.readOut(c.now()) // in the order in which it came
	}
	f(c, e)
}

func (c *console) takeOutput(e event.Event) {
	c.tr.write(e.Data, c.now())
	if r := c.tr.scr.Replies(); len(r) > 0 && !c.opt.Watch {
		// A reply that does not fit the session's queue is one that the
		// program did not read: it has asked too often.
		_ = c.src.Input(r)
	}
}

func (c *console) takeHeld(e event.Event) {
	c.count++
	h := &hold{Card: card.New(e, c.opt.Ticket), since: c.now(), n: c.count}
	at := c.find(e.Hold)
	if at >= 0 {
		h.n, c.count = c.holds[at].n, c.count-1
		c.holds[at] = h
	} else {
		c.stint.Came(h.since, len(c.holds))
		c.holds = append(c.holds, h)
		at = len(c.holds) - 1
		if e.Cause == event.CauseSurprise {
			c.list.Surprise(e.Typed)
		}
	}
	if at == c.cur || e.Cause == event.CauseTyped && c.mode == toSession {
		c.cur = at
		c.readHold()
		return
	}
	c.mode = c.asking()
	c.out.sayf("Another hold waits: number %d, %s. Type hold %d to hear it.", h.n, theme.RatingOf(h.Risk()).Word, h.n)
}

// asking is the mode of somebody who has heard of another hold: a question that
// was open stays so, lines for the session do not.
func (c *console) asking() mode {
	if c.mode == toSession {
		c.stood = c.now()
		return toConsole
	}
	return c.mode
}

// readHold reads out the hold that is to be decided on, in full, and takes the
// keyboard for it.
func (c *console) readHold() {
	h := c.shown()
	h.Before, h.Plan = c.past.Of(h.Hold, h.since), c.opt.Runbook.Of(h.Hold)
	c.mode = toConsole
	c.tr.wrote = time.Time{} // also what the cursor stands behind
	c.readOut(c.now())
	texts := []quote.Safe{c.heading(h)}
	for i, t := range h.Aloud() {
		texts = append(texts, quote.Join([]quote.Safe{quote.Line(itoa(i+1) + ". "), t}, quote.Plain("")))
	}
	texts = append(texts, quote.Plain("Type allow, deny, cannot tell, ask or explain; help has more words."))
	c.out.say(texts...)
	if c.opt.Bell && h.read.IsZero() {
		c.out.write("\a")
	}
	c.stood = c.now()
	if h.read.IsZero() {
		h.read = c.stood
	}
}

func (c *console) heading(h *hold) quote.Safe {
	text := "Hold " + itoa(h.n) + " waits. Nothing runs while it waits."
	if more := len(c.holds) - 1; more > 0 {
		text = "Hold " + itoa(h.n) + " waits, and " + itoa(more) + " more. Nothing runs while they wait."
	}
	return quote.Line(text)
}

func (c *console) brief(h *hold) quote.Safe {
	text := "Hold " + itoa(h.n) + ", " + theme.RatingOf(h.Risk()).Word + ": " + h.Headline()
	if h.Parked != "" {
		text += " Passed on by " + h.Parked + "."
	}
	return quote.Line(text)
}

func (c *console) takeParked(e event.Event) {
	if at := c.find(e.Hold); at >= 0 {
		h := c.holds[at]
		h.Parked, h.asked = e.Who, false
		c.record(e, event.CannotTell, h)
		c.out.sayf("Hold %d was passed on by %s. It is still held.", h.n, e.Who)
		if at == c.cur {
			c.mode = toConsole
			c.stood = c.now()
		}
	}
}

func (c *console) record(e event.Event, verdict string, h *hold) {
	at := e.Time
	if at.IsZero() {
		at = c.now()
	}
	c.list.Add(history.Row{
		Time: at, Verdict: verdict, Risk: h.Risk(), Headline: h.Headline(), Who: e.Who, Reason: e.Reason, Hold: e.Hold,
		Text: h.Raw(), Cause: h.Hold.Cause,
	})
}

func (c *console) takeDecided(e event.Event) {
	if e.Time.IsZero() {
		e.Time = c.now()
	}
	if at := c.find(e.Hold); at >= 0 {
		c.past.Note(c.holds[at].Hold, e, true)
		if e.Who == c.opt.Who {
			c.stint.Judged(c.now())
		}
		if e.Verdict == event.Allow {
			c.opt.Runbook.Take(c.holds[at].Hold)
		}
	}
	c.remove(e, e.Verdict)
}

// ends are what became of a hold.
var ends = map[string]string{event.Allow: "was allowed", event.Deny: "was denied", "withdrawn": "went away by itself"}

// remove takes a hold away that was decided or went by itself.
func (c *console) remove(e event.Event, verdict string) {
	at := c.find(e.Hold)
	if at < 0 {
		return
	}
	h := c.holds[at]
	c.record(e, verdict, h)
	end, ok := ends[verdict]
	if !ok {
		end = "ended: " + verdict
	}
	c.out.sayf("Hold %d %s.", h.n, with(end, strings.TrimSuffix(e.Reason, ".")))
	c.offer(len(c.holds) - 1)
	c.drop(at)
}

// drop forgets a hold and goes on with the next one.
func (c *console) drop(at int) {
	c.holds = slices.Delete(c.holds, at, at+1)
	switch {
	case at < c.cur:
		c.cur--
	case at > c.cur:
	case len(c.holds) > 0:
		c.cur = min(c.cur, len(c.holds)-1)
		c.readHold()
	case c.lines:
		c.cur = 0
		c.toLines()
	default:
		c.cur = 0
		c.toWords()
	}
}

// answered takes what the source said to a decision.
func (c *console) answered(id string, err error) {
	at := c.find(id)
	c.complain(err)
	if err == nil || at < 0 {
		return
	}
	c.holds[at].asked = false
	if errors.Is(err, event.ErrDecided) || errors.Is(err, event.ErrNoHold) {
		c.drop(at)
		return
	}
	c.stood = c.now()
}

func (c *console) note(e event.Event, text string) {
	at := e.Time
	if at.IsZero() {
		at = c.now()
	}
	c.list.Add(history.Row{Time: at, Headline: text, Who: e.Who})
	c.out.say(quote.Line(strings.ToUpper(text[:1]) + text[1:] + "."))
}

// takeFinished says how what was allowed ended.
func (c *console) takeFinished(e event.Event) {
	if e.Status == nil || e.Hold == "" {
		return
	}
	c.list.Ended(e.Hold, *e.Status, e.Reason)
	if *e.Status != 0 || e.Reason != "" {
		c.out.say(quote.Line(with("It ended with status "+itoa(*e.Status), e.Reason) + "."))
	}
}

// press sends keys to the session by their names.
func (c *console) press(_ typed, names string) {
	if c.onlyHere() {
		return
	}
	for name := range strings.FieldsSeq(names) {
		k, ok := pane.Named(name)
		if !ok {
			c.out.sayf("There is no key %s. Keys are called ctrl+c, up, esc, enter, f1 or as their letter.", name)
			return
		}
		c.complain(c.src.Input(pane.Encode(k, c.tr.modes())))
	}
}
