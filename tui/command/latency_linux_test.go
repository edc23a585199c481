package command

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkAnswer measures what an escort waits for: from Enter to the card on
// the screen, and from the key that allows it to the start of the program, with
// nothing else to do and beside a build that takes both cores. A program's start
// is the time that date prints, so it contains the start of date itself.
func BenchmarkAnswer(b *testing.B) {
	b.Run("idle", benchAnswer)
	b.Run("beside-make", func(b *testing.B) {
		for _, needs := range []string{"make", "cc"} {
			if _, err := exec.LookPath(needs); err != nil {
				b.Skip("needs ", needs)
			}
		}
		dir := b.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "Makefile"), []byte(buildForEver), 0o600); err != nil {
			b.Fatal(err)
		}
		build := exec.CommandContext(b.Context(), "make", "-s", "-j2", "again")
		build.Dir = dir
		if err := build.Start(); err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = build.Process.Kill(); _ = build.Wait() })
		benchAnswer(b)
	})
}

// buildForEver compiles twenty files again and again.
const buildForEver = `O = $(foreach n,1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20,f$(n).o)
again:
	@while :; do rm -f f*.o; $(MAKE) -s -j2 all || exit 1; done
all: $(O)
f%.o: f%.c
	@$(CC) -O2 -c -o $@ $<
f%.c:
	@printf '#include <stdio.h>\nint f%d(int x) { return printf("%%d", x); }\n' $* > $@
`

func benchAnswer(b *testing.B) {
	m := inTerminal(b, 120, 40, nil)
	m.prompt()
	var card, start []time.Duration
	for i := 0; b.Loop(); i++ {
		begun := time.Now()
		m.typed(fmt.Sprintf("date +%%s%%N > out%d\r", i))
		m.soon("the card", func() bool {
			return strings.Contains(m.text(), fmt.Sprintf("> out%d", i)) && strings.Contains(m.text(), "HOLD")
		})
		card = append(card, time.Since(begun))
		m.ready()
		begun = time.Now()
		m.typed("a")
		var out []byte
		m.until("its result", func() bool {
			out, _ = os.ReadFile(filepath.Join(m.cmd.Dir, fmt.Sprint("out", i)))
			return strings.HasSuffix(string(out), "\n")
		})
		at, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		start = append(start, time.Unix(0, at).Sub(begun))
		m.prompt()
	}
	for _, q := range []struct {
		name string
		all  []time.Duration
	}{{"card", card}, {"start", start}} {
		slices.Sort(q.all)
		b.ReportMetric(q.all[len(q.all)/2].Seconds()*1e3, q.name+"-ms-median")
		b.ReportMetric(q.all[len(q.all)*99/100].Seconds()*1e3, q.name+"-ms-p99")
	}
	b.ReportMetric(0, "ns/op") // most of it is the time for which a card takes no key
}

// soon is until, looked at as often as the machine can.
func (m *terminal) soon(what string, ok func() bool) {
	m.t.Helper()
	for late := time.Now().Add(20 * time.Second); !ok(); {
		if time.Now().After(late) {
			m.t.Fatalf("waited in vain for %s:\n%s", what, m.text())
		}
		<-time.After(200 * time.Microsecond)
	}
}
