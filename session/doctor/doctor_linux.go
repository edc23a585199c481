package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"escort/session/child"
	"escort/session/unotify"
)

func report(ctx context.Context, state string) []Check {
	checks := []Check{kernel(), notification()}
	checks = append(checks, trial(ctx)...)
	checks = append(checks, landlock(), yama(), pidfd(), privilege(), freezer())
	checks = append(checks, shells(ctx)...)
	checks = append(checks, folder(state))
	return append(checks, limits()...)
}

// outcome makes a needed check of an error.
func outcome(name, fine string, err error, hint string) Check {
	if err != nil {
		return Check{Name: name, Detail: err.Error(), Hint: hint, Needed: true}
	}
	return Check{Name: name, Detail: fine, OK: true, Needed: true}
}

func kernel() Check {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return Check{Name: "kernel", Detail: err.Error()}
	}
	release := unix.ByteSliceToString(u.Release[:])
	c := Check{Name: "kernel", Detail: "Linux " + release + " on " + unix.ByteSliceToString(u.Machine[:])}
	c.OK = atLeast(release, 5, 19)
	if !c.OK {
		c.Hint = "Linux 5.19 or later is needed, 6.12 for privileged sessions"
	}
	return c
}

var numbers = regexp.MustCompile(`(\d+)\.(\d+)`)

// atLeast compares the first two numbers of a version.
func atLeast(version string, major, minor int) bool {
	found := numbers.FindStringSubmatch(version)
	if found == nil {
		return false
	}
	a, err1 := strconv.Atoi(found[1])
	b, err2 := strconv.Atoi(found[2])
	return err1 == nil && err2 == nil && (a > major || a == major && b >= minor)
}

func notification() Check {
	return outcome(
		"seccomp user notification", "the kernel can hand starts over", unotify.ActionAvailable(),
		"the kernel needs CONFIG_SECCOMP_FILTER; a container may hide it",
	)
}

// landlock is needed only where root inside could reach the listener.
func landlock() Check {
	abi := unotify.LandlockABI()
	c := Check{Name: "Landlock scopes", Detail: fmt.Sprintf("ABI %d", abi), OK: abi >= 6, Needed: child.Privileged()}
	if !c.OK {
		c.Detail += ", 6 is needed"
		c.Hint = "Linux 6.12 with landlock in the lsm= list keeps root inside a session from answering its own holds"
	}
	return c
}

func yama() Check {
	const path = "/proc/sys/kernel/yama/ptrace_scope"
	c := Check{Name: "ptrace policy", Detail: "no Yama restriction", OK: true}
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return c
	}
	scope := strings.TrimSpace(string(data))
	c.Detail = "Yama ptrace_scope " + scope
	switch {
	case err != nil:
		c.OK, c.Detail = false, err.Error()
	case scope == "3", scope == "2" && !child.Privileged():
		c.OK, c.Needed = false, true
		c.Hint = "kernel.yama.ptrace_scope must be 0 or 1 (2 for privileged sessions) to verify what was started"
	}
	return c
}

func pidfd() Check {
	fd, err := unix.PidfdOpen(os.Getpid(), 0)
	if err == nil {
		unix.Close(fd)
	}
	return outcome("pidfd", "processes can be named without confusion", err, "")
}

func privilege() Check {
	if child.Privileged() {
		return Check{Name: "privileges", OK: true, Detail: "privileged: sudo and su work inside a session and stay held"}
	}
	return Check{
		Name: "privileges", OK: true, Detail: "not privileged: no_new_privs is set",
		Hint: "sudo, su and setuid programs gain nothing inside; run escort with CAP_SYS_ADMIN if they must",
	}
}

func freezer() Check {
	c := Check{Name: "cgroup v2", Detail: "mounted", OK: true}
	if _, err := os.Stat("/sys/fs/cgroup/cgroup.controllers"); err != nil {
		c.OK, c.Detail = false, "not mounted"
		c.Hint = "not needed: a freeze stops every thread by ptrace instead"
	}
	return c
}

// shells are needed together: one of the two must be there.
func shells(ctx context.Context) []Check {
	bash := shell(ctx, "bash", 4, 4)
	zsh := shell(ctx, "zsh", 5, 3)
	bash.Needed = !zsh.OK
	return []Check{bash, zsh}
}

func shell(ctx context.Context, name string, major, minor int) Check {
	c := Check{Name: name}
	path, err := exec.LookPath(name)
	if err != nil {
		c.Detail, c.Hint = "not found", fmt.Sprintf("lines can be held in bash 4.4 and zsh 5.3, or later; install %s to use it", name)
		return c
	}
	cmd := exec.CommandContext(ctx, path, "--version")
	cmd.Env = []string{"LC_ALL=C"}
	out, err := cmd.Output()
	if err != nil {
		c.Detail = path + ": " + err.Error()
		return c
	}
	first, _, _ := strings.Cut(string(out), "\n")
	c.Detail, c.OK = path+": "+first, atLeast(first, major, minor)
	if !c.OK {
		c.Hint = fmt.Sprintf("%s %d.%d or later is needed", name, major, minor)
	}
	return c
}

// folder tries to write, since permissions alone do not say.
func folder(state string) Check {
	const hint = "set XDG_STATE_HOME to a folder that this user may write"
	if err := os.MkdirAll(state, 0o700); err != nil {
		return outcome("state folder", "", err, hint)
	}
	f, err := os.CreateTemp(state, ".doctor-*")
	if err == nil {
		_, err = f.Write([]byte{0})
		err = errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return outcome("state folder", state+" can be written", err, hint)
}

// limits are what no check can change; they stand in the report all the same.
func limits() []Check {
	var checks []Check
	for _, l := range []struct{ detail, hint string }{
		{"processes outside the session cannot be debugged from inside", "strace -p and gdb -p of a running daemon fail"},
		{"programs that install a seccomp listener of their own fail with EBUSY", "some runc, lxc and snap profiles"},
		{"non-dumpable programs cannot be read by an unprivileged gate", "ssh-agent, gpg-agent: what they start is refused"},
		{"32-bit programs are killed", "their system calls have other numbers"},
		{"daemons that already run do what they are asked", "systemd, cron, docker: the request is held, their work is not"},
		{"strace --seccomp-bpf inside misses starts", "plain strace does not"},
	} {
		checks = append(checks, Check{Name: "known limit", Detail: l.detail, Hint: l.hint, OK: true})
	}
	return checks
}
