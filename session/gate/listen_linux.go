package gate

import (
	"context"
	"fmt"
	"strconv"

	"golang.org/x/sys/unix"

	"escort/explain/effect"
	"escort/session/proc"
	"escort/session/unotify"
)

// lookAtBind rates giving a socket an address. On the network that has no
// effect before it listens or sends; on this machine it makes a file.
func (g *Gate) lookAtBind(d *deed) ([]consequence, error) {
	if err := g.takeSocket(d); err != nil {
		return nil, err
	}
	if d.address[0] != unix.AF_UNIX || d.address[1] != 0 {
		return nil, nil
	}
	name, abstract := unixPath(d.address)
	if abstract {
		return nil, nil
	}
	err := g.within(d, func() error {
		s, err := d.view.entry(name, "cwd")
		d.spots = []spot{s}
		return err
	})
	if err != nil {
		return nil, err
	}
	d.shape = shape{verb: "create", access: "write", names: []naming{entry(-1, 0)}}
	return g.consequences(d), nil
}

// bind does the call. The path of a socket must stay as the process wrote it,
// for others see it; so it is only done where the gate would find the same
// place by it.
func (g *Gate) bind(ctx context.Context, d *deed) error {
	if len(d.spots) == 0 {
		return g.onSocket(ctx, d, func(fd int) (int, error) { return 0, unotify.BindTo(fd, d.address) })
	}
	if same, err := proc.SameRoot(d.n.TID); err != nil || !same {
		return &refusal{unix.EPERM, fmt.Sprintf("process %d wanted a socket in a file system of its own; it was refused", d.key.pid)}
	}
	cwd, err := d.view.at("cwd")
	if err != nil {
		return &refusal{errno: errno(err)}
	}
	defer cwd.close()
	return g.onSocket(ctx, d, func(fd int) (int, error) {
		unix.Umask(d.creds.Umask)
		defer unix.Umask(noMask)
		if err := unix.Fchdir(cwd.fd); err != nil {
			return 0, err
		}
		defer func() { _ = unix.Chdir("/") }() // where it stands counts for nothing else
		return 0, unotify.BindTo(fd, d.address)
	})
}

// lookAtListen rates waiting for connections.
func (g *Gate) lookAtListen(d *deed) ([]consequence, error) {
	if err := g.takeSocket(d); err != nil {
		return nil, err
	}
	at, err := unix.Getsockname(int(d.taken.Fd()))
	if err != nil {
		return nil, &refusal{errno: errno(err)}
	}
	port, local := 0, false
	switch a := at.(type) {
	case *unix.SockaddrInet4:
		port, local = a.Port, a.Addr[0] == 127
	case *unix.SockaddrInet6:
		port, local = a.Port, a.Addr == [16]byte{15: 1}
	default:
		return nil, nil
	}
	c := consequence{Effect: effect.Effect{
		Verb: "listen", Object: strconv.Itoa(port), Role: effect.RolePort, Scope: effect.ScopeNetwork, Dimension: effect.Control, Risk: effect.High,
	}, covers: func(shown []effect.Effect) bool { return says(shown, []string{"listen", "start", "restart", "open"}) }}
	if local {
		c.Risk, c.Scope = effect.Caution, effect.ScopeOwn
	}
	return []consequence{c}, nil
}

func (g *Gate) listen(ctx context.Context, d *deed) error {
	return g.onSocket(ctx, d, func(fd int) (int, error) { return 0, unix.Listen(fd, d.int(1)) })
}

// netlinks are the parts of the kernel that netlink(7) reaches, and how bad it
// is to be able to ask them.
var netlinks = map[int]effect.Risk{
	unix.NETLINK_SOCK_DIAG: effect.Safe, unix.NETLINK_KOBJECT_UEVENT: effect.Safe, unix.NETLINK_GENERIC: effect.Low,
	unix.NETLINK_AUDIT: effect.Low, unix.NETLINK_NETFILTER: effect.Caution, unix.NETLINK_XFRM: effect.Caution,
}

// lookAtSocket rates sockets that can speak without naming an address where it
// would be seen. Only registers count here.
func (g *Gate) lookAtSocket(d *deed) ([]consequence, error) {
	e := effect.Effect{
		Verb: "connect", Object: fmt.Sprintf("the network in an unusual way (address family %d)", d.int(0)),
		Role: effect.RoleSystem, Scope: effect.ScopeNetwork, Dimension: effect.Control, Risk: effect.High,
	}
	switch family, sort := d.int(0), d.int(1)&0xf; {
	case (family == unix.AF_INET || family == unix.AF_INET6) && sort == unix.SOCK_DGRAM:
		e.Object, e.Dimension, e.Risk = "other machines by single messages", effect.Disclosure, effect.Caution
	case (family == unix.AF_INET || family == unix.AF_INET6) && sort == unix.SOCK_RAW:
		e.Object, e.Risk = "other machines by raw messages", effect.Caution
	case family == unix.AF_UNIX: // each message may name another program, where no filter can see it
		e.Object, e.Scope, e.Risk = "programs of this machine by single messages", effect.ScopeSystem, effect.Caution
		if g.clientOf(d) {
			e.Risk = effect.Low
		}
	case family == unix.AF_PACKET:
		e.Verb, e.Object, e.Dimension = "watch", "everything that goes over the network", effect.Disclosure
	case family == unix.AF_NETLINK:
		risk, known := netlinks[d.int(2)]
		if !known {
			risk = effect.Caution
		}
		e.Object, e.Scope, e.Risk = "the settings of the kernel's network", effect.ScopeKernel, risk
	case family == unix.AF_ALG:
		return nil, nil // the kernel's own arithmetic
	}
	return []consequence{{Effect: e, covers: func(shown []effect.Effect) bool {
		return reaches(shown) || says(shown, []string{"watch", "record", "change", "open", "close", "show"})
	}}}, nil
}

// proceed lets a call run of which only registers count.
func (g *Gate) proceed(_ context.Context, d *deed) error {
	g.answering(d.n.TID)
	_ = g.l.Continue(d.n.ID) // an error means that the process is gone
	return nil
}
