// Package consent says what an allow takes, for every console there is: how
// long a hold must have stood before anything decides it, how much has to be
// done at which risk, and which word is the right one.
//
// The rules:
//
//   - What is in flight decides nothing. A hold takes a decision when it was
//     shown in full and neither that nor any key came within [Pause] before.
//   - Effort grows with the risk: safe and low take one act, caution an act and
//     a confirmation, and where the hold has a word that word is typed.
//   - Exactly what the same escort allowed in the same session takes one act
//     again, but never from high on, nor where there is a word, nor before it
//     was said that it is the same. The record says so: [Repeat].
//   - A word is right in either case, and only as a whole.
package consent

import (
	"strings"
	"time"

	"escort/explain/effect"
)

// Pause is how long a hold must have been shown, and no key have come, before
// a key can decide it.
const Pause = 600 * time.Millisecond

// Ready reports whether what is begun now may decide a hold: shown is when it
// was shown in full (zero: not yet), key when the last key before came.
func Ready(now, shown, key time.Time) bool {
	return !shown.IsZero() && now.Sub(shown) >= Pause && now.Sub(key) >= Pause
}

// Effort is what an allow takes.
type Effort int

// The efforts.
const (
	Once    Effort = iota // the key or the word that allows
	Confirm               // that, and then a confirmation
	Typed                 // that, and then the hold's word
)

// Of is the effort at a risk, where the hold asks for that word; empty: for
// none. What asks for a word takes it at any risk.
func Of(r effect.Risk, word string) Effort {
	switch {
	case word != "":
		return Typed
	case r.AtLeast(effect.Caution):
		return Confirm
	}
	return Once
}

// Repeat is the reason that is recorded with an allow that took less because
// exactly this was allowed before.
const Repeat = "exactly as allowed before"

// Again is the effort where exactly this was allowed before.
func Again(r effect.Risk, word string) Effort {
	if r == effect.Caution && word == "" {
		return Once
	}
	return Of(r, word)
}

// Right reports whether typed is the word that is asked for.
func Right(word, typed string) bool {
	return word != "" && strings.EqualFold(strings.TrimSpace(typed), word)
}
