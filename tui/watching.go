package tui

import (
	"errors"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"escort/keymap"
	"escort/session/event"
)

// A console that watches (Options.Watch) has no say in the session's terminal:
// the engineer has one of their own, which gives it its size and types. The
// keyboard stays with the console, and ending it may leave the session running.

// rest is the mode while nothing asks for keys.
func (m *Model) rest() keymap.Mode {
	if m.opt.Watch {
		return keymap.Card
	}
	return keymap.Terminal
}

// follow gives the console's own picture of a watched session the size that the
// session has.
func (m *Model) follow() {
	if size := m.pump.size(); m.opt.Watch && size[0] > 0 && size != m.size {
		m.size = size
		m.place()
	}
}

// foreign reports whether a key is of the other kind of console: one that is the
// session's own, or one that watches.
func (m *Model) foreign(b keymap.Binding) bool {
	switch {
	case b.Action == keymap.Release:
		return m.opt.Release == nil
	case b.Mode == keymap.Presence || b.Action == keymap.Leave:
		return !m.opt.Watch
	case b.Mode == keymap.Terminal || b.Action == keymap.Switch:
		return m.opt.Watch
	}
	return false
}

// leave closes the console; the session goes on.
func (m *Model) leave(string) tea.Cmd { return tea.Quit }

// touchEvery is how often a session is told at most that keys are pressed.
const touchEvery = 5 * time.Second

// touch tells the session that somebody is at the console.
func (m *Model) touch() {
	src, ok := m.src.(event.Present)
	if now := m.opt.now(); ok && now.Sub(m.touched) >= touchEvery {
		m.touched = now
		m.works.do(func() error { src.Touch(); return nil })
	}
}

// challenge asks who is there, where a decision was refused for want of it.
func (m *Model) challenge(err error) bool {
	_, ok := m.src.(event.Present)
	if !ok || !errors.Is(err, event.ErrAway) {
		return false
	}
	m.mode, m.entry, m.page = keymap.Presence, entry{}, noPage
	m.place()
	return true
}

// enterName shows who is there.
func (m *Model) enterName() tea.Cmd {
	src, ok := m.src.(event.Present)
	name := strings.TrimSpace(m.entry.text())
	m.mode, m.entry = keymap.Card, entry{}
	m.place()
	if !ok || name == "" {
		return m.disarm()
	}
	return tea.Batch(m.disarm(), m.call("you are there: decide again", func() error { return src.Prove(name) }))
}

// takeAgreed notes that one escort would allow what a second one must too.
func (m *Model) takeAgreed(e event.Event) tea.Cmd {
	at := m.find(e.Hold)
	if at < 0 {
		return nil
	}
	m.holds[at].Agreed, m.holds[at].asked = e.Who, false
	m.note(e, "allowed by "+e.Who+"; a second escort is needed")
	if at == m.cur {
		return m.change()
	}
	return nil
}

func (m *Model) takeJoined(e event.Event) tea.Cmd {
	m.note(e, m.came(e)+" came")
	if e.Layer == "" {
		m.here = append(m.here, e.Who)
	}
	return nil
}

func (m *Model) takeLeft(e event.Event) tea.Cmd {
	text := m.came(e) + " went"
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	m.note(e, text)
	if i := slices.Index(m.here, e.Who); e.Layer == "" && i >= 0 {
		m.here = slices.Delete(m.here, i, i+1)
	}
	return nil
}

// came is who a joined or left event is about.
func (m *Model) came(e event.Event) string {
	if e.Layer != "" {
		return "the engineer"
	}
	return "an escort"
}

// watchers are the escorts who watch beside this one, each once.
func (m *Model) watchers() []string {
	var out []string
	for _, who := range m.here {
		if who != m.opt.Who && !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	return out
}

// leaves says how an attached console is left.
func (m *Model) leaves() string {
	if !m.opt.Watch {
		return ""
	}
	return " · " + m.keys.Key(keymap.End, keymap.Leave) + " leaves it running"
}
