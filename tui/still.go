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
	f := newFilm(opt, s)
	for _, e := range s.Events {
		f.take(e)
	}
	f.now = s.At
	m := f.m
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

// film is a console that is shown without a terminal, at times that are told.
type film struct {
	m   *Model
	now time.Time
}

func newFilm(opt Options, s Scene) *film {
	f := &film{now: s.At}
	opt.now, opt.Env = func() time.Time { return f.now }, []string{} // whatever terminal this is called in
	f.m = newModel(context.Background(), nil, opt)
	f.m.w, f.m.h, f.m.begun, f.m.src = s.Cols, s.Rows, true, nobody{}
	f.m.place()
	f.m.fit()
	return f
}

// take lets the console see an event at its time.
func (f *film) take(e event.Event) {
	m := f.m
	f.now = e.Time
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

// Film is every picture of the console from the first event of a scene to its
// moment, each with the time from which on it is shown: for films. Between the
// events the clock goes on second by second.
func Film(opt Options, s Scene, show func(at time.Time, rows []string) error) error {
	f := newFilm(opt, s)
	picture := func() error {
		f.m.place()
		rows, _ := f.m.rows()
		return show(f.now, rows)
	}
	for i, e := range s.Events {
		f.take(e)
		till := s.At
		if i+1 < len(s.Events) {
			till = s.Events[i+1].Time
		}
		if !till.After(e.Time) {
			continue // what comes at the same moment is one picture
		}
		for at := e.Time; at.Before(till); at = at.Add(time.Second) {
			f.now = at
			if err := picture(); err != nil {
				return err
			}
		}
	}
	return nil
}
