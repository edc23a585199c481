package tui

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"escort/tui/theme"
)

// Leaf is a screen of its own, before or after the console: a plain struct.
type Leaf interface {
	// View is every row of a window with w columns and h rows.
	View(w, h int) []theme.Line
	// Press takes a key by its name; done tells that the screen is left.
	Press(key string) (done bool)
}

// Turn shows a leaf until it is left or ctx is done (then it answers ctx's
// error). Of the options it takes those that are about the terminal.
func Turn(ctx context.Context, leaf Leaf, opt Options) error {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	m := newModel(inner, nil, opt)
	t, err := open(m)
	if err != nil {
		return err
	}
	p := tea.NewProgram(turned{m, t, leaf}, m.programOptions(t)...)
	unwatch := t.watch(p, opt.Sizes)
	stop := context.AfterFunc(ctx, p.Quit)
	_, err = p.Run()
	stop()
	unwatch()
	t.close()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("the screen broke: %w", err)
	}
	return nil
}

// turned shows a leaf on the console's terminal, in its theme.
type turned struct {
	m    *Model
	t    *terminal
	leaf Leaf
}

// Init asks nothing.
func (l turned) Init() tea.Cmd { return nil }

// Update takes one message.
func (l turned) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.BackgroundColorMsg:
		l.m.background(msg)
	case tea.ColorProfileMsg:
		l.m.colours(msg)
	case tea.WindowSizeMsg:
		l.t.Resize(msg.Width, msg.Height)
		l.m.w, l.m.h = msg.Width, msg.Height
	case tea.KeyPressMsg:
		if l.leaf.Press(msg.String()) {
			return l, tea.Quit
		}
	}
	return l, nil
}

// View hands the picture on.
func (l turned) View() tea.View {
	if l.m.w == 0 {
		return tea.View{}
	}
	l.t.Show(tea.View{AltScreen: true, WindowTitle: title, Content: strings.Join(l.m.leafRows(l.leaf), "\n")})
	return tea.View{}
}

// leafRows is a leaf, row by row, in the console's theme.
func (m *Model) leafRows(leaf Leaf) []string {
	lines := leaf.View(m.w, m.h)
	rows := make([]string, m.h)
	for i := range rows {
		var l theme.Line
		if i < len(lines) {
			l = lines[i]
		}
		rows[i] = m.theme.Render(l, m.w)
	}
	return rows
}
