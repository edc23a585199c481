package screen

// state is where the parser stands in an escape sequence.
type state uint8

const (
	ground   state = iota
	escape         // after ESC
	escInter       // after ESC and an intermediate such as ( or #
	csi            // in CSI parameters
	csiSkip        // in a CSI sequence that cannot be obeyed, until its end
	osc            // in OSC: may be a title
	str            // in DCS, APC, PM, SOS: swallowed
)

// Bounds of the parser. A string longer than maxString is taken as not
// terminated: showing what follows beats hiding it.
const (
	maxParams = 32
	maxValue  = 65535
	maxTitle  = 256
	maxString = 1 << 20
)

// parser is the state between two bytes.
type parser struct {
	state  state
	cut    [4]byte // bytes of a character that a Write ended in
	cutLen int

	prefix byte // private marker of a CSI sequence: < = > ?
	inter  byte // its or an escape's intermediate byte
	par    params

	text   []byte // start of an OSC string
	strLen int    // length of the string so far
}

// params are the parameters of a CSI sequence.
type params struct {
	val [maxParams]int // -1: left out
	sub [maxParams]bool
	n   int
}

// get is parameter i, or def where it is left out or zero.
func (p *params) get(i, def int) int {
	if i >= p.n || p.val[i] <= 0 {
		return def
	}
	return p.val[i]
}

// raw is parameter i, or 0 where it is left out.
func (p *params) raw(i int) int { return p.get(i, 0) }

// digit adds a digit to the current parameter.
func (p *params) digit(b byte) {
	if p.n == 0 {
		p.next(false)
	}
	v := &p.val[p.n-1]
	*v = min(max(*v, 0)*10+int(b-'0'), maxValue)
}

// next begins a parameter; ok is false when there are too many.
func (p *params) next(sub bool) (ok bool) {
	if p.n == maxParams {
		return false
	}
	p.val[p.n], p.sub[p.n] = -1, sub
	p.n++
	return true
}

// hasSub reports whether any parameter has parts that are set off by colons.
func (p *params) hasSub() bool {
	for _, sub := range p.sub[:p.n] {
		if sub {
			return true
		}
	}
	return false
}

// step consumes at least one byte outside the ground state, or leaves it.
func (s *Screen) step(p []byte) []byte {
	b := p[0]
	if s.state == osc || s.state == str {
		return s.swallow(p)
	}
	switch {
	case b >= 0x80:
		s.state = ground // cannot be part of a sequence: text again
		return p
	case b < 0x20 || b == 0x7f:
		s.control(b)
	case s.state == escape:
		s.escape(b)
	case s.state == escInter:
		if b >= 0x30 {
			s.state = ground
			s.escapeInter(b)
		}
	default:
		s.csi(b)
	}
	return p[1:]
}

// control obeys a C0 control, in the ground state as well as amid a sequence.
func (s *Screen) control(b byte) {
	switch b {
	case '\b':
		s.moveTo(s.c.x-1, s.c.y, false)
	case '\t':
		s.tab(1)
	case '\n', '\v', '\f':
		s.index()
		if s.newline {
			s.c.x = 0
		}
	case '\r':
		s.c.x, s.c.pending = 0, false
	case 0x0e:
		s.c.shift = 1
	case 0x0f:
		s.c.shift = 0
	case 0x18, 0x1a:
		s.state = ground
	case 0x1b:
		s.state, s.inter = escape, 0
	}
}

// escape handles the byte after ESC.
func (s *Screen) escape(b byte) {
	s.state = ground
	switch {
	case b < 0x30:
		s.state, s.inter = escInter, b
	case b == '[':
		s.state, s.prefix, s.inter, s.par.n = csi, 0, 0, 0
	case b == ']':
		s.state, s.text, s.strLen = osc, s.text[:0], 0
	case b == 'P' || b == '_' || b == '^' || b == 'X':
		s.state, s.strLen = str, 0
	default:
		if h := escapes[b]; h != nil {
			h(s)
		}
	}
}

// escapeInter handles the final byte of ESC, intermediate, final.
func (s *Screen) escapeInter(b byte) {
	switch s.inter {
	case '(':
		s.c.sets[0] = b == '0'
	case ')':
		s.c.sets[1] = b == '0'
	case '#':
		if b == '8' {
			s.align()
		}
	}
}

// csi handles one byte of a control sequence.
func (s *Screen) csi(b byte) {
	switch {
	case b >= 0x40:
		final := s.state
		s.state = ground
		if final == csi {
			s.dispatch(b)
		}
	case s.state == csiSkip:
	case b >= 0x3c:
		if s.par.n > 0 || s.prefix != 0 || s.inter != 0 {
			s.state = csiSkip
		}
		s.prefix = b
	case b < 0x30:
		if s.inter != 0 {
			s.state = csiSkip
		}
		s.inter = b
	case s.inter != 0:
		s.state = csiSkip
	case b <= '9':
		s.par.digit(b)
	default: // ; or :
		if s.par.n == 0 {
			s.par.next(false)
		}
		if !s.par.next(b == ':') {
			s.state = csiSkip
		}
	}
}

// swallow reads on in a string until it ends or grows too long.
func (s *Screen) swallow(p []byte) []byte {
	for i, b := range p {
		s.strLen++
		switch {
		case b == 0x1b:
			s.endString(i, p)
			s.state, s.inter = escape, 0
			return p[i+1:]
		case b == 0x07 && s.state == osc:
			s.endString(i, p)
			s.state = ground
			return p[i+1:]
		case b == 0x18 || b == 0x1a || s.strLen > maxString:
			s.state = ground
			return p[i+1:]
		}
	}
	s.keep(p)
	return nil
}

// endString keeps the last part of a string and obeys it if it is a title.
func (s *Screen) endString(i int, p []byte) {
	if s.state != osc {
		return
	}
	s.keep(p[:i])
	if len(s.text) > 1 && (s.text[0] == '0' || s.text[0] == '2') && s.text[1] == ';' {
		s.title = visible(s.text[2:])
	}
}

// keep stores the beginning of an OSC string, enough for a title.
func (s *Screen) keep(p []byte) {
	if s.state == osc && len(s.text) < maxTitle {
		s.text = append(s.text, p[:min(len(p), maxTitle-len(s.text))]...)
	}
}
