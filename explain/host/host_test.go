package host

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"escort/explain/effect"
	"github.com/google/go-cmp/cmp"
)

// tree makes a root with the files given: a name ending in "/" is a folder,
// a value starting with "-> " a link.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		at := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if to, ok := strings.CutPrefix(text, "-> "); ok {
			err = os.Symlink(to, at)
		} else if strings.HasSuffix(name, "/") {
			err = os.MkdirAll(at, 0o755)
		} else {
			err = os.WriteFile(at, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func chmod(t testing.TB, root, name string, mode fs.FileMode) {
	t.Helper()
	if err := os.Chmod(filepath.Join(root, name), mode); err != nil {
		t.Fatal(err)
	}
}

// kindOf names what an error of a World says.
func kindOf(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, effect.ErrUnknown) && errors.Is(err, fs.ErrNotExist):
		return "both"
	case errors.Is(err, effect.ErrUnknown):
		return "unknown"
	case errors.Is(err, fs.ErrNotExist):
		return "absent"
	}
	return "other: " + err.Error()
}

func TestStatFollowsInsideTheRoot(t *testing.T) {
	root := tree(t, map[string]string{
		"etc/passwd":          "root:x:0:0::/root:/bin/sh\n",
		"usr/bin/vi":          "-> /etc/alternatives/vi",
		"etc/alternatives/vi": "-> /usr/bin/vim",
		"usr/bin/vim":         "#!/bin/sh\n",
		"bin":                 "-> usr/bin",
		"up":                  "-> ../../../../../../etc/passwd",
		"loop/a":              "-> b",
		"loop/b":              "-> a",
		"dangling":            "-> nowhere",
		"home/ravi/in":        "-> ../../etc",
		"home/ravi/f":         "x",
	})
	chmod(t, root, "usr/bin/vim", 0o4755|fs.ModeSetuid)
	w := New(Options{Root: root, Cwd: "/home/ravi", NoPackages: true})
	for _, c := range []struct{ path, target, err string }{
		{"/usr/bin/vim", "", ""},
		{"/usr/bin/vi", "/usr/bin/vim", ""},
		{"/bin/vi", "/usr/bin/vim", ""},
		{"/up", "/etc/passwd", ""},
		{"in/passwd", "/etc/passwd", ""},
		{"in/../f", "", "absent"}, // the kernel goes to /f, not back to ravi's f
		{"./f", "", ""},
		{"f/", "", "absent"},
		{"f/.", "", "absent"},
		{"/dangling", "", "absent"},
		{"/loop/a", "", "unknown"},
		{"", "", "absent"},
		{"f\x00", "", "unknown"},
		{strings.Repeat("a/", 4096), "", "unknown"},
		{"/../../etc/passwd", "", ""},
	} {
		info, err := w.Stat(t.Context(), c.path)
		if kindOf(err) != c.err || info.Target != c.target {
			t.Errorf("Stat(%.20q) = target %q, %v; want %q, %q", c.path, info.Target, err, c.target, c.err)
		}
	}
	info, err := w.Stat(t.Context(), "/bin/vi")
	if err != nil || info.Mode&fs.ModeSetuid == 0 || info.Mode.Perm() != 0o755 || info.Size != 10 {
		t.Errorf("setuid program: %v %d, %v", info.Mode, info.Size, err)
	}
	if os.Geteuid() == 0 && info.Owner != "root" {
		t.Errorf("owner %q, want root", info.Owner)
	}
	if _, err := New(Options{Root: root}).Stat(t.Context(), "f"); kindOf(err) != "unknown" {
		t.Errorf("relative path without a working directory: %v", err)
	}
}

func TestReadOnlyRegularFiles(t *testing.T) {
	root := tree(t, map[string]string{"f": "0123456789", "link": "-> /f", "d/": ""})
	if err := syscall.Mkfifo(filepath.Join(root, "fifo"), 0o644); err != nil {
		t.Fatal(err)
	}
	w := New(Options{Root: root, Cwd: "/"})
	for _, c := range []struct {
		path, want, err string
		limit           int
	}{
		{"f", "0123", "", 4},
		{"link", "0123456789", "", 100},
		{"f", "", "", 0},
		{"d", "", "unknown", 9},
		{"fifo", "", "unknown", 9},
		{"none", "", "absent", 9},
	} {
		b, err := w.Read(t.Context(), c.path, c.limit)
		if kindOf(err) != c.err || string(b) != c.want {
			t.Errorf("Read(%q, %d) = %q, %v; want %q, %q", c.path, c.limit, b, err, c.want, c.err)
		}
	}
}

// TestReadSwapped: what is opened is the file that was looked at, or nothing.
func TestReadSwapped(t *testing.T) {
	root := tree(t, map[string]string{"d/f": "shown", "evil/f": "other", "g": "other"})
	w := New(Options{Root: root, Cwd: "/"})
	for name, swap := range map[string]func() error{
		"/d/f": func() error {
			if err := os.Rename(root+"/d", root+"/old"); err != nil {
				return err
			}
			return os.Symlink("evil", root+"/d")
		},
		"/g": func() error {
			if err := os.Rename(root+"/g", root+"/g2"); err != nil {
				return err
			}
			return syscall.Mkfifo(root+"/g", 0o644)
		},
	} {
		p, err := w.locate(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := swap(); err != nil {
			t.Fatal(err)
		}
		if b, err := w.m.read(p, 100); kindOf(err) != "unknown" {
			t.Errorf("%s swapped: read %q, %v", name, b, err)
		}
	}
}

// TestHangingEnds: an access that never answers is given up, and the number
// of those is bounded.
func TestHangingEnds(t *testing.T) {
	w := New(Options{Patience: 20 * time.Millisecond})
	release := make(chan struct{})
	hang := func(context.Context) (int, error) { <-release; return 1, nil }
	for range maxHanging {
		if _, err := do(context.Background(), w, hang); kindOf(err) != "unknown" {
			t.Fatalf("hanging access: %v", err)
		}
	}
	if _, err := w.Stat(context.Background(), "/"); kindOf(err) != "unknown" {
		t.Errorf("all slots taken: %v", err)
	}
	close(release)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := w.Stat(ctx, "/"); err != nil {
		t.Errorf("slots did not come back: %v", err)
	}
	_, err := do(ctx, w, func(context.Context) (int, error) { panic("x") })
	if kindOf(err) != "unknown" {
		t.Errorf("panic: %v", err)
	}
}

func TestRootGone(t *testing.T) {
	root := tree(t, map[string]string{"sub/f": "x"})
	w := New(Options{Root: root + "/sub"})
	if _, err := w.Stat(t.Context(), "/none"); kindOf(err) != "absent" {
		t.Fatal(err)
	}
	if err := os.RemoveAll(root + "/sub"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Stat(t.Context(), "/f"); kindOf(err) != "unknown" {
		t.Errorf("file of a root that went away: %v", err)
	}
}

func TestLookupNames(t *testing.T) {
	has := func(name string) (string, bool) { return "text of " + name, name == "x" }
	full := New(Options{Env: has, Alias: has, Function: has})
	for _, c := range []struct {
		w                *World
		kind, name, want string
		err              string
	}{
		{full, effect.LookupVariable, "x", "text of x", ""},
		{full, effect.LookupVariable, "y", "", "unknown"},
		{New(Options{Env: has, EnvComplete: true}), effect.LookupVariable, "y", "", "absent"},
		{New(Options{}), effect.LookupVariable, "x", "", "unknown"},
		{full, effect.LookupAlias, "x", "text of x", ""},
		{full, effect.LookupAlias, "y", "", "absent"},
		{New(Options{}), effect.LookupFunction, "x", "", "absent"},
		{full, "colour", "x", "", "unknown"},
		{full, effect.LookupProgram, "ls", "", "unknown"}, // no PATH
		{full, effect.LookupManual, "../x", "", "absent"},
	} {
		if got, err := c.w.Lookup(t.Context(), c.kind, c.name); got != c.want || kindOf(err) != c.err {
			t.Errorf("%s %q = %q, %v; want %q, %q", c.kind, c.name, got, err, c.want, c.err)
		}
	}
}

func TestLookupProgram(t *testing.T) {
	root := tree(t, map[string]string{
		"a/prog": "not executable", "b/prog": "x", "b/dir/": "", "b/only": "x", "work/here": "x", "b/loop": "-> loop",
		"deep/er/": "", "work/ln": "-> /deep/er", "deep/tool": "x", "work/tool": "x", "b/link": "-> prog",
	})
	for _, f := range []string{"b/prog", "b/only", "work/here", "deep/tool"} {
		chmod(t, root, f, 0o755)
	}
	for _, c := range []struct{ path, name, want, err string }{
		{"/a:/b", "prog", "/b/prog", ""},
		{"/b", "link", "/b/link", ""},
		{"/none:/b", "only", "/b/only", ""},
		{"/b", "dir", "", "absent"},
		{"/b", "loop", "", "absent"},
		{"/b", "nope", "", "absent"},
		{"/b:", "here", "/work/here", ""},
		{"../b", "only", "/b/only", ""},
		{"~/bin:/b", "only", "", "unknown"},
		{"/b:~/bin", "only", "/b/only", ""},
		{"", "./here", "/work/here", ""},
		{"", "ln/../tool", "/deep/tool", ""},
		{"/b", "", "", "absent"},
	} {
		w := New(Options{Root: root, Cwd: "/work", Env: func(n string) (string, bool) { return c.path, n == "PATH" }})
		if got, err := w.Lookup(t.Context(), effect.LookupProgram, c.name); got != c.want || kindOf(err) != c.err {
			t.Errorf("PATH=%s %q = %q, %v; want %q, %q", c.path, c.name, got, err, c.want, c.err)
		}
	}
}

func TestGlob(t *testing.T) {
	root := tree(t, map[string]string{
		"w/a.log": "", "w/b.log": "", "w/c.txt": "", "w/.hidden": "", "w/d1/x": "", "w/d2/x": "", "w/d2/.y": "", "w/sp[1]": "",
		"w/ln": "-> d1", "w/broken": "-> none",
	})
	w := New(Options{Root: root, Cwd: "/w"})
	for _, c := range []struct {
		pat   string
		limit int
		want  string
		more  bool
		err   string
	}{
		{"*.log", 10, "a.log b.log", false, ""},
		{"*.log", 2, "a.log b.log", false, ""},
		{"*.log", 0, "", true, ""},
		{".*", 10, ".hidden", false, ""},
		{"/w/d?/*", 10, "/w/d1/x /w/d2/x", false, ""},
		{"*/x", 10, "d1/x d2/x ln/x", false, ""},
		{"d*/", 10, "d1/ d2/", false, ""},
		{"[!a]*.log", 10, "b.log", false, ""},
		{`sp\[*`, 10, "sp[1]", false, ""},
		{"[[:alpha:]].txt", 10, "c.txt", false, ""},
		{"brok*", 10, "broken", false, ""},
		{"*/broken", 10, "", false, ""},
		{"none/*", 10, "", false, ""},
		{"../w/*.txt", 10, "../w/c.txt", false, ""},
		{"**/x", 10, "", false, "unknown"},
		{"!(a*)", 10, "", false, "unknown"},
		{"*(.)", 10, "", false, "unknown"},
	} {
		got, more, err := w.Glob(t.Context(), c.pat, c.limit)
		if strings.Join(got, " ") != c.want || more != c.more || kindOf(err) != c.err {
			t.Errorf("Glob(%q, %d) = %q, %v, %v; want %q, %v, %q", c.pat, c.limit, got, more, err, c.want, c.more, c.err)
		}
	}
	if _, more, err := w.Glob(t.Context(), "*", 1); !more || err != nil {
		t.Errorf("one of many: more %v, %v", more, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := w.Glob(ctx, "*", 1); kindOf(err) != "unknown" {
		t.Errorf("cancelled: %v", err)
	}
}

func TestFactsAndWith(t *testing.T) {
	at := time.Unix(7, 0)
	w := New(Options{Cwd: "/a", User: "ravi", Now: func() time.Time { return at }})
	next := w.With(func(o *Options) { o.Cwd = "/b" })
	cwd, user, now := next.Facts()
	if diff := cmp.Diff([]any{"/b", "ravi", at}, []any{cwd, user, now}); diff != "" {
		t.Error(diff)
	}
	if cwd, _, _ := w.Facts(); cwd != "/a" {
		t.Errorf("the first World changed to %q", cwd)
	}
}
