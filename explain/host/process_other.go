//go:build !linux

package host

import "escort/explain/effect"

// FromProcess is known on Linux only; elsewhere it is [effect.ErrUnknown].
func FromProcess(int, Options) (*World, error) { return nil, effect.ErrUnknown }
