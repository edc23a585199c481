package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"escort/keymap"
	"escort/session/event"
	"escort/tui/consent"
	"escort/tui/pane"
	"escort/tui/past"
	"escort/tui/theme"
)

// key takes one key press.
func (m *Model) key(k tea.Key) tea.Cmd {
	now := m.opt.now()
	name := tea.KeyPressMsg(k).String()
	m.touch()
	if m.mode == keymap.Terminal {
		return m.terminalKey(k, name)
	}
	b, known := m.keys.Find(m.mode, name)
	ready := m.arming.ready(now)
	m.arming.before, m.arming.key = m.arming.key, now
	switch {
	case known && b.Action == keymap.Switch:
		return m.switchFocus()
	case m.lay.Small:
		return nil
	case m.mode == keymap.Card && m.shown() != nil && !m.hidden() && !ready:
		return m.wake(armAfter) // keys in flight decide nothing
	}
	m.arming.armed = m.arming.armed || m.mode == keymap.Card && !m.hidden()
	m.notice = notice{}
	switch {
	case known:
		return m.act(b, name)
	case m.entry.takes(m.mode, k):
		m.entry.press(k)
		return nil
	}
	m.say(name, "does nothing here ·", m.keys.Key(keymap.Card, keymap.Help), "keys")
	if m.mode != keymap.Page {
		return m.disarm()
	}
	return nil
}

// terminalKey gives a key to the program inside, all but the one that leaves.
func (m *Model) terminalKey(k tea.Key, name string) tea.Cmd {
	now := m.opt.now()
	pause := now.Sub(m.arming.key)
	m.arming.key = now
	if b, ok := m.keys.Find(keymap.Terminal, name); ok && b.Action == keymap.Switch {
		m.hush = false
		return m.switchFocus()
	}
	if m.hush = m.hush && pause < armAfter; m.hush {
		return nil // the rest of a word or a reason is no input for the program
	}
	if m.lay.Small {
		return nil // nobody sees what they would do
	}
	m.termKey = now
	m.notice = notice{}
	m.pane.Bottom()
	m.send(pane.Encode(k, m.pane.Modes()))
	return nil
}

// send gives bytes to the program, in the order of the keys.
func (m *Model) send(p []byte) {
	if len(p) == 0 || m.src == nil {
		return
	}
	src := m.src
	m.works.do(func() error { return src.Input(p) })
}

func (m *Model) paste(text string) tea.Cmd {
	m.arming.key = m.opt.now()
	switch m.mode {
	case keymap.Terminal:
		m.termKey = m.arming.key
		m.send(pane.EncodePaste(text, m.pane.Modes()))
	case keymap.Message, keymap.Deny, keymap.Search:
		m.entry.add(strings.Join(strings.Fields(text), " "))
	case keymap.Card:
		m.say("a paste decides nothing")
		return m.disarm()
	}
	return nil
}

// switchFocus gives the keyboard to the other side.
func (m *Model) switchFocus() tea.Cmd {
	if m.opt.Watch {
		m.say("only the engineer types here ·", m.keys.Key(keymap.Card, keymap.Tell), "writes to them")
		return m.disarm()
	}
	m.entry, m.page, m.notice, m.seize = entry{}, noPage, notice{}, false
	if m.mode == keymap.Terminal {
		m.mode = keymap.Card
	} else {
		m.mode = keymap.Terminal
	}
	m.place()
	if m.shown() == nil {
		return nil
	}
	return m.disarm()
}

// acts says what each action does.
var acts map[keymap.Action]func(*Model, string) tea.Cmd

func init() {
	acts = map[keymap.Action]func(*Model, string) tea.Cmd{
		keymap.Allow: (*Model).allow, keymap.DenyIt: (*Model).open, keymap.Tell: (*Model).open,
		keymap.CannotTell: (*Model).cannotTell, keymap.Freeze: (*Model).freeze, keymap.EndIt: (*Model).open,
		keymap.Find: (*Model).open, keymap.Help: (*Model).turn, keymap.History: (*Model).turn,
		keymap.Explain: (*Model).turn, keymap.Script: (*Model).turn, keymap.Runbook: (*Model).turn, keymap.Release: (*Model).turn, keymap.Jump: (*Model).jump,
		keymap.NextPane: (*Model).nextPane, keymap.PrevHold: (*Model).prevHold, keymap.NextHold: (*Model).nextHold,
		keymap.PrevPart: (*Model).prevPart, keymap.NextPart: (*Model).nextPart,
		keymap.PageUp: (*Model).pageUp, keymap.PageDown: (*Model).pageDown, keymap.LineUp: (*Model).lineUp,
		keymap.LineDown: (*Model).lineDown, keymap.Top: (*Model).top, keymap.Bottom: (*Model).bottom,
		keymap.Enter: (*Model).enter, keymap.Back: (*Model).goBack, keymap.Erase: (*Model).erase,
		keymap.Filter: (*Model).nextFilter, keymap.NextMark: (*Model).nextMark,
		keymap.Zoom: (*Model).toggleZoom, keymap.Smaller: (*Model).smaller, keymap.Larger: (*Model).larger, keymap.Mouse: (*Model).toggleMouse,
		keymap.Yes: (*Model).end, keymap.Leave: (*Model).leave, keymap.Pick: (*Model).pick, keymap.Nothing: (*Model).nothing, keymap.Copy: (*Model).copyIt,
	}
}

// opens are the modes that an action leads to, turns the pages.
var (
	opens = map[keymap.Action]keymap.Mode{
		keymap.DenyIt: keymap.Deny, keymap.Tell: keymap.Message, keymap.EndIt: keymap.End, keymap.Find: keymap.Search,
	}
	turns = map[keymap.Action]page{
		keymap.Help: helpPage, keymap.History: historyPage, keymap.Explain: answersPage, keymap.Script: scriptPage,
		keymap.Runbook: runbookPage, keymap.Release: heldPage,
	}
)

func (m *Model) act(b keymap.Binding, name string) tea.Cmd {
	switch {
	case judges[b.Action] && m.hidden():
		m.say(name+":", m.cardKey(), "shows the card first")
		return nil
	case m.disabled(b):
		m.say(name+":", b.Disabled)
		return nil
	}
	return acts[b.Action](m, name)
}

// judges are the actions that need the card before the escort's eyes.
var judges = map[keymap.Action]bool{keymap.Allow: true, keymap.DenyIt: true, keymap.CannotTell: true}

// disabled reports whether a key has nothing to do now.
func (m *Model) disabled(b keymap.Binding) bool {
	switch {
	case b.Action == keymap.Smaller || b.Action == keymap.Larger:
		return m.lay.Border.Empty()
	case m.mode == keymap.Page && b.Action == keymap.Jump && m.page == heldPage:
		return false
	case m.mode == keymap.Page && (b.Action == keymap.Filter || b.Action == keymap.Jump):
		return m.page != historyPage
	case m.mode == keymap.Page && b.Action == keymap.NextMark:
		return !m.marked()
	case m.foreign(b):
		return true
	case m.mode != keymap.Card:
		return false
	}
	h := m.shown()
	switch b.Action {
	case keymap.Allow, keymap.DenyIt, keymap.CannotTell:
		return h == nil || m.hidden()
	case keymap.Explain, keymap.Copy:
		return h == nil
	case keymap.Runbook:
		return m.opt.Runbook == nil
	case keymap.Script:
		return h == nil || !h.Scripts()
	case keymap.PrevHold, keymap.NextHold:
		return len(m.holds) < 2
	case keymap.PrevPart, keymap.NextPart:
		return h == nil || h.Parts() == 0
	case keymap.Tell, keymap.Freeze, keymap.EndIt:
		return m.src == nil
	}
	return false
}

func (m *Model) allow(string) tea.Cmd {
	h := m.shown()
	switch {
	case h.asked:
		m.say("the decision is on its way")
		return nil
	case m.frozen:
		m.say("frozen: thaw first (" + m.keys.Key(keymap.Card, keymap.Freeze) + ")")
		return nil
	}
	switch consent.Of(h.Risk(), h.Word()) {
	case consent.Typed:
		m.mode = keymap.Word
	case consent.Confirm:
		if m.saidSame(h) && consent.Again(h.Risk(), h.Word()) == consent.Once {
			return m.decide(event.Allow, "", consent.Repeat)
		}
		m.mode = keymap.Confirm
	default:
		return m.decide(event.Allow, "", "")
	}
	m.place()
	return nil
}

// saidSame reports whether the card says, where it is seen now, that exactly
// this was allowed before.
func (m *Model) saidSame(h *hold) bool {
	r := m.sideRoom()
	lines, at := m.sideLines(r.w, r.h)
	lines = lines[min(*at, len(lines)):min(*at+r.h, len(lines))]
	return h.Before.Fold && slices.ContainsFunc(lines, func(l theme.Line) bool { return strings.HasPrefix(l.Text(), "↺ "+past.Same) })
}

func (m *Model) open(name string) tea.Cmd {
	b, _ := m.keys.Find(m.mode, name)
	to := opens[b.Action]
	if to == keymap.Deny && m.shown().asked {
		m.say("the decision is on its way")
		return nil
	}
	m.back, m.mode, m.entry = m.mode, to, entry{}
	m.place()
	return nil
}

func (m *Model) turn(name string) tea.Cmd {
	b, _ := m.keys.Find(m.mode, name)
	m.page, m.mode, m.turned, m.mark = turns[b.Action], keymap.Page, 0, -1
	m.hit.forget()
	m.place()
	if m.page == historyPage {
		m.openHistory()
	}
	switch m.page {
	case heldPage:
		return m.openHeld()
	case scriptPage:
		m.toFirstMark()
	}
	return nil
}

func (m *Model) goBack(string) tea.Cmd {
	from := m.mode
	if from == keymap.Card {
		if h := m.shown(); h != nil {
			h.Part = -1
		}
		return nil
	}
	m.entry = entry{}
	m.mode = keymap.Card
	if from == keymap.Page && m.page == historyPage {
		m.pane.Bottom() // where it may have been moved away from
	}
	if from == keymap.Search {
		m.mode = m.back
	} else {
		m.page = noPage
	}
	m.place()
	return m.disarm()
}

func (m *Model) prevHold(string) tea.Cmd { return m.show(-1) }
func (m *Model) nextHold(string) tea.Cmd { return m.show(1) }

func (m *Model) show(n int) tea.Cmd {
	m.cur = (m.cur + n + len(m.holds)) % len(m.holds)
	return m.change()
}

func (m *Model) prevPart(string) tea.Cmd { return m.point(-1) }
func (m *Model) nextPart(string) tea.Cmd { return m.point(1) }

func (m *Model) point(n int) tea.Cmd {
	m.shown().Point(n)
	return nil
}
