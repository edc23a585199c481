package door

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"escort/session/event"
)

var strict = Rules{Wait: time.Minute, Grace: 30 * time.Second, Return: 2 * time.Minute, Presence: 10 * time.Minute}

func TestNobodySitsOnBothSides(t *testing.T) {
	f := newFake()
	r := NewRoom(f, ravi, About{Host: "db"}, strict)
	defer close(f.done)
	for _, tc := range []struct {
		who  Person
		as   Role
		want error
	}{
		{ravi, Engineer, nil},
		{ravi, Escort, ErrOwn},
		{Person{Name: "other name", UID: 1001}, Escort, ErrOwn},
		{Person{Name: "ravi", UID: 7}, Escort, ErrOwn},
		{eva, Engineer, ErrNotYours},
		{eva, Escort, nil},
		{tom, Escort, nil},
	} {
		if _, err := r.Enter(tc.who, tc.as); !errors.Is(err, tc.want) {
			t.Errorf("%s as %s: %v, want %v", tc.who.Name, tc.as, err, tc.want)
		}
	}
	if _, err := r.Enter(eva, "owner"); err == nil {
		t.Error("a role that there is not was given")
	}
	solo := NewRoom(f, ravi, About{}, Rules{Solo: true})
	if _, err := solo.Enter(ravi, Escort); err != nil {
		t.Errorf("with solo: %v", err)
	}
	if !solo.About().Solo {
		t.Error("it is not told that the session is of one account")
	}
}

func TestKeysAreTheSamePerson(t *testing.T) {
	r := NewRoom(newFake(), Person{Name: "ravi", UID: -1, Key: "SHA256:r"}, About{}, strict)
	if _, err := r.Enter(Person{Name: "rv", UID: -1, Key: "SHA256:r"}, Escort); !errors.Is(err, ErrOwn) {
		t.Errorf("the same key under another name: %v", err)
	}
	if _, err := r.Enter(Person{Name: "eva", UID: -1}, Escort); err != nil {
		t.Errorf("two without an account are not one: %v", err)
	}
}

func TestRights(t *testing.T) {
	f := newFake()
	r := NewRoom(f, ravi, About{}, strict)
	defer close(f.done)
	engineer := enter(t, r, ravi, Engineer)
	ctx := t.Context()
	if err := engineer.Input([]byte("ls")); !errors.Is(err, ErrNobody) {
		t.Errorf("typed without an escort: %v", err)
	}
	escort := enter(t, r, eva, Escort)
	allow := event.Decision{Hold: "h1", Verdict: event.Allow, Who: "ravi"}
	for what, got := range map[string]error{
		"decided": engineer.Decide(ctx, allow), "froze": engineer.Freeze(ctx, true), "ended": engineer.End(ctx), "sized": escort.Resize(1, 1),
	} {
		if !errors.Is(got, ErrRole) {
			t.Errorf("the wrong side %s: %v", what, got)
		}
	}
	if err := escort.Input([]byte("x")); !errors.Is(err, event.ErrTyping) {
		t.Errorf("an escort typed: %v", err)
	}
	for _, err := range []error{
		engineer.Input([]byte("ls")), escort.Decide(ctx, allow), escort.Tell(ctx, "hi"), engineer.Tell(ctx, "yes"), escort.Freeze(ctx, true),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	for _, want := range []string{"input ls", "eva decided h1 allow", "eva says hi", "ravi says yes", "frozen by eva: "} {
		f.noted(t, want)
	}
	escort.Leave("")
	if err := escort.Decide(ctx, allow); !errors.Is(err, ErrGone) {
		t.Errorf("decided after leaving: %v", err)
	}
}

func TestTheEngineerDoesNotSeeTheCard(t *testing.T) {
	f := newFake()
	r := NewRoom(f, ravi, About{}, strict)
	f.happen(held())
	f.happen(event.Event{Kind: event.Effected, Hold: "h1"})
	f.happen(event.Event{Kind: event.Closed})
	for _, tc := range []struct {
		seat *Seat
		card bool
		n    int
	}{{enter(t, r, ravi, Engineer), false, 2}, {enter(t, r, eva, Escort), true, 3}} {
		events, err := tc.seat.Events(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for e := range events {
			n++
			if e.Kind == event.Held && ((e.Explanation != nil) != tc.card || (e.Word != "") != tc.card || e.Typed == "") {
				t.Errorf("%s sees %+v", tc.seat.Role(), e)
			}
		}
		if n != tc.n {
			t.Errorf("%s sees %d events", tc.seat.Role(), n)
		}
	}
}

func TestWithoutAnEscortEverythingStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		r := NewRoom(f, ravi, About{}, strict)
		enter(t, r, ravi, Engineer)
		first := enter(t, r, eva, Escort)
		second := enter(t, r, eva, Escort)
		first.Leave("")
		<-time.After(strict.Grace + time.Second)
		if f.Frozen() {
			t.Fatal("frozen although an escort is there")
		}
		second.Leave("the line dropped")
		<-time.After(strict.Grace + time.Second)
		f.noted(t, "left eva the line dropped")
		f.noted(t, "frozen by escort: no escort has been here for 30s")
		<-time.After(time.Minute - time.Second)
		enter(t, r, tom, Escort)
		f.noted(t, "thawed by tom: tom is here; nobody was for 1m30s, and 2 wait for a decision")
		if f.Frozen() {
			t.Error("still frozen")
		}
		close(f.done)
		synctest.Wait()
	})
}

// What an escort has stopped is not thawed by another one's coming.
func TestAFreezeOfAnEscortStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		r := NewRoom(f, ravi, About{}, strict)
		s := enter(t, r, eva, Escort)
		if err := s.Freeze(t.Context(), true); err != nil {
			t.Fatal(err)
		}
		s.Leave("")
		<-time.After(2 * strict.Grace)
		enter(t, r, tom, Escort)
		if !f.Frozen() {
			t.Error("thawed by coming in")
		}
		close(f.done)
		synctest.Wait()
	})
}

func TestNoEscortComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		NewRoom(f, ravi, About{}, strict)
		<-time.After(strict.Wait + time.Second)
		f.noted(t, "ended: no escort came within 1m0s")
		synctest.Wait()
	})
}

func TestTheEngineerComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		r := NewRoom(f, ravi, About{}, strict)
		enter(t, r, eva, Escort)
		old := enter(t, r, ravi, Engineer)
		s := enter(t, r, ravi, Engineer) // at another terminal
		<-old.Gone()
		if err := old.Input([]byte("x")); !errors.Is(err, ErrGone) {
			t.Errorf("the old terminal types: %v", err)
		}
		old.Leave("")
		<-time.After(2 * strict.Return)
		s.Leave("the line dropped")
		<-time.After(strict.Return / 2)
		s = enter(t, r, ravi, Engineer)
		<-time.After(2 * strict.Return)
		s.Leave("")
		<-time.After(strict.Return + time.Second)
		f.noted(t, "ended: the line to the engineer was lost, and not back within 2m0s")
		if _, err := r.Enter(ravi, Engineer); !errors.Is(err, event.ErrClosed) {
			t.Errorf("came to a session that is over: %v", err)
		}
		synctest.Wait()
	})
}

func TestPresence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		r := NewRoom(f, ravi, About{}, strict)
		s := enter(t, r, eva, Escort)
		ctx, allow, deny := t.Context(), event.Decision{Hold: "h1", Verdict: event.Allow}, event.Decision{Hold: "h1", Verdict: event.Deny}
		<-time.After(strict.Presence - time.Second)
		s.Touch()
		<-time.After(strict.Presence - time.Second)
		if err := s.Decide(ctx, allow); err != nil {
			t.Errorf("there all the time: %v", err)
		}
		<-time.After(strict.Presence + time.Second)
		s.Touch() // a key alone shows nothing now
		if err := s.Decide(ctx, allow); !errors.Is(err, event.ErrAway) {
			t.Errorf("away: %v", err)
		}
		if err := s.Decide(ctx, deny); err != nil {
			t.Errorf("a denial needs no proof: %v", err)
		}
		if err := s.Decide(ctx, allow); !errors.Is(err, event.ErrAway) {
			t.Errorf("after a denial: %v", err)
		}
		if err := s.Prove("tom"); !errors.Is(err, event.ErrAway) {
			t.Errorf("another name: %v", err)
		}
		if err := s.Prove(" Eva "); err != nil {
			t.Error(err)
		}
		if err := s.Decide(ctx, allow); err != nil {
			t.Errorf("shown to be there: %v", err)
		}
		close(f.done)
		synctest.Wait()
	})
}
