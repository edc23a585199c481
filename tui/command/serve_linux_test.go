package command

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// front is an escort serve of root's, with an engineer (nobody), an escort by key
// (eva) and one by account (daemon).
type front struct {
	*terminal
	dir, port, run string
}

const (
	nobodyID = 65534
	daemonID = 1
)

// opensDoor starts escort serve, and the keys of its people.
func opensDoor(t testing.TB, args ...string) *front {
	t.Helper()
	return opensDoorOf(t, func(string) []string { return args })
}

// opensDoorOf is the same with arguments that are made once the keys are there.
func opensDoorOf(t testing.TB, args func(dir string) []string) *front {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root, to start shells of other accounts")
	}
	for _, p := range []string{"ssh", "ssh-keygen"} {
		if _, err := exec.LookPath(p); err != nil {
			t.Skip(p + " is missing")
		}
	}
	dir, err := os.MkdirTemp("", "door")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	people := ""
	for name, options := range map[string]string{"ravi": `role="engineer",name="ravi",account="nobody"`, "eva": `role="escort",name="eva"`, "pia": `role="engineer",name="pia",account="bin",shell="no"`} {
		key := filepath.Join(dir, name)
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		public, err := os.ReadFile(key + ".pub")
		if err != nil {
			t.Fatal(err)
		}
		people += options + " " + string(public)
	}
	people += `role="escort",name="tom",account="daemon" -` + "\n"
	if err := errors.Join(os.Chmod(dir, 0o755), os.WriteFile(filepath.Join(dir, "people"), []byte(people), 0o600)); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	_ = l.Close()
	m := inTerminal(t, 100, 30, func(c *exec.Cmd) {
		c.Args = append(c.Args, "serve", "--listen", "127.0.0.1:"+port, "--people", filepath.Join(dir, "people"))
		c.Args = append(c.Args, args(dir)...)
		c.Env = append(c.Env, runVar+"="+filepath.Join(dir, "run"))
	})
	m.shows("listening on 127.0.0.1:" + port)
	return &front{m, dir, port, filepath.Join(dir, "run")}
}

// ssh connects as somebody, in a terminal.
func (f *front) ssh(who string, args ...string) *terminal {
	f.t.Helper()
	path, err := exec.LookPath("ssh")
	if err != nil {
		f.t.Fatal(err)
	}
	return inTerminal(f.t, 120, 40, func(c *exec.Cmd) {
		c.Path, c.Args = path, append(append([]string{"ssh"}, args...), []string{
			"-F", "/dev/null", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=" + filepath.Join(f.dir, "known"),
			"-o", "LogLevel=ERROR", "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-i", filepath.Join(f.dir, who), "-p", f.port, "-o", "SetEnv=ESCORT_TICKET=INC-9", who + "@127.0.0.1",
		}...)
	})
}

// meet has ravi and eva come to one session, which waits for a line.
func (f *front) meet() (e, a *terminal) {
	f.t.Helper()
	e = f.ssh("ravi")
	a = f.ssh("eva")
	e.shows("eva watches")
	e.atPrompt()
	return e, a
}

// atPrompt waits until the engineer's shell waits for a line.
func (m *terminal) atPrompt() {
	m.t.Helper()
	m.until("the prompt", func() bool { return strings.HasSuffix(strings.TrimSpace(m.scr.LastLine()), "$") })
}

// copied is this program where every account can start it.
func (f *front) copied() string {
	f.t.Helper()
	to := filepath.Join(f.dir, "escort")
	if _, err := os.Stat(to); err == nil {
		return to
	}
	text, err := os.ReadFile(f.cmd.Path)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(to, text, 0o755); err != nil {
		f.t.Fatal(err)
	}
	return to
}

// attachAs starts escort attach under an account.
func (f *front) attachAs(uid uint32, args ...string) *terminal {
	f.t.Helper()
	return f.startAs(uid, append([]string{"attach"}, args...)...)
}

// startAs starts this program under an account.
func (f *front) startAs(uid uint32, args ...string) *terminal {
	f.t.Helper()
	exe := f.copied()
	return inTerminal(f.t, 120, 40, func(c *exec.Cmd) {
		c.Path, c.Args, c.Dir = exe, append([]string{"escort"}, args...), f.dir
		c.Env = []string{asProgram + "=1", runVar + "=" + f.run, "HOME=/nonexistent", "XDG_RUNTIME_DIR=/nonexistent", "PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "LANG=C.UTF-8"}
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	})
}

func TestThreePeopleOnOneHost(t *testing.T) {
	t.Parallel()
	f := opensDoor(t)
	e := f.ssh("ravi", "-A", "-o", "SetEnv=ESCORT_TICKET=INC-9 SECRET=1")
	e.shows("escort: waiting for an escort")
	e.shows("these variables are not taken over: SECRET")
	a := f.ssh("eva")
	a.shows("INC-9")
	e.shows("eva watches")
	e.atPrompt()
	e.typed("id -un\r")
	a.shows("id -un")
	a.ready()
	a.typed("a")
	e.shows("\nnobody")

	b := f.attachAs(daemonID)
	b.shows("eva watches too")
	a.shows("tom watches too")
	e.typed("rm -rf /\r")
	a.shows("CRITICAL")
	a.ready()
	a.typed("a")
	a.shows("type DELETE to allow")
	a.typed("DELETE\r")
	b.shows("eva allows it; a second escort must too")
	b.ready()
	b.typed("d")
	b.shows("deny, because:")
	b.typed("this is the whole system\r")
	e.shows("escort: denied · this is the whole system")

	// Who leaves hands over to who stays.
	a.typed("x")
	a.shows("l leaves it running")
	a.typed("l")
	a.ends(0)
	e.shows("eva went; tom watches")
	e.typed("echo still here\r")
	b.shows("echo still here")
	b.ready()
	b.typed("a")
	e.shows("\nstill here")

	// The engineer's account comes to nothing by the socket.
	own := f.attachAs(nobodyID)
	own.ends(1)
	if s := own.err.String(); !strings.Contains(s, stranger) {
		t.Errorf("the engineer's account comes in: %s", s)
	}
	e.typed("exit\r")
	b.shows("exit")
	b.ready()
	b.typed("a")
	b.ends(0)
	e.ends(0)
}

// The line drops and comes back: the session is the same one.
func TestAnEngineerComesBack(t *testing.T) {
	t.Parallel()
	f := opensDoor(t)
	e, a := f.meet()
	e.typed("X=kept\r")
	a.shows("X=kept")
	a.ready()
	a.typed("a")
	e.atPrompt()
	_ = e.cmd.Process.Kill()
	a.shows("the engineer went: the line dropped")
	again := f.ssh("ravi")
	again.shows("goes on here")
	again.shows("eva watches")
	again.typed("echo $X\r")
	a.shows("kept")
	a.ready()
	a.typed("a")
	again.shows("\nkept")
	a.typed("x")
	a.shows("end the session?")
	a.typed("y")
	a.ends(0)
	again.ends(0)
	again.shows("ended by eva")
}

// What SSH can do beside a terminal goes past every hold.
func TestWhatTheDoorRefuses(t *testing.T) {
	t.Parallel()
	f := opensDoor(t)
	words := "nothing of it could be held"
	for _, tc := range []struct {
		what string
		args []string
		want string
	}{
		{"sftp", []string{"-s"}, words},
		{"an old scp", nil, words},
		{"rsync", nil, words},
	} {
		c := f.ssh("ravi", tc.args...)
		_ = c.cmd.Process.Kill()
		_ = c.cmd.Wait()
		run := exec.Command(c.cmd.Path, c.cmd.Args[1:]...)
		run.Args = append(run.Args, map[string]string{"sftp": "sftp", "an old scp": "scp -t /tmp/x", "rsync": "rsync --server . /tmp/x"}[tc.what])
		out, err := run.CombinedOutput()
		if err == nil || !strings.Contains(string(out), tc.want) {
			t.Errorf("%s: %v, %s", tc.what, err, out)
		}
	}
	for _, args := range [][]string{{"-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:9"}} {
		c := f.ssh("ravi", args...)
		c.ends(255)
	}
	stranger := filepath.Join(f.dir, "stranger")
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", stranger).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	s := f.ssh("stranger")
	s.ends(255)
	port := free(t)
	e := f.ssh("ravi", "-L", "127.0.0.1:"+port+":127.0.0.1:9")
	e.shows("waiting for an escort")
	c, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	e.shows("forwarding is refused here")
	e.typed("\x03")
	e.ends(1)
}

// free is a port that nobody has.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// An engineer at this machine has a session that the door keeps, out of reach of
// the engineer's own account.
func TestAnEngineerAtTheDoorsMachine(t *testing.T) {
	t.Parallel()
	f := opensDoor(t)
	e := f.startAs(nobodyID, "shell", "--ticket", "INC-77")
	e.shows("the front door of this machine keeps session")
	a := f.ssh("eva")
	a.shows("INC-77")
	e.shows("eva watches")
	e.atPrompt()
	e.typed("pwd; id -un\r")
	a.shows("HOLD")
	a.allowsAll()
	e.shows("\n" + f.dir)
	e.shows("\nnobody")
	_ = e.cmd.Process.Kill()
	a.shows("the engineer went: the line dropped")
	e = f.startAs(nobodyID, "shell")
	e.shows("the front door of this machine keeps session")
	e.shows("eva watches")
	e.typed("exit\r")
	a.shows("HOLD")
	a.allowsAll()
	e.ends(0)
	a.ends(0)

	e = f.startAs(nobodyID, "shell", "--", "touch", "x")
	e.shows("waiting for an escort")
	a = f.ssh("eva")
	a.shows("HOLD")
	a.ready()
	a.typed("d")
	a.shows("deny, because:")
	a.typed("\r")
	e.ends(3)
	e = f.startAs(nobodyID, "shell")
	e.shows("waiting for an escort")
	e.typed("\x03")
	e.ends(1)
	stranger := f.startAs(daemonID, "shell")
	stranger.shows("does not know you as an engineer")
	stranger.ends(1)
}
