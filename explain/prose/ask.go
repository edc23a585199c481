package prose

import (
	"escort/explain/effect"
	"escort/explain/say"
)

// AskDeed is what to ask about something that a running program wants to do and
// that no card has shown.
func AskDeed() string { return say.Text("ask.deed") }

// Question is what to ask the engineer about the worst effect of a command;
// empty where nothing need be asked.
func Question(verb, class string, role effect.Role, risk effect.Risk) string {
	if !risk.AtLeast(effect.Caution) {
		return ""
	}
	if q, ok := say.Find("ask.class." + class); ok && (damaging[verb] || secretClass[class]) {
		return q
	}
	q, _ := say.Find("ask.verb." + verb)
	return q
}

var damaging = map[string]bool{
	"delete": true, "wipe": true, "move": true, "overwrite": true, "write": true, "clear": true, "replace": true,
	"copy": true, "change": true, "permit": true, "grant": true, "create": true, "edit": true, "link": true,
	"format": true, "erase": true, "install": true, "disguise": true,
}

var secretClass = map[string]bool{"key": true, "secret": true, "password": true, "ssh-keys": true, "cloud-keys": true, "cluster-keys": true}

// AskAny is asked about something grave that no other question is about.
func AskAny() string { return say.Text("ask.any") }

// AskUnknown is asked about what could not be told.
func AskUnknown() string { return say.Text("ask.unknown") }
