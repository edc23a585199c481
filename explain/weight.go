package explain

import (
	"slices"
	"strings"

	"escort/explain/effect"
)

// weight says which of two things of the same rating is said first: what gives
// control away, then what destroys or runs something, before what changes
// something, and that before what only leads there.
type weight int

const (
	leadsThere weight = iota
	changesSomething
	cannotBeUndone
	givesControl
)

var weights = func() map[string]weight {
	m := map[string]weight{}
	for w, verbs := range map[weight]string{
		leadsThere:   "become close connect create download edit fetch load login logout mount open reload switch update",
		givesControl: "grant plant",
		cannotBeUndone: "clear delete deny disable discard disguise erase execute expose format hide kill publish reboot remove reset " +
			"restart restore revoke rewrite schedule send shutdown stop upload wipe",
	} {
		for v := range strings.FieldsSeq(verbs) {
			m[v] = w
		}
	}
	return m
}()

func weightOf(verb string) weight {
	if w, ok := weights[verb]; ok {
		return w
	}
	if effect.Looks(verb) {
		return leadsThere
	}
	return changesSomething
}

// worstFirst puts clauses in the order in which they are said.
func worstFirst(cs []clause) {
	slices.SortStableFunc(cs, func(a, b clause) int {
		if d := b.risk.Rank() - a.risk.Rank(); d != 0 {
			return d
		}
		return int(b.weight - a.weight)
	})
}
