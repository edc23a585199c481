package tui

import (
	"reflect"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"escort/keymap"
	"escort/session/event"
	"escort/tui/card"
	"escort/tui/history"
)

// takes says what the console does with each kind of event. Kinds that are not
// here change nothing on the screen.
var takes = map[string]func(*Model, event.Event) tea.Cmd{
	event.Opened:    (*Model).takeOpened,
	event.Held:      (*Model).takeHeld,
	event.Parked:    (*Model).takeParked,
	event.Withdrawn: (*Model).takeWithdrawn,
	event.Agreed:    (*Model).takeAgreed,
	event.Decided:   (*Model).takeDecided,
	event.Message:   (*Model).takeMessage,
	event.Finished:  (*Model).takeFinished,
	event.Effected:  (*Model).takeEffect,
	event.Frozen:    (*Model).takeFrozen,
	event.Thawed:    (*Model).takeThawed,
	event.Lost:      (*Model).takeLost,
	event.Regained:  (*Model).takeRegained,
	event.Released:  (*Model).takeReleased,
	event.Ended:     (*Model).takeEnded,
	event.Joined:    (*Model).takeJoined,
	event.Left:      (*Model).takeLeft,
	complaint:       (*Model).takeComplaint,
}

func (m *Model) takeOpened(e event.Event) tea.Cmd {
	if !e.Time.IsZero() && !e.Time.After(m.opt.now()) {
		m.opened = e.Time
	}
	return nil
}

// grab is how long the program must have had no key before a hold that nobody
// just entered may take the keyboard.
const grab = 2 * time.Second

func (m *Model) takeHeld(e event.Event) tea.Cmd {
	h := &hold{Card: card.New(e, m.opt.Ticket), since: m.opt.now(), place: m.moment}
	if m.opt.Watch && !e.Time.IsZero() && e.Time.Before(h.since) {
		h.since = e.Time // it waited before the console came
	}
	h.Before, h.Plan = m.past.Of(e, h.since), m.opt.Runbook.Of(e)
	at := m.find(e.Hold)
	if at >= 0 {
		m.holds[at] = h
	} else {
		m.stint.Came(h.since, len(m.holds))
		m.session = m.session && len(m.holds) > 0
		at = m.enqueue(h)
		if e.Cause == event.CauseSurprise {
			m.list.Surprise(e.Typed)
		}
	}
	typed := e.Cause == event.CauseTyped
	if m.mode == keymap.Terminal {
		if typed {
			m.cur = at
			m.mode, m.seize, m.session = keymap.Card, false, false
		} else {
			m.seize = true
		}
	}
	if at == m.cur {
		return tea.Batch(m.change(), m.wake(grab), m.alert())
	}
	return tea.Batch(m.wake(grab), m.alert())
}

// wake makes the console look again after a while.
func (m *Model) wake(d time.Duration) tea.Cmd {
	return m.opt.after(d, func(time.Time) tea.Msg { return rearm{} })
}

// seizeFocus gives the keyboard to the card of a hold that waits for it.
func (m *Model) seizeFocus() tea.Cmd {
	if !m.seize || m.mode != keymap.Terminal || len(m.holds) == 0 {
		m.seize = false
		return nil
	}
	if m.opt.now().Sub(m.termKey) < grab {
		return nil
	}
	m.seize, m.mode, m.session = false, keymap.Card, false
	m.place()
	// The card has stood there for a while, but whoever types on now means the
	// program.
	return m.disarm()
}

func (m *Model) takeWithdrawn(e event.Event) tea.Cmd { return m.remove(e, "withdrawn") }

func (m *Model) takeDecided(e event.Event) tea.Cmd {
	at := m.find(e.Hold)
	if at < 0 {
		return nil
	}
	if e.Time.IsZero() {
		e.Time = m.opt.now()
	}
	m.past.Note(m.holds[at].Hold, e, true)
	if e.Who == m.opt.Who {
		m.stint.Judged(m.opt.now())
	}
	if e.Verdict == event.Allow {
		m.opt.Runbook.Take(m.holds[at].Hold)
	}
	return tea.Batch(m.remove(e, e.Verdict), m.lookBack())
}

// lookBack says anew on each card what happened before. What is shown and
// changes by it must be read again.
func (m *Model) lookBack() tea.Cmd {
	var cmd tea.Cmd
	for i, h := range m.holds {
		before, plan := m.past.Of(h.Hold, h.since), m.opt.Runbook.Of(h.Hold)
		if i == m.cur && !reflect.DeepEqual([]any{before, plan}, []any{h.Before, h.Plan}) {
			cmd = m.change()
		}
		h.Before, h.Plan = before, plan
	}
	return cmd
}

func (m *Model) record(e event.Event, verdict string, h *hold) {
	at := e.Time
	if at.IsZero() {
		at = m.opt.now()
	}
	m.list.Add(history.Row{
		Time: at, Verdict: verdict, Risk: h.Risk(), Headline: h.Headline(), Who: e.Who, Reason: e.Reason, Hold: e.Hold,
		Text: h.Raw(), Cause: h.Hold.Cause, Plan: h.Plan.Brief(), Place: h.place,
	})
}

// remove takes a hold away that was decided or went by itself.
func (m *Model) remove(e event.Event, verdict string) tea.Cmd {
	at := m.find(e.Hold)
	if at < 0 {
		return nil
	}
	m.record(e, verdict, m.holds[at])
	return m.drop(at)
}

func (m *Model) drop(at int) tea.Cmd {
	m.holds = slices.Delete(m.holds, at, at+1)
	switch {
	case at < m.cur:
		m.cur--
		return nil
	case at > m.cur:
		return nil
	}
	m.cur = max(min(m.cur, len(m.holds)-1), 0)
	m.page, m.entry = noPage, entry{}
	m.hush = m.mode != keymap.Terminal && m.mode != keymap.Card
	if len(m.holds) == 0 {
		m.mode, m.session, m.seize = m.rest(), false, false
		m.pane.Bottom()
	} else if m.mode != keymap.Terminal {
		m.mode = keymap.Card
	}
	return m.change()
}

func (m *Model) note(e event.Event, text string) {
	at := e.Time
	if at.IsZero() {
		at = m.opt.now()
	}
	m.list.Add(history.Row{Time: at, Headline: text, Who: e.Who, Place: m.moment})
}

// takeFinished says in the list how a line ended and what it did.
func (m *Model) takeFinished(e event.Event) tea.Cmd {
	if e.Status != nil {
		m.list.Ended(e.Hold, *e.Status, e.Reason)
	}
	return nil
}

// takeEffect adds to a row of the list what was seen to happen.
func (m *Model) takeEffect(e event.Event) tea.Cmd {
	if e.Effect != nil && e.Hold != "" {
		m.list.Effect(e.Hold, e.Effect.Verb+" "+e.Effect.Object)
	}
	return nil
}

// takeMessage lists a message; it takes the footer's keys away from nobody who
// is about to decide.
func (m *Model) takeMessage(e event.Event) tea.Cmd {
	m.note(e, "message: "+e.Reason)
	if len(m.holds) == 0 {
		m.say("message from", e.Who+":", e.Reason)
	}
	return nil
}

// takeLost puts the loss of a layer into the header, where it stands until the
// layer is back.
func (m *Model) takeLost(e event.Event) tea.Cmd {
	text := card.View(e.Layer) + " lost: " + e.Reason
	m.note(e, text)
	m.found(e.Layer)
	m.lost = append(m.lost, loss{e.Layer, text, card.Still(e.Layer)})
	return nil
}

func (m *Model) takeRegained(e event.Event) tea.Cmd {
	m.note(e, card.View(e.Layer)+" is back")
	m.found(e.Layer)
	return nil
}

func (m *Model) found(layer string) {
	m.lost = slices.DeleteFunc(m.lost, func(l loss) bool { return l.layer == layer })
}

func (m *Model) takeFrozen(e event.Event) tea.Cmd {
	m.frozen, m.froze = true, ""
	switch {
	case e.Reason != "":
		m.froze = ": " + e.Reason
	case e.Who != "" && e.Who != m.opt.Who:
		m.froze = " by " + e.Who
	}
	m.stint.Stopped(true, m.opt.now())
	text := "frozen"
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	m.note(e, text)
	return nil
}

func (m *Model) takeThawed(e event.Event) tea.Cmd {
	m.frozen = false
	m.stint.Stopped(false, m.opt.now())
	m.note(e, "thawed")
	return nil
}

func (m *Model) takeComplaint(e event.Event) tea.Cmd {
	m.say(e.Reason)
	return nil
}
