package keymap

import "testing"

func TestLessonKeysHaveOneMeaning(t *testing.T) {
	seen := map[string]Action{}
	for _, b := range Lesson {
		if b.Mode != Around || b.Help == "" {
			t.Errorf("%+v", b)
		}
		for _, k := range b.Keys {
			if other, ok := seen[k]; ok {
				t.Errorf("%s means %s and %s", k, other, b.Action)
			}
			seen[k] = b.Action
			if got, ok := LessonKey(k); !ok || got.Action != b.Action {
				t.Errorf("%s is found as %s", k, got.Action)
			}
		}
	}
	if _, ok := LessonKey("x"); ok {
		t.Error("x has a meaning")
	}
}
