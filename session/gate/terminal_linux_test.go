package gate

import (
	"os/exec"
	"syscall"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// nobody is a number that no process has.
const nobody = 1 << 30

// TestATerminalThatSomebodyElseHasNowIsNotOurs: numbers of terminals are given
// again.
func TestATerminalThatSomebodyElseHasNowIsNotOurs(t *testing.T) {
	m, s, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	defer s.Close()
	var at spot
	if err := unix.Fstat(int(s.Fd()), &at.stat); err != nil {
		t.Fatal(err)
	}
	g := New(Config{Shell: nobody, Keeper: nobody})
	if g.ownTerminal(&at) {
		t.Error("any terminal is the session's")
	}
	g.terminals[terminalID{uint64(at.stat.Dev), at.stat.Rdev}] = true
	if !g.ownTerminal(&at) {
		t.Error("a terminal that was made in the session is not its own")
	}
	other := at
	other.stat.Dev++
	if g.ownTerminal(&other) {
		t.Error("a terminal of the same number elsewhere is the session's")
	}
	cmd := exec.Command("sleep", "60")
	cmd.Stdin, cmd.SysProcAttr = s, &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = cmd.Process.Kill(), cmd.Wait() }()
	if g.ownTerminal(&at) {
		t.Error("a terminal that somebody outside uses by now is the session's")
	}
}

func TestLongWordsOfManyStartsAreBounded(t *testing.T) {
	g := New(Config{})
	if err := g.carry(maxWeight); err != nil {
		t.Fatal(err)
	}
	if refuseWith(g.carry(1)).errno != unix.EAGAIN {
		t.Error("there is no bound")
	}
	g.drop(maxWeight)
	if err := g.carry(1); err != nil {
		t.Error(err)
	}
}
