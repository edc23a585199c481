package host

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
)

// FromProcess returns the World of process pid: o with Root and Cwd as the
// process has them, and User where it is empty. A working directory that was
// deleted, or that lies outside the root, stays unknown.
func FromProcess(pid int, o Options) (*World, error) {
	proc := "/proc/" + strconv.Itoa(pid)
	root := proc + "/root"
	if _, err := os.Stat(root); err != nil {
		return nil, fmt.Errorf("root of process %d: %w", pid, err)
	}
	o.Root = root
	if sameRoot(proc) {
		o.Root = ""
	}
	w := New(o)
	if o.Root == "" {
		w.m = ours()
	}
	w.o.Cwd = w.m.workingDir(proc)
	if w.o.User == "" {
		w.o.User = w.m.userOf(proc)
	}
	return w, nil
}

// ours is this machine as this process sees it, for all that is asked about it:
// what was read about accounts and packages is read again when that changes.
var ours = sync.OnceValue(func() *machine { return New(Options{}).m })

// sameRoot reports whether a process sees the files that this one sees.
func sameRoot(proc string) bool {
	theirs, err1 := os.Readlink(proc + "/ns/mnt")
	ours, err2 := os.Readlink("/proc/self/ns/mnt")
	a, err3 := os.Stat(proc + "/root")
	b, err4 := os.Stat("/")
	return err1 == nil && err2 == nil && err3 == nil && err4 == nil && theirs == ours && os.SameFile(a, b)
}

// workingDir is the process's directory as a path inside its root. The kernel
// gives it as seen from our root, or with " (deleted)" after it, so each
// reading of it is believed only if it leads to that very directory.
func (m *machine) workingDir(proc string) string {
	is, err := os.Stat(proc + "/cwd")
	if err != nil {
		return ""
	}
	cwd, err := os.Readlink(proc + "/cwd")
	if err != nil {
		return ""
	}
	candidates := []string{cwd}
	if root, err := os.Readlink(proc + "/root"); err == nil && root != "/" {
		if below, ok := strings.CutPrefix(cwd, root); ok {
			candidates = []string{"/" + strings.TrimPrefix(below, "/"), cwd}
		}
	}
	for _, c := range candidates {
		if p, err := m.follow(c, true); err == nil && os.SameFile(p.info, is) {
			return p.path
		}
	}
	return ""
}

// userOf is the account that a process acts as.
func (m *machine) userOf(proc string) string {
	status, err := os.ReadFile(proc + "/status")
	if err != nil {
		return ""
	}
	for line := range bytes.Lines(status) {
		// Uid: real, effective, saved, file system.
		if f := strings.Fields(string(line)); len(f) == 5 && f[0] == "Uid:" {
			if id, err := strconv.ParseUint(f[2], 10, 32); err == nil {
				return m.accounts.of(uint32(id))
			}
		}
	}
	return ""
}
