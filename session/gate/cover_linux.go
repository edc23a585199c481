package gate

import (
	"path"
	"slices"
	"strings"

	"escort/explain/effect"
)

// packaging are the verbs under which a card says that programs of the system
// are put in place or taken away.
var packaging = map[string]bool{
	"install": true, "upgrade": true, "update": true, "remove": true, "delete": true, "replace": true, "repair": true, "reset": true,
}

// permitting are the verbs under which a card says that a file may come to act
// as its owner.
var permitting = map[string]bool{"permit": true, "grant": true, "copy": true, "extract": true, "install": true, "restore": true}

// apart are the places that a card names one by one: an installation that
// changes them is asked about.
var apart = map[string]bool{
	"accounts": true, "password": true, "sudoers": true, "login-rules": true, "login-list": true, "ssh-settings": true,
	"preload": true, "kernel-run": true, "disk": true, "memory": true, "control-socket": true, "terminal": true, "history": true,
	"audit-log": true, "audit-settings": true, "ssh-keys": true, "key": true, "secret": true, "root": true,
}

// covers reports whether one of the effects that a card showed says that a file
// is changed. Relative names were written out before; see [Gate.placed]. home is
// the engineer's folder.
func covers(shown []effect.Effect, c *consequence, file, home string) bool {
	return slices.ContainsFunc(shown, func(e effect.Effect) bool {
		switch {
		case effect.Looks(e.Verb), c.class == classSetuid && !permitting[e.Verb]:
			return false
		case (e.Role == effect.RolePackage || e.Role == effect.RoleRepository) && e.Scope == effect.ScopeSystem:
			return packaging[e.Verb] && c.Scope == effect.ScopeSystem && !apart[c.class]
		}
		return e.Role.OnFile() && below(e.Object, file, home)
	})
}

// below reports whether the object of an effect is the file or a folder above
// it. An object that was not known to its end covers nothing: what it stands
// for was not shown.
func below(object, file, home string) bool {
	if object == "~" || strings.HasPrefix(object, "~/") {
		object = home + object[1:]
	}
	if !path.IsAbs(object) || strings.Contains(object, "…") {
		return false
	}
	if dir, pattern := path.Split(object); strings.ContainsAny(pattern, "*?[") {
		dir = path.Clean(dir)
		rest, ok := strings.CutPrefix(file, strings.TrimSuffix(dir, "/")+"/")
		if !ok {
			return false
		}
		first, _, _ := strings.Cut(rest, "/")
		hit, err := path.Match(pattern, first)
		return err == nil && hit
	}
	object = path.Clean(object)
	return file == object || object != "/" && strings.HasPrefix(file, object+"/")
}

// everyday are verbs of harmless lines: what has one of them on a file of the
// engineer's says nothing about the machine.
var everyday = map[string]bool{
	"become": true, "change": true, "clear": true, "close": true, "create": true, "delete": true, "disable": true, "enable": true,
	"execute": true, "load": true, "login": true, "open": true, "record": true, "remove": true, "rename": true, "show": true,
	"start": true, "stop": true, "switch": true, "update": true, "watch": true,
}

// machine are the scopes of what is the machine's and not one program's.
var machine = map[effect.Scope]bool{
	effect.ScopeSystem: true, effect.ScopeKernel: true, effect.ScopeNetwork: true, effect.ScopeFleet: true, effect.ScopeOthers: true,
}

// says reports whether a card showed an effect with one of the verbs, on the
// machine where the verb is one of every day.
func says(shown []effect.Effect, verbs []string) bool {
	return slices.ContainsFunc(shown, func(e effect.Effect) bool {
		if !slices.Contains(verbs, e.Verb) {
			return false
		}
		file := e.Role.OnFile() && e.Role != effect.RoleDevice && (e.Role != effect.RoleFolder || e.Verb != "stop")
		return !everyday[e.Verb] || machine[e.Scope] && !file && e.Role != effect.RoleCommand
	})
}
