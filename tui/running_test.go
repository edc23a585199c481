package tui

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"escort/keymap"
	"escort/session/screen"
)

// sent is what a terminal sends for a key, where that is not its own letter.
var sent = map[string]string{
	"enter": "\r", "esc": "\x1b", "tab": "\t", "backspace": "\x7f", "pgup": "\x1b[5~", "pgdown": "\x1b[6~", "home": "\x1b[H", "end": "\x1b[F",
	"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "ctrl+]": "\x1d", "ctrl+c": "\x03", "ctrl+z": "\x1a", "ctrl+y": "\x19",
}

// running is a console in a real program: keys come in as bytes from a
// terminal, and what it draws goes to one. Timers stay with the test.
type running struct {
	*bench
	keys chan string // those that were dealt with
}

func (r running) Init() tea.Cmd { return nil }

func (r running) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		_, cmd := r.m.Update(msg)
		r.run(cmd)
		r.keys <- msg.String()
	case tea.WindowSizeMsg: // the size is the test's
	}
	return r, nil
}

func (r running) View() tea.View { return r.m.View() }

// TestEveryKeyInTheRunningProgram presses each key of each mode as a terminal
// sends it, and expects what TestEveryKeyDoesWhatItsHelpSays expects.
func TestEveryKeyInTheRunningProgram(t *testing.T) {
	for _, mode := range keymap.Modes {
		for _, k := range keymap.Default().Of(mode.Mode) {
			d, ok := does[k.Name()]
			if !ok {
				t.Errorf("nothing says what %s must do: %s", k.Name(), k.Help)
				continue
			}
			for _, key := range k.Keys {
				t.Run(fmt.Sprintf("%s %s", k.Name(), key), func(t *testing.T) {
					b := newBench(t, 120, 40)
					d.at(b)
					b.mode(mode.Mode)
					pressInProgram(t, b, key)
					d.then(b, key)
				})
			}
		}
	}
}

// pressInProgram runs b's console as a program for one key.
func pressInProgram(t *testing.T, b *bench, key string) {
	t.Helper()
	in, keys, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	defer keys.Close()
	out := &outer{scr: screen.New(120, 40, 0)}
	r := running{bench: b, keys: make(chan string, 1)}
	p := tea.NewProgram(r, tea.WithInput(in), tea.WithOutput(out), tea.WithoutSignalHandler(), tea.WithWindowSize(120, 40),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	done := make(chan error, 1)
	go func() { _, err := p.Run(); done <- err }()
	until(t, "first screen", func() bool { return strings.Contains(strings.Join(out.scr.Text(), "\n"), "keys go to: ") },
		func() string { return strings.Join(out.scr.Text(), "\n") })
	bytes, special := sent[key]
	if !special {
		bytes = key
	}
	if _, err := io.WriteString(keys, bytes); err != nil {
		t.Fatal(err)
	}
	if got := <-r.keys; got != key {
		t.Errorf("%q arrived as %q", key, got)
	}
	p.Quit()
	if err := <-done; err != nil {
		t.Error(err)
	}
	clean(t, out.bytes())
}
