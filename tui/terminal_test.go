package tui

import (
	"image/color"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"escort/explain/effect"
	"escort/tui/pane"
	"escort/tui/theme"
)

func TestAbility(t *testing.T) {
	for _, tc := range []struct {
		env  string
		want ability
	}{
		{"TERM=xterm-256color", ability{}},
		{"TERM=screen", ability{noEsc: true}},
		{"TERM=screen-256color TMUX=/tmp/x", ability{tmux: true}},
		{"TERM=xterm STY=1.x", ability{noEsc: true}},
		{"TERM=vte-256color", ability{}},
		{"TERM=linux", ability{glyphs: theme.Console}},
		{"TERM=vt100", ability{mono: true, glyphs: theme.ASCII}},
		{"TERM=vt220-w", ability{mono: true, glyphs: theme.ASCII}},
		{"TERM=xterm-mono", ability{mono: true}},
		{"TERM=dumb", ability{bare: true, mono: true}},
		{"TERM=xterm NO_COLOR=1", ability{mono: true}},
		{"TERM=xterm NO_COLOR=", ability{}},
		{"TERM=xterm LANG=C.UTF-8", ability{}},
		{"TERM=xterm LANG=de_DE.utf8@euro", ability{}},
		{"TERM=xterm LANG=C", ability{}},
		{"TERM=xterm LANG=de_DE.ISO-8859-15", ability{glyphs: theme.ASCII}},
		{"TERM=xterm LANG=de_DE.ISO-8859-15 LC_ALL=de_DE.UTF-8", ability{}},
	} {
		if got := abilityOf(strings.Fields(tc.env)); got != tc.want {
			t.Errorf("%s: %+v, want %+v", tc.env, got, tc.want)
		}
	}
}

// A terminal without symbols shows every state in ASCII, each row as wide as
// before.
func TestScreensInASCII(t *testing.T) {
	for _, s := range states {
		for _, size := range sizes {
			b := newBench(t, size[0], size[1])
			b.m.pane, b.m.outside.can = pane.New(b.m.scr, false, theme.ASCII), ability{mono: true, glyphs: theme.ASCII}
			b.m.style()
			s.at(b)
			for _, r := range b.screen() {
				if r >= 0x7f {
					t.Fatalf("%s at %v has %q:\n%s", s.name, size, r, b.screen())
				}
			}
		}
	}
}

func TestThemeFollowsTheTerminal(t *testing.T) {
	look := func(th theme.Theme) string { return th.Render(theme.Line{theme.Own(theme.RiskHigh, "x")}, 1) }
	want := func(name string) string { th, _ := theme.Named(name, true, false); return look(th) }
	dark := tea.BackgroundColorMsg{Color: color.Black}
	for _, tc := range []struct {
		theme, env string
		profile    colorprofile.Profile
		known      bool
		want       string
	}{
		{"", "TERM=xterm", colorprofile.TrueColor, false, "terminal"},
		{theme.Auto, "TERM=xterm", colorprofile.ANSI256, true, "dark"},
		{theme.Auto, "TERM=xterm", colorprofile.ANSI, true, "terminal"},
		{"dark", "TERM=xterm", colorprofile.ANSI, true, "terminal"},
		{"contrast", "TERM=xterm", colorprofile.ANSI, true, "contrast"},
		{theme.Auto, "TERM=vt100", colorprofile.Ascii, true, "mono"},
		{"dark", "TERM=xterm NO_COLOR=1", colorprofile.Ascii, true, "dark"}, // the colours are left out when it is drawn
	} {
		m := newModel(t.Context(), nil, Options{Theme: tc.theme, Env: strings.Fields(tc.env)})
		m.Update(tea.ColorProfileMsg{Profile: tc.profile})
		if tc.known {
			m.Update(dark)
		}
		if got := look(m.theme); got != want(tc.want) {
			t.Errorf("%+v: %q, want %q", tc, got, want(tc.want))
		}
	}
}

// The whole program, in a terminal that has neither colours nor symbols.
func TestMonoTerminalGetsNoColours(t *testing.T) {
	c := newConsole(t, 80, 24, Options{Host: "prod-db-2", Who: "eva", Env: []string{"TERM=vt100"}})
	c.shows("keys go to: the shell")
	c.src.events <- output("\x1b[31mred\x1b[m\r\n")
	c.src.events <- typed("h1", effect.Critical)
	c.shows("# CRITICAL : do not allow alone")
	for _, look := range sgr.FindAllString(string(c.out.bytes()), -1) {
		for _, p := range strings.Split(strings.Trim(look, "\x1b[m"), ";") {
			if len(p) == 2 && (p[0] == '3' || p[0] == '4') && p != "39" && p != "49" {
				t.Errorf("a colour is set: %q", look)
			}
		}
	}
}
