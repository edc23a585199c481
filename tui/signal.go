package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"escort/explain/quote"
	"escort/keymap"
)

// signals are what the console can do to the escort's terminal beside drawing.
type signals interface {
	Ring()
	Notify()
	Copy(text string) (ok bool)
}

// Alerts are what can be done when something is held.
var Alerts = []string{"none", "bell", "desktop", "both"}

// alertEvery is the least time between two alerts: a storm of holds is one.
const alertEvery = 2 * time.Second

// alert tells of a hold that has come, as was asked for.
func (m *Model) alert() tea.Cmd {
	now, s := m.opt.now(), m.signals
	bell := m.opt.Alert == "bell" || m.opt.Alert == "both"
	desktop := m.opt.Alert == "desktop" || m.opt.Alert == "both"
	if s == nil || !bell && !desktop || now.Sub(m.rang) < alertEvery {
		return nil
	}
	m.rang = now
	return func() tea.Msg {
		if bell {
			s.Ring()
		}
		if desktop {
			s.Notify()
		}
		return nil
	}
}

// copyIt puts the held command onto the clipboard, as it is shown.
func (m *Model) copyIt(name string) tea.Cmd {
	s := m.signals
	if m.opt.NoCopy || s == nil {
		m.say(name + ": the policy lets nothing onto the clipboard")
		return nil
	}
	text := quote.Text(m.shown().Command()).String()
	done := "copied, as it is shown, if your terminal allows it"
	if m.outside.can.tmux {
		done = "copied, as it is shown, if tmux has set-clipboard on"
	}
	return func() tea.Msg {
		if !s.Copy(text) {
			return answered{what: "the command is too long for the clipboard"}
		}
		return answered{what: done}
	}
}

// nothing says that a key which elsewhere ends or stops a program does not
// here: a session would wait unseen.
func (m *Model) nothing(name string) tea.Cmd {
	m.say(name, "does nothing: the console is never put aside ·", m.keys.Key(keymap.Card, keymap.Help), "keys")
	return nil
}
