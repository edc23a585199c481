package tui

import (
	"fmt"
	"strings"

	"escort/keymap"
	"escort/tui/theme"
)

// sessionTitle is what stands in the title of the session's pane, at its left
// and at its right, in w cells: what is the matter with the session, and a note.
// The note is shortened first, then what is the matter, and the note is left out
// last.
func (m *Model) sessionTitle(w int) (name, note theme.Line) {
	name = theme.Line{theme.Own(theme.Strong, "session")}
	if m.frozen {
		name = append(name, theme.Own(theme.Plain, " · "), theme.Own(theme.Frozen, " FROZEN "))
	}
	states := m.sessionStates()
	for _, notes := range [][]theme.Line{m.sessionNotes(), {nil}} {
		for _, state := range states {
			for _, note := range notes {
				if name.Width()+state.Width()+note.Width() <= w {
					return append(name, state...), note
				}
			}
		}
	}
	return append(name, states[len(states)-1]...), nil
}

// sessionStates say what is the matter with the session, in full and shorter.
func (m *Model) sessionStates() []theme.Line {
	dot := theme.Own(theme.Plain, " · ")
	switch {
	case len(m.holds) > 0:
		return []theme.Line{{dot, theme.Own(theme.Held, "held: waiting for the escort")}, {dot, theme.Own(theme.Held, "held")}}
	case m.frozen && m.froze != "":
		return []theme.Line{{say(theme.Plain, "· "+strings.TrimLeft(m.froze, ": "))}, nil}
	}
	return []theme.Line{nil}
}

// sessionNotes say which part of the session is seen, where that is not all, and
// how the rest of it is reached; else what is said nowhere else: how a frozen
// session goes on, that a break is due, how many were denied. In full and
// shorter.
func (m *Model) sessionNotes() []theme.Line {
	key := m.keys.Key(keymap.Card, keymap.Zoom)
	tab := m.keys.Key(keymap.Card, keymap.NextPane)
	switch n := m.pane.Offset(); {
	case n > 0:
		return faint(fmt.Sprintf("%d lines back", n))
	case m.zoomed:
		return faint(key + ": both panes")
	case m.frozen && len(m.holds) == 0 && m.thaws(m.w) == "":
		return m.howToThaw()
	case !m.pane.Part():
		return both(m.offered(), m.tally())
	case m.mode == keymap.Card && m.toSession():
		return faint("a part of it · "+key+" shows all", "a part · "+key+": all")
	case m.mode == keymap.Card:
		return faint("a part of it · "+tab+" and then "+key+" shows all", "a part · "+tab+", "+key+": all")
	}
	return faint("a part of it", "a part")
}

// faint is a line for each text.
func faint(texts ...string) (out []theme.Line) {
	for _, s := range texts {
		out = append(out, theme.Line{say(theme.Faint, s)})
	}
	return out
}

// howToThaw is for windows whose header has no room for it.
func (m *Model) howToThaw() []theme.Line {
	key := m.keys.Key(keymap.Card, keymap.Freeze)
	if m.mode != keymap.Terminal {
		return faint(key + " thaws")
	}
	first := m.keys.Key(keymap.Terminal, keymap.Switch)
	return faint(first+" then "+key+" thaws", first+", "+key+": thaw")
}

// offered is the offer of a break where neither the footer nor the card makes
// it.
func (m *Model) offered() []theme.Line {
	offer := m.offer()
	switch {
	case offer == nil, m.mode == keymap.Terminal && m.w >= narrow, m.lay.Boxed && m.shown() != nil:
		return nil
	}
	return []theme.Line{offer[1], offer[2], {theme.Own(theme.Strong, "break?")}}
}

// both are a and b beside each other, then one of them alone, from what takes
// the most room to what takes the least; b is shortened first.
func both(a, b []theme.Line) (out []theme.Line) {
	if len(a) == 0 || len(b) == 0 {
		return append(a, b...)
	}
	for _, x := range a {
		for _, y := range b {
			out = append(out, append(append(x[:len(x):len(x)], theme.Own(theme.Faint, " · ")), y...))
		}
	}
	return append(out, a...)
}
