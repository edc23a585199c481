package session

import (
	"bytes"
	"os"
	"testing"

	"escort/explain/effect"
	"escort/session/event"
)

func inZsh(c *Config) { c.Shell = "zsh" }

// What only zsh does with a line: either that stands on the card, or it does
// not happen.
func TestWhatTheCardShowsIsWhatZshRuns(t *testing.T) {
	for _, tt := range []struct {
		why   string
		lines []string
	}{
		{"a return is a letter", []string{"echo a \\\x16\r\x16\n: > y"}},
		{"a return before # makes it no comment", []string{"echo a\x16\r#; >y"}},
		{"a comment is one", []string{"echo a #; >y"}},
		{"history is expanded behind the look", []string{"print -s '>y'", "echo a; !! ; !-1"}},
		{"a reserved word can be an alias", []string{"alias if='>y;if'", "if true; then :; fi"}},
		{"export can be an alias", []string{"alias export='>y;export'", "export A=b"}},
		{"export can be a function", []string{"function export { >y }", "export A=b"}},
		{"a table defines an alias", []string{"aliases[true]='>y'", "true"}},
		{"a table defines a function", []string{"functions[true]='>y'", "true"}},
		{"global aliases", []string{"alias -g a='; >y'", "echo a"}},
		{"global aliases by their table", []string{"galiases[a]='; >y'", "echo a"}},
		{"suffix aliases", []string{"alias -s q='>y;:'", "x.q"}},
		{"a glob qualifier runs code", []string{"echo *(e:'>y':)"}},
		{"a glob qualifier runs a function", []string{"f() { >y }", "echo *(+f)"}},
		{"a flag expands a variable again", []string{"x='$(>y)'", "echo ${(e)x}"}},
		{"a flag names another variable", []string{"x='a[$(>y)]'; a=1", "echo ${(P)x}"}},
		{"signals run functions", []string{"TRAPUSR1() { >y }", "true"}},
		{"a hook before each prompt", []string{"f() { >y }", "precmd_functions+=(f)", "true"}},
		{"the same, by its function", []string{"precmd() { >y }", "true"}},
		{"a hook before each line", []string{"preexec() { >y }", "true"}},
		{"a hook at each cd", []string{"chpwd() { >y }", "cd ."}},
		{"a command that is not found", []string{"command_not_found_handler() { >y }", "nosuchcommand"}},
		{"keys that type a line", []string{"bindkey -s '^T' '>y^M'", "true"}},
		{"numbers evaluate", []string{"integer n", "n='a[$(>y)]'"}},
		{"let evaluates its words", []string{"let 'a[$(>y)]=1'"}},
		{"a number in a test is evaluated", []string{"[[ 'a[$(>y)]' -eq 0 ]]"}},
		{"fc runs an old line again", []string{"print -s '>y'", "fc -e - -1"}},
		{"r runs an old line again", []string{"print -s '>y'", "r"}},
		{"a prompt expands", []string{"setopt prompt_subst; PS1='$(>y)# '", "true"}},
		{"mail is announced with expansion", []string{"MAILCHECK=1; mailpath=('/etc/passwd?$(>y)')", "true"}},
		{"echo reads escapes", []string{`echo 'true #\n>y' | sh`}},
		{"always", []string{"{ : } always { >y }"}},
		{"short loops", []string{"for i in 1; >y"}},
		{"the shell is told to read as another", []string{"emulate sh", "x='; >y'; eval echo $x"}},
		{"the editor runs what it is given", []string{"print -z '>y'", "\x15true"}},
		{"a widget runs at a key", []string{"w() { >y }; zle -N w; bindkey '^T' w", "\x14\x15true"}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			c := open(t, inZsh)
			for _, line := range tt.lines {
				if c.exists("y") { // set up by a line whose card said so
					return
				}
				c.allowHonest(line)
			}
		})
	}
}

// allowHonest is allowKnown, except that a line whose card already said that it
// cannot tell, or worse, is denied: nothing it sets up may be there afterwards.
func (c *console) allowHonest(line string) {
	c.t.Helper()
	c.typed(line + "\r")
	e := c.held()
	if shows(e) {
		c.decide(e, event.Deny)
		c.prompt()
		return
	}
	c.decide(e, event.Allow)
	c.denyRest(e)
	if c.exists("y") {
		c.t.Fatalf("%q wrote y; the card said %s, %q", line, e.Explanation.Risk, e.Explanation.Headline)
	}
}

// Keys alone must not run anything: what is typed is shown at Enter.
func TestKeysAloneRunNothingInZsh(t *testing.T) {
	c := open(t, inZsh)
	for _, keys := range []string{
		"echo $(>y)/\t", "echo `>y`/\t", "echo ${a[$(>y)]}/\t", "echo =(>y)\t", "echo *(e:'>y':)\t", "echo $(>y)\x04", // completes
		"echo $(>y)\x18*", "echo $(>y)\x07g", "echo $(>y)\x18g", // expands
		">y\x1bh", ">y\x1b?", ">y\x1bx.accept-line\r", ">y\x1b#", // accepts
	} {
		c.typed(keys + "\x07\x05\x15true\r")
		e := c.held()
		if e.Typed != "true" && shows(e) {
			c.decide(e, event.Deny) // asked about, and shown as what it is
			c.prompt()
			continue
		}
		if e.Typed != "true" {
			t.Errorf("after %q the hold shows %q", keys, e.Typed)
		}
		c.decide(e, event.Deny)
		c.prompt()
		if c.exists("y") {
			t.Fatalf("%q ran", keys)
		}
	}
}

// deniesAtEnter types keys, checks what is held for them and denies it.
func (c *console) deniesAtEnter(keys, want string) {
	c.t.Helper()
	c.typed(keys)
	e := c.held()
	if e.Typed != want {
		c.t.Errorf("%q: the hold shows %q, want %q", keys, e.Typed, want)
	}
	c.decide(e, event.Deny)
	c.prompt()
}

func TestEveryWayToAcceptIsAskedInZsh(t *testing.T) {
	c := open(t, inZsh)
	for _, accept := range []string{"\r", "\n", "\x0f", "\x1ba", "\x1bA"} {
		c.deniesAtEnter("\x15>y"+accept, ">y")
	}
	if c.exists("y") {
		t.Error("a denied line ran")
	}
	for _, line := range []string{"bindkey '^T' .accept-line", "w() { zle .accept-line; }; zle -N w; bindkey '^Y' w"} {
		c.allow(line)
	}
	for _, accept := range []string{"\x14", "\x19"} {
		c.deniesAtEnter(">y"+accept, ">y")
	}
	if c.exists("y") {
		t.Error("a denied line ran that another widget accepted")
	}
	c.typed("true\x14")
	e := c.held()
	c.decide(e, event.Allow)
	c.finished(e)
}

func TestTouchingTheHookOfZshIsCritical(t *testing.T) {
	c := open(t, inZsh)
	for _, line := range []string{
		"precmd_functions=()", "bindkey '^M' .accept-line", "bindkey -s '^M' x", "exec 63>&-", "unfunction __escort_finish", "zle -A .accept-line accept-line",
		"zle -D zle-line-finish", "zle-line-finish() { : }", "functions[builtin]=:", "disable builtin", "unsetopt zle", "set +o zle", "FUNCNEST=0", "zmodload -u zsh/zle",
		"TRAPDEBUG() { : }", "builtin() { : }",
	} {
		if e := c.deny(line); e.Explanation.Risk != effect.Critical {
			t.Errorf("%s is %s, want critical", line, e.Explanation.Risk)
		}
	}
	c.typed("zle -D zle-line-finish; zle -A .accept-line accept-line; precmd_functions=()\r")
	c.decide(c.held(), event.Allow)
	c.prompt()
	c.typed("touch y\r")
	c.surprise("touch y")
	if c.exists("y") {
		t.Error("a start ran without the hook")
	}
}

// Without a line view every start is held one by one, and the header says so.
func TestAnyOtherShellIsHeldByItsStarts(t *testing.T) {
	need(t, "dash")
	c := open(t, func(c *Config) { c.Shell = "dash" })
	if notes := c.s.notes; !bytes.Contains([]byte(notes[len(notes)-1]), []byte("line view lost")) {
		t.Errorf("the header says %q", notes)
	}
	c.typed("touch a; touch y; ls > b\r")
	for _, want := range []string{"touch a", "touch y", "ls"} {
		e := c.held()
		if e.Layer != event.LayerStart || e.Actual != want {
			t.Errorf("held %s %q, want the start of %q", e.Layer, e.Actual, want)
		}
		verdict := event.Allow
		if want == "touch y" {
			verdict = event.Deny
		}
		c.decide(e, verdict)
	}
	c.until("the end of the line", func() bool {
		b, err := os.ReadFile(c.dir + "/b")
		return err == nil && len(b) > 0
	})
	if !c.exists("a") || c.exists("y") {
		t.Error("the allowed start did not run, or the denied one did")
	}
}

// zsh tries a denied program again in the next folder of PATH: that is not
// another question.
func TestADeniedStartIsAskedAboutOnceInZsh(t *testing.T) {
	need(t, "touch")
	c := open(t, func(c *Config) {
		inZsh(c)
		c.Env[0] = "PATH=/usr/bin:/bin:/usr/bin:/bin"
	})
	c.typed("eval \"$(cat cmd)\"\r")
	c.write("cmd", "touch y")
	line := c.held()
	c.decide(line, event.Allow)
	c.surprise("touch y")
	c.finished(line)
	if c.exists("y") {
		t.Error("a denied start ran")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	again := 0
	for _, e := range c.events {
		if e.Kind == event.Finished && e.Hold == "" && e.PID != 0 {
			again++
		}
	}
	if again == 0 {
		t.Error("that it was tried again is not recorded")
	}
}
