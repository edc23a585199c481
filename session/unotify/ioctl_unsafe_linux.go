package unotify

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Ioctl is ioctl(2) with an argument that is a value, or with data as it lay in
// a task's memory.
func Ioctl(fd int, request, value uint64, data []byte) error {
	at := uintptr(value)
	if len(data) == 0 {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), uintptr(request), at)
		return none(errno)
	}
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), uintptr(request), uintptr(unsafe.Pointer(&data[0])))
	return none(errno)
}

func none(errno syscall.Errno) error {
	if errno == 0 {
		return nil
	}
	return errno
}
