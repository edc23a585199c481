package door

import (
	"context"
	"strings"
	"sync"
	"time"

	"escort/session/event"
)

// Seat is one person in a room, and the session as that person may use it.
type Seat struct {
	room *Room
	who  Person
	role Role
	left func(why string) // of an escort
	once sync.Once
	gone chan struct{}

	mu      sync.Mutex
	touched time.Time // the last key
}

var (
	_ event.Source   = (*Seat)(nil)
	_ event.Releaser = (*Seat)(nil)
)

// Who sits here.
func (s *Seat) Who() Person { return s.who }

// Role is the side that the seat is on.
func (s *Seat) Role() Role { return s.role }

// Room is where the seat stands.
func (s *Seat) Room() *Room { return s.room }

// Gone is closed when the seat was left, or taken by the same engineer elsewhere.
func (s *Seat) Gone() <-chan struct{} { return s.gone }

// Leave gives the seat up, for a reason that may be empty.
func (s *Seat) Leave(why string) {
	s.once.Do(func() {
		close(s.gone)
		s.room.leave(s, why)
	})
}

// close is Leave for a seat that another one has taken the place of.
func (s *Seat) close() { s.once.Do(func() { close(s.gone) }) }

// may reports why somebody who is to be on a side may not act; nil: may.
func (s *Seat) may(as Role) error {
	select {
	case <-s.gone:
		return ErrGone
	default:
	}
	if s.role != as {
		return ErrRole
	}
	return nil
}

// Events delivers what happens as the role may see it, until the seat is left.
func (s *Seat) Events(ctx context.Context, after uint64) (<-chan event.Event, error) {
	inner, cancel := context.WithCancel(ctx)
	in, err := s.room.live.Events(inner, after)
	if err != nil {
		cancel()
		return nil, err
	}
	out := make(chan event.Event)
	go func() {
		defer cancel()
		defer close(out)
		for {
			select {
			case e, ok := <-in:
				if !ok {
					return
				}
				if e, ok = s.sees(e); !ok {
					continue
				}
				select {
				case out <- e:
				case <-s.gone:
					return
				case <-inner.Done():
					return
				}
			case <-s.gone:
				return
			}
		}
	}()
	return out, nil
}

// Decide answers a hold in the name of who sits here.
func (s *Seat) Decide(ctx context.Context, d event.Decision) error {
	if err := s.may(Escort); err != nil {
		return err
	}
	if d.Verdict == event.Allow && s.away() {
		return event.ErrAway
	}
	s.Touch()
	d.Who = s.who.Name
	return s.room.live.Decide(ctx, d)
}

// Tell passes a line of text to the other side.
func (s *Seat) Tell(_ context.Context, text string) error {
	if err := s.may(s.role); err != nil {
		return err
	}
	return s.room.live.Say(s.who.Name, text, s.role == Engineer)
}

// Freeze stops every process, or resumes them.
func (s *Seat) Freeze(ctx context.Context, on bool) error {
	if err := s.may(Escort); err != nil {
		return err
	}
	return s.room.live.FreezeBy(ctx, s.who.Name, "", on)
}

// Input is what the engineer types. Without an escort it goes nowhere.
func (s *Seat) Input(p []byte) error {
	switch err := s.may(Engineer); {
	case err == ErrRole:
		return event.ErrTyping
	case err != nil:
		return err
	case s.room.rules.Mute:
		return ErrMute
	case s.who.NoShell:
		return ErrNoShell
	case !s.room.attended():
		return ErrNobody
	}
	return s.room.live.Input(p)
}

// Resize sets the size of the session's terminal, which is the engineer's.
func (s *Seat) Resize(cols, rows int) error {
	if err := s.may(Engineer); err != nil {
		return err
	}
	return s.room.live.Resize(cols, rows)
}

// End kills every process of the session.
func (s *Seat) End(ctx context.Context) error {
	if err := s.may(Escort); err != nil {
		return err
	}
	return s.room.live.EndFor(ctx, "ended by "+s.who.Name)
}

// Abandon ends a session that no escort has come to: its engineer may.
func (s *Seat) Abandon(ctx context.Context) error {
	if err := s.may(Engineer); err != nil {
		return err
	}
	if s.room.attended() {
		return ErrRole
	}
	return s.room.live.EndFor(ctx, "the engineer gave up before an escort came")
}

// Touch notes that somebody pressed a key. It is no proof once nobody did for
// too long: see Prove.
func (s *Seat) Touch() {
	if s.away() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.touched = s.room.now()
}

// Prove is what somebody who was away does before deciding again: to type who
// they are, by the name that they came under.
func (s *Seat) Prove(name string) error {
	if !strings.EqualFold(strings.TrimSpace(name), s.who.Name) {
		return event.ErrAway
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.touched = s.room.now()
	return nil
}

// away reports whether nobody pressed a key for too long.
func (s *Seat) away() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	most := s.room.rules.Presence
	return most > 0 && s.room.now().Sub(s.touched) > most
}

// sees says what is shown of an event to who sits here; false: nothing.
func (s *Seat) sees(e event.Event) (event.Event, bool) {
	switch {
	case s.role == Escort:
		return e, true
	case s.room.rules.Output == event.OutputLive:
		return forEngineer(e)
	}
	return withoutOutput(e)
}
