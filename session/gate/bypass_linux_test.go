package gate

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/session/event"
)

// rewrite waits to be held, then another thread changes the words in memory.
const rewrite = `
import ctypes, os, sys, threading, time
d = sys.argv[1]
libc = ctypes.CDLL(None)
word = ctypes.create_string_buffer(b"good")
argv = (ctypes.c_void_p * 3)()
name = ctypes.create_string_buffer(b"/bin/echo")
argv[0], argv[1] = ctypes.addressof(name), ctypes.addressof(word)
def flip():
    while not os.path.exists(d + "/held"): time.sleep(0.005)
    word.value = b"evil"
    open(d + "/flipped", "w").close()
threading.Thread(target=flip, daemon=True).start()
libc.execve(name, argv, (ctypes.c_void_p * 1)())
`

// python is the interpreter itself, not a script that looks for it.
func python(t *testing.T) string {
	t.Helper()
	const bin = "/usr/bin/python3"
	if _, err := os.Stat(bin); err != nil {
		t.Skip("needs ", bin)
	}
	return bin
}

func TestRewrittenWordsAreKilled(t *testing.T) {
	dir := t.TempDir()
	s := begin(t, plan(), func(ctx context.Context, q Question) (Answer, error) {
		if err := os.WriteFile(filepath.Join(dir, "held"), nil, 0o600); err != nil {
			return Answer{}, err
		}
		for {
			if _, err := os.Stat(filepath.Join(dir, "flipped")); err == nil {
				return allowing(ctx, q)
			}
			select {
			case <-ctx.Done():
				return Answer{}, ctx.Err()
			case <-time.After(5 * time.Millisecond):
			}
		}
	}, python(t), "-c", rewrite, dir)
	status, out := s.finish()
	if strings.Contains(out, "evil") || status != 137 {
		t.Errorf("status %d, output %q", status, out)
	}
	s.until("alarm", func() bool { return len(s.alarms) == 1 && strings.Contains(s.alarms[0], "evil") })
	if s.causes() != "surprise /bin/echo good" {
		t.Errorf("asked %q", s.causes())
	}
}

func TestThreadsExec(t *testing.T) {
	s := begin(t, plan(effect.Start{Argv: words("/bin/echo", "?"), Path: "/bin/echo", Parent: -1, Max: 1}), nil, python(t), "-c",
		`import os, threading; t = threading.Thread(target=lambda: os.execv("/bin/echo", ["/bin/echo", "threaded"])); t.start(); t.join()`)
	status, out := s.finish()
	if status != 0 || !strings.Contains(out, "threaded") || len(s.alarms) != 0 {
		t.Errorf("status %d, output %q, alarms %q, asked %q", status, out, s.alarms, s.causes())
	}
}

func TestWaysAround(t *testing.T) {
	py := python(t)
	for _, c := range []struct {
		name    string
		starts  []effect.Start
		argv    []string
		asked   string // what is asked; all of it is denied
		without string // must not be in the output
	}{
		{"fexecve", nil, []string{py, "-c", `import os; fd=os.open("/bin/echo",os.O_RDONLY); os.execve(fd,["x","ran"],{})`}, "surprise x ran", "ran\r"},
		{"memfd", nil, []string{py, "-c", `import os; m=os.memfd_create("m"); os.write(m,open("/bin/echo","rb").read()); os.execve(m,["x","ran"],{})`}, "surprise x ran", "ran\r"},
		{
			"environment",
			[]effect.Start{{Argv: words("/bin/echo", "?"), Path: "/bin/echo", Parent: -1}},
			[]string{"/bin/sh", "-c", "LD_PRELOAD=/x.so /bin/echo ran"},
			"changed /bin/echo ran", "ran\r",
		},
		{
			"PATH hijack",
			[]effect.Start{{Argv: words("echo", "ran"), Path: "/bin/echo", Parent: -1}},
			[]string{"/bin/bash", "-c", "cp /bin/true ./echo; PATH=. env; exec -a echo ./echo ran"},
			"surprise cp /bin/true ./echo; changed echo ran", "ran\r",
		},
		{
			"once more than shown",
			[]effect.Start{{Argv: words("/bin/true"), Path: "/bin/true", Parent: -1, Max: 1}},
			[]string{"/bin/sh", "-c", "/bin/true; /bin/true; exit 0"},
			"surprise /bin/true", "ran\r",
		},
		{"in place", []effect.Start{{Argv: words("/bin/sh", "?", "?"), Path: "/bin/sh", Parent: -1}}, []string{"/bin/sh", "-c", "exec /bin/sh -c 'exec id'"}, "surprise id", "uid="},
		{"double fork", nil, []string{"/bin/bash", "-c", "( (exec id) & ) ; read x"}, "id", "uid="},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "PATH hijack" {
				c.argv[2] = "exec -a echo /bin/true ran"
				c.asked = "changed echo ran"
			}
			s := begin(t, plan(c.starts...), nil, c.argv...)
			s.until("asked", func() bool { return strings.HasSuffix(s.causes(), c.asked) })
			s.tty.Write([]byte("\n"))
			if _, out := s.finish(); strings.Contains(out, c.without) {
				t.Errorf("it ran: %q", out)
			}
		})
	}
}

func TestChangedSinceTheLook(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "prog")
	write := func(text string) {
		if err := os.WriteFile(file, []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write("echo shown")
	p := plan(effect.Start{Argv: words(file), Path: file, Parent: -1})
	s := begin(t, p, nil, "/bin/sh", "-c", file+"; read x; "+file+"; exit 0")
	s.until("runs", func() bool { return strings.Contains(s.out.String(), "shown") })
	write("echo other")
	s.tty.Write([]byte("\n"))
	_, out := s.finish()
	if got := s.causes(); got != event.CauseChanged+" "+file || strings.Contains(out, "other") {
		t.Errorf("asked %q, output %q", got, out)
	}
}

func TestScriptThroughEnv(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s")
	if err := os.WriteFile(file, []byte("#!/usr/bin/env bash\nexpr 4 + $1\nid\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	p := plan(effect.Start{Argv: words(file, "5"), Path: file, Parent: -1, Max: 1}, step(t, 0, 1, "expr", "4", "+", "?"))
	s := begin(t, p, nil, "/bin/sh", "-c", file+" 5; exit 0")
	if _, out := s.finish(); !strings.Contains(out, "9\r\n") || s.causes() != "surprise id" {
		t.Errorf("output %q, asked %q", out, s.causes())
	}
}

func TestDenyInAFrozenSession(t *testing.T) {
	decide := make(chan Answer)
	file := filepath.Join(t.TempDir(), "after")
	s := begin(t, plan(), func(ctx context.Context, q Question) (Answer, error) {
		select {
		case a := <-decide:
			return a, nil
		case <-ctx.Done():
			return Answer{}, ctx.Err()
		}
	}, "/bin/bash", "-c", "exec 2>/dev/null; id; echo > "+file)
	s.until("held", func() bool { return len(s.asked) == 1 })
	if s.Held() != 1 {
		t.Errorf("%d held, want 1", s.Held())
	}
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	if err := s.Freeze(ctx); err != nil {
		t.Fatal(err)
	}
	decide <- Answer{}
	for end := time.Now().Add(200 * time.Millisecond); time.Now().Before(end); <-time.After(5 * time.Millisecond) {
		if _, err := os.Stat(file); err == nil {
			t.Fatal("the shell went on while frozen")
		}
	}
	if err := s.Thaw(ctx); err != nil {
		t.Fatal(err)
	}
	s.finish()
	if _, err := os.Stat(file); err != nil {
		t.Error("the shell did not go on after the thaw: ", err)
	}
}

// TestAsNobody runs the main tests once more without any privilege.
func TestAsNobody(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to drop it")
	}
	dir, err := os.MkdirTemp("/tmp", "gate")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "test")
	for _, err := range []error{os.WriteFile(bin, self, 0o755), os.Chmod(bin, 0o755), os.Chmod(dir, 0o777)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(bin, "-test.v", "-test.run=^(TestCallsAnswer|TestPlan|TestAllowedSurprise|TestThreads|TestRewritten|TestInterrupt|TestFreeze)")
	cmd.Dir, cmd.Env = dir, []string{"PATH=/usr/bin:/bin", "HOME=/", "TMPDIR=" + dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestPlanAndSurprise") {
		t.Errorf("%v\n%s", err, out)
	}
}
