package session

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"escort/explain/effect"
	"escort/session/event"
)

// The ways in which an engineer who knows the shell got something to run that
// no card had shown, while the escort allowed only what looked harmless. Each
// writes the file y: either that stands on the card, or it does not happen.

// shows reports whether the card of e says that y is written, or that it cannot
// tell.
func shows(e event.Event) bool {
	for _, x := range e.Explanation.Effects {
		if x.Object == "y" || strings.HasSuffix(x.Object, "/y") {
			return true
		}
	}
	return e.Explanation.Risk.AtLeast(effect.High)
}

// allowKnown allows a line and all that it causes, and fails if y came into
// being without having been shown.
func (c *console) allowKnown(line string, meanwhile ...func()) {
	c.t.Helper()
	c.typed(line + "\r")
	e := c.held()
	if c.exists("y") {
		c.t.Fatalf("%q ran before it was allowed", line)
	}
	shown := shows(e)
	c.decide(e, event.Allow)
	for _, do := range meanwhile {
		do()
	}
	c.denyRest(e)
	if !shown && c.exists("y") {
		c.t.Fatalf("%q wrote y; the card said %s, %q", line, e.Explanation.Risk, e.Explanation.Headline)
	}
}

// denyRest denies all that is held until the line of e has ended.
func (c *console) denyRest(e event.Event) {
	c.t.Helper()
	over := false
	for !over {
		c.until("the end of the line", func() bool {
			for _, x := range c.events {
				over = over || x.Kind == event.Finished && x.Hold == e.Hold
			}
			return over || len(c.openHolds()) > 0
		})
		c.mu.Lock()
		held := c.openHolds()
		c.mu.Unlock()
		for _, h := range held {
			c.decide(h, event.Deny)
		}
	}
	c.finished(e)
}

func (c *console) write(name, text string) {
	c.t.Helper()
	name = filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
		c.t.Fatal(err)
	}
}

func TestWhatTheCardShowsIsWhatTheShellRuns(t *testing.T) {
	const v = "\x16" // quotes the next key
	for _, tt := range []struct {
		why   string
		lines []string
	}{
		{"the shell takes a return for a letter: the backslash before it joins no lines", []string{"echo a \\" + v + "\r" + v + "\n: > y"}},
		{"a return before # makes it no comment", []string{"echo a" + v + "\r#; >y"}},
		{"any reserved word can be an alias", []string{"alias if='>y;if'", "if true; then :; fi"}},
		{"a brace can be an alias", []string{"alias {='>y;{'", "{ :; }"}},
		{"[ can be an alias", []string{"alias [='>y;['", "[ a = a ]"}},
		{"export can be an alias", []string{"alias export='>y;export'", "export A=b"}},
		{"export can be a function", []string{"function export { >y; }", "export A=b"}},
		{"[ can be a function, which the shell prints so that it cannot be read back", []string{"function [ { >y; }", "[ a = a ]"}},
		{"text in the index of an array runs: -v", []string{"[[ -v 'a[$(>y)]' ]]"}},
		{"text in the index of an array runs: numbers", []string{"[[ 'a[$(>y)]' -eq 0 ]]"}},
		{"numbers are looked up through variables", []string{"x=z; z='a[$(>y)]'; [[ x -gt 1 ]]"}},
		{"a variable that is a number evaluates what it is given", []string{"declare -i n", "n='a[$(>y)]'"}},
		{"declare evaluates a quoted index", []string{"declare 'a[$(>y)]=1'"}},
		{"declare expands a quoted list", []string{"declare -a 'a=($(>y))'"}},
		{"let evaluates its words", []string{"let 'a[$(>y)]=1'"}},
		{"mapfile calls back", []string{"echo x > f; mapfile -C '>y #' -c 1 a < f"}},
		{"compgen expands words", []string{"compgen -W '$(>y)' x"}},
		{"compgen runs a command", []string{"compgen -C '>y #' x"}},
		{"completion runs without Enter", []string{"f() { >y; }", "complete -F f ls", "ls \t\x01\vtrue"}},
		{"fc runs an old line again, even a denied one", []string{"history -s '>y'", "fc -s"}},
		{"fc runs what an editor leaves", []string{"history -s '>y'", "fc -e :"}},
		{"echo may come to read escapes", []string{"shopt -s xpg_echo", `echo 'true #\n>y' | sh`}},
		{"PROMPT_COMMAND by printf", []string{"printf -v PROMPT_COMMAND '>y'", "true"}},
		{"PROMPT_COMMAND by read", []string{"read PROMPT_COMMAND <<< '>y'", "true"}},
		{"PROMPT_COMMAND by a loop", []string{"for PROMPT_COMMAND in '>y'; do :; done", "true"}},
		{"PROMPT_COMMAND by another name", []string{"declare -n r=PROMPT_COMMAND; r='>y'", "true"}},
		{"PS0 is expanded before each line", []string{"printf -v PS0 %s '$(>y)'", "true"}},
		{"PS1 by another name", []string{"declare -n r=PS1; r='$(>y)'\"$PS1\"", "true"}},
		{"a file is written and then sourced by one line", []string{`echo ">y" > f`, "cp f g; . ./g"}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			c := open(t, nil)
			for _, line := range tt.lines {
				c.allowKnown(line)
			}
		})
	}
}

// Keys alone must not run anything: what is typed is shown at Enter.
func TestKeysAloneRunNothing(t *testing.T) {
	c := open(t, nil)
	for _, keys := range []string{
		"echo $((a[$(>y)]))/\t", "echo ${a[$(>y)]}/\t", "echo \"$(>y)/\t", "echo `>y`/\t", "echo $[a[$(>y)]]/\t", // completes
		"echo $((a[$(>y)]))/\x1b*", "echo ${a[$(>y)]}*\x18*", "echo ${a[$(>y)]}*\x1bg", "echo $(>y)\x1b\x05", // expands
		">y\x1b#", "\x1b-\x1b#", ">y\x18\x05", ">y\x0f", // accepts
		"\x18(>y\x18)\x18e", ">y\x18\x12", // macros, start file
	} {
		c.typed(keys + "\x07\x05\x15true\r")
		if e := c.held(); e.Typed != "true" {
			t.Errorf("after %q the hold shows %q", keys, e.Typed)
		}
		c.decide(c.held(), event.Deny)
		c.prompt()
		if c.exists("y") {
			t.Fatalf("%q ran", keys)
		}
	}
}

// Where the shell's parser finds a line unfinished that ours found whole, the
// next one is read in a context that no card shows.
func TestTheRestOfALineIsNotShownAsAnother(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		c.allow("alias e='cat <<E'")
		c.typed("e\r")
		e := c.held()
		c.decide(e, event.Allow)
		c.screenHas("> ")
		c.typed("$(>y)\r")
		c.screenHas("the shell still reads an earlier line")
		c.typed("\x03")
		c.finished(e)
		if c.exists("y") {
			t.Error("the rest of the line ran")
		}
		c.allow("true")
	})
}

// Without its line editor the shell asks nobody any more.
func TestTheSessionEndsWithTheLineEditor(t *testing.T) {
	c := open(t, nil)
	c.typed("set +o emacs\r")
	c.decide(c.held(), event.Allow)
	c.typed(">y\r")
	c.until("the end of the session", func() bool {
		return len(c.events) > 0 && c.events[len(c.events)-1].Kind == event.Closed
	})
	if c.exists("y") {
		t.Error("a line ran unseen")
	}
	if !bytes.Contains(c.out.Bytes(), []byte("the line editor was switched off")) {
		t.Errorf("nobody was told why: %q", c.out.String())
	}
}

func TestScriptsAreThoseThatWereShown(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		for _, tt := range []struct{ why, setup, line string }{
			{"the line itself replaces it", "", "cp evil.sh f.sh; sh f.sh"},
			{"it is replaced while the line waits", "", "echo READY; read x; sh f.sh"},
			{"the same, by its own name", "", "echo READY; read x; ./f.sh"},
			{"cd goes where CDPATH says", "CDPATH=$PWD/other", "cd sub; sh f.sh"},
			{"the same, sourced", "CDPATH=$PWD/other", "cd sub; . ./f.sh"},
			{"a link before ..", "", "sh link/../f.sh"},
			{"the same, sourced", "", ". link/../f.sh"},
		} {
			t.Run(tt.why, func(t *testing.T) {
				c := open(t, in)
				harmless, evil := "#!/bin/sh\n: nothing\n", "#!/bin/sh\n: > "+c.dir+"/y\n"
				for _, name := range []string{"f.sh", "sub/f.sh"} {
					c.write(name, harmless)
				}
				for _, name := range []string{"evil.sh", "other/sub/f.sh", "deep/f.sh", "deep/dir/x"} {
					c.write(name, evil)
				}
				if err := os.Symlink("deep/dir", filepath.Join(c.dir, "link")); err != nil {
					t.Fatal(err)
				}
				if tt.setup != "" {
					c.allow(tt.setup)
				}
				c.allowKnown(tt.line, func() {
					if strings.Contains(tt.line, "read x") {
						c.until("the line's own output", func() bool { return ready.Match(c.out.Bytes()) })
						c.write("f.sh", evil)
						c.typed("go\n")
					}
				})
			})
		}
	})
}

// ready is output of a line, not the line as it was typed.
var ready = regexp.MustCompile(`[\r\n]READY\r\n`)
