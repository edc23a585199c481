package record

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestStamp(t *testing.T) {
	root := filepath.Join(t.TempDir(), "state")
	if s, err := LoadStamp(root); s != nil || err != nil {
		t.Errorf("before any self-test: %+v, %v", s, err)
	}
	for _, n := range []int{3, 4} {
		want := Stamp{Time: time.Date(2026, 11, 27, 0, 0, n, 0, time.UTC), Kernel: "6.18", Version: "1", Stopped: n, NotRun: 1}
		if err := SaveStamp(root, want); err != nil {
			t.Fatal(err)
		}
		got, err := LoadStamp(root)
		if d := cmp.Diff(&want, got); d != "" || err != nil {
			t.Error(err, d)
		}
	}
	if err := os.WriteFile(filepath.Join(root, stampFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadStamp(root); err == nil {
		t.Error("a broken stamp is taken")
	}
}
