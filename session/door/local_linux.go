package door

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"escort/session/child"
	"escort/session/proc"
)

// Place is where a socket stands, and who may reach it.
type Place struct {
	Folder string
	Name   string // of the socket in it
	Shared bool   // every account may come to it; else only its owner and root
}

// Local is a socket of this machine that people come in by.
type Local struct {
	l    *net.UnixListener
	path string
}

// Listen opens the socket of a place. A folder that others could put something
// into is refused.
func Listen(p Place) (*Local, error) {
	folder, socket := os.FileMode(0o700), os.FileMode(0o600)
	if p.Shared {
		folder, socket = 0o755, 0o666
	}
	if err := os.MkdirAll(p.Folder, folder); err != nil {
		return nil, fmt.Errorf("no folder for the socket: %w", err)
	}
	if err := ours(p.Folder, folder); err != nil {
		return nil, err
	}
	path := filepath.Join(p.Folder, p.Name)
	l, err := listen(path)
	if errors.Is(err, syscall.EADDRINUSE) && !answers(path) {
		if err := os.Remove(path); err != nil { // of a program that was killed
			return nil, err
		}
		l, err = listen(path)
	}
	if err != nil {
		return nil, fmt.Errorf("no socket for the session: %w", err)
	}
	if err := os.Chmod(path, socket); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return &Local{l, path}, nil
}

func listen(path string) (*net.UnixListener, error) {
	name, done, err := short(path)
	if err != nil {
		return nil, err
	}
	defer done()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: name, Net: "unix"})
	if err == nil {
		l.SetUnlinkOnClose(false) // by that name it cannot be found then
	}
	return l, err
}

// Dial comes to the socket at path.
func Dial(ctx context.Context, path string) (net.Conn, error) {
	name, done, err := short(path)
	if err != nil {
		return nil, err
	}
	defer done()
	var d net.Dialer
	return d.DialContext(ctx, "unix", name)
}

// maxSocket is the length in bytes over which no socket can be named, unix(7).
const maxSocket = 107

// short is a name for a socket that is not too long for one: by a descriptor of
// its folder, which lasts until done is called.
func short(path string) (name string, done func(), err error) {
	if len(path) <= maxSocket {
		return path, func() {}, nil
	}
	fd, err := unix.Open(filepath.Dir(path), unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", nil, &os.PathError{Op: "open", Path: filepath.Dir(path), Err: err}
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", fd, filepath.Base(path)), func() { _ = unix.Close(fd) }, nil
}

// ours checks that a folder is this account's, and that nobody else can write
// to it.
func ours(dir string, mode os.FileMode) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !ok || int(st.Uid) != os.Geteuid() {
		return fmt.Errorf("%s is not a folder of this account's", dir)
	}
	if info.Mode().Perm()&^mode != 0 {
		return os.Chmod(dir, mode)
	}
	return nil
}

// answers reports whether somebody listens at a socket.
func answers(path string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c, err := Dial(ctx, path)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}

// Path is where the socket stands.
func (l *Local) Path() string { return l.path }

// Close ends it, and takes its name away.
func (l *Local) Close() error { return errors.Join(os.Remove(l.path), l.l.Close()) }

// lastWords is how long connections may go on when the socket is closed: those
// whose session is over still hear of it.
const lastWords = 2 * time.Second

// Serve lets people in to h until ctx ends. name says who an account is.
func (l *Local) Serve(ctx context.Context, h *Hall, name func(uid int) (Person, error)) error {
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	lines, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var work sync.WaitGroup
	defer work.Wait()
	late := context.AfterFunc(ctx, func() { time.AfterFunc(lastWords, cancel) })
	defer late()
	for {
		c, err := l.l.AcceptUnix()
		if ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ECONNABORTED) {
			continue
		}
		if err != nil {
			return fmt.Errorf("the socket %s: %w", l.path, err)
		}
		work.Go(func() {
			p, err := peer(c, name)
			if err != nil {
				_ = newLines(c, maxRequest).write(answer(nil, err))
				_ = c.Close()
				return
			}
			h.Serve(lines, c, p)
		})
	}
}

// errInside is what a peer hears that is itself supervised.
var errInside = errors.New("you are inside a supervised session: nobody comes to a session from there")

// peer is who is at the other end of c, as the kernel has it. The process is
// held by a descriptor while it is looked at, so that its number is not given to
// another one.
func peer(c *net.UnixConn, name func(int) (Person, error)) (p Person, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return p, err
	}
	var cred *unix.Ucred
	pidfd := -1
	err = errors.Join(err, raw.Control(func(fd uintptr) {
		if cred, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED); err != nil {
			return
		}
		pidfd, err = unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_PEERPIDFD)
	}), err)
	if err != nil {
		return p, fmt.Errorf("who you are cannot be told: %w", err)
	}
	defer unix.Close(pidfd)
	pid, err := numberOf(pidfd)
	if err != nil {
		return p, fmt.Errorf("who you are cannot be told: %w", err)
	}
	if err := outside(pid); err != nil {
		return p, err
	}
	if again, err := numberOf(pidfd); err != nil || again != pid {
		return p, errors.New("the process that came is gone")
	}
	return name(int(cred.Uid))
}

// numberOf is the process of a descriptor, proc_pid_fdinfo(5); one that is gone
// has none.
func numberOf(pidfd int) (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/self/fdinfo/%d", pidfd))
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(text) {
		if v, ok := strings.CutPrefix(string(line), "Pid:"); ok {
			pid, err := strconv.Atoi(strings.TrimSpace(v))
			if err != nil || pid <= 0 {
				return 0, errors.New("the process is gone")
			}
			return pid, nil
		}
	}
	return 0, fs.ErrNotExist
}

// outside refuses a process that is supervised, and one that supervises: that
// one may have been made to connect in place of another.
func outside(pid int) error {
	t, err := proc.ReadTree()
	if err != nil {
		return fmt.Errorf("where you come from cannot be told: %w", err)
	}
	for _, below := range t.Children[pid] {
		if keeps, err := keeper(below); err != nil || keeps {
			return errInside
		}
	}
	for at := pid; at > 1; {
		s, ok := t.Stats[at]
		if !ok {
			return errors.New("where you come from cannot be told")
		}
		if keeps, err := keeper(at); err != nil || keeps {
			return errInside
		}
		if s.PPID == at {
			break
		}
		at = s.PPID
	}
	return nil
}

// keeper reports whether a process keeps a session. One that is gone does not.
func keeper(pid int) (bool, error) {
	words, err := proc.Cmdline(pid)
	if errors.Is(err, proc.ErrGone) {
		return false, nil
	}
	return child.IsKeeper(words), err
}
