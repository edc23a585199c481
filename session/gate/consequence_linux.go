package gate

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"escort/explain/effect"
	"escort/explain/lore"
	"escort/session/proc"
	"escort/session/unotify"
)

// consequence is one effect of a call, rated, with what decides about it.
type consequence struct {
	effect.Effect
	class  string // of the place; empty: no path
	access string
	path   string                           // of a file, as the process sees it
	file   fileID                           // of an existing file; zero: none
	covers func(shown []effect.Effect) bool // whether a card showed it; nil: by the path
	never  bool                             // refused without asking
	ours   bool                             // the session's own: its terminal, the shell's own record
}

// consequences rates what d would do.
func (g *Gate) consequences(d *deed) []consequence {
	var out []consequence
	for i := range d.spots {
		s := &d.spots[i]
		access := d.shape.access
		if a := d.shape.names[i].access; a != "" {
			access = a
		}
		out = append(out, g.onSpot(d, s, access))
		if i == 0 && d.n.Call == "renameat2" && d.int(4)&unix.RENAME_EXCHANGE != 0 {
			out = append(out, g.onSpot(d, s, d.shape.names[1].access)) // it is not taken away but replaced
		}
	}
	return out
}

// onSpot is onPath, with what the supervision never allows.
func (g *Gate) onSpot(d *deed, s *spot, access string) consequence {
	c := g.onPath(d, s, access)
	c.never = c.never || g.guarded(c.path) || (d.shape.verb == "rename" || d.shape.verb == "link") && g.above(c.path)
	return c
}

// onPath rates an access to a file.
func (g *Gate) onPath(d *deed, s *spot, access string) consequence {
	p := s.real()
	e, place := lore.Change(d.shape.verb, access, p, g.where(d))
	c := consequence{Effect: e, class: place.Class, access: access, path: p}
	if c.file = s.old; s.name == "" {
		c.file = s.id()
	}
	if d.creds.UID[1] == 0 && g.user != "root" {
		c.As = "root"
	}
	if device := d.device(s); device != "" {
		c.class, c.Scope, c.Risk = device, effect.ScopeSystem, effect.Critical
		c.Role = effect.RoleDevice
	}
	if d.raises() {
		c.class, c.Dimension, c.Risk = classSetuid, effect.Control, effect.Worst(c.Risk, effect.High)
	}
	switch {
	case g.own(d, s):
		c.ours, c.Risk = true, effect.Safe
	case d.keepsOwner(s):
		c.Risk = effect.Low
	case isProcess(p):
		g.onOneProcess(d, &c)
	}
	return c
}

// ownerAt is the argument with the new owner; the group is the next one.
var ownerAt = map[unotify.Call]int{"chown": 1, "lchown": 1, "fchown": 1, "fchownat": 2}

// keepsOwner reports whether d gives a file to those whose it is already.
func (d *deed) keepsOwner(s *spot) bool {
	arg, ok := ownerAt[d.n.Call]
	keeps := func(want int, is uint32) bool { return want == -1 || want == int(int32(is)) }
	return ok && s.name == "" && keeps(d.int(arg), s.stat.Uid) && keeps(d.int(arg+1), s.stat.Gid)
}

// onOneProcess rates the settings of a process, of which those within the
// session are the engineer's business.
func (g *Gate) onOneProcess(d *deed, c *consequence) {
	base, pid := path.Base(c.path), processOf(c.path)
	inside, theirs := g.belongs(pid)
	switch {
	case !inside:
		c.Risk, c.Scope, c.never = effect.High, effect.ScopeOthers, g.ours(theirs)
		if memory[base] {
			c.Risk = effect.Critical
		}
	case memory[base] && !g.tracedBy(c.path, d.key.pid):
		c.Risk = effect.Critical
	case base == "loginuid":
		c.Risk, c.Scope, c.Dimension = effect.High, effect.ScopeSystem, effect.Hiding
	default:
		c.Risk, c.Scope = effect.Low, effect.ScopeOwn
	}
}

// belongs reports whether a process or a thread is one of the session's.
func (g *Gate) belongs(pid int) (inside bool, s proc.Stat) {
	status, err := proc.ReadStatus(pid)
	if err != nil {
		return false, s
	}
	t, err := proc.ReadTree()
	if err != nil {
		return false, s
	}
	if s = t.Stats[status.TGID]; status.TGID == g.shell {
		return true, s
	}
	return slices.ContainsFunc(t.Below(g.keeper), func(b proc.Stat) bool { return b.PID == status.TGID }), s
}

// processOf is the number in a path below /proc.
func processOf(p string) int {
	n, err := strconv.Atoi(strings.Split(p, "/")[2])
	if err != nil {
		return 0
	}
	return n
}

// classSetuid is the class of files that are about to act with more rights than
// those of whoever starts them.
const classSetuid = "setuid"

// raises reports whether d makes a file act as its owner, or gives it rights of
// its own. On folders the same bits only say who owns what is made in them.
func (d *deed) raises() bool {
	const raising = unix.S_ISUID | unix.S_ISGID
	arg, ok := modeAt[d.n.Call]
	switch {
	case d.open != nil:
		return (d.open.lacks || d.open.flags&unix.O_TMPFILE == unix.O_TMPFILE) && d.open.mode&raising != 0
	case ok:
		return d.mode(arg)&raising != 0 && (d.last(0) != "" || !d.spots[0].isFolder())
	}
	return strings.HasSuffix(string(d.n.Call), "setxattr") && d.text == "security.capability"
}

// harmless are the devices of memory(4) that are no memory: null, zero, full,
// random and urandom, and kmsg.
var harmless = map[uint64]bool{
	unix.Mkdev(1, 3): true, unix.Mkdev(1, 5): true, unix.Mkdev(1, 7): true, unix.Mkdev(1, 8): true, unix.Mkdev(1, 9): true, unix.Mkdev(1, 11): true,
}

// device is the class of a device that d makes, or writes to, whatever name it
// has: the number alone says which it is. Empty: none, or one whose name is
// where the system put it.
func (d *deed) device(s *spot) string {
	kind, dev := s.stat.Mode&unix.S_IFMT, s.stat.Rdev
	if n, ok := nodeAt[d.n.Call]; ok {
		kind, dev = uint32(d.n.Args[n[0]])&unix.S_IFMT, uint64(uint32(d.n.Args[n[1]]))
	} else if s.name != "" {
		return ""
	}
	switch {
	case kind == unix.S_IFBLK:
		return "disk"
	case kind == unix.S_IFCHR && unix.Major(dev) == 1 && !harmless[dev]:
		return "memory"
	case kind == unix.S_IFCHR && dev != 0 && !harmless[dev] && !strings.HasPrefix(s.real(), "/dev/"):
		return "device" // 0 is what layered file systems put where a file was taken away
	}
	return ""
}

// nodeAt are the arguments with the kind and the number of a new device.
var nodeAt = map[unotify.Call][2]int{"mknod": {1, 2}, "mknodat": {2, 3}}

// modeAt is the argument with the permissions.
var modeAt = map[unotify.Call]int{"chmod": 1, "fchmod": 1, "fchmodat": 2, "mknod": 1, "mknodat": 2}

// isProcess reports whether a path is below the folder of one process.
func isProcess(p string) bool {
	rest, ok := strings.CutPrefix(p, "/proc/")
	return ok && rest != "" && rest[0] >= '0' && rest[0] <= '9'
}

// memory are the files of a process that are as good as its control.
var memory = map[string]bool{"mem": true, "syscall": true}

// tracedBy reports whether the process that a path below /proc is about is
// traced by pid: its debugger may change it anyway, and was shown as one.
func (g *Gate) tracedBy(p string, pid int) bool {
	parts := strings.Split(p, "/") // "", "proc", "N", …
	tid := parts[2]
	if len(parts) > 4 && parts[3] == "task" {
		tid = parts[4]
	}
	n, err := strconv.Atoi(tid)
	if err != nil {
		return false
	}
	status, err := proc.ReadStatus(n)
	if err == nil && status.TGID == pid {
		return true // its own, which it can change anyway; gdb tries itself out this way
	}
	if err != nil || status.Tracer == 0 {
		return false
	}
	tracer, err := proc.ReadStatus(status.Tracer)
	return err == nil && tracer.TGID == pid
}

func (g *Gate) where(d *deed) lore.Where {
	return lore.Where{Home: g.home, User: g.user, Root: d.creds.UID[1] == 0}
}

// guarded reports whether a path is the supervision's own. Nobody is asked
// about it.
func (g *Gate) guarded(p string) bool {
	return slices.ContainsFunc(g.guard, func(root string) bool { return p == root || strings.HasPrefix(p, root+"/") })
}

// above reports whether a path is of a folder in which something of the
// supervision's own lies or would lie. Who moves it, or makes a link in its
// place, puts another thing there.
func (g *Gate) above(p string) bool {
	return slices.ContainsFunc(g.guard, func(root string) bool { return strings.HasPrefix(root, strings.TrimSuffix(p, "/")+"/") })
}

// The devices /dev/tty, which is the process's own terminal, and /dev/ptmx,
// which makes a new one.
var terminal, newTerminal = unix.Mkdev(5, 0), unix.Mkdev(5, 2)

// own reports whether s is the terminal of the session, one that was opened in
// it, or the shell's own record of lines.
func (g *Gate) own(d *deed, s *spot) bool {
	if s.name == "" && g.ownTerminal(s) {
		return true
	}
	p := s.real()
	if path.Dir(p) != g.home || !strings.HasPrefix(path.Base(p), ".bash_history") {
		return false
	}
	return d.key.pid == g.shell && g.first == "" || g.addsHistory(d, s)
}

// addsHistory reports whether d is how a bash below the session's own adds its
// lines to the record when it ends. What stands there stays.
func (g *Gate) addsHistory(d *deed, s *spot) bool {
	arg, permits := modeAt[d.n.Call]
	switch o := d.open; {
	case path.Base(s.path()) != ".bash_history":
		return false
	case o != nil && (o.lacks || o.flags&unix.O_APPEND != 0 && o.flags&unix.O_TRUNC == 0):
	case permits && d.mode(arg) == 0o600: // as it leaves it
	default:
		return false
	}
	shell, err := runs(g.shell)
	if err != nil {
		return false
	}
	exe, err := runs(d.key.pid)
	return err == nil && exe == shell && shell != fileID{}
}

// ownTerminal reports whether s is the terminal of the session, or one that was
// opened in it.
func (g *Gate) ownTerminal(s *spot) bool {
	switch {
	case s.stat.Mode&unix.S_IFMT != unix.S_IFCHR:
		return false
	case s.stat.Rdev == terminal || s.stat.Rdev == newTerminal:
		return true
	case unix.Major(s.stat.Rdev) != firstPTS:
		return false
	}
	at := terminalID{uint64(s.stat.Dev), s.stat.Rdev}
	g.mu.Lock()
	made := g.terminals[at]
	g.mu.Unlock()
	if made {
		return !g.usedOutside(at.number)
	}
	shell, err := proc.ReadStat(g.shell)
	return err == nil && shell.TTY == at.number && at.dev == pseudoTerminals()
}

// why says why c is refused without asking; empty: it is not.
func (g *Gate) why(c *consequence) string {
	switch {
	case c.never:
		return "it is the supervision's own"
	case c.ours:
		return ""
	}
	return g.policy.NeverChanges(c.Effect, c.class, c.path)
}
