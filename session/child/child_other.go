//go:build !linux

package child

import (
	"context"

	"escort/session/unotify"
)

// Main never runs a prelude here; Start, Harden and Privileged need Linux.
func Main() (ran bool) { return false }

// Start needs Linux.
func Start(context.Context, Config) (*Process, *unotify.Listener, error) {
	return nil, nil, unotify.ErrUnsupported
}

// Harden needs Linux.
func Harden() error { return unotify.ErrUnsupported }

// Privileged is false where nothing can be enforced.
func Privileged() bool { return false }
