package card

import (
	"escort/explain/effect"
	"escort/explain/quote"
	"escort/tui/theme"
)

// command is the whole command with what its words mean.
func (c *Card) command(w int) []theme.Line {
	return append(c.bareCommand(w), c.meanings(w)...)
}

// bareCommand is the whole command as it is, every line of it.
func (c *Card) bareCommand(w int) []theme.Line {
	var out []theme.Line
	for _, l := range c.marked() {
		out = append(out, l.Wrap(w, 2)...)
	}
	if c.ex.Cut {
		out = append(out, theme.Line{theme.Own(theme.Held, "The text goes on: only its beginning is shown here.")}.Wrap(w, 0)...)
	}
	return out
}

// A command of more than so many lines is shown by its ends where there is no
// room for all of it. What matters may stand behind a long run of filler.
const (
	headLines = 3
	tailLines = 3
)

func (c *Card) commandEnds(w int) []theme.Line {
	ls := c.bareCommand(w)
	hidden := len(ls) - headLines - tailLines
	if hidden < 2 {
		return ls
	}
	out := append(ls[:headLines:headLines], theme.Line{theme.Own(theme.Held, "⋮ "), sayf(theme.Held, "%d lines, see below", hidden)})
	return append(out, ls[len(ls)-tailLines:]...)
}

// wholeCommand is all of what commandEnds leaves out.
func (c *Card) wholeCommand(w int) []theme.Line {
	ls := c.bareCommand(w)
	if len(ls)-headLines-tailLines < 2 {
		return nil
	}
	return append([]theme.Line{{}, {theme.Own(theme.Plain, "The whole command:")}}, ls...)
}

// marked is the command's lines, the part pointed at set apart, or else what
// differs from the plan or from the last one that looked like it.
func (c *Card) marked() []theme.Line {
	cmd := c.ex.Command
	if c.Part >= 0 {
		if sp := c.ex.Parts[c.Part].Span; inside(sp, cmd) {
			lines := theme.Lines(theme.Raw, quote.Text(cmd[:sp[0]]))
			lines = extend(lines, theme.Lines(theme.Chosen, quote.Text("["+cmd[sp[0]:sp[1]]+"]")))
			return extend(lines, theme.Lines(theme.Raw, quote.Text(cmd[sp[1]:])))
		}
	}
	at, lines := 0, []theme.Line{{}}
	for _, sp := range c.differing() {
		lines = extend(lines, theme.Lines(theme.Raw, quote.Text(cmd[at:sp[0]])))
		lines = extend(lines, theme.Lines(theme.Differs, quote.Text(cmd[sp[0]:sp[1]])))
		at = sp[1]
	}
	return extend(lines, theme.Lines(theme.Raw, quote.Text(cmd[at:])))
}

// differing is the parts of the command that differ from what was planned, or
// else from the last one that looked like it. The words beside it say the same.
func (c *Card) differing() [][2]int {
	if c.Hold.Typed != c.ex.Command {
		return nil // they are places in what was typed
	}
	if len(c.Plan.Spans) > 0 {
		return c.Plan.Spans
	}
	return c.Before.Spans
}

// extend joins more to lines; its first line goes on the last one.
func extend(lines, more []theme.Line) []theme.Line {
	last := len(lines) - 1
	lines[last] = append(lines[last], more[0]...)
	return append(lines, more[1:]...)
}

// inside reports whether a span that came with the explanation can be used.
func inside(s effect.Span, text string) bool {
	return 0 <= s[0] && s[0] <= s[1] && s[1] <= len(text)
}

// nameCells is the widest that the column of words becomes.
const nameCells = 18

// meanings is a line for each part of the command: the word, what it means.
func (c *Card) meanings(w int) []theme.Line {
	col := 0
	for _, p := range c.ex.Parts {
		col = max(col, min(quote.Line(p.Text).Width(), nameCells, w/3))
	}
	var out []theme.Line
	for i, p := range c.ex.Parts {
		if p.Meaning == "" {
			continue
		}
		token := theme.Plain
		if i == c.Part {
			token = theme.Chosen
		}
		name := theme.Line{say(token, p.Text)}.Fit(col)
		l := append(theme.Line{theme.Own(theme.Faint, "└ ")}, name...)
		l = append(l, theme.Blank(2), say(theme.Plain, p.Meaning), say(theme.Faint, theme.Origin(p)))
		out = append(out, l.Wrap(w, col+4)...)
	}
	return out
}

// disguise names characters that are not what they look like.
func (c *Card) disguise(w int) []theme.Line {
	var out []theme.Line
	marks := append(quote.Confusables(c.ex.Command), quote.Invisible(c.ex.Command)...)
	seen := map[rune]bool{}
	for _, m := range marks {
		if seen[m.Rune] {
			continue
		}
		seen[m.Rune] = true
		text := "Hidden character: " + quote.Line(string(m.Rune)).String()
		if m.LooksLike != "" {
			text = "Look-alike: " + string(m.Rune) + " is not " + m.LooksLike + ", it only looks like it"
		}
		out = append(out, theme.Line{say(theme.Held, text)}.Wrap(w, 2)...)
	}
	return out
}
