package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestKeys(t *testing.T) {
	out, _, code := run(t, program(t, "keys"))
	if code != Done || strings.Contains(out, "\x1b") || !strings.Contains(out, "(card.allow)") || !strings.Contains(out, "keys.yaml") {
		t.Errorf("exit code %d, %q", code, out)
	}
	c := program(t, "keys", "--json")
	file := filepath.Join(c.Dir, ".config", "escort", "keys.yaml")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("card:\n  allow: y\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _, code := run(t, c); code != Done || !strings.Contains(out, `{"name":"card.allow","mode":"card","keys":["y"]`) {
		t.Errorf("exit code %d, %q", code, out)
	}
	for _, args := range [][]string{{"keys"}, {"demo", "--svg", "-"}} {
		bad := program(t, args...)
		bad.Env = append(bad.Env, "XDG_CONFIG_HOME="+bad.Dir)
		file := filepath.Join(bad.Dir, "escort", "keys.yaml")
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("card:\n  allow: d\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, trouble, code := run(t, bad)
		if code != Failed || !strings.HasPrefix(trouble, "escort: error: "+file+":2: ") || !strings.Contains(trouble, "\nescort: hint: ") {
			t.Errorf("%q: exit code %d, %q", args, code, trouble)
		}
	}
}
