package history

import (
	"fmt"
	"strconv"
	"strings"

	"escort/explain/quote"
	"escort/session/event"
	"escort/tui/theme"
)

var words = map[string]theme.Span{
	event.Allow:      theme.Own(theme.Plain, "✓ allowed"),
	event.Deny:       theme.Own(theme.Strong, "✗ denied"),
	event.CannotTell: theme.Own(theme.Strong, "? passed on"),
	"withdrawn":      theme.Own(theme.Faint, "· withdrawn"),
	"":               theme.Own(theme.Faint, "· note"),
}

// The columns of a row that hold a verdict and a rating.
const (
	verdictCells = 12
	ratingCells  = 11
)

// Brief is the last n rows on one line each.
func (l *List) Brief(n int) []theme.Line {
	if len(l.rows) == 0 {
		first := []theme.Line{{theme.Own(theme.Faint, "Nothing was decided yet.")}, {theme.Own(theme.Faint, "Each line waits for you to allow or deny it.")}}
		return first[:min(n, len(first))]
	}
	var out []theme.Line
	for _, r := range l.rows[max(len(l.rows)-n, 0):] {
		out = append(out, r.line())
	}
	return out
}

// Page is the rows that f shows, folded to w cells.
func (l *List) Page(w int, f Filter) []theme.Line {
	lines, _ := l.Rows(w, f, -1)
	return lines
}

// Shown is the rows that f shows.
func (l *List) Shown(f Filter) []Row {
	var out []Row
	for _, r := range l.rows {
		if filters[f].has(r) {
			out = append(out, r)
		}
	}
	return out
}

// Rows is the rows that f shows, folded to w cells, with all that is known of
// the chosen one; -1 chooses none. at says in which line each begins.
func (l *List) Rows(w int, f Filter, chosen int) (lines []theme.Line, at []int) {
	for i, r := range l.Shown(f) {
		at = append(at, len(lines))
		mark := theme.Blank(1)
		if i == chosen {
			mark = theme.Own(theme.Accent, "▸")
		}
		lines = append(lines, append(theme.Line{mark}, r.line()...).Wrap(w, 10)...)
		lines = append(lines, r.details(w)...)
		if i == chosen {
			lines = append(lines, r.all(w)...)
		}
	}
	switch {
	case len(l.rows) == 0:
		lines = theme.Line{theme.Own(theme.Faint, "Nothing was decided yet.")}.Wrap(w, 0)
	case len(at) == 0:
		lines = theme.Line{theme.Own(theme.Faint, "Nothing of that kind.")}.Wrap(w, 0)
	}
	return lines, at
}

// Has reports whether any of the row's words holds text, which is in small
// letters.
func (r Row) Has(text string) bool {
	all := append([]string{r.Headline, r.Text, r.Who, r.Reason, r.Plan, r.ended(), theme.Line{words[r.Verdict]}.Text(), string(r.Risk)}, r.Effects...)
	return strings.Contains(strings.ToLower(strings.Join(all, "\n")), text)
}

// details is who, why and how it ended, in a line below the row.
func (r Row) details(w int) []theme.Line {
	l := theme.Line{theme.Blank(10)}
	by := r.Who
	if r.Reason != "" {
		by = strings.TrimPrefix(by+": "+r.Reason, ": ")
	}
	for _, more := range []string{by, r.Plan, r.ended(), r.happened()} {
		if more == "" {
			continue
		}
		if len(l) > 1 {
			l = append(l, theme.Own(theme.Faint, " · "))
		}
		l = append(l, theme.Of(theme.Faint, quote.Line(more)))
	}
	var out []theme.Line
	if len(l) > 1 {
		out = l.Wrap(w, 10)
	}
	switch {
	case r.Cause == event.CauseSurprise:
		out = append(out, warning("a surprise: in nothing that was allowed").Wrap(w, 12)...)
	case r.Surprises > 0:
		out = append(out, warning(count(r.Surprises, "surprise")+" came of it").Wrap(w, 12)...)
	}
	return out
}

func warning(text string) theme.Line {
	return theme.Line{theme.Blank(10), theme.Own(theme.Held, "! "), theme.Of(theme.Held, quote.Line(text))}
}

// happened says how much was seen to happen.
func (r Row) happened() string {
	if len(r.Effects) == 0 || r.Did != "" {
		return "" // it was added up already
	}
	return count(len(r.Effects)+r.More, "effect")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// all is the line itself and each effect of it.
func (r Row) all(w int) []theme.Line {
	var out []theme.Line
	if r.Text != "" {
		out = append(out, theme.Line{theme.Blank(10), theme.Of(theme.Raw, quote.Line(r.Text))}.Wrap(w, 10)...)
	}
	for _, e := range r.Effects {
		out = append(out, theme.Line{theme.Blank(10), theme.Own(theme.Faint, "· "), theme.Of(theme.Plain, quote.Line(e))}.Wrap(w, 12)...)
	}
	if r.More > 0 {
		out = append(out, theme.Line{theme.Blank(10), theme.Of(theme.Faint, quote.Line(fmt.Sprintf("and %d more", r.More)))})
	}
	return out
}

// ended says how what was allowed ended, and what it did.
func (r Row) ended() string {
	switch {
	case r.Status == nil:
		return ""
	case r.Did == "":
		return "exit " + strconv.Itoa(*r.Status)
	}
	return "exit " + strconv.Itoa(*r.Status) + ", " + r.Did
}

func (r Row) line() theme.Line {
	v, ok := words[r.Verdict]
	if !ok {
		v = theme.Of(theme.Alarm, quote.Line(r.Verdict))
	}
	l := theme.Line{theme.Of(theme.Faint, quote.Line(r.Time.Local().Format("15:04:05")+" "))}
	l = append(l, column(v, verdictCells)...)
	if r.Risk != "" {
		k := theme.RatingOf(r.Risk)
		l = append(l, column(k.Named(k.Mark), ratingCells)...)
	}
	return append(l, theme.Of(theme.Plain, quote.Line(r.Headline)))
}

// column is a span with the blanks that fill n cells.
func column(s theme.Span, n int) theme.Line {
	return theme.Line{s, theme.Blank(n - s.Width())}
}
