//go:build unix

package policy

import (
	"io/fs"
	"slices"
	"syscall"
)

// owned reports whether a file belongs to one of the accounts.
func owned(info fs.FileInfo, accounts []int) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && slices.Contains(accounts, int(s.Uid))
}
