package explain

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"escort/explain/effect"
	"escort/explain/host"
)

// TestVersioned has git itself write the list of files.
func TestVersioned(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git")
	}
	dir := t.TempDir()
	write := func(name, text string) {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"a.sh", "sub/kept.sh", "sub/altered.sh", "sub/a-name-of-another-length.sh"} {
		write(name, "ls\n")
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	write("sub/altered.sh", "ls -l\n")
	write("sub/new.sh", "ls\n")
	w := host.New(host.Options{Cwd: dir, User: "ravi", NoPackages: true})
	for name, want := range map[string]string{
		"sub/kept.sh": effect.Kept, "sub/altered.sh": effect.Altered, "sub/new.sh": effect.NotKept, "sub/a-name-of-another-length.sh": effect.Kept,
	} {
		e := line(t, "sh "+name, w)
		if len(e.Scripts) != 1 || e.Scripts[0].Versioned != want {
			t.Errorf("%s: %+v, want %q", name, e.Scripts, want)
		}
		sound(t, e)
	}
	if e := line(t, "sh /srv/x.sh", paper{files: map[string]string{"/srv/x.sh": "ls\n"}}); len(e.Scripts) != 1 || e.Scripts[0].Versioned != "" {
		t.Errorf("without version control: %+v", e.Scripts)
	}
}

func FuzzIndex(f *testing.F) {
	f.Add([]byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x01"), "a")
	f.Fuzz(func(t *testing.T, index []byte, name string) {
		switch got := inIndex(index, name, nil, true); got {
		case "", effect.Kept, effect.Altered, effect.NotKept:
		default:
			t.Errorf("%q", got)
		}
	})
}
