package event

import (
	"strings"

	"escort/explain/effect"
)

// ConfirmWord is what must be typed before e may be allowed: the verb of the
// worst effect, in capitals; empty below the risk from which on the policy
// wants a word.
func ConfirmWord(e *effect.Explanation, from effect.Risk) string {
	if e == nil || !e.Risk.AtLeast(from) {
		return ""
	}
	for _, x := range e.Effects {
		if n := len(x.Verb); n >= 4 && n <= 10 {
			return strings.ToUpper(x.Verb)
		}
	}
	return "EXECUTE"
}
