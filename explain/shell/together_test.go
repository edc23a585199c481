package shell

import (
	"sync"
	"testing"
)

// TestLinesAreReadTogether reads lines at the same time: with the race detector
// it shows what two of them share.
func TestLinesAreReadTogether(t *testing.T) {
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for _, line := range []string{`printf '%s\n' a b`, `echo -e 'a\tb'`, `echo $'a\x41' "${x:-$((1 + 2))}" {a,b} *`, `x=$(printf '\x6c\x73'); $x`} {
				if p := Parse(t.Context(), line, Options{}); len(p.Commands) == 0 {
					t.Errorf("no command was read in %s", line)
				}
			}
		})
	}
	all.Wait()
}
