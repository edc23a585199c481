package gate

import (
	"context"
	"errors"
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
		return g.onSocket(ctx, d, func(d *deed, fd int) (int, error) { return 0, g.bindTo(d, fd) })
	}
	if same, err := proc.SameRoot(d.n.TID); err != nil || !same {
		return &refusal{unix.EPERM, fmt.Sprintf("process %d wanted a socket in a file system of its own; it was refused", d.key.pid)}
	}
	cwd, err := d.view.at("cwd")
	if err != nil {
		return &refusal{errno: errno(err)}
	}
	d.spots = append(d.spots, spot{place: cwd})
	return g.onSocket(ctx, d, func(d *deed, fd int) (int, error) {
		unix.Umask(d.creds.Umask)
		defer unix.Umask(noMask)
		if err := unix.Fchdir(d.fd(1)); err != nil {
			return 0, err
		}
		defer func() { _ = unix.Chdir("/") }() // where it stands counts for nothing else
		return 0, g.bindTo(d, fd)
	})
}

// bindTo does the call and remembers that it was done in the session.
func (g *Gate) bindTo(d *deed, fd int) error {
	err := unotify.BindTo(fd, d.address)
	if err == nil {
		g.bound(d, fd)
	}
	return err
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
	return g.onSocket(ctx, d, func(d *deed, fd int) (int, error) { return 0, unix.Listen(fd, d.int(1)) })
}

// netlinks are the parts of the kernel that netlink(7) reaches and that are
// asked all the time, most often only for what is: whoever may change nothing
// there is given the socket, and who may is given one that may not. How bad that
// is by itself stands behind each.
var netlinks = map[int]effect.Risk{
	unix.NETLINK_ROUTE: effect.Safe, unix.NETLINK_SOCK_DIAG: effect.Safe, unix.NETLINK_KOBJECT_UEVENT: effect.Safe,
	unix.NETLINK_GENERIC: effect.Low, unix.NETLINK_AUDIT: effect.Low,
}

// ruling are the capabilities by which the kernel lets a netlink socket change
// something: the network, what is audited, everything else.
const ruling = 1<<unix.CAP_NET_ADMIN | 1<<unix.CAP_AUDIT_CONTROL | 1<<unix.CAP_SYS_ADMIN

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
		if p := g.programOf(d); onePurpose(p) || p != "" && (control{clients: logging}).isClient(p) {
			e.Risk = effect.Low // as all that write to the system's log
		}
	case family == unix.AF_PACKET:
		e.Verb, e.Object, e.Dimension = "watch", "everything that goes over the network", effect.Disclosure
	case family == unix.AF_NETLINK:
		e.Verb, e.Object, e.Scope, e.Risk = "change", "the settings of the kernel's network", effect.ScopeKernel, effect.Caution
		if risk, usual := netlinks[d.int(2)]; usual {
			if err := g.rules(d); err != nil {
				return nil, err
			}
			if !d.rules || d.weaker {
				e.Verb, e.Risk = "connect", risk
			}
		}
	case family == unix.AF_ALG:
		return nil, nil // the kernel's own arithmetic
	}
	return []consequence{{Effect: e, covers: func(shown []effect.Effect) bool {
		return d.int(0) != unix.AF_NETLINK && reaches(shown) || says(shown, socketVerbs)
	}}}, nil
}

// socketVerbs are the verbs under which a card says that the network is changed
// or listened to.
var socketVerbs = []string{"watch", "record", "show", "change", "open", "close", "create", "delete", "remove", "enable", "disable"}

// rules finds out whether d's process may change something through the socket
// that it asks for, and whether it can be given one that may not.
func (g *Gate) rules(d *deed) error {
	d.rules = (d.creds.Effective|d.creds.Permitted)&ruling != 0
	if !d.rules {
		return nil
	}
	same, err := proc.SameNetwork(d.n.TID)
	users, usersErr := proc.SameUsers(d.n.TID)
	if !g.l.Valid(d.n.ID) {
		return &refusal{errno: unix.EINTR}
	}
	if err := errors.Join(err, usersErr); err != nil {
		return &refusal{errno: errno(err)}
	}
	if !users { // root only in a world of its own
		d.rules = false
		return nil
	}
	_, shown := g.shownTo(d)
	d.weaker = same && !says(shown, socketVerbs[3:])
	return nil
}

// socket makes a socket whose messages can change nothing, where that is asked
// for: the kernel looks at the rights of whoever made it as well.
func (g *Gate) socket(ctx context.Context, d *deed) error {
	if !d.weaker {
		return g.proceed(ctx, d)
	}
	creds := d.creds
	creds.Effective &^= ruling
	creds.Permitted &^= ruling
	fd, result := -1, error(nil)
	err := g.crew.as(nil, creds, func() { fd, result = unix.Socket(d.int(0), d.int(1)|unix.SOCK_CLOEXEC, d.int(2)) })
	if err := errors.Join(err, result); err != nil {
		return &refusal{errno: errno(err)}
	}
	number, err := g.l.Give(d.n.ID, fd, d.int(1)&unix.SOCK_CLOEXEC != 0)
	_ = unix.Close(fd)
	if err != nil {
		return &refusal{errno: errno(err)}
	}
	g.answering(d.n.TID)
	_ = g.l.Return(d.n.ID, int64(number)) // an error means that the process is gone
	return nil
}

// proceed lets a call run of which only registers count.
func (g *Gate) proceed(_ context.Context, d *deed) error {
	g.answering(d.n.TID)
	_ = g.l.Continue(d.n.ID) // an error means that the process is gone
	return nil
}
