package plain

import (
	"strconv"
	"strings"

	"escort/explain/quote"
	"escort/keymap"
	"escort/session/event"
	"escort/tui/consent"
	"escort/tui/history"
)

func itoa(n int) string { return strconv.Itoa(n) }

// word is one thing that can be typed for the console.
type word struct {
	name  string
	args  string // what may follow; empty: nothing
	help  string
	held  bool // it is about what is held
	early bool // it may follow at once on what was said before: it decides nothing
	do    func(c *console, t typed, rest string)
}

// words are what can be typed for the console, in the order of the help.
var words []word

func init() {
	words = []word{
		{"allow", "", "allow what is held; CAUTION asks for Enter, HIGH and CRITICAL for a word", true, false, (*console).allow},
		{"deny", "[reason]", "deny what is held, with a reason if you like", true, false, (*console).deny},
		{"cannot tell", "", "leave it held for somebody who can tell", true, false, (*console).cannotTell},
		{"ask", "[text]", "write to the engineer; without a text it sends the hold's question", false, true, (*console).ask},
		{"explain", "", "why this risk, what changes, a harmless version, each word", true, true, (*console).explain},
		{"script", "[line]", "read the script, 40 lines at a time", true, true, (*console).script},
		{"repeat", "", "read what is held once more", true, true, (*console).repeat},
		{"hold", "N", "read hold number N, and decide on that", true, true, (*console).hold},
		{"holds", "", "list what is held", false, true, (*console).listHolds},
		{"freeze", "", "stop every process of the session", false, true, (*console).freeze},
		{"thaw", "", "let them go on", false, true, (*console).thaw},
		{"shell", "", "give your lines to the session; ctrl+] comes back", false, true, (*console).shell},
		{"press", "key ...", "send keys to the session, such as ctrl+c, up, esc, enter", false, true, (*console).press},
		{"screen", "", "read all that the session's screen shows", false, true, (*console).screen},
		{"release", "", "read what output is held back; once more: give the engineer exactly what was read", false, false, (*console).release},
		{"history", "", "list the decisions of this session", false, true, (*console).history},
		{"keys", "", "list the keys that work while you type a line", false, true, (*console).keys},
		{"help", "", "list these words", false, true, (*console).help},
		{"here", "name", "after a long time without a key: type who you are, to go on", false, true, (*console).here},
		{"leave", "", "close this console and leave the session running, where it is attached", false, true, (*console).leave},
		{"end", "", "end the session; asks once", false, true, (*console).end},
	}
}

// answers say what a line does in each mode of the console's own.
var answers map[mode]func(*console, typed)

func init() {
	answers = map[mode]func(*console, typed){
		toConsole: (*console).obey, toConfirm: (*console).confirm, toSpell: (*console).spell, toEnd: (*console).reallyEnd,
	}
}

// split finds the word that a line begins with, and what follows it.
func split(line string) (word, string, bool) {
	line = strings.TrimSpace(line)
	for _, w := range words {
		if len(line) < len(w.name) || !strings.EqualFold(line[:len(w.name)], w.name) {
			continue
		}
		rest := line[len(w.name):]
		if rest != "" && rest[0] != ' ' || w.args == "" && rest != "" {
			continue
		}
		return w, strings.TrimSpace(rest), true
	}
	return word{}, "", false
}

// obey takes a word.
func (c *console) obey(t typed) {
	if strings.TrimSpace(t.text) == "" {
		return
	}
	w, rest, ok := split(t.text)
	switch {
	case !ok:
		c.out.sayf("I do not know %s. Type help for the words.", quote.Line(t.text))
	case w.held && c.shown() == nil:
		c.out.say(quote.Plain("Nothing is held."))
	case w.held && !w.early && c.shown().asked:
		c.out.say(quote.Plain("The decision is on its way."))
	case !w.early && !c.ready(t):
	default:
		w.do(c, t, rest)
	}
}

func (c *console) allow(typed, string) {
	h := c.shown()
	if c.frozen {
		c.out.say(quote.Plain("The session is frozen. Type thaw, then allow."))
		return
	}
	effort, why := consent.Of(h.Risk(), h.Word()), ""
	if h.Before.Fold && c.past.Of(h.Hold, h.since).Fold {
		if again := consent.Again(h.Risk(), h.Word()); again != effort {
			effort, why = again, consent.Repeat
		}
	}
	switch effort {
	case consent.Typed:
		c.mode = toSpell
		c.out.sayf("Type %s to allow hold %d. Type no to go back.", h.Word(), h.n)
	case consent.Confirm:
		c.mode = toConfirm
		c.out.sayf("Press Enter once more to allow hold %d. Type no to go back.", h.n)
	default:
		c.decide(event.Allow, "", why)
		return
	}
	c.stood = c.now()
}

func (c *console) confirm(t typed) {
	switch {
	case strings.TrimSpace(t.text) != "":
		c.back()
	case c.ready(t):
		c.decide(event.Allow, "", "")
	}
}

func (c *console) spell(t typed) {
	w := c.shown().Word()
	switch text := strings.TrimSpace(t.text); {
	case consent.Right(w, text):
		if c.ready(t) {
			c.decide(event.Allow, w, "")
		}
	case strings.EqualFold(text, "no"):
		c.back()
	default:
		c.out.sayf("That is not the word. Type %s to allow, or no to go back.", w)
		c.stood = c.now()
	}
}

// back leaves a question.
func (c *console) back() {
	c.mode = toConsole
	c.out.say(quote.Plain("Taken back. It is still held."))
	c.stood = c.now()
}

func (c *console) deny(_ typed, reason string) { c.decide(event.Deny, "", reason) }

func (c *console) cannotTell(typed, string) { c.decide(event.CannotTell, "", "") }

// decide sends a verdict on what was read out.
func (c *console) decide(verdict, word, reason string) {
	h := c.shown()
	c.mode, h.asked = toConsole, true
	d := event.Decision{
		Hold: h.Hold.Hold, Verdict: verdict, Word: word, Reason: reason, Who: c.opt.Who,
		LookedMS: c.now().Sub(h.read).Milliseconds(),
	}
	src, ctx := c.src, c.ctx
	c.call(func() func() {
		err := src.Decide(ctx, d)
		return func() { c.answered(d.Hold, err) }
	})
}

// tell runs a call of the source; done is said where it worked.
func (c *console) tell(done quote.Safe, f func() error) {
	c.call(func() func() {
		err := f()
		return func() {
			if c.complain(err); err == nil && done.String() != "" {
				c.out.say(done)
			}
		}
	})
}

func (c *console) ask(_ typed, text string) {
	if h := c.shown(); text == "" && h != nil {
		text = h.Question()
	}
	if text == "" {
		c.out.say(quote.Plain("There is no question to send. Type ask and then what you want to say."))
		return
	}
	c.tell(quote.Line("Sent: "+text), func() error { return c.src.Tell(c.ctx, text) })
}

func (c *console) explain(typed, string) { c.out.say(c.shown().AnswersAloud()...) }

// page is how much of a script is read out at once.
const page = 40

func (c *console) script(_ typed, from string) {
	if !c.shown().Scripts() {
		c.out.say(quote.Plain("There is no script in this."))
		return
	}
	all := c.shown().ScriptsAloud()
	at := 0
	if n, err := strconv.Atoi(from); err == nil {
		at = min(max(n-1, 0), len(all)-1)
	}
	end := min(at+page, len(all))
	c.out.say(all[at:end]...)
	if end < len(all) {
		c.out.sayf("%d more. Type script %d to go on.", len(all)-end, end+1)
	}
}

func (c *console) repeat(typed, string) { c.readHold() }

func (c *console) hold(_ typed, n string) {
	for i, h := range c.holds {
		if itoa(h.n) == n {
			c.cur = i
			c.readHold()
			return
		}
	}
	c.out.sayf("There is no hold %s that waits. Type holds for a list.", quote.Line(n))
}

func (c *console) listHolds(typed, string) {
	if len(c.holds) == 0 {
		c.out.say(quote.Plain("Nothing is held."))
	}
	for _, h := range c.holds {
		c.out.say(c.brief(h))
	}
}

func (c *console) freeze(typed, string) {
	c.tell(quote.Safe{}, func() error { return c.src.Freeze(c.ctx, true) })
}

func (c *console) thaw(typed, string) {
	c.tell(quote.Safe{}, func() error { return c.src.Freeze(c.ctx, false) })
}

func (c *console) shell(typed, string) {
	if c.onlyHere() {
		return
	}
	c.lineHelp()
	c.toLines()
}

func (c *console) screen(typed, string) {
	lines := c.tr.screen()
	if len(lines) == 0 {
		c.out.say(quote.Plain("The screen is empty."))
	}
	c.out.session(lines...)
}

func (c *console) history(typed, string) {
	c.out.say(c.list.Aloud(history.Filter(0))...)
	c.out.say(quote.Line("In all: "+c.list.Total().Brief()+"."), quote.Line(c.today()))
}

func (c *console) keys(typed, string) {
	for _, k := range keymap.Line {
		c.out.sayf("%s: %s.", k.Key, k.Help)
	}
}

func (c *console) help(typed, string) {
	c.out.say(quote.Plain("Type a word and Enter:"))
	for _, w := range words {
		c.out.say(quote.Line(strings.TrimSpace(w.name+" "+w.args) + ": " + w.help + "."))
	}
}

func (c *console) end(typed, string) {
	c.mode = toEnd
	c.out.say(quote.Line("So far: "+c.list.Total().Brief()+"."), quote.Plain("End the session and every process of it? Type yes or no."))
	c.stood = c.now()
}

func (c *console) reallyEnd(t typed) {
	c.mode = toConsole
	if !strings.EqualFold(strings.TrimSpace(t.text), "yes") {
		c.out.say(quote.Plain("The session goes on."))
		c.stood = c.now()
		return
	}
	c.tell(quote.Plain("Ending the session."), func() error { return c.src.End(c.ctx) })
}
