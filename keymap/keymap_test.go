package keymap

import (
	"strings"
	"testing"
)

func TestDefaults(t *testing.T) {
	m := Default()
	for key, want := range map[string]Action{
		"a": Allow, "d": DenyIt, "m": Tell, "e": Explain, "v": Script, "c": CannotTell, "f": Freeze, "x": EndIt,
		"h": History, "/": Find, "tab": NextPane, "?": Help, "ctrl+]": Switch, "[": PrevHold, "]": NextHold,
		"pgup": PageUp, "pgdown": PageDown, "ctrl+c": Nothing,
	} {
		if b, ok := m.Find(Card, key); !ok || b.Action != want {
			t.Errorf("%s is %q, want %q", key, b.Action, want)
		}
	}
	for _, key := range []string{"q", "w", "s", "z", "enter", "space"} {
		if b, ok := m.Find(Card, key); ok {
			t.Errorf("%s means %s beside the key that allows", key, b.Action)
		}
	}
	if bs := m.Of(Terminal); len(bs) != 1 || bs[0].Action != Switch {
		t.Errorf("the program does not get every key but one: %v", bs)
	}
}

func TestEveryBindingIsDescribed(t *testing.T) {
	known := map[Mode]bool{}
	for _, m := range Modes {
		known[m.Mode] = true
	}
	for _, b := range defaults {
		if b.Help == "" || len(b.Keys) == 0 || !known[b.Mode] {
			t.Errorf("incomplete: %+v", b)
		}
	}
}

func TestOverrides(t *testing.T) {
	m, err := New(map[string][]string{"card.allow": {"y", "j"}})
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := m.Find(Card, "j"); b.Action != Allow || b.Index("j") != 1 {
		t.Errorf("j is %q", b.Action)
	}
	if _, ok := m.Find(Card, "a"); ok {
		t.Error("a still has its meaning")
	}
	if m.Key(Card, Allow) != "y" {
		t.Errorf("allow is on %q", m.Key(Card, Allow))
	}
	for name, tc := range map[string]struct {
		over map[string][]string
		want string
	}{
		"conflict": {map[string][]string{"card.allow": {"d"}}, `key "d" means both`},
		"unknown":  {map[string][]string{"card.fly": {"g"}}, "nothing named card.fly"},
		"no key":   {map[string][]string{"card.deny": {}}, "needs a key"},
	} {
		if _, err := New(tc.over); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
}
