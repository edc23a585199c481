package quote

import "unicode"

// blank are runes that Unicode calls letters, marks or symbols but that show
// nothing.
var blank = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x034f, Hi: 0x034f, Stride: 1}, // combining grapheme joiner
		{Lo: 0x115f, Hi: 0x1160, Stride: 1}, // Hangul fillers
		{Lo: 0x17b4, Hi: 0x17b5, Stride: 1}, // Khmer inherent vowels
		{Lo: 0x180b, Hi: 0x180f, Stride: 1}, // Mongolian selectors
		{Lo: 0x2800, Hi: 0x2800, Stride: 1}, // empty Braille cell
		{Lo: 0x3164, Hi: 0x3164, Stride: 1}, // Hangul filler
		{Lo: 0xfe00, Hi: 0xfe0f, Stride: 1}, // variation selectors
		{Lo: 0xffa0, Hi: 0xffa0, Stride: 1}, // halfwidth Hangul filler
		{Lo: 0xfff9, Hi: 0xfffc, Stride: 1}, // interlinear annotation, object replacement
	},
	R32: []unicode.Range32{
		{Lo: 0x1d159, Hi: 0x1d159, Stride: 1}, // null note head
		{Lo: 0x1d173, Hi: 0x1d17a, Stride: 1}, // musical format
		{Lo: 0xe0000, Hi: 0xe0fff, Stride: 1}, // tags, variation selectors supplement
	},
}

// hidden reports whether r must not reach a terminal as it is: controls,
// format and bidi characters, private use, surrogates, unassigned runes, line
// separators, and letters without a shape.
func hidden(r rune) bool {
	if r < 0x7f {
		return r < 0x20
	}
	if r < 0xa0 || r == 0xad {
		return true
	}
	return unicode.Is(blank, r) || !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Zs)
}

// combining reports whether r is drawn onto the rune before it.
func combining(r rune) bool { return r >= 0x300 && unicode.Is(unicode.M, r) }

// oddSpace reports whether r looks like a space but does not part words.
func oddSpace(r rune) bool { return r > 0x7f && unicode.Is(unicode.Zs, r) }

func asciiLetter(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' }

func asciiDigit(r rune) bool { return r >= '0' && r <= '9' }

// emoji reports whether r may take part in an emoji sequence, in which joiners
// and selectors are ordinary.
func emoji(r rune) bool {
	return unicode.In(r, unicode.So, unicode.Sk) || r == '#' || r == '*' || asciiDigit(r) || r == 0xfe0f
}
