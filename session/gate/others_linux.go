package gate

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/session/proc"
	"escort/session/unotify"
)

// reach is a call on another process that is named in registers: which argument
// names it, and what is changed of it.
type reach struct {
	pid    int
	sort   int // argument that says what the number names; -1: a process
	group  int // its value for a group of processes
	person int // its value for all processes of an account
	what   string
}

// reachers are the calls that change how other processes get on, or have the
// kernel send them signals.
var reachers = map[unotify.Call]reach{
	"fcntl":              {2, -1, 0, 0, "who gets a signal when something can be read"},
	"prlimit64":          {0, -1, 0, 0, "the limits"},
	"setpriority":        {1, 0, 1, 2, "the share of the machine"},
	"ioprio_set":         {1, 0, 2, 3, "the share of the disks"},
	"sched_setparam":     {0, -1, 0, 0, "the share of the machine"},
	"sched_setscheduler": {0, -1, 0, 0, "the share of the machine"},
	"sched_setattr":      {0, -1, 0, 0, "the share of the machine"},
	"sched_setaffinity":  {0, -1, 0, 0, "the processors"},
}

func init() {
	for call := range reachers {
		kinds[call] = kind{copyNothing, (*Gate).lookAtReach, (*Gate).proceed, false, false}
	}
	kinds["ptrace"] = kind{copyNothing, (*Gate).lookAtTrace, (*Gate).proceed, false, false}
}

// lookAtReach rates a change of other processes. Within the session's own tree
// it is the engineer's business, as with signals.
func (g *Gate) lookAtReach(d *deed) ([]consequence, error) {
	r := reachers[d.n.Call]
	pid := d.int(r.pid)
	if r.sort >= 0 {
		switch d.int(r.sort) {
		case r.person:
			return []consequence{onProcess("change", r.what+" of all processes of an account", proc.Stat{})}, nil
		case r.group:
			pid = -pid // 0 is its own group either way
		}
	}
	if d.n.Call == "fcntl" && pid == 0 { // nobody any more
		return nil, nil
	}
	inner, err := g.numbersItsOwn(d)
	if err != nil || inner {
		return nil, err
	}
	outside, err := g.outside(d, pid)
	if err != nil {
		return nil, &refusal{errno: errno(err)}
	}
	var cs []consequence
	for _, s := range outside {
		c := onProcess("change", r.what+" of "+outsider(s), s)
		c.never = g.ours(s)
		cs = append(cs, c)
	}
	return cs, nil
}

// onProcess is what is done to a process that is not the session's own.
func onProcess(verb, object string, s proc.Stat) consequence {
	return consequence{
		Effect: effect.Effect{
			Verb: verb, Object: object, Role: effect.RoleProcess, Scope: effect.ScopeOthers, Dimension: effect.Damage, Risk: effect.High,
		},
		covers: func(shown []effect.Effect) bool { return about(shown, s, verb) },
	}
}

// about reports whether a card showed an effect with one of the verbs on this
// process, by its number or its name.
func about(shown []effect.Effect, s proc.Stat, verbs ...string) bool {
	return slices.ContainsFunc(shown, func(e effect.Effect) bool {
		return e.Role == effect.RoleProcess && slices.Contains(verbs, e.Verb) &&
			slices.ContainsFunc(strings.Fields(e.Object), func(w string) bool { return w == strconv.Itoa(s.PID) || w == s.Comm })
	})
}

func outsider(s proc.Stat) string {
	return fmt.Sprintf("%s (process %d), which does not belong to this session", quote.Line(s.Comm), s.PID)
}

// ours reports whether a process is the supervision's.
func (g *Gate) ours(s proc.Stat) bool {
	return s.PID == os.Getpid() || s.PID == g.keeper || s.PPID == os.Getpid()
}

// numbersItsOwn reports whether the numbers by which d's process names others
// are those of a world of its own, and mean nobody outside of the tree.
func (g *Gate) numbersItsOwn(d *deed) (bool, error) {
	status, err := proc.ReadStatus(d.n.TID)
	if !g.l.Valid(d.n.ID) {
		return false, &refusal{errno: unix.EINTR}
	}
	if err != nil {
		return false, unreadable(d.n.TID, err)
	}
	return status.Inner != status.TGID, nil
}

// lookAtTrace rates becoming the debugger of a running process, which can then
// be made to do anything under the card of its own line. Outside of the session
// the kernel forbids it.
func (g *Gate) lookAtTrace(d *deed) ([]consequence, error) {
	inner, err := g.numbersItsOwn(d)
	if err != nil {
		return nil, err
	}
	if inner {
		return nil, &refusal{unix.EPERM, fmt.Sprintf("process %d wanted to debug another by a number of its own world; it was refused", d.key.pid)}
	}
	status, err := proc.ReadStatus(d.int(1))
	if err != nil {
		return nil, nil // nobody, as the kernel will say
	}
	s, lives := living(status.TGID)
	g.mu.Lock()
	from, to := g.origin(d.key.pid, living), g.origin(status.TGID, living)
	if lives {
		g.traced[procKey{s.PID, s.Start}] = true
	}
	g.mu.Unlock()
	if from.g != nil && to.g != nil && from.g.line == to.g.line && status.TGID != g.shell {
		return nil, nil
	}
	c := onProcess("trace", fmt.Sprintf("%s (process %d), which another line has started", quote.Line(s.Comm), s.PID), s)
	if c.Dimension = effect.Control; status.TGID == g.shell {
		c.Object = "the shell of this session"
	}
	return []consequence{c}, nil
}
