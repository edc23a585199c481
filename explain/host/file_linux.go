package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// open opens the regular file p for reading. It is first opened as a mere
// place (O_PATH), which has no consequence whatever p has become since it was
// looked at, then checked, and only then for reading. No link is followed on
// the way, as p has none.
func (m *machine) open(p place) (*os.File, error) {
	root := m.root
	if root == "" {
		root = "/"
	}
	dir, err := os.OpenFile(root, unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	at, err := openBelow(dir, strings.TrimPrefix(p.path, "/"))
	if err != nil {
		return nil, err
	}
	if at, err = checkRegular(at, p); err != nil {
		return nil, err
	}
	defer at.Close()
	f, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", at.Fd()), os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		// Not "absent": it was there a moment ago, perhaps /proc is not.
		return nil, unknown("%q: %v", p.path, errors.Unwrap(err))
	}
	return checkRegular(f, p)
}

// maxTries is how often a walk is begun again that somebody disturbs.
const maxTries = 8

func openBelow(dir *os.File, rel string) (*os.File, error) {
	how := unix.OpenHow{
		Flags:   unix.O_PATH | unix.O_NOFOLLOW | unix.O_CLOEXEC,
		Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS,
	}
	for tries := 0; ; tries++ {
		fd, err := unix.Openat2(int(dir.Fd()), rel, &how)
		switch {
		case err == nil:
			return os.NewFile(uintptr(fd), rel), nil
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN) && tries < maxTries:
			continue // EAGAIN: something was renamed meanwhile
		case errors.Is(err, unix.ENOSYS), errors.Is(err, unix.EPERM):
			// Before Linux 5.6, and in sandboxes that know no openat2. The
			// check that follows catches a folder swapped for a link.
			fd, err := unix.Openat(int(dir.Fd()), rel, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
			if err != nil {
				return nil, err
			}
			return os.NewFile(uintptr(fd), rel), nil
		default:
			return nil, err
		}
	}
}

// pseudo lists the file systems whose files and links are made up by the
// kernel, for the process that asks.
var pseudo = []int64{
	unix.PROC_SUPER_MAGIC, unix.SYSFS_MAGIC, unix.DEBUGFS_MAGIC, unix.TRACEFS_MAGIC, unix.CGROUP_SUPER_MAGIC,
	unix.CGROUP2_SUPER_MAGIC, unix.SECURITYFS_MAGIC, unix.BPF_FS_MAGIC, unix.EFIVARFS_MAGIC, unix.PSTOREFS_MAGIC,
	unix.SELINUX_MAGIC, unix.DEVPTS_SUPER_MAGIC, unix.BINFMTFS_MAGIC,
}

// madeByKernel reports whether dir is in a pseudo file system. Where that
// cannot be told it is taken to be one.
func madeByKernel(dir string) bool {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return true
	}
	return slices.Contains(pseudo, int64(s.Type))
}

func ownerID(info fs.FileInfo) (uint32, bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return s.Uid, true
}

// version changes whenever the file does: nobody can set a change time back.
func version(info fs.FileInfo) string {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	return fmt.Sprint(s.Dev, s.Ino, s.Size, s.Ctim.Sec, s.Ctim.Nsec)
}
