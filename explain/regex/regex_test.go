package regex

import (
	"sync"
	"testing"
)

func TestPatternsAreMadeAtTheirFirstUse(t *testing.T) {
	bad := New("(") // nobody uses it
	p := New(`^(\w+)=(\d+)$`)
	if p.re != nil || bad.re != nil {
		t.Error("compiled before it was used")
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if g := p.FindStringSubmatch("ab=12"); len(g) != 3 || g[1] != "ab" || g[2] != "12" {
				t.Errorf("got %q", g)
			}
		})
	}
	all.Wait()
	if p.MatchString("ab=") {
		t.Error("matches what it does not")
	}
}
