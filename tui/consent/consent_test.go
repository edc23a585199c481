package consent

import (
	"testing"
	"time"

	"escort/explain/effect"
)

func TestReady(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		shown, key time.Time
		want       bool
	}{
		"never shown":    {time.Time{}, time.Time{}, false},
		"long ago":       {at.Add(-time.Hour), time.Time{}, true},
		"just":           {at.Add(-Pause), at.Add(-Pause), true},
		"shown too late": {at.Add(-Pause + 1), time.Time{}, false},
		"a key before":   {at.Add(-time.Hour), at.Add(-Pause + 1), false},
		"to be shown":    {at.Add(time.Second), time.Time{}, false},
	} {
		if got := Ready(at, tc.shown, tc.key); got != tc.want {
			t.Errorf("%s: ready %v", name, got)
		}
	}
}

func TestEffortGrowsWithTheRisk(t *testing.T) {
	last := Once
	for _, r := range effect.Risks {
		e := Of(r, "")
		if e < last {
			t.Errorf("%s takes less than what is less risky", r)
		}
		last = e
		if Of(r, "DELETE") != Typed {
			t.Errorf("%s: the word is not asked for", r)
		}
	}
	if Of(effect.Low, "") != Once || Of(effect.Caution, "") != Confirm {
		t.Error("low and caution take something else")
	}
	if Of("no such risk", "") == Once {
		t.Error("a risk that is none takes one key")
	}
}

func TestAgainIsEasierAtCautionAlone(t *testing.T) {
	for _, r := range append(effect.Risks[:], "no such risk") {
		for _, word := range []string{"", "DELETE"} {
			want := Of(r, word)
			if r == effect.Caution && word == "" {
				want = Once
			}
			if got := Again(r, word); got != want {
				t.Errorf("%s with the word %q takes %v again, want %v", r, word, got, want)
			}
		}
	}
}

func TestRight(t *testing.T) {
	for typed, want := range map[string]bool{
		"DELETE": true, " delete ": true, "": false, "DELET": false, "DELETES": false, "DEL ETE": false, "DELETE DELETE": false,
	} {
		if Right("DELETE", typed) != want {
			t.Errorf("%q: %v", typed, !want)
		}
	}
	if Right("", "") {
		t.Error("no word is right where none is asked for")
	}
}
