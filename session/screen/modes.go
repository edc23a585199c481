package screen

// MouseMode is which mouse events the program asked for.
type MouseMode uint8

// The mouse modes.
const (
	MouseOff    MouseMode = iota
	MouseX10              // presses (9)
	MouseClicks           // presses and releases (1000)
	MouseDrag             // and moves with a button held (1002)
	MouseMotion           // and all moves (1003)
)

// CursorShape is how the cursor is drawn.
type CursorShape uint8

// The shapes of the cursor.
const (
	CursorBlock CursorShape = iota
	CursorUnderline
	CursorBar
)

// Modes are the program's wishes about input and drawing.
type Modes struct {
	AppCursor      bool // DECCKM: cursor keys send SS3
	AppKeypad      bool // DECKPAM
	BracketedPaste bool
	FocusEvents    bool
	AltScreen      bool
	Origin         bool
	AutoWrap       bool
	Sync           bool // 2026: amid an update. A hint only: it may stay set
	Mouse          MouseMode
	MouseSGR       bool
}

// mode is one mode that can be set, reset and asked for.
type mode struct {
	get func(*Screen) bool
	set func(*Screen, bool)
}

// flag is a mode that is no more than a boolean.
func flag(at func(*Screen) *bool) mode {
	return mode{
		func(s *Screen) bool { return *at(s) },
		func(s *Screen, on bool) { *at(s) = on },
	}
}

// mouse is a mode that turns mouse events on.
func mouse(m MouseMode) mode {
	return mode{
		func(s *Screen) bool { return s.modes.Mouse == m },
		func(s *Screen, on bool) {
			if on {
				s.modes.Mouse = m
			} else if s.modes.Mouse == m {
				s.modes.Mouse = MouseOff
			}
		},
	}
}

// ansiModes are those of SM and RM.
var ansiModes = map[int]mode{
	4:  flag(func(s *Screen) *bool { return &s.insert }),
	20: flag(func(s *Screen) *bool { return &s.newline }),
}

// decModes are those of DECSET and DECRST.
var decModes = map[int]mode{
	1: flag(func(s *Screen) *bool { return &s.modes.AppCursor }),
	6: {func(s *Screen) bool { return s.modes.Origin }, (*Screen).setOrigin},
	7: {func(s *Screen) bool { return s.modes.AutoWrap }, (*Screen).setAutoWrap},
	9: mouse(MouseX10),
	12: { // blinking cursor: accepted, never drawn
		func(*Screen) bool { return false },
		func(*Screen, bool) {},
	},
	25: {
		func(s *Screen) bool { return !s.hidden },
		func(s *Screen, on bool) { s.hidden = !on },
	},
	47:   {func(s *Screen) bool { return s.modes.AltScreen }, (*Screen).switchScreen},
	66:   flag(func(s *Screen) *bool { return &s.modes.AppKeypad }),
	1000: mouse(MouseClicks),
	1002: mouse(MouseDrag),
	1003: mouse(MouseMotion),
	1004: flag(func(s *Screen) *bool { return &s.modes.FocusEvents }),
	1006: flag(func(s *Screen) *bool { return &s.modes.MouseSGR }),
	1047: {func(s *Screen) bool { return s.modes.AltScreen }, (*Screen).switchCleared},
	1048: {
		func(*Screen) bool { return true },
		func(s *Screen, on bool) {
			if on {
				s.save()
			} else {
				s.restore()
			}
		},
	},
	1049: {func(s *Screen) bool { return s.modes.AltScreen }, (*Screen).switchSaved},
	2004: flag(func(s *Screen) *bool { return &s.modes.BracketedPaste }),
	2026: flag(func(s *Screen) *bool { return &s.modes.Sync }),
}

// setModes obeys SM, RM, DECSET and DECRST.
func (s *Screen) setModes(p *params, table map[int]mode, on bool) {
	for _, v := range p.val[:p.n] {
		if m, ok := table[v]; ok {
			m.set(s, on)
		}
	}
}

func (s *Screen) setOrigin(on bool) {
	s.modes.Origin, s.c.origin = on, on
	s.address(0, 0)
}

func (s *Screen) setAutoWrap(on bool) {
	s.modes.AutoWrap = on
	if !on {
		s.c.pending = false
	}
}

// switchScreen is mode 47: the other screen as it was left.
func (s *Screen) switchScreen(on bool) {
	s.modes.AltScreen = on
	s.cur = s.main
	if on {
		s.cur = s.alt
	}
	s.relocate()
}

// switchCleared is mode 1047: the alternate screen is cleared when left.
func (s *Screen) switchCleared(on bool) {
	if !on && s.modes.AltScreen {
		s.cur.clear(s.cols, Cell{})
	}
	s.switchScreen(on)
}

// switchSaved is mode 1049: the cursor is saved, the alternate screen cleared.
func (s *Screen) switchSaved(on bool) {
	switch {
	case on && !s.modes.AltScreen:
		s.save()
		s.switchScreen(true)
		s.cur.clear(s.cols, s.blank())
		s.relocate()
	case !on && s.modes.AltScreen:
		s.switchScreen(false)
		s.restore()
	}
}

// cursorStyle is DECSCUSR; steady and blinking are the same here.
func (s *Screen) cursorStyle(p *params) {
	switch p.raw(0) {
	case 0, 1, 2:
		s.shape = CursorBlock
	case 3, 4:
		s.shape = CursorUnderline
	case 5, 6:
		s.shape = CursorBar
	}
}
