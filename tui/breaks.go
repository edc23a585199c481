package tui

import (
	"fmt"
	"time"

	"escort/keymap"
	"escort/tui/theme"
)

// When a break is offered, and what counts as one.
const (
	breakAfter = 50 * time.Minute
	breakCards = 60
	restFor    = 5 * time.Minute // without a decision and without anything held
	frozenRest = time.Minute     // with every process stopped
)

// stint is how long the escort has judged without a break.
type stint struct {
	begun  time.Time // with the first decision; zero: none was made yet
	last   time.Time // of the decisions
	cards  int
	frozen time.Time // when everything was stopped; zero: it is not
}

// came notes that something is held: whoever had nothing to do until then has
// rested.
func (s *stint) came(now time.Time, waiting int) {
	if waiting == 0 && !s.last.IsZero() && now.Sub(s.last) >= restFor {
		*s = stint{frozen: s.frozen}
	}
}

// judged notes a decision of the escort's.
func (s *stint) judged(now time.Time) {
	if s.begun.IsZero() {
		s.begun = now
	}
	s.last = now
	s.cards++
}

// stopped notes that everything is stopped or goes on.
func (s *stint) stopped(on bool, now time.Time) {
	switch {
	case on && s.frozen.IsZero():
		s.frozen = now
	case !on && !s.frozen.IsZero():
		if now.Sub(s.frozen) >= frozenRest {
			*s = stint{}
		}
		s.frozen = time.Time{}
	}
}

// offer says that a break is due, and how to take it, in full and shorter; none:
// it is not. It asks for nothing and is in nobody's way.
func (m *Model) offer() []theme.Line {
	s := m.stint
	if s.begun.IsZero() || m.frozen || m.opt.now().Sub(s.last) >= restFor && len(m.holds) == 0 {
		return nil
	}
	key := m.keys.Key(keymap.Card, keymap.Freeze)
	if m.mode == keymap.Terminal {
		key = m.keys.Key(keymap.Terminal, keymap.Switch) + " then " + key
	}
	why := ""
	switch at := m.opt.now().Sub(s.begun); {
	case at >= breakAfter:
		why = fmt.Sprintf("%d minutes at it", int(at.Minutes()))
	case s.cards >= breakCards:
		why = fmt.Sprintf("%d cards in a row", s.cards)
	default:
		return nil
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
