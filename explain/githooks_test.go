package explain

import (
	"slices"
	"strings"
	"testing"
)

// TestHooksOfGitAreOpened checks that a hook is read whatever stands before the
// subcommand.
func TestHooksOfGitAreOpened(t *testing.T) {
	const hook = "/srv/a/.git/hooks/pre-commit"
	w := modes{
		paper{files: map[string]string{hook: "#!/bin/sh\nrm -rf /var/lib/app\n"}},
		map[string]Info{hook: {Mode: 0o755}},
	}
	for _, before := range []string{"", "-c a.b=c ", "--git-dir /srv/a/.git ", "--namespace x ", "-p "} {
		e := line(t, "git -C /srv/a "+before+"commit -m x", w)
		if !slices.ContainsFunc(e.Scripts, func(s Script) bool { return strings.HasSuffix(s.Path, "pre-commit") }) {
			t.Errorf("with %q the hook is not opened: %s %q", before, e.Risk, e.Headline)
		}
		sound(t, e)
	}
}
