package gate

import (
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// onOwnThread runs do on a thread that does nothing else and ends with it: what
// it traces is let go or killed then, and an identity that it took ends with it.
// Call it last in a goroutine.
//
// The main thread is never such a thread. It does not end before the program
// does, so that what it traces would be kept for ever, even dead, and the kernel
// takes its identity for that of the whole program when it is asked who may send
// signals to it.
func onOwnThread(do func()) {
	runtime.LockOSThread() // not unlocked: the thread ends with the goroutine
	if unix.Gettid() != os.Getpid() {
		do()
		return
	}
	done := make(chan struct{})
	go func() { // cannot get the main thread, which is kept here meanwhile
		defer close(done)
		onOwnThread(do)
	}()
	<-done
	runtime.UnlockOSThread()
}
