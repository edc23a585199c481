package card

import (
	"fmt"
	"strings"
	"time"

	"escort/explain/effect"
	"escort/tui/theme"
)

// worstShown is how many of a script's lines the card itself shows.
const worstShown = 4

// worst is the worst lines of the scripts that the command runs.
func (c *Card) worst(w int) []theme.Line {
	var out []theme.Line
	for _, s := range c.ex.Scripts {
		if s.Unread != "" {
			out = append(out, theme.Line{sayf(theme.Held, "Not all of %s was read: %s", base(s.Path), s.Unread)}.Wrap(w, 2)...)
		}
		if len(s.Worst) == 0 {
			continue
		}
		head := fmt.Sprintf("Worst lines of the script (%s%s):", count(s.Lines, "line"), c.made(s.ModTime))
		if len(c.ex.Scripts) > 1 {
			head = fmt.Sprintf("Worst lines of %s (%s%s):", base(s.Path), count(s.Lines, "line"), c.made(s.ModTime))
		}
		out = append(out, theme.Line{say(theme.Plain, head)}.Wrap(w, 2)...)
		for _, l := range s.Worst[:min(len(s.Worst), worstShown)] {
			out = append(out, scriptLine(l, w)...)
		}
		if more := len(s.Worst) - worstShown; more > 0 {
			out = append(out, theme.Line{sayf(theme.Faint, "  and %s (script view)", count(more, "more line"))})
		}
	}
	return out
}

func scriptLine(l effect.ScriptLine, w int) []theme.Line {
	r := theme.RatingOf(l.Risk)
	line := theme.Line{say(r.Mark, r.Symbol), sayf(theme.Faint, "%4d  ", l.Line), say(theme.Raw, l.Text)}
	if l.Meaning != "" {
		line = append(line, say(theme.Plain, "  "+l.Meaning))
	}
	return line.Wrap(w, 7)
}

// made says how old a script is at the time of the hold.
func (c *Card) made(at time.Time) string {
	age := c.Hold.Time.Sub(at)
	switch {
	case at.IsZero() || c.Hold.Time.IsZero():
		return ""
	case age < 24*time.Hour:
		return ", made today"
	}
	return ", last changed " + at.Format("2006-01-02")
}

func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// ScriptPage is all that is known about the scripts, worst lines first.
func (c *Card) ScriptPage(w int) []theme.Line {
	var out []theme.Line
	add := func(token theme.Token, text string) {
		out = append(out, theme.Line{say(token, text)}.Wrap(w, 2)...)
	}
	for i, s := range c.ex.Scripts {
		if i > 0 {
			out = append(out, theme.Line{})
		}
		add(theme.Strong, s.Path)
		add(theme.Plain, fmt.Sprintf("%s, %s, %d read", s.Language, count(s.Lines, "line"), s.Read))
		if s.Unread != "" {
			add(theme.Held, "Not read to its end: "+s.Unread)
		}
		add(theme.Plain, "Owner: "+orNot(s.Owner)+" · package: "+orNot(s.Package)+unmodified(s))
		if !s.ModTime.IsZero() {
			add(theme.Plain, "Last changed "+s.ModTime.UTC().Format("2006-01-02 15:04 UTC"))
		}
		add(theme.Faint, "sha256 "+s.SHA256)
		out = append(out, theme.Line{})
		if len(s.Worst) == 0 {
			add(theme.Plain, "No line of it was singled out.")
		}
		if n := len(s.Worst); n > 0 {
			add(theme.Plain, fmt.Sprintf("%d of %s stand out, the worst first:", n, count(s.Lines, "line")))
		}
		for _, l := range s.Worst {
			out = append(out, scriptLine(l, w)...)
		}
	}
	return out
}

func orNot(s string) string {
	if s == "" {
		return "not known"
	}
	return s
}

func unmodified(s effect.Script) string {
	switch {
	case s.Unmodified == nil:
		return ""
	case *s.Unmodified:
		return ", as the package has it"
	}
	return ", CHANGED since the package was installed"
}
