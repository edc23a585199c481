package unotify

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ConnectTo is connect(2) with an address as it stood in a task's memory.
func ConnectTo(fd int, address []byte) error { return withAddress(unix.SYS_CONNECT, fd, address) }

// BindTo is bind(2) with an address as it stood in a task's memory.
func BindTo(fd int, address []byte) error { return withAddress(unix.SYS_BIND, fd, address) }

func withAddress(nr uintptr, fd int, address []byte) error {
	var at unsafe.Pointer
	if len(address) > 0 {
		at = unsafe.Pointer(&address[0])
	}
	if _, _, errno := unix.Syscall(nr, uintptr(fd), uintptr(at), uintptr(len(address))); errno != 0 {
		return errno
	}
	return nil
}

// SendTo is sendto(2) with data and an address as they stood in a task's
// memory. It returns the number of bytes that were taken.
func SendTo(fd int, data []byte, flags int, address []byte) (int, error) {
	if len(address) == 0 {
		return 0, syscall.EDESTADDRREQ
	}
	var from unsafe.Pointer
	if len(data) > 0 {
		from = unsafe.Pointer(&data[0])
	}
	n, _, errno := unix.Syscall6(
		unix.SYS_SENDTO, uintptr(fd), uintptr(from), uintptr(len(data)), uintptr(flags),
		uintptr(unsafe.Pointer(&address[0])), uintptr(len(address)),
	)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
