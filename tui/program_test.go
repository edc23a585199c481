package tui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"escort/explain/effect"
	"escort/session/event"
	"escort/session/screen"
)

// outer is the escort's terminal: everything that the program writes, and what
// that shows.
type outer struct {
	scr *screen.Screen

	mu  sync.Mutex
	all bytes.Buffer
}

func (o *outer) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.all.Write(p)
	// The renderer counts on a terminal line that makes CR LF of LF.
	_, err := o.scr.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
	return len(p), err
}

func (o *outer) bytes() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	return bytes.Clone(o.all.Bytes())
}

// console is a whole program with its terminal.
type console struct {
	t    *testing.T
	out  *outer
	keys *os.File
	src  *fake
	done chan error
	end  context.CancelFunc
}

func newConsole(t *testing.T, w, h int, opt Options) *console {
	t.Helper()
	in, keys, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	c := &console{t: t, out: &outer{scr: screen.New(w, h, 0)}, keys: keys, src: newFake(), done: make(chan error, 1), end: end}
	opt.Input, opt.Output, opt.Size = in, c.out, [2]int{w, h}
	if opt.Env == nil {
		opt.Env = []string{"TERM=xterm-256color", "COLORTERM=truecolor"}
	}
	opt.Start = func(cols, rows int) (event.Source, error) { return c.src, nil }
	finished := make(chan struct{})
	go func() { c.done <- Run(ctx, nil, opt); close(finished) }()
	t.Cleanup(func() {
		end()
		_ = keys.Close()
		<-finished
		_ = in.Close()
	})
	return c
}

// until waits for a condition.
func until(t *testing.T, what string, ok func() bool, state func() string) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("no %s:\n%s", what, state())
		case <-tick.C:
		}
	}
}

func (c *console) text() string { return strings.Join(c.out.scr.Text(), "\n") }

func (c *console) shows(s string) {
	c.t.Helper()
	until(c.t, s, func() bool { return strings.Contains(c.text(), s) }, c.text)
}

func (c *console) press(s string) {
	c.t.Helper()
	if _, err := io.WriteString(c.keys, s); err != nil {
		c.t.Fatal(err)
	}
}

func TestRun(t *testing.T) {
	c := newConsole(t, 120, 40, Options{Host: "prod-db-2", Who: "eva"})
	c.shows("keys go to: the shell")
	c.press("ls")
	until(t, "input", func() bool { c.src.mu.Lock(); defer c.src.mu.Unlock(); return string(c.src.input) == "ls" }, c.text)
	c.src.events <- output("$ rm -rf /srv/backup\r\n")
	c.src.events <- typed("h1", effect.High)
	c.shows("HIGH · hard to undo")
	c.shows("wait…")
	c.shows("a allow") // armed by the clock alone
	c.press("a")
	c.shows("type DELETE to allow")
	c.press("delete\r")
	until(t, "decision", func() bool { c.src.mu.Lock(); defer c.src.mu.Unlock(); return len(c.src.decided) == 1 }, c.text)
	c.src.events <- event.Event{Kind: event.Decided, Hold: "h1", Verdict: event.Allow, Who: "eva", Time: start}
	c.shows("keys go to: the shell")
	c.src.events <- event.Event{Kind: event.Closed}
	if err := <-c.done; err != nil {
		t.Errorf("ended with %v", err)
	}
	if c.src.decided[0].Word != "DELETE" || c.src.decided[0].LookedMS < 600 {
		t.Errorf("decided %+v", c.src.decided[0])
	}
	if got := c.src.sizes[0]; got != [2]int{118, 30} {
		t.Errorf("the session's terminal is %v", got)
	}
}

func TestRunEnds(t *testing.T) {
	t.Run("source closed", func(t *testing.T) {
		c := newConsole(t, 80, 24, Options{})
		close(c.src.events)
		if err := <-c.done; err != nil {
			t.Errorf("ended with %v", err)
		}
	})
	t.Run("context", func(t *testing.T) {
		c := newConsole(t, 80, 24, Options{})
		c.shows("session")
		c.end()
		if err := <-c.done; !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
	})
	t.Run("no source", func(t *testing.T) {
		if err := Run(t.Context(), nil, Options{}); !errors.Is(err, ErrNoSource) {
			t.Errorf("ended with %v", err)
		}
	})
	t.Run("start fails", func(t *testing.T) {
		in, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		defer w.Close()
		failed := errors.New("no shell")
		err = Run(t.Context(), nil, Options{
			Input: in, Output: io.Discard, Env: []string{"TERM=xterm"}, Size: [2]int{80, 24},
			Start: func(int, int) (event.Source, error) { return nil, failed },
		})
		if !errors.Is(err, failed) {
			t.Errorf("ended with %v", err)
		}
	})
}

func TestFlood(t *testing.T) {
	c := newConsole(t, 120, 40, Options{})
	c.shows("session")
	line := strings.Repeat("0123456789", 11) + "\r\n"
	for i := range 2000 {
		c.src.events <- output(line)
		if i%100 == 0 {
			c.src.events <- event.Event{Kind: event.Message, Who: "ravi", Reason: fmt.Sprint("n", i), Time: start}
		}
	}
	c.src.events <- typed("h1", effect.Safe)
	c.shows("SAFE · only looks")
	if n := len(c.out.bytes()); n > 100<<10 {
		t.Logf("%d bytes drawn", n)
	}
}

// hostile are texts that try the escort's terminal.
var hostile = []string{
	"\x1b]52;c;ZXZpbA==\x07", "\x1b]0;owned\x07", "\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "\x1bPq#0\x1b\\", "\x1b_Ga=T\x1b\\",
	"\x1b^pm\x1b\\", "\x1bXsos\x1b\\", "\u009d52;c;x\u009c", "\u0090q\u009c", "\x9d0;x\x9c", "\u202eevil", "a\u200bb", "\u2066x\u2069",
	"\U000e0041\U000e0042", "\x1b[8mhidden\x1b[m", "\x1bc", "\x1b[2J\x1b[H", "\x07\x08\x0e\x0f", "x\u0300\u0301\u0302\u0303", "👩‍💻", "\x1b[?1049l",
	// what sets, asks or answers
	"\x1b]2;owned\x1b\\", "\x1b]4;1;red\x07", "\x1b]10;?\x07", "\x1b]11;?\x07", "\x1b]9;note\x07", "\x1b]777;notify;a;b\x07", "\x1b]1337;File=:eA==\x07",
	"\x1b]133;A\x07", "\x1b]50;font\x07", "\x1b[c", "\x1b[>c", "\x1b[5n", "\x1b[6n", "\x1b[21t", "\x1b[?996n", "\x1bP$qm\x1b\\", "\x1bP+q544e\x1b\\", "\x1bP1$r0m\x1b\\",
	"\x1bP0;0|17/ab\x1b\\", "\x1b[?1000h", "\x1b[?1006h", "\x1b[?2004h", "\x1b[?9001h", "\x1b[>1u", "\x1b[5 q", "\x1b[38;5;0;48;5;0mgone\x1b[m", "\x1b[5mblink\x1b[m",
	"\x1b(0qqq\x1b(B", "\x1b#8", "\x1b[20h", "\x1b[4h", "\x1b[999;999H", "\x1b[1;1r", "\u2028\u2029", "\ufeff", "\u00ad", "\ue000", "\x80\x9b\x9d", "\x1b\x1b]0;x\x07", "\x1b]",
}

var (
	osc   = regexp.MustCompile(`\x1b\]([^\x07\x1b]*)`)
	other = regexp.MustCompile(`\x1b[PX^_]`)
)

// What a session or an explanation says never becomes a sequence for the
// escort's own terminal.
func TestOutputIsClean(t *testing.T) {
	evil := strings.Join(hostile, "")
	x := &effect.Explanation{
		Command: evil, Headline: evil, Risk: effect.Critical, Undo: effect.UndoNo, UndoText: evil,
		Effects: []effect.Effect{{Verb: evil, Object: evil, As: evil}}, Findings: []effect.Finding{{Text: evil, Risk: effect.High}},
		Parts:    []effect.Part{{Span: effect.Span{-5, 9999}, Text: evil, Meaning: evil, Source: effect.PartSource(evil)}},
		Scripts:  []effect.Script{{Path: evil, Unread: evil, Owner: evil, Package: evil, SHA256: evil, Language: evil, Worst: []effect.ScriptLine{{Text: evil, Meaning: evil}}}},
		Unknowns: []effect.Unknown{{Text: evil, Why: evil}}, Ask: []string{evil},
	}
	c := newConsole(t, 120, 40, Options{Host: evil, User: evil, Ticket: evil, Notes: []string{evil}, Who: evil})
	c.shows("keys go to: the shell")
	for _, s := range hostile {
		c.src.events <- output(s + "\r\n")
	}
	c.src.events <- event.Event{Kind: event.Message, Who: evil, Reason: evil, Time: start}
	c.src.events <- event.Event{
		Kind: event.Held, Hold: "h1", Layer: event.LayerStart, Cause: event.CauseSurprise, Typed: evil, Expanded: evil + "1",
		Actual: evil + "2", Word: evil, Explanation: x,
	}
	c.shows("CRITICAL")
	c.shows("a allow")
	for _, page := range []struct{ key, want string }{{"e", "Why this risk?"}, {"v", "esc close"}, {"h", "note"}, {"?", "At the card"}} {
		c.press(page.key)
		c.shows(page.want)
		c.press("\x1b[F\x1b")
		c.shows("wait…")
		c.shows("a allow")
	}
	c.press("\x1b[C\x1b[6~")
	c.press("a")
	c.shows("esc do not allow")
	c.end()
	<-c.done
	if len(hostile) < 44 {
		t.Errorf("only %d vectors", len(hostile))
	}
	clean(t, c.out.bytes())
}

// clean reports what of a program's output is more than drawing.
func clean(t *testing.T, out []byte) {
	t.Helper()
	for _, m := range osc.FindAllSubmatch(out, -1) {
		if s := string(m[1]); s != "2;"+title && s != "0;"+title && s != "2;" {
			t.Errorf("the output holds OSC %q", s)
		}
	}
	if m := other.Find(out); m != nil {
		t.Errorf("the output holds %q", m)
	}
	for _, r := range string(out) {
		if r >= 0x80 && r < 0xa0 || r == 0x202e || r == 0x200b || r == 0x2066 || r >= 0xe0000 && r < 0xe0080 {
			t.Errorf("the output holds %U", r)
		}
	}
	if bytes.Contains(out, []byte("\x1bc")) || bytes.Contains(out, []byte("\x1b[8m")) {
		t.Error("the output resets the terminal or conceals text")
	}
}
