package explain

import (
	"slices"
	"strings"

	"escort/explain/shell"
)

// orders are what the commands of a text take from other machines,
// found in one pass.
type orders struct {
	files map[string]bool // into which a line to another machine writes
	names map[string]bool // variables that hold what another machine sent
	waits bool            // a loop asks again and again
}

func (w *wiring) orders(made []*step) *orders {
	if w.from != nil {
		return w.from
	}
	w.from = &orders{files: map[string]bool{}, names: map[string]bool{}}
	for i, c := range w.p.Commands {
		w.from.waits = w.from.waits || c.Loop && len(c.Words) > 0 && waits[c.Words[0].Value]
		for _, a := range c.Assigns {
			if asked(a.Value, made) {
				w.from.names[a.Name] = true
			}
		}
		if made[i] == nil || !slices.ContainsFunc(c.Redirs, writesFile) || !made[i].talks() {
			continue
		}
		for _, r := range c.Redirs {
			if writesFile(r) {
				w.from.files[r.Target.Value] = true
			}
		}
	}
	return w.from
}

func writesFile(r shell.Redir) bool {
	return strings.HasPrefix(r.Op, ">") && r.Op != ">&" && r.Target.Known
}

// byFile reports that c reads its commands from a file, a pipe with a name as a
// rule, into which a line to another machine writes.
func (w *wiring) byFile(c *shell.Command, made []*step) bool {
	return slices.ContainsFunc(c.Redirs, func(in shell.Redir) bool {
		return (in.Op == "<" || in.Op == "<>") && in.Target.Known && w.orders(made).files[in.Target.Value]
	})
}

// waits are what a loop does that asks again and again.
var waits = map[string]bool{"sleep": true, "read": true, "true": true, ":": true, "usleep": true}

// lookups are programs whose answers others can write.
var lookups = map[string]bool{"dig": true, "host": true, "nslookup": true, "drill": true, "kdig": true, "redis-cli": true, "mosquitto_sub": true}

// relays reports a step that puts out what another machine sends.
func (s *step) relays() bool {
	looks := func(o *step) bool { return lookups[o.program] }
	return fetching(s, 0) || looks(s) || comesFrom(s, looks, 0)
}

func asked(word shell.Word, made []*step) bool {
	return slices.ContainsFunc(word.From, func(i int) bool { return i < len(made) && made[i] != nil && made[i].relays() })
}

// polls reports a loop that asks another machine for commands and runs them:
// whoever answers can type commands here, one at a time.
func (w *wiring) polls(c *shell.Command, s *step, made []*step) bool {
	if !c.Loop || !w.orders(made).waits {
		return false
	}
	return comesFrom(s, (*step).relays, 0) || slices.ContainsFunc(c.Words, func(word shell.Word) bool {
		return !word.Known && (asked(word, made) || w.orders(made).names[variable(word.Raw)])
	})
}

// variable is the name of the variable that a word as written stands for.
func variable(raw string) string {
	name, ok := strings.CutPrefix(strings.Trim(raw, `"`), "$")
	if !ok {
		return ""
	}
	return strings.TrimSuffix(strings.TrimPrefix(name, "{"), "}")
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
