package gate

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"escort/explain/effect"
	"escort/explain/quote"
	"escort/session/proc"
	"escort/session/unotify"
)

// maxDatagram is the most that one datagram carries.
const maxDatagram = 64 << 10

// addressAt is where a call has its address: the pointer and the length.
var addressAt = map[unotify.Call][2]int{"connect": {1, 2}, "bind": {1, 2}, "sendto": {4, 5}}

// kinds are the calls that name no file by a path.
var kinds = map[unotify.Call]kind{
	"connect": {copyAddress, (*Gate).lookAtAddress, (*Gate).connect, false, true},
	"bind":    {copyAddress, (*Gate).lookAtBind, (*Gate).bind, false, false},
	"sendto":  {copyDatagram, (*Gate).lookAtAddress, (*Gate).sendTo, false, true},
	"listen":  {copyNothing, (*Gate).lookAtListen, (*Gate).listen, false, false},
	"socket":  {copyNothing, (*Gate).lookAtSocket, (*Gate).socket, false, false},

	"socketpair": {copyNothing, (*Gate).lookAtSocket, (*Gate).proceed, false, false},
}

func copyNothing(*deed, *proc.Memory) error { return nil }

func copyAddress(d *deed, m *proc.Memory) (err error) {
	at := addressAt[d.n.Call]
	size := d.int(at[1])
	if size < 2 || size > unix.SizeofSockaddrAny {
		return &refusal{errno: unix.EINVAL}
	}
	d.address, err = m.Bytes(d.n.Args[at[0]], size)
	return err
}

func copyDatagram(d *deed, m *proc.Memory) (err error) {
	if d.n.Args[2] > maxDatagram {
		return &refusal{errno: unix.EMSGSIZE}
	}
	if d.data, err = m.Bytes(d.n.Args[1], int(d.n.Args[2])); err != nil {
		return err
	}
	return copyAddress(d, m)
}

// takeDescriptor makes the descriptor in the first argument one of the gate's,
// so that the call is done on what was judged.
func (g *Gate) takeDescriptor(d *deed) error {
	pidfd, err := unix.PidfdOpen(d.key.pid, 0)
	if err != nil {
		return &refusal{errno: unix.EINTR}
	}
	defer unix.Close(pidfd)
	fd, err := unix.PidfdGetfd(pidfd, d.int(0), 0)
	if err == nil {
		d.taken = os.NewFile(uintptr(fd), "descriptor of the session")
	}
	if !g.l.Valid(d.n.ID) {
		return &refusal{errno: unix.EINTR}
	}
	if err != nil {
		return &refusal{errno: errno(err)}
	}
	return nil
}

// takeSocket is takeDescriptor for what must be a socket.
func (g *Gate) takeSocket(d *deed) error {
	if err := g.takeDescriptor(d); err != nil {
		return err
	}
	if !isSocket(int(d.taken.Fd())) {
		return &refusal{errno: unix.ENOTSOCK}
	}
	return nil
}

func isSocket(fd int) bool {
	var s unix.Stat_t
	return unix.Fstat(fd, &s) == nil && s.Mode&unix.S_IFMT == unix.S_IFSOCK
}

// lookAtAddress rates speaking to an address.
func (g *Gate) lookAtAddress(d *deed) ([]consequence, error) {
	if err := g.takeSocket(d); err != nil {
		return nil, err
	}
	switch family := binary.LittleEndian.Uint16(d.address); family {
	case unix.AF_UNSPEC, unix.AF_NETLINK: // ends a connection; was asked about when the socket was made
		return nil, nil
	case unix.AF_INET, unix.AF_INET6:
		to, err := endpoint(d.address)
		if err != nil {
			return nil, &refusal{errno: unix.EINVAL}
		}
		if to.Port() == 0 { // asks which way there would be
			return nil, nil
		}
		return []consequence{toMachine(to)}, nil
	case unix.AF_UNIX:
		return g.lookAtSwitch(d)
	default:
		return []consequence{{Effect: effect.Effect{
			Verb: "connect", Object: fmt.Sprintf("a part of the kernel (address family %d)", family), Role: effect.RoleSystem,
			Scope: effect.ScopeKernel, Dimension: effect.Control, Risk: effect.Caution,
		}, covers: reaches}}, nil
	}
}

// endpoint reads struct sockaddr_in or sockaddr_in6, see ip(7) and ipv6(7).
func endpoint(b []byte) (netip.AddrPort, error) {
	family := binary.LittleEndian.Uint16(b)
	switch {
	case family == unix.AF_INET && len(b) >= 8:
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[4:8])), binary.BigEndian.Uint16(b[2:])), nil
	case family == unix.AF_INET6 && len(b) >= 24:
		return netip.AddrPortFrom(netip.AddrFrom16([16]byte(b[8:24])).Unmap(), binary.BigEndian.Uint16(b[2:])), nil
	}
	return netip.AddrPort{}, unix.EINVAL
}

func toMachine(to netip.AddrPort) consequence {
	name := to.Addr().String() + " port " + strconv.Itoa(int(to.Port()))
	if to.Addr().IsLoopback() || to.Addr().IsUnspecified() {
		name = "this machine's own port " + strconv.Itoa(int(to.Port()))
	}
	return consequence{Effect: effect.Effect{
		Verb: "connect", Object: name, Role: effect.RoleHost, Scope: effect.ScopeNetwork, Dimension: effect.Disclosure, Risk: effect.Caution,
	}, covers: func(shown []effect.Effect) bool { return reachesTo(shown, to) }}
}

// unixPath is the path in struct sockaddr_un, see unix(7); abstract addresses
// begin with a zero byte and have none.
func unixPath(b []byte) (name string, abstract bool) {
	rest := b[2:]
	if len(rest) == 0 || rest[0] == 0 {
		return quote.Line(string(rest)).String(), true
	}
	name, _, _ = strings.Cut(string(rest), "\x00")
	return name, false
}

// connect does the call; it may take as long as the other side does.
func (g *Gate) connect(ctx context.Context, d *deed) error {
	address := d.address
	if len(d.spots) > 0 {
		address = unixAddress(d.reach(0))
	}
	return g.onSocket(ctx, d, func(_ *deed, fd int) (int, error) { return 0, unotify.ConnectTo(fd, address) })
}

// unixAddress is struct sockaddr_un for a path.
func unixAddress(path string) []byte {
	return append(append(binary.LittleEndian.AppendUint16(nil, unix.AF_UNIX), path...), 0)
}

func (g *Gate) sendTo(ctx context.Context, d *deed) error {
	address := d.address
	if len(d.spots) > 0 {
		address = unixAddress(d.reach(0))
	}
	return g.onSocket(ctx, d, func(_ *deed, fd int) (int, error) {
		return unotify.SendTo(fd, d.data, d.int(3)|unix.MSG_NOSIGNAL, address)
	})
}

// onSocket has do done with the process's identity and answers with its
// result. A process that is interrupted meanwhile is let go at once. What d has
// open stays so until the call is done, however long that takes: a number that
// is closed before soon means another file.
func (g *Gate) onSocket(ctx context.Context, d *deed, do func(d *deed, fd int) (int, error)) error {
	type outcome struct {
		n   int
		err error
	}
	its := *d
	d.taken, d.spots, d.view = nil, nil, nil
	done := make(chan outcome, 1)
	call := func() {
		defer its.close()
		var o outcome
		if err := g.crew.as(its.on, its.creds, func() { o.n, o.err = do(&its, int(its.taken.Fd())) }); err != nil {
			o.err = unix.EPERM
		}
		done <- o
	}
	if d.on != nil {
		call()
	} else {
		go call()
	}
	select {
	case o := <-done:
		if o.err != nil {
			return &refusal{errno: errno(o.err)}
		}
		g.answering(d.n.TID)
		_ = g.l.Return(d.n.ID, int64(o.n)) // an error means that the process is gone
		return nil
	case <-ctx.Done():
		if raw, err := its.taken.SyscallConn(); err == nil {
			_ = raw.Control(func(fd uintptr) { _ = unix.Shutdown(int(fd), unix.SHUT_RDWR) }) // ends a connect that still waits
		}
		return &refusal{errno: unix.EINTR}
	}
}
