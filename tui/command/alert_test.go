package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An alert that there is not, or that the policy forbids, starts no console.
func TestAlertIsUpToThePolicy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(file, []byte("console: {bell: false, copy: false, folding: false}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"HOME": t.TempDir()}
	for _, tc := range []struct {
		args string
		code int
		want string
	}{
		{"", Done, ""},
		{"--alert bell", Done, ""},
		{"--alert desktop --policy " + file, Done, ""},
		{"--alert both --policy " + file, Usage, "the policy does not let the console ring"},
		{"--alert loud", Usage, "no alert is called loud"},
	} {
		got, trouble, code := opened(t, 80, 24, env, strings.Fields(tc.args)...)
		if code != tc.code || !strings.Contains(trouble, tc.want) || (code == Done) != (got != nil) {
			t.Errorf("%s: code %d, %q", tc.args, code, trouble)
			continue
		}
		if got != nil && (got.Policy.Copy == strings.Contains(tc.args, file) || got.Policy.Fold != got.Policy.Copy) {
			t.Errorf("%s: copying %v", tc.args, got.Policy.Copy)
		}
	}
}
