// Package say holds every sentence and phrase of an explanation. Code names a
// message by its id and hands over what goes into its slots; the words stand in
// words/LANGUAGE/AREA.txt, one message a line:
//
//	runs.script = runs the script {script}, which I could not read
//
// A slot is a name in small letters in braces. It is filled once: braces in
// what fills it stay as they are. A message that depends on a number has a line
// for each form, named as the language's plural rule says: "files.one",
// "files.other". How lists are joined and how numbers are written are messages
// as well, and so are the short lists of words that [Words] reads.
//
// Another language is a second folder, words/de: nothing else changes. Of its
// files, lore.txt gives the texts of the lore, by program and option; see
// [Lore]. What it leaves out is said in English.
//
// # Limits
//
// The language is that of the process. A message cannot bend the words that
// fill its slots (case, gender); such a language words its messages so that
// they stand as they are.
package say

import (
	"strconv"
	"strings"
)

// Text is the message with an id, its slots filled: name, value, name, value.
func Text(id string, slots ...string) string {
	text, ok := spoken().find(id)
	if !ok {
		return id // the tests look for messages that are not there
	}
	return Fill(text, slots...)
}

// Find is a message that need not be there.
func Find(id string, slots ...string) (string, bool) {
	text, ok := spoken().find(id)
	return Fill(text, slots...), ok
}

// Known reports whether there is such a message.
func Known(id string) bool {
	_, ok := spoken().find(id)
	return ok
}

// Count is the message in the form that a number asks for; {count} is the
// number, in words where it is small.
func Count(id string, n int, slots ...string) string {
	c := spoken()
	text, ok := c.find(id + "." + c.form(n))
	if !ok {
		text, _ = c.find(id + ".other")
	}
	return Fill(text, append([]string{"count", Number(n)}, slots...)...)
}

// Number is a number in words where the language has one, else in digits.
func Number(n int) string {
	if word, ok := spoken().texts["number."+strconv.Itoa(n)]; ok {
		return word
	}
	return strconv.Itoa(n)
}

// Digits is a number in digits, in groups of three.
func Digits(n int) string {
	s := strconv.Itoa(n)
	group := Text("digits.group")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + group + s[i:]
	}
	return s
}

// List joins items the way that the messages id.2, id.3 and so on say, of which
// the one for more than the language has names what is left out: {count}.
func List(id string, items ...string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	slots := make([]string, 0, 2*len(items))
	for i, s := range items[:min(len(items), 9)] {
		slots = append(slots, strconv.Itoa(i+1), s)
	}
	if text, ok := spoken().find(id + "." + strconv.Itoa(len(items))); ok {
		return Fill(text, slots...)
	}
	return Count(id+".more", len(items)-2, slots...)
}

// Words is a message that is a list: its parts stand between bars. A bar at the
// end keeps a space before it in sight.
func Words(id string) []string { return spoken().words(id) }

// Template is a message with its slots open, to be filled by [Fill].
func Template(id string) string {
	text, _ := spoken().find(id)
	return text
}

// Fill puts values into the slots of a text: name, value, name, value.
func Fill(text string, slots ...string) string {
	if len(slots) == 0 {
		return text
	}
	return Replace(text, func(name string) (string, bool) { return valueOf(name, slots) })
}

// Replace puts a value into each slot of a text that has one; what else stands
// in braces stays.
func Replace(text string, value func(name string) (string, bool)) string {
	if strings.IndexByte(text, '{') < 0 {
		return text
	}
	var b strings.Builder
	for {
		before, rest, open := strings.Cut(text, "{")
		b.WriteString(before)
		if !open {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		v, known := "", false
		if closed {
			v, known = value(name)
		}
		if !known {
			b.WriteByte('{')
			text = rest
			continue
		}
		b.WriteString(v)
		text = after
	}
}

func valueOf(name string, slots []string) (string, bool) {
	for i := 0; i+1 < len(slots); i += 2 {
		if slots[i] == name {
			return slots[i+1], true
		}
	}
	return "", false
}
