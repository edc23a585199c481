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

// BenchmarkBuild compares building sixty C files, and a script that asks git a
// hundred times, without a gate and with all layers of one that allows all.
func BenchmarkBuild(b *testing.B) {
	for _, work := range []struct{ name, needs, script string }{
		{"make", "gcc", `for i in $(seq 60); do printf '#include <stdio.h>\nint f%d(int x){return printf("%%d",x)*%d;}\n' $i $i > f$i.c; done
			printf 'O=$(patsubst %%.c,%%.o,$(wildcard *.c))\nall: $(O)\n\t@true\n' > Makefile; make -s -j2; rm -f *.o Makefile`},
		{"git", "git", `git init -q . && for i in $(seq 100); do echo $i > f; git add f; git status -s > out; done`},
	} {
		b.Run(work.name+"/native", func(b *testing.B) {
			onPath(b, work.needs)
			for range b.N {
				cmd := exec.Command("/bin/bash", "-c", work.script)
				cmd.Dir = b.TempDir()
				if out, err := cmd.CombinedOutput(); err != nil {
					b.Fatalf("%v: %s", err, out)
				}
			}
		})
		b.Run(work.name+"/gated", func(b *testing.B) {
			onPath(b, work.needs)
			for range b.N {
				s := begin(b, plan(), allowing, "/bin/bash", "-c", work.script)
				if status, out := s.finish(); status != 0 {
					b.Fatalf("status %d: %s", status, out)
				}
			}
		})
	}
}
