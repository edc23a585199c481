package gate

import (
	"fmt"
	"path"
	"strings"

	"escort/explain/effect"
	"escort/explain/quote"
)

// shellStep is the step of what the shell itself starts.
const shellStep = -1

// fileID says which file something is and whether it was changed since. Two
// are equal only if nothing was written to the file between.
type fileID struct {
	Dev, Ino     uint64
	Size         int64
	Mtime, Ctime int64 // nanoseconds since 1970
	Absent       bool  // there was no such file
}

// same reports whether o is the same file, changed or not.
func (f fileID) same(o fileID) bool {
	return !f.Absent && !o.Absent && f.Dev == o.Dev && f.Ino == o.Ino
}

// grant is an allowed plan and what has been used of it.
type grant struct {
	id    string
	plan  effect.Plan
	shown []effect.Effect // what its card said, and what was allowed since
	used  []int           // starts let through, for each step
	env   envSet
	files map[string]fileID // programs of the plan as they were at the look
	live  bool              // its line is in the foreground
	line  *grant            // the line below which it was allowed; itself for a line

	answered map[answer]bool // effects that were asked about and allowed below it
}

// answer is an effect that somebody decided about.
type answer struct{ verb, object string }

func newGrant(id string, p effect.Plan, env envSet, files map[string]fileID) (*grant, error) {
	for j, s := range p.Starts {
		if s.Parent < shellStep || s.Parent >= len(p.Starts) || s.Parent == j || s.Max < 0 {
			return nil, fmt.Errorf("the plan of %s is not well-formed at start %d", id, j)
		}
	}
	g := &grant{id: id, plan: p, used: make([]int, len(p.Starts)), env: env, files: files, answered: map[answer]bool{}}
	g.line = g
	return g, nil
}

// foreground reports whether the line that the grant belongs to has not ended.
func (g *grant) foreground() bool { return g.line.live }

// want is what one start would run, as matched against a plan.
type want struct {
	name    string // the program as the process named it
	path    string // resolved, as the process sees it
	file    fileID
	argv    []string
	env     []string // those that matter
	uid     int
	learned map[string]bool
}

// verdict is the outcome of a match.
type verdict struct {
	step    int       // of the plan; -1: none
	planned []*string // of the one start that it nearly is; nil: none
	why     string    // in what it differs from that
	env     []string  // entries that are not as expected
}

// match finds the step of g's plan that a process of step parent takes with w.
func (g *grant) match(parent int, w *want) verdict {
	best, near := verdict{step: -1}, verdict{step: -1}
	nears := 0
	for j := range g.plan.Starts {
		s := &g.plan.Starts[j]
		if s.Parent != parent || s.Max > 0 && g.used[j] >= s.Max {
			continue
		}
		why, env := g.check(j, w)
		if why == "" {
			if best.step < 0 || moreSpecific(s, &g.plan.Starts[best.step]) {
				best.step = j
			}
			continue
		}
		if names(s, w.argv, w.name) {
			nears++
			near = verdict{step: -1, planned: s.Argv, why: why, env: env}
		}
	}
	switch {
	case best.step >= 0:
		return best
	case nears == 1:
		return near
	}
	return verdict{step: -1, env: g.expected(parent).differs(w.env, w.uid, w.learned)}
}

// check says in what w differs from step j; empty if in nothing.
func (g *grant) check(j int, w *want) (why string, env []string) {
	s := &g.plan.Starts[j]
	file := g.fileWhy(s, w)
	env = g.expected(j).differs(w.env, w.uid, w.learned)
	switch {
	case !fits(s, w.argv, file == "" && s.Path != ""):
		return "its words are not those that were shown", env
	case file != "":
		return file, env
	case len(env) > 0:
		return "its environment is not as expected: " + nameList(env), env
	}
	return "", nil
}

// fileWhy says in what the program of w is not that of s; empty: it is.
func (g *grant) fileWhy(s *effect.Start, w *want) string {
	if s.Path == "" {
		// Nothing was there to be looked at. The name is all that was shown.
		if len(s.Argv) == 0 || s.Argv[0] == nil || path.Base(w.name) != path.Base(*s.Argv[0]) {
			return "it is another program than was shown"
		}
		return ""
	}
	seen, ok := g.files[s.Path]
	switch {
	case !ok, seen.Absent && w.path != s.Path:
		return "it is another program than was shown"
	case seen.Absent, seen == w.file:
		return ""
	case seen.same(w.file):
		return "the program was changed since it was shown"
	case w.path == s.Path:
		return "the program was replaced since it was shown"
	}
	return "it is another program than was shown"
}

// expected is the environment of step j: that of the grant, and what the plan
// sets on the way there.
func (g *grant) expected(j int) envSet {
	var chain []int
	for j >= 0 && j < len(g.plan.Starts) && len(chain) <= j+len(g.plan.Starts) {
		chain = append(chain, j)
		j = g.plan.Starts[j].Parent
	}
	env := g.env
	for i := len(chain) - 1; i >= 0; i-- {
		if e := g.plan.Starts[chain[i]].Env; len(e) > 0 {
			env = env.with(e)
		}
	}
	return env
}

// nameList names the variables of entries of an environment.
func nameList(env []string) string {
	var out []string
	for _, e := range env {
		name, _, _ := strings.Cut(e, "=")
		out = append(out, quote.Word(name))
	}
	return strings.Join(out, ", ")
}
