package gate

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"escort/session/proc"
)

// maxLinks is how many symbolic links the kernel follows in one path.
const maxLinks = 40

// procRoot is the inode number of the root of every proc file system.
const procRoot = 1

// view is the file system as one thread sees it: its own root, its own working
// directory, its own /proc/self.
type view struct {
	tid, tgid int
	root      place
	outside   string             // the path of its root as others see it; empty: theirs
	kept      map[string]place   // folders opened beforehand, by link
	within    func(pid int) bool // whether the thread may look into a process; nil: not asked
}

// place is one file or folder on the way of a path. The descriptor only names
// it: nothing can be read through it.
type place struct {
	fd   int
	path []string // names from the root of the view
	stat unix.Stat_t
}

func (p *place) close() {
	if p.fd >= 0 {
		unix.Close(p.fd)
		p.fd = -1
	}
}

func (p *place) id() fileID {
	return fileID{
		Dev: uint64(p.stat.Dev), Ino: p.stat.Ino, Size: p.stat.Size,
		Mtime: p.stat.Mtim.Nano(), Ctime: p.stat.Ctim.Nano(),
	}
}

func (p *place) isLink() bool   { return p.stat.Mode&unix.S_IFMT == unix.S_IFLNK }
func (p *place) isFile() bool   { return p.stat.Mode&unix.S_IFMT == unix.S_IFREG }
func (p *place) isFolder() bool { return p.stat.Mode&unix.S_IFMT == unix.S_IFDIR }
func (p *place) name() string   { return "/" + strings.Join(p.path, "/") }

// newView opens the root of tid, a thread of tgid. Close it after use.
func newView(tid, tgid int) (*view, error) {
	fd, err := proc.Link(tid, "root")
	if err != nil {
		return nil, err
	}
	v := &view{tid: tid, tgid: tgid, root: place{fd: fd}}
	if root, err := proc.Readlink(tid, "root"); err != nil {
		v.close()
		return nil, err
	} else if root != "/" {
		v.outside = root
	}
	if err := unix.Fstat(fd, &v.root.stat); err != nil {
		v.close()
		return nil, err
	}
	return v, nil
}

func (v *view) close() {
	v.root.close()
	for _, p := range v.kept {
		p.close()
	}
}

// keep opens a folder for later, while whoever calls may look at the thread:
// one that made itself unreadable cannot be looked at under its own identity.
func (v *view) keep(link string) {
	if _, have := v.kept[link]; have {
		return
	}
	if p, err := v.at(link); err == nil {
		if v.kept == nil {
			v.kept = map[string]place{}
		}
		v.kept[link] = p
	}
}

// errno is the number that the kernel would answer for err.
func errno(err error) syscall.Errno {
	var n syscall.Errno
	if errors.As(err, &n) {
		return n
	}
	return unix.EIO
}

// at opens a folder of the thread by the name of its link below /proc.
func (v *view) at(link string) (place, error) {
	if p, ok := v.kept[link]; ok {
		fd, err := unix.FcntlInt(uintptr(p.fd), unix.F_DUPFD_CLOEXEC, 0)
		p.fd = fd
		return p, err
	}
	fd, err := proc.Link(v.tid, link)
	if err != nil {
		return place{fd: -1}, err
	}
	p := place{fd: fd, path: v.seen(link)}
	if err := unix.Fstat(fd, &p.stat); err != nil {
		p.close()
		return place{fd: -1}, err
	}
	return p, nil
}

// seen is the path of a link as the thread itself would write it, for people
// and for comparing with a plan; what it leads to is decided by descriptors.
func (v *view) seen(link string) []string {
	full, err := proc.Readlink(v.tid, link)
	if err != nil {
		return []string{"?"}
	}
	return split(strings.TrimPrefix(full, v.outside))
}

func split(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}

// find walks name from the folder from ("cwd" or "fd/N") as the kernel would do
// for the thread. With last false a symbolic link at the end is an ELOOP. The
// caller closes the place.
func (v *view) find(name, from string, last bool) (place, error) {
	w := walk{view: v, last: last}
	err := w.run(name, from)
	return w.here, err
}

// object is find for calls that take a symbolic link at the end as it is where
// they do not follow it.
func (v *view) object(name, from string, follow bool) (place, error) {
	w := walk{view: v, last: true, asIs: !follow}
	err := w.run(name, from)
	return w.here, err
}

// target is find for calls that may make the file: lacks is its name in the
// folder here where it is not there.
func (v *view) target(name, from string, last bool) (here place, lacks string, err error) {
	w := walk{view: v, last: last, make: true}
	err = w.run(name, from)
	return w.here, w.lacks, err
}

// entry finds the folder of a name that is made, moved or taken away.
func (v *view) entry(name, from string) (spot, error) {
	trimmed := strings.TrimRight(name, "/")
	if trimmed == "" {
		if name == "" {
			return spot{place: place{fd: -1}}, unix.ENOENT
		}
		return spot{place: place{fd: -1}}, unix.EBUSY // the root itself
	}
	cut := strings.LastIndexByte(trimmed, '/') + 1
	folder := trimmed[:cut]
	if folder == "" {
		folder = "."
	}
	p, err := v.find(folder, from, true)
	return spot{place: p, name: name[cut:]}, err
}

// run walks all of name. On an error nothing is left open.
func (w *walk) run(name, from string) error {
	w.here = place{fd: -1}
	if name == "" {
		return unix.ENOENT
	}
	w.todo = components(name)
	var err error
	if strings.HasPrefix(name, "/") {
		w.here, err = w.top()
	} else {
		w.here, err = w.at(from)
		if from != "cwd" {
			w.here, err = badDescriptor(w.here, err)
		}
	}
	for err == nil && len(w.todo) > 0 {
		err = w.step()
	}
	if err != nil {
		w.here.close()
	}
	return err
}

// components splits a path; a slash at the end stands for one more ".".
func components(name string) []string {
	c := split(name)
	if strings.HasSuffix(name, "/") {
		c = append(c, ".")
	}
	return c
}

// top is the root of the view under a descriptor of its own.
func (v *view) top() (place, error) {
	fd, err := unix.FcntlInt(uintptr(v.root.fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return place{fd: -1}, err
	}
	return place{fd: fd, stat: v.root.stat}, nil
}

// walk is one path on its way.
type walk struct {
	*view
	here  place
	todo  []string
	links int
	last  bool
	asIs  bool   // a symbolic link at the end is what is looked for
	make  bool   // the last name need not be there
	lacks string // that name, once it is known not to be there
}

// step takes the next component.
func (w *walk) step() error {
	name := w.todo[0]
	w.todo = w.todo[1:]
	flags := unix.O_PATH | unix.O_NOFOLLOW
	up := name == ".."
	if up && w.here.stat.Dev == w.root.stat.Dev && w.here.stat.Ino == w.root.stat.Ino {
		name = "." // above the root is the root
	}
	next := place{fd: -1}
	if err := w.openAt(name, flags, &next); err != nil {
		if w.make && err == unix.ENOENT && len(w.todo) == 0 {
			w.lacks = name
			return nil
		}
		return err
	}
	next.path = w.here.path
	switch {
	case name == ".":
	case up:
		if n := len(next.path); n > 0 {
			next.path = next.path[:n-1]
		}
	case next.isLink() && (len(w.todo) > 0 || !w.asIs):
		return w.follow(name, next)
	default:
		next.path = append(next.path[:len(next.path):len(next.path)], name)
	}
	w.move(next)
	return nil
}

func (w *walk) move(to place) {
	w.here.close()
	w.here = to
}

// openAt opens name in the folder that the walk is in.
func (w *walk) openAt(name string, flags int, p *place) error {
	fd, err := unix.Openat(w.here.fd, name, flags|unix.O_CLOEXEC, 0)
	for err == unix.EINTR {
		fd, err = unix.Openat(w.here.fd, name, flags|unix.O_CLOEXEC, 0)
	}
	if err != nil {
		return err
	}
	p.fd = fd
	if err := unix.Fstat(fd, &p.stat); err != nil {
		p.close()
		return err
	}
	return nil
}

// follow goes on behind the symbolic link l of that name.
func (w *walk) follow(name string, l place) error {
	defer l.close()
	if len(w.todo) == 0 && !w.last {
		return unix.ELOOP
	}
	if w.links++; w.links > maxLinks {
		return unix.ELOOP
	}
	var fs unix.Statfs_t
	if err := unix.Fstatfs(l.fd, &fs); err != nil {
		return err
	}
	if fs.Type == unix.PROC_SUPER_MAGIC {
		if w.here.stat.Ino != procRoot {
			return w.magic(name)
		}
		if own := w.own(name); own != "" {
			return w.jump(own)
		}
	}
	buf := make([]byte, proc.MaxPath)
	n, err := unix.Readlinkat(l.fd, "", buf)
	if err != nil {
		return err
	}
	target := string(buf[:n])
	w.todo = append(components(target), w.todo...)
	if strings.HasPrefix(target, "/") {
		top, err := w.top()
		if err != nil {
			return err
		}
		w.move(top)
	}
	return nil
}

// own is the folder of the thread that /proc/self or thread-self stands for;
// read by the gate these would lead to the gate itself.
func (w *walk) own(name string) string {
	switch name {
	case "self":
		return strconv.Itoa(w.tgid)
	case "thread-self":
		return strconv.Itoa(w.tgid) + "/task/" + strconv.Itoa(w.tid)
	}
	return ""
}

// jump goes to a folder of this process's own /proc, which may be another one
// than the thread's, whose numbers are others.
func (w *walk) jump(own string) error {
	fd, err := unix.Open("/proc/"+own, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	p := place{fd: fd, path: append([]string{"proc"}, split(own)...)}
	if err := unix.Fstat(fd, &p.stat); err != nil {
		p.close()
		return err
	}
	w.move(p)
	return nil
}

// magic goes through a link such as exe or fd/3, which leads to a file and not
// to a path. Only opening it tells where. The gate may look into processes that
// the session's scopes close to the thread.
func (w *walk) magic(name string) error {
	if w.within != nil {
		at, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(w.here.fd))
		if err != nil {
			return err
		}
		if at = usual(w.here.fd, at); isProcess(at) && !w.within(processOf(at)) {
			return unix.EACCES
		}
	}
	buf := make([]byte, proc.MaxPath)
	n, err := unix.Readlinkat(w.here.fd, name, buf)
	if err != nil {
		return err
	}
	next := place{fd: -1, path: split(string(buf[:n]))}
	if err := w.openAt(name, unix.O_PATH, &next); err != nil {
		return err
	}
	w.move(next)
	return nil
}
