package session

import (
	"testing"

	"escort/explain/effect"
	"escort/session/event"
)

// last is the last event that says whether the line view is lost, empty if
// there was none. Needs mu.
func (c *console) lastOfView() (last event.Event) {
	for _, e := range c.events {
		if (e.Kind == event.Lost || e.Kind == event.Regained) && e.Layer == event.LayerLine {
			last = e
		}
	}
	return last
}

func (c *console) view(kind, reason string) {
	c.t.Helper()
	c.until("the line view is "+kind+": "+reason, func() bool {
		e := c.lastOfView()
		return e.Kind == kind && e.Reason == reason
	})
}

func TestAnAllowedChangeOfTheHookIsToldForGood(t *testing.T) {
	inShells(t, func(t *testing.T, in func(*Config)) {
		c := open(t, in)
		c.allow("true")
		c.allow("__escort_x=1")
		c.view(event.Lost, "a line was allowed that may change it")
		c.allow("true")
		c.view(event.Lost, "a line was allowed that may change it")
	})
}

// What nobody could see in advance is seen from what comes after it.
func TestALineViewThatGoesAwayUnseenIsTold(t *testing.T) {
	for _, tt := range []struct {
		in         func(*Config)
		text, next string
		want       string
	}{
		{inZsh, "precmd_functions=() preexec_functions=(); zle -D zle-line-finish; zle -A .accept-line accept-line", ":\r", "the shell takes keys without the line view"},
		{inZsh, "bindkey '^M' .accept-line", ":\r", "a line was not asked about at Enter, only when it left the editor"},
		{nil, `bind '"\C-m": accept-line'`, ":\r", "a line ran that was not shown"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			c := open(t, tt.in)
			c.write("f", tt.text+"\n")
			c.typed(`eval "$(sort f)"` + "\r")
			e := c.held()
			for _, f := range e.Explanation.Findings {
				if f.ID == "supervision-attacked" {
					t.Fatalf("the card knows: %s", f.Text)
				}
			}
			if e.Explanation.Risk != effect.High {
				t.Errorf("what is not known is %s, want high", e.Explanation.Risk)
			}
			c.decide(e, event.Allow)
			c.prompt()
			c.typed(tt.next)
			if tt.want == "a line was not asked about at Enter, only when it left the editor" {
				c.decide(c.held(), event.Allow)
			}
			c.view(event.Lost, tt.want)
		})
	}
}

// A builtin that reads keys is not a loss that stays.
func TestTheLineViewComesBack(t *testing.T) {
	c := open(t, nil)
	c.typed("read -n 1 x\r")
	e := c.held()
	c.decide(e, event.Allow)
	c.view(event.Lost, "the shell takes keys without the line view")
	c.typed("y")
	c.finished(e)
	c.view(event.Regained, "")
	c.allow("true")
	c.view(event.Regained, "")
}
