package session

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"escort/explain"
	"escort/explain/effect"
	"escort/session/event"
	"escort/session/policy"
	"escort/session/record"
)

// under opens a session with the policy of a text, in which WORK is the folder
// that it works in.
func under(t *testing.T, text string, change ...func(*Config)) *console {
	t.Helper()
	return open(t, func(c *Config) {
		for _, f := range change {
			f(c)
		}
		file := filepath.Join(t.TempDir(), "policy.yaml")
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(text, "WORK", c.Dir)), 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := policy.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		c.Policy = p
	})
}

// python enters a line that runs a text as Python, and allows it. Nothing of
// the text is in the plan.
func (c *console) python(code string) event.Event {
	c.t.Helper()
	need(c.t, "/usr/bin/python3")
	if err := os.WriteFile(filepath.Join(c.dir, "code"), []byte(code), 0o600); err != nil {
		c.t.Fatal(err)
	}
	c.typed("/usr/bin/python3 -c 'exec(open(\"code\").read())'\r")
	line := c.held()
	c.decide(line, event.Allow)
	return line
}

// denial waits for how a hold was decided.
func (c *console) denial(e event.Event) (d event.Event) {
	c.t.Helper()
	c.until("the decision", func() bool {
		for _, x := range c.events {
			if x.Kind == event.Decided && x.Hold == e.Hold {
				d = x
			}
		}
		return d.Kind != ""
	})
	return d
}

// last is the last hold that there was. Needs mu.
func (c *console) last() (e event.Event) {
	for _, x := range c.events {
		if x.Kind == event.Held {
			e = x
		}
	}
	return e
}

// shown waits for a hold, whether or not it is decided by then.
func (c *console) shown(line string) (e event.Event) {
	c.t.Helper()
	c.typed(line + "\r")
	c.until("a hold", func() bool { e = c.last(); return e.Typed == line })
	return e
}

// alarm waits for words that the gate says.
func (c *console) alarm(text string) {
	c.t.Helper()
	c.until("the words "+text, func() bool {
		for _, e := range c.events {
			if e.Kind == event.Message && strings.Contains(e.Reason, text) {
				return true
			}
		}
		return false
	})
}

func TestPolicyWord(t *testing.T) {
	c := under(t, "thresholds: {word: low}\n")
	c.typed("touch x\r")
	e := c.held()
	if e.Word == "" || e.Explanation.Risk != effect.Low {
		t.Fatalf("held with the word %q at %s", e.Word, e.Explanation.Risk)
	}
	if err := c.s.Decide(t.Context(), event.Decision{Hold: e.Hold, Verdict: event.Allow}); err != event.ErrWord {
		t.Errorf("without the word: %v", err)
	}
	c.decide(e, event.Allow)
	c.finished(e)
	c = under(t, "thresholds: {word: critical}\n")
	c.typed("rm -rf /srv/none\r")
	if e := c.held(); e.Word != "" || e.Explanation.Risk != effect.High {
		t.Errorf("held with the word %q at %s", e.Word, e.Explanation.Risk)
	}
	c.decide(c.held(), event.Deny)
}

func TestPolicyEffect(t *testing.T) {
	const write = `open("y","w")`
	c := under(t, "never: []\n")
	c.finished(c.python(write))
	if !c.exists("y") {
		t.Fatal("a small change of one's own was stopped")
	}
	c = under(t, "thresholds: {effect: low}\n")
	line := c.python(write)
	e := c.held()
	if e.Layer != event.LayerEffect || e.Cause != event.CauseSurprise {
		t.Errorf("held %s %s", e.Layer, e.Cause)
	}
	c.decide(e, event.Deny)
	c.finished(line)
	if c.exists("y") {
		t.Error("a denied change was made")
	}
}

func TestPolicyWideEffect(t *testing.T) {
	const generic = `import socket; socket.socket(16,3,16)` // netlink(7), the generic family
	c := under(t, "never: []\n")
	c.finished(c.python(generic))
	c = under(t, "thresholds: {wide_effect: low}\n")
	line := c.python(generic)
	e := c.held()
	if e.Layer != event.LayerEffect || e.Effect.Scope != effect.ScopeKernel {
		t.Errorf("held %s, %+v", e.Layer, e.Effect)
	}
	c.decide(e, event.Deny)
	c.finished(line)
}

func TestPolicyNever(t *testing.T) {
	c := under(t, `
never:
  - path: WORK/kept
    because: another team's
  - program: /usr/bin/id
  - verb: listen
  - risk: critical
`)
	for line, why := range map[string]string{
		"touch kept":      "changes of " + c.dir + "/kept: another team's",
		"rm -rf *":        "changes of",
		"id -u":           "the program /usr/bin/id",
		"nc -l 8080":      "the effect listen",
		"rm -rf /var/lib": "what is rated critical",
	} {
		d := c.denial(c.shown(line))
		if d.Verdict != event.Deny || d.Who != event.Policy || !strings.Contains(d.Reason, why) {
			t.Errorf("%s: %s by %s: %q", line, d.Verdict, d.Who, d.Reason)
		}
		c.prompt()
	}
	c.finished(c.python(`open("kept","w")`))
	c.alarm("the policy never allows changes of " + c.dir + "/kept")
	c.finished(c.python(`import os; os.symlink(".","l"); open("l/kept","w")`))
	c.finished(c.python(`import os; os.rename("../work","../moved")`))
	c.finished(c.python(`import os; os.execv("/usr/bin/id",["ls"])`))
	c.alarm("the policy never allows the program /usr/bin/id")
	c.finished(c.python(`import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); s.listen()`))
	c.alarm("the policy never allows the effect listen")
	if c.exists("kept") || !c.exists("l") {
		t.Error("what is never allowed was done, or all is refused")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.events {
		if e.Kind == event.Held && e.Layer != event.LayerLine {
			t.Errorf("asked about %s %q %+v", e.Layer, e.Actual, e.Effect)
		}
	}
}

func TestPolicyAsk(t *testing.T) {
	c := under(t, "ask:\n  - path: WORK/kept\n")
	for _, verdict := range []string{event.Deny, event.Allow} {
		c.typed("for i in 1 2; do echo $i >> kept; done; echo hi > other\r")
		line := c.held()
		c.decide(line, event.Allow)
		e := c.held()
		if e.Layer != event.LayerEffect || e.Cause != event.CausePolicy || e.Effect.Object != c.dir+"/kept" {
			t.Errorf("held %s %s %+v", e.Layer, e.Cause, e.Effect)
		}
		c.decide(e, verdict)
		for more := true; more; { // the second round writes what the first has made
			c.until("the end", func() bool {
				more = len(c.openHolds()) > 0
				for _, x := range c.events {
					if x.Kind == event.Finished && x.Hold == line.Hold {
						return true
					}
				}
				return more
			})
			if more {
				c.decide(c.held(), verdict)
			}
		}
		c.finished(line)
		if c.exists("kept") != (verdict == event.Allow) || !c.exists("other") {
			t.Errorf("%s: kept %v, other %v", verdict, c.exists("kept"), c.exists("other"))
		}
	}
}

func TestPolicyHelpers(t *testing.T) {
	const start = `import subprocess; subprocess.run(["/usr/bin/id","-u"])`
	c := under(t, "never: []\n")
	line := c.python(start)
	c.surprise("/usr/bin/id")
	c.finished(line)
	c = under(t, "helpers:\n  - {parent: /usr/bin/python3, program: /usr/bin/id}\n  - {parent: /usr/bin/python3, program: WORK/id}\n")
	tool, err := os.ReadFile("/usr/bin/id")
	if err == nil {
		err = os.WriteFile(filepath.Join(c.dir, "id"), tool, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	c.finished(c.python(start))
	line = c.python(`import subprocess; subprocess.run(["/usr/bin/whoami"])`)
	c.surprise("whoami")
	c.finished(line)
	line = c.python(`import subprocess; subprocess.run(["./id","-u"])`) // which no package brought
	c.surprise("./id")
	c.finished(line)
	c.mu.Lock()
	defer c.mu.Unlock()
	noted := false
	for _, e := range c.events {
		noted = noted || e.Kind == event.Started && !e.Planned && strings.HasPrefix(e.Reason, "RELAXED by the policy below python3")
	}
	if !noted {
		t.Error("the relaxed start is not recorded as one")
	}
	if n := Notes(c.s.conf); len(n) == 0 || n[len(n)-1] != "RELAXED: 2 programs start unasked" {
		t.Errorf("the header says %q", n)
	}
}

func TestPolicyTimeouts(t *testing.T) {
	slow := func(ctx context.Context, r effect.Request) effect.Explanation {
		<-ctx.Done()
		return explain.Explain(context.WithoutCancel(ctx), r)
	}
	c := under(t, "timeouts: {explain: 100ms, hold: 1s}\n", func(c *Config) { c.explain = slow })
	begun := time.Now()
	e := c.shown("touch x")
	took := time.Since(begun)
	d := c.denial(e)
	if e.ExpiresMS != 1000 {
		t.Errorf("the hold says that it expires after %d ms", e.ExpiresMS)
	}
	if took > time.Second {
		t.Errorf("the explanation took %v", took)
	}
	if d.Verdict != event.Deny || d.Who != event.Policy || d.Reason != "nobody decided within 1s" {
		t.Errorf("%s by %s: %q", d.Verdict, d.Who, d.Reason)
	}
	c.prompt()
	if c.exists("x") {
		t.Error("a line that nobody decided about ran")
	}
}

func TestPolicyLimits(t *testing.T) {
	c := under(t, "limits: {line: 100B, cast: 64KiB}\n")
	c.typed("echo " + strings.Repeat("a", 200) + "\r")
	c.until("the denial", func() bool { return bytes.Contains(c.out.Bytes(), []byte("too long to be read")) })
	c.prompt()
	c.allow("seq 50000")
	if err := c.s.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	cast, err := os.ReadFile(filepath.Join(c.s.Dir(), record.CastFile))
	if err != nil || len(cast) > 80<<10 || !bytes.Contains(cast, []byte("output cut: ")) {
		t.Errorf("%d bytes, %v", len(cast), err)
	}
}

// TestPolicyIsRecordedAndGuarded reads the first line of the ledger and tries to
// change the policy from inside.
func TestPolicyIsRecordedAndGuarded(t *testing.T) {
	c := under(t, "never: []\n")
	rep, err := record.Verify(c.s.Dir())
	if err != nil || rep.Meta == nil || len(rep.Meta.Policy) != 1 {
		t.Fatalf("%+v, %v", rep, err)
	}
	got, want := rep.Meta.Policy[0], c.s.policy.Sources[0]
	if got != record.Policy(want) || len(got.SHA256) != 64 || filepath.Base(got.Name) != "policy.yaml" {
		t.Errorf("recorded %+v, want %+v", got, want)
	}
	c = open(t, nil)
	if rep, err := record.Verify(c.s.Dir()); err != nil || rep.Meta == nil || len(rep.Meta.Policy) != 1 || rep.Meta.Policy[0].Name != "built-in" {
		t.Errorf("%+v, %v", rep, err)
	}
	file := filepath.Join(t.TempDir(), "p.yaml")
	if err := os.WriteFile(file, []byte("never: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := policy.Load(policy.Places{Chosen: file})
	if err != nil {
		t.Fatal(err)
	}
	c = open(t, func(conf *Config) { conf.Policy = p })
	c.finished(c.python(`open("` + file + `","a").write("x")`))
	c.alarm("it is the supervision's own")
}
