package session

import (
	"slices"
	"strings"
	"testing"

	"escort/explain/effect"
	"escort/session/event"
)

// opened starts a program with its own prompt, waits for one of the prompts
// that it may have, and returns the hold of the line.
func (c *console) opened(line string, prompts ...string) event.Event {
	c.t.Helper()
	c.typed(line + "\r")
	e := c.held()
	c.decide(e, event.Allow)
	c.until("the prompt of "+line, func() bool {
		return c.happened(event.Started, e.Hold)() && slices.ContainsFunc(prompts, func(p string) bool { return strings.HasSuffix(c.out.String(), p) })
	})
	return e
}

// shows waits until the output ends with text.
func (c *console) shows(text string) {
	c.t.Helper()
	c.until("the screen to end with "+text, func() bool { return strings.HasSuffix(c.out.String(), text) })
}

// heldAtPrompt waits for the hold of a line for a program's own prompt.
func (c *console) heldAtPrompt(want string) event.Event {
	c.t.Helper()
	e := c.held()
	if e.Layer != event.LayerPrompt || e.Typed != want {
		c.t.Fatalf("held %s %q, want the line %q", e.Layer, e.Typed, want)
	}
	return e
}

// heldStart waits for the hold of a start, allows what else is asked before it.
func (c *console) heldStart(actual string) event.Event {
	c.t.Helper()
	for {
		e := c.held()
		if e.Layer == event.LayerStart && e.Actual == actual {
			return e
		}
		c.decide(e, event.Allow)
	}
}

func TestALineForAnotherPromptIsHeldAsItStandsOnTheScreen(t *testing.T) {
	for _, tt := range []struct {
		program, prompt string
		lines           []string // typed, and how it stands on the screen
		harmful         string
		history         bool // it is asked about the record that it keeps of what was typed
	}{
		{"bash --norc --noprofile", "$ ", []string{"echo one", "echo two"}, "rm -rf sub", false},
		{"dash", "$ ", []string{"echo one", "echo two"}, "rm -rf sub", false},
		{"/usr/bin/python3 -q", ">>> ", []string{"print(1)", "x = 2"}, "import os; os.system('rm -rf sub')", true},
	} {
		t.Run(tt.program, func(t *testing.T) {
			need(t, strings.Fields(tt.program)[0])
			c := open(t, func(c *Config) { c.Env = append(c.Env, "PS1=$ ", "TERM=dumb") })
			c.write("sub", "")
			c.opened("PS1='$ ' PYTHON_BASIC_REPL=1 "+tt.program, tt.prompt)
			for _, line := range tt.lines {
				c.typed(line + "\r")
				e := c.heldAtPrompt(line)
				c.decide(e, event.Allow)
				c.shows(tt.prompt)
			}
			c.typed(tt.harmful + "\r")
			e := c.heldAtPrompt(tt.harmful)
			if !e.Explanation.Risk.AtLeast(effect.High) {
				t.Errorf("%s is %s: %s", tt.harmful, e.Explanation.Risk, e.Explanation.Headline)
			}
			c.decide(e, event.Deny)
			c.screenHas("escort: denied")
			c.typed(tt.lines[0] + "\r") // nothing is left of the line before
			c.decide(c.heldAtPrompt(tt.lines[0]), event.Allow)
			c.shows(tt.prompt)
			if !c.exists("sub") {
				t.Error("a denied line ran")
			}
			c.typed("\x04")
			if tt.history {
				c.decide(c.held(), event.Deny)
			}
			c.prompt()
		})
	}
}

// What an allowed line was shown to start is started without another question;
// anything else is held.
func TestAnAllowedLineGrantsWhatItShowed(t *testing.T) {
	c := open(t, nil)
	c.opened("PS1='$ ' bash --norc --noprofile", "$ ")
	c.write("f", "touch c\n")
	c.typed("touch a\r")
	c.decide(c.heldAtPrompt("touch a"), event.Allow)
	c.until("the file", func() bool { return c.exists("a") })
	c.shows("$ ")
	c.typed("touch b; eval \"$(sort f)\"\r")
	c.decide(c.held(), event.Allow)
	c.until("b", func() bool { return c.exists("b") })
	e := c.held()
	if e.Layer != event.LayerStart {
		t.Errorf("held %s %q", e.Layer, e.Actual)
	}
	c.decide(e, event.Deny)
	if c.exists("c") {
		t.Error("a start ran that was not shown")
	}
}

// Keys that a program does not show are held as such.
func TestTextThatIsNotShownIsHeld(t *testing.T) {
	need(t, "dash")
	c := open(t, nil)
	c.opened("PS1='$ ' dash", "$ ")
	c.typed("stty -echo\r")
	c.decide(c.heldAtPrompt("stty -echo"), event.Allow)
	c.until("stty's end", func() bool { return strings.Count(c.out.String(), "$ ") > 2 && strings.HasSuffix(c.out.String(), "$ ") })
	c.typed("touch y\r")
	e := c.heldAtPrompt("")
	if e.Explanation.Risk != effect.Caution || !strings.Contains(e.Explanation.Headline, "not shown") {
		t.Errorf("%s: %s", e.Explanation.Risk, e.Explanation.Headline)
	}
	c.decide(e, event.Deny)
	c.screenHas("escort: denied")
	c.typed("\x04") // the end, for a line that is empty
	c.prompt()
	if c.exists("y") {
		t.Error("it ran")
	}
}

// What is typed before the program with the prompt runs does not reach it.
func TestWhatIsTypedAheadIsNotReadUnseen(t *testing.T) {
	need(t, "dash")
	c := open(t, nil)
	c.typed("sleep 1; PS1='$ ' dash\r")
	e := c.held()
	c.decide(e, event.Allow)
	c.until("sleep", c.happened(event.Started, e.Hold))
	c.typed(": > y\r")
	c.screenHas("thrown away")
	c.shows("$ ")
	c.typed("exit\r")
	c.decide(c.heldAtPrompt("exit"), event.Allow)
	c.finished(e)
	if c.exists("y") {
		t.Error("a line ran that was typed ahead")
	}
}

func TestCtrlCTakesALineForAnotherPromptBack(t *testing.T) {
	need(t, "dash")
	c := open(t, nil)
	c.opened("PS1='$ ' dash", "$ ")
	c.typed(": > y\r")
	e := c.heldAtPrompt(": > y")
	c.typed("\x03")
	c.until("the hold to go away", c.happened(event.Withdrawn, e.Hold))
	c.shows("$ ")
	c.typed("exit\r")
	c.decide(c.heldAtPrompt("exit"), event.Allow)
	c.prompt()
	if c.exists("y") {
		t.Error("it ran")
	}
}
