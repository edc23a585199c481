package pane

import (
	"maps"
	"strings"
	"sync"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// special are the keys without a letter, by the names that keymap uses.
var special = sync.OnceValue(func() map[string]rune {
	out := map[string]rune{}
	add := func(c rune) { out[tea.Key{Code: c}.String()] = c }
	for c := range maps.Keys(fixed) {
		add(c)
	}
	for c := range maps.Keys(finals) {
		add(c)
	}
	for c := range maps.Keys(ss3) {
		add(c)
	}
	for c := range maps.Keys(tildes) {
		add(c)
	}
	out["space"] = tea.KeySpace
	return out
})

var mods = map[string]tea.KeyMod{"ctrl": tea.ModCtrl, "alt": tea.ModAlt, "shift": tea.ModShift}

// Named is the key of a name such as "a", "ctrl+c" or "pgup"; ok is false where
// there is no such key.
func Named(name string) (k tea.Key, ok bool) {
	for {
		mod, rest, more := strings.Cut(name, "+")
		if !more || rest == "" || mods[mod] == 0 {
			break
		}
		k.Mod, name = k.Mod|mods[mod], rest
	}
	if c, there := special()[name]; there {
		k.Code = c
		return k, true
	}
	if utf8.RuneCountInString(name) != 1 {
		return tea.Key{}, false
	}
	k.Code, _ = utf8.DecodeRuneInString(name)
	if k.Mod == 0 {
		k.Text = name
	}
	return k, k.Code >= ' ' && k.Code != utf8.RuneError
}
