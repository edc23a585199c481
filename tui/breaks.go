package tui

import (
	"fmt"

	"escort/keymap"
	"escort/tui/theme"
)

// offer says that a break is due, and how to take it, in full and shorter; none:
// it is not. It asks for nothing and is in nobody's way.
func (m *Model) offer() []theme.Line {
	why := m.stint.Due(m.opt.now(), len(m.holds))
	if why == "" {
		return nil
	}
	key := m.keys.Key(keymap.Card, keymap.Freeze)
	if m.mode == keymap.Terminal {
		key = m.keys.Key(keymap.Terminal, keymap.Switch) + " then " + key
	}
	why += ": a short break?"
	return []theme.Line{
		{say(theme.Strong, why), say(theme.Plain, " "+key+" freezes the session")}, {say(theme.Strong, why)}, {theme.Own(theme.Strong, "a short break?")}, nil,
	}
}

// tally is how many of today's cards this escort has denied, in full and
// shorter; nothing before the first decision.
func (m *Model) tally() []theme.Line {
	allowed, denied := m.past.Today(m.opt.now())
	if allowed+denied == 0 {
		return nil
	}
	of := fmt.Sprintf("%d of %d denied", denied, allowed+denied)
	return faint("today "+of, of, fmt.Sprintf("%d/%d denied", denied, allowed+denied))
}
