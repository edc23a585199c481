package screen

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// recording is a real program in a pty whose output is kept, so that the same
// bytes can be shown to both emulators.
type recording struct {
	t      *testing.T
	screen *Screen
	file   *os.File
	chunks chan []byte
	bytes  []byte
}

// record starts a program with a live Screen of the given size as its terminal.
func record(t *testing.T, cols, rows int, dir string, argv ...string) *recording {
	t.Helper()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = dir
	cmd.Env = []string{
		"TERM=xterm-256color", "COLORTERM=truecolor", "LC_ALL=C.UTF-8", "HOME=" + dir, "PATH=" + os.Getenv("PATH"),
		"PS1=$ ", "HISTFILE=", "LESS=-R", "GIT_CONFIG_NOSYSTEM=1",
	}
	file, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)})
	if err != nil {
		t.Fatal(err)
	}
	r := &recording{t: t, screen: New(cols, rows, 1000), file: file, chunks: make(chan []byte, 64)}
	go func() {
		defer close(r.chunks)
		for {
			buf := make([]byte, 8192)
			n, err := file.Read(buf)
			if n > 0 {
				r.chunks <- buf[:n]
			}
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what it started has the terminal too
		file.Close()
		if argv[0] == "tmux" { // whose server outlives what was started
			end := exec.Command("tmux", "-S", "inner.sock", "kill-server")
			end.Dir = dir
			_ = end.Run() // an error means that it had ended
		}
		for range r.chunks { // until the reader has ended
		}
		cmd.Wait()
	})
	return r
}

// until reads on until the screen shows want and then says nothing for a while;
// what the screen shows then is a checkpoint.
func (r *recording) until(want string) []byte {
	r.t.Helper()
	deadline := time.After(15 * time.Second)
	quiet := 15 * time.Second
	for {
		if want == "" || strings.Contains(strings.Join(r.screen.Text(), "\n"), want) {
			quiet = 100 * time.Millisecond
		}
		select {
		case p, ok := <-r.chunks:
			if !ok {
				return r.bytes
			}
			r.bytes = append(r.bytes, p...)
			r.screen.Write(p)
			if _, err := r.file.Write(r.screen.Replies()); err != nil {
				return r.bytes
			}
		case <-time.After(quiet):
			if quiet < time.Second {
				return r.bytes
			}
		case <-deadline:
			r.t.Fatalf("%q did not come; the screen:\n%s", want, strings.Join(trimRows(r.screen.Text()), "\n"))
		}
	}
}

func (r *recording) send(keys string) {
	r.t.Helper()
	if _, err := r.file.WriteString(keys); err != nil {
		r.t.Fatal(err)
	}
}

// action is keys to send and what the screen shows once they have worked.
type action struct{ keys, want string }

// programs are what the bytes of a session come from.
var programs = []struct {
	name  string
	argv  []string
	steps []action
}{
	{"vim", []string{"vim", "-u", "NONE", "-i", "NONE", "-N", "big.txt"}, []action{
		{"", "line 1"},
		{"\x04", "line 13"},
		{":set number hlsearch\r", "21 line"},
		{":syntax on | split | vsplit code.go\r", "package main"},
		{"ihello 漢字 e\u0301\x1b", "hello"},
		{"\x17jG", "line 200"},
		{"/line 5\r", "line 5"},
		{":only\r", "line 5"},
		{"5dd2Pixyz\x1b", "xyz"},
		{":!echo from the shell\r", "ENTER"},
		{"\r", "xyz"},
		{":q!\r", ""},
	}},
	{"less", []string{"less", "big.txt"}, []action{
		{"", "line 1"},
		{" ", "line 45"},
		{"/line 77\r", "line 77"},
		{"kkk", "line 7"},
		{"G", "line 200"},
		{"q", ""},
	}},
	{"bash", []string{"bash", "--norc", "--noprofile", "-i"}, []action{
		{"", "$"},
		{"echo a long line that is edited in the middle and goes on past the right edge of the screen", "screen"},
		{"\x01\x1bf\x1bfXYZ\x0b", "XYZ"},
		{"\x19\r", "$"},
		{"ls --color=always -la\r", "big.txt"},
		{"grep --color=always -n 'line 1.' big.txt | head -30\r", "line 1"},
		{"\x1b[A\x1b[A\x1b[B\x12ech", "ech"},
		{"\x07clear\r", "$"},
		{"printf '\\e[1;31mA\\e[0m\\e[4mB\\e[0m\\n\\e(0lqk\\e(B\\n漢字\\n'\r", "漢字"},
	}},
	{"top", []string{"top", "-d", "60"}, []action{
		{"", "PID"},
		{"1", "Cpu0"},
		{"z", "PID"},
		{"q", ""},
	}},
	{"htop", []string{"htop", "-d", "600"}, []action{
		{"", "PID"},
		{"\x1bOQ", "Setup"},
		{"\x1b\x1b", "PID"},
		{"q", ""},
	}},
	{"nano", []string{"nano", "code.go"}, []action{
		{"", "package main"},
		{"some words\r\r漢字", "some words"},
		{"\x17main\r", "main"},
		{"\x18n", ""},
	}},
	{"mc", []string{"mc", "-u", "-d"}, []action{
		{"", "big.txt"},
		{"\x1b[B\x1b[B", "big.txt"},
		{"\t\x1b[B", "code.go"},
		{"\t\x1b[B\x1b[B\x1b[B", "big.txt"},
	}},
	{"git", []string{"sh", "-c", "git init -q . && git add . && git -c user.name=a -c user.email=a@b commit -qm first && git -c color.ui=always log --stat --graph | cat; git -c color.ui=always show | less -R"}, []action{
		{"", "first"},
		{" ", ""},
	}},
	{"tmux", []string{"tmux", "-S", "inner.sock", "-f", "/dev/null", "new-session", "bash --norc --noprofile"}, []action{
		{"", "bash-"},
		{"\x02%", "bash-"},
		{"echo right\r", "right"},
		{"\x02\"", "bash-"},
		{"seq 100\r", "100"},
		{"\x02:kill-server\r", ""},
	}},
}

// TestRecordedPrograms runs real programs and compares what their bytes make
// on both emulators, at every checkpoint.
func TestRecordedPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("runs real programs")
	}
	m := newTmux(t)
	for _, p := range programs {
		for _, size := range [][2]int{{80, 24}, {120, 40}} {
			t.Run(fmt.Sprintf("%s %d×%d", p.name, size[0], size[1]), func(t *testing.T) {
				m.compareProgram(t, p.argv, p.steps, size[0], size[1])
			})
		}
	}
}

// compareProgram runs a program step by step and compares after each.
func (m *tmuxServer) compareProgram(t *testing.T, argv []string, steps []action, cols, rows int) {
	if _, err := exec.LookPath(argv[0]); err != nil {
		t.Skipf("missing: %s", argv[0])
	}
	dir := t.TempDir()
	writeFile(t, dir, "big.txt", strings.ReplaceAll(numbered(200), "\r", "")+"\n")
	writeFile(t, dir, "code.go", "package main\n\n// comment\nfunc main() {\n\tprintln(\"x\")\n}\n")
	r := record(t, cols, rows, dir, argv...)
	for i, st := range steps {
		r.send(st.keys)
		input := r.until(st.want)
		t.Run(string(rune('a'+i)), func(t *testing.T) { m.compare(t, cols, rows, input) })
	}
}

func writeFile(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
