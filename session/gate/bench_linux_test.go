package gate

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"escort/explain/effect"
)

// BenchmarkStart compares starting /bin/true from a shell without a gate, with
// one that matches, records and verifies each start, and with what else could
// watch it: sudo that asks about each start, and strace.
func BenchmarkStart(b *testing.B) {
	const loop = `i=0; while [ $i -lt $0 ]; do /bin/true; i=$((i+1)); done`
	b.Run("native", func(b *testing.B) {
		if err := exec.Command("/bin/sh", "-c", loop, strconv.Itoa(b.N)).Run(); err != nil {
			b.Fatal(err)
		}
	})
	b.Run("gated", func(b *testing.B) { benchGated(b, loop) })
	b.Run("sudo-intercept", func(b *testing.B) { benchSudo(b, loop) })
	b.Run("strace", func(b *testing.B) {
		if err := exec.Command(onPath(b, "strace"), "-f", "-o", "/dev/null", "/bin/sh", "-c", loop, strconv.Itoa(b.N)).Run(); err != nil {
			b.Fatal(err)
		}
	})
	b.Run("gated+verified", func(b *testing.B) {
		p := plan(effect.Start{Argv: words("/bin/true"), Path: "/bin/true", Parent: -1})
		s := begin(b, p, nil, "/bin/sh", "-c", loop, strconv.Itoa(b.N))
		s.finish()
		if len(s.asked) > 0 || len(s.runs) != b.N+1 {
			b.Fatalf("%d runs, asked %q", len(s.runs), s.causes())
		}
	})
}

// sudoers makes sudo ask its policy about every start below it.
const sudoers = "Defaults intercept, intercept_type=trace\nroot ALL=(ALL:ALL) NOPASSWD: ALL\n"

func benchSudo(b *testing.B, loop string) {
	onPath(b, "sudo")
	if os.Geteuid() != 0 {
		b.Skip("needs root")
	}
	rules := filepath.Join(b.TempDir(), "sudoers")
	if err := os.WriteFile(rules, []byte(sudoers), 0o440); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command("/bin/sh", "-c", `mount --bind "$1" /etc/sudoers && shift && exec sudo -n /bin/sh -c "$@"`, "sh", rules, loop, strconv.Itoa(b.N))
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Skipf("sudo cannot intercept here: %v: %s", err, out)
	}
}

// BenchmarkBuiltins compares a hundred thousand builtins of the shell, which
// start nothing and change nothing.
func BenchmarkBuiltins(b *testing.B) {
	const loop = `for ((i=0; i<100000; i++)); do x=$((i*2)); [ $x -ge 0 ] && :; done`
	b.Run("native", func(b *testing.B) {
		for b.Loop() {
			if err := exec.Command("/bin/bash", "-c", loop).Run(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("gated", func(b *testing.B) {
		for b.Loop() {
			if status, out := begin(b, plan(), nil, "/bin/bash", "-c", loop).finish(); status != 0 {
				b.Fatalf("status %d: %s", status, out)
			}
		}
	})
}

// BenchmarkBuild compares building sixty C files, and a script that asks git a
// hundred times, without a gate and under one whose plan shows every program:
// all starts are verified, and every change is judged, recorded and done by it.
func BenchmarkBuild(b *testing.B) {
	b.Run("make", func(b *testing.B) {
		cc := onPath(b, "gcc")
		part := func(name string) string {
			out, err := exec.Command(cc, "-print-prog-name="+name).Output()
			if err != nil {
				b.Fatal(err)
			}
			return strings.TrimSpace(string(out))
		}
		benchWork(b, `for i in $(seq 60); do printf '#include <stdio.h>\nint f%d(int x){return printf("%%d",x)*%d;}\n' $i $i > f$i.c; done
			printf 'O=$(patsubst %%.c,%%.o,$(wildcard *.c))\nall: $(O)\n\t@true\n' > Makefile; make -s -j2; rm -f *.o Makefile`,
			effect.Start{Argv: words("seq"), Parent: -1}, effect.Start{Argv: words("make"), Parent: -1}, effect.Start{Argv: words("rm"), Parent: -1},
			effect.Start{Argv: words("cc"), Parent: 1}, effect.Start{Argv: words("true"), Parent: 1},
			effect.Start{Argv: words(part("cc1")), Parent: 3}, effect.Start{Argv: words(part("as")), Parent: 3})
	})
	b.Run("git", func(b *testing.B) {
		onPath(b, "git")
		benchWork(b, `git init -q . && for i in $(seq 100); do echo $i > f; git add f; git status -s > out; done`,
			effect.Start{Argv: words("git"), Parent: -1}, effect.Start{Argv: words("seq"), Parent: -1})
	})
}

// benchWork runs a script of bash under the plan of starts, with any words.
func benchWork(b *testing.B, script string, starts ...effect.Start) {
	b.Run("native", func(b *testing.B) {
		for range b.N {
			cmd := exec.Command("/bin/bash", "-c", script)
			cmd.Dir = b.TempDir()
			if out, err := cmd.CombinedOutput(); err != nil {
				b.Fatalf("%v: %s", err, out)
			}
		}
	})
	b.Run("gated", func(b *testing.B) {
		for i := range starts {
			starts[i].Rest = true
		}
		for range b.N {
			s := beginWith(b, plan(starts...), func(s *session) {
				s.permit = func(EffectQuestion) bool { return true }
			}, "/bin/bash", "-c", script)
			if status, out := s.finish(); status != 0 || len(s.asked) > 0 {
				b.Fatalf("status %d: %s; asked %q", status, out, s.causes())
			}
		}
	})
}
