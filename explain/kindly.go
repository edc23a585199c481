package explain

import (
	"path"
	"strings"

	"escort/explain/effect"
)

// kindly takes into account where the commands of a file run: what is usual
// there is no reason for alarm. Commands that run as administrator of this
// machine are never rated kindly.
var kindly = map[string]func(s *step, unknowns []Unknown){
	"make":         func(s *step, _ []Unknown) { ownBuild(s) },
	"package.json": projectTools,
	"dockerfile":   inImage,
	"unit":         systemPrograms,
}

// ownBuild rates the deletion of a part of the project, by a name that stays
// in its folder, as what a build does.
func ownBuild(s *step) {
	for i := range s.acts {
		a := &s.acts[i]
		if a.Verb == "delete" && staysInside(a.Object) {
			a.Risk = atMost(a.Risk, effect.Caution)
		}
	}
	for _, i := range s.inner {
		ownBuild(i)
	}
}

// staysInside reports a relative name that leads to no other folder.
func staysInside(name string) bool {
	return name != "" && name != "." && !strings.HasPrefix(name, "/") && !strings.HasPrefix(name, "~") && !strings.HasPrefix(name, "*") &&
		!strings.HasPrefix(name, ".git") && !strings.Contains(name, "..") && !strings.Contains(name, "…")
}

// projectTools rates the project's own programs, which the usual store has
// brought, as not known and no worse.
func projectTools(s *step, unknowns []Unknown) {
	ownBuild(s)
	for i := range unknowns {
		if u := &unknowns[i]; u.Kind == "program" && !strings.ContainsAny(u.Name, "/") {
			u.Risk = atMost(u.Risk, effect.Caution)
			lowerUnknown(s)
		}
	}
}

func lowerUnknown(s *step) {
	s.unknown = atMost(s.unknown, effect.Caution)
	for _, i := range s.inner {
		lowerUnknown(i)
	}
}

// inImage rates what is changed while an image is built: only the image.
func inImage(s *step, unknowns []Unknown) {
	for i := range s.acts {
		a := &s.acts[i]
		if a.Dimension == effect.Damage || a.Dimension == effect.Disclosure || a.Dimension == effect.Uncertainty ||
			a.Dimension == effect.Control && a.Verb != "execute" && a.Verb != "send" {
			a.Risk = atMost(a.Risk, effect.Caution)
		}
	}
	for i := range s.findings {
		f := &s.findings[i]
		if f.Dimension == effect.Control && imageCode[f.ID] || f.Dimension == effect.Hiding || f.ID == "secret-sent" {
			continue // as bad inside an image
		}
		f.Risk = atMost(f.Risk, effect.Caution)
	}
	for i := range unknowns {
		if u := &unknowns[i]; u.Kind == "program" || u.Kind == "script" {
			u.Risk = atMost(u.Risk, effect.Caution)
			s.unknown = atMost(s.unknown, effect.Caution)
		}
	}
	for _, i := range s.inner {
		inImage(i, unknowns)
	}
}

// imageCode are findings that stay as bad inside an image.
var imageCode = map[string]bool{"runs-fetched-code": true, "reverse-shell": true, "decoded-code": true, "login-key-planted": true}

// systemPrograms rates a program of the system's folders that a unit starts as
// not known and no worse: the administrator has put both there.
func systemPrograms(s *step, unknowns []Unknown) {
	for i := range unknowns {
		name := unknowns[i].Name
		if unknowns[i].Kind == "program" && strings.HasPrefix(name, "/") && systemFolder(path.Dir(name)) {
			unknowns[i].Risk = atMost(unknowns[i].Risk, effect.Caution)
			lowerUnknown(s)
		}
	}
}
