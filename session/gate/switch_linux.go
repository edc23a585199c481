package gate

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/explain/quote"
	"escort/session/proc"
)

// lookAtSwitch rates connecting to a program of this machine. What was bound in
// the session is the engineer's business; anything else acts outside of it.
func (g *Gate) lookAtSwitch(d *deed) ([]consequence, error) {
	name, abstract := unixPath(d.address)
	if abstract {
		return g.lookAtUnnamed(d, name)
	}
	err := g.within(d, func() error {
		p, err := d.view.find(name, "cwd", true)
		d.spots = []spot{{place: p}}
		return err
	})
	if err != nil {
		return nil, err
	}
	s := &d.spots[0]
	c := toProgram(s.real())
	c.path, c.never = s.real(), g.guarded(s.real())
	place := lore.Classify(c.path, g.where(d))
	row := switchAt(c.path)
	client := g.programOf(d)
	switch {
	case c.never:
	case place.Class == "control-socket":
		c.Risk, c.Scope, c.class = effect.Critical, effect.ScopeSystem, place.Class
		row.clients += " docker docker-compose podman buildah nerdctl ctr crictl containerd lxc lxd incus"
	case row.name != "":
		c.Risk, c.Scope, c.Object = effect.High, effect.ScopeSystem, row.name+" ("+c.Object+")"
	case row.pattern != "" || g.boundHere(s) || s.stat.Mode&unix.S_IFMT != unix.S_IFSOCK:
		c.Risk, c.Scope = effect.Safe, effect.ScopeOwn
	case onePurpose(client):
		row.clients = client
	}
	if client != "" && row.isClient(client) {
		c.Risk, c.Scope = effect.Low, effect.ScopeOwn
	}
	return []consequence{c}, nil
}

// toProgram is connecting to a program of which nothing is known but that it
// does not belong to the session.
func toProgram(name string) consequence {
	return consequence{Effect: effect.Effect{
		Verb: "connect", Object: quote.Line(name).String(), Role: effect.RolePath, Scope: effect.ScopeOthers, Dimension: effect.Control, Risk: effect.Caution,
	}}
}

// lookAtUnnamed rates connecting to a socket that has no file. The session's own
// scopes do not keep it from those outside, since the gate does the call.
func (g *Gate) lookAtUnnamed(d *deed, name string) ([]consequence, error) {
	g.mu.Lock()
	own := g.unnamed[unnamedKey(int(d.taken.Fd()), d.address)]
	g.mu.Unlock()
	if own {
		return nil, nil
	}
	c := toProgram(name)
	c.Object, c.Risk = "a program outside of this session by the name "+name, effect.High
	c.covers = func([]effect.Effect) bool { return false }
	return []consequence{c}, nil
}

// unnamedKey is the name of a socket without a file, within its network.
func unnamedKey(fd int, address []byte) string {
	const netnsCookie = 71 // SO_NETNS_COOKIE
	cookie, err := unix.GetsockoptUint64(fd, unix.SOL_SOCKET, netnsCookie)
	if err != nil {
		return "" // nothing has this key
	}
	return strconv.FormatUint(cookie, 16) + " " + string(address)
}

// socketFile is the file of a socket.
type socketFile struct{ dev, ino uint64 }

// boundHere reports whether the file of a socket was made within the session.
func (g *Gate) boundHere(s *spot) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.sockets[socketFile{uint64(s.stat.Dev), s.stat.Ino}]
}

// bound remembers a socket that was given its address within the session.
func (g *Gate) bound(d *deed, fd int) {
	at, err := unix.Getsockname(fd)
	unixAt, ok := at.(*unix.SockaddrUnix)
	if err != nil || !ok || unixAt.Name == "" {
		return
	}
	if strings.HasPrefix(unixAt.Name, "@") && len(d.spots) == 0 {
		address := unixAddress("\x00" + unixAt.Name[1:])
		key := unnamedKey(fd, address[:len(address)-1])
		g.mu.Lock()
		defer g.mu.Unlock()
		g.unnamed[key] = key != ""
		return
	}
	var stat unix.Stat_t
	if len(d.spots) == 0 || unix.Fstatat(d.fd(0), d.last(0), &stat, unix.AT_SYMLINK_NOFOLLOW) != nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sockets[socketFile{uint64(stat.Dev), stat.Ino}] = true
}

// control is a socket of something that acts for whoever asks it. The clients
// are the programs made for it: what they ask was on their card. Without a name
// it is one that everybody asks all the time, and that does nothing for them.
type control struct{ pattern, name, clients string }

const (
	agents = "ssh ssh-add scp sftp ssh-keygen ssh-copy-id gpg gpg2 gpgv gpgconf gpg-agent gpg-connect-agent gpgsm dirmngr pinentry* secret-tool gnome-keyring*"
	buses  = "systemctl journalctl loginctl hostnamectl timedatectl localectl busctl resolvectl networkctl machinectl coredumpctl bootctl systemd-* " +
		"nmcli nmtui bluetoothctl udisksctl pkexec pkcheck pkttyagent gdbus dbus-* notify-send gsettings dconf firewall-cmd upower sudo su login passwd " +
		"shutdown reboot poweroff halt apt apt-get dpkg dnf yum rpm virsh snap flatpak fwupdmgr avahi-*"
)

// controls are sockets through which something outside of the session would
// act for it.
var controls = []control{
	{"/run/dbus/system_bus_socket", "the switchboard of the system's services", buses},
	{"/run/user/*/bus", "the switchboard of a person's programs", buses},
	{"/run/systemd/private", "the program that starts and stops services", buses},
	{"/run/systemd/*", "a part of the service manager", buses},
	{"/run/user/*/systemd/private", "the program that starts a person's services", buses},
	{"/run/podman/podman.sock", "the switch that controls containers", "podman docker"},
	{"/run/user/*/podman/podman.sock", "the switch that controls containers", "podman docker"},
	{"/run/user/*/docker.sock", "the switch that controls containers", "docker docker-compose"},
	{"/run/crio/crio.sock", "the switch that controls containers", "crictl"},
	{"/run/libvirt/*", "the program that controls virtual machines", "virsh virt-*"},
	{"/run/snapd*.socket", "the program that installs packages", "snap"},
	{"/tmp/tmux-*/*", "another terminal session", "tmux"},
	{"/run/screen/*/*", "another terminal session", "screen"},
	{"/run/user/*/keyring/*", "the store of keys", agents},
	{"/run/user/*/gnupg/*", "the store of keys", agents},
	{"/tmp/ssh-*/agent.*", "the login keys of somebody", agents},
	{"/run/*/X11-unix/*", "a desktop", ""},
	{"/tmp/.X11-unix/*", "a desktop", ""},

	{pattern: "/dev/log"},
	{pattern: "/run/systemd/journal/*"},
	{pattern: "/run/systemd/userdb/*"},
	{pattern: "/run/systemd/resolve/io.systemd.Resolve*"},
	{pattern: "/run/nscd/socket"},
	{pattern: "/var/lib/sss/pipes/*"},
	{pattern: "/run/avahi-daemon/socket"},
	{pattern: "/run/samba/winbindd/pipe"},
}

func switchAt(p string) control {
	p = strings.Replace(p, "/var/run/", "/run/", 1)
	for _, c := range controls {
		if ok, err := path.Match(c.pattern, p); err == nil && ok {
			return c
		}
	}
	return control{}
}

func (c control) isClient(program string) bool {
	for pattern := range strings.FieldsSeq(c.clients) {
		if ok, err := path.Match(pattern, program); err == nil && ok {
			return true
		}
	}
	return false
}

// carriers are families of programs that speak to whatever they are told, or
// that load code which they are told, so that their name says nothing about what
// is asked.
var carriers = map[string]bool{
	"languages": true, "network": true, "web": true, "editors": true, "wrappers": true, "builtins": true, "builds": true, "text": true,
	"builtins-shells": true, "archives": true, "files": true, "processes": true, "media": true, "pictures": true,
}

// loaders are the same, of other families.
var loaders = map[string]bool{"sqlite3": true, "openssl": true, "gnuplot": true, "octave": true, "gimp": true}

// onePurpose reports whether a program is known for one purpose: what it asks
// was on its card.
func onePurpose(program string) bool {
	e, err := lore.Lookup(program)
	return program != "" && err == nil && e != nil && !carriers[e.Family] && !loaders[program]
}

// logging are programs that write to the system's log though they are carriers.
const logging = "sudo su ssh sshd ifconfig route arp ping logger utempter"

// programOf is the name of the program of the process, if it is one of the
// system that nobody has debugged. Empty: it is not.
func (g *Gate) programOf(d *deed) string {
	exe, err := proc.Readlink(d.key.pid, "exe")
	if err != nil || !slices.Contains(programDirs, path.Dir(exe)) {
		return ""
	}
	if same, err := proc.SameRoot(d.n.TID); err != nil || !same {
		return ""
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.traced[d.key] {
		return ""
	}
	return path.Base(exe)
}

var programDirs = []string{
	"/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/lib/systemd",
	"/usr/lib/x86_64-linux-gnu/utempter", "/usr/lib/aarch64-linux-gnu/utempter", "/usr/libexec/utempter",
}
