package gate

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"

	"escort/session/unotify"
)

// TestFind walks paths in a tree that serves as the root of the view.
func TestFind(t *testing.T) {
	root := t.TempDir()
	for _, dir := range []string{"bin", "work/deep"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "bin/prog"), nil, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{
		"abs": "/bin/prog", "rel": "bin/../bin/prog", "out": "../../../../bin/prog", "loop": "loop", "dirlink": "/work/deep", "gone": "/nowhere",
	} {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	v := &view{tid: os.Getpid(), tgid: os.Getpid()}
	var err error
	if v.root.fd, err = unix.Open(root, unix.O_PATH|unix.O_CLOEXEC, 0); err != nil {
		t.Fatal(err)
	}
	defer v.close()
	if err := unix.Fstat(v.root.fd, &v.root.stat); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		last bool
		want string
		err  error
	}{
		{"/bin/prog", true, "/bin/prog", nil},
		{"//bin//./prog", true, "/bin/prog", nil},
		{"/abs", true, "/bin/prog", nil},
		{"/rel", true, "/bin/prog", nil},
		{"/out", true, "/bin/prog", nil},
		{"/../../bin/prog", true, "/bin/prog", nil},
		{"/dirlink/../../bin/prog", true, "/bin/prog", nil},
		{"/abs", false, "", unix.ELOOP},
		{"/loop", true, "", unix.ELOOP},
		{"/gone", true, "", unix.ENOENT},
		{"/nowhere", true, "", unix.ENOENT},
		{"/bin/prog/x", true, "", unix.ENOTDIR},
		{"/bin/prog/", true, "", unix.ENOTDIR},
		{"", true, "", unix.ENOENT},
	} {
		p, err := v.find(c.name, "cwd", c.last)
		if err != c.err || err == nil && p.name() != c.want {
			t.Errorf("%q: %q, %v; want %q, %v", c.name, p.name(), err, c.want, c.err)
		}
		p.close()
	}
}

// TestFindSelf: links below /proc lead to the process that asks, not to the gate.
func TestFindSelf(t *testing.T) {
	v, err := newView(os.Getpid(), os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	defer v.close()
	want, err := runs(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fd := "/dev/fd/" + filepath.Base(fdName(f))
	for _, name := range []string{"/proc/self/exe", "/proc/thread-self/exe", "/proc/self/root/proc/self/exe", fd} {
		p, err := v.find(name, "cwd", true)
		if err != nil || p.id() != want {
			t.Errorf("%s: %+v, %v", name, p.id(), err)
		}
		p.close()
	}
	c := &call{kind: unotify.Execveat, dirfd: 9999, flags: unix.AT_EMPTY_PATH}
	if _, err := lookUp(v, c); errno(err) != unix.EBADF {
		t.Errorf("a descriptor that is not there: %v", err)
	}
}

func fdName(f *os.File) string {
	raw, err := f.SyscallConn()
	if err != nil {
		return ""
	}
	name := ""
	if err := raw.Control(func(fd uintptr) { name = filepath.Join("fd", strconv.FormatUint(uint64(fd), 10)) }); err != nil {
		return ""
	}
	return name
}

func TestFormats(t *testing.T) {
	magic, ok := parseFormat("enabled\ninterpreter /usr/bin/i\nflags: \noffset 1\nmagic 4142\nmask fff0\n")
	ext, ok2 := parseFormat("enabled\ninterpreter /usr/bin/j\nextension .foo\n")
	_, off := parseFormat("disabled\ninterpreter /usr/bin/j\nextension .foo\n")
	if !ok || !ok2 || off {
		t.Fatalf("parsed: %v %v %v", ok, ok2, off)
	}
	for _, c := range []struct {
		f    format
		name string
		head string
		want bool
	}{
		{magic, "x", "?AB", true},
		{magic, "x", "?AO", true},
		{magic, "x", "?BB", false},
		{magic, "x", "?A", false},
		{ext, "/a/b.foo", "", true},
		{ext, "/a/bfoo", "", false},
	} {
		if got := c.f.takes(c.name, []byte(c.head)); got != c.want {
			t.Errorf("%s %q: %v", c.name, c.head, got)
		}
	}
}
