package command

import (
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// inDemo plays a sample in a terminal of its own.
func inDemo(t *testing.T, cols, rows int, args ...string) *terminal {
	t.Helper()
	return inTerminal(t, cols, rows, func(c *exec.Cmd) { c.Args = append(c.Args, append([]string{"demo"}, args...)...) })
}

// card waits for the card of a line, taking every step at once.
func (m *terminal) card(line, risk string) {
	m.t.Helper()
	last := time.Now()
	m.until("the card of "+line, func() bool {
		text := m.text()
		if strings.Contains(text, "keys go to: the card") {
			return strings.Contains(text, risk) && strings.Contains(text, line)
		}
		if time.Since(last) > 700*time.Millisecond { // keys before that may belong to the card that went
			m.typed(" ")
			last = time.Now()
		}
		return false
	})
	m.ready()
}

func TestDemoIsAShow(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel() // most of it is waiting
			begun := time.Now()
			m := inDemo(t, size[0], size[1])
			m.shows("Sample session")
			if took := time.Since(begun); took > time.Second {
				t.Errorf("it began after %v", took)
			}
			m.shows("SAMPLE: nothing here is real")
			m.card("ls -l", "SAFE · only looks")
			m.typed("a")
			m.shows("README")
			m.card("systemctl status billing-api", "LOW")
			m.typed("a")
			m.card("systemctl restart billing-api", "CAUTION")
			m.typed("a\r")
			m.card("./fix_servers.sh --all", "CRITICAL")
			m.typed("d")
			m.shows("deny, because")
			m.typed("not in the ticket\r")
			m.shows("escort: denied · not in the ticket")
			m.card("localhost:8080/health", "LOW")
			m.typed("a")
			m.shows("Summary of fix_servers: 5 of 5 holds")
			m.typed("q")
			if code := m.ended(); code != Done {
				t.Errorf("exit code %d\n%s", code, m.err.String())
			}
			m.until("the summary after the console", func() bool {
				return strings.Contains(m.text(), "5 of 5 holds") && !strings.Contains(m.text(), "keys go to")
			})
			if m.exists("../state") {
				t.Error("a sample left a record")
			}
		})
	}
}

func TestDemoEndsOnASignal(t *testing.T) {
	t.Parallel()
	m := inDemo(t, 80, 24, "quiet_disk")
	m.shows("Sample session")
	if err := m.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := m.ended(); code != Failed || !strings.Contains(m.err.String(), "escort: error: the sample was ended") {
		t.Errorf("exit code %d, %q", code, m.err.String())
	}
}
