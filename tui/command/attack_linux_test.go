package command

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// as runs a command under an account, and returns what it says.
func as(uid uint32, name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent", "LANG=C"}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	out, err := c.CombinedOutput()
	return string(out), err
}

// What the engineer's account tries from outside of the session, while one of its
// lines is held: none of it allows the line.
func TestTheEngineerCannot(t *testing.T) {
	t.Parallel()
	f := opensDoor(t)
	e, a := f.meet()
	e.typed("touch /tmp/escort-proof-" + f.port + "\r")
	proof := "/tmp/escort-proof-" + f.port
	t.Cleanup(func() { _ = os.Remove(proof) })
	a.shows("HOLD")
	root := filepath.Join(filepath.Dir(f.cmd.Dir), "state", "escort")
	ledgers, err := filepath.Glob(filepath.Join(root, "sessions", "*", "ledger.jsonl"))
	if err != nil || len(ledgers) != 1 {
		t.Fatalf("%v, %v", ledgers, err)
	}
	exe := f.copied()
	serve := fmt.Sprint(f.cmd.Process.Pid)
	forged := `{"as":"escort"}` + "\n" + `{"hold":"h1","verdict":"allow","who":"eva","signature":"AAAA"}` + "\n"
	for _, tc := range []struct {
		what string
		do   func() (string, error)
		want string
	}{
		{"attach as the own account", func() (string, error) {
			c := exec.Command(exe, "attach", "--json")
			c.Env = []string{asProgram + "=1", runVar + "=" + f.run, "HOME=/nonexistent"}
			c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobodyID, Gid: nobodyID}}
			out, err := c.CombinedOutput()
			return string(out), err
		}, stranger},
		{"speak to the socket", func() (string, error) { return f.knock(exe, forged) }, stranger},
		{"end the supervisor", func() (string, error) { return as(nobodyID, "sh", "-c", "kill -9 "+serve) }, "permitted"},
		{"stop the supervisor", func() (string, error) { return as(nobodyID, "sh", "-c", "kill -STOP "+serve) }, "permitted"},
		{"read the supervisor's memory", func() (string, error) { return as(nobodyID, "cat", "/proc/"+serve+"/mem") }, "denied"},
		{"add to the ledger", func() (string, error) { return as(nobodyID, "sh", "-c", "echo x >> "+ledgers[0]) }, "denied"},
		{"read the ledger", func() (string, error) { return as(nobodyID, "cat", ledgers[0]) }, "denied"},
		{"put a socket in its place", func() (string, error) { return as(nobodyID, "touch", f.run+"/x.sock") }, "denied"},
		{"take the socket away", func() (string, error) { return as(nobodyID, "rm", "-f", f.run+"/serve.sock") }, "denied"},
	} {
		if out, err := tc.do(); err == nil || !strings.Contains(strings.ToLower(out), strings.ToLower(tc.want)) {
			t.Errorf("%s: %v, %q", tc.what, err, out)
		}
	}
	second := f.ssh("ravi", "-l", "escort")
	second.ends(1)
	if !strings.Contains(second.text()+second.err.String(), "ravi is no escort here") {
		t.Errorf("a second login says %s%s", second.text(), second.err.String())
	}
	if _, err := os.Stat(proof); !errors.Is(err, os.ErrNotExist) {
		t.Error("the line ran")
	}
	a.ready()
	a.typed("d")
	a.shows("deny, because:")
	a.typed("\r")
	e.shows("escort: denied")
}

// stranger is what somebody hears who is no escort.
const stranger = "not among those who may do this here"

// knock speaks to the door's socket as the engineer's account.
func (f *front) knock(exe, words string) (string, error) {
	c := exec.Command(exe)
	c.Env = []string{knockVar + "=" + words, runVar + "=" + f.run}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobodyID, Gid: nobodyID}}
	out, err := c.CombinedOutput()
	if err == nil && !strings.Contains(string(out), `"ok":true`) {
		err = errors.New("refused")
	}
	return string(out), err
}

// knockVar in the environment makes the test binary speak to the door's socket.
const knockVar = "ESCORT_TEST_KNOCK"

func init() {
	programs = append(programs, knocks)
	moveRun = func(dir string) { sharedRun = dir }
}

// knocks is the program that knock starts.
func knocks() bool {
	words := os.Getenv(knockVar)
	if words == "" {
		return false
	}
	c, err := net.Dial("unix", filepath.Join(sharedRun, doorSocket))
	if err != nil {
		_, _ = io.WriteString(os.Stdout, err.Error())
		return true
	}
	_, _ = io.WriteString(c, words)
	_, _ = io.Copy(os.Stdout, c)
	return true
}

// Inside of the session the engineer may be root by sudo and allowed to do all
// this by a careless escort, and still comes to nothing.
func TestNobodyReachesTheDoorFromInside(t *testing.T) {
	t.Parallel()
	f := opensDoor(t)
	e := f.ssh("ravi")
	a := f.ssh("eva")
	e.shows("eva watches")
	exe := f.copied()
	for _, line := range []string{
		runVar + "=" + f.run + " " + knockVar + `='{"as":"escort"}' ` + exe,
		runVar + "=" + f.run + " " + asProgram + "=1 " + exe + " attach --json </dev/null",
		"kill -9 " + fmt.Sprint(f.cmd.Process.Pid),
	} {
		e.atPrompt()
		e.typed(line + "\r")
		a.shows("HOLD")
		for e.holds() {
			a.allowsAll()
		}
	}
	if s := e.text(); strings.Contains(s, `"ok":true`) || strings.Contains(s, `"kind"`) {
		t.Errorf("it came in:\n%s", s)
	}
	if err := f.cmd.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("the door is gone: %v", err)
	}
}

// holds reports whether the engineer's terminal has no prompt yet.
func (m *terminal) holds() bool { return !strings.HasSuffix(strings.TrimSpace(m.scr.LastLine()), "$") }

// allowsAll allows what an escort's console shows, whatever it takes.
func (m *terminal) allowsAll() {
	m.t.Helper()
	if !strings.Contains(m.text(), "HOLD") {
		return
	}
	m.ready()
	m.typed("a")
	m.until("an answer or the next step", func() bool {
		s := m.text()
		return !strings.Contains(s, "HOLD") || strings.Contains(s, " to allow: ") || strings.Contains(s, "enter allow")
	})
	if _, rest, ok := strings.Cut(m.text(), "type "); ok && strings.Contains(rest, " to allow:") {
		word, _, _ := strings.Cut(rest, " ")
		m.typed(word)
	}
	if strings.Contains(m.text(), "HOLD") {
		m.typed("\r")
		m.until("the answer", func() bool { return !strings.Contains(m.text(), "enter allow") })
	}
}

// impatient is a policy in which losing somebody takes a second.
const impatient = "people: {grace: 1s, return: 3s}\n"

// An escort's console dies: everything stops; back, it goes on.
func TestLosingTheEscort(t *testing.T) {
	t.Parallel()
	policy := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(policy, []byte(impatient), 0o600); err != nil {
		t.Fatal(err)
	}
	f := opensDoor(t, "--policy", policy)
	e, a := f.meet()
	e.typed("for i in 1 2 3 4 5 6 7 8 9; do echo tick$i; sleep 1; done\r")
	a.shows("HOLD")
	a.allowsAll()
	e.shows("tick1")
	_ = a.cmd.Process.Kill()
	e.shows("eva went, and nobody watches")
	e.shows("every program of the session is stopped: no escort has been here for 1s")
	stood := e.text()
	e.typed("x")
	e.shows("no escort is here")
	if strings.Count(e.text(), "tick") > strings.Count(stood, "tick") {
		t.Error("it ran on")
	}
	b := f.ssh("eva")
	b.shows("thawed")
	e.shows("the programs go on: eva is here; nobody was for")
	e.shows("tick9")

	// The engineer's line drops and is not back in time.
	_ = e.cmd.Process.Kill()
	b.shows("the engineer went: the line dropped")
	b.ends(0)
	b.shows("The session took")
}

// The door is closed: both sides are told, and nothing of the session is left.
func TestTheDoorIsClosed(t *testing.T) {
	t.Parallel()
	f := opensDoor(t)
	e, a := f.meet()
	e.typed("sleep 1234\r")
	a.shows("HOLD")
	a.allowsAll()
	_ = f.cmd.Process.Signal(syscall.SIGTERM)
	f.ends(0)
	a.ends(0)
	e.ends(0)
	e.shows("the session is over: the front door was closed")
	if out, err := exec.Command("pgrep", "-f", "sleep 1234").CombinedOutput(); err == nil {
		t.Errorf("it still runs: %s", out)
	}
}

// The supervisor is killed: the whole session is, and both sides hear of it.
func TestTheSupervisorIsKilled(t *testing.T) {
	t.Parallel()
	f := opensDoor(t)
	e, a := f.meet()
	e.typed("sleep 4321\r")
	a.shows("HOLD")
	a.allowsAll()
	_ = f.cmd.Process.Kill()
	a.ends(255)
	e.ends(255)
	f.until("the session is gone", func() bool { return exec.Command("pgrep", "-f", "sleep 4321").Run() != nil })
}
