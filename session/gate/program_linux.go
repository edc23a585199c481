package gate

import (
	"path"
	"runtime"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"escort/session/unotify"
)

// call is a start as the process asks for it.
type call struct {
	kind  unotify.Call
	name  string
	dirfd int
	flags int
	argv  []string
	env   []string
}

// program is what a call would run, looked up in the process's own view.
type program struct {
	path    string // of the file named
	file    fileID
	exe     fileID   // what the process will run in the end: file, or its interpreter
	argv    []string // what that one will be given
	scripts []script // files that an interpreter is going to open by name
	head    []byte   // beginning of the file named
	foreign bool     // for another machine
}

// script is a file that an interpreter opens once more, by this name.
type script struct {
	name, from string
	file       fileID
}

// folder is the link below /proc that a relative name starts from.
func (c *call) folder() string {
	if c.kind == unotify.Execve || c.dirfd == unix.AT_FDCWD {
		return "cwd"
	}
	return "fd/" + strconv.Itoa(c.dirfd)
}

// find resolves what c names. Errors are numbers that the kernel would answer.
func (c *call) find(v *view) (place, error) {
	if c.kind == unotify.Execve {
		return v.find(c.name, "cwd", true)
	}
	if c.flags&^(unix.AT_EMPTY_PATH|unix.AT_SYMLINK_NOFOLLOW) != 0 {
		return place{fd: -1}, unix.EINVAL
	}
	folder := c.folder()
	if c.name == "" && c.flags&unix.AT_EMPTY_PATH != 0 {
		return badDescriptor(v.at(folder))
	}
	p, err := v.find(c.name, folder, c.flags&unix.AT_SYMLINK_NOFOLLOW == 0)
	return p, err
}

// badDescriptor gives the number for a descriptor that is not there.
func badDescriptor(p place, err error) (place, error) {
	if err != nil && errno(err) == unix.ENOENT {
		err = unix.EBADF
	}
	return p, err
}

// given is the name under which the kernel passes the file to an interpreter.
func (c *call) given() string {
	if c.folder() == "cwd" || len(c.name) > 0 && c.name[0] == '/' {
		return c.name
	}
	if c.name == "" {
		return "/dev/" + c.folder()
	}
	return "/dev/" + c.folder() + "/" + c.name
}

// lookUp finds out what c will run. An error is the number to answer.
func lookUp(v *view, c *call) (*program, error) {
	at, err := c.find(v)
	if err != nil {
		return nil, err
	}
	defer func() { at.close() }()
	if err := startable(&at); err != nil {
		return nil, err
	}
	p := &program{path: (&spot{place: at}).real(), file: at.id(), argv: c.argv, head: readHead(&at)}
	if len(p.argv) == 0 {
		p.argv = []string{""} // the kernel puts one there
	}
	head, name := p.head, c.given()
	for range maxScripts {
		interp, arg, ok := shebang(head)
		if !ok {
			break
		}
		p.scripts = append(p.scripts, script{name: name, from: "cwd", file: at.id()})
		p.argv = throughScript(interp, arg, name, p.argv)
		next, err := v.find(interp, "cwd", true)
		if err != nil {
			// The kernel is left to say so: it knows best, and the outcome
			// reports its number.
			break
		}
		at.close()
		at, name = next, interp
		head = readHead(&at)
	}
	p.exe = at.id()
	p.foreign = elfKind(head, runtime.GOARCH) == foreignELF
	return p, nil
}

// startable answers what the kernel would for what can never be started.
func startable(p *place) error {
	if !p.isFile() || p.stat.Mode&0o111 == 0 {
		return unix.EACCES
	}
	return nil
}

// readHead returns the beginning of a regular file, nothing if it may not be
// read. Opening other kinds of files could block or have effects.
func readHead(p *place) []byte {
	if !p.isFile() {
		return nil
	}
	fd, err := unix.Open("/proc/self/fd/"+strconv.Itoa(p.fd), unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	buf := make([]byte, headSize)
	got := 0
	for got < len(buf) {
		n, err := unix.Pread(fd, buf[got:], int64(got))
		if err == syscall.EINTR {
			continue
		}
		if err != nil || n == 0 {
			break
		}
		got += n
	}
	return buf[:got]
}

// throughEnv is what the process starts next, where the script is one whose
// first line has env look for its interpreter.
func (p *program) throughEnv() []string {
	if len(p.scripts) == 0 || path.Base(p.argv[0]) != "env" {
		return nil
	}
	return envNext(p.argv)
}
