package gate

import (
	"context"
	"path"

	"escort/session/proc"
)

// helper reports whether s, which no plan shows, is a part of the program that
// starts it: see [Asker.Helper]. The words that it got and its environment must
// be ordinary, and nothing of it may be a script.
func (g *Gate) helper(ctx context.Context, s *start, q Question, from tag) (tag, string, bool) {
	if from.g == nil || len(q.Env) > 0 || len(s.prog.scripts) > 0 || s.prog.foreign {
		return tag{}, "", false
	}
	status, err := proc.ReadStatus(s.n.TID)
	if err != nil {
		return tag{}, "", false
	}
	// In a root of its own the list of packages is whoever made it's.
	if same, err := proc.SameRoot(s.n.TID); err != nil || !same {
		return tag{}, "", false
	}
	for _, pid := range []int{status.TGID, status.PPID} {
		exe, err := proc.Readlink(pid, "exe")
		if err != nil {
			continue
		}
		names := []string{exe}
		if argv, err := proc.Cmdline(pid); err == nil && len(argv) > 0 && g.isNameOf(argv[0], exe) {
			names = append(names, argv[0])
		}
		if note, ok := g.asker.Helper(ctx, s.key.pid, names, s.prog.path); ok && g.l.Valid(s.n.ID) {
			return tag{born: s.key.born, g: from.g, step: from.step}, note, true
		}
	}
	return tag{}, "", false
}

// isNameOf reports whether what a program calls itself is indeed a name of its
// file among the system's programs: it may call itself what it likes.
func (g *Gate) isNameOf(name, exe string) bool {
	same, err := within(g, nil, func() (bool, error) {
		is, err := identify(exe)
		if err != nil {
			return false, err
		}
		called, err := identify("/usr/bin/" + path.Base(name))
		return err == nil && is.same(called), err
	})
	return err == nil && same
}
