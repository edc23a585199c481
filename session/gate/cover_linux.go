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
// is changed. cwd is the process's working directory, home the engineer's.
func covers(shown []effect.Effect, c *consequence, file, cwd, home string) bool {
	return slices.ContainsFunc(shown, func(e effect.Effect) bool {
		switch {
		case effect.Looks(e.Verb), c.class == classSetuid && !permitting[e.Verb]:
			return false
		case (e.Role == effect.RolePackage || e.Role == effect.RoleRepository) && e.Scope == effect.ScopeSystem:
			return packaging[e.Verb] && c.Scope == effect.ScopeSystem && !apart[c.class]
		}
		return e.Role.OnFile() && below(e.Object, file, cwd, home)
	})
}

// below reports whether the object of an effect is the file or a folder above
// it. An object that was not known to its end covers nothing: what it stands
// for was not shown.
func below(object, file, cwd, home string) bool {
	if object == "" || strings.Contains(object, "…") {
		return false
	}
	switch {
	case object == "~" || strings.HasPrefix(object, "~/"):
		object = home + object[1:]
	case !path.IsAbs(object):
		object = path.Join(cwd, object)
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

// reaching are the verbs under which a card says that other machines are spoken to.
var reaching = map[string]bool{
	"connect": true, "download": true, "fetch": true, "install": true, "login": true, "publish": true, "scan": true, "send": true,
	"share": true, "update": true, "upgrade": true, "upload": true, "open": true, "listen": true,
}

// reaches reports whether a card said that other machines are spoken to.
func reaches(shown []effect.Effect) bool {
	return slices.ContainsFunc(shown, func(e effect.Effect) bool {
		return e.Scope == effect.ScopeNetwork || e.Scope == effect.ScopeFleet || e.Role == effect.RoleHost || e.Role == effect.RoleURL ||
			reaching[e.Verb] && (e.Role == effect.RolePackage || e.Role == effect.RoleRepository || e.Role == effect.RoleImage || e.Role == effect.RolePort)
	})
}

// says reports whether a card showed an effect with one of the verbs.
func says(shown []effect.Effect, verbs []string) bool {
	return slices.ContainsFunc(shown, func(e effect.Effect) bool { return slices.Contains(verbs, e.Verb) })
}
