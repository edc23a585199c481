package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRunbookIsRead(t *testing.T) {
	onLinux(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "restart.txt")
	if err := os.WriteFile(file, []byte("# Restart\nsystemctl restart api\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, said, code := opened(t, 80, 24, map[string]string{"HOME": dir}, "--runbook", file)
	if code != Done || got == nil || len(got.Runbook.Steps()) != 1 {
		t.Fatalf("code %d, %q, %+v", code, said, got)
	}
	if p := got.planned(); p.Name != file || len(p.SHA256) != 64 {
		t.Errorf("recorded as %+v", p)
	}
}

func TestRunbookIsRefused(t *testing.T) {
	onLinux(t)
	dir := t.TempDir()
	for name, tc := range map[string]struct {
		text string // empty: there is no such file
		file string
		code int
		want string
	}{
		"missing":     {"", "none.txt", Failed, "the runbook cannot be read"},
		"a folder":    {"", ".", Failed, "no regular file"},
		"no name":     {"", "", Usage, "empty name"},
		"no command":  {"# only words\n", "a.txt", Failed, "no command in it"},
		"hidden text": {"ls\nls \u202e\n", "b.txt", Failed, "line 2"},
	} {
		t.Run(name, func(t *testing.T) {
			file := tc.file
			if file != "" {
				file = filepath.Join(dir, file)
			}
			if tc.text != "" {
				if err := os.WriteFile(file, []byte(tc.text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got, said, code := opened(t, 80, 24, map[string]string{"HOME": dir}, "--runbook", file)
			if got != nil || code != tc.code || !strings.Contains(said, tc.want) || !strings.Contains(said, "\nescort: hint: ") {
				t.Errorf("code %d, %q", code, said)
			}
		})
	}
}
