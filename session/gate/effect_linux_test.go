package gate

import (
	_ "embed"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"escort/explain/effect"
)

//go:embed testdata/calls.py
var calls []byte

// TestCallsAnswerAsWithoutTheGate runs the same calls, good and bad, with and
// without the gate.
func TestCallsAnswerAsWithoutTheGate(t *testing.T) {
	script := filepath.Join(t.TempDir(), "calls.py")
	if err := os.WriteFile(script, calls, 0o600); err != nil {
		t.Fatal(err)
	}
	s := begin(t, effect.Plan{}, nil, python(t), script)
	_, got := s.finish()
	cmd := exec.Command("script", "-qec", python(t)+" "+script, "/dev/null")
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

// held are ways to change something that no card showed. Each runs in an empty
// folder as python; nothing of it may happen, and it must be asked about, or,
// where refused says so, refused without asking.
var held = []struct {
	name, code string
	want       string // verb and parts of the object, or, where refused, of the alarm
	refused    bool
}{
	{"a system file is created", `open("/etc/escort-x", "w")`, "create /etc/escort-x", false},
	{"by the oldest call", `raw(85, b"/etc/escort-x", 0o644)`, "create /etc/escort-x", false},
	{"a system file is opened to be emptied", `os.open("/etc/escort-y", os.O_RDONLY | os.O_TRUNC)`, "write /etc/escort-y", false},
	{"through a symbolic link", `os.symlink("/etc/escort-x", "l"); open("l", "w")`, "create /etc/escort-x", false},
	{"through a folder's descriptor", `os.open("escort-x", os.O_WRONLY | os.O_CREAT, dir_fd=os.open("/etc", os.O_RDONLY))`, "create /etc/escort-x", false},
	{"through .. and links", `os.symlink("/usr", "u"); open("u/../etc/escort-x", "w")`, "create /etc/escort-x", false},
	{"through /proc/self/root", `open("/proc/self/root/etc/escort-x", "w")`, "create /etc/escort-x", false},
	{"under another root", `os.chroot("/etc"); open("/escort-x", "w")`, "create /etc/escort-x", false},
	{"a connection by an option", `socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132)`, "connect unusual", false},
	{"a disk's own commands", `import fcntl; fcntl.ioctl(os.open("/dev/null", os.O_RDONLY), 0x2285, b"x" * 88)`, "write disk", false},
	{"a network card", `import fcntl; fcntl.ioctl(socket.socket(), 0x8914, b"lo" + b"\0" * 38)`, "change network", false},
	{"through /proc/self/cwd", `os.chdir("/etc"); open("/proc/self/cwd/escort-x", "w")`, "create /etc/escort-x", false},
	{"a file is moved there", `open("a", "w"); os.rename("a", "/etc/escort-x")`, "rename /etc/escort-x", false},
	{"a link is made there", `open("a", "w"); os.link("a", "/etc/escort-x") `, "link /etc/escort-x", false},
	{"a system file gets a second name", `os.link("/etc/shadow", "s")`, "link /etc/shadow", false},
	{"permissions by a descriptor for reading", `os.fchmod(os.open("/etc/escort-y", os.O_RDONLY), 0o666)`, "permit /etc/escort-y", false},
	{"a false date", `os.utime("/etc/escort-y", (1, 1))`, "change /etc/escort-y", false},
	{"the list of accounts", `open("/etc/passwd", "a")`, "write /etc/passwd", false},
	{"a program that acts as its owner", `open("s", "w"); os.chmod("s", 0o4755)`, "permit /s", false},
	{"one that is made so", `os.open("s", os.O_CREAT | os.O_WRONLY, 0o4755)`, "create /s", false},
	{"a program with rights of its own", `open("s", "w"); os.setxattr("s", "security.capability", b"\x01\x00\x00\x02" + b"\xff" * 16)`, "change /s", false},
	{"a log is emptied", `os.truncate("/var/log/escort-y", 0)`, "write /var/log/escort-y", false},
	{"a disk", `os.mknod("/dev/escort-disk", 0o60600, os.makedev(7, 0))`, "create /dev/escort-disk", false},
	{"a disk under a name of one's own", `os.mknod("d", 0o60600, os.makedev(7, 0)); os.open("d", os.O_RDWR)`, "create /d", false},
	{"the machine's memory", `os.mknod("m", 0o20600, os.makedev(1, 1))`, "create /m", false},
	{"the kernel's own program", `open("/proc/sys/kernel/core_pattern", "w")`, "write core_pattern", false},
	{"another machine", `socket.create_connection(("192.0.2.1", 80), timeout=0.1)`, "connect 192.0.2.1 port 80", false},
	{"a connection and data at once", `socket.socket().sendto(b"x", 0x20000000, ("192.0.2.1", 80))`, "", true},
	{"a datagram", `socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53))`, "connect other machines", false},
	{"a message to a program of this machine", `s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.sendmsg([b"x"], [], 0, "/nowhere/log")`, "connect programs of this machine", false},
	{"one from a pair of sockets", `s, t = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM); s.sendmsg([b"x"], [], 0, "/nowhere/log")`, "connect programs of this machine", false},
	{"a raw socket", `socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)`, "connect other machines by raw", false},
	{"all traffic", `socket.socket(socket.AF_PACKET, socket.SOCK_RAW)`, "watch everything", false},
	{"a login to this machine itself", `socket.create_connection(("127.0.0.1", 22))`, "connect own port 22", false},
	{"a port", `s = socket.socket(); s.bind(("0.0.0.0", 0)); s.listen()`, "listen ", false},
	{"a signal to another's process", `os.kill(1, 18)`, "signal process 1", false},
	{"a signal by a descriptor", `import signal; signal.pidfd_send_signal(os.pidfd_open(1), 18)`, "signal process 1", false},
	{"a signal to everybody", `os.kill(-1, 18)`, "", true},
	{"a file system", `libc.mount(b"none", b".", b"tmpfs", 0, None) and fail()`, "mount file system", false},
	{"the new calls for it", `raw(430, b"tmpfs", 0)`, "", true},
	{"a part of the kernel", `raw(313, os.open("/bin/true", os.O_RDONLY), b"", 0)`, "load part of the kernel", false},
	{"code in the kernel", `raw(321, 0, ctypes.create_string_buffer(128), 128)`, "load code into the kernel", false},
	{"a namespace", `libc.unshare(0x10000000) and fail()`, "create separate view", false},
	{"a namespace by clone", `raw(56, 0x10000000 | 17, 0, 0, 0, 0) or os._exit(0)`, "create separate view", false},
	{"clone3", `raw(435, ctypes.create_string_buffer(88), 88) or os._exit(0)`, "", true},
	{"the clock", `time.clock_settime(time.CLOCK_REALTIME, time.time())`, "change clock", false},
	{"the kernel's messages", `libc.klogctl(7, None, 0) < 0 and fail()`, "clear messages", false},
	{"a file by its number", `raw(304, -100, ctypes.create_string_buffer(128), 0)`, "", true},
	{"the memory of another", `raw(311, 1, 0, 0, 0, 0, 0)`, "", true},
	{"another's memory by its file", `open("/proc/1/mem", "r+b")`, "write /proc/1/mem", false},
	{"openat2", `raw(437, -100, b"/etc/escort-x", ctypes.create_string_buffer(24), 24)`, "", true},
	{"io_uring", `raw(425, 8, ctypes.create_string_buffer(120))`, "", true},
	{"a call that nobody knows", `raw(499)`, "", true},
	{"firewall rules", `socket.socket().setsockopt(0, 64, b"x" * 40)`, "change firewall", false},
	{"the supervision's own record", `open(guarded + "/ledger.jsonl", "a")`, "the supervision's own", true},
	{"its folder", `os.rename(guarded, "moved")`, "the supervision's own", true},
	{"a folder above it", `os.rename(os.path.dirname(guarded), os.path.dirname(guarded) + "-moved")`, "the supervision's own", true},
	{"another folder in its place", `os.mkdir("d"); os.mkdir("d/lost"); os.rename("d", os.path.dirname(guarded) + "/lost")`, "the supervision's own", true},
	{"a link in its place", `os.symlink("/tmp", os.path.dirname(guarded) + "/lost")`, "the supervision's own", true},
	{"a second name for it", `open(guarded + "/l", "x") if 0 else os.symlink(guarded, "g"); open("g/ledger.jsonl", "w")`, "the supervision's own", true},
}

const prelude = `
import ctypes, os, socket, sys, time
guarded = os.environ["GUARDED"]
libc = ctypes.CDLL(None, use_errno=True)
def fail(): raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
def raw(nr, *args):
    r = libc.syscall(nr, *args)
    if r < 0: fail()
    return r
`

// TestWhatNoCardShowedIsHeld denies everything and checks that nothing happened.
func TestWhatNoCardShowedIsHeld(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root: an ordinary user is refused most of this by the kernel")
	}
	for _, p := range []string{"/var/log/escort-y", "/etc/escort-y"} {
		if err := os.WriteFile(p, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		defer os.Remove(p)
	}
	for _, c := range held {
		t.Run(c.name, func(t *testing.T) {
			if strings.Contains(c.code, "raw(") && unix.SYS_OPENAT != 257 {
				t.Skip("the numbers in this test are those of amd64")
			}
			code := prelude + "try:\n    " + strings.ReplaceAll(c.code, "; ", "\n    ") + "\n    print('DONE')\nexcept OSError as e:\n    print(e.errno)\n"
			s := begin(t, effect.Plan{}, nil, python(t), "-c", code)
			_, out := s.finish()
			if strings.Contains(out, "DONE") || strings.Contains(out, "Traceback") {
				t.Errorf("it went on: %q", out)
			}
			for _, p := range []string{"/var/log/escort-y", "/etc/escort-y"} {
				if info, err := os.Stat(p); err != nil || info.Size() != 1 || info.Mode() != 0o600 || info.ModTime().Year() < 2000 {
					t.Errorf("%s was changed: %+v, %v", p, info, err)
				}
			}
			for _, p := range []string{"/etc/escort-x", "/dev/escort-disk", filepath.Join(s.guarded, "ledger.jsonl")} {
				if _, err := os.Lstat(p); !errors.Is(err, os.ErrNotExist) {
					t.Errorf("%s is there", p)
					_ = os.Remove(p)
				}
			}
			asked(t, s, c.want, c.refused)
		})
	}
}

func asked(t *testing.T, s *session, want string, refused bool) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if refused {
		if len(s.wanted) > 0 {
			t.Errorf("asked: %+v", s.wanted)
		}
		if want != "" && !strings.Contains(strings.Join(s.alarms, "\n"), want) {
			t.Errorf("alarms %q do not say %q", s.alarms, want)
		}
		return
	}
	verb, object, _ := strings.Cut(want, " ")
	for _, q := range s.wanted {
		for _, e := range q.Effects {
			hit := e.Verb == verb
			for _, w := range strings.Fields(object) {
				hit = hit && strings.Contains(e.Object, w)
			}
			if hit {
				return
			}
		}
	}
	t.Errorf("not asked %q: %+v, alarms %q", want, s.wanted, s.alarms)
}
