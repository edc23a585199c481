package explain

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"escort/explain/effect"
)

// modes is a world whose files and folders have other permissions.
type modes struct {
	paper
	info map[string]Info
}

func (m modes) Stat(ctx context.Context, name string) (Info, error) {
	if i, ok := m.info[m.abs(name)]; ok {
		return i, nil
	}
	return m.paper.Stat(ctx, name)
}

// TestProvenance checks what is said of scripts that others may change.
func TestProvenance(t *testing.T) {
	no := false
	p := paper{files: map[string]string{"/srv/a/x.sh": "ls\n"}}
	for name, c := range map[string]struct {
		info map[string]Info
		want string
	}{
		"own":             {map[string]Info{"/srv/a": {Mode: fs.ModeDir | 0o755}}, ""},
		"open file":       {map[string]Info{"/srv/a/x.sh": {Mode: 0o777}}, "anyone-may-change-it"},
		"open folder":     {map[string]Info{"/srv/a": {Mode: fs.ModeDir | 0o777}}, "anyone-may-change-it"},
		"sticky folder":   {map[string]Info{"/srv/a": {Mode: fs.ModeDir | fs.ModeSticky | 0o777}}, ""},
		"not as packaged": {map[string]Info{"/srv/a/x.sh": {Mode: 0o755, Unmodified: &no}}, "changed-since-installed"},
	} {
		e := line(t, "sh /srv/a/x.sh", modes{p, c.info})
		got := ""
		if i := slices.IndexFunc(e.Findings, func(f Finding) bool { return f.Dimension == effect.Control }); i >= 0 {
			got = e.Findings[i].ID
		}
		if got != c.want {
			t.Errorf("%s: found %q, want %q", name, got, c.want)
		}
		sound(t, e)
	}
}

// before is a world in which a script was allowed once.
type before struct {
	paper
	sum string
}

func (b before) Lookup(ctx context.Context, kind, name string) (string, error) {
	if kind == effect.LookupAllowed && name == "/srv/a/x.sh" {
		return b.sum + " 2026-11-03", nil
	}
	return b.paper.Lookup(ctx, kind, name)
}

func TestChangedSinceItWasAllowed(t *testing.T) {
	p := paper{files: map[string]string{"/srv/a/x.sh": "ls\n"}}
	for s, want := range map[string]bool{sum([]byte("ls\n")): false, sum([]byte("id\n")): true} {
		e := line(t, "sh /srv/a/x.sh", before{p, s})
		if got := slices.ContainsFunc(e.Findings, func(f Finding) bool {
			return f.ID == "changed-since-allowed" && strings.Contains(f.Text, "2026-11-03")
		}); got != want {
			t.Errorf("changed is said: %v, want %v: %+v", got, want, e.Findings)
		}
		sound(t, e)
	}
}

// TestBuiltinsOfAScriptAreTheShellsOwn runs a script by its path: what the
// shell itself does in it is not taken for the script's file.
func TestBuiltinsOfAScriptAreTheShellsOwn(t *testing.T) {
	w := paper{files: map[string]string{"/srv/a/x.sh": "#!/bin/sh\necho one\nls\n"}}
	e := line(t, "/srv/a/x.sh", w)
	if len(e.Scripts) != 1 || e.Risk.AtLeast(effect.Caution) {
		t.Errorf("%s, %q, %d scripts, %+v", e.Risk, e.Headline, len(e.Scripts), e.Findings)
	}
	sound(t, e)
}
