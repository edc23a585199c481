package sample

import (
	"testing"

	"escort/explain/effect"
	"escort/session/event"
)

func TestPoints(t *testing.T) {
	const allow, deny, unsure = event.Allow, event.Deny, event.CannotTell
	for _, tc := range []struct {
		right, then, did string
		asked, passed    bool
		risk             effect.Risk
		want             int
	}{
		{allow, "", allow, false, false, effect.Low, 0},
		{allow, "", allow, true, false, effect.Low, 0},
		{allow, "", deny, false, false, effect.Low, -2},
		{allow, "", PassedOn, false, true, effect.Low, -2},
		{allow, "", allow, false, true, effect.Low, 0}, // passed on, and then judged all the same
		{deny, "", deny, false, false, effect.High, 0},
		{deny, "", PassedOn, false, true, effect.High, 0},
		{deny, "", allow, false, false, effect.Safe, -10},
		{deny, "", allow, false, false, effect.Low, -10},
		{deny, "", allow, true, false, effect.Caution, -20},
		{deny, "", allow, false, false, effect.High, -30},
		{deny, "", allow, false, false, effect.Critical, -40},
		{Ask, allow, allow, true, false, effect.Caution, 1},
		{Ask, allow, allow, false, false, effect.Caution, 0},
		{Ask, allow, deny, true, false, effect.Caution, -1},
		{Ask, allow, PassedOn, false, true, effect.Caution, 0},
		{Ask, deny, deny, true, false, effect.Caution, 1},
		{Ask, deny, allow, true, false, effect.Caution, -19},
		{unsure, "", PassedOn, false, true, effect.High, 1},
		{unsure, "", deny, false, false, effect.High, 0},
		{unsure, allow, deny, false, false, effect.High, 0},
		{unsure, allow, allow, false, false, effect.High, -30},
		{unsure, "", allow, false, true, effect.High, -30},
	} {
		o := Outcome{
			Step: Step{Right: tc.right, Then: tc.then}, Did: tc.did, Asked: tc.asked, Unsure: tc.passed,
			Explanation: effect.Explanation{Risk: tc.risk},
		}
		if got := o.Points(); got != tc.want {
			t.Errorf("%+v: %d points", tc, got)
		}
	}
}

// Neither denying, nor passing on, nor allowing everything passes a lesson.
func TestNoHabitPasses(t *testing.T) {
	for _, s := range all(t) {
		for _, did := range []string{event.Allow, event.Deny, PassedOn} {
			var list []Outcome
			for _, st := range s.Steps {
				list = append(list, Outcome{Step: st, Did: did, Unsure: did == PassedOn, Explanation: effect.Explanation{Risk: effect.Low}})
			}
			if s.Technique == "" && did == event.Allow {
				continue // nothing bad happens in it
			}
			if n := Score(list); n >= Pass {
				t.Errorf("%s: who gives the answer %q each time gets %d", s.Name, did, n)
			}
		}
	}
}
