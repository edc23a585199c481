package unotify

import "golang.org/x/sys/unix"

// kcmpVM is KCMP_VM, from linux/kcmp.h.
const kcmpVM = 1

// SameMemory reports whether two processes share their memory, see kcmp(2).
func SameMemory(a, b int) (bool, error) {
	r, _, errno := unix.Syscall6(unix.SYS_KCMP, uintptr(a), uintptr(b), kcmpVM, 0, 0, 0)
	if errno != 0 {
		return false, errno
	}
	return r == 0, nil
}
