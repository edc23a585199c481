package command

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"escort/session/record"
)

// beside starts the program once more, with the folders of m.
func (m *terminal) beside(args ...string) *terminal {
	m.t.Helper()
	return inTerminal(m.t, 120, 40, func(c *exec.Cmd) { c.Args, c.Env, c.Dir = append(c.Args, args...), m.cmd.Env, m.cmd.Dir })
}

// works starts an engineer's terminal.
func works(t *testing.T, args ...string) *terminal {
	t.Helper()
	m := inTerminal(t, 100, 30, func(c *exec.Cmd) { c.Args = append(append(c.Args, "shell", "--ticket", "INC-4211"), args...) })
	m.shows("escort: waiting for an escort: escort attach 20")
	return m
}

// ends waits for the exit status.
func (m *terminal) ends(want int) {
	m.t.Helper()
	done := make(chan error, 1)
	go func() { done <- m.cmd.Wait() }()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		m.t.Fatalf("it does not end:\n%s", m.text())
	}
	if got := m.cmd.ProcessState.ExitCode(); got != want {
		m.t.Errorf("it ended with %d, want %d: %s\n%s", got, want, m.err.String(), m.text())
	}
}

func TestAnEngineerAndAnEscort(t *testing.T) {
	t.Parallel()
	e := works(t, "--solo")
	e.typed("touch early\r")
	e.shows("no escort is here")
	a := e.beside("attach")
	a.shows("SOLO: engineer and escort are one account")
	a.shows("INC-4211")
	e.shows("watches: nothing runs before an escort has allowed it")
	e.typed("touch x\r")
	a.shows("touch x")
	if e.exists("early") || e.exists("x") {
		t.Fatal("something ran before it was allowed")
	}
	a.ready()
	a.typed("m")
	a.shows("to the engineer:")
	a.typed("why x?\r")
	e.shows("escort says: why x?")
	e.typed("\x1dfor the test\r")
	a.shows("message: for the test")
	a.ready()
	a.typed("a")
	e.until("the file", func() bool { return e.exists("x") })

	e.typed("rm x\r")
	a.shows("rm x")
	a.ready()
	a.typed("d")
	a.shows("deny, because:")
	a.typed("wrong file\r")
	e.shows("escort: denied · wrong file")
	a.typed("x")
	a.shows("l leaves it running")
	a.typed("l")
	a.ends(0)
	e.shows("nobody watches")
	e.typed("touch late\r")
	e.shows("no escort is here")

	again := e.beside("attach", "--plain")
	again.shows("Your lines are words for the console.")
	again.shows("Message from root: for the test")
	again.shows("An escort came: root")
	e.shows("root watches: nothing runs")
	e.typed("exit 4\r")
	again.reads("Command: exit 4")
	again.typed("allow\r")
	e.ends(0)
	again.ends(0)
	if e.exists("late") || !e.exists("x") {
		t.Error("what was typed without an escort was passed on")
	}
	dirs, err := filepath.Glob(filepath.Join(filepath.Dir(e.cmd.Dir), "state", "escort", "sessions", "*"))
	if err != nil || len(dirs) != 1 {
		t.Fatalf("%v, %v", dirs, err)
	}
	if r, err := record.Verify(dirs[0]); err != nil || len(r.Problems) > 0 {
		t.Errorf("the record does not verify: %v, %v", err, r.Problems)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(e.cmd.Dir), "state", "escort", "run", "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestNobodyAttachesToTheirOwnSession(t *testing.T) {
	t.Parallel()
	e := works(t)
	a := e.beside("attach")
	a.ends(1)
	for _, want := range []string{"nobody decides about their own commands", "--solo"} {
		if !strings.Contains(a.err.String(), want) {
			t.Errorf("%q is not said: %s", want, a.err.String())
		}
	}
	e.typed("\x03")
	e.ends(1)
	if !strings.Contains(e.err.String(), "given up") {
		t.Errorf("said: %s", e.err.String())
	}
}

// caller is escort attach --json as a program uses it.
type caller struct {
	t   *testing.T
	in  io.WriteCloser
	out *bufio.Scanner
}

func (m *terminal) attachJSON() *caller {
	m.t.Helper()
	c := exec.Command(m.cmd.Path, "attach", "--json")
	c.Env, c.Dir, c.Stderr = m.cmd.Env, m.cmd.Dir, os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() {
		_ = in.Close()
		if err := c.Wait(); err != nil {
			m.t.Errorf("escort attach --json: %v", err)
		}
	})
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	return &caller{m.t.(*testing.T), in, lines}
}

// until reads lines up to one that has all of the members.
func (p *caller) until(want map[string]any) map[string]any {
	p.t.Helper()
	for p.out.Scan() {
		var got map[string]any
		if err := json.Unmarshal(p.out.Bytes(), &got); err != nil {
			p.t.Fatalf("%v: %s", err, p.out.Text())
		}
		fits := true
		for k, v := range want {
			fits = fits && got[k] == v
		}
		if fits {
			return got
		}
	}
	p.t.Fatalf("no line had %v: %v", want, p.out.Err())
	return nil
}

func (p *caller) says(line string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		p.t.Fatal(err)
	}
}

func TestAttachJSON(t *testing.T) {
	t.Parallel()
	e := works(t, "--solo")
	p := e.attachJSON()
	opened := p.until(map[string]any{"kind": "opened"})
	if opened["seq"] != 1.0 {
		t.Errorf("opened is %v", opened)
	}
	e.shows("watches")
	e.typed("rm -rf sub\r")
	h := p.until(map[string]any{"kind": "held"})
	x, _ := h["explanation"].(map[string]any)
	if h["layer"] != "line" || h["hold"] == "" || x["headline"] == "" || h["word"] != "DELETE" {
		t.Fatalf("held: %v", h)
	}
	id := h["hold"].(string)
	for _, tc := range []struct{ say, want string }{
		{`{"hold":"` + id + `","verdict":"allow","re":1}`, "the word typed is not the one asked for"},
		{`{"hold":"h99","verdict":"deny","re":1}`, "no such hold"},
		{`{"hold":"` + id + `","verdict":"approve","re":1}`, "the verdict must be allow, deny or cannot-tell"},
		{`{"message":"","re":1}`, "there is nothing to say"},
		{`{"input":"bHMK","re":1}`, "only the engineer types in this session"},
		{`{"hold":"` + id + `"`, `not understood: one of hold with verdict, message, freeze, thaw, end is expected`},
	} {
		p.says(tc.say)
		p.until(map[string]any{"error": tc.want})
	}
	p.says(`{"hold":"` + id + `","verdict":"deny","reason":"no","re":"a"}`)
	if a := p.until(map[string]any{"re": "a"}); a["ok"] != true || a["seq"] != nil {
		t.Errorf("answered %v", a)
	}
	p.says(`{"hold":"` + id + `","verdict":"deny","re":"b"}`)
	p.until(map[string]any{"error": "already decided", "re": "b"})
	e.shows("escort: denied · no")
	p.says(`{"freeze":true,"re":"f"}`)
	p.until(map[string]any{"ok": true, "re": "f"})
	e.shows("every program of the session is stopped")
	p.says(`{"thaw":true,"re":"t"}`)
	p.until(map[string]any{"ok": true, "re": "t"})
	p.says(`{"message":"hello","re":"m"}`)
	p.until(map[string]any{"ok": true, "re": "m"})
	e.shows("escort says: hello")
	p.says(`{"end":true,"re":"e"}`)
	p.until(map[string]any{"kind": "closed"})
	e.ends(0)
}

func TestShellOfOneCommand(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		verdict string
		status  int
		there   bool
	}{{"allow", 7, true}, {"deny", 3, false}} {
		e := works(t, "--solo", "--", "sh", "-c", "touch x; exit 7")
		p := e.attachJSON()
		h := p.until(map[string]any{"kind": "held"})
		p.says(`{"hold":"` + h["hold"].(string) + `","verdict":"` + tc.verdict + `"}`)
		p.until(map[string]any{"kind": "closed"})
		e.ends(tc.status)
		if e.exists("x") != tc.there {
			t.Errorf("%s: the file is there: %v", tc.verdict, e.exists("x"))
		}
	}
}

// Whoever is inside a session comes to none, not even by the socket itself.
func TestNobodyAttachesFromInside(t *testing.T) {
	t.Parallel()
	e := works(t, "--solo")
	p := e.attachJSON()
	e.shows("watches")
	e.typed(e.cmd.Path + " attach --json </dev/null\r")
	h := p.until(map[string]any{"kind": "held", "layer": "line"})
	p.says(`{"hold":"` + h["hold"].(string) + `","verdict":"allow","word":"` + wordOf(h) + `"}`)
	e.shows("escort: error:")
	if s := e.text(); strings.Contains(s, `"kind"`) {
		t.Errorf("it came in:\n%s", s)
	}
	p.says(`{"end":true}`)
	p.until(map[string]any{"kind": "closed"})
	e.ends(0)
}

func wordOf(held map[string]any) string { s, _ := held["word"].(string); return s }

// A supervisor that is killed takes the session with it: nothing is decided by
// nobody.
func TestTheEscortIsToldWhenTheSupervisorDies(t *testing.T) {
	t.Parallel()
	e := works(t, "--solo")
	a := e.beside("attach")
	e.shows("watches")
	e.typed("sleep 1000\r")
	a.shows("HOLD")
	_ = e.cmd.Process.Signal(syscall.SIGKILL)
	a.ends(1)
	if !strings.Contains(a.err.String(), "the line to the session was lost") {
		t.Errorf("said: %s", a.err.String())
	}
}

func TestAHoldIsToldToACommand(t *testing.T) {
	t.Parallel()
	e := works(t, "--solo")
	told := filepath.Join(t.TempDir(), "told")
	a := e.beside("attach", "--on-hold", `echo "$ESCORT_RISK $ESCORT_HEADLINE $ESCORT_SESSION $ESCORT_HOLD" > `+told)
	e.shows("watches")
	e.typed("touch x\r")
	a.shows("HOLD")
	e.until("the command ran", func() bool {
		text, _ := os.ReadFile(told)
		return strings.HasPrefix(string(text), "low Creates x. 20") && strings.HasSuffix(string(text), " h1\n")
	})
	if e.exists("x") {
		t.Error("telling of it let it run")
	}
	a.ready()
	a.typed("x")
	a.shows("end the session?")
	a.typed("y")
	a.ends(0)
	e.ends(0)
}
