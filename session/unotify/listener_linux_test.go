package unotify

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const (
	insideVar = "UNOTIFY_TEST_INSIDE" // what the re-executed test binary shall do
	patience  = 10 * time.Second
)

func init() { runtime.LockOSThread() } // the filter binds one thread: the one that execs

func TestMain(m *testing.M) {
	if what := os.Getenv(insideVar); what != "" {
		os.Exit(inside(what))
	}
	os.Exit(m.Run())
}

// inside is a session's process: it restricts itself, hands the listener over
// on descriptor 3 and does one thing. Its status is an errno.
func inside(what string) int {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return 200
	}
	if err := RestrictScopes(); err != nil && !errors.Is(err, ErrNoScopes) {
		return 201
	}
	f, err := Install()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 202
	}
	if err := unix.Sendmsg(3, []byte{0}, unix.UnixRights(int(f.Fd())), nil, 0); err != nil {
		return 203
	}
	f.Close()
	unix.Close(3)
	return errnoOf(probe(what))
}

func probe(what string) error {
	switch what {
	case "exec":
		return unix.Exec("/bin/true", []string{"true"}, nil)
	case "getfd":
		self, err := unix.PidfdOpen(os.Getpid(), 0)
		if err != nil {
			return unix.EIO
		}
		_, err = unix.PidfdGetfd(self, 1, 0)
		return err
	case "tiocsti":
		return unix.IoctlSetInt(0, unix.TIOCSTI, 0)
	case "openat2":
		_, err := unix.Openat2(unix.AT_FDCWD, "/", &unix.OpenHow{Flags: unix.O_PATH})
		return err
	case "ptrace":
		return unix.PtraceAttach(os.Getppid())
	case "mem":
		_, err := os.Open(fmt.Sprintf("/proc/%d/mem", os.Getppid()))
		return err
	case "readv":
		local := make([]byte, 1)
		_, err := unix.ProcessVMReadv(os.Getppid(), []unix.Iovec{{Base: &local[0], Len: 1}}, []unix.RemoteIovec{{Base: 4096, Len: 1}}, 0)
		return err
	case "nothing":
		return nil
	}
	return unix.ENOTSUP
}

func errnoOf(err error) int {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return int(errno)
	}
	return 0
}

// start runs the test binary inside and takes its listener.
func start(t *testing.T, what string) (*Listener, *exec.Cmd) {
	t.Helper()
	if err := ActionAvailable(); err != nil {
		t.Skip(err)
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "ours"), os.NewFile(uintptr(pair[1]), "theirs")
	defer ours.Close()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), insideVar+"="+what)
	cmd.ExtraFiles = []*os.File{theirs}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	err = cmd.Start()
	theirs.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	oob := make([]byte, unix.CmsgSpace(4))
	_, n, _, _, err := unix.Recvmsg(pair[0], make([]byte, 1), oob, unix.MSG_CMSG_CLOEXEC)
	if err != nil || n == 0 {
		t.Fatalf("no listener came: %v %s", err, stderr.String())
	}
	messages, err := unix.ParseSocketControlMessage(oob[:n])
	if err != nil {
		t.Fatal(err)
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewListener(os.NewFile(uintptr(fds[0]), "listener"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l, cmd
}

type received struct {
	n   Notification
	err error
}

// receiveWithin fails the test rather than hang it.
func receiveWithin(t *testing.T, l *Listener) received {
	t.Helper()
	got := make(chan received, 1)
	go func() {
		n, err := l.Receive()
		got <- received{n, err}
	}()
	select {
	case r := <-got:
		return r
	case <-time.After(patience):
		t.Fatal("Receive did not return")
		return received{}
	}
}

func status(cmd *exec.Cmd) int {
	cmd.Wait()
	return cmd.ProcessState.ExitCode()
}

func TestAnswers(t *testing.T) {
	for _, row := range []struct {
		name   string
		answer func(*Listener, uint64) error
		want   int
	}{
		{"continue", func(l *Listener, id uint64) error { return l.Continue(id) }, 0},
		{"refuse", func(l *Listener, id uint64) error { return l.Refuse(id, unix.EXDEV) }, int(unix.EXDEV)},
		{"close", func(l *Listener, _ uint64) error { return l.Close() }, int(unix.ENOSYS)},
	} {
		t.Run(row.name, func(t *testing.T) {
			l, cmd := start(t, "exec")
			r := receiveWithin(t, l)
			if r.err != nil {
				t.Fatal(r.err)
			}
			if r.n.Call != Execve || r.n.TID != cmd.Process.Pid || r.n.Args[0] == 0 {
				t.Errorf("received %+v of process %d", r.n, cmd.Process.Pid)
			}
			if !l.Valid(r.n.ID) || l.Valid(r.n.ID+1) {
				t.Error("Valid does not tell a waiting start from another")
			}
			if err := row.answer(l, r.n.ID); err != nil {
				t.Fatal(err)
			}
			if got := status(cmd); got != row.want {
				t.Errorf("status %d, want %d", got, row.want)
			}
		})
	}
}

func TestReceiveEnds(t *testing.T) {
	l, cmd := start(t, "nothing")
	if got := status(cmd); got != 0 {
		t.Fatalf("status %d", got)
	}
	if r := receiveWithin(t, l); r.err != io.EOF {
		t.Errorf("with nobody left Receive says %v, want EOF", r.err)
	}
}

func TestCloseWakesReceive(t *testing.T) {
	l, cmd := start(t, "exec")
	first := receiveWithin(t, l)
	if first.err != nil {
		t.Fatal(first.err)
	}
	woken := make(chan error, 1)
	go func() {
		_, err := l.Receive()
		woken <- err
	}()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-woken:
		if !errors.Is(err, os.ErrClosed) {
			t.Errorf("Receive says %v, want ErrClosed", err)
		}
	case <-time.After(patience):
		t.Error("Close did not wake Receive")
	}
	if l.Valid(first.n.ID) || !errors.Is(l.Continue(first.n.ID), os.ErrClosed) {
		t.Error("a closed listener still answers")
	}
	status(cmd)
}

func TestKilledWhileHeld(t *testing.T) {
	l, cmd := start(t, "exec")
	r := receiveWithin(t, l)
	if r.err != nil {
		t.Fatal(r.err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	if l.Valid(r.n.ID) {
		t.Error("the start of a dead process is still valid")
	}
	if err := l.Continue(r.n.ID); !errors.Is(err, unix.ENOENT) {
		t.Errorf("Continue says %v, want ENOENT", err)
	}
}

func TestRefuseNeedsAnErrno(t *testing.T) {
	l, _ := start(t, "exec")
	r := receiveWithin(t, l)
	if r.err != nil {
		t.Fatal(r.err)
	}
	if l.Refuse(r.n.ID, 0) == nil || !l.Valid(r.n.ID) {
		t.Error("errno 0 was taken for a refusal")
	}
}

func TestInsideIsRefused(t *testing.T) {
	for _, row := range []struct {
		what   string
		want   syscall.Errno
		scopes bool
	}{
		{"nothing", 0, false},
		{"getfd", unix.EPERM, false},
		{"tiocsti", unix.EPERM, false},
		{"openat2", unix.ENOSYS, false},
		{"ptrace", unix.EPERM, true},
		{"mem", unix.EACCES, true},
		{"readv", unix.EPERM, true},
	} {
		t.Run(row.what, func(t *testing.T) {
			if row.scopes && LandlockABI() < scopesABI {
				t.Skip(ErrNoScopes)
			}
			l, cmd := start(t, row.what)
			if row.what == "ptrace" { // is asked about, for it may be within the session
				r := receiveWithin(t, l)
				if err := errors.Join(r.err, l.Continue(r.n.ID)); err != nil {
					t.Fatal(err)
				}
			}
			if got := status(cmd); got != int(row.want) {
				t.Errorf("errno %d (%v), want %v", got, syscall.Errno(got), row.want)
			}
		})
	}
}

func TestNewListenerRefusesOtherFiles(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := NewListener(r); err == nil {
		t.Error("a pipe was taken for a listener")
	}
	if _, err := r.Read(nil); err == nil && r.Close() == nil {
		t.Error("the file was left open")
	}
}
