package screen

// Color is a cell's colour: the terminal's default, one of the 256 indexed
// colours, or a 24-bit one. The zero value is the default.
type Color uint32

const (
	colorIndexed Color = 1 << 24
	colorRGB     Color = 2 << 24
	colorKind    Color = 0xff << 24
)

// Indexed is colour i of the 256-colour palette.
func Indexed(i uint8) Color { return colorIndexed | Color(i) }

// RGB is a 24-bit colour.
func RGB(r, g, b uint8) Color {
	return colorRGB | Color(r)<<16 | Color(g)<<8 | Color(b)
}

// IsDefault reports whether the colour is the terminal's default.
func (c Color) IsDefault() bool { return c&colorKind == 0 }

// Index is the palette index; ok is false for other kinds of colour.
func (c Color) Index() (i uint8, ok bool) { return uint8(c), c&colorKind == colorIndexed }

// RGB gives the three channels; ok is false for other kinds of colour.
func (c Color) RGB() (r, g, b uint8, ok bool) {
	return uint8(c >> 16), uint8(c >> 8), uint8(c), c&colorKind == colorRGB
}

// Attr is a set of drawing attributes, the underline's style included.
type Attr uint16

// The attributes. Conceal and Blink are kept because a program may ask for
// them; [Snapshot.Safe] never hands them out.
const (
	Bold Attr = 1 << iota
	Faint
	Italic
	Reverse
	Strike
	Conceal
	Blink
	Overline
	underlineUnit // lowest of the three bits that hold the underline's style

	underlineMask = underlineUnit * 7
	wideLead      = Attr(1 << 14) // the cell is the left half of a wide character
	wideTail      = Attr(1 << 15) // the cell is the right half of one
	wideMask      = wideLead | wideTail
)

// Underline is the style of an underline, numbered as in SGR 4:n.
type Underline uint8

// The styles of underlines.
const (
	NoUnderline Underline = iota
	SingleUnderline
	DoubleUnderline
	CurlyUnderline
	DottedUnderline
	DashedUnderline
)

// Underline is the style of the underline.
func (a Attr) Underline() Underline { return Underline(a & underlineMask / underlineUnit) }

// WithUnderline is the set with the underline's style replaced.
func (a Attr) WithUnderline(u Underline) Attr {
	return a&^underlineMask | Attr(u&7)*underlineUnit
}

// Has reports whether every attribute of b is in the set.
func (a Attr) Has(b Attr) bool { return a&b == b }

// Cell is one character cell: 16 bytes and no pointers, so that a scrollback
// of a million cells costs the garbage collector nothing. Combining marks
// stand in a table beside the cells; see [Snapshot.Text].
//
// The zero Cell is a blank in default colours.
type Cell struct {
	text   rune // base character; 0 is a blank that nobody wrote
	fg, bg Color
	attr   Attr
	mark   uint16 // 1 + index into the table of combining marks; 0: none
}

// Rune is the cell's base character, a space for a blank cell and for the
// right half of a wide character.
func (c Cell) Rune() rune {
	if c.text == 0 {
		return ' '
	}
	return c.text
}

// Width is the number of columns that the cell's character takes: 1, 2, or 0
// for the right half of a wide character.
func (c Cell) Width() int {
	switch c.attr & wideMask {
	case wideLead:
		return 2
	case wideTail:
		return 0
	}
	return 1
}

// Fg is the foreground colour as the program set it.
func (c Cell) Fg() Color { return c.fg }

// Bg is the background colour as the program set it.
func (c Cell) Bg() Color { return c.bg }

// Attr is the set of attributes as the program set it.
func (c Cell) Attr() Attr { return c.attr &^ wideMask }

// blank reports whether the cell looks like one that nobody wrote.
func (c Cell) blank() bool {
	return (c.text == 0 || c.text == ' ') && c.bg == 0 && c.attr == 0 && c.mark == 0
}

// maxCluster is how many characters one cell holds, its base included.
const maxCluster = 8

// cluster is a base character with its combining marks.
type cluster struct {
	runes [maxCluster]rune
	n     uint8
}

func (c *cluster) String() string { return string(c.runes[:c.n]) }
