package proc

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestOther reads a process that waits on its standard input.
func TestOther(t *testing.T) {
	cmd := exec.Command("/bin/cat", "-", "two words")
	cmd.Env = []string{"A=1", "B="}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skip("needs /bin/cat: ", err)
	}
	// Start returns when exec has closed the old descriptors, which is before
	// the kernel has put the new words in place: only its answer says that it runs.
	if _, err := in.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	pid := cmd.Process.Pid
	argv, err := Cmdline(pid)
	if err != nil || !slices.Equal(argv, cmd.Args) {
		t.Errorf("argv %q, %v", argv, err)
	}
	env, err := Environ(pid)
	if err != nil || !slices.Equal(env, cmd.Env) {
		t.Errorf("env %q, %v", env, err)
	}
	below, err := Descendants(os.Getpid())
	if err != nil || !slices.ContainsFunc(below, func(s Stat) bool { return s.PID == pid && s.PPID == os.Getpid() }) {
		t.Errorf("descendants %+v, %v", below, err)
	}
	if threads, err := Threads(pid); err != nil || !slices.Equal(threads, []int{pid}) {
		t.Errorf("threads %v, %v", threads, err)
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Log(err) // the file of that name is not there
	}
	if _, err := ReadStat(pid); !errors.Is(err, ErrGone) {
		t.Errorf("after its end: %v", err)
	}
	if _, err := NewMemory(pid).String(4096, 10); !errors.Is(err, ErrGone) {
		t.Errorf("memory after its end: %v", err)
	}
}

// TestMemory reads the words that the kernel put on this process's own stack.
func TestMemory(t *testing.T) {
	raw, err := os.Open("/proc/self/stat")
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	text, err := io.ReadAll(raw)
	if err != nil {
		t.Fatal(err)
	}
	f := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	var argStart uint64
	for _, r := range f[45] { // arg_start, the 48th field
		argStart = argStart*10 + uint64(r-'0')
	}
	m := NewMemory(os.Getpid())
	got, err := m.String(argStart, MaxPath)
	if err != nil || got != os.Args[0] {
		t.Errorf("%q, %v; want %q", got, err, os.Args[0])
	}
	if _, err := m.String(argStart, 3); !errors.Is(err, ErrTooLong) {
		t.Errorf("limit of 3: %v", err)
	}
	if _, err := m.Vector(8); !errors.Is(err, ErrFault) {
		t.Errorf("an address that is not mapped: %v", err)
	}
	if _, err := m.Vector(^uint64(0) - 3); !errors.Is(err, ErrFault) {
		t.Errorf("the last address: %v", err)
	}
	if words, err := m.Vector(0); err != nil || words != nil {
		t.Errorf("no array: %q, %v", words, err)
	}
}
