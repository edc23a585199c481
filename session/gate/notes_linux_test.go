package gate

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"escort/explain/effect"
)

func TestChanged(t *testing.T) {
	dir := t.TempDir()
	script, prog := filepath.Join(dir, "x.sh"), filepath.Join(dir, "prog")
	pipe := filepath.Join(dir, "pipe")
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(script, "one")
	write(prog, "one")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("one"))
	p := effect.Plan{
		Starts: []effect.Start{{Path: prog, Parent: -1}},
		Files:  map[string]string{script: hex.EncodeToString(sum[:])},
	}
	g := New(Config{Shell: os.Getpid(), Keeper: os.Getpid()})
	g.Note("L", p)
	if got := g.Changed(p); len(got) > 0 {
		t.Errorf("nothing was changed, got %q", got)
	}
	write(script, "two")
	if d := cmp.Diff([]string{script}, g.Changed(p)); d != "" {
		t.Error(d)
	}
	write(script, "one")
	write(prog, "other")
	if d := cmp.Diff([]string{prog}, g.Changed(p)); d != "" {
		t.Error(d)
	}
	if err := os.Remove(prog); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{prog}, g.Changed(p)); d != "" {
		t.Error(d)
	}
	p.Files[pipe] = "no pipe is ever as it was"
	g.Forget("L")
	if d := cmp.Diff([]string{pipe}, g.Changed(p)); d != "" {
		t.Error(d)
	}
}

func TestOpenOnce(t *testing.T) {
	g := New(Config{Shell: os.Getpid(), Keeper: os.Getpid()})
	if err := g.Open("L", effect.Plan{}, nil); err != nil {
		t.Fatal(err)
	}
	if err := g.Open("L", effect.Plan{}, nil); !errors.Is(err, ErrOpen) {
		t.Errorf("second Open: %v", err)
	}
	if n := g.Prompt(); n != 0 {
		t.Errorf("%d grants open, want 0", n)
	}
}

func TestErrno(t *testing.T) {
	if n := errno(errors.New("x")); n != unix.EIO {
		t.Errorf("an unknown error is %v", n)
	}
	if n := errno(&os.PathError{Err: syscall.ENOENT}); n != unix.ENOENT {
		t.Errorf("a wrapped number is %v", n)
	}
}
