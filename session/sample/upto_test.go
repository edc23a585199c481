package sample

import (
	"errors"
	"testing"

	"escort/session/event"
)

func TestUpTo(t *testing.T) {
	s, err := Load(Default)
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(s.Steps) + 1 {
		events, at, err := UpTo(t.Context(), s, n, Options{})
		if err != nil {
			t.Fatal(n, err)
		}
		holds := 0
		for _, e := range events {
			if e.Kind == event.Held {
				holds++
			}
		}
		last := events[len(events)-1]
		want := n
		if n == 0 {
			want = firstDeny(s)
		}
		if holds != want || last.Kind != event.Held || last.Typed != s.Steps[want-1].Line || !at.After(last.Time) {
			t.Errorf("step %d: %d holds, ends with %s %q", n, holds, last.Kind, last.Typed)
		}
	}
	for _, n := range []int{-1, len(s.Steps) + 1} {
		if _, _, err := UpTo(t.Context(), s, n, Options{}); !errors.Is(err, ErrNoStep) {
			t.Errorf("step %d: %v", n, err)
		}
	}
}
