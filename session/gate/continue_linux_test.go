package gate

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"escort/session/child"

	"github.com/creack/pty"
)

// benchGated measures the notification alone: every start is let through
// unread. No session does that; it shows what judging and verifying cost.
func benchGated(b *testing.B, loop string) {
	master, slave, err := pty.Open()
	if err != nil {
		b.Fatal(err)
	}
	defer master.Close()
	go func() { _, _ = io.Copy(io.Discard, master) }()
	sh, err := exec.LookPath("sh")
	if err != nil {
		b.Skip("sh is missing")
	}
	p, l, err := child.Start(b.Context(), child.Config{
		Argv: []string{sh, "-c", loop, strconv.Itoa(b.N)}, Env: os.Environ(), TTY: slave,
	})
	if err != nil {
		b.Fatal(err)
	}
	_ = slave.Close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			n, err := l.Receive()
			if errors.Is(err, os.ErrClosed) || errors.Is(err, io.EOF) {
				return
			}
			if err == nil {
				_ = l.Continue(n.ID)
			}
		}
	}()
	<-p.Done()
	if _, err := p.Kill(b.Context()); err != nil {
		b.Fatal(err)
	}
	_ = l.Close()
	<-done
	if p.Status() != 0 {
		b.Fatalf("the shell ended with %d", p.Status())
	}
}
