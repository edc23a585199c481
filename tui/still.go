package tui

import (
	"context"
	"errors"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"escort/keymap"
	"escort/session/event"
)

// nobody is the session of a picture: it is there, and is never called.
type nobody struct{ event.Source }

// Scene is a moment of a session that a picture shows.
type Scene struct {
	Cols, Rows int // the window
	At         time.Time
	Page       string // one of Pages that is open then; empty: none
	Events     []event.Event
}

// Pages are the pages that a picture can show, by what their keys do.
func Pages() []string {
	var out []string
	for a := range turns {
		out = append(out, string(a))
	}
	slices.Sort(out)
	return out
}

// ErrNoPage is what Still answers for a page that cannot be opened then.
var ErrNoPage = errors.New("there is no such page at this card")

// Still is the console as it stands in a scene, row by row with its styles: for
// pictures. Nobody can press a key in it, and no session is behind it.
func Still(opt Options, s Scene) ([]string, error) {
	now := s.At
	opt.now, opt.Env = func() time.Time { return now }, []string{} // whatever terminal this is called in
	m := newModel(context.Background(), nil, opt)
	m.w, m.h, m.begun, m.src = s.Cols, s.Rows, true, nobody{}
	m.place()
	m.fit()
	for _, e := range s.Events {
		now = e.Time
		if e.Kind == event.Output {
			// The emulator's Write never fails.
			_, _ = m.scr.Write(e.Data)
		} else if take, ok := takes[e.Kind]; ok {
			m.moment = m.scr.Place()
			take(m, e)
		}
		m.place()
		if hd := m.shown(); hd != nil {
			var drawn tea.Msg = drawn(hd.Hold.Hold)
			m.Update(drawn)
		}
	}
	now = s.At
	if s.Page != "" {
		m.mode = keymap.Card
		key := m.keys.Key(keymap.Card, keymap.Action(s.Page))
		b, ok := m.keys.Find(keymap.Card, key)
		if _, page := turns[b.Action]; !ok || !page || m.disabled(b) {
			return nil, ErrNoPage
		}
		m.turn(key)
	}
	rows, _ := m.rows()
	return rows, nil
}
