package command

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"escort/session/event"
	"escort/session/sample"
	"escort/tui"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"
)

func TestDemoCommandLine(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		says
	}{
		"no terminal":    {[]string{"demo"}, says{Usage, "", `^escort: error: the standard input is not a terminal\nescort: hint: .*\n$`}},
		"unknown sample": {[]string{"demo", "x\x1b"}, says{Usage, "", `^escort: error: there is no sample .*\nescort: hint: the samples are .*fix_servers, `}},
		"two samples":    {[]string{"demo", "a", "b"}, says{Usage, "", `and got 2\nescort: hint: see escort demo --help\n$`}},
		"list and name":  {[]string{"demo", "--list", "a"}, says{Usage, "", `exclude each other\n`}},
		"unknown flag":   {[]string{"demo", "--fast"}, says{Usage, "", `unknown flag: --fast\n`}},
		"list":           {[]string{"demo", "--list"}, says{Done, `(?s)First day .*  quiet_disk +H.*Disguises .*  fix_servers +A .*  curl_pipe +C`, ""}},
		"card alone":     {[]string{"demo", "--card", "2"}, says{Usage, "", `which --svg asks for\n`}},
		"no such card":   {[]string{"demo", "--svg", "-", "--card", "99"}, says{Usage, "", `there is no step 99\n`}},
		"no size":        {[]string{"demo", "--svg", "-", "--size", "12"}, says{Usage, "", `no size of a screen\n`}},
		"small":          {[]string{"demo", "--svg", "-", "--size", "39x12"}, says{Usage, "", `needs 40×12 cells\n`}},
		"huge":           {[]string{"demo", "--svg", "-", "--size", "9999x12"}, says{Usage, "", `no size of a screen\n`}},
		"page alone":     {[]string{"demo", "--page", "script"}, says{Usage, "", `which --svg asks for\n`}},
		"no such page":   {[]string{"demo", "--svg", "-", "--page", "allow"}, says{Usage, "", `has no page allow\n`}},
		"no script":      {[]string{"demo", "--svg", "-", "--card", "1", "--page", "script"}, says{Usage, "", `has no page script\n`}},
		"no folder":      {[]string{"demo", "--svg", "/none/x.svg"}, says{Failed, "", `the picture cannot be written`}},
		"picture":        {[]string{"demo", "curl_pipe", "--svg", "-", "--size", "80x24"}, says{Done, `(?s)^<svg.*curl`, ""}},
		"help":           {[]string{"demo", "--help"}, says{Done, `(?s)space takes the next step.*EXAMPLES.*escort demo curl_pipe`, ""}},
		"completion":     {[]string{"__complete", "demo", "cu"}, says{Done, `^curl_pipe\n`, `directive`}},
	} {
		t.Run(name, func(t *testing.T) { tc.check(t, program(t, tc.args...)) })
	}
}

var update = flag.Bool("update", false, "draw the pictures of the README anew")

// pictures are those that the README shows, and what draws each.
var pictures = map[string][]string{
	"console.svg": {},
	"caution.svg": {"--card", "3", "--size", "80x24"},
	"script.svg":  {"--page", "script", "--size", "120x52"},
	"history.svg": {"--card", "5", "--page", "history", "--size", "120x26"},
}

// TestPicturesOfTheReadme keeps the pictures what the console really draws.
func TestPicturesOfTheReadme(t *testing.T) {
	for name, args := range pictures {
		file := filepath.Join("..", "shot", name)
		var out, trouble bytes.Buffer
		s := Streams{In: os.Stdin, Out: &out, Err: &trouble, Getenv: func(string) string { return "" }}
		if code := Run(t.Context(), append([]string{"demo", "--svg", "-"}, args...), s, Tools{Show: tui.Run}); code != Done {
			t.Fatalf("%s: exit code %d: %s", name, code, trouble.String())
		}
		if *update {
			if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(out.String(), "\n")); d != "" {
			t.Errorf("%s is not what the console draws; -update draws it anew (-want +got):\n%s", file, d)
		}
	}
}

// showing runs the demo with show as its console, in a terminal of a known
// size, and returns what it said.
func showing(t *testing.T, show Show, args ...string) (out, trouble string, code int) {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	defer master.Close()
	defer func() { _ = tty.Close() }()
	if err := pty.Setsize(tty, &pty.Winsize{Cols: 100, Rows: 30}); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	s := Streams{In: tty, Out: tty, Err: &said, Getenv: os.Getenv}
	code = Run(t.Context(), append([]string{"demo"}, args...), s, Tools{Show: show})
	if err := tty.Close(); err != nil { // so that a read of the other end does not wait
		t.Fatal(err)
	}
	buf := make([]byte, 64<<10)
	n, _ := master.Read(buf) // nothing may have been said
	return string(buf[:n]), said.String(), code
}

func TestDemoShowsTheSample(t *testing.T) {
	var got tui.Options
	show := func(ctx context.Context, src event.Source, opt tui.Options) error {
		got = opt
		return leaveAfterOne(ctx, src)
	}
	out, trouble, code := showing(t, show, "quiet_disk")
	if code != Done || trouble != "" {
		t.Fatalf("code %d, %q", code, trouble)
	}
	s, err := sample.Load("quiet_disk")
	if err != nil {
		t.Fatal(err)
	}
	if got.Host != s.Host || got.User != s.User() || got.Ticket != s.Ticket || got.Who == "" || len(got.Notes) != 1 {
		t.Errorf("the console was asked for %+v", got)
	}
	if !strings.Contains(out, "1 of 1 hold answered") {
		t.Errorf("it says %q", out)
	}
}

// leaveAfterOne allows the first hold and quits.
func leaveAfterOne(ctx context.Context, src event.Source) error {
	ch, err := src.Events(ctx, 0)
	if err != nil {
		return err
	}
	for e := range ch {
		switch e.Kind {
		case event.Output:
			err = src.Input([]byte(" ")) // no need to wait
		case event.Held:
			err = src.Decide(ctx, event.Decision{Hold: e.Hold, Verdict: event.Allow})
		case event.Finished:
			err = src.Input([]byte("q"))
		}
		if err != nil && !errors.Is(err, event.ErrClosed) {
			return err
		}
	}
	return nil
}

func TestDemoFails(t *testing.T) {
	broken := func(context.Context, event.Source, tui.Options) error { return errors.New("the console broke") }
	if out, trouble, code := showing(t, broken); code != Failed || trouble != "escort: error: the console broke\n" || out != "" {
		t.Errorf("code %d, %q, %q", code, trouble, out)
	}
}
