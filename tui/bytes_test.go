package tui

import (
	"io"
	"os"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"

	"escort/keymap"
)

// sent is what a terminal sends for a key, where that is not its own letter.
var sent = map[string]string{
	"enter": "\r", "esc": "\x1b", "tab": "\t", "backspace": "\x7f", "pgup": "\x1b[5~", "pgdown": "\x1b[6~", "home": "\x1b[H", "end": "\x1b[F",
	"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "ctrl+]": "\x1d", "ctrl+c": "\x03",
}

// listener is a program that only notes the keys that reach it.
type listener struct {
	mu   *sync.Mutex
	keys *[]string
}

func (l listener) Init() tea.Cmd  { return nil }
func (l listener) View() tea.View { return tea.View{} }
func (l listener) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		l.mu.Lock()
		defer l.mu.Unlock()
		*l.keys = append(*l.keys, k.String())
	}
	return l, nil
}

// TestEveryKeyArrivesUnderItsName sends each key of the table to a running
// program as a terminal does. What it does then is the business of
// TestEveryKeyDoesWhatItsHelpSays.
func TestEveryKeyArrivesUnderItsName(t *testing.T) {
	in, keys, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	defer keys.Close()
	var mu sync.Mutex
	var got []string
	p := tea.NewProgram(listener{&mu, &got}, tea.WithInput(in), tea.WithOutput(io.Discard), tea.WithoutSignalHandler(), tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	done := make(chan error, 1)
	go func() { _, err := p.Run(); done <- err }()
	seen := map[string]bool{}
	for _, mode := range keymap.Modes {
		for _, b := range keymap.Default().Of(mode.Mode) {
			for _, name := range b.Keys {
				if seen[name] {
					continue
				}
				seen[name] = true
				bytes, special := sent[name]
				if !special {
					bytes = name
				}
				if _, err := io.WriteString(keys, bytes); err != nil {
					t.Fatal(err)
				}
				want := len(seen)
				until(t, name, func() bool { mu.Lock(); defer mu.Unlock(); return len(got) >= want }, func() string { return bytes })
				mu.Lock()
				if last := got[len(got)-1]; last != name || len(got) != want {
					t.Errorf("%q arrives as %q (%d keys of %d)", name, last, len(got), want)
				}
				mu.Unlock()
			}
		}
	}
	p.Quit()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
