package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"escort/session/event"
)

// nobody is the session of a picture: it is there, and is never called.
type nobody struct{ event.Source }

// Still is the console in a window of w×h cells as it stands at a moment after
// the events, row by row with its styles: for pictures. Nobody can press a key
// in it, and no session is behind it.
func Still(opt Options, w, h int, at time.Time, events ...event.Event) []string {
	now := at
	opt.now = func() time.Time { return now }
	m := newModel(context.Background(), nil, opt)
	m.w, m.h, m.begun, m.src = w, h, true, nobody{}
	m.place()
	m.fit()
	for _, e := range events {
		now = e.Time
		if e.Kind == event.Output {
			// The emulator's Write never fails.
			_, _ = m.scr.Write(e.Data)
		} else if take, ok := takes[e.Kind]; ok {
			take(m, e)
		}
		m.place()
		if hd := m.shown(); hd != nil {
			var drawn tea.Msg = drawn(hd.Hold.Hold)
			m.Update(drawn)
		}
	}
	now = at
	rows, _ := m.rows()
	return rows
}
