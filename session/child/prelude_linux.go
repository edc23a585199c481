package child

import (
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"

	"escort/session/unotify"
)

// init locks the prelude to the group's leader, whose exec keeps the number
// that everybody knows, and closes it to debuggers of the same user.
func init() {
	if !prelude() {
		return
	}
	runtime.LockOSThread()
	// Without this the prelude is merely as open as before; the supervisor
	// looks for a tracer before it lets the child go.
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}

func prelude() bool {
	return len(os.Args) > 0 && (os.Args[0] == keeperName || os.Args[0] == childName)
}

// Main runs the keeper or the child prelude if that is what this process was
// started as, and then never returns; otherwise it does nothing and says so.
// It must be called before anything else in main, and in TestMain of tests
// that start sessions.
func Main() (ran bool) {
	if !prelude() {
		return false
	}
	// One descriptor, by number, tells who asked; without it somebody has
	// merely given the program one of our names.
	fd, run, status := controlFD, keep, 1
	if os.Args[0] == childName {
		fd, run, status = handFD, becomeShell, 126
	}
	if err := run(); err != nil {
		if send(fd, report{Kind: kindFailed, Text: err.Error()}, -1) != nil {
			fmt.Fprintf(os.Stderr, "escort: error: %v\n", err)
		}
		unix.Exit(status)
	}
	unix.Exit(0)
	return true
}

// becomeShell is the child prelude, in the order in which each step is still
// permitted. On success it does not return.
func becomeShell() error {
	o, tty, hook, err := readOrder()
	if err != nil {
		return fmt.Errorf("reading what to start: %w", err)
	}
	if err := openTerminal(tty); err != nil {
		return err
	}
	if o.Account == nil {
		if err := enter(o.Dir); err != nil {
			return err
		}
	}
	scoped, err := restrict(o)
	if err != nil {
		return err
	}
	if err := handOver(scoped); err != nil {
		return err
	}
	if o.Account != nil { // which may enter it, or may not
		if err := errors.Join(become(o.Account), enter(o.Dir)); err != nil {
			return err
		}
	}
	if err := arrange(hook); err != nil {
		return err
	}
	// syscall.Exec also takes back the descriptor limit that Go raised.
	err = syscall.Exec(o.Path, o.Argv, o.Env)
	return fmt.Errorf("starting %s: %w", o.Path, err)
}

func readOrder() (o order, tty, hook int, err error) {
	unix.CloseOnExec(handFD)
	oob := make([]byte, unix.CmsgSpace(2*4))
	_, n, _, _, err := unix.Recvmsg(handFD, make([]byte, 1), oob, unix.MSG_CMSG_CLOEXEC)
	if err != nil {
		return o, 0, 0, err
	}
	messages, err := unix.ParseSocketControlMessage(oob[:n])
	if err != nil {
		return o, 0, 0, err
	}
	var fds []int
	for _, m := range messages {
		got, err := unix.ParseUnixRights(&m)
		if err != nil {
			return o, 0, 0, err
		}
		fds = append(fds, got...)
	}
	if err := gob.NewDecoder(&packetReader{fd: handFD}).Decode(&o); err != nil {
		return o, 0, 0, err
	}
	switch {
	case o.Hook && len(fds) == 2:
		return o, fds[0], fds[1], nil
	case !o.Hook && len(fds) == 1:
		return o, fds[0], -1, nil
	}
	return o, 0, 0, fmt.Errorf("%d descriptors came", len(fds))
}

// openTerminal makes the pty the controlling terminal; the session is ours
// since the keeper started us with setsid.
func openTerminal(tty int) error {
	if err := unix.IoctlSetInt(tty, unix.TIOCSCTTY, 0); err != nil {
		return fmt.Errorf("taking the terminal: %w", err)
	}
	for fd := range 3 {
		if err := unix.Dup3(tty, fd, 0); err != nil {
			return fmt.Errorf("opening the terminal as descriptor %d: %w", fd, err)
		}
	}
	return nil
}

// restrict closes the ways out to the supervisor. Without scopes an ordinary
// user still cannot reach it, since it is not dumpable; root can.
func restrict(o order) (scoped bool, err error) {
	if o.NoNewPrivs {
		if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
			return false, fmt.Errorf("setting no_new_privs: %w", err)
		}
	}
	err = unotify.RestrictScopes()
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, unotify.ErrNoScopes) && (o.AllowNoScopes || !mayTrace()):
		return false, nil
	}
	return false, err
}

// handOver installs the filter, gives the listener away and waits for the word
// that nobody else has it.
func handOver(scoped bool) error {
	f, err := unotify.Install()
	if err != nil {
		return err
	}
	err = send(handFD, report{Kind: kindListener, Scoped: scoped}, int(f.Fd()))
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("handing over the listener: %w", err)
	}
	if err := send(handFD, report{Kind: kindClosed}, -1); err != nil {
		return fmt.Errorf("handing over the listener: %w", err)
	}
	packet := make([]byte, maxPacket)
	n, err := readPacket(handFD, packet)
	if err != nil {
		return fmt.Errorf("waiting for the supervisor: %w", err)
	}
	if string(packet[:n]) != wordGo {
		return errors.New("the supervisor did not let the shell start")
	}
	return nil
}

func enter(dir string) error {
	if dir == "" {
		return nil
	}
	if err := os.Chdir(dir); err != nil {
		return fmt.Errorf("entering the session's folder: %w", err)
	}
	return nil
}

// become gives up this process's account for another one, for good: with the
// last of its user IDs go its capabilities.
func become(a *Account) error {
	if err := syscall.Setgroups(a.Groups); err != nil {
		return fmt.Errorf("taking the account's groups: %w", err)
	}
	if err := syscall.Setresgid(a.GID, a.GID, a.GID); err != nil {
		return fmt.Errorf("taking the account's group: %w", err)
	}
	if err := syscall.Setresuid(a.UID, a.UID, a.UID); err != nil {
		return fmt.Errorf("taking the account: %w", err)
	}
	if a.UID != 0 && syscall.Setresuid(0, 0, 0) == nil {
		return errors.New("the account could be given up again")
	}
	return nil
}

// arrange leaves the shell the descriptors that it shall have. Handlers of
// signals go with the exec; the mask is the one we were started with.
func arrange(hook int) error {
	if err := unix.CloseRange(3, ^uint(0)>>32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		return fmt.Errorf("closing descriptors: %w", err)
	}
	if hook >= 0 {
		if err := unix.Dup3(hook, HookFD, 0); err != nil {
			return fmt.Errorf("opening the hook as descriptor %d: %w", HookFD, err)
		}
	}
	// The listener is gone from here, and an unprivileged gate must be able
	// to read what is about to be started.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("opening the child to its supervisor: %w", err)
	}
	return nil
}
