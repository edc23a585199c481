package gate

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// ofMain is the thread that is used for one who asks on the main thread, where
// Go sets up what stands in a package.
var ofMain = func() (tid int) {
	if unix.Gettid() == os.Getpid() {
		onOwnThread(func() { tid = unix.Gettid() })
	}
	return tid
}()

func TestTheMainThreadIsNobodysOwn(t *testing.T) {
	if ofMain == 0 || ofMain == os.Getpid() {
		t.Fatalf("it ran on thread %d of %d", ofMain, os.Getpid())
	}
	thread := filepath.Join("/proc/self/task", strconv.Itoa(ofMain))
	for late := time.Now().Add(10 * time.Second); ; <-time.After(5 * time.Millisecond) {
		if _, err := os.Stat(thread); err != nil {
			return
		}
		if time.Now().After(late) {
			t.Fatal("the thread did not end")
		}
	}
}
