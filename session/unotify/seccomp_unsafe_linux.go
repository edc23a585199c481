package unotify

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// ioctl numbers that x/sys does not carry, from linux/seccomp.h.
const (
	ioctlNotifIDValid  = 0x40082102
	ioctlNotifSetFlags = 0x40082104
)

// kernelNotif is struct seccomp_notif with room for a kernel that appends to it.
type kernelNotif struct {
	id    uint64
	pid   uint32
	flags uint32
	nr    int32
	arch  uint32
	ip    uint64
	args  [6]uint64
	_     [128]byte
}

// response is struct seccomp_notif_resp, with the same room.
type response struct {
	id    uint64
	value int64
	err   int32
	flags uint32
	_     [128]byte
}

// sizes is struct seccomp_notif_sizes.
type sizes struct{ notif, response, data uint16 }

// checkSizes refuses a kernel whose structs would not fit into ours.
func checkSizes() error {
	var s sizes
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_GET_NOTIF_SIZES, 0, uintptr(unsafe.Pointer(&s)))
	if errno != 0 {
		return fmt.Errorf("this kernel has no seccomp user notification: %w", errno)
	}
	if uintptr(s.notif) > unsafe.Sizeof(kernelNotif{}) || uintptr(s.response) > unsafe.Sizeof(response{}) {
		return fmt.Errorf("this kernel's notifications are of an unknown shape (%d and %d bytes)", s.notif, s.response)
	}
	return nil
}

// Install puts the calling thread, and whatever it becomes or starts, under
// the filter, for good, and returns the listener. The thread must be locked;
// it needs no_new_privs or CAP_SYS_ADMIN. From then on its own execve sleeps
// until somebody who holds the listener answers.
func Install() (*os.File, error) {
	raw, err := Program(runtime.GOARCH)
	if err != nil {
		return nil, err
	}
	filter := filterOf(raw)
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	flags := uintptr(unix.SECCOMP_FILTER_FLAG_NEW_LISTENER | unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
	fd, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, uintptr(unsafe.Pointer(&program)))
	switch errno {
	case 0:
		return os.NewFile(fd, "seccomp listener"), nil
	case unix.EINVAL:
		return nil, ErrNoWaitKillable
	case unix.EBUSY:
		return nil, fmt.Errorf("this process is already under a filter that asks somebody else: %w", errno)
	case unix.EACCES:
		return nil, fmt.Errorf("a filter needs no_new_privs or CAP_SYS_ADMIN: %w", errno)
	}
	return nil, fmt.Errorf("installing the filter: %w", errno)
}

func filterOf(raw []bpf.RawInstruction) []unix.SockFilter {
	filter := make([]unix.SockFilter, len(raw))
	for i, r := range raw {
		filter[i] = unix.SockFilter{Code: r.Op, Jt: r.Jt, Jf: r.Jf, K: r.K}
	}
	return filter
}

// ActionAvailable tells whether this kernel can hand starts over at all.
func ActionAvailable() error {
	action := uint32(unix.SECCOMP_RET_USER_NOTIF)
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_GET_ACTION_AVAIL, 0, uintptr(unsafe.Pointer(&action)))
	if errno != 0 {
		return fmt.Errorf("this kernel has no seccomp user notification: %w", errno)
	}
	return nil
}

func ioctlReceive(fd uintptr) (*kernelNotif, error) {
	n := new(kernelNotif) // the kernel insists on zeroes
	return n, ioctl(fd, unix.SECCOMP_IOCTL_NOTIF_RECV, unsafe.Pointer(n))
}

func ioctlSend(fd uintptr, r response) error {
	return ioctl(fd, unix.SECCOMP_IOCTL_NOTIF_SEND, unsafe.Pointer(&r))
}

func ioctlValid(fd uintptr, id uint64) error {
	return ioctl(fd, ioctlNotifIDValid, unsafe.Pointer(&id))
}

// setSyncWakeUp makes the two sides hand the processor to each other (Linux
// 6.6). An older kernel says EINVAL and is only a little slower; ENOTTY means
// that the descriptor is something else altogether.
func setSyncWakeUp(fd uintptr) error {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, ioctlNotifSetFlags, unix.SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP)
	if errno != 0 && !errors.Is(errno, unix.EINVAL) {
		return errno
	}
	return nil
}

func ioctl(fd, request uintptr, argument unsafe.Pointer) error {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, request, uintptr(argument))
	if errno != 0 {
		return errno
	}
	return nil
}
