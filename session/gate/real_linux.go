package gate

import (
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// usualPlaces are where the kernel's own file systems lie as a rule. Another
// mount of one is the same thing under another name.
var usualPlaces = map[int64]string{
	unix.PROC_SUPER_MAGIC: "/proc", unix.SYSFS_MAGIC: "/sys", unix.CGROUP2_SUPER_MAGIC: "/sys/fs/cgroup", unix.CGROUP_SUPER_MAGIC: "/sys/fs/cgroup",
	unix.DEBUGFS_MAGIC: "/sys/kernel/debug", unix.TRACEFS_MAGIC: "/sys/kernel/tracing", unix.SECURITYFS_MAGIC: "/sys/kernel/security",
	unix.BPF_FS_MAGIC: "/sys/fs/bpf", unix.EFIVARFS_MAGIC: "/sys/firmware/efi/efivars", unix.BINFMTFS_MAGIC: "/proc/sys/fs/binfmt_misc",
	unix.DEVPTS_SUPER_MAGIC: "/dev/pts",
}

// usual is the path p of the open file fd, or where it would be were its file
// system mounted where it usually is.
func usual(fd int, p string) string {
	var fs unix.Statfs_t
	if unix.Fstatfs(fd, &fs) != nil {
		return p
	}
	place, ok := usualPlaces[fs.Type]
	if !ok || p == place || strings.HasPrefix(p, place+"/") || strings.HasPrefix(place, "/sys/") && strings.HasPrefix(p, "/sys/") {
		return p
	}
	root, point, err := mountOf(fd)
	rest, below := strings.CutPrefix(p, point)
	if err != nil || !below {
		rest = "/" + path.Base(p) // in a world of its own: less is known
	}
	return path.Join(place, root, rest)
}

// mountOf says what part of its file system the mount of the open file shows,
// and where it lies.
func mountOf(fd int) (root, point string, err error) {
	info, err := os.ReadFile("/proc/self/fdinfo/" + strconv.Itoa(fd))
	if err != nil {
		return "", "", err
	}
	_, id, _ := strings.Cut(string(info), "mnt_id:")
	id, _, _ = strings.Cut(strings.TrimSpace(id), "\n")
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return "", "", err
	}
	for line := range strings.Lines(string(mounts)) { // see proc_pid_mountinfo(5)
		if f := strings.Fields(line); len(f) > 4 && f[0] == id {
			return plainMount.Replace(f[3]), plainMount.Replace(f[4]), nil
		}
	}
	return "", "", unix.ENOENT
}

// plainMount undoes how blanks are written in mountinfo.
var plainMount = strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)
