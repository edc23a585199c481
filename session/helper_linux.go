package session

import (
	"context"
	"path"
	"slices"
	"strings"

	"escort/explain/host"
	"escort/explain/lore"
)

// Helper tells the gate whether a program is a part of another one: it lies in
// the folder that the other keeps its helpers in, a package brought both, and
// the helper is as the package brought it. names is the other's file and what it
// calls itself, which may be a shorter name of the same file; what counts is
// the helper itself. The policy can name helpers that lie elsewhere, by the files
// of both.
func (s *Session) Helper(ctx context.Context, pid int, names []string, program string) (note string, ok bool) {
	parent := names[0]
	what := "a part of "
	switch {
	case slices.ContainsFunc(names, func(name string) bool {
		e, err := lore.Lookup(path.Base(name))
		return err == nil && e != nil && slices.ContainsFunc(e.Helpers, func(folder string) bool { return strings.HasPrefix(program, folder+"/") })
	}):
	case s.policy.Relaxes(parent, program):
		what = "RELAXED by the policy below "
	default:
		return "", false
	}
	ctx, cancel := context.WithTimeout(ctx, s.policy.Explain)
	defer cancel()
	w, err := host.FromProcess(pid, host.Options{User: s.conf.User})
	if err != nil {
		return "", false
	}
	above, err := w.Stat(ctx, parent)
	if err != nil || above.Package == "" || above.Unmodified == nil || !*above.Unmodified {
		return "", false
	}
	info, err := w.Stat(ctx, program)
	if err != nil || info.Package == "" || info.Unmodified == nil || !*info.Unmodified {
		return "", false
	}
	return what + path.Base(parent) + ", unmodified, from the package " + info.Package, true
}
