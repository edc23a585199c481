package history

import (
	"strings"

	"escort/explain/quote"
	"escort/tui/theme"
)

// Aloud is the rows that f shows as sentences, one a row, for a console that
// has nothing but lines of text.
func (l *List) Aloud(f Filter) []quote.Safe {
	var out []quote.Safe
	for _, r := range l.rows {
		if filters[f].has(r) {
			out = append(out, quote.Line(r.aloud()))
		}
	}
	if len(out) == 0 {
		return []quote.Safe{quote.Plain("Nothing was decided yet.")}
	}
	return out
}

func (r Row) aloud() string {
	verdict := r.Verdict
	if v, ok := words[r.Verdict]; ok {
		_, verdict, _ = strings.Cut(theme.Line{v}.Text(), " ")
	}
	parts := []string{r.Time.Local().Format("15:04:05"), verdict}
	if r.Risk != "" {
		parts = append(parts, theme.RatingOf(r.Risk).Word)
	}
	for _, s := range []string{r.Headline, r.Who, r.Reason, r.ended()} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}
