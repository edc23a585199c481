package gate

import (
	"os/exec"
	"strconv"
	"testing"

	"escort/explain/effect"
)

// BenchmarkStart compares starting /bin/true from a shell without a gate, and
// with one that matches, records and verifies each start.
func BenchmarkStart(b *testing.B) {
	const loop = `i=0; while [ $i -lt $0 ]; do /bin/true; i=$((i+1)); done`
	b.Run("native", func(b *testing.B) {
		if err := exec.Command("/bin/sh", "-c", loop, strconv.Itoa(b.N)).Run(); err != nil {
			b.Fatal(err)
		}
	})
	b.Run("gated", func(b *testing.B) { benchGated(b, loop) })
	b.Run("gated+verified", func(b *testing.B) {
		p := plan(effect.Start{Argv: words("/bin/true"), Path: "/bin/true", Parent: -1})
		s := begin(b, p, nil, "/bin/sh", "-c", loop, strconv.Itoa(b.N))
		s.finish()
		if len(s.asked) > 0 || len(s.runs) != b.N+1 {
			b.Fatalf("%d runs, asked %q", len(s.runs), s.causes())
		}
	})
}
