package card

import (
	"fmt"
	"slices"
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
	line := theme.Line{r.Sign(r.Mark), sayf(theme.Faint, "%4d  ", l.Line), say(theme.Raw, l.Text)}
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

// ScriptPage is all that is known about the scripts: where each comes from, and
// its lines with those marked that stand out, their meaning below them. marks
// are the places of these, the worst first. Callers do not change the lines:
// they are laid out once for a width.
func (c *Card) ScriptPage(w int) (out []theme.Line, marks []int) {
	if !c.page.made || c.page.w != w {
		c.page.made, c.page.w = true, w
		c.page.lines, c.page.marks = c.scriptPage(w)
	}
	return slices.Clip(c.page.lines), c.page.marks
}

func (c *Card) scriptPage(w int) (out []theme.Line, marks []int) {
	for i, s := range c.ex.Scripts {
		if i > 0 {
			out = append(out, theme.Line{})
		}
		out = append(out, c.whence(s, w)...)
		out = append(out, theme.Line{})
		if s.Text == "" { // a record of an older program
			for _, l := range s.Worst {
				marks = append(marks, len(out))
				out = append(out, scriptLine(l, w)...)
			}
			out = append(out, fingerprint(s, w)...)
			continue
		}
		lines, at := numbered(s, w)
		for _, l := range s.Worst {
			if n, ok := at[l.Line]; ok {
				marks = append(marks, len(out)+n)
			}
		}
		out = append(append(out, lines...), fingerprint(s, w)...)
	}
	return out, marks
}

// fingerprint tells a script from every other one. It stands last: it is for
// whoever compares, not for whoever reads.
func fingerprint(s effect.Script, w int) []theme.Line {
	if s.SHA256 == "" {
		return nil
	}
	return append([]theme.Line{{}}, theme.Line{theme.Own(theme.Faint, "Its fingerprint (sha256): "), say(theme.Faint, s.SHA256)}.Wrap(w, 2)...)
}

// whence says where a script comes from.
func (c *Card) whence(s effect.Script, w int) []theme.Line {
	var out []theme.Line
	add := func(token theme.Token, text string) {
		out = append(out, theme.Line{say(token, text)}.Wrap(w, 2)...)
	}
	add(theme.Strong, s.Path)
	facts := fmt.Sprintf("%s, %s, %s", s.Language, count(s.Lines, "line"), read(s))
	facts += " · owner: " + orNot(s.Owner) + " · package: " + orNot(s.Package) + unmodified(s)
	if !s.ModTime.IsZero() {
		facts += " · last changed " + s.ModTime.UTC().Format("2006-01-02 15:04 UTC")
	}
	add(theme.Plain, facts)
	if s.Unread != "" {
		add(theme.Held, "Not read to its end: "+s.Unread)
	}
	if words := versions[s.Versioned]; words != "" {
		add(theme.Plain, words)
	}
	switch n := len(s.Worst); n {
	case 0:
		add(theme.Plain, "No line of it was singled out.")
	default:
		add(theme.Plain, fmt.Sprintf("%d of %s stand out; they are marked.", n, count(s.Lines, "line")))
	}
	return out
}

// read says how much of a script was read.
func read(s effect.Script) string {
	if s.Read >= s.Lines {
		return "all read"
	}
	return fmt.Sprintf("%d read", s.Read)
}

// numbered is the text of a script line by line, and where its worst lines
// stand.
func numbered(s effect.Script, w int) (out []theme.Line, at map[int]int) {
	worst := map[int]effect.ScriptLine{}
	for _, l := range s.Worst {
		worst[l.Line] = l
	}
	at = map[int]int{}
	n := 0
	for text := range strings.Lines(s.Text) {
		n++
		text = strings.TrimRight(strings.ReplaceAll(text, "\t", "    "), "\r\n")
		l, bad := worst[n]
		if !bad {
			out = append(out, theme.Line{sayf(theme.Faint, "  %4d  ", n), say(theme.Plain, text)}.Wrap(w, 8)...)
			continue
		}
		at[n] = len(out)
		out = append(out, outstanding(l, text, w)...)
	}
	if rest := s.Lines - n; rest > 0 {
		out = append(out, theme.Line{sayf(theme.Held, "%s not shown here", count(rest, "more line"))}.Wrap(w, 2)...)
	}
	return out, at
}

// besideFrom is the width from which on a meaning stands beside its line; it
// stands below in less.
const besideFrom = 70

// outstanding is a line that stands out, with its meaning.
func outstanding(l effect.ScriptLine, text string, w int) []theme.Line {
	r := theme.RatingOf(l.Risk)
	line := theme.Line{r.Sign(r.Mark), theme.Blank(1), sayf(theme.Strong, "%4d  ", l.Line), say(theme.Raw, text)}
	if l.Meaning == "" {
		return line.Wrap(w, 8)
	}
	meaning := theme.Line{theme.Own(r.Mark, "└ "), say(r.Mark, strings.ToLower(r.Word)+": "), say(theme.Plain, l.Meaning)}
	if w < besideFrom {
		return append(line.Wrap(w, 8), append(theme.Line{theme.Blank(8)}, meaning...).Wrap(w, 10)...)
	}
	half := w * 11 / 20
	left, right := line.Wrap(half-1, 8), meaning.Wrap(w-half, 2)
	out := make([]theme.Line, max(len(left), len(right)))
	for i := range out {
		if i < len(left) {
			out[i] = left[i]
		}
		if i < len(right) {
			out[i] = append(out[i].Fit(half), right[i]...)
		}
	}
	return out
}

// versions are the words for what version control says of a script.
var versions = map[string]string{
	effect.Kept: "In version control, as it was kept there", effect.Altered: "In version control, and CHANGED since it was kept there",
	effect.NotKept: "Not in version control",
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
