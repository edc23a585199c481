package pane

import (
	"testing"

	"escort/session/screen"
)

func TestNamed(t *testing.T) {
	for name, want := range map[string]string{
		"a": "a", "A": "A", "+": "+", "é": "é", "ctrl+c": "\x03", "ctrl+d": "\x04", "up": "\x1b[A", "esc": "\x1b", "enter": "\r", "tab": "\t",
		"shift+tab": "\x1b[Z", "alt+b": "\x1bb", "ctrl+alt+a": "\x1b\x01", "pgup": "\x1b[5~", "f1": "\x1bOP", "f5": "\x1b[15~", "space": " ",
		"ctrl+]": "", // the console's own
	} {
		k, ok := Named(name)
		if got := string(Encode(k, screen.Modes{})); !ok || got != want {
			t.Errorf("%s sends %q, %v; want %q", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "ctrl", "ctrl+", "hyper+a", "ab", "\x1b", "\x00", "\xff"} {
		if k, ok := Named(name); ok {
			t.Errorf("%q is the key %+v", name, k)
		}
	}
}
