package tui

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"escort/keymap"
	"escort/session/event"
	"escort/tui/consent"
)

// reasons are what a deny can be given by a number. In two columns they fit
// the narrowest window.
var reasons = [...]string{
	"not in the ticket", "explain it first", "not allowed here", "too risky now", "smaller steps", "wrong target",
}

// pick chooses a reason by its number, another number another one; amid a text
// a digit is a digit.
func (m *Model) pick(name string) tea.Cmd {
	b, _ := m.keys.Find(keymap.Deny, name)
	i := b.Index(name)
	if m.entry.text() != "" && !m.entry.picked || i < 0 || i >= len(reasons) {
		m.entry.add(name)
		return nil
	}
	m.entry = entry{}
	m.entry.add(reasons[i])
	m.entry.picked = true
	return nil
}

// enters says what Enter does in each mode that has it.
var enters = map[keymap.Mode]func(*Model) tea.Cmd{
	keymap.Confirm:  func(m *Model) tea.Cmd { return m.decide(event.Allow, "", "") },
	keymap.Word:     (*Model).enterWord,
	keymap.Deny:     func(m *Model) tea.Cmd { return m.decide(event.Deny, "", strings.TrimSpace(m.entry.text())) },
	keymap.Message:  (*Model).enterMessage,
	keymap.Search:   (*Model).enterSearch,
	keymap.Presence: (*Model).enterName,
}

func (m *Model) enter(string) tea.Cmd { return enters[m.mode](m) }

func (m *Model) enterWord() tea.Cmd {
	word := m.shown().Word()
	if !consent.Right(word, m.entry.text()) {
		m.entry = entry{wrong: true}
		return nil
	}
	return m.decide(event.Allow, word, "")
}

// decide sends a verdict on the shown hold.
func (m *Model) decide(verdict, word, reason string) tea.Cmd {
	h := m.shown()
	m.mode, m.entry = keymap.Card, entry{}
	h.asked = true
	d := event.Decision{
		Hold: h.Hold.Hold, Verdict: verdict, Word: word, Reason: reason, Who: m.opt.Who,
		LookedMS: m.opt.now().Sub(h.drawn).Milliseconds(),
	}
	src, ctx, done := m.src, m.ctx, ""
	if verdict == event.CannotTell {
		done = "passed on; the engineer is told"
	}
	m.place()
	return tea.Batch(m.disarm(), func() tea.Msg {
		return answered{hold: d.Hold, what: done, err: src.Decide(ctx, d)}
	})
}

// cannotTell passes the hold on: it stays until somebody decides.
func (m *Model) cannotTell(string) tea.Cmd {
	if m.shown().asked {
		m.say("the decision is on its way")
		return nil
	}
	return m.decide(event.CannotTell, "", "")
}

// answer takes what the source said to a call.
func (m *Model) answer(a answered) tea.Cmd {
	at := m.find(a.hold)
	if a.err == nil {
		if a.what != "" {
			m.say(a.what)
		}
		return nil
	}
	m.say(a.err.Error())
	if at >= 0 && m.challenge(a.err) {
		m.holds[at].asked = false
		return nil
	}
	if at < 0 {
		return nil
	}
	m.holds[at].asked = false
	if errors.Is(a.err, event.ErrDecided) || errors.Is(a.err, event.ErrNoHold) {
		return m.drop(at)
	}
	return m.disarm()
}

// call runs a call of the source beside the console.
func (m *Model) call(what string, f func() error) tea.Cmd {
	return func() tea.Msg { return answered{what: what, err: f()} }
}

func (m *Model) freeze(string) tea.Cmd {
	src, ctx, on := m.src, m.ctx, !m.frozen
	return m.call("", func() error { return src.Freeze(ctx, on) })
}

func (m *Model) end(string) tea.Cmd {
	src, ctx := m.src, m.ctx
	m.mode = keymap.Card
	m.place()
	return m.call("ending the session", func() error { return src.End(ctx) })
}

// enterMessage sends what was written, or else the card's question.
func (m *Model) enterMessage() tea.Cmd {
	text := strings.TrimSpace(m.entry.text())
	if h := m.shown(); text == "" && h != nil {
		text = h.Question()
	}
	m.mode, m.entry = keymap.Card, entry{}
	m.place()
	if text == "" {
		return m.disarm()
	}
	src, ctx := m.src, m.ctx
	return tea.Batch(m.disarm(), m.call("sent", func() error { return src.Tell(ctx, text) }))
}
