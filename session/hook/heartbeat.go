package hook

// heartbeat tells from what comes with a line whether every part of the hook
// still does its work.
type heartbeat struct {
	twice bool   // each line is asked about again when it leaves the editor
	ran   string // how many lines the shell said it had run; empty before its first prompt
	late  bool   // the line was first asked about when it left
	gap   string
}

// What a missing question means.
const (
	gapUnasked = "a line ran that was not shown"
	gapEnter   = "a line was not asked about at Enter, only when it left the editor"
	gapLeave   = "a line was not asked about again when it left the editor"
)

// end is one prompt. ran is the shell's count, allowed says that a line was
// allowed since the prompt before, pending that it was not asked about again.
// It returns what was missing; that stands until a line ran with everything.
func (h *heartbeat) end(ran string, allowed, pending bool) (gap string) {
	moved := h.ran != "" && h.ran != ran
	switch {
	case allowed && h.twice && pending:
		h.gap = gapLeave
	case allowed && h.late:
		h.gap = gapEnter
	case !allowed && moved:
		h.gap = gapUnasked
	case allowed && moved:
		h.gap = ""
	}
	h.ran, h.late = ran, false
	return h.gap
}
