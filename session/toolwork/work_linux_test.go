package toolwork

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"escort/session/child"

	"github.com/goccy/go-yaml"
)

func TestMain(m *testing.M) {
	if child.Main() {
		return
	}
	os.Exit(m.Run())
}

// work is one piece of everyday work. What its members mean stands at the top
// of work.yaml.
type work struct {
	Row   string   `yaml:"row"`
	Needs []string `yaml:"needs"`
	Root  bool     `yaml:"root"`
	Slow  bool     `yaml:"slow"`
	Env   []string `yaml:"env"`
	Setup string   `yaml:"setup"`
	Steps []step   `yaml:"steps"`
	Check string   `yaml:"check"`
	After string   `yaml:"after"`
}

// step is something typed, and what shows that it is over.
type step struct {
	Type  string `yaml:"type"`
	Keys  string `yaml:"keys"`
	Until string `yaml:"until"`
}

func works(t *testing.T) []work {
	t.Helper()
	text, err := os.ReadFile("testdata/work.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var out []work
	if err := yaml.UnmarshalWithOptions(text, &out, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEverydayWorkCostsWhatTheReadmeSays(t *testing.T) {
	said := readme(t)
	for _, w := range works(t) {
		t.Run(strings.NewReplacer("`", "", "/", "∕").Replace(w.Row), func(t *testing.T) {
			want, ok := said[w.Row]
			if !ok {
				t.Errorf("the README has no row %q", w.Row)
			}
			missing(t, w)
			got := do(t, w)
			if !want.holds(got) {
				t.Errorf("the README says %q, counted was: | %s | %s |", want, w.Row, got)
			}
		})
		delete(said, w.Row)
	}
	for row := range said {
		t.Errorf("the README's row %q is not measured", row)
	}
}

func missing(t *testing.T, w work) {
	t.Helper()
	if w.Slow && os.Getenv("ESCORT_SLOW") == "" {
		t.Skip("takes long: done where ESCORT_SLOW is set, as .ci/run does")
	}
	if w.Root && os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	for _, p := range w.Needs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skip("needs " + p)
		}
	}
}

// systemPath is the PATH of everything here, whatever the tester has.
const systemPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/go/bin"

// bench is where one piece of work is done.
type bench struct {
	t         *testing.T
	dir, work string
	env       []string
}

// run runs a script of the test itself, outside of the session.
func (b *bench) run(what, script string) {
	b.t.Helper()
	if script == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	log := filepath.Join(b.dir, "log")
	f, err := os.Create(log)
	if err != nil {
		b.t.Fatal(err)
	}
	defer f.Close()
	cmd := exec.CommandContext(ctx, "bash", "-euc", script)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = b.work, b.env, f, f // a file: what stays in the background holds no pipe
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(log)
		b.t.Errorf("%s: %v\n%s", what, err, said)
	}
}

// do does a piece of work in a session and returns what it cost.
func do(t *testing.T, w work) cost {
	t.Helper()
	dir, err := os.MkdirTemp("", "w") // short, for prompts must fit
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // for those who work under accounts of their own
		t.Fatal(err)
	}
	b := &bench{t: t, dir: dir, work: filepath.Join(dir, "work")}
	home := filepath.Join(dir, "home")
	for _, d := range []string{b.work, home} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	b.env = []string{systemPath, "HOME=" + home, "LANG=C.UTF-8", "SHELL=/bin/bash"}
	for _, e := range w.Env {
		b.env = append(b.env, strings.ReplaceAll(e, "{HOME}", home))
	}
	screen := filepath.Join(dir, "screen")
	inside := b.env
	b.env = append(slices.Clone(b.env), "SCREEN="+screen, "CACHE="+goCache(t))
	defer b.run("after", w.After)
	b.run("setup", w.Setup)
	p := sit(t, b, inside)
	for _, s := range w.Steps {
		s.Type = strings.ReplaceAll(s.Type, "{WORK}", b.work)
		p.step(s)
	}
	p.end()
	if err := os.WriteFile(screen, sequences.ReplaceAll(p.out.Bytes(), nil), 0o600); err != nil {
		t.Fatal(err)
	}
	b.run("the result is not right", w.Check)
	if t.Failed() {
		t.Logf("the screen:\n%q", sequences.ReplaceAllString(p.out.String(), "")[max(0, len(sequences.ReplaceAllString(p.out.String(), ""))-3000):])
	}
	return p.cost
}

// goCache is where the Go tool that runs this test keeps what it compiled.
func goCache(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
