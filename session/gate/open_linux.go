package gate

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"escort/session/proc"
	"escort/session/unotify"
)

// opening is an open that may change something: for writing, or one that
// creates or empties the file.
type opening struct {
	dir, name int // arguments, as in naming
	flags     int
	mode      uint32
	lacks     bool // the file is not there and is made
	special   bool // no regular file, folder or disk
	fifo      bool // a pipe with a name
	placed    *os.File
}

// openingOf reads the registers of n; nil if it is no open.
func openingOf(n unotify.Notification) *opening {
	switch n.Call {
	case "creat":
		return &opening{dir: -1, name: 0, flags: unix.O_CREAT | unix.O_WRONLY | unix.O_TRUNC, mode: uint32(n.Args[1])}
	case "open":
		return &opening{dir: -1, name: 0, flags: int(int32(n.Args[1])), mode: uint32(n.Args[2])}
	case "openat":
		return &opening{dir: 0, name: 1, flags: int(int32(n.Args[2])), mode: uint32(n.Args[3])}
	}
	return nil
}

func (o *opening) shape() shape {
	return shape{verb: "write", access: "write", names: []naming{{dir: o.dir, name: o.name, flags: -1}}}
}

// find resolves what is opened, or the folder in which it will be made.
func (o *opening) find(d *deed, path, from string) (spot, error) {
	const exclusive = unix.O_CREAT | unix.O_EXCL
	if o.flags&exclusive == exclusive {
		return o.findNew(d, path, from)
	}
	follow := o.flags&unix.O_NOFOLLOW == 0
	if o.flags&unix.O_CREAT == 0 {
		p, err := d.view.find(path, from, follow)
		return spot{place: p}, o.known(&p, err)
	}
	p, lacks, err := d.view.target(path, from, follow)
	if err == nil && lacks != "" {
		o.lacks = true
		d.shape.verb = "create"
		return spot{place: p, name: lacks}, nil
	}
	return spot{place: p}, o.known(&p, err)
}

// findNew is for a file that must not be there, not even as a dangling link.
func (o *opening) findNew(d *deed, path, from string) (spot, error) {
	p, err := d.view.object(path, from, false)
	if err == nil {
		p.close()
		return spot{place: p}, unix.EEXIST
	}
	if errno(err) != unix.ENOENT {
		return spot{place: p}, err
	}
	o.lacks, d.shape.verb = true, "create"
	return d.view.entry(path, from)
}

// known notes what kind of file is there.
func (o *opening) known(p *place, err error) error {
	if err != nil {
		return err
	}
	switch p.stat.Mode & unix.S_IFMT {
	case unix.S_IFREG, unix.S_IFDIR, unix.S_IFBLK:
	case unix.S_IFIFO:
		o.special, o.fifo = true, true
	default:
		o.special = true
	}
	return nil
}

// run opens the file on a thread with the process's identity.
func (o *opening) run(d *deed) error {
	flags := o.flags | unix.O_CLOEXEC | unix.O_NOCTTY
	s := &d.spots[0]
	var fd int
	var err error
	switch {
	case o.lacks:
		// EEXIST means that it was made meanwhile; the caller looks again.
		fd, err = unix.Openat(s.fd, s.name, flags|unix.O_NOFOLLOW|unix.O_EXCL, o.mode&0o7777)
	default:
		name := d.reach(0)
		if o.special && s.stat.Rdev == terminal {
			if name, err = d.gate.terminalOf(d.key.pid); err != nil {
				return err
			}
		}
		if flags&unix.O_CREAT != 0 { // else it keeps a disk for oneself, or a file without a name from getting one
			flags &^= unix.O_EXCL
		}
		fd, err = unix.Open(name, flags&^(unix.O_CREAT|unix.O_NOFOLLOW), o.mode&0o7777)
	}
	if err != nil {
		return err
	}
	o.placed = os.NewFile(uintptr(fd), s.path())
	return nil
}

// firstPTS is the number of the driver of pseudo-terminals.
const firstPTS = 136

// terminalOf is the file of the terminal that /dev/tty means to a process.
func (g *Gate) terminalOf(pid int) (string, error) {
	stat, err := proc.ReadStat(pid)
	if err != nil {
		return "", unix.ENXIO
	}
	if unix.Major(stat.TTY) != firstPTS {
		return "", unix.ENXIO
	}
	if !g.ownTerminal(&spot{place: place{stat: unix.Stat_t{Mode: unix.S_IFCHR, Dev: pseudoTerminals(), Rdev: stat.TTY}}}) {
		return "", unix.ENXIO // of a container, or of somebody else by now
	}
	return "/dev/pts/" + strconv.Itoa(int(unix.Minor(stat.TTY))), nil
}

// give hands the open file to the process and answers with its number. The
// gate's copy is closed before the process goes on, so that nobody else has the
// file open then: a program that was just written could not be started else.
func (o *opening) give(l Listener, d *deed) error {
	fd := int(o.placed.Fd())
	number, err := l.Give(d.n.ID, fd, o.flags&unix.O_CLOEXEC != 0)
	if closeErr := o.placed.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return l.Return(d.n.ID, int64(number))
}

// otherEnd opens a named pipe for reading for a moment, so that an open for
// writing that waits for a reader goes on.
func (o *opening) otherEnd(d *deed) {
	fd, err := unix.Open(d.reach(0), unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err == nil {
		_ = unix.Close(fd)
	}
}
