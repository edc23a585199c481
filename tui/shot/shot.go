// Package shot turns a screen of text into a picture: rows as the console
// draws them, with "Select Graphic Rendition" sequences (ECMA-48 §8.3.117),
// into an SVG document with the letters as text, so that it stays sharp, small
// and searchable.
//
// Lines and full blocks are drawn as shapes, because fonts leave gaps between
// rows. Each run of letters states its width, so that columns stand right in
// whatever monospace font the viewer has.
//
// # Limits
//
// Of the sequences only those that end in m are understood; all others are left
// out. No fonts are embedded.
package shot

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

// The size of a cell and of the margin, in user units.
const (
	cellW, cellH = 8.4, 17.0
	margin       = 12.0
	baseline     = 12.5 // of the letters, below the top of a cell
	fontSize     = 14
)

// SVG is the rows, each at most cols cells wide, as an SVG document on a paper.
// alt is what the picture is called for people who do not see it.
func SVG(rows []string, cols int, on *Paper, alt string) []byte {
	var b bytes.Buffer
	w, h := float64(cols)*cellW+2*margin, float64(len(rows))*cellH+2*margin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" viewBox="0 0 %g %g" role="img">`+"\n", w, h, w, h)
	fmt.Fprintf(&b, "<title>%s</title>\n", escaped(alt))
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", on.back)
	fmt.Fprintf(&b, `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="%d" xml:space="preserve">`+"\n", fontSize)
	for y, r := range rows {
		for _, s := range runs(r, cols, on) {
			s.draw(&b, margin+float64(s.x)*cellW, margin+float64(y)*cellH)
		}
	}
	b.WriteString("</g>\n</svg>\n")
	return b.Bytes()
}

func escaped(s string) string {
	var b bytes.Buffer
	// A bytes.Buffer takes everything.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// draw writes one run whose top left corner is at x, y.
func (s run) draw(b *bytes.Buffer, x, y float64) {
	w := float64(s.cells) * cellW
	fg, bg := s.style.colours()
	if bg != "" {
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%g" fill="%s"/>`+"\n", x, y, w, cellH, bg)
	}
	if shape, ok := shapes[s.shape]; ok {
		fmt.Fprintf(b, `<path d="%s" stroke="%s" fill="none"/>`+"\n", shape(x, y, w), fg)
		return
	}
	if s.shape == '█' {
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%g" fill="%s"/>`+"\n", x, y+2, w, cellH-4, fg)
		return
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" textLength="%.1f" fill="%s"%s>%s</text>`+"\n", x, y+baseline, w, fg, s.style.attributes(), escaped(s.text))
}

// shapes are the lines of frames as paths; w is the width of the whole run.
var shapes = map[rune]func(x, y, w float64) string{
	'─': func(x, y, w float64) string { return fmt.Sprintf("M%.1f %.1fh%.1f", x, y+cellH/2, w) },
	'│': func(x, y, _ float64) string { return fmt.Sprintf("M%.1f %.1fv%g", x+cellW/2, y, cellH) },
	'┌': corner(1, 1), '┐': corner(-1, 1), '└': corner(1, -1), '┘': corner(-1, -1),
}

// corner goes from the cell's edge at the side dx to its middle, then to the
// edge at dy.
func corner(dx, dy float64) func(x, y, w float64) string {
	return func(x, y, _ float64) string {
		mx, my := x+cellW/2, y+cellH/2
		return fmt.Sprintf("M%.1f %.1fL%.1f %.1fL%.1f %.1f", mx+dx*cellW/2, my, mx, my, mx, my+dy*cellH/2)
	}
}
