package door

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"escort/session/event"
)

// Live is a session as a room needs it; *session.Session is one.
type Live interface {
	event.Source
	ID() string
	Join(who string) (leave func(why string))
	Engineer(who string, here bool, why string)
	Say(who, text string, engineer bool) error
	Release(who string, w event.Withheld) error
	Ended(status int) error
	AtEnd(f func(ctx context.Context, status int))
	FreezeBy(ctx context.Context, who, why string, on bool) error
	EndFor(ctx context.Context, why string) error
	Frozen() bool
	Waiting() int
	Done() <-chan struct{}
}

// Room is one session with its people.
type Room struct {
	live     Live
	about    About
	engineer Person
	rules    Rules
	now      func() time.Time
	held     *back // output that is held back; nil: none is

	mu      sync.Mutex
	escorts []*Seat
	typist  *Seat // the engineer's terminal; nil: it is not connected
	alone   time.Time
	froze   bool // because no escort was here
	timers  map[string]*time.Timer
}

// NewRoom makes the room of a session whose engineer is the given person. about
// is what does not change of it; the ID is the session's.
func NewRoom(live Live, engineer Person, about About, rules Rules) *Room {
	if rules.Output == "" {
		rules.Output = event.OutputLive
	}
	about.ID, about.Engineer, about.Solo, about.Output = live.ID(), engineer.Name, rules.Solo, rules.Output
	r := &Room{live: live, about: about, engineer: engineer, rules: rules, now: time.Now, timers: map[string]*time.Timer{}}
	r.alone = r.now()
	if rules.Output == event.OutputReleased {
		r.held = holdBack(live)
		live.AtEnd(r.Settle)
	}
	if rules.Wait > 0 {
		r.after("wait", rules.Wait, func() { r.end(fmt.Sprintf("no escort came within %v", rules.Wait)) })
	}
	go func() {
		<-live.Done()
		r.mu.Lock()
		defer r.mu.Unlock()
		for name := range r.timers {
			r.stop(name)
		}
	}()
	return r
}

// Engineer is whose session it is.
func (r *Room) Engineer() Person { return r.engineer }

// About is what there is to tell of the session now.
func (r *Room) About() About {
	waiting, frozen := r.live.Waiting(), r.live.Frozen()
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.about.clone()
	a.Waiting, a.Frozen, a.Present, a.Escorts = waiting, frozen, r.typist != nil, r.names()
	return a
}

// names are the escorts who are here, each once. Needs mu.
func (r *Room) names() []string {
	out := []string{}
	for _, s := range r.escorts {
		if !slices.Contains(out, s.who.Name) {
			out = append(out, s.who.Name)
		}
	}
	return out
}

// Enter gives p a seat on a side. An engineer who comes again takes the place of
// the terminal that was there before.
func (r *Room) Enter(p Person, as Role) (*Seat, error) {
	select {
	case <-r.live.Done():
		return nil, event.ErrClosed
	default:
	}
	own := p.Same(r.engineer)
	switch {
	case !p.May(as):
		return nil, ErrNotThat
	case as == Engineer && !own:
		return nil, ErrNotYours
	case as == Escort && own && !r.rules.Solo:
		return nil, ErrOwn
	case as != Engineer && as != Escort:
		return nil, fmt.Errorf("there is no role %q; there are engineer and escort", as)
	}
	s := &Seat{room: r, who: p, role: as, gone: make(chan struct{}), touched: r.now()}
	if as == Engineer {
		r.sit(s)
	} else {
		r.attend(s)
	}
	return s, nil
}

// sit gives the engineer's place to s.
func (r *Room) sit(s *Seat) {
	r.mu.Lock()
	old := r.typist
	r.typist = s
	r.stop("return")
	r.mu.Unlock()
	if old != nil {
		old.close()
	}
	r.live.Engineer(s.who.Name, true, "")
}

// attend adds an escort. What was stopped for want of one goes on.
func (r *Room) attend(s *Seat) {
	s.left = r.live.Join(s.who.Name)
	r.mu.Lock()
	first := len(r.escorts) == 0
	r.escorts = append(r.escorts, s)
	r.stop("wait")
	r.stop("grace")
	froze, since := r.froze, r.alone
	r.froze = false
	r.mu.Unlock()
	if !first || !froze {
		return
	}
	away := r.now().Sub(since).Round(time.Second)
	why := fmt.Sprintf("%s is here; nobody was for %v, and %d wait for a decision", s.who.Name, away, r.live.Waiting())
	if err := r.live.FreezeBy(context.Background(), s.who.Name, why, false); err != nil {
		_ = r.live.Say("escort", "the session could not be thawed: "+err.Error(), false)
	}
}

// leave takes a seat away.
func (r *Room) leave(s *Seat, why string) {
	r.mu.Lock()
	if s == r.typist {
		r.typist = nil
		r.mu.Unlock()
		r.live.Engineer(s.who.Name, false, why)
		r.after("return", r.rules.Return, r.giveUp)
		return
	}
	n := len(r.escorts)
	r.escorts = slices.DeleteFunc(r.escorts, func(o *Seat) bool { return o == s })
	last := n > 0 && len(r.escorts) == 0
	if last {
		r.alone = r.now()
	}
	r.mu.Unlock()
	if s.left != nil {
		s.left(why)
	}
	if last {
		r.after("grace", r.rules.Grace, r.freeze)
	}
}

// freeze stops everything, since nobody watches.
func (r *Room) freeze() {
	r.mu.Lock()
	empty := len(r.escorts) == 0
	r.froze = empty && !r.live.Frozen()
	froze := r.froze
	r.mu.Unlock()
	if froze {
		_ = r.live.FreezeBy(context.Background(), "escort", fmt.Sprintf("no escort has been here for %v", r.rules.Grace), true)
	}
}

// giveUp ends the session of an engineer who has not come back.
func (r *Room) giveUp() {
	r.mu.Lock()
	back := r.typist != nil
	r.mu.Unlock()
	if !back {
		r.end(fmt.Sprintf("the line to the engineer was lost, and not back within %v", r.rules.Return))
	}
}

// End ends the session for a reason, and waits for it.
func (r *Room) End(ctx context.Context, why string) error { return r.live.EndFor(ctx, why) }

func (r *Room) end(why string) { _ = r.live.EndFor(context.Background(), why) }

// after does f after d, unless it is stopped by its name or the session ended.
func (r *Room) after(name string, d time.Duration, f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stop(name)
	select {
	case <-r.live.Done():
	default:
		r.timers[name] = time.AfterFunc(d, f)
	}
}

// stop ends a timer. Needs mu.
func (r *Room) stop(name string) {
	if t := r.timers[name]; t != nil {
		t.Stop()
		delete(r.timers, name)
	}
}

// attended reports whether an escort is here.
func (r *Room) attended() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.escorts) > 0
}
