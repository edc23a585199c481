package prose

import (
	"strings"
	"sync"

	"escort/explain/effect"
	"escort/explain/say"
)

// undoable says of each verb that changes something whether it can be taken
// back; the message "undo." and the verb says more. Verbs that are not here
// only look.
var undoable = map[effect.Undo]string{
	effect.UndoYes: "create move rename link install start stop reload enable disable revoke download mount unmount schedule listen commit " +
		"build compress lock unlock switch record",
	effect.UndoPartly: "remove replace write copy change edit update upgrade restart permit grant plant import encrypt extract hide load",
	effect.UndoNo: "delete clear discard erase wipe format overwrite kill reboot shutdown expose send upload publish share reset rewrite " +
		"restore disguise repair",
	effect.UndoUnknown: "signal execute",
}

var undoOf = sync.OnceValue(func() map[string]effect.Undo {
	m := map[string]effect.Undo{}
	for undo, verbs := range undoable {
		for v := range strings.FieldsSeq(verbs) {
			m[v] = undo
		}
	}
	return m
})

// Undo says whether an effect can be taken back, by its verb. Many things, or
// those that a service depends on, come back from a backup together.
func Undo(verb string, many bool) (effect.Undo, string) {
	undo, ok := undoOf()[verb]
	switch {
	case !ok:
		return effect.UndoYes, NothingToUndo()
	case many:
		return undo, say.Text("undo.them")
	}
	return undo, say.Text("undo." + verb)
}

// NothingToUndo is said where nothing is changed.
func NothingToUndo() string { return say.Text("undo.nothing") }
