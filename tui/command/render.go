package command

import (
	"fmt"
	"image/color"
	"io"
	"os"
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/tui/theme"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"
)

// riskInks are the colours of the ratings. The word and the sign carry the
// meaning and are the card's; the colour only helps to find it.
var riskInks = map[effect.Risk]color.Color{
	effect.Safe: lipgloss.Green, effect.Low: lipgloss.Green, effect.Caution: lipgloss.Yellow,
	effect.High: lipgloss.Red, effect.Critical: lipgloss.Red,
}

var undoPhrases = map[effect.Undo]string{
	effect.UndoYes:    "can be undone",
	effect.UndoPartly: "can be undone in part",
	effect.UndoNo:     "cannot be undone",
}

var dimensionNames = map[effect.Dimension]string{
	effect.Damage:      "Breaks things",
	effect.Disclosure:  "Shows secrets",
	effect.Control:     "Gives control away",
	effect.Hiding:      "Covers tracks",
	effect.Uncertainty: "Not understood",
}

// page writes an explanation for people: a warning to a neighbour, worst and
// plainest first.
type page struct {
	strings.Builder
	width int // columns
}

// printExplanation writes e on w.
func printExplanation(w io.Writer, getenv func(string) string, e effect.Explanation) error {
	return show(w, getenv, compose(e, columns(w)))
}

// show writes a page on w, coloured where w is a terminal that has colours and
// NO_COLOR is not set.
func show(w io.Writer, getenv func(string) string, text string) error {
	var env []string
	for _, name := range []string{"TERM", "COLORTERM", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"} {
		if v := getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	_, err := io.WriteString(colorprofile.NewWriter(w, env), text)
	return err
}

// compose makes the page, with all its colours.
func compose(e effect.Explanation, width int) string {
	p := page{width: width}
	p.risk(e)
	p.paragraph(bold, e.Headline)
	p.paragraph(plain, e.UndoText)
	p.bars(e.Dimensions)
	p.command(e)
	p.scripts(e.Scripts)
	p.reasons(e)
	p.questions(e.Ask)
	return p.String()
}

// columns is the width to write in: the terminal's, within what reads well.
func columns(w io.Writer) int {
	const narrow, usual, wide = 40, 80, 100
	f, ok := w.(*os.File)
	if !ok {
		return usual
	}
	n, _, err := term.GetSize(f.Fd())
	if err != nil || n <= 0 {
		return usual
	}
	return min(max(n, narrow), wide)
}

var (
	plain = lipgloss.NewStyle()
	bold  = lipgloss.NewStyle().Bold(true)
	faint = lipgloss.NewStyle().Faint(true)
)

func inked(r effect.Risk) lipgloss.Style {
	return lipgloss.NewStyle().Bold(r.AtLeast(effect.High)).Foreground(riskInks[effect.Risks[r.Rank()]])
}

// word is a rating as it may be drawn: in an answer that was tampered with it
// can be any text.
func word(r effect.Risk) string { return quote.Line(string(r)).String() }

// risk is the first line: how bad, and whether there is a way back.
func (p *page) risk(e effect.Explanation) {
	look := theme.RatingOf(e.Risk)
	phrase := look.Phrase
	if onlyUnknown(e.Dimensions) {
		phrase = "I cannot tell what this does"
	}
	line := look.Symbol + " " + strings.ToUpper(word(e.Risk)) + " · " + phrase
	if undo, ok := undoPhrases[e.Undo]; ok && e.Risk.AtLeast(effect.Low) {
		line += " · " + undo
	}
	p.paragraph(inked(e.Risk), line)
}

// onlyUnknown reports whether not understanding alone makes it as bad as it is.
func onlyUnknown(d effect.Dimensions) bool {
	known := effect.Worst(d.Damage, d.Disclosure, d.Control, d.Hiding)
	return d.Unknown.AtLeast(effect.High) && d.Unknown.Rank() > known.Rank()
}

const indent = "  "

// paragraph writes text, which may come from anywhere, broken at the width.
func (p *page) paragraph(style lipgloss.Style, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	p.hang(style, "", text)
	p.WriteString("\n")
}

// hang writes text behind a label, its further lines below its first one.
func (p *page) hang(style lipgloss.Style, label, text string) {
	room := max(p.width-len(indent)-lipgloss.Width(label), 20)
	body := lipgloss.Wrap(quote.Text(text).String(), room, "")
	blank := strings.Repeat(" ", lipgloss.Width(label))
	for i, line := range strings.Split(body, "\n") {
		if i > 0 {
			label = blank
		}
		p.WriteString(indent + label + style.Render(line) + "\n")
	}
}

// bars shows the dimensions that are not safe, one cell a step.
func (p *page) bars(d effect.Dimensions) {
	shown := 0
	for _, dim := range effect.AllDimensions {
		r := d.Of(dim)
		if r.Rank() == 0 {
			continue
		}
		shown++
		bar := strings.Repeat("█", r.Rank()) + strings.Repeat("░", 4-r.Rank())
		fmt.Fprintf(p, "%s%-20s %s\n", indent, dimensionNames[dim], inked(r).Render(bar+" "+word(r)))
	}
	if shown > 0 {
		p.WriteString("\n")
	}
}

// command is the text itself and what its words mean.
func (p *page) command(e effect.Explanation) {
	if e.Command == "" {
		return
	}
	if len(e.Parts) == 0 && len(e.Scripts) > 0 {
		return // a script: its worst lines are shown instead
	}
	p.hang(bold, "", e.Command)
	if e.Cut {
		p.hang(faint, "", "… goes on")
	}
	p.parts(e.Parts)
	p.WriteString("\n")
}

// manyParts is how many words are explained one by one.
const manyParts = 40

func (p *page) parts(parts []effect.Part) {
	const widest = 24
	column := 0
	for _, part := range parts {
		column = max(column, min(quote.Line(part.Text).Width(), widest))
	}
	for i, part := range parts {
		if i == manyParts {
			p.hang(faint, indent, fmt.Sprintf("… and %d words more", len(parts)-i))
			return
		}
		text := quote.Line(part.Text)
		meaning := part.Meaning + theme.Origin(part)
		if text.Width() > widest {
			p.hang(plain, indent, text.String())
			p.hang(faint, indent+strings.Repeat(" ", column+2), meaning)
			continue
		}
		p.hang(faint, indent+text.String()+strings.Repeat(" ", column-text.Width()+2), meaning)
	}
}

// worstShown is how many lines of a script are shown.
const worstShown = 8

func (p *page) scripts(scripts []effect.Script) {
	for _, s := range scripts {
		if len(s.Worst) == 0 && s.Unread == "" {
			continue
		}
		title := "Worst lines of " + scriptName(s) + " (" + count(s.Lines, "line") + "):"
		p.hang(plain, "", title)
		for _, line := range s.Worst[:min(len(s.Worst), worstShown)] {
			p.hang(plain, fmt.Sprintf("%5d  ", line.Line), strings.TrimSpace(line.Text))
			p.hang(inked(line.Risk), "       ", line.Meaning)
		}
		if n := len(s.Worst) - worstShown; n > 0 {
			p.hang(faint, "       ", fmt.Sprintf("… and %d more", n))
		}
		if s.Unread != "" {
			p.hang(plain, "", "Not read to its end: "+s.Unread)
		}
		p.WriteString("\n")
	}
}

func scriptName(s effect.Script) string {
	if s.Path == "" {
		return "the script"
	}
	return s.Path
}

// reasons lists the findings, worst first, and what could not be told.
func (p *page) reasons(e effect.Explanation) {
	findings := slices.Clone(e.Findings)
	slices.SortStableFunc(findings, func(a, b effect.Finding) int { return b.Risk.Rank() - a.Risk.Rank() })
	if len(findings) > 0 {
		p.hang(plain, "", "Why:")
	}
	for _, f := range findings {
		p.hang(plain, indent+inked(f.Risk).Render(fmt.Sprintf("%s %-8s ", theme.RatingOf(f.Risk).Symbol, word(f.Risk))), f.Text)
	}
	if len(e.Unknowns) > 0 {
		p.hang(plain, "", "I cannot tell:")
	}
	for _, u := range e.Unknowns {
		text := u.Text
		if u.Why != "" {
			text += " (" + u.Why + ")"
		}
		p.hang(plain, indent+inked(u.Risk).Render("? "), text)
	}
	if len(findings)+len(e.Unknowns) > 0 {
		p.WriteString("\n")
	}
}

func (p *page) questions(ask []string) {
	for _, q := range ask {
		p.hang(bold, "Ask: ", "“"+q+"”")
	}
}
