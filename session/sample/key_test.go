package sample

import (
	"strings"
	"testing"

	"escort/explain"
	"escort/explain/effect"
	"escort/session/event"
)

// The samples and the explanations must not contradict each other.
func TestKeysAgreeWithTheCards(t *testing.T) {
	allowed, lines := 0, 0
	for _, s := range all(t) {
		for _, p := range Check(t.Context(), s, explain.Explain) {
			t.Errorf("%s:%d: %s", s.file, p.Line, p.Text)
		}
		harm := 0
		for i, st := range s.Steps {
			e := explain.Explain(t.Context(), s.request(st))
			t.Logf("%-14s %-11s %-9s %s: %s", s.Name, st.Right, e.Risk, st.Line, e.Headline)
			for _, f := range e.Findings {
				t.Logf("%-36s  - %s", "", f.Text)
			}
			lines++
			if st.Verdict() == event.Allow {
				allowed++
			} else {
				harm++
			}
			if text := unlike(st, e); text != "" {
				t.Errorf("%s:%d: %q: %s", s.file, s.lineOf(i, "right"), st.Line, text)
			}
		}
		if _, ok := techniques[s.Technique]; s.Technique != "" && !ok {
			t.Errorf("%s: the technique %s has no name", s.Name, s.Technique)
		}
		if (harm == 0) != (s.Technique == "") {
			t.Errorf("%s: %d lines are to be denied, and the technique is %q", s.Name, harm, s.Technique)
		}
	}
	if len(Courses()) != 4 || len(Names()) < 24 {
		t.Errorf("%d lessons in %d courses", len(Names()), len(Courses()))
	}
	if 2*allowed < lines {
		t.Errorf("of %d lines only %d are right to allow", lines, allowed)
	}
}

// unlike says what is wrong with a step of a lesson, beyond what Check finds:
// these must teach.
func unlike(st Step, e effect.Explanation) string {
	switch {
	case len(st.Because) < 30:
		return "its because teaches nothing"
	case st.Answer == "":
		return "the engineer has no answer to a question"
	case st.Verdict() == event.Allow && e.Risk == effect.Critical:
		return "it is to be allowed, and the card says CRITICAL"
	case st.Right == event.Allow && e.Risk.AtLeast(effect.High) && !strings.Contains(st.Because, "card"):
		return "it is to be allowed at HIGH, and because does not speak of the card"
	case st.Right == event.Deny && !e.Risk.AtLeast(effect.Caution) && !strings.Contains(st.Because, "card"):
		return "it is to be denied below CAUTION, and because does not say what the card cannot know"
	}
	return ""
}

// Half of the lines are right to allow also without the long lesson, which has
// eighty of them.
func TestDenyingIsNoHabitToLearn(t *testing.T) {
	allowed, lines := 0, 0
	for _, s := range all(t) {
		if len(s.Steps) > 20 {
			continue
		}
		for _, st := range s.Steps {
			lines++
			if st.Verdict() == event.Allow {
				allowed++
			}
		}
	}
	if 2*allowed < lines {
		t.Errorf("of %d lines only %d are right to allow", lines, allowed)
	}
}
