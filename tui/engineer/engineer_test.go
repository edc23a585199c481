package engineer

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"escort/session/event"
	"escort/session/screen"
)

// fake is a session that notes what it is told.
type fake struct {
	event.Source
	events chan event.Event

	mu     sync.Mutex
	input  string
	told   []string
	sizes  [][2]int
	refuse error
}

func (f *fake) Events(context.Context, uint64) (<-chan event.Event, error) { return f.events, nil }

func (f *fake) Input(p []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refuse == nil {
		f.input += string(p)
	}
	return f.refuse
}

func (f *fake) Tell(_ context.Context, text string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.told = append(f.told, text)
	return nil
}

func (f *fake) Resize(cols, rows int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sizes = append(f.sizes, [2]int{cols, rows})
	return nil
}

// bench is an engineer's terminal: what is drawn goes to an emulator.
type bench struct {
	t     *testing.T
	src   *fake
	scr   *screen.Screen
	keys  *io.PipeWriter
	sizes chan [2]int
	raw   strings.Builder
	mu    sync.Mutex
	end   chan error
	over  End
}

func (b *bench) Write(p []byte) (int, error) {
	b.mu.Lock()
	b.raw.Write(p)
	b.mu.Unlock()
	return b.scr.Write(p)
}

func sit(t *testing.T) *bench {
	t.Helper()
	return sitWith(t, Options{})
}

// sitWith is sit with further options.
func sitWith(t *testing.T, opt Options) *bench {
	t.Helper()
	in, keys := io.Pipe()
	b := &bench{
		t: t, src: &fake{events: make(chan event.Event)}, scr: screen.New(60, 10, 0), keys: keys,
		sizes: make(chan [2]int), end: make(chan error, 1),
	}
	go func() {
		var err error
		opt.In, opt.Out, opt.Cols, opt.Rows, opt.Sizes, opt.How = in, b, 60, 10, b.sizes, "escort attach 4f2a"
		b.over, err = Run(t.Context(), b.src, opt)
		b.end <- err
	}()
	b.sees("escort: waiting for an escort: escort attach 4f2a")
	return b
}

func (b *bench) screen() string { return strings.Join(b.scr.Text(), "\n") }

// wait waits until ok holds.
func (b *bench) wait(what string, ok func() bool) {
	b.t.Helper()
	deadline := time.After(10 * time.Second)
	for !ok() {
		select {
		case <-time.After(time.Millisecond):
		case <-deadline:
			b.t.Fatalf("waited in vain for %s; the screen is\n%s", what, b.screen())
		}
	}
}

func (b *bench) sees(want string) {
	b.t.Helper()
	b.wait(want, func() bool { return strings.Contains(b.screen(), want) })
}

func (b *bench) got(want string) {
	b.t.Helper()
	b.wait("input "+want, func() bool {
		b.src.mu.Lock()
		defer b.src.mu.Unlock()
		return b.src.input == want
	})
}

func (b *bench) play(es ...event.Event) {
	for _, e := range es {
		b.src.events <- e
	}
}

func (b *bench) types(s string) { _, _ = b.keys.Write([]byte(s)) }

func out(s string) event.Event { return event.Event{Kind: event.Output, Data: []byte(s)} }

func came(who string) event.Event { return event.Event{Kind: event.Joined, Who: who} }

func TestPassesEverythingThrough(t *testing.T) {
	b := sit(t)
	b.play(came("eva"), out("$ \x1b[3"), out("1mred\x1b[m \xe2\x82"), out("\xac"))
	b.sees("red €")
	b.types("ls\x03\x1b[A\r")
	b.got("ls\x03\x1b[A\r")
	b.sizes <- [2]int{40, 8}
	b.wait("the new size", func() bool {
		b.src.mu.Lock()
		defer b.src.mu.Unlock()
		return len(b.src.sizes) == 2 && b.src.sizes[1] == [2]int{40, 8}
	})
	status := 3
	b.play(event.Event{Kind: event.Closed, Status: &status, Reason: "ended by eva"})
	if err := <-b.end; err != nil || b.over.Status != 3 || b.over.Reason != "ended by eva" || !b.over.Came {
		t.Errorf("ended with %+v, %v", b.over, err)
	}
}

func TestLinesStandAboveThePrompt(t *testing.T) {
	b := sit(t)
	b.play(out("\r\n\x1b[32mravi@db\x1b[m$ ls"), came("eva"), event.Event{Kind: event.Frozen, Reason: "no escort"})
	b.sees("escort: every program of the session is stopped: no escort\nravi@db$ ls")
	b.play(out(" -la"))
	b.sees("ravi@db$ ls -la")
	b.mu.Lock()
	defer b.mu.Unlock()
	if s := b.raw.String(); strings.Count(s, "\x1b[32m") < 1 || !strings.Contains(s, "eva watches") {
		t.Errorf("written: %q", s)
	}
}

func TestNoLineInsideASequenceOrAFullScreenProgram(t *testing.T) {
	b := sit(t)
	b.play(out("\r\n$ \x1b[3"), came("eva"), out("1mred\x1b[m"))
	b.sees("escort: eva watches: nothing runs before an escort has allow\ned it\n$ red")
	b.play(out("\x1b[?1049h\x1b[Hvim"), event.Event{Kind: event.Left, Who: "eva"}, out("!"))
	b.sees("vim!")
	if strings.Contains(b.screen(), "eva went") {
		t.Error("a line was written into a full-screen program")
	}
	b.play(out("\x1b[?1049l"))
	b.sees("eva went, and nobody watches")
}

func TestBesideAHeldLine(t *testing.T) {
	b := sit(t)
	b.play(came("eva"), out("\r\n$ rm x\r\nheld: waiting for the escort"), event.Event{Kind: event.Held, Hold: "h1", Layer: event.LayerLine},
		event.Event{Kind: event.Left, Who: "eva"})
	b.sees("$ rm x\nheld: waiting for the escort · eva went, and nobody watche…")
	b.play(event.Event{Kind: event.Decided, Hold: "h1"}, out("\r\x1b[K"), came("tom"))
	b.sees("$ rm x\nescort: tom watches")
}

func TestAMessage(t *testing.T) {
	b := sit(t)
	b.play(came("eva"), out("\r\n$ echo"))
	b.sees("$ echo")
	b.types("a\x1dit is \u00e4 tesx\x7ft")
	b.sees("escort: to the escort: it is ä test")
	b.play(out(" later"))
	b.types("\rb")
	b.sees("$ echo later")
	b.got("ab")
	if len(b.src.told) != 1 || b.src.told[0] != "it is ä test" {
		t.Errorf("told %q", b.src.told)
	}
	for _, takeBack := range []string{"\x1d", "\x1b", "\x03", "\x15\r"} {
		b.types("\x1dno" + takeBack)
		b.sees("$ echo later")
		b.wait("the message is gone", func() bool { return !strings.Contains(b.screen(), "to the escort: no") })
	}
	b.src.mu.Lock()
	defer b.src.mu.Unlock()
	if len(b.src.told) != 1 {
		t.Errorf("told %q", b.src.told)
	}
}

// A message gives way to a flood: nothing that the session writes is lost.
func TestAMessageGivesWay(t *testing.T) {
	b := sit(t)
	b.play(came("eva"))
	b.types("\x1dhello")
	b.sees("to the escort: hello")
	b.play(out(strings.Repeat("x", maxWaiting)+"\r\n"), out("end"))
	b.sees("end")
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := strings.Count(b.raw.String(), "x"); n < maxWaiting {
		t.Errorf("%d of %d bytes came", n, maxWaiting)
	}
}

func TestWhyKeysGoNowhereIsSaidOnce(t *testing.T) {
	b := sit(t)
	b.src.refuse = errors.New("no escort is here")
	b.types("l")
	b.types("s")
	b.sees("no escort is here")
	b.play(came("eva"))
	b.src.mu.Lock()
	b.src.refuse = nil
	b.src.mu.Unlock()
	b.types("x")
	b.got("x")
	if n := strings.Count(b.screen(), "no escort is here"); n != 1 {
		t.Errorf("said %d times", n)
	}
}

func TestEnds(t *testing.T) {
	for _, tc := range []struct {
		what string
		do   func(*bench)
		want error
	}{
		{"given up", func(b *bench) { b.types("\x03") }, ErrGaveUp},
		{"the line dropped", func(b *bench) { close(b.src.events) }, ErrLost},
		{"the terminal is gone", func(b *bench) { _ = b.keys.Close() }, ErrWent},
	} {
		b := sit(t)
		tc.do(b)
		if err := <-b.end; !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", tc.what, err)
		}
	}
}
