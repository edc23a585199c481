package sample

import (
	"errors"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"escort/explain"
	"escort/explain/effect"
	"escort/session/event"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

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
	if len(entries) != len(Names()) || Names()[0] != Default {
		t.Errorf("%d files, and the names %v", len(entries), Names())
	}
	if got := len(all(t)); got < 3 {
		t.Errorf("only %d samples", got)
	}
	if _, err := Load("../data/fix_servers"); !errors.Is(err, ErrNoSample) {
		t.Errorf("a name that is none: %v", err)
	}
}

// The data and the explanations must not contradict each other: what is to be
// denied looks dangerous, what is to be allowed does not.
func TestRightVerdictsAgreeWithTheRisk(t *testing.T) {
	denied := 0
	for _, s := range all(t) {
		for _, st := range s.Steps {
			e := explain.Explain(t.Context(), effect.Request{Text: st.Line, World: s.World(noon), Ticket: s.Ticket})
			t.Logf("%-12s %-9s %s: %s", s.Name, e.Risk, st.Line, e.Headline)
			for _, f := range e.Findings {
				t.Logf("%-12s           %s", "", f.Text)
			}
			if st.Verdict == event.Deny {
				denied++
			}
			if deny := st.Verdict == event.Deny; deny != e.Risk.AtLeast(effect.High) {
				t.Errorf("%s: %q is to be %s, and its risk is %s", s.Name, st.Line, st.Verdict, e.Risk)
			}
		}
	}
	if denied < 4 {
		t.Errorf("only %d steps are to be denied", denied)
	}
}

func TestTheScriptIsOpened(t *testing.T) {
	s, err := Load(Default)
	if err != nil {
		t.Fatal(err)
	}
	e := explain.Explain(t.Context(), effect.Request{Text: "sudo ./fix_servers.sh --all", World: s.World(noon), Ticket: s.Ticket})
	// The second one is the unit of the service that the script restarts.
	if e.Risk != effect.Critical || len(e.Scripts) != 2 || !strings.HasSuffix(e.Scripts[1].Path, ".service") {
		t.Fatalf("risk %s, %d scripts: %s", e.Risk, len(e.Scripts), e.Headline)
	}
	sc := e.Scripts[0]
	if sc.Owner != "ravi" || sc.Package != "" || !sc.ModTime.Equal(noon.Add(-3*time.Hour)) || sc.Read != sc.Lines {
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

func TestBadSamplesAreRefused(t *testing.T) {
	const head = "title: t\nabout: a\nengineer: r@v\nhost: h\nticket: x\nlesson: l\nhome: /home/r\n"
	const step = "steps: [{line: ls, verdict: allow, because: b}]\n"
	if _, err := parse("good", []byte(head+step)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"no steps":       head,
		"no title":       strings.Replace(head, "title: t\n", "", 1) + step,
		"unknown member": head + step + "colour: red\n",
		"verdict":        head + strings.Replace(step, "allow", "maybe", 1),
		"no because":     head + strings.Replace(step, ", because: b", "", 1),
		"relative home":  strings.Replace(head, "/home", "home", 1) + step,
		"escape in line": head + strings.Replace(step, "line: ls", `line: "l\x1bs"`, 1),
		"relative file":  head + step + "files: [{path: a, owner: r, age: 1h}]\n",
		"file of no age": head + step + "files: [{path: /a, owner: r}]\n",
		"strange age":    head + step + "files: [{path: /a, owner: r, age: 3 weeks}]\n",
		"strange mode":   head + step + "files: [{path: /a, owner: r, age: 3h, mode: 999}]\n",
		"no YAML":        "title: [",
	} {
		if s, err := parse(name, []byte(text)); err == nil {
			t.Errorf("%s: taken as %+v", name, s)
		}
	}
}
