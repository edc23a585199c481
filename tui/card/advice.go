package card

import (
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/session/event"
	"escort/tui/theme"
)

// findingsShown keeps one kind of line from filling the card; the page of the
// four questions has them all.
const findingsShown = 6

func (c *Card) findings(w int) []theme.Line {
	var out []theme.Line
	for i, f := range c.ex.Findings {
		if i == findingsShown {
			out = append(out, theme.Line{sayf(theme.Faint, "and %s", count(len(c.ex.Findings)-i, "more concern"))})
			break
		}
		out = append(out, finding(f, w)...)
	}
	return out
}

func finding(f effect.Finding, w int) []theme.Line {
	r := theme.RatingOf(f.Risk)
	return theme.Line{r.Sign(r.Mark), theme.Blank(1), say(theme.Plain, f.Text)}.Wrap(w, 2)
}

func (c *Card) unknowns(w int) []theme.Line {
	var out []theme.Line
	for _, u := range c.ex.Unknowns {
		text := u.Text
		if u.Why != "" {
			text += ": " + u.Why
		}
		out = append(out, theme.Line{theme.Own(theme.Held, "? "), say(theme.Plain, text)}.Wrap(w, 2)...)
	}
	return out
}

// planned is where it stands in the runbook. It is no advice.
func (c *Card) planned(w int) []theme.Line {
	var out []theme.Line
	for i, s := range c.Plan.Words {
		mark, token := theme.Own(theme.Held, "! "), theme.Held
		if c.Plan.Planned && i == 0 {
			mark, token = theme.Own(theme.Faint, "✓ "), theme.Plain
		}
		out = append(out, theme.Line{mark, say(token, s)}.Wrap(w, 2)...)
	}
	if c.Plan.Line != "" {
		out = append(out, theme.Line{theme.Own(theme.Faint, "  planned  "), say(theme.Raw, c.Plan.Line)}.Wrap(w, 11)...)
	}
	return out
}

// before is what happened before with the like of this.
func (c *Card) before(w int) []theme.Line {
	var out []theme.Line
	for _, s := range c.Before.Sentences {
		mark, token := theme.Own(theme.Faint, "↺ "), theme.Plain
		if s.Warn {
			mark, token = theme.Own(theme.Held, "! "), theme.Held
		}
		out = append(out, theme.Line{mark, say(token, s.Text)}.Wrap(w, 2)...)
	}
	return out
}

func (c *Card) ticket(w int) []theme.Line {
	if c.Ticket == "" || c.ticketQuoted() {
		return nil
	}
	out := theme.Line{theme.Own(theme.Faint, "The ticket says: "), say(theme.Plain, c.Ticket)}.Wrap(w, 2)
	if c.beyondTicket() {
		out = append(out, theme.Line{theme.Own(theme.Held, "This does more than that.")})
	} else if c.ex.Ticket == "unclear" {
		out = append(out, theme.Line{theme.Own(theme.Faint, "I cannot tell whether the ticket asks for this.")})
	}
	return out
}

// ticketQuoted reports whether a concern that is shown says what the ticket says.
func (c *Card) ticketQuoted() bool {
	return slices.ContainsFunc(c.ex.Findings[:min(len(c.ex.Findings), findingsShown)], func(f effect.Finding) bool {
		return strings.Contains(f.ID, "ticket") && strings.Contains(f.Text, c.Ticket)
	})
}

func (c *Card) beyondTicket() bool {
	for _, f := range c.ex.Findings {
		if strings.Contains(f.ID, "ticket") {
			return true
		}
	}
	return false
}

// suggestion is one line what to do. It is only a word: nothing is preselected.
func (c *Card) suggestion(w int) []theme.Line {
	return theme.Line{theme.Own(theme.Faint, "Suggested: "), say(theme.Strong, c.Suggested())}.Wrap(w, 2)
}

// Suggested is what the card advises.
func (c *Card) Suggested() string {
	untyped := c.Hold.Cause != event.CauseTyped && c.Hold.Cause != ""
	switch {
	case c.Parked != "" && c.ex.Risk.AtLeast(effect.Caution):
		return "wait for somebody who can tell, or deny"
	case c.phrase() == cannotTell && c.ex.Risk.AtLeast(effect.High):
		return "pass it on (c)"
	case c.ex.Risk == effect.Critical:
		return "pass it on (c), or deny"
	case c.beyondTicket():
		return "ask first, it does more than the ticket says"
	case c.ex.Risk.AtLeast(effect.High), untyped && c.ex.Risk.AtLeast(effect.Caution):
		return "ask first"
	case untyped:
		return "look where it comes from"
	case c.ex.Risk == effect.Caution && c.Ticket == "":
		return "ask first"
	case c.ex.Risk == effect.Caution && c.ex.Ticket == "fits":
		return "fits the ticket"
	case c.ex.Risk == effect.Caution:
		return "compare it with the ticket"
	}
	return "nothing speaks against it"
}

// asksShown keeps the card to what can be asked in one breath; the page of the
// four questions has the rest.
const asksShown = 2

func (c *Card) ask(w int) []theme.Line {
	return asks(c.ex.Ask[:min(len(c.ex.Ask), asksShown)], w)
}

func asks(questions []string, w int) []theme.Line {
	var out []theme.Line
	for _, q := range questions {
		out = append(out, theme.Line{theme.Own(theme.Faint, "Ask: "), say(theme.Plain, "\""+q+"\"")}.Wrap(w, 5)...)
	}
	return out
}

// Answers is the page of the four questions.
func (c *Card) Answers(w int) []theme.Line {
	var out []theme.Line
	ask := func(question string, answers []theme.Line) {
		if len(out) > 0 {
			out = append(out, theme.Line{})
		}
		out = append(out, theme.Line{say(theme.Strong, question)})
		out = append(out, answers...)
	}
	ask("Why this risk?", c.why(w))
	ask("What changes if I allow?", c.changes(w))
	ask("What would a harmless version look like?", c.harmless(w))
	ask("What does each word mean?", c.words(w))
	if len(c.ex.Ask) > asksShown {
		ask("What else can be asked?", asks(c.ex.Ask, w))
	}
	return out
}

func (c *Card) why(w int) []theme.Line {
	out := append(c.rating(w), c.dimensions(w)...)
	for _, f := range c.ex.Findings {
		out = append(out, finding(f, w)...)
	}
	out = append(out, c.unknowns(w)...)
	if len(c.ex.Findings)+len(c.ex.Unknowns) == 0 {
		out = append(out, theme.Line{theme.Own(theme.Plain, "Nothing in it gives reason for concern of its own.")}.Wrap(w, 0)...)
	}
	return out
}

func (c *Card) changes(w int) []theme.Line {
	if len(c.ex.Effects) == 0 {
		return theme.Line{theme.Own(theme.Plain, "No effect is known.")}.Wrap(w, 0)
	}
	var out []theme.Line
	for _, e := range c.ex.Effects {
		r := theme.RatingOf(e.Risk)
		text := e.Verb + " " + e.Object
		if e.Recursive {
			text += ", with everything in it"
		}
		if e.As != "" {
			text += ", as " + e.As
		}
		out = append(out, theme.Line{r.Sign(r.Mark), theme.Blank(1), say(theme.Plain, text)}.Wrap(w, 2)...)
	}
	return append(out, c.undo(w)...)
}

// harmless describes what would calm each dimension that is not safe.
func (c *Card) harmless(w int) []theme.Line {
	var out []theme.Line
	for _, d := range effect.AllDimensions {
		if c.ex.Dimensions.Of(d) == effect.Safe || c.ex.Dimensions.Of(d) == "" {
			continue
		}
		out = append(out, theme.Line{theme.Own(theme.Faint, "· "), say(theme.Plain, calm[d])}.Wrap(w, 2)...)
	}
	if len(out) == 0 {
		return []theme.Line{{theme.Own(theme.Plain, "This is one.")}}
	}
	return out
}

var calm = map[effect.Dimension]string{
	effect.Damage:      "one that lists what it would change, or changes only what the ticket names, after a copy was made",
	effect.Disclosure:  "one that shows only the lines that are needed, and sends nothing to another machine",
	effect.Control:     "one without new accounts, keys, open ports, and without code from elsewhere",
	effect.Hiding:      "one that leaves logs, history and its own output as they are",
	effect.Uncertainty: "one that is written out in full, with programs and files that can be read before",
}

func (c *Card) words(w int) []theme.Line {
	if ls := c.meanings(w); len(ls) > 0 {
		return ls
	}
	return []theme.Line{{theme.Own(theme.Plain, "No word of it is known.")}}
}
