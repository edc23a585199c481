//go:build !linux

package unotify

import "os"

// Install needs Linux.
func Install() (*os.File, error) { return nil, ErrUnsupported }

// RestrictScopes needs Linux.
func RestrictScopes() error { return ErrUnsupported }
