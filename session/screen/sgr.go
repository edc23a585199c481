package screen

// rendition is what one SGR parameter does to the attributes.
type rendition struct{ set, clear Attr }

// renditions are the SGR parameters that set and clear attributes.
var renditions = [...]rendition{
	1:  {set: Bold},
	2:  {set: Faint},
	3:  {set: Italic},
	4:  {set: underlineUnit, clear: underlineMask},
	5:  {set: Blink},
	6:  {set: Blink},
	7:  {set: Reverse},
	8:  {set: Conceal},
	9:  {set: Strike},
	21: {set: underlineUnit * Attr(DoubleUnderline), clear: underlineMask},
	22: {clear: Bold | Faint},
	23: {clear: Italic},
	24: {clear: underlineMask},
	25: {clear: Blink},
	27: {clear: Reverse},
	28: {clear: Conceal},
	29: {clear: Strike},
	53: {set: Overline},
	55: {clear: Overline},
}

// attributes is SGR.
func (s *Screen) attributes(p *params) {
	if p.n == 0 {
		p.next(false)
	}
	for i := 0; i < p.n; {
		end := i + 1
		for end < p.n && p.sub[end] {
			end++
		}
		v := max(p.val[i], 0)
		switch {
		case v == 38 || v == 48 || v == 58:
			i = s.extendedColor(v, p, i, end)
			continue
		case v == 4 && end > i+1:
			s.c.pen.attr = s.c.pen.attr.WithUnderline(styleOf(p.raw(i + 1)))
		case end == i+1:
			s.rendition(v)
		}
		i = end
	}
}

// styleOf is the style of SGR 4:n; an unknown one is a single line.
func styleOf(n int) Underline {
	if n > int(DashedUnderline) {
		return SingleUnderline
	}
	return Underline(n)
}

// rendition obeys an SGR parameter that stands alone.
func (s *Screen) rendition(v int) {
	pen := &s.c.pen
	switch {
	case v == 0:
		*pen = Cell{}
	case v < len(renditions) && renditions[v] != rendition{}:
		pen.attr = pen.attr&^renditions[v].clear | renditions[v].set
	case v >= 30 && v <= 37:
		pen.fg = Indexed(uint8(v - 30))
	case v == 39:
		pen.fg = 0
	case v >= 40 && v <= 47:
		pen.bg = Indexed(uint8(v - 40))
	case v == 49:
		pen.bg = 0
	case v >= 90 && v <= 97:
		pen.fg = Indexed(uint8(v - 90 + 8))
	case v >= 100 && v <= 107:
		pen.bg = Indexed(uint8(v - 100 + 8))
	}
}

// extendedColor obeys 38, 48 and 58, whose colour follows after semicolons or
// colons (ITU-T T.416: 38:2:space:r:g:b). It answers where to go on. The
// underline's colour, 58, is read and dropped.
func (s *Screen) extendedColor(v int, p *params, i, end int) (next int) {
	arg := p.val[i+1 : end]
	next = end
	if end == i+1 { // semicolons: the values are parameters of their own
		n := 1 // an unknown kind is skipped alone
		switch p.raw(i + 1) {
		case 5:
			n = 2
		case 2:
			n = 4
		}
		next = min(end+n, p.n)
		arg = p.val[end:next]
	} else if len(arg) > 4 && arg[0] == 2 {
		arg = append([]int{2}, arg[2:]...)
	}
	c, ok := colorOf(arg)
	switch {
	case !ok:
	case v == 38:
		s.c.pen.fg = c
	case v == 48:
		s.c.pen.bg = c
	}
	return next
}

// colorOf reads 5;n or 2;r;g;b.
func colorOf(arg []int) (c Color, ok bool) {
	for i, v := range arg {
		if v > 255 {
			return 0, false
		}
		arg[i] = max(v, 0)
	}
	switch {
	case len(arg) >= 2 && arg[0] == 5:
		return Indexed(uint8(arg[1])), true
	case len(arg) >= 4 && arg[0] == 2:
		return RGB(uint8(arg[1]), uint8(arg[2]), uint8(arg[3])), true
	}
	return 0, false
}
