package card

import (
	"fmt"
	"strings"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/session/event"
	"escort/tui/theme"
)

// aloud collects sentences for a console that has nothing but lines of text:
// the words of the card without its signs, bars and columns.
type aloud []quote.Safe

func (a *aloud) add(parts ...string) {
	if text := strings.Join(parts, ""); text != "" {
		*a = append(*a, quote.Line(text))
	}
}

// lines adds a text of several lines, each with its number where there are more
// than one.
func (a *aloud) lines(name, text string) {
	all := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, l := range all {
		head := name
		if len(all) > 1 {
			head = fmt.Sprintf("%s, line %d of %d", name, i+1, len(all))
		}
		a.add(head, ": ", strings.ReplaceAll(l, "\t", "    "))
	}
}

// Aloud is the card as sentences, one a line, in the order of the card for
// short panels: the risk first. Everything that matters for the decision is in
// it.
func (c *Card) Aloud() []quote.Safe {
	var a aloud
	a.add(theme.RatingOf(c.ex.Risk).Word, ": ", c.phrase(), ".")
	a.add(c.ex.Headline)
	c.undoAloud(&a)
	a.add("Suggested: ", strings.Replace(c.Suggested(), "(c)", "(type: cannot tell)", 1), ".")
	c.originAloud(&a)
	a.lines("Command", c.ex.Command)
	if c.ex.Cut {
		a.add("The command goes on: only its beginning is shown here.")
	}
	c.disguiseAloud(&a)
	c.wordsAloud(&a)
	c.worstAloud(&a)
	for _, s := range c.Plan.Words {
		a.add(s)
	}
	if c.Plan.Line != "" {
		a.lines("Planned", c.Plan.Line)
	}
	for _, s := range c.Before.Sentences {
		a.add(s.Text)
	}
	c.dimensionsAloud(&a)
	c.concernsAloud(&a)
	if c.Ticket != "" {
		a.add("The ticket says: ", c.Ticket)
		switch {
		case c.beyondTicket():
			a.add("This does more than that.")
		case c.ex.Ticket == "unclear":
			a.add("I cannot tell whether the ticket asks for this.")
		}
	}
	for _, q := range c.ex.Ask[:min(len(c.ex.Ask), asksShown)] {
		a.add("You can ask: ", q)
	}
	return a
}

func (c *Card) undoAloud(a *aloud) {
	u := c.undone()
	if u == "" {
		a.add(c.ex.UndoText)
		return
	}
	a.add(strings.ToUpper(u[:1]), u[1:], ". ", c.ex.UndoText)
}

func (c *Card) originAloud(a *aloud) {
	h := c.Hold
	a.add(layers[h.Layer])
	a.add(causes[h.Cause])
	if c.Parked != "" {
		a.add("Passed on by ", c.Parked, ": it waits for somebody who can tell.")
	}
	shown, actual := c.ex.Command, "Wants to run"
	if h.Layer == event.LayerEffect {
		actual = "Runs now"
	}
	for _, v := range []struct{ name, text string }{{"Typed", h.Typed}, {"Expanded", h.Expanded}, {actual, h.Actual}} {
		if v.text != "" && v.text != shown {
			shown = v.text
			a.lines(v.name, v.text)
		}
	}
}

func (c *Card) disguiseAloud(a *aloud) {
	seen := map[rune]bool{}
	for _, m := range append(quote.Confusables(c.ex.Command), quote.Invisible(c.ex.Command)...) {
		if seen[m.Rune] {
			continue
		}
		seen[m.Rune] = true
		if m.LooksLike == "" {
			a.add(fmt.Sprintf("Hidden character U+%04X is in the command.", m.Rune))
			continue
		}
		a.add(fmt.Sprintf("Look-alike in the command: U+%04X is not %s, it only looks like it.", m.Rune, m.LooksLike))
	}
}

func (c *Card) wordsAloud(a *aloud) {
	for _, p := range c.ex.Parts {
		if p.Meaning != "" {
			a.add("Word ", p.Text, ": ", p.Meaning, theme.Origin(p))
		}
	}
}

func (c *Card) worstAloud(a *aloud) {
	for _, s := range c.ex.Scripts {
		if s.Unread != "" {
			a.add("Not all of ", base(s.Path), " was read: ", s.Unread)
		}
		if len(s.Worst) == 0 {
			continue
		}
		a.add("Worst lines of ", base(s.Path), ", ", count(s.Lines, "line"), c.made(s.ModTime), ":")
		for _, l := range s.Worst[:min(len(s.Worst), worstShown)] {
			a.add(lineAloud(l))
		}
		if more := len(s.Worst) - worstShown; more > 0 {
			a.add("And ", count(more, "more line"), ". Type script to hear all.")
		}
	}
}

func lineAloud(l effect.ScriptLine) string {
	text := fmt.Sprintf("Line %d, %s: %s", l.Line, strings.ToLower(theme.RatingOf(l.Risk).Word), l.Text)
	if l.Meaning != "" {
		text += " (" + l.Meaning + ")"
	}
	return text
}

func (c *Card) dimensionsAloud(a *aloud) {
	for _, d := range effect.AllDimensions {
		if r := theme.RatingOf(c.ex.Dimensions.Of(d)); r.Steps > 0 {
			a.add(dimensionNames[d], ": ", strings.ToLower(r.Word))
		}
	}
}

func (c *Card) concernsAloud(a *aloud) {
	for _, f := range c.ex.Findings {
		a.add("Concern, ", strings.ToLower(theme.RatingOf(f.Risk).Word), ": ", f.Text)
	}
	for _, u := range c.ex.Unknowns {
		text := u.Text
		if u.Why != "" {
			text += ": " + u.Why
		}
		a.add("Not known: ", text)
	}
}

// AnswersAloud is the page of the four questions as sentences.
func (c *Card) AnswersAloud() []quote.Safe {
	var a aloud
	a.add("Why this risk?")
	a.add(theme.RatingOf(c.ex.Risk).Word, ": ", c.phrase(), ".")
	c.dimensionsAloud(&a)
	c.concernsAloud(&a)
	a.add("What changes if I allow?")
	if len(c.ex.Effects) == 0 {
		a.add("No effect is known.")
	}
	for _, e := range c.ex.Effects {
		text := e.Verb + " " + e.Object
		if e.Recursive {
			text += ", with everything in it"
		}
		if e.As != "" {
			text += ", as " + e.As
		}
		a.add(strings.ToLower(theme.RatingOf(e.Risk).Word), ": ", text)
	}
	c.undoAloud(&a)
	a.add("What would a harmless version look like?")
	for _, l := range c.harmless(1 << 16) {
		a.add(strings.TrimPrefix(l.Text(), "· "))
	}
	a.add("What does each word mean?")
	n := len(a)
	c.wordsAloud(&a)
	if len(a) == n {
		a.add("No word of it is known.")
	}
	for i, q := range c.ex.Ask {
		if i >= asksShown {
			a.add("You can also ask: ", q)
		}
	}
	return a
}

// ScriptsAloud is what is known about the scripts and their text as sentences,
// one for each line.
func (c *Card) ScriptsAloud() []quote.Safe {
	var a aloud
	for _, s := range c.ex.Scripts {
		for _, l := range c.whence(s, 1<<16) {
			a.add(l.Text())
		}
		worst := map[int]effect.ScriptLine{}
		for _, l := range s.Worst {
			worst[l.Line] = l
			if s.Text == "" {
				a.add(lineAloud(l))
			}
		}
		n := 0
		for text := range strings.Lines(s.Text) {
			n++
			text = strings.TrimRight(strings.ReplaceAll(text, "\t", "    "), "\r\n")
			if l, bad := worst[n]; bad {
				l.Text = text
				a.add(lineAloud(l))
				continue
			}
			a.add(fmt.Sprintf("Line %d: %s", n, text))
		}
		if rest := s.Lines - n; rest > 0 && s.Text != "" {
			a.add(count(rest, "more line"), " not shown here.")
		}
	}
	return a
}

// views are what the layers are called where one is lost.
var views = map[string]string{
	event.LayerLine: "line view", event.LayerStart: "view of starts", event.LayerEffect: "view of effects", event.LayerPrompt: "view of prompts",
}

// stills say what holds without a layer.
var stills = map[string]string{event.LayerLine: "each program is still held when it starts"}

// Still says what holds without a layer; empty where that is not known.
func Still(layer string) string { return stills[layer] }

// View is what a layer is called where it is lost or back.
func View(layer string) string { return views[layer] }

// Command is the whole command, not yet made visible.
func (c *Card) Command() string { return c.ex.Command }
