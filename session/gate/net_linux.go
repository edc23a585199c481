package gate

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"escort/explain/effect"
	"escort/explain/lore"
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
	"socket":  {copyNothing, (*Gate).lookAtSocket, (*Gate).proceed, false, false},

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
	}, covers: reaches}
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

// lookAtSwitch rates connecting to a program of this machine.
func (g *Gate) lookAtSwitch(d *deed) ([]consequence, error) {
	name, abstract := unixPath(d.address)
	if abstract { // the scopes of the session keep it from what is outside
		return nil, nil
	}
	err := g.within(d, func() error {
		p, err := d.view.find(name, "cwd", true)
		d.spots = []spot{{place: p}}
		return err
	})
	if err != nil {
		return nil, err
	}
	p := d.view.outside + d.spots[0].path()
	c := consequence{
		Effect: effect.Effect{
			Verb: "connect", Object: quote.Line(p).String(), Role: effect.RolePath, Scope: effect.ScopeOwn, Dimension: effect.Control, Risk: effect.Safe,
		}, path: p, never: g.guarded(p),
	}
	place := lore.Classify(p, g.where(d))
	row, ok := switchAt(p)
	if place.Class == "control-socket" {
		c.Risk, c.Scope, c.class, ok = effect.Critical, effect.ScopeSystem, place.Class, true
	} else if ok {
		c.Risk, c.Scope, c.Object = effect.High, effect.ScopeSystem, row.name+" ("+c.Object+")"
	}
	if ok && g.clientOf(d) {
		c.Risk = effect.Low
	}
	return []consequence{c}, nil
}

// control is a socket of something that acts for whoever asks it.
type control struct{ pattern, name string }

// controls are sockets through which something outside of the session would
// act for it.
var controls = []control{
	{"/run/dbus/system_bus_socket", "the switchboard of the system's services"},
	{"/run/user/*/bus", "the switchboard of a person's programs"},
	{"/run/systemd/private", "the program that starts and stops services"},
	{"/run/systemd/*", "a part of the service manager"},
	{"/run/user/*/systemd/private", "the program that starts a person's services"},
	{"/run/podman/podman.sock", "the switch that controls containers"},
	{"/run/user/*/podman/podman.sock", "the switch that controls containers"},
	{"/run/user/*/docker.sock", "the switch that controls containers"},
	{"/run/crio/crio.sock", "the switch that controls containers"},
	{"/run/libvirt/*", "the program that controls virtual machines"},
	{"/run/snapd*.socket", "the program that installs packages"},
	{"/tmp/tmux-*/*", "another terminal session"},
	{"/run/screen/*/*", "another terminal session"},
	{"/run/user/*/keyring/*", "the store of keys"},
	{"/run/user/*/gnupg/*", "the store of keys"},
	{"/tmp/ssh-*/agent.*", "the login keys of somebody"},
	{"/run/*/X11-unix/*", "a desktop"},
	{"/tmp/.X11-unix/*", "a desktop"},
}

func switchAt(p string) (control, bool) {
	p = strings.Replace(p, "/var/run/", "/run/", 1)
	for _, c := range controls {
		if ok, err := path.Match(c.pattern, p); err == nil && ok {
			return c, true
		}
	}
	return control{}, false
}

// carriers are programs that speak to whatever they are told, so that their
// name says nothing about what is asked.
var carriers = map[string]bool{
	"languages": true, "network": true, "web": true, "editors": true, "wrappers": true, "builtins": true,
}

// clientOf reports whether the process is a program of the system that is known
// for one purpose: what it asks was on its card.
func (g *Gate) clientOf(d *deed) bool {
	exe, err := proc.Readlink(d.key.pid, "exe")
	if err != nil || !strings.HasPrefix(exe, "/usr/bin/") && !strings.HasPrefix(exe, "/usr/sbin/") && !strings.HasPrefix(exe, "/bin/") && !strings.HasPrefix(exe, "/sbin/") && !strings.HasPrefix(exe, "/usr/lib/systemd/") {
		return false
	}
	e, err := lore.Lookup(path.Base(exe))
	return err == nil && e != nil && !carriers[e.Family]
}

// connect does the call; it may take as long as the other side does.
func (g *Gate) connect(ctx context.Context, d *deed) error {
	address := d.address
	if len(d.spots) > 0 {
		address = unixAddress(d.reach(0))
	}
	return g.onSocket(ctx, d, func(fd int) (int, error) { return 0, unotify.ConnectTo(fd, address) })
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
	return g.onSocket(ctx, d, func(fd int) (int, error) {
		return unotify.SendTo(fd, d.data, d.int(3)|unix.MSG_NOSIGNAL, address)
	})
}

// onSocket has do done with the process's identity and answers with its
// result. A process that is interrupted meanwhile is let go at once.
func (g *Gate) onSocket(ctx context.Context, d *deed, do func(fd int) (int, error)) error {
	type outcome struct {
		n   int
		err error
	}
	sock, fd := d.taken, int(d.taken.Fd())
	d.taken = nil // closed when the call is done, however long that takes
	done := make(chan outcome, 1)
	call := func() {
		defer sock.Close()
		var o outcome
		if err := g.crew.as(d.on, d.creds, func() { o.n, o.err = do(fd) }); err != nil {
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
		_ = unix.Shutdown(fd, unix.SHUT_RDWR) // ends a connect that still waits
		return &refusal{errno: unix.EINTR}
	}
}
