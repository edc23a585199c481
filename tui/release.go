package tui

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"escort/explain/quote"
	"escort/keymap"
	"escort/session/event"
	"escort/tui/consent"
	"escort/tui/theme"
)

// withheld is what a console knows of output that is held back from the engineer
// (Options.Release).
type withheld struct {
	now   event.Withheld // what waits, as far as is known
	news  bool           // something came since then
	asked bool           // it is being asked about
	page  event.Withheld // what the page shows, which is what would be given
	since time.Time      // when that was asked for and came; zero: not yet
}

// waits is what the source says of output that is held back.
type waits struct {
	w    event.Withheld
	page bool // it is for the page
	err  error
}

// lookBehind asks what is held back, where something came since the last time.
func (m *Model) lookBehind() tea.Cmd {
	if m.opt.Release == nil || !m.behind.news || m.behind.asked {
		return nil
	}
	m.behind.news, m.behind.asked = false, true
	return m.askHeld(1, false)
}

func (m *Model) askHeld(n int, page bool) tea.Cmd {
	src, ctx := m.opt.Release, m.ctx
	return func() tea.Msg {
		w, err := src.Withheld(ctx, n)
		return waits{w, page, err}
	}
}

// takeHeldBack takes what is held back.
func (m *Model) takeHeldBack(x waits) tea.Cmd {
	m.behind.asked = m.behind.asked && x.page
	if x.err != nil {
		if x.page {
			m.say(x.err.Error())
		}
		return nil
	}
	m.behind.now = x.w
	m.behind.news = m.behind.news || x.w.Uncounted > 0
	if x.page && m.page == heldPage {
		m.behind.page, m.behind.since, m.turned = x.w, m.opt.now(), 0
	}
	m.place()
	return nil
}

// heldNote says in the header that output is held back.
func (m *Model) heldNote() []string {
	w := m.behind.now
	if w.Lines == 0 {
		return nil
	}
	return []string{"output is held back: " + counted(w) + " (" + m.keys.Key(keymap.Card, keymap.Release) + ")"}
}

// counted says how much is held back.
func counted(w event.Withheld) string {
	text := fmt.Sprintf("%d lines, something masked in %d", w.Lines, w.Masked)
	if w.Uncounted > 0 {
		text += " or more"
	}
	if w.Dropped > 0 {
		text += fmt.Sprintf("; %d before them were too many", w.Dropped)
	}
	return text
}

// openHeld opens the page of what is held back.
func (m *Model) openHeld() tea.Cmd {
	m.behind.page, m.behind.since = event.Withheld{}, time.Time{}
	return m.askHeld(max(m.sideRoom().h-heldHead, 4), true)
}

// heldHead is how many lines of the page are not lines of output.
const heldHead = 2

// heldLines is the page: exactly what would be given, behind a bar.
func (m *Model) heldLines(w int) []theme.Line {
	x := m.behind.page
	switch {
	case m.behind.since.IsZero():
		return theme.Line{theme.Own(theme.Faint, "asking…")}.Wrap(w, 0)
	case len(x.Text) == 0:
		return theme.Line{theme.Own(theme.Plain, "No line waits. What is still being written comes when its line is whole.")}.Wrap(w, 0)
	}
	out := theme.Line{say(theme.Plain, "Held back: "+counted(x)+".")}.Wrap(w, 0)
	out = append(out, theme.Line{sayf(theme.Strong, "The engineer gets these %d, exactly so:", len(x.Text))}.Wrap(w, 0)...)
	for _, text := range x.Text {
		out = append(out, append(theme.Line{theme.Own(theme.Border, "│ ")}, veiled(text)...).Wrap(w, 2)...)
	}
	return out
}

// veiled is a line with what was masked in it set apart.
func veiled(text string) theme.Line {
	var out theme.Line
	for text != "" {
		i := strings.Index(text, "[masked: ")
		n := 0
		if i >= 0 {
			n = strings.IndexByte(text[i:], ']') + 1
		}
		if n == 0 {
			break
		}
		out = append(out, theme.Of(theme.Plain, quote.Line(text[:i])), theme.Of(theme.Held, quote.Line(text[i:i+n])))
		text = text[i+n:]
	}
	return append(out, theme.Of(theme.Plain, quote.Line(text)))
}

// give gives the engineer what the page shows, once it was seen to its end.
func (m *Model) give() tea.Cmd {
	x, r := m.behind.page, m.sideRoom()
	switch {
	case len(x.Text) == 0:
		m.say("there is nothing to release")
		return nil
	case m.turned+r.h < len(m.heldLines(r.w)):
		m.say("read it to its end first:", m.keys.Key(keymap.Page, keymap.PageDown))
		return nil
	case !consent.Ready(m.opt.now(), m.behind.since, m.arming.before):
		m.say("too soon after another key: nothing was released")
		return nil
	}
	src, ctx, n := m.opt.Release, m.ctx, len(x.Text)
	next := max(r.h-heldHead, 4)
	m.behind.page, m.behind.since = event.Withheld{}, time.Time{}
	return func() tea.Msg { return giveAndAsk(ctx, src, n, x.SHA256, next) }
}

// gave is how a release went, and what waits now.
type gave struct {
	err  error
	next waits
}

func giveAndAsk(ctx context.Context, src event.Releaser, n int, shown string, next int) tea.Msg {
	err := src.Release(ctx, n, shown)
	w, lost := src.Withheld(ctx, next)
	return gave{err, waits{w, true, lost}}
}

func (m *Model) takeGave(g gave) tea.Cmd {
	cmd := m.takeHeldBack(g.next)
	if g.err == nil {
		return cmd
	}
	m.say(g.err.Error())
	m.challenge(g.err)
	return cmd
}

func (m *Model) takeReleased(e event.Event) tea.Cmd {
	m.note(e, fmt.Sprintf("released %d lines, something masked in %d", e.Lines, e.Masked))
	m.behind.news = true
	return nil
}

func (m *Model) takeEnded(e event.Event) tea.Cmd {
	text := "the command has ended; its output waits to be released"
	if e.Status != nil {
		text = fmt.Sprintf("ended with status %d; its output waits to be released", *e.Status)
	}
	m.note(e, text)
	m.behind.news = true
	return nil
}
