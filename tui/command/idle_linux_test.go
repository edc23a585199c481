package command

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkIdle measures what the whole program costs while nobody does
// anything: what share of one core, how often it wakes and how much it writes.
// An iteration is a second of the clock in its header. Run it with
// -benchtime 60x.
func BenchmarkIdle(b *testing.B) {
	b.Run("at the prompt", func(b *testing.B) { benchIdle(b, func(*terminal) {}) })
	b.Run("a card waits", func(b *testing.B) {
		benchIdle(b, func(m *terminal) {
			m.typed("ls\r")
			m.ready()
		})
	})
	b.Run("a program runs", func(b *testing.B) {
		benchIdle(b, func(m *terminal) {
			m.typed("sleep 1000\r")
			m.ready()
			m.typed("a")
			m.shows("keys go to: the shell")
		})
	})
}

var clockText = regexp.MustCompile(`REC (\d\d:\d\d:\d\d)`)

func benchIdle(b *testing.B, first func(*terminal)) {
	m := inTerminal(b, 120, 40, nil)
	m.prompt()
	first(m)
	clock := func() string { return fmt.Sprint(clockText.FindStringSubmatch(m.text())) }
	second := func() {
		was := clock()
		m.until("the next second", func() bool { return clock() != was })
	}
	for range 5 { // what the start left behind
		second()
	}
	begun, used, woken, wrote := time.Now(), m.used(), m.woken(), m.written()
	for b.Loop() {
		second()
	}
	took := time.Since(begun)
	b.ReportMetric(float64(m.used()-used)/float64(took)*100, "%core")
	b.ReportMetric(float64(m.woken()-woken)/took.Seconds(), "switches/s")
	b.ReportMetric(float64(m.written()-wrote)/took.Seconds(), "B/s")
	b.ReportMetric(m.resident(), "resident-MB")
	b.ReportMetric(0, "ns/op")
}

// threads reads one file of each thread of the program.
func (m *terminal) threads(name string) (texts []string) {
	m.t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/%s", m.cmd.Process.Pid, name))
	if err != nil || len(files) == 0 {
		m.t.Fatal("no threads", err)
	}
	for _, f := range files {
		if text, err := os.ReadFile(f); err == nil { // else the thread has ended
			texts = append(texts, string(text))
		}
	}
	return texts
}

// used is how long the program ran on a processor.
func (m *terminal) used() (sum time.Duration) {
	for _, text := range m.threads("schedstat") {
		n, _ := strconv.Atoi(strings.Fields(text)[0])
		sum += time.Duration(n)
	}
	return sum
}

// woken is how often its threads were given a processor.
func (m *terminal) woken() (sum int) {
	for _, text := range m.threads("schedstat") {
		n, _ := strconv.Atoi(strings.Fields(text)[2])
		sum += n
	}
	return sum
}

// written is how many bytes the program wrote to its terminal.
func (m *terminal) written() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.raw)
}
