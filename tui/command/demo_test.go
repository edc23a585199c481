package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"escort/session/event"
	"escort/session/sample"
	"escort/session/screen"
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
		"two outputs":    {[]string{"demo", "--svg", "-", "--cast", "-"}, says{Usage, "", `exclude each other\n`}},
		"quiz of none":   {[]string{"demo", "--cast", "-", "--quiz"}, says{Usage, "", `nothing is played with`}},
		"step zero":      {[]string{"demo", "--from", "0"}, says{Usage, "", `there is no step 0\n`}},
		"no speed":       {[]string{"demo", "--speed", "0"}, says{Usage, "", `from 0.1 to 20\n`}},
		"handout":        {[]string{"demo", "--transcript", "-"}, says{Done, `(?s)^the script fix_servers.sh\n=+\n.*The card: CRITICAL\. .*Right: deny\. `, ""}},
		"no handout":     {[]string{"demo", "--transcript", "/none/x.md"}, says{Failed, "", `the handout cannot be written`}},
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

func TestDemoOnAStage(t *testing.T) {
	var got tui.Options
	var began string
	show := func(ctx context.Context, src event.Source, opt tui.Options) error {
		got = opt
		ch, err := src.Events(ctx, 0)
		if err != nil {
			return err
		}
		for e := range ch {
			began += string(e.Data)
			if e.Kind == event.Held && e.Word == "" && strings.Contains(began, "On to step 5") {
				if err := src.Decide(ctx, event.Decision{Hold: e.Hold, Verdict: event.Allow}); err == nil {
					return src.End(ctx)
				}
			}
		}
		return nil
	}
	out, trouble, code := showing(t, show, "--big", "--from", "5", "--speed", "20")
	if code != Done || trouble != "" || got.Theme != "projector" || !strings.Contains(began, "█") || !strings.Contains(out, "1 of 1 hold") {
		t.Errorf("code %d, %q, theme %s, %q\n%s", code, trouble, got.Theme, out, began)
	}
	if _, trouble, code := showing(t, show, "--from", "9"); code != Usage || !strings.Contains(trouble, "there is no step 9") {
		t.Errorf("code %d, %q", code, trouble)
	}
	if _, _, code := showing(t, show, "--big", "--theme", "dark", "--from", "5", "--speed", "20"); code != Done || got.Theme != "dark" {
		t.Errorf("code %d, theme %s", code, got.Theme)
	}
}

// The film shows what the console shows, to its end.
func TestDemoFilm(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tour.cast")
	var trouble bytes.Buffer
	s := Streams{In: os.Stdin, Out: &trouble, Err: &trouble, Getenv: func(string) string { return "" }}
	if code := Run(t.Context(), []string{"demo", "--cast", file, "--size", "100x30"}, s, Tools{Show: tui.Run}); code != Done || trouble.Len() > 0 {
		t.Fatalf("code %d, %s", code, trouble.String())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	scr, seen := screen.New(100, 30, 0), map[string]bool{}
	last := 0.0
	for _, l := range lines[1:] {
		var e []any
		if err := json.Unmarshal([]byte(l), &e); err != nil || e[1] != "o" || e[0].(float64) < last {
			t.Fatalf("%q: %v", l, err)
		}
		last = e[0].(float64)
		if _, err := scr.Write([]byte(e[2].(string))); err != nil {
			t.Fatal(err)
		}
		now := strings.Join(scr.Text(), "\n")
		for _, want := range []string{"CRITICAL · do not allow alone", "SAFE · only looks", "escort: denied", "Summary of fix_servers: 5 of 5 holds"} {
			seen[want] = seen[want] || strings.Contains(now, want)
		}
	}
	for want, ok := range seen {
		if !ok {
			t.Errorf("%q was never on the screen", want)
		}
	}
	if len(seen) != 4 || last < 30 || last > 75 {
		t.Errorf("%d things were looked for, and the film takes %g seconds", len(seen), last)
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
