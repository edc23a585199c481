package tui

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"escort/session/screen"
	"escort/tui/theme"
)

// keyed is a screen that shows its size and the last key, and is left by x.
type keyed struct{ last string }

func (p *keyed) View(w, h int) []theme.Line {
	return []theme.Line{{sayf(theme.Strong, "%d by %d", w, h)}, {say(theme.Plain, "last "+p.last+"\x1b[2J")}}
}

func (p *keyed) Press(key string) bool {
	p.last = key
	return key == "x"
}

func TestTurn(t *testing.T) {
	in, keys, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	defer keys.Close()
	out := &outer{scr: screen.New(80, 24, 0)}
	opt := Options{Input: in, Output: out, Env: []string{"TERM=xterm-256color"}, Size: [2]int{80, 24}}
	text := func() string { return strings.Join(out.scr.Text(), "\n") }
	for name, tc := range map[string]struct {
		leave func(cancel func())
		want  error
	}{
		"by a key":         {func(func()) { _, _ = io.WriteString(keys, "x") }, nil},
		"from the outside": {func(cancel func()) { cancel() }, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			done := make(chan error, 1)
			go func() { done <- Turn(ctx, &keyed{}, opt) }()
			until(t, "the page", func() bool { return strings.Contains(text(), "80 by 24") }, text)
			if _, err := io.WriteString(keys, "k\x1b[A"); err != nil {
				t.Fatal(err)
			}
			until(t, "the key", func() bool { return strings.Contains(text(), "last up") }, text)
			tc.leave(cancel)
			if err := <-done; !errors.Is(err, tc.want) {
				t.Errorf("ended with %v", err)
			}
		})
	}
	if all := string(out.bytes()); strings.Contains(all, "up\x1b[2J") {
		t.Error("what a page says reaches the terminal as a sequence")
	}
}
