package gate

import (
	"encoding/binary"
	"errors"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"escort/session/proc"
	"escort/session/unotify"
)

// deed is one call with an effect on its way through the gate. Everything that
// lay in the process's memory was copied: what is judged is what is done.
type deed struct {
	gate    *Gate
	n       unotify.Notification
	key     procKey
	stat    proc.Stat
	creds   proc.Creds
	shape   shape
	open    *opening // open, openat and creat
	paths   []string // as they stood in memory, for each name of the shape
	text    string
	data    []byte   // times, the value of an attribute, a message
	address []byte   // of a socket, as it stood in memory
	taken   *os.File // a descriptor of the process's that was made one of the gate's
	rules   bool     // through the socket that it asks for the kernel could be told what to do
	weaker  bool     // it is given one through which it cannot
	spots   []spot   // where the names lead to, once resolved
	view    *view
	on      *server // that does it; nil: none
	acting  bool    // what runs now runs on a thread with the process\'s identity
}

// spot is where one name leads to.
type spot struct {
	place        // the folder of an entry, the file itself of an object
	old   fileID // what an entry names already; zero: nothing
	name  string // of an entry, within the folder; empty: an object
}

// meet notes which file an entry names already.
func (s *spot) meet() {
	old := place{fd: -1}
	if s.fd >= 0 && unix.Fstatat(s.fd, s.name, &old.stat, unix.AT_SYMLINK_NOFOLLOW) == nil {
		s.old = old.id()
	}
}

// path is where the spot is, as the process sees it.
func (s *spot) path() string {
	if s.name == "" {
		return s.place.name()
	}
	return strings.TrimSuffix(s.place.name(), "/") + "/" + strings.TrimRight(s.name, "/")
}

// real is where the spot is as everybody else sees it, whatever its process
// calls its root and from wherever it came there: the kernel tells by the open
// file. Kernel's own file systems are named as where they usually lie.
func (s *spot) real() string {
	p, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(s.fd))
	if err != nil || !strings.HasPrefix(p, "/") {
		return s.path()
	}
	if s.stat.Nlink == 0 {
		p = strings.TrimSuffix(p, " (deleted)")
	}
	p = usual(s.fd, p)
	if s.name == "" {
		return p
	}
	return strings.TrimSuffix(p, "/") + "/" + strings.TrimRight(s.name, "/")
}

func (d *deed) fd(i int) int        { return d.spots[i].fd }
func (d *deed) last(i int) string   { return d.spots[i].name }
func (d *deed) int(arg int) int     { return int(int32(d.n.Args[arg])) }
func (d *deed) mode(arg int) uint32 { return uint32(d.n.Args[arg]) & 0o177777 }
func (d *deed) reach(i int) string  { return "/proc/self/fd/" + strconv.Itoa(d.fd(i)) }
func (d *deed) rename(flags uint) error {
	return unix.Renameat2(d.fd(0), d.last(0), d.fd(1), d.last(1), flags)
}

func (d *deed) link() error {
	// Naming the file by its descriptor is what keeps it the one that was judged;
	// the kernel then asks whether this identity may link to it as ever.
	return unix.Linkat(unix.AT_FDCWD, d.reach(0), d.fd(1), d.last(1), unix.AT_SYMLINK_FOLLOW)
}

func (d *deed) chown(uid, gid int) error {
	return unix.Fchownat(d.fd(0), "", d.int(uid), d.int(gid), unix.AT_EMPTY_PATH)
}

func (d *deed) setxattr() error {
	return unix.Setxattr(d.reach(0), d.text, d.data, d.int(4))
}

// stamp sets the times of a file. Each call of this kind has its own form for
// them; no form at all means now.
func (d *deed) stamp() error {
	var ts []unix.Timespec
	at := func(i int) int64 { return int64(binary.LittleEndian.Uint64(d.data[8*i:])) }
	switch {
	case d.data == nil:
	case d.n.Call == "utime": // two times in seconds
		ts = []unix.Timespec{{Sec: at(0)}, {Sec: at(1)}}
	case d.n.Call == "utimensat":
		ts = []unix.Timespec{{Sec: at(0), Nsec: at(1)}, {Sec: at(2), Nsec: at(3)}}
	default: // in microseconds
		ts = []unix.Timespec{{Sec: at(0), Nsec: at(1) * 1000}, {Sec: at(2), Nsec: at(3) * 1000}}
	}
	return unix.UtimesNanoAt(unix.AT_FDCWD, d.reach(0), ts, 0)
}

// timesAt is the argument with the times, and how many bytes they are.
var timesAt = map[unotify.Call][2]int{"utime": {1, 16}, "utimes": {1, 32}, "futimesat": {2, 32}, "utimensat": {2, 32}}

// readDeed copies the arguments of n from the process's memory.
func (g *Gate) readDeed(n unotify.Notification, k kind) (*deed, error) {
	d := &deed{gate: g, n: n, shape: shapes[n.Call], open: openingOf(n)}
	if d.open != nil {
		d.shape = d.open.shape()
	}
	m := proc.NewMemory(n.TID)
	err := k.copy(d, m)
	var errs [2]error
	if d.creds, errs[0] = proc.ReadCreds(n.TID); errs[0] == nil {
		d.stat, errs[1] = proc.ReadStat(d.creds.TGID)
		d.key = procKey{d.creds.TGID, d.stat.Start}
	}
	if !g.l.Valid(n.ID) {
		return nil, &refusal{errno: unix.EINTR}
	}
	if r := (*refusal)(nil); errors.As(err, &r) {
		return nil, r
	}
	if errors.Is(err, proc.ErrTooLong) {
		return nil, &refusal{errno: unix.ENAMETOOLONG}
	}
	if err := errors.Join(err, errs[0], errs[1]); err != nil {
		return nil, unreadable(n.TID, err)
	}
	return d, nil
}

func (d *deed) copyFrom(m *proc.Memory) error {
	for _, nm := range d.shape.names {
		path := ""
		if nm.name >= 0 && !d.byDescriptor(nm) {
			var err error
			if path, err = m.String(d.n.Args[nm.name], proc.MaxPath-1); err != nil {
				return err
			}
		}
		d.paths = append(d.paths, path)
	}
	if arg, ok := texts[d.n.Call]; ok {
		var err error
		if d.text, err = m.String(d.n.Args[arg], proc.MaxPath-1); err != nil {
			return err
		}
	}
	if t, ok := timesAt[d.n.Call]; ok && d.n.Args[t[0]] != 0 {
		return d.copyData(m, d.n.Args[t[0]], uint64(t[1]))
	}
	if strings.HasSuffix(string(d.n.Call), "setxattr") {
		return d.copyData(m, d.n.Args[2], d.n.Args[3])
	}
	return nil
}

func (d *deed) copyData(m *proc.Memory, addr, size uint64) (err error) {
	if size > 64<<10 { // XATTR_SIZE_MAX
		return &refusal{errno: unix.E2BIG}
	}
	d.data, err = m.Bytes(addr, int(size))
	return err
}

// byDescriptor reports whether a name is a descriptor by itself: utimensat
// with no path.
func (d *deed) byDescriptor(nm naming) bool {
	return d.n.Call == "utimensat" && d.n.Args[nm.name] == 0
}

// resolve finds out where the names lead to, in the process's own view and with
// its rights. Errors are numbers that the kernel would answer.
func (d *deed) resolve() error {
	for i, nm := range d.shape.names {
		s, err := d.find(nm, d.paths[i])
		if err != nil {
			return err
		}
		d.spots = append(d.spots, s)
	}
	return nil
}

// inTheWay reports whether there is something already where d would only make
// something new: ln(1) and mv(1) try that first with what may be a folder.
func (d *deed) inTheWay() bool {
	switch d.n.Call {
	case "mkdir", "mkdirat", "link", "linkat", "symlink", "symlinkat":
		return d.there(len(d.spots) - 1)
	case "renameat2":
		return d.int(4)&unix.RENAME_NOREPLACE != 0 && d.there(0) && d.there(1)
	}
	return false
}

// there reports whether an entry names something already.
func (d *deed) there(i int) bool { return d.spots[i].old != fileID{} }

// from is the link below /proc to the folder that a name starts from.
func (d *deed) from(nm naming) string {
	if nm.dir >= 0 && d.int(nm.dir) != unix.AT_FDCWD {
		return "fd/" + strconv.Itoa(d.int(nm.dir))
	}
	return "cwd"
}

func (d *deed) find(nm naming, path string) (spot, error) {
	from := d.from(nm)
	flags := 0
	if nm.flags >= 0 {
		flags = d.int(nm.flags)
	}
	switch {
	case d.open != nil:
		return d.open.find(d, path, from)
	case nm.name < 0, d.byDescriptor(nm), path == "" && flags&unix.AT_EMPTY_PATH != 0:
		p, err := badDescriptor(d.view.at(from))
		return spot{place: p}, err
	case nm.entry:
		s, err := d.view.entry(path, from)
		s.meet()
		return s, err
	}
	follow := nm.follow == always || nm.follow == unlessNoFollow && flags&unix.AT_SYMLINK_NOFOLLOW == 0 ||
		nm.follow == ifFollow && flags&unix.AT_SYMLINK_FOLLOW != 0
	p, err := d.view.object(path, from, follow)
	return spot{place: p}, err
}

// close gives up what was opened on the way.
func (d *deed) close() {
	for i := range d.spots {
		d.spots[i].close()
	}
	if d.view != nil {
		d.view.close()
	}
	if d.taken != nil {
		_ = d.taken.Close()
	}
}
