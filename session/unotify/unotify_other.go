//go:build !linux

package unotify

import "os"

// Listener needs Linux; there is none here.
type Listener struct{}

// Install needs Linux.
func Install() (*os.File, error) { return nil, ErrUnsupported }
