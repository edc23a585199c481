package lore

import (
	"sort"
	"strings"

	"escort/explain/say"
)

// Fill puts the words of slots into a text.
func (u *Use) Fill(text string) string { return u.fillIn(text) }

// phrase fills slots into a sentence: paths by their everyday names.
func (u *Use) phrase(text string, w Where) string {
	said := map[string]bool{}
	return fillHoles(text, func(name string) string {
		slot := u.slot(name)
		var words []string
		for _, v := range u.Slots[name] {
			words = append(words, v.Text)
		}
		if len(words) == 0 {
			words = append(words, slot.Default)
		}
		for i, t := range words {
			if IsPath(slot.Kind) || slot.Kind == "remote-path" && !strings.Contains(t, ":") {
				words[i] = nameOnce(t, Classify(t, w), said)
			}
		}
		if len(words) > 1 && asTyped[slot.Kind] {
			return strings.Join(words, " ")
		}
		if len(words) > 3 {
			return say.Text("objects.others", "1", words[0], "2", words[1])
		}
		return say.List("objects", words...)
	})
}

// nameOnce is the name of a path, or the path itself where another one in the
// same sentence has that name.
func nameOnce(p string, place Place, said map[string]bool) string {
	if place.Name != "" && said[place.Name] && !strings.Contains(p, unknown) {
		return p
	}
	said[place.Name] = true
	return Name(p, place)
}

// asTyped are kinds of words that are no list: they mean something together.
var asTyped = map[string]bool{"text": true, "number": true, "mode": true, "command": true}

// fillHoles replaces each {NAME} in a text.
func fillHoles(text string, fill func(name string) string) string {
	return say.Replace(text, func(name string) (string, bool) {
		if !isSlotName(name) {
			return "", false
		}
		return fill(name), true
	})
}

// isSlotName reports whether a word is written like the name of a slot.
func isSlotName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'A' && c <= 'Z' || i > 0 && (c >= '0' && c <= '9' || c == '_')) {
			return false
		}
	}
	return s != ""
}

// fillIn puts the words of slots into a text.
func (u *Use) fillIn(text string) string {
	return fillHoles(text, func(name string) string {
		var words []string
		for _, v := range u.Slots[name] {
			words = append(words, v.Text)
		}
		if len(words) == 0 {
			return u.slot(name).Default
		}
		return strings.Join(words, " ")
	})
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
