package screen

import (
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Safe is how a cell may be drawn on the escort's terminal. The text is empty
// for the right half of a wide character, and otherwise exactly as wide as the
// cell by every way of counting:
//
//   - a cluster with control, format or other invisible characters, with more
//     than eight characters, or of another width than its cells is replaced by
//     U+FFFD, padded with spaces; so is a character that would join with the
//     neighbouring cells;
//   - concealed text is shown, nothing blinks, nothing is a link;
//   - a foreground that cannot be told from the background is given up, also
//     where one of them is the console's own and therefore not known.
func (sn *Snapshot) Safe(c Cell) (text string, fg, bg Color, attr Attr) {
	attr = c.Attr() &^ (Conceal | Blink)
	fg, bg = c.fg, c.bg
	if c.attr&wideTail == 0 && (c.text > ' ' || c.mark != 0) {
		fg, bg = reveal(fg, bg)
	}
	return sn.safeText(c), fg, bg, attr
}

// ascii holds the printable characters, so that most cells need no allocation.
const ascii = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"

func (sn *Snapshot) safeText(c Cell) string {
	w := c.Width()
	if w == 0 {
		return ""
	}
	if c.mark == 0 && c.Rune() >= ' ' && c.Rune() < 0x7f {
		return ascii[c.Rune()-' ':][:1]
	}
	if c.mark != 0 {
		return replaceUnsafe(sn.Text(c), w)
	}
	if sn.seen == nil {
		sn.seen = new([256]judged)
	}
	j := &sn.seen[uint(c.text)%uint(len(sn.seen))]
	if j.text != c.text || j.width != w {
		*j = judged{c.text, w, replaceUnsafe(string(c.text), w)}
	}
	return j.safe
}

// judged remembers the answer for a character: drawing asks for the same few
// ones thousands of times a frame.
type judged struct {
	text  rune
	width int
	safe  string
}

func replaceUnsafe(cluster string, width int) string {
	switch t, ok := drawable(cluster, width); {
	case ok:
		return t
	case width == 2:
		return "\uFFFD "
	}
	return "\uFFFD"
}

// drawable checks a cluster and takes variation selectors off it: what is left
// is the same character in its plain form.
func drawable(cluster string, width int) (string, bool) {
	out := make([]rune, 0, maxCluster)
	n := 0
	for _, r := range cluster {
		if n++; r != 0xfe0e && r != 0xfe0f {
			out = append(out, r)
		}
	}
	if n > maxCluster || len(out) == 0 || joins(out) {
		return "", false
	}
	for _, r := range out {
		if invisible(r) {
			return "", false
		}
	}
	t := string(out)
	if runeWidth(out[0]) != width || uniseg.GraphemeClusterCount(t) != 1 {
		return "", false
	}
	// Versions of Unicode differ on about 200 characters (hexagrams became wide
	// in 16.0): terminals do too, so these would shift the line.
	return t, uniseg.StringWidth(t) == width
}

// invisible reports whether a character controls, formats, or shows nothing.
// What this Go's Unicode tables do not know is counted among these: terminals
// do not agree on its width.
func invisible(r rune) bool {
	if r == ' ' {
		return false
	}
	return !unicode.IsGraphic(r) && !unicode.Is(unicode.Co, r) ||
		unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) ||
		r == 0x2800 // the braille pattern without dots is legible as blank only
}

// joins reports whether a terminal that draws grapheme clusters would make one
// of this cell and its neighbours, and so shift the rest of the line.
func joins(runes []rune) bool {
	first := runes[0]
	switch {
	case first < 0x300:
		return false
	case first >= 0x1f1e6 && first <= 0x1f1ff: // regional indicators: flags
		return true
	case first >= 0x1f3fb && first <= 0x1f3ff: // skin tones
		return true
	case leadingJamo(first) && len(runes) == 1:
		return true
	}
	return uniseg.GraphemeClusterCount("a"+string(runes)) != 2 ||
		uniseg.GraphemeClusterCount(string(runes)+"a") != 2
}

// leadingJamo reports whether r begins a decomposed Hangul syllable.
func leadingJamo(r rune) bool {
	return r >= 0x1100 && r <= 0x115f || r >= 0xa960 && r <= 0xa97c
}

// reveal replaces colours that would hide text.
func reveal(fg, bg Color) (Color, Color) {
	f, b := channels(fg), channels(bg)
	switch {
	case fg.IsDefault() && bg.IsDefault():
	case !fg.IsDefault() && !bg.IsDefault():
		if near(f, b) {
			return 0, 0
		}
	case bg.IsDefault():
		if _, extreme := f.extreme(); extreme {
			return 0, bg // black or white on a ground that may be the same
		}
	default:
		if light, extreme := b.extreme(); extreme && light {
			return Indexed(0), bg
		} else if extreme {
			return Indexed(15), bg
		}
	}
	return fg, bg
}

type rgb [3]int

// basic are the first sixteen colours as xterm has them.
var basic = [16]rgb{
	{0, 0, 0},
	{205, 0, 0},
	{0, 205, 0},
	{205, 205, 0},
	{0, 0, 238},
	{205, 0, 205},
	{0, 205, 205},
	{229, 229, 229},
	{127, 127, 127},
	{255, 0, 0},
	{0, 255, 0},
	{255, 255, 0},
	{92, 92, 255},
	{255, 0, 255},
	{0, 255, 255},
	{255, 255, 255},
}

// channels is the colour as xterm's palette has it; black for the default.
func channels(c Color) rgb {
	if r, g, b, ok := c.RGB(); ok {
		return rgb{int(r), int(g), int(b)}
	}
	i, _ := c.Index()
	switch {
	case i < 16:
		return basic[i]
	case i >= 232:
		v := int(i-232)*10 + 8
		return rgb{v, v, v}
	}
	i -= 16
	return rgb{cube(i / 36), cube(i / 6 % 6), cube(i % 6)}
}

// cube is one channel of the 6×6×6 cube.
func cube(i uint8) int {
	if i == 0 {
		return 0
	}
	return 55 + 40*int(i)
}

// near reports whether text of the one colour cannot be read on the other.
func near(a, b rgb) bool {
	for i := range a {
		if d := a[i] - b[i]; d < -24 || d > 24 {
			return false
		}
	}
	return true
}

// extreme reports whether the colour is nearly black or nearly white.
func (c rgb) extreme() (light, ok bool) {
	lo, hi := min(c[0], c[1], c[2]), max(c[0], c[1], c[2])
	return lo >= 0xe0, lo >= 0xe0 || hi <= 0x28
}

// visible makes a title showable: controls as their pictures, characters that
// show nothing as <U+XXXX>, bad bytes as <FF>.
func visible(p []byte) string {
	const hex = "0123456789ABCDEF"
	out := make([]rune, 0, len(p))
	for len(p) > 0 {
		r, n := utf8.DecodeRune(p)
		switch {
		case r == utf8.RuneError && n == 1:
			out = append(out, '<', rune(hex[p[0]>>4]), rune(hex[p[0]&15]), '>')
		case r < 0x20:
			out = append(out, 0x2400+r)
		case r == 0x7f:
			out = append(out, 0x2421)
		case invisible(r) || unicode.Is(unicode.Co, r) || unicode.Is(unicode.M, r):
			out = append(out, '<', 'U', '+')
			digits := 4
			for r>>(4*digits) != 0 {
				digits++
			}
			for ; digits > 0; digits-- {
				out = append(out, rune(hex[r>>(4*(digits-1))&15]))
			}
			out = append(out, '>')
		default:
			out = append(out, r)
		}
		p = p[n:]
	}
	return string(out)
}
