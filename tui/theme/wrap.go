package theme

// glyph is one rune and what joins it.
type glyph struct {
	text  string
	cells int
	token Token
	own   bool
}

func glyphs(l Line) []glyph {
	var gs []glyph
	for _, s := range l {
		for _, r := range s.text {
			w := runeCells(r)
			if w == 0 && len(gs) > 0 {
				gs[len(gs)-1].text += string(r)
				continue
			}
			gs = append(gs, glyph{string(r), w, s.token, s.own})
		}
	}
	return gs
}

func line(gs []glyph) Line {
	var l Line
	for _, g := range gs {
		if n := len(l); n > 0 && l[n-1].token == g.token && l[n-1].own == g.own {
			l[n-1].text += g.text
			continue
		}
		l = append(l, Span{g.text, g.token, g.own})
	}
	return l
}

// Wrap breaks the line at blanks, or inside a word that is too long, so that
// each piece fits n cells. Pieces after the first begin with indent blanks.
// Nothing is lost but the blanks at a break.
func (l Line) Wrap(n, indent int) []Line {
	n = max(n, 2)
	if indent > n/2 {
		indent = 0
	}
	gs := glyphs(l)
	var out []Line
	for {
		room := n
		if len(out) > 0 {
			room -= indent
		}
		piece, rest := split(gs, room)
		cut := line(piece)
		if len(out) > 0 && indent > 0 {
			cut = append(Line{Blank(indent)}, cut...)
		}
		out = append(out, cut)
		if len(rest) == 0 {
			return out
		}
		gs = rest
	}
}

// split takes as much as fits room cells, preferably up to a blank.
func split(gs []glyph, room int) (piece, rest []glyph) {
	w, end, blank := 0, 0, -1
	for end < len(gs) && w+gs[end].cells <= room {
		if gs[end].text == " " {
			blank = end
		}
		w += gs[end].cells
		end++
	}
	if end == len(gs) {
		return gs, nil
	}
	end = max(end, 1) // a wide character in a narrow room: take it all the same
	if gs[end].text != " " && blank > 0 && !allBlank(gs[:blank]) {
		end = blank
	}
	rest = gs[end:]
	for len(rest) > 0 && rest[0].text == " " {
		rest = rest[1:]
	}
	return gs[:end], rest
}

func allBlank(gs []glyph) bool {
	for _, g := range gs {
		if g.text != " " {
			return false
		}
	}
	return true
}
