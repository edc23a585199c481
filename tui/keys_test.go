package tui

import (
	"testing"

	"escort/keymap"
)

func TestEveryKeyActs(t *testing.T) {
	m := keymap.Default()
	for _, mode := range keymap.Modes {
		for _, b := range m.Of(mode.Mode) {
			if b.Action == keymap.Switch {
				continue // ahead of the table, in every mode
			}
			if acts[b.Action] == nil {
				t.Errorf("%s: %s does nothing", b.Mode, b.Action)
			}
			if b.Action == keymap.Enter && enters[b.Mode] == nil {
				t.Errorf("%s: Enter does nothing", b.Mode)
			}
		}
	}
}

func TestHelpListsEveryKey(t *testing.T) {
	b := newBench(t, 160, 400)
	b.press("ctrl+]", "?")
	listed := func(watch bool) {
		b.m.opt.Watch = watch
		for _, mode := range keymap.Modes {
			for _, k := range b.m.keys.Of(mode.Mode) {
				if !b.m.foreign(k) {
					b.sees(mode.Title, k.Keys[0])
				}
			}
		}
	}
	listed(true)
	listed(false)
	b.sees("○ SAFE       only looks", "▲ CRITICAL   do not allow alone")
}

// Keys of the card while nothing is held: each says why it does nothing, or
// does something; none panics.
func TestKeysWithoutHold(t *testing.T) {
	for _, k := range keymap.Default().Of(keymap.Card) {
		for _, name := range k.Keys {
			b := newBench(t, 120, 40)
			b.press("ctrl+]", name)
			if k.Disabled != "" && b.m.disabled(k) {
				b.sees(k.Disabled)
			}
			b.verdicts()
			b.press("enter", "esc", "esc")
		}
	}
}
