package gate

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"escort/explain/effect"
)

// program is a plan under which argv may start anything that argv[0] is not.
func free(argv ...string) effect.Plan {
	words := make([]*string, len(argv))
	for i := range argv {
		words[i] = &argv[i]
	}
	return effect.Plan{Starts: []effect.Start{{Argv: words, Path: argv[0], Parent: -1}}}
}

// TestCallsAnswerAsWithoutTheGate runs the same calls, good and bad, with and
// without the gate.
func TestCallsAnswerAsWithoutTheGate(t *testing.T) {
	python := "/usr/bin/python3"
	if _, err := os.Stat(python); err != nil {
		t.Skip("needs ", python)
	}
	script, err := filepath.Abs("testdata/calls.py")
	if err != nil {
		t.Fatal(err)
	}
	s := begin(t, effect.Plan{}, nil, python, script)
	_, got := s.finish()
	cmd := exec.Command("script", "-qec", python+" "+script, "/dev/null")
	cmd.Dir, cmd.Env = t.TempDir(), []string{"PATH=/usr/bin:/bin", "HOME=/", "TERM=dumb"}
	want, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("native (-) and gated (+) differ:\n%s", d)
	}
	if len(s.wanted) > 0 || len(s.alarms) > 0 {
		t.Errorf("asked %+v, alarms %q", s.wanted, s.alarms)
	}
	if len(s.effects) < 20 {
		t.Errorf("only %d effects were recorded: %+v", len(s.effects), s.effects)
	}
}

var (
	_ = context.Background
	_ = os.Getpid
	_ = strconv.Itoa
	_ = syscall.EPERM
)
