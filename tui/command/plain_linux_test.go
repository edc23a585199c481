package command

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// inPlain starts the console of lines, as the environment or the flag has it.
func inPlain(t *testing.T, dumb bool, args ...string) *terminal {
	t.Helper()
	return inTerminal(t, 100, 60, func(c *exec.Cmd) {
		c.Args = append(c.Args, args...)
		if dumb {
			c.Env = append(c.Env, "TERM=dumb")
		} else {
			c.Args = append(c.Args, "--plain")
		}
	})
}

// asks waits until the console asks with a prompt.
func (m *terminal) asks(prompt string) {
	m.t.Helper()
	m.until("the prompt "+prompt, func() bool { return strings.TrimSpace(m.scr.LastLine()) == strings.TrimSpace(prompt) })
}

// reads waits until a hold was read out, and then as long as a word needs to
// decide it.
func (m *terminal) reads(want ...string) {
	m.t.Helper()
	for _, w := range append(want, "Type allow, deny") {
		m.shows(w)
	}
	m.until("the hold's prompt", func() bool { return strings.HasPrefix(m.scr.LastLine(), "hold ") })
	<-time.After(700 * time.Millisecond) // the pause is the rule that is tested
}

// plainOnly checks that the terminal got text, line ends and rubbing out alone.
func (m *terminal) plainOnly() {
	m.t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range string(m.raw) {
		if r < ' ' && r != '\r' && r != '\n' && r != '\b' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x2500 && r < 0x2800 {
			m.t.Fatalf("%U was written: %q", r, m.raw)
		}
	}
}

func TestPlainConsoleHoldsARealShell(t *testing.T) {
	t.Parallel()
	m := inPlain(t, false)
	m.shows("plain mode")
	m.until("the shell's prompt", func() bool { return strings.Contains(m.text(), "| ") && strings.Contains(m.text(), "~/work") })
	m.asks("shell>")
	m.typed("touch x; printf '\\033]0;owned\\007\\033[2Jhi\\n'\r")
	m.reads("1. LOW: small, easy to put back.", "Command: touch x; printf")
	if m.exists("x") {
		t.Fatal("it ran before the allow")
	}
	m.typed("allow\r")
	m.until("the file", func() bool { return m.exists("x") })
	m.shows("| hi")
	m.asks("shell>")
	m.typed("echo y > y\rallow\r") // typed ahead: decides nothing
	m.reads("Command: echo y > y")
	if m.exists("y") {
		t.Fatal("a line that was typed ahead allowed something")
	}
	m.typed("deny no ticket\r")
	m.shows("was denied: no ticket")
	m.shows("escort: denied")
	m.asks("shell>")
	if m.exists("y") {
		t.Error("a denied line ran")
	}
	m.typed("\x1d")
	m.asks("escort>")
	m.typed("end\r")
	m.shows("Type yes or no")
	m.typed("yes\r")
	if code := m.ended(); code != Done {
		t.Errorf("exit code %d\n%s", code, m.err.String())
	}
	m.verifies()
	m.plainOnly()
}

func TestDumbTerminalGetsThePlainConsole(t *testing.T) {
	t.Parallel()
	m := inPlain(t, true, "demo", "quiet_disk")
	m.shows("This terminal is called dumb (TERM)")
	m.shows("SAMPLE: nothing here is real")
	m.asks("shell>")
	m.typed(" \r")
	m.shows("| »")
	m.plainOnly()
}

func TestPlainConsoleEndsWithItsTerminal(t *testing.T) {
	t.Parallel()
	m := inPlain(t, false)
	m.asks("shell>")
	m.typed("mkdir a\r")
	m.reads("Command: mkdir a")
	if err := m.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := m.ended(); code != Failed || m.exists("a") {
		t.Errorf("exit code %d, ran %v\n%s", code, m.exists("a"), m.err.String())
	}
	m.verifies()
}
