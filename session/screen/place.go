package screen

// Place is a number, from 1, for the cursor's line of the main screen: lines that came
// later have higher ones, in the scrollback too. It stays that line's number, but
// for lines that a program pushed off below one that stays, or inserted above.
func (s *Screen) Place() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	y := s.c.y
	if s.modes.AltScreen {
		y = s.main.saved.y
	}
	return s.main.gone() + uint64(y) + 1
}

// Back is how many lines the screen must be moved back into the scrollback for
// the line of that place to be its first; 0 where it is on the screen now. kept
// is false if the scrollback has lost it.
func (s *Screen) Back(place uint64) (lines int, kept bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	gone := s.main.gone()
	if place > gone {
		return 0, true
	}
	if n := gone - place + 1; n <= uint64(s.main.hist.len()) {
		return int(n), true
	}
	return s.main.hist.len(), false
}

// gone is the number of lines above the screen, those included that the
// scrollback has lost.
func (b *buffer) gone() uint64 { return b.pushed - b.pulled }

// Gone is the number of lines above the main screen, those included that the
// scrollback has lost: as a [Screen.Place] counts, its first line is the next.
func (s *Screen) Gone() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.main.gone()
}
