package command

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkFlood measures how soon the console answers a key while a program of
// the session writes without end, from the key to the page of keys on the screen
// and back, and what that costs. Run it with -benchtime 60s.
func BenchmarkFlood(b *testing.B) {
	m := inTerminal(b, 120, 40, nil)
	m.prompt()
	m.typed("yes 'a line of a flood that does not end'\r")
	m.ready()
	m.typed("a")
	m.shows("a flood that does not end")
	m.shows("keys go to: the shell")
	m.typed("\x1d") // ctrl+]
	m.shows("keys go to: the console")
	begun, drawn := time.Now(), m.frames()
	var answers []time.Duration
	for b.Loop() {
		for _, step := range []struct {
			key  string
			page bool
		}{{"?", true}, {"\x1b", false}} {
			pressed := time.Now()
			m.typed(step.key)
			m.soon("the page of keys", func() bool { return strings.Contains(m.text(), "At the card") == step.page })
			answers = append(answers, time.Since(pressed))
		}
	}
	took := time.Since(begun)
	slices.Sort(answers)
	b.ReportMetric(answers[len(answers)/2].Seconds()*1e3, "answer-ms-median")
	b.ReportMetric(answers[len(answers)*99/100].Seconds()*1e3, "answer-ms-p99")
	b.ReportMetric(answers[len(answers)-1].Seconds()*1e3, "answer-ms-most")
	b.ReportMetric(float64(m.frames()-drawn)/took.Seconds(), "pictures/s")
	b.ReportMetric(m.resident(), "resident-MB")
	b.ReportMetric(0, "ns/op")
}

// frames is how many pictures the program has drawn: each is written at once,
// between the marks of a synchronized update.
func (m *terminal) frames() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return bytes.Count(m.raw, []byte("\x1b[?2026l"))
}

// resident is how much memory the program holds, in MB.
func (m *terminal) resident() float64 {
	m.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", m.cmd.Process.Pid))
	if err != nil {
		m.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	kb, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		m.t.Fatal(err)
	}
	return float64(kb) / 1024
}
