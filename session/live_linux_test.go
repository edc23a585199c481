package session

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"escort/session/child"
	"escort/session/event"
	"escort/session/record"
	"escort/session/screen"
)

func TestMain(m *testing.M) {
	if child.Main() {
		return
	}
	os.Exit(m.Run())
}

// console is a person at a session under test: it follows the events, and
// decides holds as it is told.
type console struct {
	t       testing.TB
	s       *Session
	dir     string
	mu      sync.Mutex
	events  []event.Event
	out     bytes.Buffer
	changed chan struct{}
}

func open(t testing.TB, change func(*Config)) *console {
	t.Helper()
	c := opens(t, change)
	c.prompt()
	return c
}

// opens is open without waiting for a prompt.
func opens(t testing.TB, change func(*Config)) *console {
	t.Helper()
	dir := t.TempDir()
	conf := Config{
		Shell: "bash", Cols: 80, Rows: 24, StateRoot: filepath.Join(dir, "state"), Dir: filepath.Join(dir, "work"),
		Env:  []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "LANG=C.UTF-8"},
		User: "ravi", Who: "erin", Host: "test", Version: "test",
	}
	if err := os.Mkdir(conf.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&conf)
	}
	if _, err := exec.LookPath(conf.Shell); err != nil {
		t.Skip(conf.Shell + " is missing")
	}
	s, err := Start(t.Context(), conf)
	if err != nil {
		t.Fatal(err)
	}
	c := &console{t: t, s: s, dir: conf.Dir, changed: make(chan struct{}, 1)}
	events, err := s.Events(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		for e := range events {
			c.mu.Lock()
			c.events = append(c.events, e)
			c.out.Write(e.Data)
			c.mu.Unlock()
			select {
			case c.changed <- struct{}{}:
			default:
			}
		}
	}()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := s.End(ctx); err != nil {
			t.Errorf("end: %v", err)
		}
		<-followed
		r, err := record.Verify(s.Dir())
		if err != nil || len(r.Problems) > 0 {
			t.Errorf("the record does not verify: %v %v", err, r.Problems)
		}
	})
	return c
}

// until waits for a condition over everything that happened.
func (c *console) until(what string, ok func() bool) {
	c.t.Helper()
	c.patient(what, 15*time.Second, ok)
}

// patient is until with a time of its own.
func (c *console) patient(what string, most time.Duration, ok func() bool) {
	c.t.Helper()
	deadline := time.After(most)
	for {
		c.mu.Lock()
		done := ok()
		c.mu.Unlock()
		if done {
			return
		}
		select {
		case <-c.changed:
		case <-time.After(20 * time.Millisecond):
		case <-deadline:
			c.mu.Lock()
			defer c.mu.Unlock()
			for _, e := range c.events {
				if e.Kind != event.Output {
					c.t.Logf("%d %s %s %s typed=%q actual=%q argv=%q planned=%v reason=%q", e.Seq, e.Kind, e.Hold, e.Cause, e.Typed, e.Actual, e.Argv, e.Planned, e.Reason)
				}
			}
			screen := c.out.String()
			c.t.Fatalf("waited in vain for %s; the screen had %q", what, screen[max(0, len(screen)-2000):])
		}
	}
}

// has is whether an event came of which something holds. Needs mu, as in until.
func (c *console) has(ok func(event.Event) bool) func() bool {
	return func() bool { return slices.ContainsFunc(c.events, ok) }
}

// happened is whether an event of a kind came, and about a hold where one is
// named. Needs mu.
func (c *console) happened(kind, hold string) func() bool {
	return c.has(func(e event.Event) bool { return e.Kind == kind && (hold == "" || e.Hold == hold) })
}

// prompt waits until the shell waits for a line.
func (c *console) prompt() {
	c.t.Helper()
	c.until("the prompt", func() bool {
		return atPrompt.Match(c.out.Bytes())
	})
}

// atPrompt is how the output ends while a shell waits for a line.
var atPrompt = regexp.MustCompile(`[#$] (?:\x1b\[K|\x1b\[\?2004h)*$`)

// inShells runs a test once for each shell with a line view.
func inShells(t *testing.T, test func(*testing.T, func(*Config))) {
	for _, shell := range []string{"bash", "zsh"} {
		t.Run(shell, func(t *testing.T) { test(t, func(c *Config) { c.Shell = shell }) })
	}
}

func (c *console) typed(text string) {
	c.t.Helper()
	if err := c.s.Input([]byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

// openHolds returns the holds that nobody has answered. Needs mu.
func (c *console) openHolds() []event.Event {
	var out []event.Event
	gone := map[string]bool{}
	for _, e := range c.events {
		if e.Kind == event.Decided || e.Kind == event.Withdrawn {
			gone[e.Hold] = true
		}
	}
	for _, e := range c.events {
		if e.Kind == event.Held && !gone[e.Hold] {
			out = append(out, e)
		}
	}
	return out
}

// held waits for a hold and returns it.
func (c *console) held() event.Event {
	c.t.Helper()
	var e event.Event
	c.until("a hold", func() bool {
		open := c.openHolds()
		if len(open) > 0 {
			e = open[0]
		}
		return len(open) > 0
	})
	return e
}

func (c *console) decide(e event.Event, verdict string) {
	c.t.Helper()
	d := event.Decision{Hold: e.Hold, Verdict: verdict, Word: e.Word}
	if err := c.s.Decide(c.t.Context(), d); err != nil {
		c.t.Fatalf("%s %s: %v", verdict, e.Hold, err)
	}
	c.until("the decision", c.happened(event.Decided, e.Hold))
}

// allow enters a line, allows it, and everything that it causes, and waits for
// the prompt.
func (c *console) allow(line string) {
	c.t.Helper()
	c.typed(line + "\r")
	e := c.held()
	c.decide(e, event.Allow)
	c.finished(e)
}

func (c *console) finished(e event.Event) {
	c.t.Helper()
	c.until("the end of the line", c.happened(event.Finished, e.Hold))
	c.prompt()
}

func (c *console) deny(line string) event.Event {
	c.t.Helper()
	c.typed(line + "\r")
	e := c.held()
	c.decide(e, event.Deny)
	c.prompt()
	return e
}

func (c *console) exists(name string) bool {
	_, err := os.Stat(filepath.Join(c.dir, name))
	return err == nil
}

func TestNothingRunsBeforeAnAllow(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		for _, line := range []string{
			"touch x; ls x", "echo hi > x", "cd .. && touch work/x", "for i in 1 2; do touch x; done", " touch x",
			"cat > x <<E\rhi\rE", "{ :; } > x", "touch x &", "exec touch x", "(touch x)", ": $(touch x)",
		} {
			e := c.deny(line)
			if c.exists("x") {
				t.Fatalf("%q ran although it was denied", line)
			}
			if want := strings.ReplaceAll(line, "\r", "\n"); e.Typed != want {
				t.Errorf("the hold shows %q, want %q", e.Typed, want)
			}
		}
		c.allow("touch x; ls x")
		if !c.exists("x") {
			t.Error("an allowed line did not run")
		}
	})
}

func TestPlannedStartsRunAndAreRecorded(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		c.allow("touch x; ls x | cat")
		var argv []string
		c.mu.Lock()
		for _, e := range c.events {
			if e.Kind == event.Started && e.Planned && e.Hold != "" {
				argv = append(argv, e.Argv[0])
			}
		}
		c.mu.Unlock()
		if len(argv) != 3 || argv[0] != "touch" {
			t.Errorf("recorded starts: %q", argv)
		}
	})
}

func TestFunctionsAndReplacedBuiltins(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		c.allow("mkdir sub")
		c.allow("f() { rm -rf sub; }")
		c.deny("f")
		if !c.exists("sub") {
			t.Fatal("the function ran although it was denied")
		}
		c.allow("printf() { touch z; }")
		c.deny("echo two")
		c.allow("echo three")
		if c.exists("z") {
			t.Error("a replaced builtin ran")
		}
	})
}

func TestWhatANestedShellStartsIsHeld(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		line := c.opened("sh", "\n# ", "\r# ", "\n$ ", "\r$ ")
		c.write("f", "touch y\n")
		c.typed(". ./\"$(ls | grep -x f)\"\r") // which starts what its text does not say
		c.decide(c.heldAtPrompt(". ./\"$(ls | grep -x f)\""), event.Allow)
		e := c.heldStart("touch y")
		if e.Cause != event.CauseSurprise {
			t.Errorf("held for %s", e.Cause)
		}
		c.decide(e, event.Deny)
		c.until("the denial", func() bool { return bytes.Contains(c.out.Bytes(), []byte("escort: denied")) })
		if c.exists("y") {
			t.Error("a denied start ran")
		}
		c.typed("exit\r")
		c.decide(c.heldAtPrompt("exit"), event.Allow)
		c.finished(line)
	})
}

func TestBackgroundStartAfterThePromptIsHeld(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		c.allow(`sh -c 'while ! [ -s go ]; do :; done; . ./go' &`)
		c.allow("echo touch y > go")
		e := c.held()
		if e.Cause != event.CauseBackground || e.Actual != "touch y" {
			t.Errorf("held %s %q", e.Cause, e.Actual)
		}
		c.decide(e, event.Deny)
		if c.exists("y") {
			t.Error("a denied start ran")
		}
	})
}

func TestCtrlCTakesALineBack(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		c.typed("touch x\r")
		e := c.held()
		c.typed("\x03")
		c.until("the withdrawal", c.happened(event.Withdrawn, e.Hold))
		if err := c.s.Decide(t.Context(), event.Decision{Hold: e.Hold, Verdict: event.Allow}); err != event.ErrDecided {
			t.Errorf("deciding what was taken back: %v", err)
		}
		c.prompt()
		c.allow("true")
		if c.exists("x") {
			t.Error("a line that was taken back ran")
		}
	})
}

func TestFreezeStopsEverythingAndRefusesToAllow(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		c.allow("while :; do :; done &")
		if err := c.s.Freeze(t.Context(), true); err != nil {
			t.Fatal(err)
		}
		if err := c.s.Freeze(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		c.typed("true\r")
		e := c.held()
		if err := c.s.Freeze(t.Context(), true); err != nil {
			t.Fatal(err)
		}
		if err := c.s.Decide(t.Context(), event.Decision{Hold: e.Hold, Verdict: event.Allow}); err != event.ErrFrozen {
			t.Errorf("allowing while frozen: %v", err)
		}
		if err := c.s.Freeze(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		c.decide(e, event.Allow)
		c.finished(e)
	})
}

func TestTheSecondAnswerIsRefused(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		e := c.deny("true")
		if err := c.s.Decide(t.Context(), event.Decision{Hold: e.Hold, Verdict: event.Allow}); err != event.ErrDecided {
			t.Errorf("second answer: %v", err)
		}
		if err := c.s.Decide(t.Context(), event.Decision{Hold: "h99", Verdict: event.Allow}); err != event.ErrNoHold {
			t.Errorf("unknown hold: %v", err)
		}
	})
}

func TestEndKillsTheTree(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		c.allow("(setsid sleep 1000 &) ; sleep 1000 & while :; do :; done &")
		if err := c.s.End(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := c.s.process.Err(); err != nil {
			t.Error(err)
		}
		if s, err := c.s.process.Kill(t.Context()); len(s) > 0 {
			t.Errorf("survivors %v, %v", s, err)
		}
	})
}

func TestAMessageStandsAboveTheHeldLine(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		c.typed("true\r")
		e := c.held()
		c.until("the held line", func() bool { return bytes.HasSuffix(c.out.Bytes(), []byte("held: waiting for the escort")) })
		if err := c.s.Tell(t.Context(), "why now?"); err != nil {
			t.Fatal(err)
		}
		c.until("the message", func() bool { return bytes.Count(c.out.Bytes(), []byte("held: waiting for the escort")) == 2 })
		c.decide(e, event.Allow)
		c.finished(e)
		scr := screen.New(80, 24, 0)
		c.mu.Lock()
		_, _ = scr.Write(c.out.Bytes())
		c.mu.Unlock()
		text := strings.Join(scr.Text(), "\n")
		if !strings.Contains(text, "escort says: why now?\n") || strings.Contains(text, "held:") {
			t.Errorf("the screen is\n%s", text)
		}
	})
}
