package tui

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"escort/explain/effect"
	"escort/tui/golden"
	"escort/tui/shot"
	"escort/tui/theme"
)

// looks are the themes as they come out on a dark and on a light background.
func looks(f func(name string, light bool, th theme.Theme)) {
	for _, name := range theme.Names {
		for _, light := range []bool{false, true} {
			th, _ := theme.Named(name, true, light)
			f(map[bool]string{false: "dark", true: "light"}[light]+"-"+name, light, th)
		}
	}
	f("bare", false, theme.Theme{Bare: true})
}

var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

// Each theme shows the words of the golden screens and nothing else, in no
// other looks than those of its tokens.
func TestThemesShowTheSameScreens(t *testing.T) {
	for _, s := range states {
		for _, size := range sizes {
			b := newBench(t, size[0], size[1])
			s.at(b)
			want := b.screen()
			looks(func(name string, _ bool, th theme.Theme) {
				b.m.theme = th
				if diff := cmp.Diff(want, b.screen()); diff != "" {
					t.Errorf("%s at %v in %s (-usual +got):\n%s", s.name, size, name, diff)
				}
				b.onlyLooks(s.name+" in "+name, looksOf(th))
			})
		}
	}
}

// looksOf are the sequences that a theme's tokens come out as.
func looksOf(th theme.Theme) map[string]bool {
	own := map[string]bool{"\x1b[m": true}
	for token := theme.Plain; token <= theme.RiskCritical; token++ {
		for _, s := range sgr.FindAllString(th.Render(theme.Line{theme.Own(token, "x")}, 1), -1) {
			own[s] = true
		}
	}
	return own
}

// onlyLooks reports a look on the screen that is not among own.
func (b *bench) onlyLooks(where string, own map[string]bool) {
	b.t.Helper()
	for _, row := range b.drawnByTheConsole() {
		for _, look := range sgr.FindAllString(row, -1) {
			if !own[look] {
				b.t.Errorf("%s: %q is no look of the theme, in %q", where, look, row)
			}
		}
	}
}

// drawnByTheConsole is the rows that hold nothing of the session's own colours.
func (b *bench) drawnByTheConsole() []string {
	rows, _ := b.m.rows()
	l := b.m.lay
	if l.Term.Empty() {
		return rows
	}
	return append(rows[:l.Term.Y+1:l.Term.Y+1], rows[l.Term.Y+l.Term.H:]...)
}

// TestThemePictures keeps a picture of one screen in each theme: what a person
// sees of its colours.
func TestThemePictures(t *testing.T) {
	looks(func(name string, light bool, th theme.Theme) {
		switch name {
		case "dark-auto", "light-auto", "dark-light", "light-dark", "light-contrast", "light-projector": // another one, or not for such a background
			return
		}
		paper := shot.Dark
		if light {
			paper = shot.Light
		}
		b := newBench(t, 80, 24)
		waiting(effect.Critical)(b)
		b.m.theme = th
		rows, _ := b.m.rows()
		golden.Same(t, "theme-"+name+".svg", string(shot.SVG(rows, 80, paper, "A critical card: "+name)))
	})
}
