package keymap

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	m, err := Parse("keys.yaml", []byte("# mine\ncard:\n  allow: [y, 1]\n  deny: n\nend:\n  yes: j\n"))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]Action{"y": Allow, "1": Allow, "n": DenyIt, "m": Tell} {
		if b, ok := m.Find(Card, key); !ok || b.Action != want {
			t.Errorf("%s is %s, %v; want %s", key, b.Action, ok, want)
		}
	}
	if _, ok := m.Find(Card, "a"); ok {
		t.Error("the old key still allows")
	}
	if m.Key(End, Yes) != "j" {
		t.Errorf("ending is on %q", m.Key(End, Yes))
	}
	for _, empty := range []string{"", "# nothing\n", "card:\n", "---\n"} {
		if m, err := Parse("k", []byte(empty)); err != nil || m.Key(Card, Allow) != "a" {
			t.Errorf("%q: %v", empty, err)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"card:\n  allow: d\n", `k:2: key "d" means both allow and deny at the card`},
		{"card:\n  deny: x\n  allow: y\n", `k:2: key "x" means both deny and end at the card`},
		{"card:\n  jump: y\n", "k:2: there is nothing named card.jump to give a key to"},
		{"desk:\n  allow: y\n", "k:2: there is nothing named desk.allow to give a key to"},
		{"card:\n  allow: []\n", "k:2: card.allow needs a key"},
		{"card:\n  allow: ''\n", "k:2: card.allow needs a key"},
		{"card:\n  allow: {a: b}\n", "k:2: a key is expected here"},
		{"card: y\n", "k:1: names with their keys are expected here"},
		{"- card\n", "k:1: names with their keys are expected here"},
		{"card:\n  allow: y\n  allow: n\n", "k:"},
		{"card: [\n", "k: it is no YAML"},
		{"terminal:\n  switch: a\n", "k:2: terminal.switch"},
		{"card:\n  allow: enter\n", "k:2: card.allow"},
		{"card:\n  allow: space\n", "k:2: card.allow"},
	} {
		_, err := Parse("k", []byte(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("card:\n  allow: [y]\n"))
	f.Add([]byte("a: {b: [c, {d: e}]}"))
	f.Add([]byte("&a [*a]"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Parse("k", b)
		if err == nil && m.Key(Card, Allow) == "" {
			t.Error("no key allows")
		}
	})
}
