package session

import (
	"strings"
	"testing"

	"escort/session/event"
	"escort/session/hook"
)

func TestTheHooksKeysAreNotTyped(t *testing.T) {
	k := hook.NewKeys()
	for _, key := range []string{k.Look, k.Go, k.Disarm, k.Accept} {
		for name, typed := range map[string][]string{
			"as it is":             {key},
			"in pieces":            {key[:1], key[1:7], key[7:]},
			"in capitals":          {strings.ToUpper(key)},
			"with the eighth bit":  {string(eighth(key))},
			"with carriage return": {strings.Join(strings.Split(key, ""), "\r")},
			"behind other text":    {"true", "x" + key[:3], key[3:] + "y"},
		} {
			s, found := newSecret(k), false
			for _, p := range typed {
				found = s.typed([]byte(p)) || found
			}
			if !found {
				t.Errorf("%s: %q was passed on", name, typed)
			}
		}
	}
	if s := newSecret(k); s.typed([]byte("rm -rf sub\r")) || s.typed([]byte(k.Look[:10])) {
		t.Error("ordinary text was refused")
	}
}

func eighth(s string) []byte {
	b := []byte(s)
	for i := range b {
		b[i] |= 0x80
	}
	return b
}

// stty can make the terminal swallow characters, so that the keys that the
// session sees are not those that the shell gets.
func TestTerminalSettingsHideNoKeys(t *testing.T) {
	c := open(t, nil)
	c.allow("stty iuclc istrip ixon start A stop B quit C susp D")
	c.typed(strings.ToUpper("touch yes") + "A\r")
	e := c.held()
	if e.Typed != "TOUCH YESA" {
		t.Errorf("the shell got %q", e.Typed)
	}
	c.decide(e, event.Deny)
}
