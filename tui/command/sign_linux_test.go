package command

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"escort/session/event"

	"github.com/creack/pty"
)

// sshAgent starts a stock agent with one key, and returns its socket, the key's
// file, and what tells the agent something as ssh-add does.
func sshAgent(t *testing.T) (socket, key string, agent *exec.Cmd, add func(args ...string)) {
	t.Helper()
	for _, name := range []string{"ssh-agent", "ssh-add"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skip(name + " is missing")
		}
	}
	dir := t.TempDir()
	socket, key = filepath.Join(dir, "agent"), newKey(t, "")
	agent = exec.Command("ssh-agent", "-D", "-a", socket)
	out, err := agent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := agent.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = agent.Process.Kill(); _ = agent.Wait() })
	if _, err := out.Read(make([]byte, 64)); err != nil { // it says where it is once it is there
		t.Fatal(err)
	}
	ask := filepath.Join(dir, "ask")
	if err := os.WriteFile(ask, []byte("#!/bin/sh\necho sesame\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	add = func(args ...string) {
		t.Helper()
		c := exec.Command("ssh-add", args...)
		c.Env = append(os.Environ(), agentVariable+"="+socket, "SSH_ASKPASS="+ask, "SSH_ASKPASS_REQUIRE=force")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("ssh-add %v: %v\n%s", args, err, out)
		}
	}
	add(key)
	return socket, key, agent, add
}

// The escort's agent is locked and killed in the middle of a session: nothing
// runs that was not signed, and the console says what happened. The session
// does not reach the agent, and its record holds by stock ssh-keygen.
func TestConsoleSignsWithAnAgent(t *testing.T) {
	t.Parallel()
	socket, key, agent, add := sshAgent(t)
	m := inTerminal(t, 120, 40, func(c *exec.Cmd) {
		c.Args = append(c.Args, "--sign", "agent")
		c.Env = append(c.Env, agentVariable+"="+socket)
	})
	allow := func(line string) {
		t.Helper()
		m.prompt()
		m.typed(line + "\r")
		m.ready()
		m.typed("a")
	}
	allow("touch a")
	m.until("the file", func() bool { return m.exists("a") })
	add("-x")
	allow("touch b")
	m.shows("not allowed: the SSH agent is locked, or empty; unlock it (ssh-add -X)")
	if m.exists("b") {
		t.Fatal("it ran, and was not signed")
	}
	add("-X")
	m.ready()
	m.typed("a")
	m.until("the file", func() bool { return m.exists("b") })
	if err := agent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = agent.Wait()
	allow("touch c")
	m.shows("not allowed: the SSH agent is gone; start it again")
	m.ready()
	m.typed("d")
	m.shows("deny, because")
	m.typed("\r")
	m.shows("sent, but not signed: the SSH agent is gone")
	m.prompt()
	if m.exists("c") {
		t.Fatal("it ran, and was not signed")
	}
	m.typed("\x1dx")
	m.shows("end the session? y/n")
	m.typed("y")
	if code := m.ended(); code != Done {
		t.Errorf("exit code %d\n%s", code, m.err.String())
	}
	dirs, err := filepath.Glob(filepath.Join(m.cmd.Dir, "../state/escort/sessions/*"))
	if err != nil || len(dirs) != 1 {
		t.Fatalf("records %q, %v", dirs, err)
	}
	out := filepath.Join(t.TempDir(), "proofs")
	list := listOf(t, "*", key)
	says{Done, `3 decisions, 2 signed\n  2 by `, ""}.check(t, program(t, "verify", dirs[0], "--signers", list, "--require-signed", "--export", out))
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		t.Skip("ssh-keygen is missing")
	}
	if said, err := exec.Command("sh", filepath.Join(out, checkScript)).CombinedOutput(); err != nil || strings.Count(string(said), "Good") != 2 {
		t.Errorf("ssh-keygen says %v\n%s", err, said)
	}
}

// What runs in the session cannot have the escort's agent sign, even where that
// was allowed.
func TestSessionDoesNotReachTheAgent(t *testing.T) {
	t.Parallel()
	socket, _, _, _ := sshAgent(t)
	m := inTerminal(t, 120, 40, func(c *exec.Cmd) {
		c.Args = append(c.Args, "--sign", "agent")
		c.Env = append(c.Env, agentVariable+"="+socket)
	})
	m.prompt()
	m.typed("echo 'agent '\"<$SSH_AUTH_SOCK>\"\r")
	m.ready()
	m.typed("a")
	m.shows("agent <>")
	m.prompt()
	m.typed("SSH_AUTH_SOCK=" + socket + " ssh-add -l\r")
	m.ready()
	m.typed("a")
	m.shows("Error connecting to agent: Operation not permitted")
}

// phrased opens the console's command in a terminal in which somebody types an
// answer to the question for the passphrase.
func phrased(t *testing.T, answer string, args ...string) (got *Session, said string, code int) {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer tty.Close()
	if err := pty.Setsize(tty, &pty.Winsize{Cols: 80, Rows: 24}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := master.WriteString(answer); err != nil {
		t.Fatal(err)
	}
	s := Streams{In: tty, Out: tty, Err: &out, Getenv: func(n string) string { return map[string]string{"HOME": "/home/ravi"}[n] }}
	code = Run(t.Context(), args, s, Tools{Console: console(&got)})
	return got, out.String(), code
}

func TestSignFlag(t *testing.T) {
	t.Parallel()
	socket, key, _, _ := sshAgent(t)
	env := map[string]string{"HOME": "/home/ravi", agentVariable: socket}
	print, err := exec.Command("ssh-keygen", "-l", "-f", key+".pub").Output()
	if err != nil {
		t.Skip("ssh-keygen is missing")
	}
	mine := strings.Fields(string(print))[1]
	for name, tc := range map[string]struct {
		value string
		agent bool
		code  int
		says  string // part of the error
	}{
		"a file":                {key, false, Done, ""},
		"the agent":             {"agent", true, Done, ""},
		"a key of the agent":    {"agent:" + mine, true, Done, ""},
		"by its public half":    {key + ".pub", true, Done, ""},
		"nothing":               {"", false, Usage, "--sign got an empty name"},
		"no file":               {filepath.Join(t.TempDir(), "x"), false, Failed, "the key cannot be read"},
		"no fingerprint":        {"agent:me", false, Usage, "no fingerprint as SHA256:"},
		"another's fingerprint": {"agent:SHA256:x", false, Failed, "the SSH agent has no key SHA256:x"},
		"another's public half": {newKey(t, "") + ".pub", false, Failed, "the SSH agent has no key SHA256:"},
	} {
		t.Run(name, func(t *testing.T) {
			got, said, code := opened(t, 80, 24, env, "--sign", tc.value)
			if code != tc.code || !strings.Contains(said, tc.says) || (code != Done) != strings.Contains(said, "escort: hint: ") {
				t.Fatalf("code %d, %q", code, said)
			}
			if code != Done {
				return
			}
			if got.Signer == nil || !strings.Contains(got.Signer.String(), mine) || (got.Signer.Agent() == socket) != tc.agent {
				t.Errorf("signs with %v", got.Signer)
			}
		})
	}
	if got, _, _ := opened(t, 80, 24, env); got == nil || got.Signer != nil {
		t.Error("signs without being told to")
	}
	locked := newKey(t, "sesame")
	if got, said, code := phrased(t, "sesame\n", "--sign", locked); code != Done || got.Signer == nil || !strings.Contains(said, "passphrase of "+locked) {
		t.Errorf("with a passphrase: %d, %q", code, said)
	}
	if _, said, code := phrased(t, "open\n", "--sign", locked); code != Failed || !strings.Contains(said, "does not open") {
		t.Errorf("with a wrong passphrase: %d, %q", code, said)
	}
}

// A session in which nothing could be allowed is not started.
func TestPolicyWantsSigners(t *testing.T) {
	t.Parallel()
	mine, other := newKey(t, ""), newKey(t, "")
	env := map[string]string{"HOME": t.TempDir(), "USER": "eva", "LOGNAME": "eva"}
	file := filepath.Join(t.TempDir(), "policy.yaml")
	write(t, file, []byte("decisions: {signed: required, signers: "+listOf(t, "*", mine)+"}\n"))
	for name, tc := range map[string]struct {
		args []string
		code int
		says string
	}{
		"not signed":    {nil, Usage, "the policy wants decisions signed\nescort: hint: --sign KEYFILE, or --sign agent"},
		"another's key": {[]string{"--sign", other}, Failed, "does not have the key"},
		"the right key": {[]string{"--sign", mine}, Done, ""},
	} {
		_, said, code := opened(t, 80, 24, env, append(tc.args, "--policy", file)...)
		if code != tc.code || !strings.Contains(said, tc.says) {
			t.Errorf("%s: code %d, %q", name, code, said)
		}
	}
}

// An escort who attaches signs what the policy of the session wants signed, and
// so does a program, with stock ssh-keygen; neither uses a signature twice.
func TestAttachSigns(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		t.Skip("ssh-keygen is missing")
	}
	key := newKey(t, "")
	policy := filepath.Join(t.TempDir(), "policy.yaml")
	write(t, policy, []byte("decisions: {signed: required, signers: "+listOf(t, "*", key)+"}\n"))
	e := works(t, "--solo", "--policy", policy)
	p := e.attachJSON()
	me := p.until(map[string]any{"kind": "joined"})["who"].(string)
	e.shows("watches")
	e.typed("touch x\r")
	h := p.until(map[string]any{"kind": "held"})
	d := event.Decision{Hold: h["hold"].(string), Verdict: event.Allow, Who: me, Head: h["hash"].(string)}
	send := func(d event.Decision, want map[string]any) {
		t.Helper()
		line, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		p.says(string(line))
		p.until(want)
	}
	send(d, map[string]any{"error": event.ErrUnsigned.Error()})
	session := sessionOf(t, e)
	sign := exec.Command("ssh-keygen", "-Y", "sign", "-n", event.Namespace, "-f", key)
	line, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	held, err := event.SightIn(line)
	if err != nil {
		t.Fatal(err)
	}
	sign.Stdin = bytes.NewReader(d.Statement(session, held).Text())
	if d.Signature, err = sign.Output(); err != nil {
		t.Fatal(err)
	}
	send(d, map[string]any{"ok": true})
	e.until("the file", func() bool { return e.exists("x") })

	e.typed("touch y\r")
	next := p.until(map[string]any{"kind": "held", "typed": "touch y"})
	again := d
	again.Hold = next["hold"].(string)
	send(again, map[string]any{"kind": "message"}) // that it was refused is in the record
	a := e.beside("attach", "--sign", key)
	a.shows("an empty file")
	a.ready()
	if e.exists("y") {
		t.Fatal("an old signature allowed something new")
	}
	a.typed("a")
	e.until("the file", func() bool { return e.exists("y") })
	p.says(`{"end":true}`)
	e.ends(0)
	dir := filepath.Join(filepath.Dir(e.cmd.Dir), "state", "escort", "sessions", session)
	says{Done, `2 decisions, 2 signed`, ""}.check(t, program(t, "verify", dir, "--signers", listOf(t, "*", key), "--require-signed"))
}

// sessionOf is the ID of the only session that was begun in the folders of m.
func sessionOf(t *testing.T, m *terminal) string {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(filepath.Dir(m.cmd.Dir), "state", "escort", "sessions", "*"))
	if err != nil || len(dirs) != 1 {
		t.Fatalf("%v, %v", dirs, err)
	}
	return filepath.Base(dirs[0])
}

// Through the door an escort's decisions are signed by the agent that the
// connection forwards. Without one, where the policy wants it, nothing is allowed.
func TestDoorSignsWithTheForwardedAgent(t *testing.T) {
	t.Parallel()
	socket, _, agent, add := sshAgent(t)
	f := opensDoorOf(t, func(dir string) []string {
		policy := filepath.Join(t.TempDir(), "policy.yaml")
		write(t, policy, []byte("decisions: {signed: required, signers: "+listOf(t, "eva", filepath.Join(dir, "eva"))+"}\n"))
		return []string{"--policy", policy}
	})
	add("-D")
	add(filepath.Join(f.dir, "eva"))
	e := f.ssh("ravi")
	e.shows("escort: waiting for an escort")
	alone := f.ssh("eva")
	e.shows("eva watches")
	e.atPrompt()
	e.typed("touch /tmp/none\r")
	alone.ready()
	alone.typed("a")
	alone.shows("the policy wants every allow signed")
	alone.ready()
	alone.typed("d")
	alone.shows("deny, because:")
	alone.typed("not signed\r")
	e.shows("escort: denied · not signed")
	alone.typed("x")
	alone.shows("l leaves it running")
	alone.typed("l")
	alone.ends(0)

	a := f.ssh("eva", "-A", "-o", "IdentityAgent="+socket)
	a.shows("INC-9")
	e.typed("echo one\r")
	a.shows("Prints")
	a.ready()
	a.typed("a")
	e.shows("\none")
	e.typed("echo two\r")
	a.shows("echo two")
	if err := agent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = agent.Wait()
	a.ready()
	a.typed("a")
	a.shows("not allowed: the SSH agent")
	a.ready()
	a.typed("d")
	a.shows("deny, because:")
	a.typed("\r")
	a.shows("sent, but not signed: the SSH agent")
	e.shows("escort: denied")
	dir := filepath.Join(filepath.Dir(f.cmd.Dir), "state", "escort", "sessions", sessionOf(t, f.terminal))
	says{Done, `3 decisions, 1 signed\n  1 by eva with`, ""}.check(t, program(t, "verify", dir, "--signers", listOf(t, "eva", filepath.Join(f.dir, "eva"))))
}
