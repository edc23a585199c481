package sample

import (
	"errors"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"escort/explain"
	"escort/explain/effect"
)

// all loads every sample.
func all(t *testing.T) []Sample {
	t.Helper()
	var out []Sample
	for _, n := range Names() {
		s, err := Load(n)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

func TestEveryFileOfDataIsASample(t *testing.T) {
	entries, err := data.ReadDir("data")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(Names()) || !slices.Contains(Names(), Default) {
		t.Errorf("%d files, and the names %v", len(entries), Names())
	}
	if got := len(all(t)); got < 3 {
		t.Errorf("only %d samples", got)
	}
	if _, err := Load("../data/fix_servers"); !errors.Is(err, ErrNoSample) {
		t.Errorf("a name that is none: %v", err)
	}
}

func TestTheScriptIsOpened(t *testing.T) {
	s, err := Load(Default)
	if err != nil {
		t.Fatal(err)
	}
	e := explain.Explain(t.Context(), effect.Request{Text: "sudo ./fix_servers.sh --all", World: s.World(), Ticket: s.Ticket})
	// The others are the unit of the service that the script restarts, and its program.
	if e.Risk != effect.Critical || len(e.Scripts) < 2 || !strings.HasSuffix(e.Scripts[1].Path, ".service") {
		t.Fatalf("risk %s, %d scripts: %s", e.Risk, len(e.Scripts), e.Headline)
	}
	sc := e.Scripts[0]
	if sc.Owner != "ravi" || sc.Package != "" || !sc.ModTime.Equal(s.Start().Add(-3*time.Hour)) || sc.Read != sc.Lines {
		t.Errorf("where the script comes from: %+v", sc)
	}
	var worst strings.Builder
	for _, l := range sc.Worst {
		worst.WriteString(l.Text + "\n")
		t.Logf("%d %s: %s (%s)", l.Line, l.Text, l.Meaning, l.Risk)
	}
	for _, want := range []string{"rm -rf /srv/backup", "nc -l -p 4444"} {
		if !strings.Contains(worst.String(), want) {
			t.Errorf("%q is not among the worst lines:\n%s", want, worst.String())
		}
	}
}

// A sample must have no way to run anything or to ask anybody.
func TestNothingCanBeExecuted(t *testing.T) {
	banned := []string{"os", "os/exec", "syscall", "net", "net/http", "plugin", "golang.org/x/sys/unix", "unsafe"}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imp := range f.Imports {
			p, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range banned {
				if p == b {
					t.Errorf("%s imports %s", name, p)
				}
			}
		}
	}
}
