package gate

import (
	"os/exec"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// A thread that traces may be the parent of other processes: their end is not
// the end of what it traces, and is left to whoever waits for it.
func TestTheEndOfAnotherProcessIsNotTheTracees(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	begin := func(argv ...string) *exec.Cmd {
		cmd := exec.Command(onPath(t, argv[0]), argv[1:]...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	other, traced := begin("true"), begin("sleep", "60")
	defer func() { _ = traced.Process.Kill(); _ = traced.Wait() }()
	if err := unix.Waitid(unix.P_PID, other.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil); err != nil {
		t.Fatal(err)
	}
	pid := traced.Process.Pid
	if err := seize(pid); err != nil {
		t.Skip("this host does not let trace: ", err)
	}
	if err := unix.PtraceInterrupt(pid); err != nil {
		t.Fatal(err)
	}
	at, err := wait(pid, pid)
	if err != nil || at.tid != pid || at.ended {
		t.Errorf("got %+v, %v", at, err)
	}
	if err := detach(pid, 0); err != nil {
		t.Error(err)
	}
	if err := other.Wait(); err != nil {
		t.Errorf("the other's end was taken: %v", err)
	}
}
