package unotify

import (
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Identity is what the kernel asks when a thread touches a file: who it is and
// what it may. See credentials(7) and capabilities(7). It is comparable.
type Identity struct {
	UID, GID  [4]uint32 // real, effective, saved, of the file system
	Groups    string    // the other groups, as /proc/TID/status lists them
	Effective uint64    // capabilities
	Permitted uint64
	Inherited uint64
}

// noFixup is SECBIT_NO_SETUID_FIXUP: the numbers change, capabilities do not.
const noFixup = 1 << 2

// Assume gives the calling thread, which must be locked and must end with its
// work, the identity i, and a umask and a working directory of its own. groups
// are the numbers in i.Groups. A thread that may not change its identity can
// only assume the one that it has.
func (i Identity) Assume(groups []uint32, own Identity) error {
	if err := unix.Unshare(unix.CLONE_FS); err != nil {
		return fmt.Errorf("a thread of its own folder: %w", err)
	}
	if i == own {
		return nil
	}
	if err := unix.Prctl(unix.PR_SET_SECUREBITS, noFixup, 0, 0, 0); err != nil {
		return fmt.Errorf("acting as somebody else: %w", err)
	}
	if err := setGroups(groups); err != nil {
		return err
	}
	for _, step := range []struct {
		nr      uintptr
		a, b, c uintptr
	}{
		{unix.SYS_SETRESGID, uintptr(i.GID[0]), uintptr(i.GID[1]), uintptr(i.GID[2])},
		{unix.SYS_SETRESUID, uintptr(i.UID[0]), uintptr(i.UID[1]), uintptr(i.UID[2])},
		{unix.SYS_SETFSGID, uintptr(i.GID[3]), 0, 0},
		{unix.SYS_SETFSUID, uintptr(i.UID[3]), 0, 0},
	} {
		// The wrappers of the library change every thread; these change one.
		_, _, errno := unix.RawSyscall(step.nr, step.a, step.b, step.c)
		if errno != 0 {
			return fmt.Errorf("acting as account %d: %w", i.UID[1], errno)
		}
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	data := [2]unix.CapUserData{
		{Effective: uint32(i.Effective), Permitted: uint32(i.Permitted), Inheritable: uint32(i.Inherited)},
		{Effective: uint32(i.Effective >> 32), Permitted: uint32(i.Permitted >> 32), Inheritable: uint32(i.Inherited >> 32)},
	}
	if err := unix.Capset(&header, &data[0]); err != nil {
		return fmt.Errorf("acting with the rights of account %d: %w", i.UID[1], err)
	}
	return check(i)
}

func setGroups(groups []uint32) error {
	var list unsafe.Pointer
	if len(groups) > 0 {
		list = unsafe.Pointer(&groups[0])
	}
	if _, _, errno := unix.RawSyscall(unix.SYS_SETGROUPS, uintptr(len(groups)), uintptr(list), 0); errno != 0 {
		return fmt.Errorf("taking the groups of somebody else: %w", errno)
	}
	return nil
}

// check makes sure that the numbers are what was asked for: setfsuid(2) tells
// of no failure.
func check(i Identity) error {
	for _, q := range []struct {
		nr   uintptr
		want uint32
	}{{unix.SYS_SETFSUID, i.UID[3]}, {unix.SYS_SETFSGID, i.GID[3]}} {
		if got, _, _ := unix.RawSyscall(q.nr, uintptr(^uint32(0)), 0, 0); uint32(got) != q.want {
			return fmt.Errorf("acting as account %d: %w", i.UID[3], syscall.EPERM)
		}
	}
	return nil
}
