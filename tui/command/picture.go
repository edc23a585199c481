package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"escort/explain/quote"
	"escort/session/sample"
	"escort/tui"
	"escort/tui/layout"
	"escort/tui/shot"
)

// picture says which picture of a sample is wanted.
type picture struct {
	file string // - for the output
	card int    // of this step, from 1; 0: the first that is right to deny
	size string // "120x40"
	page string // one of tui.Pages that is open; empty: none
}

// largest is the most columns or rows that a picture may have.
const largest = 500

// pictured is the escort of pictures.
const pictured = "erin"

// sizeOf reads the size of a screen.
func sizeOf(text string) (cols, rows int, err error) {
	var rest string
	if n, _ := fmt.Sscanf(text+" ", "%dx%d%s", &cols, &rows, &rest); n != 2 || cols > largest || rows > largest {
		return 0, 0, usage("such as 120x40", "%q is no size of a screen", text)
	}
	if cols < layout.MinCols || rows < layout.MinRows {
		return 0, 0, usage("such as 120x40", "the console needs %d×%d cells", layout.MinCols, layout.MinRows)
	}
	return cols, rows, nil
}

// drawSample writes a picture of the console at one card of a sample.
func (t *tree) drawSample(ctx context.Context, name string, pic picture, look string) error {
	s, err := findSample(name)
	if err != nil {
		return err
	}
	cols, rows, err := sizeOf(pic.size)
	if err != nil {
		return err
	}
	events, at, err := sample.UpTo(ctx, s, pic.card, sample.Options{Cols: cols, Rows: rows, Who: pictured})
	if errors.Is(err, sample.ErrNoStep) {
		return usage(fmt.Sprintf("the sample has the steps 1 to %d", len(s.Steps)), "there is no step %d", pic.card)
	}
	if err != nil {
		return err
	}
	keys, err := t.bindings()
	if err != nil {
		return err
	}
	paper := shot.Dark
	if look == "light" {
		paper = shot.Light
	}
	scene := tui.Scene{Cols: cols, Rows: rows, At: at, Page: pic.page, Events: events}
	screen, err := tui.Still(shown(s, pictured, keys, look), scene)
	if errors.Is(err, tui.ErrNoPage) {
		return usage("the pages are "+strings.Join(tui.Pages(), ", ")+"; not every card has a script", "%s has no page %s", s.Title, quote.Word(pic.page))
	}
	if err != nil {
		return err
	}
	svg := shot.SVG(screen, cols, paper, "The console at a card: "+s.Title)
	return t.put("picture", pic.file, svg)
}

// put writes what was asked for to a file, or to the output for -.
func (t *tree) put(what, file string, text []byte) error {
	if file == "-" {
		_, err := t.Out.Write(text)
		return err
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return &Error{Code: Failed, Err: fmt.Errorf("the %s cannot be written: %w", what, err), Hint: "name a file in a folder of yours"}
	}
	return nil
}
