package policy

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"escort/explain/effect"
)

// made is the policy of a text that must be right.
func made(t *testing.T, text string) *Policy {
	t.Helper()
	p, _, err := parse("p.yaml", []byte(text), Default())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestBuiltIn runs the tests that the built-in policy carries.
func TestBuiltIn(t *testing.T) {
	results := Default().Try(t.Context())
	if len(results) < 10 {
		t.Errorf("only %d tests", len(results))
	}
	got := map[string]bool{}
	for _, r := range results {
		got[r.Got] = true
		if !r.OK() {
			t.Errorf("%s:%d: %s: %s, not %s", r.File, r.Line, r.What(), r.Got, r.Want)
		}
	}
	if len(got) < 4 {
		t.Errorf("the tests show only %v", got)
	}
}

// TestBuiltInHasEveryKey: what the built-in policy leaves out would be zero.
func TestBuiltInHasEveryKey(t *testing.T) {
	for _, key := range []string{
		"thresholds", "word", "effect", "wide_effect", "never", "ask", "helpers", "timeouts", "explain", "hold", "people", "second", "second_always", "wait", "grace", "return", "presence", "output", "decisions", "signed", "signers", "limits", "cast", "line", "console", "mouse", "bell", "notify", "copy", "folding", "tests",
	} {
		if !strings.Contains(string(Text()), "\n"+key+": ") && !strings.Contains(string(Text()), "\n  "+key+": ") && !strings.Contains(string(Text()), "\n"+key+":\n") {
			t.Errorf("default.yaml does not say what %s is", key)
		}
	}
	p := Default()
	want := &Policy{
		Sources: p.Sources, Word: effect.High, Effect: effect.High, Wide: effect.Caution,
		Second: effect.Critical, Wait: 30 * time.Minute, Grace: 30 * time.Second, Return: 2 * time.Minute, Presence: 30 * time.Minute, Output: "live",
		Explain: 2 * time.Second, Cast: 64 << 20, Line: 1 << 20, Mouse: true, Bell: true, Notify: true, Copy: true, Fold: true, Tests: p.Tests,
	}
	if d := cmp.Diff(want, p, cmp.Exporter(func(reflect.Type) bool { return true })); d != "" {
		t.Errorf("the built-in policy is another one: %s", d)
	}
	if len(p.Relaxed()) > 0 {
		t.Errorf("it is weaker than itself: %q", p.Relaxed())
	}
}

// TestWhatIsWrong: each mistake is an error with its line.
func TestWhatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"nothing":             {"", "p.yaml: a policy is one YAML document"},
		"only a comment":      {"# none\n", "p.yaml: a policy is one YAML document"},
		"two documents":       {"never: []\n---\nask: []\n", "one YAML document"},
		"no YAML":             {"never: [\n", "p.yaml:1: it is no YAML"},
		"a list":              {"- never\n", "p.yaml:1: keys are expected"},
		"a text":              {"never\n", "p.yaml:1: keys are expected"},
		"unknown key":         {"# x\nnever: []\nnevr: []\n", `p.yaml:3: there is no key "nevr" here; there are ask, console, decisions, helpers`},
		"unknown key below":   {"limits:\n  cast: 1MiB\n  casts: 1MiB\n", `p.yaml:3: there is no key "casts"`},
		"key twice":           {"never: []\nask: []\nnever: []\n", "p.yaml:3:"},
		"key twice below":     {"timeouts:\n  hold: 5s\n  hold: 6s\n", "p.yaml:3:"},
		"number for a list":   {"never: 3\n", "p.yaml:1: a list is expected"},
		"nothing for a list":  {"ask: []\nnever:\n", "p.yaml:2: a list is expected"},
		"anchor":              {"never: &a []\nask: *a\n", "p.yaml:1:"},
		"merge key":           {"limits:\n  <<: {cast: 1MiB}\n", "p.yaml:2:"},
		"tag":                 {"thresholds: {word: !!str high}\n", "p.yaml:1:"},
		"no risk":             {"thresholds:\n  word: huge\n", "p.yaml:2: one of safe, low, caution, high, critical"},
		"risk is a number":    {"thresholds:\n  word: 3\n", "p.yaml:2: one of safe"},
		"risk in capitals":    {"thresholds: {word: High}\n", "p.yaml:1: one of safe"},
		"wide above effect":   {"thresholds:\n  effect: low\n  wide_effect: high\n", "wide_effect (high) is above effect (low)"},
		"rule of two":         {"never:\n  - {path: /a, verb: write}\n", "p.yaml:2: a rule has one of"},
		"rule of nothing":     {"never:\n  - {because: x}\n", "p.yaml:2: a rule has one of"},
		"unknown verb":        {"never:\n  - verb: writes\n", "p.yaml:2: one of "},
		"relative path":       {"ask:\n  - path: etc/pki\n", "p.yaml:2: a path is expected"},
		"path with dots":      {"ask:\n  - path: /etc/../root\n", "p.yaml:2: a path is expected"},
		"path with a slash":   {"ask:\n  - path: /etc/pki/\n", "p.yaml:2: a path is expected"},
		"path of somebody":    {"ask:\n  - path: ~ravi/x\n", "p.yaml:2: a path is expected"},
		"path in brackets":    {"ask:\n  - path: /etc/[pq]ki\n", "p.yaml:2: only * and ?"},
		"everything":          {"ask:\n  - path: /\n", "p.yaml:2: this is everything"},
		"program by name":     {"never:\n  - program: nmap\n", "p.yaml:2: the full path of one program"},
		"program under ask":   {"ask:\n  - program: /usr/bin/nmap\n", `p.yaml:2: there is no key "program"`},
		"empty reason":        {"never:\n  - {verb: listen, because: ''}\n", "p.yaml:2: the text is empty"},
		"helper by name":      {"helpers:\n  - {parent: make, program: /usr/bin/ld}\n", "p.yaml:2: the full path"},
		"helper alone":        {"helpers:\n  - program: /usr/bin/ld\n", "p.yaml:2: parent and program are both needed"},
		"helper is a shell":   {"helpers:\n  - {parent: /usr/bin/make, program: /bin/sh}\n", "p.yaml:2: /bin/sh runs whatever it is told"},
		"helper is perl":      {"helpers:\n  - {parent: /usr/bin/make, program: /usr/bin/perl}\n", "runs whatever it is told"},
		"helper is env":       {"helpers:\n  - {parent: /usr/bin/make, program: /usr/bin/env}\n", "runs whatever it is told"},
		"helper is a version": {"helpers:\n  - {parent: /usr/bin/make, program: /usr/bin/python3.99}\n", "runs whatever it is told"},
		"helper is find":      {"helpers:\n  - {parent: /usr/bin/make, program: /usr/bin/find}\n", "runs whatever it is told"},
		"helper is git":       {"helpers:\n  - {parent: /usr/bin/make, program: /usr/bin/git}\n", "runs whatever it is told"},
		"helper with a star":  {"helpers:\n  - {parent: /usr/bin/*, program: /usr/bin/ld}\n", "the full path"},
		"time without a unit": {"timeouts: {hold: 10}\n", "p.yaml:1: a length of time"},
		"negative time":       {"timeouts: {hold: -10s}\n", "p.yaml:1: a hold waits for ever"},
		"short hold":          {"timeouts: {hold: 10ms}\n", "p.yaml:1: a hold waits for ever (0) or at least 1s"},
		"long explanation":    {"timeouts: {explain: 3s}\n", "p.yaml:1: an explanation may take 100ms to 2s"},
		"no explanation":      {"timeouts: {explain: 0}\n", "p.yaml:1: an explanation may take"},
		"size without a unit": {"limits: {cast: 1000000}\n", "p.yaml:1: a size is expected"},
		"size of another":     {"limits: {cast: 64MB}\n", "p.yaml:1: a size is expected"},
		"small cast":          {"limits: {cast: 1KiB}\n", "p.yaml:1: 1KiB is expected to be 64KiB to 64GiB"},
		"long line":           {"limits: {line: 2MiB}\n", "p.yaml:1: 2MiB is expected to be 80B to 1MiB"},
		"signed by nobody":    {"decisions:\n  signed: required\n", "p.yaml:2: signed decisions need a list"},
		"signed perhaps":      {"decisions: {signed: sometimes}\n", "p.yaml:1: one of optional, required"},
		"signers by name":     {"decisions:\n  signed: required\n  signers: list\n", "p.yaml:3: the full path of a list"},
		"test of nothing":     {"tests:\n  - want: held\n", "p.yaml:2: a test has one of"},
		"test of two":         {"tests:\n  - {cmd: ls, start: /bin/ls, want: held}\n", "p.yaml:2: a test has one of"},
		"test wants nothing":  {"tests:\n  - cmd: ls\n", "p.yaml:2: want is expected to be one of held, word, never"},
		"line that passes":    {"tests:\n  - {cmd: ls, want: passes}\n", "p.yaml:2: want is expected"},
		"test of reading":     {"tests:\n  - {effect: read /etc/hosts, want: held}\n", "p.yaml:2: effect is a verb"},
		"a key of nobody":     {"tests:\n  - {cmd: ls, key: ssh-ed25519 AAAA, want: held}\n", "p.yaml:2: the key is no key"},
		"no key":              {"tests:\n  - {allow: eva, key: SHA256:x, want: counts}\n", "p.yaml:2: a key type and a key"},
		"an allow is held":    {"tests:\n  - {allow: eva, want: held}\n", "p.yaml:2: want is expected to be one of counts, refused"},
		"planned line":        {"tests:\n  - {cmd: ls, planned: true, want: held}\n", "p.yaml:2: under belongs to start"},
		"planned is a text":   {"tests:\n  - {effect: write /x, planned: 'yes', want: held}\n", "p.yaml:2: true or false"},
		"command is a number": {"tests:\n  - {cmd: 3, want: held}\n", "p.yaml:2: a text is expected"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := parse("p.yaml", []byte(tc.text), Default())
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(err.Error(), tc.want) || e.Hint() == "" {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}

func TestWhatIsLeftOutIsBuiltIn(t *testing.T) {
	p := made(t, "thresholds: {effect: low}\ntimeouts:\n  hold: 10m\nlimits: {line: 4KiB}\n")
	if p.Word != effect.High || p.Effect != effect.Low || p.Wide != effect.Low || p.Hold != 10*time.Minute || p.Explain != 2*time.Second ||
		p.Line != 4096 || p.Cast != 64<<20 || len(p.Tests) > 0 {
		t.Errorf("got %+v", p)
	}
}

// TestStricter makes one policy of two.
func TestStricter(t *testing.T) {
	system := made(t, `
thresholds: {word: caution, effect: high, wide_effect: high}
never: [{path: /etc/pki}]
helpers: [{parent: /usr/bin/make, program: /usr/bin/ld}, {parent: /usr/bin/make, program: /usr/bin/as}]
timeouts: {hold: 0}
limits: {cast: 128MiB}
`)
	user := made(t, `
thresholds: {word: critical, effect: caution, wide_effect: low}
never: [{verb: listen}]
ask: [{risk: critical}]
helpers: [{parent: /usr/bin/make, program: /usr/bin/as}, {parent: /usr/bin/vim, program: /usr/bin/as}]
timeouts: {explain: 1s, hold: 1m}
limits: {cast: 1MiB, line: 1KiB}
console: {mouse: false}
`)
	for _, p := range []*Policy{stricter(system, user), stricter(user, system)} {
		if p.Word != effect.Caution || p.Effect != effect.Caution || p.Wide != effect.Low || p.Explain != time.Second ||
			p.Hold != time.Minute || p.Cast != 128<<20 || p.Line != 1024 || len(p.Never) != 2 || len(p.Ask) != 1 || len(p.Sources) != 2 || p.Mouse || !system.Mouse {
			t.Errorf("got %+v", p)
		}
		if len(p.Helpers) != 1 || !p.Relaxes("/usr/bin/make", "/usr/bin/as") {
			t.Errorf("relaxed: %+v", p.Helpers)
		}
		if d := cmp.Diff([]string{"RELAXED: /usr/bin/as starts unasked"}, p.Relaxed()); d != "" {
			t.Error(d)
		}
	}
	if d := cmp.Diff([]string{
		"RELAXED: changes that no card showed are held from high on", "RELAXED: 2 programs start unasked",
	}, system.Relaxed()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{
		"RELAXED: a word is typed from critical on", "RELAXED: 2 programs start unasked", "RELAXED: the recording ends at 1MiB",
	}, user.Relaxed()); d != "" {
		t.Error(d)
	}
}

func TestOutputIsTheStricter(t *testing.T) {
	for _, tc := range [][3]string{
		{"live", "released", "released"}, {"status", "released", "status"}, {"live", "live", "live"}, {"status", "live", "status"},
	} {
		a, b := made(t, "people: {output: "+tc[0]+"}"), made(t, "people: {output: "+tc[1]+"}")
		for _, got := range []string{stricter(a, b).Output, stricter(b, a).Output, a.Withholding(b.Output).Output, b.Withholding(a.Output).Output} {
			if got != tc[2] {
				t.Errorf("%s and %s are %s", tc[0], tc[1], got)
			}
		}
	}
	if _, _, err := parse("x", []byte("people: {output: some}"), Default()); err == nil {
		t.Error("an output that there is not was taken")
	}
}

// What the console may do is what every file lets it do.
func TestConsole(t *testing.T) {
	a, b := made(t, "console: {bell: false}"), made(t, "console: {copy: false, notify: true, folding: false}")
	if a.Bell || !a.Notify || !a.Copy || !a.Fold || b.Copy || !b.Bell || b.Fold {
		t.Errorf("read as %+v and %+v", a, b)
	}
	for _, p := range []*Policy{stricter(a, b), stricter(b, a)} {
		if p.Bell || p.Copy || p.Fold || !p.Notify || len(p.Relaxed()) > 0 {
			t.Errorf("together %+v", p)
		}
	}
	for _, bad := range []string{"console: true", "console: {ring: true}", "console: {bell: 1}", "console: {bell: true, bell: false}"} {
		if _, _, err := parse("p.yaml", []byte(bad), Default()); err == nil {
			t.Errorf("%q is a policy", bad)
		}
	}
}

// TestTouches says which changes a path rule is about.
func TestTouches(t *testing.T) {
	for _, tc := range []struct {
		pattern, at string
		whole, want bool
	}{
		{"/etc/pki", "/etc/pki", false, true},
		{"/etc/pki", "/etc/pki/tls/x", false, true},
		{"/etc/pki", "/etc/pkix", false, false},
		{"/etc/pki", "/etc", false, false},
		{"/etc/pki", "/etc", true, true},
		{"/etc/pki", "/", true, true},
		{"/etc/pki", "/var", true, false},
		{"/etc/pki", "/etc/*", false, true},
		{"/etc/pki", "/etc/*.conf", false, false},
		{"/etc/ssl/*.pem", "/etc/ssl/a.pem", false, true},
		{"/etc/ssl/*.pem", "/etc/ssl/a.key", false, false},
		{"/home/*/.ssh", "/home/ravi/.ssh/id", false, true},
		{"/home/*/.ssh", "/home/ravi", true, true},
		{"/home/*/.ssh", "/home/ravi/src/.ssh", false, false},
	} {
		if got := touches(tc.pattern, tc.at, tc.whole); got != tc.want {
			t.Errorf("%s, a change of %s (whole %v): %v", tc.pattern, tc.at, tc.whole, got)
		}
	}
}

// TestCarriedTests runs a policy with rules of every kind through its own tests.
func TestCarriedTests(t *testing.T) {
	p := made(t, `
thresholds: {word: caution}
never:
  - path: /etc/pki
    because: the certificates are another team's
  - verb: listen
  - program: /usr/bin/nmap
  - risk: critical
ask:
  - path: ~/releases
  - path: /srv/*/config
helpers:
  - {parent: /usr/bin/make, program: /usr/bin/ld}
tests:
  - {cmd: touch /etc/pki/x, want: never}
  - {cmd: cat /etc/pki/tls/cert.pem, want: word}
  - {cmd: cp /etc/pki/x /tmp/y, want: held}
  - {cmd: rm -rf /etc/pki, want: never}
  - {cmd: mv /etc/pki /tmp, want: never}
  - {cmd: nc -l 8080, want: never}
  - {cmd: nmap 10.0.0.1, want: never}
  - {cmd: sudo nmap 10.0.0.1, want: never}
  - {cmd: rm -rf /, want: never}
  - {cmd: ls, want: held}
  - {cmd: systemctl restart nginx, want: word}
  - {effect: write /etc/pki/x, planned: true, want: never}
  - {effect: rename /etc, planned: true, want: never}
  - {effect: write ~/releases/1.txt, planned: true, want: held}
  - {effect: write ~/other.txt, want: passes}
  - {effect: write /srv/a/config/x, planned: true, want: word}
  - {effect: write /srv/a/data, planned: true, want: passes}
  - {start: /usr/bin/ld, under: /usr/bin/make, want: relaxed}
  - {start: /usr/bin/ld, under: /usr/bin/vim, want: held}
  - {start: /usr/bin/ld, want: held}
  - {start: /usr/bin/nmap, want: never}
`)
	for _, r := range p.Try(t.Context()) {
		if !r.OK() {
			t.Errorf("%s:%d: %s: %s, not %s", r.File, r.Line, r.What(), r.Got, r.Want)
		}
	}
}

// TestNeverSaysWhy reads what is shown with a denial.
func TestNeverSaysWhy(t *testing.T) {
	p := made(t, "never:\n  - {path: /etc/pki, because: ask the security team}\n  - program: /usr/bin/nmap\n").At("/root")
	if got := p.NeverChanges(effect.Effect{Verb: "write", Risk: effect.Low}, "", "/etc/pki/x"); got != "the policy never allows changes of /etc/pki: ask the security team" {
		t.Error(got)
	}
	if got := p.NeverStarts("/usr/bin/nmap"); got != "the policy never allows the program /usr/bin/nmap" {
		t.Error(got)
	}
	if got := p.NeverChanges(effect.Effect{}, supervision, "/x"); got != "it is the supervision's own" {
		t.Error(got)
	}
	if got := p.NeverChanges(effect.Effect{Verb: "read"}, "", "/etc/pki/x") + p.NeverStarts("/usr/bin/id"); got != "" {
		t.Error(got)
	}
}
