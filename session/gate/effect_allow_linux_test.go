package gate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"escort/explain/effect"
	"escort/session/event"
)

// TestAllowedEffectIsDoneAndNotAskedAgain allows one sensitive file.
func TestAllowedEffectIsDoneAndNotAskedAgain(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, who may write to /etc")
	}
	const file = "/etc/escort-allowed"
	defer os.Remove(file)
	permit := func(q EffectQuestion) bool { return q.Effects[0].Verb != "permit" }
	s := beginWith(t, effect.Plan{}, func(s *session) { s.permit = permit }, python(t), "-c", prelude+`
for text in ("one", "two"):
    with open("/etc/escort-allowed", "w") as f: f.write(text)
os.chmod("/etc/escort-allowed", 0o4755)
`)
	_, out := s.finish()
	text, err := os.ReadFile(file)
	if err != nil || string(text) != "two" {
		t.Errorf("%q, %v; output %q", text, err, out)
	}
	var got []string
	for _, q := range s.wanted {
		got = append(got, q.Cause+" "+q.Effects[0].Verb)
	}
	want := event.CauseSurprise + " create, " + event.CauseSurprise + " permit"
	if strings.Join(got, ", ") != want {
		t.Errorf("asked %q, want %q", got, want)
	}
	if !strings.Contains(out, "PermissionError") {
		t.Errorf("the denied change was not refused: %q", out)
	}
	if did := s.Did("L"); did != "changed 1 file" {
		t.Errorf("the line %q", did)
	}
}

// TestNameIsNotReadTwice has a second thread change the name all the time
// between the look at it and the call.
func TestNameIsNotReadTwice(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, who may write to /etc")
	}
	s := begin(t, effect.Plan{}, nil, python(t), "-c", prelude+`
import threading
good, evil = b"here........", b"/etc/esc-x\0\0"
name = ctypes.create_string_buffer(good)
def flip():
    while True:
        ctypes.memmove(name, evil, 12)
        ctypes.memmove(name, good, 12)
threading.Thread(target=flip, daemon=True).start()
for i in range(300):
    libc.open(name, os.O_WRONLY | os.O_CREAT, 0o600)
os._exit(0)
`)
	s.finish()
	if _, err := os.Lstat("/etc/esc-x"); err == nil {
		t.Error("the forbidden file was made")
		_ = os.Remove("/etc/esc-x")
	}
	for _, e := range s.effects {
		if strings.HasPrefix(e.Object, "/etc/") {
			t.Errorf("recorded %+v", e)
		}
	}
}

// TestScriptUnderWayIsHeld writes into a file that an open plan was made from.
func TestScriptUnderWayIsHeld(t *testing.T) {
	script := filepath.Join(t.TempDir(), "x.sh")
	if err := os.WriteFile(script, []byte("#!/bin/sh\ntrue\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	plan := effect.Plan{Files: map[string]string{script: "not looked at here"}}
	s := begin(t, plan, nil, python(t), "-c", prelude+`
for how in ("a", "r+"):
    try: open("`+script+`", how).write("evil")
    except PermissionError: print("refused")
try: os.rename("`+script+`", "x")
except PermissionError: print("refused")
`)
	_, out := s.finish()
	if strings.Count(out, "refused") != 3 || len(s.wanted) != 3 || s.wanted[0].Cause != event.CauseChanged {
		t.Errorf("output %q, asked %+v", out, s.wanted)
	}
}

// TestHelperRunsUnasked starts a helper that no plan shows, and from it a program
// that is none.
func TestHelperRunsUnasked(t *testing.T) {
	id, env := onPath(t, "id"), onPath(t, "env")
	s := beginWith(t, effect.Plan{}, func(s *session) { s.helps = env }, "/bin/sh", "-c", env+" true; "+env+" "+id+" -u; "+id+" -u")
	_, out := s.finish()
	var got []string
	for _, q := range s.asked {
		got = append(got, q.Path)
	}
	if len(got) != 3 || got[2] != id || strings.Contains(out, "\n0") {
		t.Errorf("asked %q; output %q", got, out)
	}
}
