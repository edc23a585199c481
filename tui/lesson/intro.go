package lesson

import (
	"fmt"

	"escort/explain/effect"
	"escort/keymap"
	"escort/session/sample"
	"escort/tui/theme"
)

// said is what an escort does about each risk, beside what the card says.
var said = map[effect.Risk]string{
	effect.Safe:     "It only looks. One key allows it. Still read what it looks at: a list of customers is only looked at, too.",
	effect.Low:      "It changes something small that is easily put back. One key allows it.",
	effect.Caution:  "Ordinary work that others may notice. Does the ticket ask for it? Then a key and Enter allow it.",
	effect.High:     "Hard to undo, or the console cannot tell what it does. Ask the engineer first. To allow it you type a word.",
	effect.Critical: "Lasting harm, or control given away. Do not allow it alone. In a first lesson it is nearly always denied.",
}

// Introduction is what somebody needs to know who has never held a line.
func Introduction(keys *keymap.Map) *Sheet {
	return &Sheet{Title: "what an escort does", Leave: []keymap.Action{keymap.Enter, keymap.Back}, Lines: func(w int) []theme.Line {
		p := &pen{w: w}
		p.add(0, say(theme.Plain, "An engineer works on a machine that is not theirs. You watch. You need not know the commands: each line waits until you have "+
			"read, in plain words, what it would do. Nothing runs while it waits, and you may take your time."))
		p.title("What the words on the card mean")
		for _, r := range effect.Risks {
			is := theme.RatingOf(r)
			p.add(0, is.Named(is.Token), sayf(theme.Plain, " · %s", is.Phrase))
			p.in(2, say(theme.Plain, said[r]))
		}
		p.title("How to decide")
		for _, a := range []struct {
			do   keymap.Action
			text string
		}{
			{keymap.Allow, "allows the line, where it fits the ticket and you know what it does."},
			{keymap.DenyIt, "denies it. Then a number chooses a reason, or you write one, and Enter sends it. Nobody may be angry about a no: it costs a minute."},
			{keymap.Tell, "asks the engineer; Enter at once sends the question that the card suggests. The line waits for your verdict all the same."},
			{keymap.CannotTell, "passes it on to somebody who can tell. \"I do not know\" is an answer, and a good one."},
			{keymap.Explain, "explains more, and what each word of the command means."},
			{keymap.Help, "lists every key."},
		} {
			p.add(4, sayf(theme.Accent, "%-3s", keys.Key(keymap.Card, a.do)), say(theme.Plain, " "+a.text))
		}
		p.title("How to say no politely")
		p.in(2, say(theme.Plain, "Say what you need, not what you think of it: \"This is not in the ticket.\" \"Please do it in smaller steps.\" \"Please show me the script first.\""))
		p.title("How you are scored")
		for _, s := range sample.Weights() {
			p.in(2, say(theme.Plain, s))
		}
		return p.lines
	}}
}

// Briefing is what an escort is told before a lesson.
func Briefing(s sample.Sample, number string) *Sheet {
	return &Sheet{Title: s.Title, Leave: []keymap.Action{keymap.Enter, keymap.Intro, keymap.Back}, Lines: func(w int) []theme.Line {
		p := &pen{w: w}
		if number != "" {
			p.add(0, say(theme.Faint, number))
			p.gap()
		}
		for _, row := range [][2]string{
			{"Engineer", s.Engineer},
			{"Machine", s.Host},
			{"Ticket", s.Ticket},
			{"Time there", s.Start().Format("Monday 2006-01-02, 15:04")},
			{"Lines", fmt.Sprint(len(s.Steps))},
		} {
			p.add(12, sayf(theme.Faint, "%-12s", row[0]), say(theme.Strong, row[1]))
		}
		p.gap()
		p.add(0, say(theme.Plain, "Nothing in it is real, and nothing runs. The lines come by themselves; between them, space takes the next one at once. "+
			"Whatever you decide, the work goes on. How you did, and why, comes at the end. Who takes long gets a hint in some lessons."))
		p.gap()
		p.add(0, sayf(theme.Plain, "You begin with 100 points. %d passes: no harm missed, and no more than two needless answers.", sample.Pass))
		return p.lines
	}}
}
