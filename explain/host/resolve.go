package host

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
)

const (
	maxLinks = 40      // as many as Linux follows
	maxPath  = 4 << 10 // bytes, PATH_MAX of Linux
)

// place is a file at the end of a path.
type place struct {
	path   string      // inside the root; no links, no dots
	info   fs.FileInfo // of the file itself
	linked bool        // the way there led over a symbolic link
}

// locate follows name, taken from the session's directory, to its end.
func (w *World) locate(name string) (place, error) {
	abs, err := w.absolute(name)
	if err != nil {
		return place{}, err
	}
	return w.m.follow(abs, true)
}

// absolute puts the session's directory before a relative name. Nothing else
// of name changes: removing "x/.." before links are followed would be wrong.
func (w *World) absolute(name string) (string, error) {
	switch {
	case name == "":
		return "", missing(name)
	case strings.IndexByte(name, 0) >= 0:
		return "", unknown("%q: no path has a NUL byte", name)
	case len(name) >= maxPath:
		return "", unknown("path of %d bytes", len(name))
	case name[0] == '/':
		return name, nil
	case !path.IsAbs(w.o.Cwd):
		return "", unknown("%q: the working directory is not known", name)
	}
	return w.o.Cwd + "/" + name, nil
}

// walk is a path being followed.
type walk struct {
	m      *machine
	done   place
	ahead  []string // components still to go, next first
	links  int
	follow bool // the last component too, if it is a link
}

// follow resolves abs component by component inside the root, as chroot would:
// no link and no ".." leads out of it.
func (m *machine) follow(abs string, last bool) (place, error) {
	k := walk{m: m, ahead: strings.Split(abs, "/"), follow: last}
	k.done.path = "/"
	for len(k.ahead) > 0 {
		if err := k.step(); err != nil {
			return place{}, m.failure(abs, err)
		}
	}
	if k.done.info == nil { // only dots and slashes, or ".." at the end
		info, err := os.Lstat(m.outside(k.done.path))
		if err != nil {
			return place{}, m.failure(abs, err)
		}
		k.done.info = info
	}
	return k.done, nil
}

func (k *walk) step() error {
	name := k.ahead[0]
	k.ahead = k.ahead[1:]
	switch name {
	case "", ".":
		return nil
	case "..":
		k.done.path, k.done.info = path.Dir(k.done.path), nil
		return nil
	}
	at := path.Join(k.done.path, name)
	info, err := os.Lstat(k.m.outside(at))
	if err != nil {
		return err
	}
	if info.Mode()&fs.ModeSymlink != 0 && (k.follow || len(k.ahead) > 0) {
		return k.link(at)
	}
	if !info.IsDir() && len(k.ahead) > 0 {
		return syscall.ENOTDIR
	}
	k.done.path, k.done.info = at, info
	return nil
}

// link replaces the link at by what it says.
func (k *walk) link(at string) error {
	if k.links++; k.links > maxLinks {
		return syscall.ELOOP
	}
	outside := k.m.outside(at)
	if madeByKernel(path.Dir(outside)) {
		return unknown("%q: a link that leads elsewhere for every process", at)
	}
	to, err := os.Readlink(outside)
	if err != nil {
		return err
	}
	if to == "" || len(to)+len(strings.Join(k.ahead, "/")) >= 2*maxPath {
		return syscall.ENAMETOOLONG
	}
	if to[0] == '/' {
		k.done.path = "/"
	}
	k.done.info, k.done.linked = nil, true
	k.ahead = append(strings.Split(to, "/"), k.ahead...)
	return nil
}

// outside is where this process finds what the session calls path.
func (m *machine) outside(path string) string { return m.root + path }
