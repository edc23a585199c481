package command

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"escort/tui/consent"
)

// piped connects as somebody with a text on standard input and no terminal.
func (f *front) piped(who, text string, args ...string) *proposer {
	f.t.Helper()
	p := &proposer{terminal: f.terminal}
	p.cmd = exec.Command("ssh", append([]string{
		"-F", "/dev/null", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=" + filepath.Join(f.dir, "known"), "-o", "LogLevel=ERROR",
		"-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-i", filepath.Join(f.dir, who), "-p", f.port, "-o", "SetEnv=ESCORT_TICKET=INC-9", who + "@127.0.0.1",
	}, args...)...)
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = strings.NewReader(text), &p.out, &p.said
	if err := p.cmd.Start(); err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return p
}

// binID is the account of pia, who has no shell.
const binID = 2

func TestAnEngineerWithoutAShell(t *testing.T) {
	f := opensDoor(t)
	e := f.ssh("pia", "-tt")
	e.shows("you have no shell here")
	e.ends(1)
	for _, command := range []string{"id", "bash -i", "propose x", "attach"} {
		p := f.piped("pia", "id\n", command)
		p.ends(1)
		p.told("you have no shell here", "ssh HOST propose < FILE")
		if strings.Contains(p.out.String(), "uid=") {
			t.Errorf("%s ran", command)
		}
	}
	local := f.startAs(binID, "shell")
	local.ends(1)
	if said := local.err.String(); !strings.Contains(said, "you have no shell here") || !strings.Contains(said, "escort propose FILE") {
		t.Errorf("said: %s", said)
	}
	steps := filepath.Join(f.dir, "steps")
	if err := os.WriteFile(steps, []byte("id -un\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	local = f.startAs(binID, "propose", steps)
	a := f.ssh("eva")
	a.shows("1 line,")
	a.ready()
	a.typed("d")
	a.shows("deny, because:")
	a.typed("no\r")
	a.ends(0)
	local.ends(3)
	if said := local.err.String(); !strings.Contains(said, "the front door of this machine keeps session") || !strings.Contains(said, "denied · no") {
		t.Errorf("said: %s", said)
	}
	for who, account := range map[string]string{"pia": "bin", "ravi": "nobody"} {
		var words []string
		if who == "ravi" {
			words = []string{"propose"}
		}
		p := f.piped(who, "id -un\necho password=hunter2\ncat "+filepath.Join(f.dir, "people")+"\nexit 7\n", words...)
		a := f.ssh("eva")
		a.shows("INC-9")
		a.shows("this wants to run")
		a.shows("4 lines")
		a.ready()
		a.typed("a")
		a.shows("output is held back: 3 lines, something masked in 1 (g)")
		if got := p.out.String(); got != "" {
			t.Errorf("it came by itself: %q", got)
		}
		a.typed("g")
		a.shows("password=[masked: password]")
		<-time.After(2 * consent.Pause)
		a.typed("\r")
		p.ends(7)
		if got, want := p.out.String(), account+"\npassword=[masked: password]\ncat: "; !strings.HasPrefix(got, want) {
			t.Errorf("given %q, want %q…", got, want)
		}
		a.ends(0)
	}
}
