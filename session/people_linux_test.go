package session

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"escort/session/child"

	"escort/session/event"
)

// decided sends a decision by name.
func (c *console) says(e event.Event, who, verdict string) error {
	return c.s.Decide(c.t.Context(), event.Decision{Hold: e.Hold, Verdict: verdict, Word: e.Word, Who: who})
}

func TestTwoEscortsForTheWorst(t *testing.T) {
	c := open(t, func(conf *Config) { conf.Attended = true })
	eva, tom := c.s.Join("eva"), c.s.Join("tom")
	c.typed("rm -rf /\r")
	e := c.held()
	if err := c.says(e, "eva", event.Allow); err != nil {
		t.Fatal(err)
	}
	c.until("the first escort's word", c.happened(event.Agreed, e.Hold))
	if err := c.says(e, "eva", event.Allow); !errors.Is(err, event.ErrSecond) {
		t.Errorf("the same escort a second time: %v", err)
	}
	if c.happened(event.Decided, e.Hold)() {
		t.Fatal("one escort was enough")
	}
	if err := c.says(e, "tom", event.Deny); err != nil {
		t.Fatal(err)
	}
	c.prompt()

	// What is not among the worst takes one.
	c.typed("touch x\r")
	e = c.held()
	if err := c.says(e, "tom", event.Allow); err != nil {
		t.Fatal(err)
	}
	c.finished(e)

	// One who is alone decides alone.
	tom("")
	c.typed("touch y; bash -i >& /dev/tcp/127.0.0.1/9 0>&1\r")
	e = c.held()
	if err := c.says(e, "eva", event.Allow); err != nil {
		t.Fatal(err)
	}
	c.until("what it does", func() bool { return c.exists("y") })
	eva("the line dropped")
	eva("twice says it once")
	c.until("that she went", c.has(func(e event.Event) bool {
		return e.Kind == event.Left && e.Who == "eva" && e.Reason == "the line dropped"
	}))
}

func TestSecondEscortAllows(t *testing.T) {
	c := open(t, func(conf *Config) { conf.Attended = true })
	c.s.Join("eva")
	c.s.Join("tom")
	c.typed("touch x; bash -i >& /dev/tcp/127.0.0.1/9 0>&1\r")
	e := c.held()
	if e.Explanation.Risk != "critical" {
		t.Fatalf("the line is %s", e.Explanation.Risk)
	}
	for _, who := range []string{"eva", "tom"} {
		if c.exists("x") {
			t.Fatal("it ran before the second escort allowed it")
		}
		if err := c.says(e, who, event.Allow); err != nil {
			t.Fatal(err)
		}
	}
	c.until("the decision", c.has(func(e event.Event) bool { return e.Kind == event.Decided && e.Who == "eva and tom" }))
	c.until("what it does", func() bool { return c.exists("x") })
	if err := c.s.EndFor(t.Context(), "tested"); err != nil {
		t.Fatal(err)
	}
}

// command runs one command as a session.
func command(t *testing.T, words ...string) *console {
	t.Helper()
	c := opens(t, func(conf *Config) { conf.Attended, conf.Command = true, words })
	c.s.Join("eva")
	return c
}

func TestCommandIsHeldItself(t *testing.T) {
	c := command(t, "sh", "-c", "touch x; ls; exit 7")
	e := c.held()
	if e.Layer != event.LayerLine || e.Cause != event.CauseTyped || !strings.Contains(e.Typed, "touch x") || e.Explanation.Headline == "" {
		t.Errorf("held as %s, %s, %q", e.Layer, e.Cause, e.Typed)
	}
	if c.exists("x") {
		t.Fatal("it ran before it was allowed")
	}
	if err := c.says(e, "eva", event.Allow); err != nil {
		t.Fatal(err)
	}
	status, err := c.s.Wait()
	if status != 7 || err != nil || !c.exists("x") {
		t.Errorf("it ended with %d, %v", status, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.openHolds()); n > 0 {
		t.Errorf("%d holds beside the command's own", n)
	}
}

func TestDeniedCommand(t *testing.T) {
	c := command(t, "touch", "x")
	if err := c.says(c.held(), "eva", event.Deny); err != nil {
		t.Fatal(err)
	}
	if _, err := c.s.Wait(); !errors.Is(err, ErrDenied) || c.exists("x") {
		t.Errorf("it ended with %v", err)
	}
}

func TestWhatACommandStartsUnplannedIsHeld(t *testing.T) {
	c := command(t, "sh", "-c", `. ./"$(ls | grep -x f)"`)
	c.write("f", "touch x\n")
	c.decide(c.held(), event.Allow)
	c.decide(c.heldStart("touch x"), event.Deny)
	if _, err := c.s.Wait(); err != nil || c.exists("x") {
		t.Errorf("%v", err)
	}
}

// A session of another account is that account's, and nobody else's: neither
// its capabilities nor its groups are the supervisor's.
func TestSessionOfAnotherAccount(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root, to give an account up")
	}
	inShells(t, func(t *testing.T, in func(*Config)) {
		base, err := os.MkdirTemp("", "account")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(base) })
		home := filepath.Join(base, "home")
		if err := errors.Join(os.Chmod(base, 0o755), os.Mkdir(home, 0o700), os.Chown(home, 65534, 65534)); err != nil {
			t.Fatal(err)
		}
		c := open(t, func(conf *Config) {
			in(conf)
			conf.Account, conf.StartDir, conf.Dir = &child.Account{UID: 65534, GID: 65534, Groups: []int{65534}}, base, home
			conf.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "USER=nobody", "LANG=C.UTF-8"}
			conf.User = "nobody"
		})
		c.allow("id -u > me; id -G >> me; grep Cap /proc/self/status >> me; tty >> me; test -w $(tty) && echo mine >> me")
		got, err := os.ReadFile(filepath.Join(home, "me"))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"65534\n65534\n", "CapEff:\t0000000000000000", "CapPrm:\t0000000000000000", "/dev/pts/", "mine"} {
			if !strings.Contains(string(got), want) {
				t.Errorf("%q is not in %s", want, got)
			}
		}
		info, err := os.Stat(filepath.Join(home, "me"))
		if err != nil || info.Sys().(*syscall.Stat_t).Uid != 65534 {
			t.Errorf("the file is %+v, %v", info, err)
		}
		c.allow("cat /etc/shadow > stolen; ls")
		if b, _ := os.ReadFile(filepath.Join(home, "stolen")); len(b) > 0 {
			t.Error("it read what the account may not read")
		}
		if left, _ := filepath.Glob(filepath.Join(base, "start-*")); len(left) > 0 {
			t.Errorf("%v is left", left)
		}
	})
}
