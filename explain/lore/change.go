package lore

import (
	"escort/explain/effect"
	"escort/explain/quote"
)

// Change is what a call does to the file at p, rated by what that file is for.
// verb is of [effect.Verbs], access is "write" or "delete".
func Change(verb, access, p string, w Where) (effect.Effect, Place) {
	place := Classify(p, w)
	e := effect.Effect{
		Verb: verb, Object: quote.Line(p).String(), Role: effect.RolePath, Scope: place.Scope, Dimension: effect.Damage,
		Risk: place.Rate(access, false),
	}
	if d := dimensions[place.Class]; d != "" {
		e.Dimension = d
	}
	return e, place
}

// dimensions of places whose change gives control away or covers tracks.
var dimensions = map[string]effect.Dimension{
	"accounts": effect.Control, "password": effect.Control, "sudoers": effect.Control, "login-list": effect.Control,
	"login-rules": effect.Control, "ssh-settings": effect.Control, "schedule": effect.Control, "shell-settings": effect.Control,
	"service-settings": effect.Control, "kernel-run": effect.Control, "preload": effect.Control, "program": effect.Control,
	"control-socket": effect.Control, "protection": effect.Control, "firewall": effect.Control, "escort": effect.Hiding,
	"log": effect.Hiding, "audit-log": effect.Hiding, "history": effect.Hiding, "audit-settings": effect.Hiding,
	"terminal": effect.Control,
}
