package plain

import (
	"context"
	"slices"
	"time"

	"escort/explain/quote"
	"escort/keymap"
	"escort/session/event"
	"escort/tui/card"
	"escort/tui/consent"
	"escort/tui/history"
	"escort/tui/past"
	"escort/tui/stint"
)

// mode is what the next line is for.
type mode int

const (
	toSession mode = iota // a line for the program in the session
	toConsole             // a word for the console
	toConfirm             // Enter alone allows
	toSpell               // the hold's word
	toEnd                 // yes ends the session
)

// hold is one thing that waits for a decision.
type hold struct {
	*card.Card
	since time.Time // when it came
	n     int       // how it is called: the first hold of a session is 1
	read  time.Time // when it was first read out in full
	asked bool      // a decision is on its way
}

// console is the state of the console of lines. One goroutine uses it.
type console struct {
	ctx  context.Context
	opt  Options
	src  event.Source
	call func(func() func()) // runs the first beside the console, the answer in it
	now  func() time.Time

	out   printer
	ed    editor
	tr    *transcript
	cols  int
	list  history.List
	past  *past.Memory
	stint stint.Stint
	told  time.Time // when it was last said that a break is due

	holds   []*hold
	cur     int // the one that was read out
	count   int // holds so far
	mode    mode
	lines   bool      // lines go to the session while nothing is held
	stood   time.Time // when what the next line is about was said in full
	frozen  bool
	reading string // digest of the output that was read out to be released; empty: none was
	alt     bool   // it was said that a full-screen program draws
	over    bool
}

func newConsole(ctx context.Context, src event.Source, opt Options, width func() int) *console {
	if opt.Keys == nil {
		opt.Keys = keymap.Default()
	}
	cols := width() - len(mark)
	c := &console{
		ctx: ctx, opt: opt, src: src, now: time.Now, out: printer{w: opt.Output, width: width, now: time.Now},
		tr: newTranscript(cols), cols: cols, lines: true, past: past.New(opt.Who),
	}
	if opt.NoFold {
		c.past.NeverFold()
	}
	return c
}

// shown is the hold that was read out last, nil if nothing is held.
func (c *console) shown() *hold {
	if len(c.holds) == 0 {
		return nil
	}
	return c.holds[c.cur]
}

func (c *console) find(id string) int {
	return slices.IndexFunc(c.holds, func(h *hold) bool { return h.Hold.Hold == id })
}

// begin says what this is.
func (c *console) begin() {
	p := &c.out
	if c.opt.Why != "" {
		p.say(quote.Line(c.opt.Why))
	}
	p.say(quote.Plain("Escort console, plain mode: lines of text, one thing a line."))
	who := c.opt.Host
	if c.opt.User != "" {
		who = c.opt.User + "@" + c.opt.Host
	}
	p.sayf("Session: %s.", who)
	if c.opt.Ticket != "" {
		p.sayf("Ticket: %s.", c.opt.Ticket)
	}
	for _, n := range c.opt.Notes {
		p.sayf("Warning: %s.", n)
	}
	if c.opt.Mark == "" {
		p.say(quote.Plain("The session is recorded."))
	}
	p.say(
		quote.Plain("A line that begins with a bar, |, comes from the session. No other line begins so."),
		quote.Plain("Nothing runs before you allow it."),
	)
	if !c.opt.Watch {
		c.lineHelp()
	}
	c.toLines()
}

// lineHelp says how lines for the session are left.
func (c *console) lineHelp() {
	c.out.sayf("%s changes between lines for the session and words for the console. Type help there.", c.opt.Keys.Key(keymap.Terminal, keymap.Switch))
}

// toLines gives the lines to the session.
func (c *console) toLines() {
	if c.opt.Watch {
		c.toWords()
		return
	}
	c.mode, c.lines = toSession, true
	c.out.say(quote.Plain("Your lines go to the session."))
	c.stood = c.now()
}

// toWords gives the lines to the console.
func (c *console) toWords() {
	c.mode = toConsole
	text := quote.Plain("Your lines are words for the console. Type help, or shell for the session.")
	if c.opt.Watch {
		text = quote.Plain("Your lines are words for the console. Type help.")
	}
	c.out.say(text)
	c.stood = c.now()
}

// prompts are what stands before what is typed.
var prompts = map[mode]string{
	toSession: "shell> ", toConsole: "escort> ", toConfirm: "Enter allows, no goes back> ", toSpell: "word> ", toEnd: "yes or no> ",
}

func (c *console) prompt() string {
	if h := c.shown(); h != nil && c.mode == toConsole {
		return quote.Line("hold " + itoa(h.n) + "> ").String()
	}
	return prompts[c.mode]
}

// patience is how long the session's lines wait for one that is being typed.
const patience = 5 * time.Second

// promptAfter is how long a prompt waits for what else may be said, so that
// there is one prompt and not one between any two lines.
const promptAfter = 150 * time.Millisecond

// due is how long to wait until something is to be said or asked.
func (c *console) due(now time.Time) (time.Duration, bool) {
	var at time.Time
	switch {
	case c.tr.dirty:
		at = c.speaks()
	case !c.out.asked:
		at = c.out.last.Add(promptAfter)
	default:
		return 0, false
	}
	return max(at.Sub(now), 0), true
}

// speaks is when the session's lines may be said: not amid one that is typed.
func (c *console) speaks() time.Time {
	at := c.tr.due()
	if later := c.ed.last.Add(patience); c.typing() && later.After(at) {
		at = later
	}
	return at
}

func (c *console) typing() bool { return len(c.ed.line) > 0 }

// settle says what the session has written, if it is time, and asks again.
func (c *console) settle(now time.Time) {
	if w := c.out.width() - len(mark); w != c.cols && !c.opt.Watch {
		c.cols = w
		c.tr.scr.Resize(w, rows)
		c.complain(c.src.Resize(w, rows))
	}
	if c.tr.dirty && !c.speaks().After(now) {
		c.readOut(now)
	}
	if !c.over && !c.out.asked && !c.tr.dirty && !c.out.last.Add(promptAfter).After(now) {
		c.asks()
	}
}

// asks shows the prompt, and what was typed so far.
func (c *console) asks() {
	typed := ""
	if c.visible() {
		typed = c.ed.text()
	}
	c.out.ask(c.prompt(), typed)
}

// visible reports whether what is typed may be seen.
func (c *console) visible() bool { return c.mode != toSession || !c.tr.secret() }

// readOut says the lines of the session that are new.
func (c *console) readOut(now time.Time) {
	lines, lost := c.tr.lines(now)
	if lost > 0 {
		c.out.sayf("%d lines of the session went by unread.", lost)
	}
	if len(lines) > 0 {
		c.out.session(lines...)
	}
	if c.tr.snap.Alt != c.alt {
		c.alt = c.tr.snap.Alt
		c.out.say(altWords[c.alt])
	}
}

var altWords = map[bool]quote.Safe{
	true:  quote.Plain("A program draws on the full screen now. The word screen, at the console, reads it out."),
	false: quote.Plain("The full-screen program has left the screen."),
}

// finish says the end.
func (c *console) finish() {
	c.tr.wrote = time.Time{} // what is there, is all
	c.readOut(c.now())
	c.out.say(quote.Plain("The session is over."))
}

func (c *console) complain(err error) {
	if err != nil {
		c.out.say(quote.Line("Not done: " + err.Error() + "."))
	}
}

// strokes takes keys.
func (c *console) strokes(s stroke) {
	for _, b := range s.p {
		o := c.ed.key(b, s.at, c.visible())
		if o.echo != "" && !c.out.asked {
			c.asks()
		} else {
			c.out.write(o.echo)
		}
		switch {
		case o.enter:
			c.out.newline()
			c.enter(c.ed.take())
		case o.key == keymap.Back:
			c.rubOut()
		case o.key == keymap.Switch:
			c.rubOut()
			c.change()
		case o.key == keymap.Nothing:
			c.control(o.raw)
		}
	}
}

// rubOut takes the line back and begins a new one.
func (c *console) rubOut() {
	if c.typing() {
		c.ed.take()
		c.out.newline()
	}
}

// change gives the lines to the other side.
func (c *console) change() {
	switch {
	case c.onlyHere():
	case c.mode == toSession:
		c.lines = false
		c.toWords()
	case c.shown() != nil:
		c.mode = toConsole
		c.out.say(quote.Plain("Decide what is held first: allow, deny, cannot tell. Type shell to leave it held and go to the session."))
		c.stood = c.now()
	default:
		c.toLines()
	}
}

// control takes ctrl+c and the like.
func (c *console) control(b byte) {
	if c.mode == toSession {
		c.rubOut()
		c.complain(c.src.Input([]byte{b}))
		return
	}
	c.out.say(quote.Plain("That key does nothing here: the console is not left or stopped so. Type end to end the session."))
}

// enter takes a whole line.
func (c *console) enter(t typed) {
	if c.mode == toSession {
		if t.begun.Before(c.stood) {
			c.early("it went nowhere")
			return
		}
		c.complain(c.src.Input([]byte(t.text + "\r")))
		return
	}
	if t.begun.Before(c.stood) && t.text != "" {
		c.early("it was not looked at")
		return
	}
	answers[c.mode](c, t)
}

func (c *console) early(what string) {
	c.out.sayf("That line was begun before what was said last, so %s. Type it again.", what)
}

// ready reports whether a line may decide, and says it where it may not.
func (c *console) ready(t typed) bool {
	if consent.Ready(t.begun, c.stood, t.before) {
		return true
	}
	c.out.say(quote.Plain("That came too soon after what was said or typed before, so it decides nothing. Wait a moment, then type it again."))
	return false
}
