package unotify

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ioctlNotifAddFD is SECCOMP_IOCTL_NOTIF_ADDFD, from linux/seccomp.h.
const ioctlNotifAddFD = 0x40182103

// addFD is struct seccomp_notif_addfd.
type addFD struct {
	id         uint64
	flags      uint32
	srcFD      uint32
	newFD      uint32
	newFDFlags uint32
}

// Give puts a copy of fd among the descriptors of the task that waits under id
// and returns its number there. Nothing is answered yet: close fd first, then
// answer with [Listener.Return], so that the task alone has the file open when
// it goes on. Errors are those of the kernel: EMFILE where the task may open
// no more files, ENOENT when it is gone.
func (l *Listener) Give(id uint64, fd int, closeOnExec bool) (int, error) {
	a := addFD{id: id, srcFD: uint32(fd)}
	if closeOnExec {
		a.newFDFlags = unix.O_CLOEXEC
	}
	number := -1
	err := l.control(func(listener uintptr) error {
		n, _, errno := unix.Syscall(unix.SYS_IOCTL, listener, ioctlNotifAddFD, uintptr(unsafe.Pointer(&a)))
		if errno != 0 {
			return errno
		}
		number = int(n)
		return nil
	})
	if err != nil {
		return -1, fmt.Errorf("handing over a descriptor: %w", err)
	}
	return number, nil
}
