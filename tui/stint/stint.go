// Package stint tells how long an escort has judged without a break, and when
// one is due: after 50 minutes or 60 cards.
//
// It offers and never insists: what becomes of it is up to whoever draws or says
// it. A stint begins with a decision, not with the session, and ends with a rest:
// some minutes in which nothing was held, or a freeze that was not too short.
package stint

import (
	"fmt"
	"time"
)

// When a break is due, and what counts as one.
const (
	after      = 50 * time.Minute
	cards      = 60
	Rest       = 5 * time.Minute // without a decision and without anything held
	FrozenRest = time.Minute     // with every process stopped
)

// Stint is how long the escort has judged without a break.
type Stint struct {
	begun  time.Time // with the first decision; zero: none was made yet
	last   time.Time // of the decisions
	cards  int
	frozen time.Time // when everything was stopped; zero: it is not
}

// Came notes that something is held while so much else waits: whoever had
// nothing to do until then has rested.
func (s *Stint) Came(now time.Time, waiting int) {
	if waiting == 0 && s.rested(now) {
		*s = Stint{frozen: s.frozen}
	}
}

func (s *Stint) rested(now time.Time) bool { return !s.last.IsZero() && now.Sub(s.last) >= Rest }

// Judged notes a decision of the escort's.
func (s *Stint) Judged(now time.Time) {
	if s.begun.IsZero() {
		s.begun = now
	}
	s.last = now
	s.cards++
}

// Stopped notes that everything is stopped or goes on.
func (s *Stint) Stopped(on bool, now time.Time) {
	switch {
	case on && s.frozen.IsZero():
		s.frozen = now
	case !on && !s.frozen.IsZero():
		if now.Sub(s.frozen) >= FrozenRest {
			*s = Stint{}
		}
		s.frozen = time.Time{}
	}
}

// Due says why a break is due while so much waits; empty: it is not.
func (s *Stint) Due(now time.Time, waiting int) string {
	if s.begun.IsZero() || !s.frozen.IsZero() || s.rested(now) && waiting == 0 {
		return ""
	}
	switch at := now.Sub(s.begun); {
	case at >= after:
		return fmt.Sprintf("%d minutes at it", int(at.Minutes()))
	case s.cards >= cards:
		return fmt.Sprintf("%d cards in a row", s.cards)
	}
	return ""
}
