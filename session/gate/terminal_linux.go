package gate

import (
	"context"
	"fmt"

	"golang.org/x/sys/unix"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/session/proc"
	"escort/session/unotify"
)

func init() {
	kinds["ioctl"] = kind{copyRequest, (*Gate).lookAtRequest, (*Gate).request, false, true}
}

// onTerminal reports whether d is an ioctl(2) that changes a terminal.
func (d *deed) onTerminal() bool {
	_, ok := unotify.Terminals[uint32(d.n.Args[1])]
	return ok && d.n.Call == "ioctl"
}

func copyRequest(d *deed, m *proc.Memory) error {
	if size := unotify.Terminals[uint32(d.n.Args[1])]; size > 0 {
		return d.copyData(m, d.n.Args[2], uint64(size))
	}
	return nil
}

// lookAtRequest rates an ioctl(2) of the lists in package unotify. The session's
// own terminals are the engineer's business.
func (g *Gate) lookAtRequest(d *deed) ([]consequence, error) {
	if !d.onTerminal() {
		return g.lookAtRare(d)
	}
	if err := g.takeDescriptor(d); err != nil {
		return nil, err
	}
	var s spot
	if err := unix.Fstat(int(d.taken.Fd()), &s.stat); err != nil {
		return nil, &refusal{errno: errno(err)}
	}
	if s.stat.Mode&unix.S_IFMT != unix.S_IFCHR || g.ownTerminal(&s) {
		return nil, nil // or no terminal at all, as the kernel will say
	}
	name, err := proc.Readlink(d.n.TID, fmt.Sprintf("fd/%d", d.int(0)))
	if err != nil {
		name = "?"
	}
	return []consequence{{Effect: effect.Effect{
		Verb: "change", Object: quote.Line(name).String() + ", a terminal outside of this session", Role: effect.RoleDevice, Scope: effect.ScopeOthers,
		Dimension: effect.Control, Risk: effect.High,
	}, path: name, covers: func(shown []effect.Effect) bool { return namesTerminal(shown, name) }}}, nil
}

// namesTerminal reports whether a card said that this terminal is changed.
func namesTerminal(shown []effect.Effect, name string) bool {
	for _, e := range shown {
		if !effect.Looks(e.Verb) && e.Role.OnFile() && e.Object == name {
			return true
		}
	}
	return false
}

// request does the call, on what was judged. A process in the background is
// stopped by the kernel for most of these, which only its own call can bring
// about.
func (g *Gate) request(ctx context.Context, d *deed) error {
	if !d.onTerminal() {
		return g.alone(ctx, d)
	}
	stat, err := proc.ReadStat(d.key.pid)
	if !g.l.Valid(d.n.ID) {
		return &refusal{errno: unix.EINTR}
	}
	if err != nil {
		return unreadable(d.key.pid, err)
	}
	if stat.TTY != 0 && stat.Front > 0 && !stat.InFront() {
		return g.alone(ctx, d)
	}
	return g.onSocket(ctx, d, func(d *deed, fd int) (int, error) {
		return 0, unotify.Ioctl(fd, d.n.Args[1]&0xffffffff, d.n.Args[2], d.data)
	})
}

// terminalID says which terminal a file is: each mount of pseudo-terminals
// counts for itself.
type terminalID struct{ dev, number uint64 }

// pseudoTerminals is the file system that the host's terminals are in.
func pseudoTerminals() uint64 {
	var s unix.Stat_t
	if unix.Stat("/dev/pts", &s) != nil {
		return 0
	}
	return uint64(s.Dev)
}

// usedOutside reports whether a terminal is that of somebody outside: its number
// is given again once it is closed.
func (g *Gate) usedOutside(number uint64) bool {
	t, err := proc.ReadTree()
	if err != nil {
		return true
	}
	inside := map[int]bool{g.shell: true}
	for _, s := range t.Below(g.keeper) {
		inside[s.PID] = true
	}
	for pid, s := range t.Stats {
		if s.TTY == number && !inside[pid] {
			return true
		}
	}
	return false
}
