package child

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// The name of a listener in /proc/PID/fd, and kcmp(2)'s question whether two
// descriptors are one open file.
const (
	listenerLink = "anon_inode:seccomp notify"
	kcmpFile     = 0
)

// soleHolder makes sure that nobody but this process has the listener, and
// that nobody traces the child that made it. Processes into which this user
// may not look could not have taken it from us either.
func soleHolder(listener *os.File, child int) error {
	tracer, err := statusField(child, "TracerPid")
	if err != nil {
		return err
	}
	if tracer != 0 {
		return fmt.Errorf("%w: process %d traces its child", ErrHeld, tracer)
	}
	fd, release, err := borrow(listener)
	if err != nil {
		return err
	}
	defer release()
	links, err := filepath.Glob("/proc/[0-9]*/fd")
	if err != nil {
		return err
	}
	for _, dir := range links {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
		if err != nil || pid == os.Getpid() {
			continue
		}
		if err := holds(pid, dir, fd); err != nil {
			return err
		}
	}
	return nil
}

// holds is an error if the process has our listener open, or if that cannot
// be told of a listener that it has.
func holds(pid int, dir string, fd int) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ESRCH) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for other holders of the listener: %w", err)
	}
	for _, e := range entries {
		link, err := os.Readlink(filepath.Join(dir, e.Name()))
		if err != nil || link != listenerLink {
			continue // closed since, or something else
		}
		theirs, err := strconv.Atoi(e.Name())
		if err != nil {
			return err
		}
		same, _, errno := unix.Syscall6(unix.SYS_KCMP, uintptr(os.Getpid()), uintptr(pid), kcmpFile, uintptr(fd), uintptr(theirs), 0)
		switch {
		case errno == unix.ESRCH || errno == unix.EBADF:
			continue
		case errno != 0:
			return fmt.Errorf("comparing the listener with descriptor %d of process %d: %w", theirs, pid, errno)
		case same == 0:
			return fmt.Errorf("%w: process %d", ErrHeld, pid)
		}
	}
	return nil
}
