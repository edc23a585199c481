package doctor

import (
	"os"
	"path/filepath"
	"testing"

	"escort/session/child"
	"escort/session/unotify"
)

func TestMain(m *testing.M) {
	if child.Main() {
		return
	}
	os.Exit(m.Run())
}

func find(t *testing.T, checks []Check, name string) Check {
	t.Helper()
	for _, c := range checks {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no check is called %q", name)
	return Check{}
}

func TestReport(t *testing.T) {
	if err := unotify.ActionAvailable(); err != nil {
		t.Skip(err)
	}
	state := filepath.Join(t.TempDir(), "escort")
	checks := Report(t.Context(), state)
	for _, name := range []string{"holding a start", "reading a held start", "verifying a start", "pidfd", "state folder"} {
		if c := find(t, checks, name); !c.OK || !c.Needed {
			t.Errorf("%+v", c)
		}
	}
	left, err := os.ReadDir(state)
	if err != nil || len(left) > 0 {
		t.Errorf("the state folder holds %v, %v", left, err)
	}
}

func TestStateFolderNotWritable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := folder(filepath.Join(file, "escort"))
	if c.OK || !c.Needed || c.Hint == "" || Able([]Check{c}) {
		t.Errorf("%+v", c)
	}
}

func TestAble(t *testing.T) {
	fine, extra, missing := Check{OK: true, Needed: true}, Check{}, Check{Needed: true}
	for _, row := range []struct {
		checks []Check
		want   bool
	}{
		{nil, false},
		{[]Check{extra}, false},
		{[]Check{fine, extra}, true},
		{[]Check{fine, missing}, false},
	} {
		if got := Able(row.checks); got != row.want {
			t.Errorf("Able(%+v) is %v", row.checks, got)
		}
	}
}

func TestAtLeast(t *testing.T) {
	for _, row := range []struct {
		version string
		want    bool
	}{
		{"5.19.0-1", true},
		{"6.1", true},
		{"5.4.0", false},
		{"GNU bash, version 5.20.15(1)-release", true},
		{"", false},
		{"99999999999999999999.1", false},
	} {
		if got := atLeast(row.version, 5, 19); got != row.want {
			t.Errorf("%q at least 5.19: %v", row.version, got)
		}
	}
}
