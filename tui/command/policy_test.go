package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"escort/session/policy"
)

func TestPolicyCommand(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"good.yaml":  "never:\n  - path: /etc/pki\ntests:\n  - {cmd: touch /etc/pki/x, want: never}\n",
		"fails.yaml": "tests:\n  - {cmd: ls, want: never}\n",
		"wrong.yaml": "never: []\nnevr: []\n",
		"relax.yaml": "thresholds: {word: critical}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, tc := range map[string]struct {
		args []string
		says
	}{
		"good":        {[]string{"policy", "check", at("good.yaml")}, says{Done, `(?s)good.yaml, sha256 [0-9a-f]{64}\n.*ok      never     touch /etc/pki/x  \(.*good.yaml:4\)\n1 test`, ""}},
		"a test":      {[]string{"policy", "check", at("fails.yaml")}, says{Failed, `FAILED  held, not never  ls`, `^escort: error: 1 test of the policy failed\nescort: hint: `}},
		"a mistake":   {[]string{"policy", "check", at("wrong.yaml")}, says{Failed, "", `^escort: error: .*wrong.yaml:2: there is no key "nevr" here; .*\nescort: hint: .*\n$`}},
		"relaxed":     {[]string{"policy", "check", at("relax.yaml")}, says{Done, `RELAXED: a word is typed from critical on`, ""}},
		"no file":     {[]string{"policy", "check", at("none.yaml")}, says{Failed, "", `^escort: error: .*none.yaml: the policy cannot be read: .*\nescort: hint: `}},
		"two files":   {[]string{"policy", "check", "a", "b"}, says{Usage, "", `^escort: error: policy check takes at most one file, and got 2\nescort: hint: `}},
		"in force":    {[]string{"policy", "check"}, says{Done, `(?s)^built-in, sha256 .*ok      word      rm -rf /`, ""}},
		"default":     {[]string{"policy", "default"}, says{Done, `(?s)^# The policy of Escort Console.*thresholds:`, ""}},
		"too much":    {[]string{"policy", "default", "x"}, says{Usage, "", `and got x\n`}},
		"alone":       {[]string{"policy"}, says{Usage, "", `^escort: error: policy needs a word`}},
		"no such":     {[]string{"policy", "bogus"}, says{Usage, "", `^escort: error: policy does not know bogus\n`}},
		"unnamed":     {[]string{"--policy", ""}, says{Usage, "", `--policy got an empty name`}},
		"no theme":    {[]string{"--theme", "pink"}, says{Usage, "", `^escort: error: no theme is called pink\nescort: hint: the themes are auto, `}},
		"demo's":      {[]string{"demo", "--theme", ""}, says{Usage, "", `no theme is called`}},
		"flag's file": {[]string{"policy", "check", "--policy", "x"}, says{Usage, "", `unknown flag: --policy`}},
	} {
		t.Run(name, func(t *testing.T) { tc.check(t, program(t, tc.args...)) })
	}
}

// TestConsoleTakesThePolicy starts consoles with good and with bad policies.
func TestConsoleTakesThePolicy(t *testing.T) {
	onLinux(t)
	home := t.TempDir()
	env := map[string]string{"HOME": home}
	got, said, code := opened(t, 80, 24, env)
	if code != Done || got == nil || got.Policy == nil || got.Policy.Word != policy.Default().Word {
		t.Fatalf("without a policy: code %d, %q", code, said)
	}
	own := filepath.Join(home, ".config", "escort", "policy.yaml")
	if err := os.MkdirAll(filepath.Dir(own), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(own, []byte("thresholds: {word: low}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, said, code = opened(t, 80, 24, env)
	if code != Done || got == nil || got.Policy.Word != "low" {
		t.Errorf("with the account's: code %d, %q", code, said)
	}
	chosen := filepath.Join(home, "p.yaml")
	if err := os.WriteFile(chosen, []byte("thresholds: {word: safe}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, said, code = opened(t, 80, 24, env, "--policy", chosen)
	if code != Done || got == nil || got.Policy.Word != "safe" {
		t.Errorf("with a chosen one: code %d, %q", code, said)
	}
	for text, want := range map[string]string{"thresholds: {word: lwo}\n": "p.yaml:1: one of safe", "": "not an empty one"} {
		if err := os.WriteFile(chosen, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, said, code = opened(t, 80, 24, env, "--policy", chosen)
		if got != nil || code != Failed || !strings.Contains(said, want) || !strings.Contains(said, "\nescort: hint: ") {
			t.Errorf("with %q: code %d, %q, %+v", text, code, said, got)
		}
	}
	if err := os.Chmod(own, 0o666); err != nil {
		t.Fatal(err)
	}
	if got, said, code = opened(t, 80, 24, env); got != nil || code != Failed || !strings.Contains(said, "can be written by others") {
		t.Errorf("one that all can write: code %d, %q", code, said)
	}
}
