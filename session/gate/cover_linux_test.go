package gate

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"escort/explain/effect"
)

func TestCovers(t *testing.T) {
	path := func(verb, object string) effect.Effect {
		return effect.Effect{Verb: verb, Object: object, Role: effect.RolePath}
	}
	install := effect.Effect{Verb: "install", Object: "nginx", Role: effect.RolePackage, Scope: effect.ScopeSystem}
	for _, c := range []struct {
		name  string
		shown effect.Effect
		file  string
		class string
		want  bool
	}{
		{"the file itself", path("write", "/etc/x"), "/etc/x", "config", true},
		{"a folder above it", path("delete", "/srv/www"), "/srv/www/a/b", "web", true},
		{"its neighbour", path("write", "/etc/x"), "/etc/xy", "config", false},
		{"a folder below it", path("write", "/etc/x/y"), "/etc/x", "config", false},
		{"only looked at", path("show", "/etc/x"), "/etc/x", "config", false},
		{"a relative name", path("write", "x"), "/etc/x", "config", false},
		{"at home", path("write", "~/.bashrc"), "/home/ravi/.bashrc", "shell-settings", true},
		{"a pattern", path("delete", "/etc/*.d"), "/etc/a.d/b", "config", true},
		{"a pattern that does not fit", path("delete", "/etc/*.d"), "/etc/passwd", "accounts", false},
		{"not known to its end", path("write", "/etc/…"), "/etc/passwd", "accounts", false},
		{"the root covers nothing by itself", path("write", "/"), "/etc/x", "config", false},
		{"a package", install, "/usr/sbin/nginx", "program", true},
		{"a package and the accounts", install, "/etc/passwd", "accounts", false},
		{"a package in a folder of its own", effect.Effect{Verb: "install", Object: "x", Role: effect.RolePackage, Scope: effect.ScopeOwn}, "/usr/sbin/nginx", "program", false},
		{"a package that is only listed", effect.Effect{Verb: "list", Role: effect.RolePackage}, "/usr/sbin/nginx", "program", false},
		{"more rights than were shown", path("write", "/etc/x"), "/etc/x", "setuid", false},
		{"rights that were shown", path("permit", "/etc/x"), "/etc/x", "setuid", true},
		{"a service is no file", effect.Effect{Verb: "restart", Object: "/etc/x", Role: effect.RoleService}, "/etc/x", "config", false},
	} {
		got := covers([]effect.Effect{c.shown}, &consequence{
			Effect: effect.Effect{Scope: effect.ScopeSystem}, class: c.class,
		}, c.file, "/home/ravi")
		if got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestRelativeNamesStartFromThePlan(t *testing.T) {
	g := &Gate{home: "/home/ravi"}
	effects := []effect.Effect{
		{Verb: "switch", Object: "sub", Role: effect.RoleFolder},
		{Verb: "switch", Object: "~/w", Role: effect.RoleFolder},
		{Verb: "switch", Object: "/etc", Role: effect.RoleFolder},
	}
	want := []string{"/srv", "/srv/sub", "/home/ravi/w", "/etc"}
	if got := g.places(effects, effect.Plan{}, "/srv"); !slices.Equal(got, want) {
		t.Errorf("names start from %q, want %q", got, want)
	}
	unknown := []effect.Effect{{Verb: "switch", Object: "…", Role: effect.RoleFolder}}
	plan := effect.Plan{Files: map[string]string{"d/x.sh": ""}}
	if got := g.places(unknown, plan, "/srv"); !slices.Equal(got, []string{"/srv", "/srv/d"}) {
		t.Errorf("names of a script start from %q", got)
	}
	cwd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	shown := []effect.Effect{{Verb: "write", Object: "../x", Role: effect.RolePath}, {Verb: "write", Object: "/a", Role: effect.RolePath}}
	got := g.placed(shown, effect.Plan{}, os.Getpid())
	if len(got) != 2 || got[0].Object != filepath.Join(cwd, "..", "x") || got[1].Object != "/a" {
		t.Errorf("placed: %v", got)
	}
}
