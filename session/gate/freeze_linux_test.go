package gate

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A call that was allowed before the freeze may be done after it: its answer
// does not set the process going.
func TestAnAnswerInAFrozenSessionSetsNothingGoing(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	s := begin(t, plan(), nil, "/bin/bash", "-c", "echo begun; echo x > "+fifo)
	waits := func() bool { // in the opening of a pipe that nobody reads
		s.Gate.mu.Lock()
		defer s.Gate.mu.Unlock()
		return len(s.Gate.pending) > 0
	}
	s.until("the opening", func() bool { return strings.Contains(s.out.String(), "begun") && waits() })
	staysSo(t, 100*time.Millisecond, func() bool { return !waits() }, "the opening ended by itself")
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	if err := s.Freeze(ctx); err != nil {
		t.Fatal(err)
	}
	fd, err := unix.Open(fifo, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	r := os.NewFile(uintptr(fd), fifo)
	defer r.Close()
	buf := make([]byte, 8)
	came := func() bool { n, _ := unix.Read(fd, buf); return n > 0 }
	staysSo(t, 300*time.Millisecond, came, "the process wrote while it was frozen")
	if err := s.Thaw(ctx); err != nil {
		t.Fatal(err)
	}
	s.until("what it writes", came)
}

// Processes that make others as fast as the machine can are stopped all the
// same, and nothing of them is left once the session is ended.
func TestAForkBombIsFrozenAndEnded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "n")
	s := begin(t, plan(), nil, "/bin/bash", "-c", "for i in 1 2 3 4; do (while :; do (: & : &) & wait; echo x >> "+file+"; done) & done; wait")
	size := func() int64 {
		i, err := os.Stat(file)
		if err != nil {
			return 0
		}
		return i.Size()
	}
	s.until("it runs", func() bool { return size() > 20 })
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	for range 3 {
		if err := s.Freeze(ctx); err != nil {
			t.Fatal(err)
		}
		before := size()
		staysSo(t, 100*time.Millisecond, func() bool { return size() != before }, "something ran while it was frozen")
		if err := s.Thaw(ctx); err != nil {
			t.Fatal(err)
		}
		s.until("it runs again", func() bool { return size() > before })
	}
	if left, err := s.p.Kill(ctx); err != nil || len(left) > 0 {
		t.Errorf("left %v: %v", left, err)
	}
	before := size()
	staysSo(t, 100*time.Millisecond, func() bool { return size() != before }, "something ran after the end")
}

// staysSo fails if something happens within a time.
func staysSo(t *testing.T, most time.Duration, happens func() bool, what string) {
	t.Helper()
	deadline := time.After(most)
	for {
		if happens() {
			t.Fatal(what)
		}
		select {
		case <-deadline:
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}
