//go:build !linux

package proc

// Descendants needs Linux's /proc.
func Descendants(int) ([]Stat, error) { return nil, ErrDenied }
