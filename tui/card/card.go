// Package card shows a hold to the person who decides: plain words first, the
// risk as word and symbol, then what it wants to run, whole.
//
// The rules of the card:
//
//   - Everything that comes from the session or from the explanation goes
//     through explain/quote before it becomes part of a line.
//   - One shape: the same sections in the same order, left out when empty. A
//     second order serves short panels, where the first lines must suffice.
//   - Nothing is cut: what does not fit is folded or scrolled.
//   - A hold without an explanation is shown as HIGH, "I cannot tell".
//
// What happened before and how this differs from the last time is handed in:
// the card has no memory of its own.
package card

import (
	"fmt"
	"strings"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/session/event"
	"escort/tui/past"
	"escort/tui/runbook"
	"escort/tui/theme"
)

// Card is one hold on the screen.
type Card struct {
	Hold   event.Event
	Ticket string
	Parked string // who could not tell; empty: nobody yet
	Agreed string // who would allow it, where a second escort must as well; empty: nobody yet
	Before past.Before
	Plan   runbook.Place
	Part   int // the part pointed at, -1 none
	ex     effect.Explanation
	page   struct { // of the scripts, as it was laid out last
		made  bool
		w     int
		lines []theme.Line
		marks []int
	}
}

// New makes the card of a held event.
func New(hold event.Event, ticket string) *Card {
	c := &Card{Hold: hold, Ticket: ticket, Part: -1}
	if hold.Explanation != nil {
		c.ex = *hold.Explanation
		return c
	}
	c.ex = effect.Explanation{
		Command: raw(hold), Headline: "There is no explanation of this.", Risk: effect.High,
		Undo: effect.UndoUnknown, Dimensions: effect.Dimensions{Unknown: effect.High},
	}
	return c
}

// Raw is what is held as it is: what would start, else what was typed, not yet
// made visible.
func (c *Card) Raw() string { return raw(c.Hold) }

// raw is what is held, where nothing better is known.
func raw(h event.Event) string {
	for _, s := range []string{h.Actual, h.Expanded, h.Typed} {
		if s != "" {
			return s
		}
	}
	return quote.Argv(h.Argv)
}

// Risk is the rating that the card shows; it says how much effort an allow
// takes.
func (c *Card) Risk() effect.Risk { return c.ex.Risk }

// Headline is the card's sentence, not yet made visible.
func (c *Card) Headline() string { return c.ex.Headline }

// Word is what has to be typed for an allow; empty: nothing.
func (c *Card) Word() string { return strings.ToUpper(c.Hold.Word) }

// Question is what the card suggests to ask the engineer; empty if nothing.
func (c *Card) Question() string {
	if len(c.ex.Ask) == 0 {
		return ""
	}
	return c.ex.Ask[0]
}

// Scripts reports whether there is a script to look at.
func (c *Card) Scripts() bool { return len(c.ex.Scripts) > 0 }

// Parts is the number of parts that can be pointed at.
func (c *Card) Parts() int { return len(c.ex.Parts) }

// Point moves the pointer by n parts, round and round.
func (c *Card) Point(n int) {
	switch total := len(c.ex.Parts); {
	case total == 0:
	case c.Part < 0 && n < 0:
		c.Part = total - 1
	case c.Part < 0:
		c.Part = 0
	default:
		c.Part = (c.Part + n + total) % total
	}
}

// section is a part of the card.
type section struct {
	lines func(c *Card, w int) []theme.Line
	gap   int // a blank line stands before it at this airiness and above; 0: never
}

// The orders of the card: for a panel with room; for a short one; and for a
// command that would fill the short one, where its head and its tail stand in
// its place and the whole of it below.
var (
	long = []section{
		{(*Card).rating, 0},
		{(*Card).headline, 1},
		{(*Card).undo, 0},
		{(*Card).origin, 1},
		{(*Card).planned, 1},
		{(*Card).before, 1},
		{(*Card).dimensions, 1},
		{(*Card).command, 1},
		{(*Card).disguise, 1},
		{(*Card).worst, 1},
		{(*Card).findings, 1},
		{(*Card).unknowns, 1},
		{(*Card).ticket, 1},
		{(*Card).suggestion, 1},
		{(*Card).ask, 1},
	}
	short = shortOrder((*Card).bareCommand)
	brief = append(shortOrder((*Card).commandEnds), section{(*Card).wholeCommand, 0})
)

func shortOrder(command func(*Card, int) []theme.Line) []section {
	return []section{
		{(*Card).rating, 0},
		{(*Card).headline, 0},
		{(*Card).undo, 0},
		{(*Card).suggestion, 0},
		{(*Card).origin, 3},
		{(*Card).planned, 3},
		{(*Card).before, 3},
		{command, 1},
		{(*Card).worst, 0},
		{(*Card).dimensions, 2},
		{(*Card).disguise, 0},
		{(*Card).meanings, 4},
		{(*Card).findings, 3},
		{(*Card).unknowns, 0},
		{(*Card).ticket, 4},
		{(*Card).ask, 0},
	}
}

// airiest is the most that gap asks for.
const airiest = 4

// Lines is the whole card for a panel of w×h cells; it may be longer than h.
func (c *Card) Lines(w, h int) []theme.Line {
	if ls := join(long, c.parts(long, w), 1); len(ls) <= h {
		return ls
	}
	parts := c.parts(short, w)
	for airy := airiest; airy >= 0; airy-- {
		if ls := join(short, parts, airy); len(ls) <= h {
			return ls
		}
	}
	return join(brief, c.parts(brief, w), 0)
}

// parts is the lines of each section.
func (c *Card) parts(sections []section, w int) [][]theme.Line {
	out := make([][]theme.Line, len(sections))
	for i, s := range sections {
		out[i] = s.lines(c, w)
	}
	return out
}

// join puts the sections below each other, with blank lines between.
func join(sections []section, parts [][]theme.Line, airy int) []theme.Line {
	var out []theme.Line
	for i, ls := range parts {
		if g := sections[i].gap; g > 0 && g <= airy && len(out) > 0 && len(ls) > 0 {
			out = append(out, theme.Line{})
		}
		out = append(out, ls...)
	}
	return out
}

// say is untrusted text, made visible.
func say(t theme.Token, s string) theme.Span { return theme.Of(t, quote.Line(s)) }

func sayf(t theme.Token, format string, args ...any) theme.Span {
	return say(t, fmt.Sprintf(format, args...))
}

// phrase says what the rating means, or that unknown is what makes it.
func (c *Card) phrase() string {
	d := c.ex.Dimensions
	known := effect.Worst(d.Damage, d.Disclosure, d.Control, d.Hiding)
	if c.ex.Risk.AtLeast(effect.Caution) && d.Unknown.AtLeast(c.ex.Risk) && !known.AtLeast(c.ex.Risk) {
		return cannotTell
	}
	if p, ok := phrases[verdict{c.ex.Risk, c.ex.Undo}]; ok {
		return p
	}
	return theme.RatingOf(c.ex.Risk).Phrase
}

// cannotTell is the phrase of a risk that not knowing makes.
const cannotTell = "I cannot tell what this does"

type verdict struct {
	risk effect.Risk
	undo effect.Undo
}

// phrases are for the pairs whose usual phrase would contradict the words on
// undoing that stand beside it.
var phrases = map[verdict]string{
	{effect.Low, effect.UndoNo}:   "small",
	{effect.High, effect.UndoYes}: "ask first",
}

var undoWords = map[effect.Undo]string{
	effect.UndoYes: "can be undone", effect.UndoPartly: "can be undone in part", effect.UndoNo: "cannot be undone",
	effect.UndoUnknown: "cannot tell if it can be undone",
}

// undone says whether it can be undone; empty if that is not said.
func (c *Card) undone() string {
	if c.ex.Risk == effect.Safe && c.ex.Undo == effect.UndoYes {
		return "nothing to undo"
	}
	return undoWords[c.ex.Undo]
}

func (c *Card) rating(w int) []theme.Line {
	r := theme.RatingOf(c.ex.Risk)
	l := theme.Line{r.Named(r.Token), say(theme.Strong, " · "+c.phrase())}
	if with := append(l, say(theme.Strong, " · "+c.undone())); c.undoInRating(w) {
		l = with
	}
	return l.Wrap(w, 2)
}

// undoInRating reports whether the first line has room for the undo words too.
func (c *Card) undoInRating(w int) bool {
	u := c.undone()
	r := theme.RatingOf(c.ex.Risk)
	return u != "" && quote.Line(r.Symbol+" "+r.Word+" · "+c.phrase()+" · "+u).Width() <= w
}

func (c *Card) headline(w int) []theme.Line {
	return theme.Line{say(theme.Strong, c.ex.Headline)}.Wrap(w, 0)
}

func (c *Card) undo(w int) []theme.Line {
	u := c.undone()
	if u == "" || c.undoInRating(w) {
		if c.ex.UndoText == "" {
			return nil
		}
		return theme.Line{say(theme.Plain, c.ex.UndoText)}.Wrap(w, 0)
	}
	text := strings.ToUpper(u[:1]) + u[1:] + "."
	if c.ex.UndoText != "" {
		text += " " + c.ex.UndoText
	}
	return theme.Line{say(theme.Plain, text)}.Wrap(w, 0)
}

// causes are the reasons of a hold in plain words.
var causes = map[string]string{
	event.CauseSurprise:   "No card that was allowed has shown this.",
	event.CauseChanged:    "This is not the same any more as when it was shown.",
	event.CauseNobody:     "Nobody typed this.",
	event.CauseBackground: "The line that this belongs to has already ended.",
	event.CauseUnreadable: "What it would start could not be read.",
	event.CausePolicy:     "You allowed the line. The policy asks about this each time.",
}

// layers say what kind of thing is held, where it is no line that was typed.
var layers = map[string]string{
	event.LayerStart:  "A program wants to start.",
	event.LayerEffect: "A running program wants to do this.",
	event.LayerPrompt: "A line for a program's own prompt, as it stands on that program's screen. What is drawn there can be faked.",
}

func (c *Card) origin(w int) []theme.Line {
	var out []theme.Line
	h := c.Hold
	for _, s := range []string{layers[h.Layer], causes[h.Cause]} {
		if s != "" {
			out = append(out, theme.Line{say(theme.Held, s)}.Wrap(w, 0)...)
		}
	}
	if c.Parked != "" {
		out = append(out, theme.Line{sayf(theme.Held, "Passed on by %s: it waits for somebody who can tell.", c.Parked)}.Wrap(w, 0)...)
	}
	shown, actual := "", "wants to run"
	if h.Layer == event.LayerEffect {
		actual = "runs now" // it was started before
	}
	for _, v := range []struct{ name, text string }{
		{"typed", h.Typed}, {"expanded", h.Expanded}, {actual, h.Actual},
	} {
		if v.text == "" || v.text == shown || v.name == "typed" && v.text == c.ex.Command {
			continue
		}
		shown = v.text
		for _, l := range theme.Lines(theme.Raw, quote.Text(v.text)) {
			out = append(out, append(theme.Line{sayf(theme.Faint, "%-13s ", v.name)}, l...).Wrap(w, 14)...)
		}
	}
	return out
}

var dimensionNames = map[effect.Dimension]string{
	effect.Damage: "Breaks things", effect.Disclosure: "Shows secrets", effect.Control: "Gives control away",
	effect.Hiding: "Covers tracks", effect.Uncertainty: "Not understood",
}

func (c *Card) dimensions(int) []theme.Line {
	var out []theme.Line
	for _, d := range effect.AllDimensions {
		r := theme.RatingOf(c.ex.Dimensions.Of(d))
		if r.Steps == 0 {
			continue
		}
		l := theme.Line{sayf(theme.Plain, "%-19s ", dimensionNames[d])}
		l = append(l, theme.Bar(r.Mark, r.Steps)...)
		out = append(out, append(l, theme.Blank(1), say(r.Mark, strings.ToLower(r.Word))))
	}
	return out
}
