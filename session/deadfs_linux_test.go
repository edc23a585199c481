package session

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"escort/session/event"
)

// deadFS mounts a file system whose server never answers: whoever looks at a
// file of it waits until it is taken away.
func deadFS(t *testing.T, at string) {
	t.Helper()
	fd, err := unix.Open("/dev/fuse", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Skip("needs /dev/fuse: ", err)
	}
	if err := os.Mkdir(at, 0o755); err != nil {
		t.Fatal(err)
	}
	options := fmt.Sprintf("fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", fd)
	if err := unix.Mount("dead", at, "fuse", unix.MS_NOSUID|unix.MS_NODEV, options); err != nil {
		unix.Close(fd)
		t.Skip("needs the right to mount: ", err)
	}
	t.Cleanup(func() {
		_ = unix.Close(fd) // all who wait are told that it is gone
		if err := unix.Unmount(at, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}

// A file system that does not answer holds up what looks at it, and nothing
// else: lines are explained in time, and other programs start.
func TestADeadFileSystemHoldsUpNothingElse(t *testing.T) {
	for _, line := range []string{"cat dead/x", "sh dead/x", "dead/x", "echo hi > dead/x", "mkdir dead/x", "cd dead", "ls dead/*"} {
		t.Run(line, func(t *testing.T) {
			c := open(t, nil)
			deadFS(t, filepath.Join(c.dir, "dead"))
			for i, next := range []string{line + " & touch y0", "touch y1", line + " & touch y2"} {
				c.typed(next + "\r")
				e := c.held()
				for ; e.Typed != next; e = c.held() { // what the line before left behind
					c.decide(e, event.Deny)
				}
				c.decide(e, event.Allow)
				mark := fmt.Sprint("y", i)
				for !c.exists(mark) {
					c.until("the other program", func() bool { return c.exists(mark) || len(c.openHolds()) > 0 })
					c.mu.Lock()
					holds := c.openHolds()
					c.mu.Unlock()
					for _, e := range holds { // of a line that could not be explained in time
						c.decide(e, map[bool]string{true: event.Allow, false: event.Deny}[e.Actual == "touch "+mark])
					}
				}
			}
		})
	}
}
