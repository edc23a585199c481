//go:build unix

package tui

import (
	"os"
	"os/signal"
	"sync"
	"syscall"

	tea "charm.land/bubbletea/v2"
)

// watch tells p of every new size of the window, which sizes tells where that is
// not the terminal itself. The console is not put aside:
// a stop from the terminal is refused, and after one that cannot be refused all
// is drawn anew. The session stays held meanwhile, since nobody answers.
func (t *terminal) watch(p *tea.Program, sizes <-chan [2]int) (end func()) {
	sig := make(chan os.Signal, 1)
	signal.Notify(sig, syscall.SIGWINCH, syscall.SIGCONT)
	stopped := make(chan os.Signal, 1)
	signal.Notify(stopped, syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU) // taken, and nothing done
	done := make(chan struct{})
	var owned sync.WaitGroup
	owned.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-stopped:
				continue
			case size := <-sizes:
				p.Send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				continue
			case s := <-sig:
				if s == syscall.SIGCONT {
					t.Again()
				}
			}
			if cols, rows, ok := t.size(); ok {
				p.Send(tea.WindowSizeMsg{Width: cols, Height: rows})
			}
		}
	})
	return func() {
		signal.Stop(sig)
		signal.Stop(stopped)
		close(done)
		owned.Wait()
	}
}
