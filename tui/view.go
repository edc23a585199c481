package tui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"escort/keymap"
	"escort/session/screen"
	"escort/tui/layout"
	"escort/tui/pane"
	"escort/tui/theme"
)

// title is the window's title; nothing of the session is ever in it.
const title = "escort"

// View draws the console.
func (m *Model) View() tea.View {
	v := tea.View{AltScreen: true, WindowTitle: title}
	if m.w == 0 {
		return v
	}
	rows, cur := m.rows()
	v.SetContent(strings.Join(rows, "\n"))
	v.Cursor, v.MouseMode = cur, m.mouseMode()
	return v
}

// rows is the whole screen, row by row.
func (m *Model) rows() ([]string, *tea.Cursor) {
	if m.lay.Small {
		return m.tooSmall(), nil
	}
	l := m.lay
	out := m.header(l.Header)
	term, cur := m.termRows(l.Term)
	left := append(term, m.strip(l.Strip)...)
	switch {
	case l.Side.X > 0:
		for i, s := range m.side(l.Side) {
			out = append(out, left[i]+s)
		}
	default:
		out = append(append(out, left...), m.side(l.Side)...)
	}
	return append(out, m.footer(l.Footer.W)), cur
}

// tooSmall is what stands in a window in which nothing can be judged.
func (m *Model) tooSmall() []string {
	rows := make([]string, m.h)
	text := []theme.Line{
		{theme.Own(theme.Strong, "too small"), theme.Own(theme.Plain, ": make it larger")},
		append(append(append(theme.Line{theme.Own(theme.Plain, "needs ")}, times(layout.MinCols, layout.MinRows)...),
			theme.Own(theme.Plain, ", is ")), times(m.w, m.h)...),
		{sayf(theme.Held, "held: %d", len(m.holds)), theme.Own(theme.Plain, ", no key decides")},
	}
	for i := range rows {
		l := theme.Line{}
		if i < len(text) {
			l = text[i]
		}
		rows[i] = m.theme.Render(l, m.w)
	}
	return rows
}

// times is a size in words.
func times(w, h int) theme.Line {
	return theme.Line{sayf(theme.Plain, "%d", w), theme.Own(theme.Plain, "×"), sayf(theme.Plain, "%d", h)}
}

// titleCells is what a title line has beside its name and what stands at its
// right.
const titleCells = 6

// frame draws a panel: a title line and, if boxed, lines on the other sides.
// What has the keyboard is marked, for terminals without colour.
func (m *Model) frame(r layout.Rect, t theme.Token, name, right theme.Line, inner []string) []string {
	if r.Empty() {
		return nil
	}
	l, e := theme.Own(t, "─"), theme.Own(t, "─")
	if m.lay.Boxed {
		l, e = theme.Own(t, "┌"), theme.Own(t, "┐")
	}
	head := theme.Line{l, theme.Blank(1)}
	if t == theme.Focus {
		head = theme.Line{l, theme.Own(t, "▸")}
	}
	head = append(head, name.Fit(min(name.Width(), max(r.W-titleCells-right.Width(), 8)))...)
	head = append(head, theme.Blank(1))
	tail := theme.Line{}
	if right.Width() > 0 {
		tail = append(append(theme.Line{theme.Blank(1)}, right...), theme.Blank(1))
	}
	tail = append(tail, e)
	head = append(append(head, theme.Rule(t, r.W-head.Width()-tail.Width())), tail...)
	out := []string{m.theme.Render(head, r.W)}
	if !m.lay.Boxed {
		return append(out, inner...)
	}
	bar := m.theme.Render(theme.Line{theme.Own(t, "│")}, 1)
	for _, s := range inner {
		out = append(out, bar+s+bar)
	}
	foot := theme.Line{theme.Own(t, "└"), theme.Rule(t, r.W-2), theme.Own(t, "┘")}
	return append(out, m.theme.Render(foot, r.W))
}

// room is the cells inside a frame.
type room struct{ w, h int }

func (m *Model) inside(r layout.Rect) room {
	if m.lay.Boxed {
		return room{max(r.W-2, 1), max(r.H-2, 1)}
	}
	return room{max(r.W, 1), max(r.H-1, 1)}
}

// border is the look of a frame: apart where the keyboard is.
func border(focus bool) theme.Token {
	if focus {
		return theme.Focus
	}
	return theme.Border
}

// termRows is the session's panel, and where the program's cursor stands.
func (m *Model) termRows(r layout.Rect) ([]string, *tea.Cursor) {
	if r.Empty() {
		return nil, nil
	}
	rows, c := m.sessionRows(m.inside(r))
	focus := m.mode == keymap.Terminal
	name, note := m.sessionTitle(r.W - titleCells)
	out := m.frame(r, border(m.onSession()), name, note, rows)
	if !focus || !c.Shown {
		return out, nil
	}
	x, y := r.X+c.X, r.Y+1+c.Y
	if m.lay.Boxed {
		x++
	}
	cur := tea.NewCursor(min(x, m.w-1), y)
	cur.Shape = shapes[c.Shape]
	return out, cur
}

// sessionRows is the session's rows in a room. Where the session is smaller, a
// line shows its edge.
func (m *Model) sessionRows(in room) ([]string, pane.Cursor) {
	w, h := min(in.w, m.size[0]), min(in.h, m.size[1])
	rows, c := m.pane.View(w, h)
	if w < in.w {
		edge := m.theme.Render(theme.Line{theme.Own(theme.Border, "│")}, in.w-w)
		for i := range rows {
			rows[i] += edge
		}
	}
	for i := h; i < in.h; i++ {
		l := theme.Line{}
		if i == h {
			l = theme.Line{theme.Rule(theme.Border, w)}
			if w < in.w {
				l = append(l, theme.Own(theme.Border, "┘"))
			}
		}
		rows = append(rows, m.theme.Render(l, in.w))
	}
	return rows, c
}

var shapes = map[screen.CursorShape]tea.CursorShape{
	screen.CursorBlock: tea.CursorBlock, screen.CursorUnderline: tea.CursorUnderline, screen.CursorBar: tea.CursorBar,
}

// strip is the last decisions below the terminal.
func (m *Model) strip(r layout.Rect) []string {
	if r.Empty() {
		return nil
	}
	return m.frame(r, theme.Border, theme.Line{theme.Own(theme.Plain, "decisions")}, nil, m.brief(m.inside(r)))
}

func (m *Model) brief(in room) []string { return m.fill(m.list.Brief(in.h), in) }

// fill makes exactly the rows of a room out of lines.
func (m *Model) fill(lines []theme.Line, in room) []string {
	out := make([]string, in.h)
	for i := range out {
		l := theme.Line{}
		if i < len(lines) {
			l = lines[i]
		}
		out[i] = m.theme.Render(l, in.w)
	}
	return out
}

// clock is a duration as minutes and seconds, with hours where there are any.
func clock(seconds int) string {
	h, mi, s := seconds/3600, seconds/60%60, seconds%60
	if h > 0 {
		return fmt.Sprintf("%d:%02d:%02d", h, mi, s)
	}
	return fmt.Sprintf("%d:%02d", mi, s)
}
