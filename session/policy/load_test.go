package policy

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// written puts a text in a file below dir and returns its path.
func written(t *testing.T, dir, name, text string) string {
	t.Helper()
	at := filepath.Join(dir, name)
	if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return at
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	none := filepath.Join(dir, "none.yaml")
	user := written(t, dir, "user.yaml", "timeouts: {hold: 1m}\n")
	other := written(t, dir, "other.yaml", "timeouts: {hold: 2m}\n")
	wrong := written(t, dir, "wrong.yaml", "timeouts: {hold: 2m\n")
	for name, tc := range map[string]struct {
		at   Places
		want string // the names of the sources, or a part of the error
	}{
		"none at all":             {Places{}, "built-in"},
		"none there":              {Places{System: none, User: none}, "built-in"},
		"the account's":           {Places{System: none, User: user}, user},
		"the chosen one":          {Places{System: none, User: user, Chosen: other}, other},
		"a chosen one is missing": {Places{User: user, Chosen: none}, none + ": the policy cannot be read: no such file"},
		"the system's is chosen":  {Places{System: none, Chosen: none}, none + ": the policy cannot be read: no such file"},
		"a wrong one":             {Places{System: none, User: wrong}, wrong + ":1: it is no YAML"},
		"a folder":                {Places{User: dir}, dir + ": it is no regular file"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Load(tc.at)
			if err != nil {
				if !strings.Contains(err.Error(), tc.want) {
					t.Errorf("got %v, want %s", err, tc.want)
				}
				return
			}
			var got []string
			for _, s := range p.Sources {
				got = append(got, s.Name)
				if len(s.SHA256) != 64 {
					t.Errorf("%s has the hash %q", s.Name, s.SHA256)
				}
			}
			if strings.Join(got, " ") != tc.want {
				t.Errorf("made from %q, want %s", got, tc.want)
			}
		})
	}
}

// TestTheStricterOfTwoFiles needs a file that root owns.
func TestTheStricterOfTwoFiles(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	dir := t.TempDir()
	system := written(t, dir, "system.yaml", "thresholds: {word: caution}\n")
	user := written(t, dir, "user.yaml", "thresholds: {word: critical}\ntimeouts: {hold: 5m}\n")
	p, err := Load(Places{System: system, User: user})
	if err != nil || p.Word != "caution" || p.Hold == 0 || len(p.Sources) != 2 {
		t.Errorf("%+v, %v", p, err)
	}
	if g := p.Guard(); !slices.Contains(g, dir) {
		t.Errorf("guarded are %q", g)
	}
	if err := os.Chown(system, 1, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(Places{System: system, User: user}); err == nil || !strings.Contains(err.Error(), "belongs to somebody") {
		t.Errorf("a system policy of another account: %v", err)
	}
}

// TestWhoCanWrite refuses files that somebody else could change.
func TestWhoCanWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	file := written(t, dir, "p.yaml", "never: []\n")
	for _, tc := range []struct {
		what      string
		file, dir fs.FileMode
		want      string
	}{
		{"its owner only", 0o644, 0o755, ""},
		{"the group", 0o664, 0o755, "can be written by others"},
		{"everybody", 0o602, 0o755, "can be written by others"},
		{"the folder's group", 0o600, 0o775, "d can be written by others"},
		{"everybody, in a folder for all", 0o600, 0o777 | fs.ModeSticky, ""},
	} {
		if err := errors.Join(os.Chmod(file, tc.file), os.Chmod(dir, tc.dir)); err != nil {
			t.Fatal(err)
		}
		_, err := Read(file)
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.what, err, tc.want)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := read(file, []int{-1}); err == nil || !strings.Contains(err.Error(), "belongs to somebody") {
		t.Errorf("another owner: %v", err)
	}
	link := filepath.Join(t.TempDir(), "l")
	if err := errors.Join(os.Chmod(file, 0o644), os.Chmod(dir, 0o777), os.Symlink(file, link)); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(link); err == nil {
		t.Error("a link into a folder that all can write to is taken")
	}
	if err := errors.Join(os.Chmod(dir, 0o755), os.Chmod(filepath.Dir(link), 0o777)); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(link); err == nil {
		t.Error("a link in a folder that all can write to is taken")
	}
	if err := errors.Join(os.Chmod(filepath.Dir(link), 0o755), os.Remove(file)); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(Places{User: link}); err == nil || !strings.Contains(err.Error(), "leads to nothing") {
		t.Errorf("a link to nothing: %v", err)
	}
}

func TestHugeFile(t *testing.T) {
	file := written(t, t.TempDir(), "p.yaml", "never: []\n"+strings.Repeat("# x\n", mostText/4))
	if _, err := Read(file); err == nil || !strings.Contains(err.Error(), "more than 256KiB") {
		t.Error(err)
	}
}
