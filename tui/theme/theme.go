// Package theme says how things look: tokens that name a meaning (a border, a
// risk, a key), and lines of text made of them.
//
// The rules:
//
//   - Colour never carries a meaning alone: a risk always has its word and its
//     symbol, focus has a mark in the title, a selection is also bracketed.
//   - Few colours: one accent, the risks. Where nobody chose a theme and the
//     terminal does not tell its background, only the terminal's own sixteen are
//     used, so that people's light and dark palettes keep working.
//   - In every other theme a token's text stands out from what is behind it by
//     4.5 to 1 at least (WCAG AA), by 7 to 1 in the contrast theme.
//   - Only text that was made visible before can become part of a [Line]; see
//     [Of]. Widths are counted in cells, one rule for all.
//
// # Limits
//
// Without colour (NO_COLOR) bold, faint and reverse remain; with [Theme.Bare]
// nothing does.
package theme

import (
	"strings"

	"escort/explain/effect"
)

// Token names what a piece of text is.
type Token uint8

// The tokens.
const (
	Plain Token = iota
	Faint
	Strong
	Border
	Focus   // the border and the title of what has the keyboard
	Accent  // a key that can be pressed
	Raw     // a command as it is
	Chosen  // the part of a command that is pointed at
	Differs // the part of a command that is not as last time
	Alarm   // lost, refused, about to end
	Frozen  // every process is stopped
	Held
	RiskSafe
	RiskLow
	RiskCaution
	RiskHigh
	RiskCritical
	tokens = iota
)

// Theme turns lines into text for a terminal. The zero Theme has the terminal's
// own colours; see [Named] for others.
type Theme struct {
	Bare   bool   // no attributes at all, for terminals that know none
	Glyphs Glyphs // the characters that the terminal has
	inks   *palette
}

// ink is how the terminal is told to show t.
func (t Theme) ink(of Token) string {
	switch {
	case t.Bare:
		return ""
	case t.inks == nil:
		return palettes()["terminal"][of]
	}
	return t.inks[of]
}

// Rating is how a risk is shown.
type Rating struct {
	Token  Token // of the card's first line
	Mark   Token // everywhere else: quieter, so that one thing stands out
	Symbol string
	Word   string // in capitals
	Phrase string // what it means for the escort
	Steps  int    // cells of its bar
}

// Named is the rating as it stands on a card: "▲ CRITICAL".
func (r Rating) Named(t Token) Span { return Span{r.Symbol + " " + r.Word, t, true} }

// Sign is its symbol alone.
func (r Rating) Sign(t Token) Span { return Span{r.Symbol, t, true} }

var ratings = map[effect.Risk]Rating{
	effect.Safe:     {RiskSafe, RiskSafe, "○", "SAFE", "only looks", 0},
	effect.Low:      {RiskLow, RiskLow, "●", "LOW", "small, easy to put back", 1},
	effect.Caution:  {RiskCaution, RiskCaution, "◆", "CAUTION", "normal work, check the ticket", 2},
	effect.High:     {RiskHigh, RiskHigh, "△", "HIGH", "hard to undo, ask first", 3},
	effect.Critical: {RiskCritical, RiskHigh, "▲", "CRITICAL", "do not allow alone", 4},
}

// Origin is put behind the meaning of a part to say where it comes from; empty
// where that does not matter, or the meaning says so itself.
func Origin(p effect.Part) string {
	switch {
	case p.Source == effect.FromManual && !strings.Contains(p.Meaning, "from the manual"):
		return " (from the manual)"
	case p.Source == effect.FromHost:
		return " (seen on this machine)"
	}
	return ""
}

// RatingOf is how r is shown. A word that is no rating is shown as critical.
func RatingOf(r effect.Risk) Rating {
	return ratings[effect.Risks[r.Rank()]]
}
