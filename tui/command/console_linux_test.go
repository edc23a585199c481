package command

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"escort/session/record"
	"escort/session/screen"

	"github.com/creack/pty"
)

// terminal is the program in a terminal of a known size, as a person has it.
type terminal struct {
	t    testing.TB
	cmd  *exec.Cmd
	tty  *os.File
	scr  *screen.Screen
	work sync.WaitGroup
	err  strings.Builder

	mu  sync.Mutex
	raw []byte // all that the program wrote
}

func inTerminal(t testing.TB, cols, rows int, change func(*exec.Cmd)) *terminal {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is missing")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	m := &terminal{t: t, cmd: exec.Command(self), scr: screen.New(cols, rows, 0)}
	m.cmd.Dir = filepath.Join(dir, "work")
	if err := os.Mkdir(m.cmd.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	m.cmd.Env = []string{
		asProgram + "=1", "HOME=" + dir, "PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "LANG=C.UTF-8",
		"XDG_STATE_HOME=" + filepath.Join(dir, "state"),
	}
	m.cmd.Stderr = &m.err
	if change != nil {
		change(m.cmd)
	}
	m.tty, err = pty.StartWithSize(m.cmd, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)})
	if err != nil {
		t.Fatal(err)
	}
	m.work.Go(func() {
		buf := make([]byte, 64<<10)
		for {
			n, err := m.tty.Read(buf)
			m.mu.Lock()
			m.raw = append(m.raw, buf[:n]...)
			m.mu.Unlock()
			_, _ = m.scr.Write(buf[:n])
			if r := m.scr.Replies(); len(r) > 0 {
				_, _ = m.tty.Write(r)
			}
			if err != nil {
				return
			}
		}
	})
	t.Cleanup(func() {
		if m.cmd.ProcessState == nil {
			_ = m.cmd.Process.Kill()
			_ = m.cmd.Wait()
		}
		m.work.Wait()
		_ = m.tty.Close()
	})
	return m
}

func (m *terminal) text() string { return strings.Join(m.scr.Text(), "\n") }

func (m *terminal) until(what string, ok func() bool) {
	m.t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			m.t.Fatalf("waited in vain for %s:\n%s\n%s", what, m.text(), m.err.String())
		}
	}
}

func (m *terminal) shows(text string) {
	m.t.Helper()
	m.until(text, func() bool { return strings.Contains(m.text(), text) })
}

// prompt waits until the shell takes a line.
func (m *terminal) prompt() {
	m.t.Helper()
	m.shows("keys go to: the shell")
	m.until("the prompt", func() bool {
		line := strings.TrimSpace(m.scr.LastLine())
		return strings.HasSuffix(line, "~/work#") || strings.HasSuffix(line, "~/work$")
	})
}

func (m *terminal) typed(keys string) {
	m.t.Helper()
	if _, err := io.WriteString(m.tty, keys); err != nil {
		m.t.Fatal(err)
	}
}

// ready waits until a card takes keys.
func (m *terminal) ready() {
	m.t.Helper()
	m.shows("keys go to: the card")
	m.until("an armed card", func() bool { return !strings.Contains(m.text(), "wait…") })
}

// ended waits for the program and returns its exit code.
func (m *terminal) ended() int {
	m.t.Helper()
	_ = m.cmd.Wait()
	return m.cmd.ProcessState.ExitCode()
}

func (m *terminal) exists(name string) bool {
	_, err := os.Stat(filepath.Join(m.cmd.Dir, name))
	return err == nil
}

func TestConsoleHoldsARealShell(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			m := inTerminal(t, size[0], size[1], nil)
			m.prompt()
			m.typed("touch x; ls x\r")
			m.shows("held: waiting for the escort")
			m.shows("LOW · small, easy to put back")
			m.ready()
			if m.exists("x") {
				t.Fatal("it ran before the allow")
			}
			m.typed("a")
			m.until("the file", func() bool { return m.exists("x") })
			m.prompt()
			m.typed("echo y > y\r")
			m.ready()
			m.typed("d")
			m.shows("deny, because")
			m.typed("no ticket\r")
			m.shows("escort: denied · no ticket")
			m.prompt()
			if m.exists("y") {
				t.Error("a denied line ran")
			}
			m.typed("mkdir sub\r")
			m.ready()
			m.typed("a")
			m.until("the folder", func() bool { return m.exists("sub") })
			m.prompt()
			m.typed("rm -rf sub\r")
			m.ready()
			m.typed("a")
			m.shows("type DELETE to allow")
			m.typed("delete\r")
			m.until("the folder's end", func() bool { return !m.exists("sub") })
			m.prompt()
			m.typed("\x1dx")
			m.shows("end the session? y/n")
			m.typed("y")
			if code := m.ended(); code != Done {
				t.Errorf("exit code %d\n%s", code, m.err.String())
			}
			m.verifies()
		})
	}
}

// verifies checks the record that the session left.
func (m *terminal) verifies() {
	m.t.Helper()
	dirs, err := filepath.Glob(filepath.Join(m.cmd.Dir, "../state/escort/sessions/*"))
	if err != nil || len(dirs) != 1 {
		m.t.Fatalf("records %q, %v", dirs, err)
	}
	r, err := record.Verify(dirs[0])
	if err != nil || !r.Whole() {
		m.t.Errorf("the record does not verify: %v %v", r.Problems, err)
	}
}

// TestAsAnOrdinaryUser drops to nobody: the gate holds without privileges, and
// the header says what that means.
func TestAsAnOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can become nobody")
	}
	public, err := os.MkdirTemp("", "escort")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(public) })
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	bin, work := filepath.Join(public, "escort"), filepath.Join(public, "work")
	for _, err := range []error{
		os.Chmod(public, 0o755), os.WriteFile(bin, program, 0o755), os.Chmod(bin, 0o755), os.Mkdir(work, 0o755), os.Chown(work, 65534, 65534),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	m := inTerminal(t, 100, 30, func(c *exec.Cmd) {
		c.Path, c.Args[0], c.Dir = bin, bin, work
		c.Env = append(c.Env, "HOME="+work, "XDG_STATE_HOME="+filepath.Join(work, "state"))
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	})
	m.shows("sudo gains nothing here")
	m.until("the prompt", func() bool { return strings.HasSuffix(strings.TrimSpace(m.scr.LastLine()), "~$") })
	m.typed("sh -c 'touch x; grep NoNewPrivs /proc/self/status'\r")
	m.ready()
	if m.exists("x") {
		t.Fatal("it ran before the allow")
	}
	m.typed("a")
	m.until("the file", func() bool { return m.exists("x") })
	m.shows("NoNewPrivs:     1")
}

func TestATenLinePasteIsHeld(t *testing.T) {
	t.Parallel()
	var lines strings.Builder
	for i := range 10 {
		fmt.Fprintf(&lines, "echo %d >> pasted\n", i)
	}
	for name, paste := range map[string]string{
		"as one":       "\x1b[200~" + lines.String() + "\x1b[201~\r",
		"line by line": strings.ReplaceAll(lines.String(), "\n", "\r"),
	} {
		t.Run(name, func(t *testing.T) {
			m := inTerminal(t, 120, 40, nil)
			m.prompt()
			m.typed(paste)
			m.shows("HOLD 1")
			m.ready()
			m.typed("d")
			m.shows("deny, because")
			m.typed("\r")
			m.shows("escort: denied")
			m.prompt()
			m.typed("echo after\r")
			m.ready()
			m.shows("echo after")
			m.typed("a")
			m.prompt()
			if m.exists("pasted") {
				t.Error("a part of a denied paste ran")
			}
		})
	}
}

func TestShellsEndEndsTheConsole(t *testing.T) {
	t.Parallel()
	m := inTerminal(t, 100, 30, nil)
	m.prompt()
	m.typed("exit 7\r")
	m.ready()
	m.typed("a")
	if code := m.ended(); code != Done {
		t.Errorf("exit code %d", code)
	}
	m.verifies()
}

func TestConsoleEndsOnASignal(t *testing.T) {
	t.Parallel()
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		m := inTerminal(t, 80, 24, nil)
		m.prompt()
		if err := m.cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		if code := m.ended(); code != Failed || !strings.Contains(m.err.String(), "escort: error: ") {
			t.Errorf("%v: exit code %d, %q", sig, code, m.err.String())
		}
		m.verifies()
	}
}

func TestNoStateFolder(t *testing.T) {
	t.Parallel()
	m := inTerminal(t, 80, 24, func(c *exec.Cmd) {
		c.Env = append(c.Env, "XDG_STATE_HOME=/proc/nowhere")
	})
	if code := m.ended(); code != Failed || !strings.Contains(m.err.String(), "escort: hint: ") {
		t.Errorf("exit code %d, %q", code, m.err.String())
	}
}

func TestNoShell(t *testing.T) {
	t.Parallel()
	m := inTerminal(t, 80, 24, func(c *exec.Cmd) { c.Env = append(c.Env, "PATH=/nonexistent") })
	if code := m.ended(); code != Unable || !strings.Contains(m.err.String(), "escort: hint: ") {
		t.Errorf("exit code %d, %q", code, m.err.String())
	}
}

// BenchmarkCat shows 100 MB of log by a pty alone, by tmux, and by the whole
// console with its record; the console's figure is the ratio to tmux.
func BenchmarkCat(b *testing.B) {
	const size = 100 << 20
	log := filepath.Join(b.TempDir(), "log")
	line := "2026-11-24T00:00:00Z host app[123]: request 4711 answered with 200 in 12 ms for user 42\r\n"
	if err := os.WriteFile(log, []byte(strings.Repeat(line, size/len(line))), 0o600); err != nil {
		b.Fatal(err)
	}
	var tmux float64 // ns for each time
	through := func(b *testing.B, argv ...string) {
		b.SetBytes(size)
		for b.Loop() {
			cmd := exec.Command(argv[0], argv[1:]...)
			cmd.Env = append(os.Environ(), "TERM=xterm-256color")
			tty, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 120, Rows: 40})
			if err != nil {
				b.Skip(err)
			}
			_, _ = io.Copy(io.Discard, tty) // ends with an error when the program has ended
			_ = tty.Close()
			_ = cmd.Wait()
		}
	}
	b.Run("bare", func(b *testing.B) { through(b, "cat", log) })
	b.Run("tmux", func(b *testing.B) {
		through(b, "tmux", "-L", fmt.Sprint("escort-bench-", os.Getpid()), "-f", "/dev/null", "new-session", "cat "+log)
		tmux = float64(b.Elapsed().Nanoseconds()) / float64(b.N)
	})
	b.Run("console", func(b *testing.B) {
		b.SetBytes(size)
		m := inTerminal(b, 120, 40, nil)
		m.prompt()
		for i := 0; b.Loop(); i++ {
			b.StopTimer()
			m.typed(fmt.Sprintf("cat %s; echo end-%d-$((40+2))\r", log, i))
			m.ready()
			b.StartTimer()
			m.typed("a")
			m.shows(fmt.Sprintf("end-%d-42", i))
		}
		if tmux > 0 {
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/tmux, "x-tmux")
		}
	})
}
