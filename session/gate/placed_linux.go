package gate

import (
	"path"
	"slices"
	"strings"

	"escort/explain/effect"
	"escort/session/proc"
)

// maxPlaces is how many folders of one plan relative names may start from.
const maxPlaces = 32

// placed are the effects that a card showed, with names that start from a
// folder written out: from the one that process pid stood in at the look, and
// from those that the plan changes to. A process may go elsewhere by itself;
// what the card named is not there.
func (g *Gate) placed(shown []effect.Effect, p effect.Plan, pid int) []effect.Effect {
	cwd, err := proc.Readlink(pid, "cwd")
	if err != nil {
		cwd = "" // then names that start from it cover nothing
	}
	from := g.places(shown, p, cwd)
	var out []effect.Effect
	for _, e := range shown {
		if !e.Role.OnFile() || !relative(e.Object) {
			out = append(out, e)
			continue
		}
		for _, dir := range from {
			at := e
			at.Object = path.Join(dir, e.Object)
			out = append(out, at)
		}
	}
	return out
}

func relative(object string) bool {
	return object != "" && !path.IsAbs(object) && object != "~" && !strings.HasPrefix(object, "~/") && !strings.HasPrefix(object, "…")
}

// places are the folders that relative names of a plan may start from.
func (g *Gate) places(shown []effect.Effect, p effect.Plan, cwd string) []string {
	var out []string
	add := func(dir string) {
		if path.IsAbs(dir) && !slices.Contains(out, dir) && len(out) < maxPlaces {
			out = append(out, dir)
		}
	}
	add(cwd)
	for _, e := range shown {
		switch {
		case e.Verb != "switch" || e.Role != effect.RoleFolder:
		case strings.Contains(e.Object, "…"): // most often that of the script itself
			for file := range p.Files {
				if !path.IsAbs(file) {
					file = path.Join(cwd, file)
				}
				add(path.Dir(file))
			}
		case e.Object == "~" || strings.HasPrefix(e.Object, "~/"):
			add(path.Clean(g.home + e.Object[1:]))
		case path.IsAbs(e.Object):
			add(path.Clean(e.Object))
		default:
			for _, dir := range slices.Clone(out) {
				add(path.Join(dir, e.Object))
			}
		}
	}
	return out
}
