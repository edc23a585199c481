package sample

import (
	"errors"
	"io/fs"
	"testing"
	"time"

	"escort/explain/effect"

	"github.com/google/go-cmp/cmp"
)

func TestWorldIsTheSamplesHost(t *testing.T) {
	s, err := Load(Default)
	if err != nil {
		t.Fatal(err)
	}
	w := s.World()
	noon := s.Start()
	cwd, user, now := w.Facts()
	if cwd != "/home/ravi" || user != "ravi" || !now.Equal(noon) {
		t.Errorf("facts %s %s %v", cwd, user, now)
	}
	yes := true
	for name, want := range map[string]effect.Info{
		"./fix_servers.sh": {Mode: 0o755, Owner: "ravi", ModTime: noon.Add(-3 * time.Hour)},
		"/usr/lib/systemd/system/billing-api.service": {
			Mode: 0o644, Owner: "root", Package: "billing-api", Unmodified: &yes, ModTime: noon.Add(-200 * 24 * time.Hour),
		},
		"/usr/bin/ls": {Mode: 0o755, Owner: "root", Package: "ls", Unmodified: &yes, ModTime: noon.Add(-400 * 24 * time.Hour)},
		"/home/ravi":  {Mode: fs.ModeDir | 0o755, Owner: "ravi", ModTime: noon},
		"/usr":        {Mode: fs.ModeDir | 0o755, Owner: "root", ModTime: noon},
	} {
		got, err := w.Stat(t.Context(), name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		got.Size = 0
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if b, err := w.Read(t.Context(), "fix_servers.sh", 11); err != nil || string(b) != "#!/bin/bash" {
		t.Errorf("read %q, %v", b, err)
	}
	for _, name := range []string{"/home/ravi/none", "/home"} {
		if _, err := w.Read(t.Context(), name, 10); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("read of %s: %v", name, err)
		}
	}
	if _, err := w.Stat(t.Context(), "none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what is not there: %v", err)
	}
}

func TestWorldLooksUp(t *testing.T) {
	s, err := Load(Default)
	if err != nil {
		t.Fatal(err)
	}
	w := s.World()
	for _, tc := range []struct {
		kind, name, want string
		err              error
	}{
		{effect.LookupProgram, "ls", "/usr/bin/ls", nil},
		{effect.LookupProgram, "mkfs", "", fs.ErrNotExist},
		{effect.LookupProgram, "../bin/ls", "", fs.ErrNotExist},
		{effect.LookupVariable, "HOME", "/home/ravi", nil},
		{effect.LookupVariable, "X", "", effect.ErrUnknown},
		{effect.LookupAlias, "ls", "", fs.ErrNotExist},
		{effect.LookupFunction, "ls", "", fs.ErrNotExist},
		{effect.LookupManual, "ls", "", effect.ErrUnknown},
	} {
		if got, err := w.Lookup(t.Context(), tc.kind, tc.name); got != tc.want || !errors.Is(err, tc.err) {
			t.Errorf("%s %s: %q, %v", tc.kind, tc.name, got, err)
		}
	}
}

func TestWorldGlobs(t *testing.T) {
	s, err := Load("curl_pipe")
	if err != nil {
		t.Fatal(err)
	}
	w := s.World()
	for _, tc := range []struct {
		pattern string
		limit   int
		want    []string
		more    bool
	}{
		{"*", 9, nil, false},
		{".*", 9, []string{".bash_history", ".ssh"}, false},
		{".ssh/*", 9, []string{".ssh/authorized_keys"}, false},
		{"/etc/*", 9, []string{"/etc/os-release"}, false},
		{"/usr/bin/c*", 1, []string{"/usr/bin/cat"}, true},
	} {
		got, more, err := w.Glob(t.Context(), tc.pattern, tc.limit)
		if diff := cmp.Diff(tc.want, got); diff != "" || more != tc.more || err != nil {
			t.Errorf("%s: %s more %v, %v", tc.pattern, diff, more, err)
		}
	}
	if _, _, err := w.Glob(t.Context(), "[", 9); !errors.Is(err, effect.ErrUnknown) {
		t.Errorf("a broken pattern: %v", err)
	}
}
