//go:build !windows

package host

import "syscall"

// noFollow makes opening a link fail.
const noFollow = syscall.O_NOFOLLOW
