package session

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"escort/explain/effect"
	"escort/session/event"
	"escort/session/record"

	"golang.org/x/sys/unix"
)

// The ways past a gate that products of this kind have been beaten by. Each
// must end held, and denied must mean that nothing happened.

func need(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("%s is missing", p)
		}
	}
}

func (c *console) screenHas(text string) {
	c.t.Helper()
	c.until(text+" on the screen", func() bool { return bytes.Contains(c.out.Bytes(), []byte(text)) })
}

// surprise waits for a start that no plan grants, checks what it is and denies it.
func (c *console) surprise(actual string) {
	c.t.Helper()
	e := c.held()
	if e.Layer != event.LayerStart || !strings.Contains(e.Actual, actual) {
		c.t.Errorf("held %s %s %q, want the start of %q", e.Layer, e.Cause, e.Actual, actual)
	}
	c.decide(e, event.Deny)
}

func TestEditorsShellEscapeIsHeld(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		need(t, "vim")
		c := open(t, in)
		c.typed("vim -u NONE -i NONE f\r")
		line := c.held()
		c.decide(line, event.Allow)
		c.screenHas("\x1b[?1049h")
		c.typed(":!touch y\r")
		c.surprise("touch y")
		c.typed("\r")
		c.typed("\x1b:q!\r")
		c.finished(line)
		if c.exists("y") {
			t.Error("a start from inside the editor ran")
		}
	})
}

func TestInterpretersStartsAreHeld(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		need(t, "/usr/bin/python3")
		c := open(t, in)
		c.typed("/usr/bin/python3 -c 'import os,sys; os.system(sys.stdin.readline())'\r")
		line := c.held()
		c.decide(line, event.Allow)
		c.until("python", c.happened(event.Started, line.Hold))
		c.typed("touch y\r")
		c.surprise("touch y")
		c.finished(line)
		if c.exists("y") {
			t.Error("what the interpreter was fed ran")
		}
	})
}

func TestFindRunsUnderItsOwnPlanOnly(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		c.allow(`find . -exec id \;`)
		c.mu.Lock()
		planned := 0
		for _, e := range c.events {
			if e.Kind == event.Started && e.Planned && len(e.Argv) > 0 && e.Argv[0] == "id" {
				planned++
			}
		}
		c.mu.Unlock()
		if planned != 1 {
			t.Errorf("%d planned starts of id, want 1", planned)
		}
		line := c.opened("sh", "\n# ", "\r# ", "\n$ ", "\r$ ")
		c.write("f", "id\n")
		c.typed(". ./\"$(ls | grep -x f)\"\r")
		c.decide(c.heldAtPrompt(". ./\"$(ls | grep -x f)\""), event.Allow)
		c.decide(c.heldStart("id"), event.Deny)
		c.screenHas("escort: denied")
		c.typed("exit\r")
		c.decide(c.heldAtPrompt("exit"), event.Allow)
		c.finished(line)
	})
}

func TestAScriptIsOpenedAndItsStartsAreMatched(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		script := filepath.Join(c.dir, "fix.sh")
		write := func(text string) {
			if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		write("#!/bin/sh\nls > listing\nrm -rf sub\n")
		c.allow("mkdir sub")
		c.typed("sh fix.sh\r")
		e := c.held()
		if !e.Explanation.Risk.AtLeast(effect.High) || len(e.Explanation.Scripts) != 1 {
			t.Errorf("risk %s, %d scripts", e.Explanation.Risk, len(e.Explanation.Scripts))
		}
		// Changed after the card was shown: what is allowed is not what would run.
		write("#!/bin/sh\ntouch y\nrm -rf sub\n")
		c.decide(e, event.Allow)
		again := c.held()
		if again.Cause != event.CauseChanged {
			t.Errorf("the second hold has the cause %q", again.Cause)
		}
		if c.exists("y") || !c.exists("sub") {
			t.Error("the changed script ran unseen")
		}
		c.decide(again, event.Deny)
		c.prompt()
		c.allow("./fix.sh")
		if !c.exists("y") || c.exists("sub") {
			t.Error("the allowed script did not run as a whole")
		}
	})
}

func TestOnceTheHookIsGoneEveryStartIsHeld(t *testing.T) {
	c := open(t, nil)
	for _, line := range []string{
		"PROMPT_COMMAND=", "bind -r '\\C-m'", "exec 63>&-", "unset -f __escort_look", "trap 'touch y' DEBUG", "enable -n builtin",
		`bind -x '"\C-m": touch y'`, "bind '\"\\C-m\": accept-line'",
	} {
		c.typed(line + "\r")
		e := c.held()
		if e.Explanation.Risk != effect.Critical {
			t.Errorf("%s is %s, want critical", line, e.Explanation.Risk)
		}
		c.decide(e, event.Deny)
		c.prompt()
	}
	c.typed("bind '\"\\C-m\": accept-line'\r")
	e := c.held()
	c.decide(e, event.Allow)
	c.finished(e)
	c.typed("touch y\r")
	c.surprise("touch y")
	if c.exists("y") {
		t.Error("a start ran without the hook")
	}
}

func TestRecordLostStopsEverything(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		c.typed("touch x\r")
		e := c.held()
		ledger := filepath.Join(c.s.Dir(), record.LedgerFile)
		if err := os.Rename(ledger, ledger+".away"); err != nil {
			t.Fatal(err)
		}
		c.until("the freeze", c.happened(event.Frozen, ""))
		if err := c.s.Decide(t.Context(), event.Decision{Hold: e.Hold, Verdict: event.Allow, Word: e.Word}); err == nil {
			t.Error("allowed without a record")
		}
		if c.exists("x") {
			t.Error("it ran without a record")
		}
		if err := os.Rename(ledger+".away", ledger); err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhatIsTypedWithoutEchoIsNowhere(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		c.typed("read -s p; echo read-${#p}\r")
		line := c.held()
		c.decide(line, event.Allow)
		c.until("read -s", func() bool {
			tio, err := unix.IoctlGetTermios(int(c.s.slave.Fd()), unix.TCGETS)
			return err == nil && tio.Lflag&unix.ECHO == 0 && tio.Lflag&unix.ICANON != 0
		})
		c.typed("correct-horse\r")
		c.finished(line)
		c.screenHas("read-13")
		if err := c.s.End(t.Context()); err != nil {
			t.Fatal(err)
		}
		found := false
		err := filepath.WalkDir(filepath.Dir(c.s.Dir()), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			found = found || bytes.Contains(text, []byte("read-13"))
			if bytes.Contains(text, []byte("correct-horse")) {
				t.Errorf("%s has what was typed without echo", path)
			}
			return err
		})
		if err != nil || !found {
			t.Errorf("the record was not looked through: %v", err)
		}
	})
}
