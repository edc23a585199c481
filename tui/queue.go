package tui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"escort/keymap"
	"escort/session/event"
	"escort/tui/theme"
)

// staleAfter is from when on a hold is set apart by the time that it waits; one
// that was passed on may take longer.
const (
	staleAfter       = 2 * time.Minute
	staleAfterParked = 10 * time.Minute
)

// stale reports whether a hold has waited too long.
func (m *Model) stale(h *hold) bool {
	if h.Parked != "" {
		return m.opt.now().Sub(h.since) >= staleAfterParked
	}
	return m.opt.now().Sub(h.since) >= staleAfter
}

// enqueue puts a hold behind those that wait and before those that were passed
// on, and answers its place. What is shown stays, unless that was passed on and
// nobody is writing about it.
func (m *Model) enqueue(h *hold) int {
	at := slices.IndexFunc(m.holds, func(o *hold) bool { return o.Parked != "" })
	if at < 0 {
		at = len(m.holds)
	}
	passed := (m.mode == keymap.Card || m.mode == keymap.Terminal) && m.shown() != nil && m.shown().Parked != ""
	m.holds = slices.Insert(m.holds, at, h)
	switch {
	case passed:
		m.cur = at
	case at <= m.cur && len(m.holds) > 1:
		m.cur++
	}
	return at
}

// takeParked puts a hold that was passed on behind the others, which are shown
// in its place.
func (m *Model) takeParked(e event.Event) tea.Cmd {
	at := m.find(e.Hold)
	if at < 0 {
		return nil
	}
	h := m.holds[at]
	h.Parked, h.asked = e.Who, false
	if h.Parked == "" {
		h.Parked = "somebody"
	}
	m.record(e, event.CannotTell, h)
	m.holds = append(slices.Delete(m.holds, at, at+1), h)
	switch {
	case at < m.cur:
		m.cur--
		return nil
	case at > m.cur:
		return nil
	}
	if m.holds[m.cur].Parked != "" { // the one behind it was passed on as well
		m.cur = 0
	}
	if m.mode != keymap.Terminal && m.shown() != h {
		m.mode, m.page, m.entry = keymap.Card, noPage, entry{}
	}
	return m.change()
}

// queued says in the header how many wait, and for how long where that is too
// long.
func (m *Model) queued(w int) theme.Line {
	n := len(m.holds)
	if n == 0 {
		return nil
	}
	l := theme.Line{theme.Blank(2), theme.Own(theme.Held, "HOLD 1")}
	if n > 1 {
		l = append(l, sayf(theme.Held, " (+%d waiting)", n-1))
	}
	oldest := -1
	for _, h := range m.holds {
		if m.stale(h) {
			oldest = max(oldest, m.waited(h))
		}
	}
	if oldest >= 0 && w >= narrow {
		l = append(l, theme.Blank(1), sayf(theme.Frozen, " waits %s ", clock(oldest)))
	}
	return l
}

// age is how long a hold has waited, set apart where that is too long.
func (m *Model) age(h *hold) theme.Line {
	if m.stale(h) {
		return theme.Line{sayf(theme.Held, "! %s", clock(m.waited(h)))}
	}
	return theme.Line{say(theme.Plain, clock(m.waited(h)))}
}

// maxOthers is how many of the other holds are listed below the card.
const maxOthers = 3

// others lists what waits beside the shown hold, next first.
func (m *Model) others(w int) []theme.Line {
	var out []theme.Line
	for i := 1; i < len(m.holds); i++ {
		h := m.holds[(m.cur+i)%len(m.holds)]
		if i > maxOthers {
			out = append(out, theme.Line{sayf(theme.Faint, "and %d more", len(m.holds)-i)})
			break
		}
		r := theme.RatingOf(h.Risk())
		l := append(theme.Line{theme.Own(theme.Faint, "also ")}, m.age(h)...)
		l = append(l, theme.Blank(2), r.Named(r.Mark), theme.Blank(2))
		if h.Parked != "" {
			l = append(l, theme.Own(theme.Held, "passed on: "))
		}
		out = append(out, append(l, say(theme.Plain, h.Headline())).Fit(w))
	}
	return out
}

// footWaiting says what else waits, how long this one has, and where there are
// rows enough that a break is due.
func (m *Model) footWaiting(w int, h *hold) []theme.Line {
	state, look := "waiting "+clock(m.waited(h)), theme.Faint
	switch most := int(h.Hold.ExpiresMS / 1000); {
	case most > 0:
		state = "denied in " + clock(max(0, most-m.waited(h)))
	case m.stale(h):
		state, look = "waiting "+clock(m.waited(h))+": the engineer cannot go on", theme.Held
	}
	whole := theme.Line{sayf(look, "%s · nothing runs while it waits", state)}
	if h.Agreed != "" {
		whole = theme.Line{sayf(theme.Held, "%s allows it; a second escort must too", h.Agreed)}
	}
	if !m.lay.Boxed {
		return oneOf(w, whole, theme.Line{sayf(look, "%s · nothing runs", state)})
	}
	out := append(m.others(w), whole.Wrap(w, 0)...)
	if o := m.offer(); o != nil {
		out = append(out, o[0].Wrap(w, 0)...)
	}
	return out
}
