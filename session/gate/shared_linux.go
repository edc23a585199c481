package gate

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"escort/explain/effect"
	"escort/session/proc"
	"escort/session/unotify"
)

// shares are the calls on what programs share by numbers, sysvipc(7), with its
// list below /proc and what is said of it.
var shares = map[unotify.Call]struct{ list, verb, what string }{
	"shmat":  {"shm", "change", "memory that programs outside of this session share"},
	"shmctl": {"shm", "remove", "memory that programs outside of this session share"},
	"msgctl": {"msg", "remove", "a queue of messages of programs outside of this session"},
	"semctl": {"sem", "remove", "signs that programs outside of this session wait for"},
}

func init() {
	for call := range shares {
		kinds[call] = kind{copyNothing, (*Gate).lookAtShared, (*Gate).proceed, false, false}
	}
}

// shmReadOnly is SHM_RDONLY.
const shmReadOnly = 0o10000

// lookAtShared rates changes of what was there before the session, or was made
// by somebody outside of it.
func (g *Gate) lookAtShared(d *deed) ([]consequence, error) {
	s := shares[d.n.Call]
	if d.n.Call == "shmat" && d.int(2)&shmReadOnly != 0 {
		return nil, nil
	}
	same, err := proc.SameShared(d.n.TID)
	if !g.l.Valid(d.n.ID) {
		return nil, &refusal{errno: unix.EINTR}
	}
	if err != nil {
		return nil, unreadable(d.n.TID, err)
	}
	if !same { // nobody else's
		return nil, nil
	}
	own, err := g.madeHere(s.list, d.int(0))
	if err != nil {
		return nil, &refusal{unix.EPERM, fmt.Sprintf("process %d wanted to use what programs share, and it cannot be told whose it is (%v); it was refused", d.key.pid, err)}
	}
	if own {
		return nil, nil
	}
	return []consequence{{Effect: effect.Effect{
		Verb: s.verb, Object: s.what, Role: effect.RoleSystem, Scope: effect.ScopeOthers, Dimension: effect.Control, Risk: effect.High,
	}, covers: func(shown []effect.Effect) bool {
		return slices.ContainsFunc(shown, func(e effect.Effect) bool { return e.Verb == s.verb && e.Role == effect.RoleSystem })
	}}}, nil
}

// madeHere reports whether the entry of that number was made in the session.
// What is not there is nobody's.
func (g *Gate) madeHere(list string, id int) (bool, error) {
	text, err := os.ReadFile("/proc/sysvipc/" + list)
	if err != nil {
		return false, err
	}
	var head []string
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if head == nil {
			head = f
			continue
		}
		at := func(name string) int64 {
			i := slices.Index(head, name)
			if i < 0 || i >= len(f) {
				return 0
			}
			n, err := strconv.ParseInt(f[i], 10, 64)
			if err != nil {
				return 0
			}
			return n
		}
		if at(strings.Replace(list, "msg", "msq", 1)+"id") != int64(id) {
			continue
		}
		if time.Unix(at("ctime"), 0).Before(g.made.Truncate(time.Second)) {
			return false, nil
		}
		maker := int(at("cpid"))
		if maker == 0 {
			return true, nil // its list has no maker
		}
		if _, err := proc.ReadStat(maker); err != nil {
			return true, nil // ended; it was made since the session began
		}
		inside, _ := g.belongs(maker)
		return inside, nil
	}
	return true, nil
}
