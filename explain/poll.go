package explain

import (
	"slices"
	"strings"

	"escort/explain/shell"
)

// byFile reports that c reads its commands from a file, a pipe with a name as a
// rule, into which a line to another machine writes.
func (w *wiring) byFile(c *shell.Command, made []*step) bool {
	return slices.ContainsFunc(c.Redirs, func(in shell.Redir) bool {
		return (in.Op == "<" || in.Op == "<>") && in.Target.Known && slices.ContainsFunc(w.p.Commands, func(o *shell.Command) bool {
			i := slices.Index(w.p.Commands, o)
			return o != c && made[i] != nil && made[i].talks() && slices.ContainsFunc(o.Redirs, func(out shell.Redir) bool {
				return strings.HasPrefix(out.Op, ">") && out.Target.Known && out.Target.Value == in.Target.Value
			})
		})
	})
}

// waits are what a loop does that asks again and again.
var waits = map[string]bool{"sleep": true, "read": true, "true": true, ":": true, "usleep": true}

// lookups are programs whose answers others can write.
var lookups = map[string]bool{"dig": true, "host": true, "nslookup": true, "drill": true, "kdig": true, "redis-cli": true, "mosquitto_sub": true}

// polls reports a loop that asks another machine for commands and runs them:
// whoever answers can type commands here, one at a time.
func (w *wiring) polls(c *shell.Command, s *step, made []*step) bool {
	if !c.Loop || !slices.ContainsFunc(w.p.Commands, func(o *shell.Command) bool {
		return o.Loop && len(o.Words) > 0 && waits[o.Words[0].Value]
	}) {
		return false
	}
	asks := func(o *step) bool {
		return fetching(o, 0) || lookups[o.program] || comesFrom(o, func(o *step) bool { return lookups[o.program] }, 0)
	}
	if comesFrom(s, asks, 0) {
		return true
	}
	asked := func(word shell.Word) bool {
		return slices.ContainsFunc(word.From, func(i int) bool { return i < len(made) && made[i] != nil && asks(made[i]) })
	}
	for _, word := range c.Words {
		if !word.Known && (asked(word) || slices.ContainsFunc(w.p.Commands, func(o *shell.Command) bool {
			return slices.ContainsFunc(o.Assigns, func(a shell.Assign) bool {
				return mentions(word.Raw, a.Name) && asked(a.Value)
			})
		})) {
			return true
		}
	}
	return false
}

// mentions reports that a word as written holds the variable.
func mentions(raw, variable string) bool {
	return strings.Contains(raw, "${"+variable+"}") || strings.HasSuffix(strings.Trim(raw, `"`), "$"+variable)
}

// windows are programs that show a shell in a window.
var windows = map[string]bool{"xterm": true, "uxterm": true, "rxvt": true, "urxvt": true, "st": true, "konsole": true, "gnome-terminal": true, "xfce4-terminal": true, "kitty": true, "alacritty": true}

// shownElsewhere reports that the screen that was set before is that of another
// machine.
func shownElsewhere(c *shell.Command) bool {
	at, ok := c.Vars("DISPLAY")
	host, _, found := strings.Cut(at, ":")
	return ok && found && host != "" && host != "localhost" && !strings.HasPrefix(host, "/") && !strings.Contains(host, shell.Unknown)
}

// knocks reports a command that says nothing, or only what stands in the text,
// to another machine through the shell: people look in this way whether a port
// is open.
func knocks(c *shell.Command) bool {
	if c.Compound != "" || c.Input != nil && len(*c.Input) > shortInput {
		return false
	}
	said := 0
	for i, w := range c.Words {
		if !w.Known || i == 0 && !says[w.Value] {
			return false
		}
		said += len(w.Value)
	}
	if len(c.Words) > 0 && c.Words[0].Value == "cat" && (len(c.Words) > 1 || !slices.ContainsFunc(c.Redirs, func(r shell.Redir) bool { return r.Op == "<" && r.Target.Value == "/dev/null" })) {
		return false
	}
	return said <= shortInput
}

var says = map[string]bool{"echo": true, "printf": true, ":": true, "true": true, "cat": true}
