package screen

import (
	"image/color"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// TestBackgroundsAgainstVT compares the background of every cell with x/vt's:
// tmux does not report the colour that erasing leaves at the end of a row.
func TestBackgroundsAgainstVT(t *testing.T) {
	for _, tt := range torture {
		s, e := New(40, 10, 0), vt.NewEmulator(40, 10)
		s.Write([]byte(tt.in))
		e.Write([]byte(tt.in))
		var sn Snapshot
		s.Snapshot(&sn, 0)
	cells:
		for y := range 10 {
			for x := range 40 {
				c := e.CellAt(x, y)
				if c == nil {
					continue
				}
				if got, want := sn.Row(y)[x].Bg(), c.Style.Bg; !sameColor(got, want) {
					t.Errorf("%s: column %d row %d is on %x, x/vt has %v", tt.name, x, y, got, want)
					break cells
				}
			}
		}
	}
}

func sameColor(c Color, want color.Color) bool {
	if want == nil || c.IsDefault() {
		return want == nil && c.IsDefault()
	}
	if basic, ok := want.(ansi.BasicColor); ok {
		i, ok := c.Index()
		return ok && i == uint8(basic)
	}
	r, g, b, _ := want.RGBA()
	ch := channels(c)
	return ch == rgb{int(r >> 8), int(g >> 8), int(b >> 8)}
}
