//go:build !unix

package tui

import tea "charm.land/bubbletea/v2"

// watch does nothing: this system does not tell of new sizes.
func (t *terminal) watch(*tea.Program, <-chan [2]int) (end func()) { return func() {} }
