package unotify

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// scopesABI is the first Landlock ABI with scopes, of Linux 6.12.
const scopesABI = 6

// LandlockABI asks the kernel for its version of Landlock; 0 means none.
func LandlockABI() int {
	abi, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(abi)
}

// RestrictScopes puts the calling thread into a Landlock domain that handles
// no file access at all, only one scope that hardly anybody needs. What
// matters is that there is a domain: the kernel then refuses ptrace,
// process_vm_readv, pidfd_getfd and /proc/PID/mem on every task outside of it,
// to root as well. A domain that handled file access would forbid mount(2)
// to the whole session. The thread needs no_new_privs or CAP_SYS_ADMIN.
func RestrictScopes() error {
	if LandlockABI() < scopesABI {
		return ErrNoScopes
	}
	attr := unix.LandlockRulesetAttr{Scoped: unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET}
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	if errno != 0 {
		return fmt.Errorf("creating the Landlock domain: %w", errno)
	}
	defer unix.Close(int(fd))
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); errno != 0 {
		return fmt.Errorf("entering the Landlock domain: %w", errno)
	}
	return nil
}
