package explain

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// markers are commands whose output shows that they ran as they stand.
var markers = []string{"echo mArk-x7 /usr/q.z5 -a", "echo 'm k' | tr k K && echo \"x$((1+1))\" a; echo -n z"}

// notRun are ways whose text does not run here: it cannot be read by a person,
// and that is all that is asked of it.
var notRun = map[string]string{
	"print: openssl cipher": "no such text", "print: gpg": "no such text", "pipe: pipe sudo": "asks for a password",
	"old: zero width": "breaks the command", "old: soft hyphen": "breaks the command", "old: look-alike": "breaks the command",
	"run: make": "make reads the dollars itself", "run: script": "a terminal ends lines otherwise",
	"old: wildcards": "matches others", "pipe: pipe $0": "runs at a prompt only",
}

// TestHidingKeepsTheCommand runs hidden commands in bash: a way that changes
// what is run would prove nothing. It runs a part of the ways, and all with
// ESCORT_ALL_WAYS.
func TestHidingKeepsTheCommand(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash")
	}
	all := os.Getenv("ESCORT_ALL_WAYS") != ""
	ran, same := 0, 0
	for i, name := range sortedNames(ways) {
		if notRun[name] != "" || !all && i%16 != 0 {
			continue
		}
		for n, mark := range markers {
			text := ways[name](mark, 3+n)
			if text == "" {
				continue
			}
			want, got := output(t, bash, mark), output(t, bash, text)
			if strings.Contains(got, "not found") || strings.Contains(got, "No such file") {
				t.Logf("%s: a program is missing: %.200s", name, got)
				continue
			}
			ran++
			if strings.TrimSpace(got) != strings.TrimSpace(want) {
				t.Errorf("%s: %q, want %q:\n%s", name, got, want, text)
				continue
			}
			same++
		}
	}
	if same < 20 {
		t.Errorf("only %d of %d ran", same, ran)
	}
}

// output is what bash prints for a text, as a script of its own.
func output(t *testing.T, bash, text string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "text")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(text, "/tmp/hide", dir+"/hide")), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, bash, "--norc", "-O", "expand_aliases", file)
	cmd.Dir = dir
	out, _ := cmd.CombinedOutput()
	return string(out)
}
