package child

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// untamed leaves a daemon in a session of its own and a loop that needs no
// start, and waits.
const untamed = `(setsid sh -c 'sleep 600 & exec sleep 600' &) ; (while :; do :; done) & echo ready; exec sleep 600`

// beSupervisor starts the untamed session, says which processes it has, and
// waits to be killed.
func beSupervisor(string) int {
	if err := Harden(); err != nil {
		fmt.Println("error", err)
		return 1
	}
	c := sh(untamed)
	c.Env = []string{"PATH=/usr/bin:/bin"}
	r, _, err := launch(c, allowAll)
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	if !settled(r) {
		fmt.Println("error: not ready")
		return 1
	}
	fmt.Println("pids", r.KeeperPID(), strings.Trim(fmt.Sprint(pidsBelow(r.KeeperPID())), "[]"))
	select {}
}

// settled waits for the shell, the loop, the daemon and its child.
func settled(r *running) bool {
	return until(patience, func() bool {
		return strings.Contains(r.text(), "ready") && len(pidsBelow(r.KeeperPID())) == 4
	})
}

func pidsBelow(root int) (pids []int) {
	all, _ := processes()
	for _, t := range below(all, root) {
		pids = append(pids, t.pid)
	}
	return pids
}

func alive(pids []int) (left []int) {
	for _, pid := range pids {
		if t, err := readTask(pid); err == nil && !t.dead {
			left = append(left, pid)
		}
	}
	return left
}

func TestKillEndsTheTree(t *testing.T) {
	r := run(t, sh(untamed), allowAll)
	if !settled(r) {
		t.Fatalf("the tree is %v", pidsBelow(r.KeeperPID()))
	}
	pids := append(pidsBelow(r.KeeperPID()), r.KeeperPID())
	if left, err := r.Kill(t.Context()); err != nil || len(left) > 0 {
		t.Errorf("Kill leaves %v: %v", left, err)
	}
	if left := alive(pids); len(left) > 0 {
		t.Errorf("%v of %v live on", left, pids)
	}
	if r.Status() != 137 || r.Err() != nil {
		t.Errorf("status %d, %v", r.Status(), r.Err())
	}
	if left, err := r.Kill(t.Context()); err != nil || len(left) > 0 {
		t.Errorf("a second Kill says %v, %v", left, err)
	}
}

func TestKeeperKilled(t *testing.T) {
	r := run(t, sh(untamed), allowAll)
	if !settled(r) {
		t.Fatalf("the tree is %v", pidsBelow(r.KeeperPID()))
	}
	pids := pidsBelow(r.KeeperPID())
	if err := unix.Kill(r.KeeperPID(), unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-r.Done():
	case <-time.After(patience):
		t.Fatal("nobody noticed")
	}
	if r.Status() != StatusKeeperLost || !strings.Contains(fmt.Sprint(r.Err()), ErrKeeperLost.Error()) {
		t.Errorf("status %d, %v", r.Status(), r.Err())
	}
	if left := alive(pids); len(left) > 0 {
		t.Errorf("%v of %v live on", left, pids)
	}
}

func TestKeeperStopped(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a keeper that does not answer")
	}
	r := run(t, sh(untamed), allowAll)
	if !settled(r) {
		t.Fatalf("the tree is %v", pidsBelow(r.KeeperPID()))
	}
	pids := append(pidsBelow(r.KeeperPID()), r.KeeperPID())
	if err := unix.Kill(r.KeeperPID(), unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if left, err := r.Kill(t.Context()); err != nil || len(left) > 0 {
		t.Errorf("Kill leaves %v: %v", left, err)
	}
	if left := alive(pids); len(left) > 0 {
		t.Errorf("%v of %v live on", left, pids)
	}
}

// startSupervisor runs the test binary as one, as the given user, and returns it
// with the processes of its session, the keeper first.
func startSupervisor(t *testing.T, credential *syscall.Credential) (*exec.Cmd, []int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if credential != nil {
		self = readableCopy(t, self)
	}
	cmd := exec.Command(self)
	cmd.Dir = "/"
	cmd.Env = []string{modeVar + "=supervisor", "PATH=/usr/bin:/bin"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: credential, Setsid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line := make(chan string, 1)
	go func() {
		buf := make([]byte, 4096)
		n, _ := out.Read(buf)
		line <- string(buf[:n])
	}()
	var said string
	select {
	case said = <-line:
	case <-time.After(2 * patience):
		t.Fatal("the supervisor says nothing")
	}
	words := strings.Fields(said)
	if len(words) < 6 || words[0] != "pids" {
		t.Fatalf("the supervisor says %q", said)
	}
	var pids []int
	for _, w := range words[1:] {
		pid, err := strconv.Atoi(w)
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return cmd, pids
}

// readableCopy puts the binary where every user may start it.
func readableCopy(t *testing.T, path string) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "escort-child-test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(dir, "test")
	if err := os.WriteFile(to, data, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return to
}

func nobody(t *testing.T) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can become nobody")
	}
	return &syscall.Credential{Uid: 65534, Gid: 65534}
}

func TestSupervisorKilled(t *testing.T) {
	for _, row := range []struct {
		name       string
		credential func(*testing.T) *syscall.Credential
	}{
		{"as it is", func(*testing.T) *syscall.Credential { return nil }},
		{"as nobody", nobody},
	} {
		t.Run(row.name, func(t *testing.T) {
			credential := row.credential(t)
			cmd, pids := startSupervisor(t, credential)
			if credential != nil {
				if n, err := statusField(pids[1], "NoNewPrivs"); err != nil || n != 1 {
					t.Errorf("no_new_privs is %d, %v", n, err)
				}
			}
			cmd.Process.Kill()
			if !until(time.Second, func() bool { return len(alive(pids)) == 0 }) {
				t.Errorf("after a second %v of %v live on", alive(pids), pids)
			}
		})
	}
}

// A 32-bit call has other numbers, so it must not get through at all.
func TestForeignCallDies(t *testing.T) {
	gcc, err := exec.LookPath("gcc")
	if err != nil || runtime.GOARCH != "amd64" {
		t.Skip("needs gcc on amd64")
	}
	dir := t.TempDir()
	source, program := filepath.Join(dir, "a.c"), filepath.Join(dir, "a")
	text := `int main(void) { int r; __asm__ volatile("int $0x80" : "=a"(r) : "a"(20)); return r > 0 ? 5 : 6; }`
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(gcc, "-o", program, source).CombinedOutput(); err != nil {
		t.Skipf("gcc: %s", bytes.TrimSpace(out))
	}
	status, _ := run(t, Config{Argv: []string{program}}, allowAll).wait(t)
	if status != 128+int(unix.SIGSYS) {
		t.Errorf("status %d, want death by SIGSYS", status)
	}
}

func TestBelow(t *testing.T) {
	all := []task{
		{pid: 2, parent: 1},
		{pid: 3, parent: 2, dead: true},
		{pid: 4, parent: 3},
		{pid: 5, parent: 1},
		{pid: 6, parent: 7},
		{pid: 7, parent: 6},
	}
	for _, row := range []struct{ root, want int }{{2, 1}, {1, 3}, {5, 0}, {6, 2}} {
		if got := below(all, row.root); len(got) != row.want {
			t.Errorf("below %d are %v, want %d", row.root, got, row.want)
		}
	}
}
