package command

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"escort/session/record"
)

// proposer is escort propose with nothing but pipes.
type proposer struct {
	*terminal
	out, said sink
	cmd       *exec.Cmd
}

// sink keeps what is written to it, and can be looked at meanwhile.
type sink struct {
	mu   sync.Mutex
	text []byte
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text = append(s.text, p...)
	return len(p), nil
}

func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.text)
}

// proposes starts escort propose with a text on its standard input, in the
// folders of m.
func (m *terminal) proposes(text string, args ...string) *proposer {
	m.t.Helper()
	p := &proposer{terminal: m, cmd: exec.Command(m.cmd.Path, append([]string{"propose", "--solo"}, args...)...)}
	p.cmd.Env, p.cmd.Dir, p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = m.cmd.Env, m.cmd.Dir, strings.NewReader(text), &p.out, &p.said
	if err := p.cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return p
}

// ends waits for the exit status.
func (p *proposer) ends(want int) {
	p.t.Helper()
	_ = p.cmd.Wait()
	if got := p.cmd.ProcessState.ExitCode(); got != want {
		p.t.Errorf("it ended with %d, want %d:\n%s", got, want, p.said.String())
	}
}

// says fails unless all of it was said.
func (p *proposer) told(want ...string) {
	p.t.Helper()
	for _, w := range want {
		if !strings.Contains(p.said.String(), w) {
			p.t.Errorf("%q is not said:\n%s", w, p.said.String())
		}
	}
}

// place is a folder with nothing in it, and a program that lists its sessions.
func place(t *testing.T) *terminal {
	t.Helper()
	m := inTerminal(t, 100, 30, func(c *exec.Cmd) { c.Args = append(c.Args, "attach", "--list") })
	m.ends(0)
	return m
}

// meets attaches to the session of a proposal.
func (p *proposer) meets() *caller {
	p.t.Helper()
	p.until("the session", func() bool { return strings.Contains(p.said.String(), "waiting for an escort: escort attach ") })
	return p.attachJSON()
}

func (p *caller) decides(verdict, reason string) map[string]any {
	p.t.Helper()
	h := p.until(map[string]any{"kind": "held"})
	p.says(`{"hold":"` + h["hold"].(string) + `","verdict":"` + verdict + `","word":"` + wordOf(h) + `","reason":"` + reason + `"}`)
	return h
}

func TestAProposalIsReleasedMasked(t *testing.T) {
	t.Parallel()
	m := place(t)
	e := m.proposes("echo one\necho password=hunter2\nprintf 'AKIAIOSFO\\nDNNEXAMPLEQ\\n'\ntouch there\nexit 7\n", "--ticket", "T1")
	p := e.meets()
	h := p.decides("allow", "")
	x, _ := h["explanation"].(map[string]any)
	scripts, _ := x["scripts"].([]any)
	if len(scripts) != 1 || scripts[0].(map[string]any)["lines"] != 5.0 {
		t.Errorf("the card opens no script of 5 lines: %v", scripts)
	}
	p.until(map[string]any{"kind": "ended", "status": 7.0})
	if e.out.String() != "" {
		t.Errorf("it came by itself: %q", e.out.String())
	}
	p.says(`{"release":true,"shown":"other","re":1}`)
	p.until(map[string]any{"re": 1.0, "error": "what is held back is not what was shown any more: look again"})
	p.says(`{"release":true,"lines":2,"re":2}`)
	r := p.until(map[string]any{"kind": "released"})
	if r["who"] == "" || r["lines"] != 2.0 || r["masked"] != 1.0 || r["sha256"] == "" {
		t.Errorf("released: %v", r)
	}
	p.says(`{"release":true,"re":3}`)
	p.until(map[string]any{"kind": "closed"})
	e.ends(7)
	if got, want := e.out.String(), "one\npassword=[masked: password]\n[masked: AWS key]\n[masked: AWS key]\n"; got != want {
		t.Errorf("given %q, want %q", got, want)
	}
	e.told("proposed: 5 lines, sha256 ", "released by ", "it has ended with status 7")
	if !m.exists("there") {
		t.Error("it did not run")
	}
	dirs, _ := filepath.Glob(filepath.Join(filepath.Dir(m.cmd.Dir), "state", "escort", "sessions", "*"))
	if len(dirs) != 1 {
		t.Fatalf("%v", dirs)
	}
	if r, err := record.Verify(dirs[0]); err != nil || len(r.Problems) > 0 {
		t.Errorf("the record does not verify: %v, %v", err, r.Problems)
	}
	ledger, err := os.ReadFile(filepath.Join(dirs[0], record.LedgerFile))
	if err != nil || !strings.Contains(string(ledger), "[masked: password]") || !strings.Contains(string(ledger), "RELAXED: output is held back") {
		t.Errorf("the ledger does not say what was released: %v", err)
	}
}

func TestAProposalIsDeniedWhole(t *testing.T) {
	t.Parallel()
	m := place(t)
	e := m.proposes("touch there\n")
	p := e.meets()
	p.decides("deny", "smaller steps")
	p.until(map[string]any{"kind": "closed"})
	e.ends(3)
	e.told("denied · smaller steps", "escort propose --lines")
	if m.exists("there") || e.out.String() != "" {
		t.Errorf("it ran, or wrote: %q", e.out.String())
	}
}

// A signal that ends the proposal, its own interpreter, and an end while output
// waits: the status is the text's all the same.
func TestStatusOfAProposal(t *testing.T) {
	t.Parallel()
	m := place(t)
	for text, want := range map[string]int{"kill -TERM $$\n": 143, "#!/bin/sh -e\nfalse\n": 1} {
		e := m.proposes(text)
		p := e.meets()
		p.decides("allow", "")
		p.until(map[string]any{"kind": "closed"})
		e.ends(want)
	}
	e := m.proposes("echo x; exit 5\n")
	p := e.meets()
	p.decides("allow", "")
	p.until(map[string]any{"kind": "ended"})
	p.says(`{"end":true}`)
	p.until(map[string]any{"kind": "closed"})
	e.ends(5)
	if e.out.String() != "" {
		t.Errorf("given without a release: %q", e.out.String())
	}
}

func TestWhatCannotBeProposed(t *testing.T) {
	t.Parallel()
	m := place(t)
	for text, want := range map[string]string{
		" \n": "is empty", "echo \xff\n": "is not UTF-8 text", "a\x1b[2K\n": "has control characters", "a\r\n": "has control characters",
		strings.Repeat("x", MaxProposal+1): "is longer than 1 MiB",
	} {
		e := m.proposes(text)
		e.ends(1)
		e.told("escort: error: standard input "+want, "escort: hint: ")
	}
	e := m.proposes("", "missing")
	e.ends(1)
	e.told("missing")
}

func TestAProposalByTheLine(t *testing.T) {
	m := place(t)
	text := "# steps\necho one\n\nif true\nthen\n\techo 'two\tx'; x=5\nfi\ntouch at$x; (exit 6)\n"
	e := m.proposes(text, "--lines")
	p := e.meets()
	for _, want := range []string{"echo one", "if true\nthen\n\techo 'two\tx'; x=5\nfi", "touch at$x; (exit 6)"} {
		if h := p.decides("allow", ""); h["typed"] != want {
			t.Errorf("held %q, want %q", h["typed"], want)
		}
	}
	p.until(map[string]any{"kind": "ended"})
	if !m.exists("at5") {
		t.Error("it was not one shell")
	}
	p.releasesAll()
	e.ends(6)
	if got := e.out.String(); !strings.Contains(got, "\none\n") || !strings.Contains(got, "\ntwo     x\n") {
		t.Errorf("given %q", got)
	}
}

func TestADeniedLineIsTheLast(t *testing.T) {
	m := place(t)
	e := m.proposes("touch one\ntouch two\ntouch three\n", "--lines")
	p := e.meets()
	p.decides("allow", "")
	p.decides("deny", "not two")
	p.until(map[string]any{"kind": "ended"})
	p.releasesAll()
	e.ends(3)
	e.told("denied · not two", "command 2 of 3 was denied; what follows it is not run")
	if !m.exists("one") || m.exists("two") || m.exists("three") {
		t.Error("another one ran")
	}
	for text, want := range map[string]string{"echo 'x\n": "the last command is not complete", "# x\n": "there is no command in it", "#!/usr/bin/python3\nprint()\n": "only a text for a shell"} {
		e := m.proposes(text, "--lines")
		e.ends(1)
		e.told(want)
	}
}

// By policy nothing but the status comes back, and nothing waits for a release.
func TestAProposalOfWhichOnlyTheStatusComesBack(t *testing.T) {
	m := place(t)
	file := filepath.Join(m.cmd.Dir, "policy.yaml")
	if err := os.WriteFile(file, []byte("people: {output: status}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e := m.proposes("echo secret; exit 9\n", "--policy", file)
	p := e.meets()
	p.decides("allow", "")
	p.until(map[string]any{"kind": "closed"})
	e.ends(9)
	if got := e.out.String(); got != "" {
		t.Errorf("given %q", got)
	}
	if strings.Contains(e.said.String(), "released by") {
		t.Errorf("said: %s", e.said.String())
	}
}

// releasesAll releases what is held back, and what still comes, until the session
// is over.
func (p *caller) releasesAll() {
	p.t.Helper()
	over := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		for {
			_, _ = io.WriteString(p.in, `{"release":true,"lines":100}`+"\n") // an error means that it is over
			select {
			case <-over:
				return
			case <-time.After(200 * time.Millisecond):
			}
		}
	})
	defer done.Wait()
	defer close(over)
	p.until(map[string]any{"kind": "closed"})
}
