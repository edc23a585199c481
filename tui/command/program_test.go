package command

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"escort/session/child"
	"escort/session/event"
	"escort/session/record"

	"github.com/creack/pty"
)

// asProgram in the environment makes the test binary be the program.
const asProgram = "ESCORT_TEST_AS_PROGRAM"

// runVar in the environment names the folder of the door's socket, and moveRun
// takes it; where there are no doors, nothing does.
const runVar = "ESCORT_TEST_RUN"

var moveRun = func(string) {}

// programs are what else the test binary can be started as: each reports whether
// it was.
var programs []func() bool

func TestMain(m *testing.M) {
	if run := os.Getenv(runVar); run != "" {
		moveRun(run)
	}
	if child.Main() || slices.ContainsFunc(programs, func(ran func() bool) bool { return ran() }) {
		return
	}
	if os.Getenv(asProgram) != "" {
		os.Exit(Main(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// program is the program with args, in an empty folder of its own.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, args...)
	c.Dir = t.TempDir()
	c.Env = []string{asProgram + "=1", "HOME=" + c.Dir, "PATH=" + os.Getenv("PATH"), "TERM=xterm-256color"}
	return c
}

// run ends c and returns what it said and its exit code.
func run(t *testing.T, c *exec.Cmd) (stdout, stderr string, code int) {
	t.Helper()
	var out, trouble bytes.Buffer
	if c.Stdout == nil {
		c.Stdout = &out
	}
	c.Stderr = &trouble
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), trouble.String(), c.ProcessState.ExitCode()
}

// says is what a run of the program must end with and say; empty: nothing.
type says struct {
	code         int
	out, trouble string // regular expressions
}

func (want says) check(t *testing.T, c *exec.Cmd) {
	t.Helper()
	out, trouble, code := run(t, c)
	if code != want.code {
		t.Errorf("exit code %d, want %d", code, want.code)
	}
	for _, stream := range []struct{ name, got, want string }{{"output", out, want.out}, {"error", trouble, want.trouble}} {
		ok := stream.got == ""
		if stream.want != "" {
			ok = regexp.MustCompile(stream.want).MatchString(stream.got)
		}
		if !ok {
			t.Errorf("%s:\n%s\nwant: %s", stream.name, stream.got, stream.want)
		}
	}
	if strings.Contains(out+trouble, "\x1b") {
		t.Errorf("escape sequences in what is no terminal: %q", out+trouble)
	}
}

func TestCommandLine(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		says
	}{
		"unknown flag":       {[]string{"--bogus"}, says{Usage, "", `^escort: error: unknown flag: --bogus\nescort: hint: see escort --help\n$`}},
		"unknown command":    {[]string{"bogus"}, says{Usage, "", `^escort: error: unknown command bogus\nescort: hint: see escort --help\n$`}},
		"flag of another":    {[]string{"verify", "--ticket", "x"}, says{Usage, "", `hint: see escort verify --help\n$`}},
		"verify nothing":     {[]string{"verify"}, says{Usage, "", `^escort: error: verify needs exactly one record, and got 0\n`}},
		"verify two":         {[]string{"verify", "a", "b"}, says{Usage, "", `and got 2\n`}},
		"verify missing":     {[]string{"verify", "none"}, says{Failed, "", `^escort: error: the record cannot be read: .*\nescort: hint: .*\n$`}},
		"completion unknown": {[]string{"man", "extra"}, says{Usage, "", `^escort: error: `}},
		"hostile text":       {[]string{"\x1b]0;x\x07"}, says{Usage, "", `^escort: error: unknown command [^\x00-\x1f]+\nescort: hint: `}},
		"help":               {[]string{"--help"}, says{Done, `(?s)EXAMPLES.*verify`, ""}},
		"help of a command":  {[]string{"verify", "--help"}, says{Done, `(?s)escort verify REC.*EXAMPLES`, ""}},
		"version":            {[]string{"--version"}, says{Done, `^escort version \d`, ""}},
		"completion":         {[]string{"completion", "bash"}, says{Done, `escort`, ""}},
		"manual page":        {[]string{"man"}, says{Done, `^\.TH ESCORT 1`, ""}},
	} {
		t.Run(name, func(t *testing.T) { tc.check(t, program(t, tc.args...)) })
	}
}

// shortRecord makes the record of a short session and returns its folder.
func shortRecord(t *testing.T) string {
	t.Helper()
	at := time.Date(2026, 11, 23, 23, 15, 2, 0, time.UTC)
	r, err := record.Create(t.TempDir(), record.Meta{Host: "db-2", User: "ravi", Escort: "mia", Started: at})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []event.Event{
		{Kind: event.Opened},
		{Kind: event.Output, Data: []byte("$ ")},
		{Kind: event.Held, Hold: "1", Typed: "rm -rf sub"},
		{Kind: event.Decided, Hold: "1", Verdict: event.Deny, Who: "mia"},
		{Kind: event.Closed},
	} {
		e.Time = at
		if _, err := r.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return r.Dir()
}

func TestVerifyCommand(t *testing.T) {
	edit := func(from, to string) func(string) string {
		return func(ledger string) string { return strings.Replace(ledger, from, to, 1) }
	}
	noEnd := func(ledger string) string {
		return ledger[:strings.LastIndexByte(strings.TrimSuffix(ledger, "\n"), '\n')+1]
	}
	const problem = `^escort: error: the record is not as it was written: 1 problem\nescort: hint: .*\n$`
	for name, tc := range map[string]struct {
		change func(string) string
		args   []string
		says
	}{
		"whole": {nil, nil, says{Done, `^whole: 4 lines, 2026-11-23 23:15:02 UTC to 2026-11-23 23:15:02 UTC\nsession of ravi on db-2, escort mia\n1 decision, 0 signed\n$`, ""}},
		"whole as JSON": {nil, []string{"--json"}, says{
			Done, `^\{"whole":true,"lines":4,"first":"2026-11-23T23:15:02Z",.*"closed":true,.*"problems":\[\],"signatures":\{"decisions":1,"signed":0,.*"missing":\[\]\}\}\n$`, "",
		}},
		"edited":         {edit("deny", "allow"), nil, says{Unverified, `(?m)^CHANGED: 4 lines.*\n(.*\n)*line 3: was changed`, problem}},
		"edited as JSON": {edit("deny", "allow"), []string{"--json"}, says{Unverified, `"problems":\[\{"line":3,`, problem}},
		"without end":    {noEnd, nil, says{Done, `^whole: 3 lines(.*\n)*the end of the session is missing`, ""}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := shortRecord(t)
			path := filepath.Join(dir, record.LedgerFile)
			if tc.change != nil {
				b, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				changed := tc.change(string(b))
				if changed == string(b) {
					t.Fatal("nothing was changed")
				}
				if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			tc.check(t, program(t, append([]string{"verify", dir}, tc.args...)...))
		})
	}
}

// A failure to write the answer is a failure of the command.
func TestFullOutput(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skipf("no full device: %v", err)
	}
	defer full.Close()
	c := program(t, "verify", shortRecord(t))
	c.Stdout = full
	says{Failed, "", `^escort: error: .*no space left`}.check(t, c)
}

// opened runs the bare command with a terminal of that size as its streams and
// returns the session that its console was asked for.
func opened(t *testing.T, cols, rows uint16, env map[string]string, args ...string) (got *Session, trouble string, code int) {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer tty.Close()
	if err := pty.Setsize(tty, &pty.Winsize{Cols: cols, Rows: rows}); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	s := Streams{In: tty, Out: tty, Err: &said, Getenv: func(n string) string { return env[n] }}
	code = Run(t.Context(), args, s, Tools{Console: console(&got)})
	return got, said.String(), code
}
