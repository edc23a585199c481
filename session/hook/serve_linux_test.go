package hook

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// shellUnderTest is a real shell behind the hook, without any gate.
type shellUnderTest struct {
	t       *testing.T
	tty     *os.File
	mu      sync.Mutex
	out     bytes.Buffer
	looks   []Line
	prompts []int
	gaps    []string // with each prompt
	verdict func(Line) Verdict
	asked   map[string]string
	changed chan struct{}
	anew    int // prompts that follow a denial
}

func (s *shellUnderTest) Hello(string) {}

func (s *shellUnderTest) Prompt(status int, gap string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.prompts, s.gaps = append(s.prompts, status), append(s.gaps, gap)
	s.poke()
}

func (s *shellUnderTest) Look(ctx context.Context, l Line, q *Question) Verdict {
	if name, ok := strings.CutPrefix(l.Text, "#ask "); ok {
		kind, name, _ := strings.Cut(name, " ")
		v, err := q.Ask(ctx, kind, name)
		if err != nil {
			v = "error: " + err.Error()
		}
		s.mu.Lock()
		s.asked[name] = v
		s.mu.Unlock()
	}
	q.Held()
	s.mu.Lock()
	s.looks = append(s.looks, l)
	verdict := s.verdict
	s.poke()
	s.mu.Unlock()
	v := verdict(l)
	if v.Word == "wait" {
		<-ctx.Done()
	}
	return v
}

func (s *shellUnderTest) poke() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

func (s *shellUnderTest) wait(what string, ok func() bool) {
	s.t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		s.mu.Lock()
		done := ok()
		s.mu.Unlock()
		if done {
			return
		}
		select {
		case <-s.changed:
		case <-time.After(20 * time.Millisecond):
		case <-deadline:
			s.mu.Lock()
			defer s.mu.Unlock()
			s.t.Fatalf("waiting for %s\nlooks: %q\nscreen: %q", what, s.looks, s.out.String())
		}
	}
}

// enter types text and waits until the shell has asked about it (looks) and is
// back at its prompt (prompts) as often as said.
func (s *shellUnderTest) enter(text string, looks, prompts int) {
	s.t.Helper()
	s.mu.Lock()
	wantLooks, wantPrompts := len(s.looks)+looks, len(s.prompts)+prompts
	drawn := s.out.Len()
	s.mu.Unlock()
	if _, err := s.tty.WriteString(text); err != nil {
		s.t.Fatal(err)
	}
	s.wait(text, func() bool { return len(s.looks) >= wantLooks && len(s.prompts) >= wantPrompts })
	if prompts > 0 {
		s.wait("a new prompt on the screen", func() bool { return newPrompt.Match(s.out.Bytes()[drawn:]) })
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.looks) != wantLooks || len(s.prompts) != wantPrompts {
		s.t.Fatalf("after %q: %d looks and %d prompts too many: %q", text, len(s.looks)-wantLooks, len(s.prompts)-wantPrompts, s.looks)
	}
}

// atPrompt waits until the line editor is ready for keys.
func (s *shellUnderTest) atPrompt() {
	s.t.Helper()
	s.wait("the prompt on the screen", func() bool {
		return newPrompt.Match(s.out.Bytes())
	})
}

// newPrompt is what a shell writes last before it reads a line.
var newPrompt = regexp.MustCompile(`(?:\x1b\[\?2004h|\x1b\[J|\n)[^\x1b\n]*[#$] (?:\x1b\[K|\x1b\[\?2004h)*$`)

// denied enters a line that the escort denies.
func (s *shellUnderTest) denied(text string) {
	s.t.Helper()
	s.mu.Lock()
	s.verdict = s.deny
	n := strings.Count(s.out.String(), "escort: denied")
	s.mu.Unlock()
	s.enter(text, 1, s.anew)
	s.wait("the denial", func() bool { return strings.Count(s.out.String(), "escort: denied") > n })
	s.atPrompt()
	s.mu.Lock()
	s.verdict = func(Line) Verdict { return Verdict{Word: Allow} }
	s.mu.Unlock()
}

// silence waits until the shell has written nothing for a while.
func (s *shellUnderTest) silence() {
	s.t.Helper()
	settled, seen := time.Now(), -1
	s.wait("silence", func() bool {
		if s.out.Len() != seen {
			seen, settled = s.out.Len(), time.Now()
		}
		return time.Since(settled) > 400*time.Millisecond
	})
}

func (s *shellUnderTest) last() Line {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.looks[len(s.looks)-1]
}

func startBash(t *testing.T) *shellUnderTest {
	t.Helper()
	rc := filepath.Join(t.TempDir(), "rc")
	if err := os.WriteFile(rc, []byte(Bash(NewKeys(), 3, false)), 0o600); err != nil {
		t.Fatal(err)
	}
	return start(t, nil, "bash", "--noprofile", "--rcfile", rc, "-i")
}

// inShells runs a test in each shell that has a hook.
func inShells(t *testing.T, test func(*testing.T, *shellUnderTest)) {
	t.Run("bash", func(t *testing.T) { test(t, startBash(t)) })
	t.Run("zsh", func(t *testing.T) { test(t, startZsh(t)) })
}

func start(t *testing.T, env []string, name string, arg ...string) *shellUnderTest {
	t.Helper()
	s := prepare(t)
	s.run(env, name, arg...)
	return s
}

func prepare(t *testing.T) *shellUnderTest {
	return &shellUnderTest{
		t: t, asked: map[string]string{}, changed: make(chan struct{}, 1),
		verdict: func(Line) Verdict { return Verdict{Word: Allow} },
	}
}

func (s *shellUnderTest) run(env []string, name string, arg ...string) {
	t := s.t
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip(name + " is missing")
	}
	sup, end, err := Pair()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, arg...)
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"TERM=xterm-256color", "PATH=" + os.Getenv("PATH"), "HOME=" + cmd.Dir, "LANG=C.UTF-8"}
	cmd.Env = append(cmd.Env, env...)
	cmd.ExtraFiles = []*os.File{end}
	s.tty, err = pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	_ = end.Close()
	conn := NewConn(sup, s, filepath.Base(path) == "zsh")
	var readers sync.WaitGroup
	readers.Go(func() {
		buf := make([]byte, 4096)
		for {
			n, err := s.tty.Read(buf)
			s.mu.Lock()
			s.out.Write(buf[:n])
			s.poke()
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	})
	readers.Go(func() { _ = conn.Serve(context.Background(), cmd.Process.Pid) })
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGKILL)
		_ = cmd.Wait()
		_ = conn.Close()
		_ = s.tty.Close()
		readers.Wait()
	})
	s.wait("the first prompt", func() bool { return len(s.prompts) == 1 })
	s.atPrompt()
}

// attack enters a line, allowed like any other but one that names mark.
func (s *shellUnderTest) attack(line string) (mark string) {
	s.t.Helper()
	mark = filepath.Join(s.t.TempDir(), "mark")
	s.mu.Lock()
	s.verdict = func(l Line) Verdict {
		if strings.Contains(l.Text, mark) {
			return s.deny(l)
		}
		return Verdict{Word: Allow}
	}
	s.mu.Unlock()
	if _, err := s.tty.WriteString(line + "\r"); err != nil {
		s.t.Fatal(err)
	}
	s.wait("the attack", func() bool { return len(s.looks) > 0 })
	return mark
}

func (s *shellUnderTest) deny(l Line) Verdict { return Verdict{Word: Deny, Reason: "not today"} }

func TestLinesAreSeenWhole(t *testing.T) {
	s := startBash(t)
	for _, tt := range []struct{ typed, text, as string }{
		{"true\r", "true", "true"},
		{" echo hi; echo second > /dev/null\r", " echo hi; echo second > /dev/null", " echo hi; echo second > /dev/null"},
		{"{ :; } > /dev/null\n", "{ :; } > /dev/null", "{ :; } > /dev/null"},
		{"f() { :; }\r", "f() { :; }", "f() { :; }"},
		{"echo one\r", "echo one", "echo one"},
		{"!!\r", "echo one", "!!"},
		{"echo again !e\r", "echo again echo one", "echo again !e"},
		{"echo '!x'\r", "echo '!x'", "echo '!x'"},
		{"\x1b[200~echo a\necho b\x1b[201~\r", "echo a\necho b", "echo a\necho b"},
		{"\x12again\r", "echo again echo one", "echo again echo one"},
		{"echo é\r", "echo é", "echo é"},
	} {
		s.enter(tt.typed, 1, 1)
		if got := s.last(); got.Text != tt.text || got.Typed != tt.as {
			t.Errorf("typed %q: the hook showed %q typed as %q, want %q as %q", tt.typed, got.Text, got.Typed, tt.text, tt.as)
		}
	}
}

func TestDeniedLineNeverRuns(t *testing.T) {
	s := startBash(t)
	mark := filepath.Join(t.TempDir(), "mark")
	for _, line := range []string{"echo x > " + mark, "{ :; } > " + mark, "for i in 1; do :; done > " + mark, ": & > " + mark} {
		s.denied(line + "\r")
	}
	s.enter("true\r", 1, 1)
	if _, err := os.Stat(mark); err == nil {
		t.Error("a denied line changed a file")
	}
	s.enter("\x1b[A\x1b[A\r", 1, 1)
	if got := s.last().Text; got != ": & > "+mark {
		t.Errorf("history brought %q, want the denied line", got)
	}
}

func TestRestOfARawPasteDoesNotComeAfterADeny(t *testing.T) {
	s := startBash(t)
	release := make(chan struct{})
	s.verdict = func(Line) Verdict { <-release; return Verdict{Word: Deny} }
	mark := filepath.Join(t.TempDir(), "mark")
	if _, err := s.tty.WriteString("true\r" + strings.Repeat("echo x >> "+mark+"\r", 9)); err != nil {
		t.Fatal(err)
	}
	s.wait("the first look", func() bool { return len(s.looks) == 1 })
	close(release)
	s.wait("the denial", func() bool { return strings.Contains(s.out.String(), "escort: denied") })
	s.verdict = func(Line) Verdict { return Verdict{Word: Allow} }
	s.atPrompt()
	s.enter("echo end\r", 1, 1)
	if got := s.last().Text; got != "echo end" {
		t.Errorf("after the denial the shell asked about %q", got)
	}
}

func TestUnfinishedLinesAreCollected(t *testing.T) { inShells(t, collectsUnfinishedLines) }

func collectsUnfinishedLines(t *testing.T, s *shellUnderTest) {
	s.verdict = func(l Line) Verdict {
		if strings.Contains(l.Text, "done") {
			return Verdict{Word: Allow}
		}
		return Verdict{Word: More}
	}
	s.enter("for i in 1 2\r", 1, 0)
	s.enter("do echo $i\r", 1, 0)
	s.enter("done\r", 1, 1)
	if got, want := s.last().Text, "for i in 1 2\ndo echo $i\ndone"; got != want {
		t.Errorf("collected %q, want %q", got, want)
	}
}

func TestReplacedBuiltinsDoNotReachTheHook(t *testing.T) {
	s := startBash(t)
	mark := filepath.Join(t.TempDir(), "mark")
	for _, name := range []string{"printf", "builtin", "read", "bind", "local", "unset", "history", "set", "return", "__escort_send"} {
		s.enter("function "+name+" { echo "+name+" >> "+mark+"; }\r", 1, 1)
		s.denied("touch " + mark + "\r")
		s.enter("true\r", 1, 1)
	}
	s.enter("alias __escort_look='touch "+mark+"' __escort_prompt='touch "+mark+"'\r", 1, 1)
	s.enter("true\r", 1, 1)
	if b, err := os.ReadFile(mark); err == nil {
		t.Errorf("a replaced builtin ran inside the hook: %s", b)
	}
}

// Every line here tries to make the next one, "echo x > MARK", run unasked. A
// shell that takes no line any more is a good answer.
func TestAttacksOnTheHookFailClosed(t *testing.T) {
	for _, attack := range []string{
		"set -e -u -x -v -f -H", "readonly POSIXLY_CORRECT", "builtin() { :; }; readonly POSIXLY_CORRECT",
		"readonly READLINE_LINE", "readonly READLINE_POINT=1", "set -o vi; readonly POSIXLY_CORRECT", "readonly __escort_line=x", "readonly IFS=,",
		"builtin() { :; }; readonly -f builtin", "FUNCNEST=1", "TMOUT=1", "exec 3>&-", "enable -n printf",
		"enable -n bind read", "IFS=123", "set -o vi", "shopt -s nocasematch extglob", "PROMPT_COMMAND=", "unset -f __escort_look",
		"__escort_look() { :; }", "LC_ALL=C", "trap : DEBUG", "set -o posix", "declare -i __escort_answer", "HISTCONTROL=ignoreboth:erasedups", "set +o history",
		"shopt -s extdebug", "READLINE_LINE=x", "alias builtin=: case=: while=:", "COLUMNS=0", "PS1=",
	} {
		t.Run(attack, func(t *testing.T) {
			s := startBash(t)
			mark := s.attack(attack)
			for _, accept := range []string{"\r", "\n", "\x0f", "\x18\x05", "\x1b#", "\x1b1\x1b#", "\x1b\x05", "\x03", "\x1b\r", "v"} {
				if _, err := s.tty.WriteString("echo x > " + mark + accept); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := s.tty.WriteString("\x15echo last\r"); err != nil {
				t.Fatal(err)
			}
			s.silence()
			if _, err := os.Stat(mark); err == nil {
				t.Errorf("a line ran unasked after %q\n%q", attack, s.out.String())
			}
		})
	}
}

func TestCtrlCWithdraws(t *testing.T) { inShells(t, withdrawsAtCtrlC) }

func withdrawsAtCtrlC(t *testing.T, s *shellUnderTest) {
	mark := filepath.Join(t.TempDir(), "mark")
	s.verdict = func(Line) Verdict { return Verdict{Word: "wait"} }
	s.enter("echo x > "+mark+"\r", 1, 0)
	s.enter("\x03", 0, 1)
	s.verdict = func(Line) Verdict { return Verdict{Word: Allow} }
	s.enter("true\r", 1, 1)
	if _, err := os.Stat(mark); err == nil {
		t.Error("a line that was taken back ran")
	}
}

func TestShellTellsWhatItKnows(t *testing.T) {
	s := startBash(t)
	s.enter("alias ll='ls -l' ; x='a b'; f() { echo in; }\r", 1, 1)
	s.knows("alias ll", "ls -l")
	s.knows("variable x", "a b")
	s.knows("function f", "f () \n{ \n    echo in\n}")
	s.knowsNot("variable nosuch", "variable a[$(touch_x)]")
}

// knows asks the shell for "KIND NAME".
func (s *shellUnderTest) knows(question, want string) {
	s.t.Helper()
	if got := s.ask(question); got != want {
		s.t.Errorf("%s is %q, want %q", question, got, want)
	}
}

func (s *shellUnderTest) knowsNot(questions ...string) {
	s.t.Helper()
	for _, q := range questions {
		if got := s.ask(q); !strings.HasPrefix(got, "error: ") {
			s.t.Errorf("%s is %q, want an error", q, got)
		}
	}
}

func (s *shellUnderTest) ask(question string) string {
	s.t.Helper()
	s.enter("#ask "+question+"\r", 1, 1)
	_, name, _ := strings.Cut(question, " ")
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[name]
}

// Where the prompt leaves no room for the line, it is held and allowed as ever.
func TestNarrowTerminalsHold(t *testing.T) {
	inShells(t, func(t *testing.T, s *shellUnderTest) {
		s.verdict = allowAll
		for n, cols := range []uint16{20, 12, 4} {
			if err := pty.Setsize(s.tty, &pty.Winsize{Rows: 24, Cols: cols}); err != nil {
				t.Fatal(err)
			}
			s.silence()
			if _, err := s.tty.WriteString("id\r"); err != nil {
				t.Fatal(err)
			}
			s.wait(fmt.Sprint("the line at ", cols, " columns"), func() bool { return strings.Count(s.out.String(), "uid=") > n })
		}
	})
}
