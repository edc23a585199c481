package child

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"escort/session/unotify"
)

const (
	modeVar  = "CHILD_TEST_MODE" // what the re-executed test binary shall be
	argVar   = "CHILD_TEST_ARG"
	patience = 10 * time.Second
)

func TestMain(m *testing.M) {
	if Main() {
		return
	}
	switch mode := os.Getenv(modeVar); mode {
	case "":
		os.Exit(m.Run())
	case "supervisor":
		os.Exit(beSupervisor(os.Getenv(argVar)))
	default:
		os.Exit(errnoOf(probe(mode, os.Getenv(argVar))))
	}
}

// probe is a program inside a session; its status is the errno it met.
func probe(mode, arg string) error {
	pid, _ := strconv.Atoi(arg)
	switch mode {
	case "ptrace":
		return unix.PtraceAttach(pid)
	case "mem":
		_, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
		return err
	case "pidfd_getfd":
		fd, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			return unix.EIO
		}
		_, err = unix.PidfdGetfd(fd, 0, 0)
		return err
	case "tiocsti":
		return unix.IoctlSetInt(0, unix.TIOCSTI, 0)
	case "own-child":
		return traceOwnChild()
	}
	return unix.ENOTSUP
}

func traceOwnChild() error {
	cmd := exec.Command("/bin/sleep", "60")
	if err := cmd.Start(); err != nil {
		return err
	}
	defer cmd.Process.Kill()
	return unix.PtraceSeize(cmd.Process.Pid)
}

func errnoOf(err error) int {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return int(errno)
	}
	return 0
}

// running is a session under test.
type running struct {
	*Process
	mu     sync.Mutex
	output bytes.Buffer
	read   chan struct{} // closed when the terminal is at its end
}

func (r *running) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.output.String()
}

// launch starts a session whose starts are answered by gate with an errno, 0
// to let them run. It is not bound to a test, so that a supervisor process
// can use it as well.
func launch(c Config, gate func(n int) syscall.Errno) (*running, func(), error) {
	master, slave, err := pty.Open()
	if err != nil {
		return nil, nil, err
	}
	defer slave.Close()
	c.TTY = slave
	p, l, err := Start(context.Background(), c)
	if err != nil {
		master.Close()
		return nil, nil, err
	}
	r := &running{Process: p, read: make(chan struct{})}
	go func() {
		defer close(r.read)
		buf := make([]byte, 4096)
		for {
			n, err := master.Read(buf)
			r.mu.Lock()
			r.output.Write(buf[:n])
			r.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	gated := make(chan struct{})
	go func() {
		defer close(gated)
		for n := 1; ; n++ {
			asked, err := l.Receive()
			if err != nil {
				return
			}
			if errno := gate(n); errno != 0 {
				_ = l.Refuse(asked.ID, errno)
			} else {
				_ = l.Continue(asked.ID)
			}
		}
	}()
	return r, func() {
		p.Kill(context.Background())
		l.Close()
		<-gated
		master.Close()
		<-r.read
	}, nil
}

func allowAll(int) syscall.Errno { return 0 }

func run(t *testing.T, c Config, gate func(n int) syscall.Errno) *running {
	t.Helper()
	if err := unotify.ActionAvailable(); err != nil {
		t.Skip(err)
	}
	if c.Env == nil {
		c.Env = []string{"PATH=/usr/bin:/bin"}
	}
	r, stop, err := launch(c, gate)
	if errors.Is(err, unotify.ErrNoScopes) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return r
}

func sh(script string) Config { return Config{Argv: []string{"/bin/sh", "-c", script}} }

// wait returns the shell's status and all that it wrote.
func (r *running) wait(t *testing.T) (int, string) {
	t.Helper()
	select {
	case <-r.Done():
	case <-time.After(patience):
		t.Fatalf("the shell does not end; it wrote %q", r.text())
	}
	if left, err := r.Kill(t.Context()); err != nil || len(left) > 0 {
		t.Fatalf("Kill leaves %v: %v", left, err)
	}
	<-r.read
	return r.Status(), strings.ReplaceAll(r.text(), "\r", "")
}

// until polls a condition that the kernel does not announce.
func until(limit time.Duration, what func() bool) bool {
	deadline := time.Now().Add(limit)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !what() {
		if time.Now().After(deadline) {
			return false
		}
		<-tick.C
	}
	return true
}

func TestStatus(t *testing.T) {
	for _, row := range []struct {
		name, script string
		want         int
		text         string
	}{
		{"success", "echo hello; exit 0", 0, "hello\n"},
		{"failure", "exit 7", 7, ""},
		{"signal", "kill -9 $$", 137, ""},
		{"programs", "/bin/true && /bin/echo two", 0, "two\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			status, text := run(t, sh(row.script), allowAll).wait(t)
			if status != row.want || text != row.text {
				t.Errorf("status %d and %q, want %d and %q", status, text, row.want, row.text)
			}
		})
	}
}

func TestDeniedStart(t *testing.T) {
	r := run(t, sh("/bin/echo no; echo status $?"), func(n int) syscall.Errno {
		if n > 1 {
			return unix.EPERM
		}
		return 0
	})
	_, text := r.wait(t)
	if !strings.Contains(text, "not permitted") || !strings.HasSuffix(text, "status 126\n") {
		t.Errorf("a denied start says %q", text)
	}
}

func TestShellItselfDenied(t *testing.T) {
	r := run(t, sh("exit 0"), func(int) syscall.Errno { return unix.EPERM })
	status, _ := r.wait(t)
	if status != 126 || r.Err() == nil || !strings.Contains(r.Err().Error(), "/bin/sh") {
		t.Errorf("status %d, error %v", status, r.Err())
	}
}

func TestStartFails(t *testing.T) {
	master, slave, err := pty.Open()
	if err != nil {
		t.Skip(err)
	}
	defer master.Close()
	defer slave.Close()
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	for _, row := range []struct {
		name string
		c    Config
		want string
	}{
		{"no program", Config{TTY: slave}, "needs a program"},
		{"no terminal", Config{Argv: []string{"/bin/sh"}}, "terminal"},
		{"not a terminal", Config{Argv: []string{"/bin/sh"}, TTY: null}, "taking the terminal: inappropriate ioctl"},
		{"no such folder", Config{Argv: []string{"/bin/sh"}, TTY: slave, Dir: "/no/such"}, "entering the session's folder"},
		{"no such program", Config{Argv: []string{"no-such-program"}, TTY: slave}, "not found"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, l, err := Start(t.Context(), row.c)
			if err == nil {
				l.Close()
				t.Fatal("it started")
			}
			if !strings.Contains(err.Error(), row.want) {
				t.Errorf("the error is %q, want one about %q", err, row.want)
			}
		})
	}
}

// What the shell inherits: its descriptors, its terminal, its place, its
// environment to the letter, and no signal ignored, even where the supervisor was
// started to ignore some.
func TestWhatTheShellGets(t *testing.T) {
	ours, theirs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ignored := []os.Signal{unix.SIGINT, unix.SIGQUIT, unix.SIGHUP, unix.SIGURG}
	signal.Ignore(ignored...)
	defer signal.Reset(ignored...)
	c := sh(`echo hook >/proc/$$/fd/63; pwd; tty | cut -c1-8; echo "$odd"; ls /proc/$$/fd | tr '\n' ' '; echo; ulimit -n; grep -E 'Sig(Ign|Blk)' /proc/self/status`)
	c.Dir, c.Hook = dir, theirs
	c.Env = []string{"PATH=/usr/bin:/bin", "odd=\xff\xfe=x"}
	r := run(t, c, allowAll)
	theirs.Close()
	_, text := r.wait(t)
	limit, err := exec.Command("/bin/sh", "-c", "ulimit -n").Output()
	if err != nil {
		t.Fatal(err)
	}
	none := ":\t0000000000000000\n"
	want := dir + "\n/dev/pts\n\xff\xfe=x\n0 1 2 63 \n" + string(limit) + "SigBlk" + none + "SigIgn" + none
	if text != want {
		t.Errorf("the shell has\n%q, want\n%q", text, want)
	}
	if hook, err := io.ReadAll(ours); err != nil || string(hook) != "hook\n" {
		t.Errorf("through the hook came %q, %v", hook, err)
	}
}

func TestLargeEnvironment(t *testing.T) {
	c := sh(`echo ${#big1} ${#big9}`)
	c.Env = []string{"PATH=/bin"}
	for i := range 10 {
		c.Env = append(c.Env, fmt.Sprintf("big%d=%s", i, strings.Repeat("x", 120_000)))
	}
	if status, text := run(t, c, allowAll).wait(t); status != 0 || text != "120000 120000\n" {
		t.Errorf("status %d, %q", status, text)
	}
}

func TestInsideIsRefused(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		mode string
		want syscall.Errno
	}{
		{"ptrace", unix.EPERM},
		{"mem", unix.EACCES},
		{"pidfd_getfd", unix.EPERM},
		{"tiocsti", unix.EPERM},
		{"own-child", 0},
	} {
		t.Run(row.mode, func(t *testing.T) {
			r := run(t, Config{
				Argv: []string{self},
				Env:  []string{modeVar + "=" + row.mode, argVar + "=" + strconv.Itoa(os.Getpid())},
			}, allowAll)
			if !r.Scoped() {
				t.Skip(unotify.ErrNoScopes)
			}
			if status, text := r.wait(t); status != int(row.want) {
				t.Errorf("errno %d, want %v; %s", status, row.want, text)
			}
		})
	}
}
