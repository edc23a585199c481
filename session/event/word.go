package event

import (
	"strings"

	"escort/explain/effect"
)

// ConfirmWord is what must be typed before e may be allowed: the verb of the
// worst effect, in capitals; empty below high.
func ConfirmWord(e *effect.Explanation) string {
	if e == nil || !e.Risk.AtLeast(effect.High) {
		return ""
	}
	for _, x := range e.Effects {
		if n := len(x.Verb); n >= 4 && n <= 10 {
			return strings.ToUpper(x.Verb)
		}
	}
	return "EXECUTE"
}
