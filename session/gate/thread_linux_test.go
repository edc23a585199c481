package gate

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// onMainThread runs do in a goroutine that has the main thread.
func onMainThread(t *testing.T, do func()) {
	t.Helper()
	free := make(chan struct{})
	defer close(free)
	for range 1000 {
		tid := make(chan int)
		done := make(chan struct{})
		go func() {
			defer close(done)
			runtime.LockOSThread()
			mine := unix.Gettid()
			if mine == os.Getpid() {
				do()
				mine = 0
			}
			tid <- mine
			<-free // keeps this thread, so that the next goroutine gets another
			runtime.UnlockOSThread()
		}()
		if <-tid == 0 {
			return
		}
	}
	t.Fatal("no goroutine got the main thread")
}

func TestTheMainThreadIsNobodysOwn(t *testing.T) {
	used := 0
	onMainThread(t, func() { onOwnThread(func() { used = unix.Gettid() }) })
	if used == 0 || used == os.Getpid() {
		t.Fatalf("it ran on thread %d of %d", used, os.Getpid())
	}
	thread := filepath.Join("/proc/self/task", strconv.Itoa(used))
	for late := time.Now().Add(10 * time.Second); ; <-time.After(5 * time.Millisecond) {
		if _, err := os.Stat(thread); err != nil {
			return
		}
		if time.Now().After(late) {
			t.Fatal("the thread did not end")
		}
	}
}
