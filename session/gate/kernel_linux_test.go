package gate

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"escort/explain/effect"
	"escort/session/child"
	"escort/session/event"
	"escort/session/policy"
)

// soon is how long a condition may take before the test fails.
const soon = 20 * time.Second

func TestMain(m *testing.M) {
	if child.Main() {
		return
	}
	os.Exit(m.Run())
}

// session is a supervised shell with a gate, and an Asker that answers what the
// test says.
type session struct {
	*Gate
	t    testing.TB
	p    *child.Process
	tty  *os.File
	done chan error
	read chan struct{} // closed when nobody has the terminal any more

	mu       sync.Mutex
	out      bytes.Buffer
	asked    []Question
	runs     []Run
	outcomes []Outcome
	alarms   []string
	answer   func(ctx context.Context, q Question) (Answer, error)
	changed  chan struct{}

	guarded string
	helps   string // the one program that is a helper
	wanted  []EffectQuestion
	effects []effect.Effect
	permit  func(q EffectQuestion) bool // nil: nothing
}

func (s *session) AskEffect(_ context.Context, q EffectQuestion) (Answer, error) {
	s.mu.Lock()
	s.wanted = append(s.wanted, q)
	permit := s.permit
	s.mu.Unlock()
	s.poke()
	return Answer{Allow: permit != nil && permit(q)}, nil
}

func (s *session) Effect(e effect.Effect, _ int, _ string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.effects = append(s.effects, e)
	return nil
}

func (s *session) Ask(ctx context.Context, q Question) (Answer, error) {
	s.mu.Lock()
	s.asked = append(s.asked, q)
	answer := s.answer
	s.mu.Unlock()
	s.poke()
	if answer == nil {
		return Answer{}, nil
	}
	return answer(ctx, q)
}

func (s *session) Helper(_ context.Context, _ int, _ []string, program string) (string, bool) {
	return "a helper", s.helps != "" && program == s.helps
}

func (s *session) Record(r Run) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs = append(s.runs, r)
	return nil
}

func (s *session) Outcome(_ int, o Outcome) {
	s.mu.Lock()
	s.outcomes = append(s.outcomes, o)
	s.mu.Unlock()
	s.poke()
}

func (s *session) Alarm(text string) {
	s.mu.Lock()
	s.alarms = append(s.alarms, text)
	s.mu.Unlock()
	s.poke()
}

func (s *session) poke() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// until waits for ok, which is asked whenever something happened.
func (s *session) until(what string, ok func() bool) {
	s.t.Helper()
	end := time.NewTimer(soon)
	defer end.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		s.mu.Lock()
		is := ok()
		s.mu.Unlock()
		if is {
			return
		}
		select {
		case <-s.changed:
		case <-tick.C:
		case <-end.C:
			s.mu.Lock()
			defer s.mu.Unlock()
			s.t.Fatalf("%s: not within %v; output %q, asked %+v, outcomes %+v, alarms %q", what, soon, s.out.String(), s.asked, s.outcomes, s.alarms)
		}
	}
}

// begin starts argv as the session's shell under the plan of its line "L".
func begin(t testing.TB, plan effect.Plan, answer func(context.Context, Question) (Answer, error), argv ...string) *session {
	t.Helper()
	return beginWith(t, plan, func(s *session) { s.answer = answer }, argv...)
}

// beginWith is begin with whatever else is to be answered.
func beginWith(t testing.TB, plan effect.Plan, setUp func(s *session), argv ...string) *session {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Skip("no pseudo-terminals here: ", err)
	}
	if err := unix.SetNonblock(int(slave.Fd()), false); err != nil { // the shell shares the flag
		t.Fatal(err)
	}
	guarded := t.TempDir()
	env := []string{"PATH=/usr/bin:/bin", "HOME=/", "TERM=dumb", "GUARDED=" + guarded}
	ctx, cancel := context.WithCancel(context.Background())
	p, l, err := child.Start(ctx, child.Config{Argv: argv, Env: env, Dir: t.TempDir(), TTY: slave, AllowNoScopes: true})
	slave.Close()
	if err != nil {
		cancel()
		t.Skip("this host cannot gate: ", err)
	}
	s := &session{t: t, p: p, tty: master, done: make(chan error, 1), guarded: guarded, changed: make(chan struct{}, 1)}
	setUp(s)
	s.Gate = New(Config{Listener: l, Shell: p.ShellPID(), Keeper: p.KeeperPID(), Baseline: env, Asker: s, User: "root", Home: "/root", Guard: []string{s.guarded, filepath.Join(filepath.Dir(s.guarded), "lost", "policy")}, Policy: policy.Default()})
	if err := s.Open("L", plan, nil); err != nil {
		t.Fatal(err)
	}
	go func() { s.done <- s.Run(ctx) }()
	s.read = make(chan struct{})
	go func() { defer close(s.read); io.Copy(lockedWriter{s}, master) }()
	t.Cleanup(func() {
		kill, stop := context.WithTimeout(context.Background(), soon)
		defer stop()
		if left, err := p.Kill(kill); err != nil {
			t.Errorf("killing the tree: %v, left %v", err, left)
		}
		cancel()
		master.Close()
		<-s.read
		select {
		case err := <-s.done:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(soon):
			t.Error("Run did not end")
		}
	})
	return s
}

type lockedWriter struct{ s *session }

func (w lockedWriter) Write(b []byte) (int, error) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	defer w.s.poke()
	return w.s.out.Write(b)
}

// finish waits for the shell and returns its status and output.
func (s *session) finish() (int, string) {
	s.t.Helper()
	select {
	case <-s.p.Done():
	case <-time.After(soon):
		s.mu.Lock()
		defer s.mu.Unlock()
		s.t.Fatalf("the shell did not end; output %q, asked %+v, outcomes %+v alarms %q", s.out.String(), s.asked, s.outcomes, s.alarms)
	}
	select {
	case <-s.read:
	case <-time.After(soon):
		s.t.Fatal("something still has the terminal")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.p.Status(), s.out.String()
}

func onPath(t testing.TB, name string) string {
	t.Helper()
	p, err := exec.LookPath(name)
	if err != nil {
		t.Skip("needs ", name)
	}
	return p
}

// step is a start of the plan with these words; "?" is a word not known.
func step(t testing.TB, parent, most int, argv ...string) effect.Start {
	s := effect.Start{Parent: parent, Max: most, Argv: words(argv...)}
	if argv[0] != "?" && !strings.Contains(argv[0], "/") {
		s.Path = onPath(t, argv[0])
	}
	return s
}

func words(argv ...string) []*string {
	var out []*string
	for _, a := range argv {
		if a == "?" {
			out = append(out, nil)
		} else {
			out = append(out, &a)
		}
	}
	return out
}

func plan(steps ...effect.Start) effect.Plan { return effect.Plan{Starts: steps, Complete: true} }

// allowing answers every question with allow, under a plan of its own.
func allowing(ctx context.Context, q Question) (Answer, error) {
	return Answer{Allow: true, Hold: "H" + strings.Join(q.Argv, "_"), Plan: plan(effect.Start{Argv: words(q.Argv...), Path: q.Path, Parent: -1, Max: 1})}, nil
}

func (s *session) causes() string {
	var out []string
	for _, q := range s.asked {
		out = append(out, q.Cause+" "+strings.Join(q.Argv, " "))
	}
	return strings.Join(out, "; ")
}

func TestPlannedRuns(t *testing.T) {
	s := begin(t, plan(step(t, -1, 2, "echo", "?")), nil, "/bin/sh", "-c", "/bin/echo one; env -i /bin/true; env echo two; exit 3")
	status, out := s.finish()
	if status != 3 || len(s.runs) == 0 {
		t.Errorf("status %d, output %q", status, out)
	}
}

func TestPlanAndSurprise(t *testing.T) {
	p := plan(step(t, -1, 1, "env", "expr", "1", "+", "?"), step(t, 0, 1, "expr", "?", "+", "?"))
	s := begin(t, p, nil, "/bin/sh", "-c", "env expr 1 + 2; env expr 1 + 3; id; echo status $?")
	_, out := s.finish()
	if !strings.Contains(out, "3\r\n") || !strings.Contains(out, "status 126") {
		t.Errorf("output %q", out)
	}
	want := "surprise env expr 1 + 3; surprise id"
	if got := s.causes(); got != want {
		t.Errorf("asked %q, want %q", got, want)
	}
}

func TestAllowedSurpriseRuns(t *testing.T) {
	s := begin(t, plan(), allowing, "/bin/sh", "-c", "id -u; exit 4")
	status, out := s.finish()
	if status != 4 || s.causes() != "surprise id -u" || !strings.Contains(out, "\r\n") {
		t.Errorf("status %d, output %q, asked %q", status, out, s.causes())
	}
}

func TestBadInterpreter(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "bad")
	if err := os.WriteFile(file, []byte("#!/nowhere/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	s := begin(t, plan(effect.Start{Argv: words(file), Path: file, Parent: -1, Max: 1}), nil, "/bin/bash", "-c", file+"; echo went on")
	_, out := s.finish()
	if !strings.Contains(out, "went on") {
		t.Errorf("output %q", out)
	}
	found := false
	for _, o := range s.outcomes {
		found = found || o.Result == Failed
	}
	if !found {
		t.Errorf("outcomes %+v, want a failed one", s.outcomes)
	}
}

func TestMissingIsNotHeld(t *testing.T) {
	s := begin(t, plan(), nil, "/bin/sh", "-c", "no-such-program-here; echo $?")
	_, out := s.finish()
	if !strings.Contains(out, "127") || len(s.asked) != 0 {
		t.Errorf("output %q, asked %q", out, s.causes())
	}
}

func TestStorm(t *testing.T) {
	s := begin(t, plan(effect.Start{Argv: words("/bin/true"), Path: "/bin/true", Parent: -1}), nil,
		"/bin/bash", "-c", "for i in {1..2000}; do /bin/true || exit 9; done; exit 5")
	status, out := s.finish()
	if status != 5 || len(s.runs) != 2001 || len(s.asked) != 0 {
		t.Errorf("status %d, %d runs, asked %q, output %q", status, len(s.runs), s.causes(), out)
	}
}

func TestInterruptWithdraws(t *testing.T) {
	withdrawn := make(chan error, 1)
	s := begin(t, plan(), func(ctx context.Context, q Question) (Answer, error) {
		<-ctx.Done()
		withdrawn <- ctx.Err()
		return Answer{}, ctx.Err()
	}, "/bin/bash", "--norc", "-i")
	s.tty.Write([]byte("id\n"))
	s.until("held", func() bool { return len(s.asked) == 1 })
	s.tty.Write([]byte{3})
	select {
	case err := <-withdrawn:
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	case <-time.After(soon):
		t.Fatal("Ctrl-C did not withdraw the held start")
	}
	s.tty.Write([]byte("exit 6\n"))
	if status, out := s.finish(); status != 6 {
		t.Errorf("status %d, output %q", status, out)
	}
}

func TestBackgroundAndNobody(t *testing.T) {
	go1 := filepath.Join(t.TempDir(), "go")
	script := `nohup setsid bash -c 'while [ ! -e ` + go1 + ` ]; do :; done; id' & read x; id -u; read y`
	p := plan(step(t, -1, 1, "nohup", "setsid", "bash", "-c", "?"), step(t, 0, 1, "setsid", "bash", "-c", "?"), step(t, 1, 1, "bash", "-c", "?"))
	s := begin(t, p, nil, "/bin/bash", "-c", script)
	s.until("the background runs", func() bool { return len(s.outcomes) == 4 })
	if n := s.Prompt(); n != 1 {
		t.Errorf("%d grants open, want 1", n)
	}
	if err := os.WriteFile(go1, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s.until("the background asks", func() bool { return s.causes() == event.CauseBackground+" id" })
	s.tty.Write([]byte("\n"))
	s.until("nobody asks", func() bool { return s.causes() == "background id; nobody id -u" })
}

func TestFreeze(t *testing.T) {
	file := filepath.Join(t.TempDir(), "n")
	s := begin(t, plan(), nil, "/bin/bash", "-c", "n=0; while :; do n=$((n+1)); echo $n > "+file+"; done")
	size := func() string { b, _ := os.ReadFile(file); return string(b) }
	s.until("counts", func() bool { return size() != "" })
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	if err := s.Freeze(ctx); err != nil {
		t.Fatal(err)
	}
	before := size()
	staysSo(t, 200*time.Millisecond, func() bool { return size() != before }, "it counted while it was frozen")
	if err := s.Thaw(ctx); err != nil {
		t.Fatal(err)
	}
	s.until("counts again", func() bool { return size() != before && size() != "" })
}
