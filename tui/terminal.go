package tui

import (
	"os"
	"regexp"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"escort/tui/theme"
)

// ability is what the escort's terminal can show, as far as its name and the
// environment tell.
type ability struct {
	bare   bool // no attributes
	mono   bool // no colours, or none wanted
	glyphs theme.Glyphs
	noEsc  bool // asked for the mouse, it holds Esc back until another key comes
	tmux   bool // stands between the console and the terminal, and keeps the clipboard to itself by default
}

// terminals are those that can do less than others, by their names (terminfo).
var terminals = []struct {
	name *regexp.Regexp
	can  ability
}{
	{regexp.MustCompile(`^dumb$`), ability{bare: true, mono: true}},
	{regexp.MustCompile(`^vt[1-5]\d\d|^vt52`), ability{mono: true, glyphs: theme.ASCII}},
	{regexp.MustCompile(`-m$|-mono$`), ability{mono: true}},
	{regexp.MustCompile(`^linux`), ability{glyphs: theme.Console}},
}

// abilityOf looks at an environment; nil is the process's own.
func abilityOf(env []string) ability {
	if env == nil {
		env = os.Environ()
	}
	vars := map[string]string{}
	for _, v := range env {
		name, value, _ := strings.Cut(v, "=")
		vars[name] = value
	}
	var can ability
	for _, t := range terminals {
		if t.name.MatchString(vars["TERM"]) {
			can = t.can
			break
		}
	}
	if vars["NO_COLOR"] != "" {
		can.mono = true
	}
	// GNU screen; over SSH only its TERM is left, which older tmux has too.
	can.noEsc = vars["STY"] != "" || strings.HasPrefix(vars["TERM"], "screen") && vars["TMUX"] == ""
	can.tmux = vars["TMUX"] != ""
	if otherCharset(vars) {
		can.glyphs = theme.ASCII
	}
	return can
}

// otherCharset reports whether the locale names a character set that is not
// UTF-8. One that names none may be anything, and is UTF-8 nearly everywhere.
func otherCharset(vars map[string]string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := vars[name]; locale != "" {
			_, charset, named := strings.Cut(locale, ".")
			charset, _, _ = strings.Cut(charset, "@")
			return named && !strings.EqualFold(strings.ReplaceAll(charset, "-", ""), "utf8")
		}
	}
	return false
}

// outside is what is known of the escort's terminal.
type outside struct {
	can   ability
	known bool // the background
	light bool
	few   bool // sixteen colours or fewer
}

func (m *Model) background(msg tea.BackgroundColorMsg) {
	m.outside.known, m.outside.light = true, !msg.IsDark()
	m.style()
}

func (m *Model) colours(msg tea.ColorProfileMsg) {
	m.outside.few = msg.Profile == colorprofile.ANSI
	m.style()
}

// style takes the theme that fits what is known of the terminal. The themes
// that name colours for a background are no use where there are sixteen: which
// those are is up to the terminal, and so is how they stand out.
func (m *Model) style() {
	o, name := m.outside, m.opt.Theme
	switch name {
	case "", theme.Auto:
		if o.can.mono {
			name = "mono"
		} else if o.few {
			name = "terminal"
		}
	case "dark", "light":
		if o.few {
			name = "terminal"
		}
	}
	th, ok := theme.Named(name, o.known, o.light)
	if !ok {
		th = theme.Theme{}
	}
	th.Bare, th.Glyphs = o.can.bare, o.can.glyphs
	m.theme = th
}
