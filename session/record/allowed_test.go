package record

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestAllowed(t *testing.T) {
	root := t.TempDir()
	a, err := OpenAllowed(root)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := a.Find("/x"); ok {
		t.Error("something is remembered of a file that was never allowed")
	}
	day := time.Date(2026, 11, 3, 23, 0, 0, 0, time.UTC)
	if err := a.Add(map[string]string{"/x": "aa", "relative": "bb"}, day); err != nil {
		t.Fatal(err)
	}
	again, err := OpenAllowed(root)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := again.Find("/x"); !ok || got != "aa 2026-11-03" {
		t.Errorf("%q, %v", got, ok)
	}
	if _, ok := again.Find("relative"); ok {
		t.Error("a relative path is remembered")
	}
	many := map[string]string{}
	for i := range maxAllowed {
		many["/"+time.Duration(i).String()] = "cc"
	}
	if err := again.Add(many, day.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, ok := again.Find("/x"); ok || len(again.files) != maxAllowed {
		t.Errorf("%d files are remembered, the oldest too: %v", len(again.files), ok)
	}
	if err := os.WriteFile(filepath.Join(root, allowedFile), []byte("["), 0o600); err != nil {
		t.Fatal(err)
	}
	if b, err := OpenAllowed(root); err == nil || b == nil {
		t.Errorf("a broken file: %v, %v", b, err)
	}
}
