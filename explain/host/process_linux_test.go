package host

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestFromProcess(t *testing.T) {
	w, err := FromProcess(os.Getpid(), Options{NoPackages: true})
	if err != nil {
		t.Fatal(err)
	}
	cwd, user, _ := w.Facts()
	if want, err := filepath.EvalSymlinks("."); err != nil || w.o.Root != "" || !strings.HasSuffix(cwd, "/explain/host") {
		t.Errorf("cwd %q, root %q (%s, %v)", cwd, w.o.Root, want, err)
	}
	if os.Geteuid() == 0 && user != "root" {
		t.Errorf("user %q, want root", user)
	}
	if _, err := FromProcess(1<<30, Options{}); err == nil {
		t.Error("a process that cannot exist has a world")
	}
}

// TestWorkingDirDeleted: a folder made to be mistaken for a deleted one, or
// the other way round, is not.
func TestWorkingDirDeleted(t *testing.T) {
	root := tree(t, map[string]string{"proc/": "", "w/": "", "w (deleted)/": "", "proc/root": "-> /"})
	m := New(Options{Root: root}).m
	if err := os.Symlink(root+"/w", root+"/proc/cwd"); err != nil {
		t.Fatal(err)
	}
	if got := m.workingDir(root + "/proc"); got != "" {
		t.Errorf("directory outside the root's names: %q", got)
	}
	if got := New(Options{}).m.workingDir(root + "/proc"); got != root+"/w" {
		t.Errorf("plain directory: %q", got)
	}
}

func TestKernelMade(t *testing.T) {
	w := New(Options{NoPackages: true})
	if _, err := os.Stat("/proc/self/exe"); err != nil {
		t.Skip("no /proc here")
	}
	for _, path := range []string{"/proc/self/exe", "/proc/self/fd/0", "/proc/thread-self/comm", "/dev/stdin"} {
		if _, err := w.Stat(t.Context(), path); kindOf(err) != "unknown" {
			t.Errorf("Stat(%q): %v", path, err)
		}
	}
	if b, err := w.Read(t.Context(), "/proc/version", 9); kindOf(err) != "unknown" {
		t.Errorf("/proc/version: %q, %v", b, err)
	}
}

// TestClosedFolder: a folder closed to this process says nothing about what
// is in it.
func TestClosedFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		asNobody(t)
		return
	}
	root := tree(t, map[string]string{"d/f": "x"})
	chmod(t, root, "d", 0)
	t.Cleanup(func() { chmod(t, root, "d", 0o755) })
	if _, err := New(Options{Root: root}).Stat(t.Context(), "/d/f"); kindOf(err) != "unknown" {
		t.Errorf("closed folder: %v", err)
	}
}

// asNobody runs the calling test once more as an ordinary account, for root may
// read every folder.
func asNobody(t *testing.T) {
	t.Helper()
	dir, err := os.MkdirTemp("", "host")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "test")
	for _, err := range []error{os.WriteFile(bin, self, 0o755), os.Chmod(bin, 0o755), os.Chmod(dir, 0o777)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(bin, "-test.v", "-test.run=^"+t.Name()+"$")
	cmd.Dir, cmd.Env = dir, []string{"TMPDIR=" + dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("%v\n%s", err, out)
	}
}
