package sample

import (
	"context"
	"fmt"
	"io"
	"strings"

	"escort/explain"
	"escort/explain/effect"
	"escort/explain/quote"
	"escort/session/event"
)

// paper is how a handout is written: as Markdown, or as plain text.
type paper struct {
	w    io.Writer
	mark bool
	err  error
}

func (p *paper) put(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

// text is a text of the sample, made visible and, in Markdown, harmless.
func (p *paper) text(s string) string {
	s = quote.Line(strings.Join(strings.Fields(s), " ")).String()
	if p.mark {
		return escaper.Replace(s)
	}
	return s
}

var escaper = strings.NewReplacer("\\", "\\\\", "*", "\\*", "_", "\\_", "`", "\\`", "<", "&lt;", "[", "\\[", "#", "\\#", "|", "\\|")

func (p *paper) title(level int, s string) {
	if p.mark {
		p.put("%s %s\n\n", strings.Repeat("#", level), p.text(s))
		return
	}
	s = p.text(s)
	p.put("%s\n%s\n\n", s, strings.Repeat(map[int]string{1: "=", 2: "-"}[level], quote.Line(s).Width()))
}

// code is a block of text as it stands.
func (p *paper) code(s string) {
	s = quote.Text(strings.TrimRight(s, "\n")).String()
	if p.mark {
		fence := "```"
		for strings.Contains(s, fence) {
			fence += "`"
		}
		p.put("%s\n%s\n%s\n\n", fence, s, fence)
		return
	}
	p.put("    %s\n\n", strings.ReplaceAll(s, "\n", "\n    "))
}

func (p *paper) para(lead, s string) {
	if s = p.text(s); s == "" {
		return
	}
	if p.mark && lead != "" {
		p.put("**%s** %s\n\n", lead, s)
		return
	}
	for _, l := range wrap(strings.TrimSpace(lead+" "+s), paperWidth) {
		p.put("%s\n", l)
	}
	p.put("\n")
}

// paperWidth is how wide plain text is folded.
const paperWidth = 78

// said is what is right, in a sentence.
var said = map[string]string{event.Allow: "allow.", event.Deny: "deny.", Ask: "ask first, then %s.", event.CannotTell: "pass it on; it comes to %s."}

// Transcript writes a sample as a handout: each line with what its card says,
// what is right, and why; as Markdown or as plain text.
func Transcript(ctx context.Context, w io.Writer, s Sample, markdown bool, by Explainer) error {
	if by == nil {
		by = explain.Explain
	}
	p := &paper{w: w, mark: markdown}
	p.title(1, s.Title)
	p.para("", s.About)
	p.para("Who:", s.Engineer+" on "+s.Host+", "+s.Start().Format("2006-01-02 15:04"))
	p.para("Ticket:", s.Ticket)
	for i, st := range s.Steps {
		e := by(ctx, s.request(st))
		p.title(2, fmt.Sprintf("Line %d", i+1))
		p.code(st.Line)
		p.para("The card:", strings.ToUpper(string(e.Risk))+". "+e.Headline)
		for _, f := range e.Findings {
			p.put("- %s\n", p.text(f.Text))
		}
		if len(e.Findings) > 0 {
			p.put("\n")
		}
		for _, sc := range e.Scripts {
			p.script(sc)
		}
		right := said[st.Right]
		if strings.Contains(right, "%s") {
			right = fmt.Sprintf(right, st.Verdict())
		}
		p.para("Right:", right+" "+st.Because)
		if st.Answer != "" {
			p.para("Asked, "+s.User()+" says:", st.Answer)
		}
	}
	p.title(2, "What it was about")
	p.para("", s.Debrief)
	if s.Technique != "" {
		p.para("MITRE ATT&CK", s.Technique+": "+TechniqueName(s.Technique))
	}
	return p.err
}

// script is a script of which a line stands out.
func (p *paper) script(s effect.Script) {
	if len(s.Worst) == 0 || s.Text == "" {
		return
	}
	p.para("The script "+p.text(s.Path)+":", fmt.Sprintf("%d lines", s.Lines))
	p.code(s.Text)
	for _, l := range s.Worst {
		p.put("- line %d: %s\n", l.Line, p.text(l.Meaning))
	}
	p.put("\n")
}
