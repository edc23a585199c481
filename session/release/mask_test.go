package release

import (
	"strings"
	"testing"
)

func texts(ms []Masked) string {
	var out []string
	for _, m := range ms {
		out = append(out, m.Text)
	}
	return strings.Join(out, "\n")
}

// Every rule masks what its examples say, by itself, and leaves the others alone.
// With all rules nothing of it comes back.
func TestRulesDoAsTheirExamplesSay(t *testing.T) {
	for i, r := range rules() {
		if len(r.Masks) == 0 {
			t.Errorf("rule %d (%s) has no example", i+1, r.Kind)
		}
		for text, want := range r.Masks {
			lines := strings.Split(text, "\n")
			if got := texts(mask(lines, []*Rule{r})); got != want {
				t.Errorf("rule %d (%s): %q\n became %q\n    want %q", i+1, r.Kind, text, got, want)
			}
			hidden := false
			for _, m := range Mask(lines) {
				hidden = hidden || m.Hidden
			}
			if !hidden {
				t.Errorf("rule %d (%s): %q is not masked among all rules", i+1, r.Kind, text)
			}
		}
		for _, text := range r.Keeps {
			if got := texts(mask(strings.Split(text, "\n"), []*Rule{r})); got != text {
				t.Errorf("rule %d (%s): %q became %q", i+1, r.Kind, text, got)
			}
		}
	}
}

// What people read all day is not masked by any rule.
func TestOrdinaryOutputStays(t *testing.T) {
	for _, text := range []string{
		"total 24\ndrwxr-xr-x 2 ravi ravi 4096 Nov 23 23:15 .",
		"● nginx.service - A high performance web server\n   Active: active (running) since Mon 2026-11-23 23:15:02 UTC; 3min ago",
		"ravi:x:1000:1000:Ravi:/home/ravi:/bin/bash",
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ravi@db",
		"SHA256:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg",
		"commit 2c61fd16b8d9e4f0a1c2d3e4f5061728394a5b6c\nAuthor: ravi <ravi@example.org>",
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin\nLANG=C.UTF-8",
		"GET /index.html HTTP/1.1\nHost: example.org\nAccept: text/html,application/xhtml+xml",
		"10.0.0.1 - - [23/Nov/2026:23:15:02 +0000] \"GET / HTTP/1.1\" 200 612",
		"Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        40G   12G   26G  32% /",
	} {
		if got := texts(Mask(strings.Split(text, "\n"))); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestSecretsThatAreBroken(t *testing.T) {
	for _, tc := range []struct{ text, leaks string }{
		{"AKIAIOSF\nODNNEXAM\nPLEQ", "ODNN"},
		{"  AKIAIOSF  \n    ODNNEXAMPLEQ", "ODNN"},
		{"AKI\u200bAIOSFODNN\u0301EXAMPLEQ", "FODNN"},
		{"glpat-EXAMPLEexample0EXAMP\nLEexample", "LEexample"},
		{"-----BEGIN PRIVATE KEY-----\nMIIB\n\n  deep\nAB", "deep"},
		{"password: hunter2\npassword=hunter3", "hunter"},
	} {
		got := texts(Mask(strings.Split(tc.text, "\n")))
		if strings.Contains(got, tc.leaks) || !strings.Contains(got, "[masked: ") {
			t.Errorf("%q became %q", tc.text, got)
		}
		if strings.Count(got, "\n") != strings.Count(tc.text, "\n") {
			t.Errorf("%q has other lines: %q", tc.text, got)
		}
	}
}

func TestRulesThatAreNotWholeAreRefused(t *testing.T) {
	for _, text := range []string{
		"- {kind: x}", "- {token: x}", "- {kind: x, token: '('}", "- {kind: x, value: 'x'}", "- {kind: x, begin: a}",
		"- {kind: x, token: a, value: (b)}", "- {kind: x, token: a, masc: {}}",
	} {
		if _, err := parse([]byte(text)); err == nil {
			t.Errorf("%s was taken", text)
		}
	}
}
