package unotify

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/bpf"
)

// verdict runs the filter in an interpreter. Seccomp reads its data in the
// machine's byte order and the interpreter in the network's, so each word is
// written the other way round, the low half of an argument still first.
func verdict(t *testing.T, goarch string, nr, arch uint32, args ...uint64) uint32 {
	t.Helper()
	raw, err := Program(goarch)
	if err != nil {
		t.Fatal(err)
	}
	program, ok := bpf.Disassemble(raw)
	if !ok {
		t.Fatal("the filter holds an instruction that cannot be read back")
	}
	vm, err := bpf.NewVM(program)
	if err != nil {
		t.Fatal(err)
	}
	data := binary.BigEndian.AppendUint32(nil, nr)
	data = binary.BigEndian.AppendUint32(data, arch)
	data = append(data, make([]byte, 8)...)
	for i := range 6 {
		var arg uint64
		if i < len(args) {
			arg = args[i]
		}
		data = binary.BigEndian.AppendUint32(data, uint32(arg))
		data = binary.BigEndian.AppendUint32(data, uint32(arg>>32))
	}
	got, err := vm.Run(data)
	if err != nil {
		t.Fatal(err)
	}
	return uint32(got)
}

func TestProgram(t *testing.T) {
	const (
		amd64, arm64 = 0xc000003e, 0xc00000b7
		i386, arm    = 0x40000003, 0x40000028
		perm, nosys  = refused, absent
	)
	for _, row := range []struct {
		name, goarch string
		nr, arch     uint32
		args         []uint64
		want         uint32
	}{
		{"execve", "amd64", 59, amd64, nil, retNotify},
		{"execve", "arm64", 221, arm64, nil, retNotify},
		{"execveat", "amd64", 322, amd64, nil, retNotify},
		{"execveat", "arm64", 281, arm64, nil, retNotify},
		{"a 32-bit execve", "amd64", 11, i386, nil, retKill},
		{"a 32-bit call whose number is execve's", "amd64", 59, i386, nil, retKill},
		{"a 32-bit execve", "arm64", 11, arm, nil, retKill},
		{"the other machine's", "arm64", 221, amd64, nil, retKill},
		{"x32 execve", "amd64", 0x40000000 | 520, amd64, nil, retKill},
		{"x32 execve by the plain number", "amd64", 0x40000000 | 59, amd64, nil, retKill},
		{"the x32 bit and more", "amd64", 0xfffffffe, amd64, nil, retKill},
		{"a call that a tracer skipped", "amd64", 0xffffffff, amd64, nil, retAllow},
		{"pidfd_getfd", "amd64", 438, amd64, nil, perm},
		{"pidfd_getfd", "arm64", 438, arm64, nil, perm},
		{"io_uring_setup", "amd64", 425, amd64, nil, nosys},
		{"io_uring_setup", "arm64", 425, arm64, nil, nosys},
		{"openat2", "amd64", 437, amd64, nil, nosys},
		{"openat2", "arm64", 437, arm64, nil, nosys},
		{"TIOCSTI", "amd64", 16, amd64, []uint64{0, 0x5412}, perm},
		{"TIOCSTI with a dirty high half", "amd64", 16, amd64, []uint64{0, 0xdeadbeef_00005412}, perm},
		{"TIOCLINUX", "amd64", 16, amd64, []uint64{0, 0x541c}, perm},
		{"TIOCSETD", "amd64", 16, amd64, []uint64{0, 0x5423}, perm},
		{"TIOCSTI", "arm64", 29, arm64, []uint64{0, 0x5412}, perm},
		{"TCGETS", "amd64", 16, amd64, []uint64{0, 0x5401}, retAllow},
		{"TIOCSTI as another argument", "amd64", 16, amd64, []uint64{0x5412, 0x5401, 0x5412}, retAllow},
		{"TIOCSTI of another call", "amd64", 1, amd64, []uint64{0, 0x5412}, retAllow},
		{"amd64's execve number on arm64", "arm64", 59, arm64, nil, retAllow},
		{"openat to read", "amd64", 257, amd64, []uint64{0, 0, 0o2000000}, retAllow},
		{"openat to write", "amd64", 257, amd64, []uint64{0, 0, 1}, retNotify},
		{"openat to read and write", "arm64", 56, arm64, []uint64{0, 0, 2}, retNotify},
		{"openat that creates", "amd64", 257, amd64, []uint64{0, 0, 0o100}, retNotify},
		{"openat to read that empties", "amd64", 257, amd64, []uint64{0, 0, 0o1000}, retNotify},
		{"openat for its ioctls alone", "amd64", 257, amd64, []uint64{0, 0, 3}, retNotify},
		{"open to write", "amd64", 2, amd64, []uint64{0, 1}, retNotify},
		{"open to read", "amd64", 2, amd64, []uint64{0, 0, 0o777}, retAllow},
		{"open that only names", "amd64", 257, amd64, []uint64{0, 0, 0o10000001}, retAllow},
		{"unlink", "amd64", 87, amd64, nil, retNotify},
		{"unlinkat", "arm64", 35, arm64, nil, retNotify},
		{"fork", "amd64", 57, amd64, nil, retAllow},
		{"clone of a thread", "amd64", 56, amd64, []uint64{0x3d0f00}, retAllow},
		{"clone into a user namespace", "amd64", 56, amd64, []uint64{0x10000000 | 17}, retNotify},
		{"clone3", "amd64", 435, amd64, nil, nosys},
		{"unshare of mounts", "arm64", 97, arm64, []uint64{0x20000}, retNotify},
		{"unshare of files", "amd64", 272, amd64, []uint64{0x400}, retAllow},
		{"kill with signal 0", "amd64", 62, amd64, []uint64{1, 0}, retAllow},
		{"kill", "amd64", 62, amd64, []uint64{1, 9}, retNotify},
		{"tgkill", "arm64", 131, arm64, []uint64{1, 1, 9}, retNotify},
		{"tgkill with signal 0", "arm64", 131, arm64, []uint64{1, 1, 0}, retAllow},
		{"sendto on a connection", "amd64", 44, amd64, []uint64{3, 0x1000, 1}, retAllow},
		{"sendto to an address", "amd64", 44, amd64, []uint64{3, 0x1000, 1, 0, 0x7fff_00001000, 16}, retNotify},
		{"sendto to an address whose low half is 0", "amd64", 44, amd64, []uint64{3, 0x1000, 1, 0, 0x7fff_00000000, 16}, retNotify},
		{"sendto that connects", "amd64", 44, amd64, []uint64{3, 0x1000, 1, 0x20000000, 0, 0}, perm},
		{"sendmsg", "amd64", 46, amd64, []uint64{3, 0x1000, 0}, retAllow},
		{"sendmsg that connects", "amd64", 46, amd64, []uint64{3, 0x1000, 0x20000000}, perm},
		{"sendmmsg that connects", "arm64", 269, arm64, []uint64{3, 0x1000, 1, 0x20000000}, perm},
		{"socket of this machine", "amd64", 41, amd64, []uint64{1, 0x80001}, retAllow},
		{"socket of this machine for datagrams", "amd64", 41, amd64, []uint64{1, 0x802}, retNotify},
		{"raw socket of this machine, which is one for datagrams", "arm64", 198, arm64, []uint64{1, 3}, retNotify},
		{"pair of sockets", "amd64", 53, amd64, []uint64{1, 1}, retAllow},
		{"pair of sockets for datagrams, which may name others", "amd64", 53, amd64, []uint64{1, 0x80002}, retNotify},
		{"socket for a stream", "amd64", 41, amd64, []uint64{2, 0x80001}, retAllow},
		{"socket of SCTP, which connects by an option", "amd64", 41, amd64, []uint64{2, 1, 132}, retNotify},
		{"socket of MPTCP", "amd64", 41, amd64, []uint64{2, 1, 262}, retAllow},
		{"a disk's own commands", "amd64", 16, amd64, []uint64{3, 0x2285}, retNotify},
		{"a network card's flags", "arm64", 29, arm64, []uint64{3, 0x8914}, retNotify},
		{"a network card's flags, read", "amd64", 16, amd64, []uint64{3, 0x8913}, retAllow},
		{"socket for datagrams", "amd64", 41, amd64, []uint64{10, 0x80802}, retNotify},
		{"raw socket", "amd64", 41, amd64, []uint64{2, 3}, retNotify},
		{"packet socket", "arm64", 198, arm64, []uint64{17, 3}, retNotify},
		{"route socket", "amd64", 41, amd64, []uint64{16, 3, 0}, retNotify},
		{"a child of another", "amd64", 56, amd64, []uint64{0x8000 | 17}, retNotify},
		{"F_SETFL", "amd64", 72, amd64, []uint64{3, 4, 8}, retAllow},
		{"F_SETOWN", "amd64", 72, amd64, []uint64{3, 8, 1}, retNotify},
		{"F_SETOWN_EX", "arm64", 25, arm64, []uint64{3, 15, 1}, perm},
		{"FIOSETOWN", "amd64", 16, amd64, []uint64{3, 0x8901}, perm},
		{"TIOCSCTTY", "amd64", 16, amd64, []uint64{3, 0x540e, 0}, retAllow},
		{"TIOCSCTTY that steals", "amd64", 16, amd64, []uint64{3, 0x540e, 1}, perm},
		{"PR_SET_MM", "amd64", 157, amd64, []uint64{35, 13}, perm},
		{"PR_SET_NAME", "amd64", 157, amd64, []uint64{15, 13}, retAllow},
		{"limits of one's own", "amd64", 302, amd64, []uint64{0, 7, 0x1000}, retAllow},
		{"limits of another, read", "amd64", 302, amd64, []uint64{9, 7, 0, 0x1000}, retAllow},
		{"limits of another", "amd64", 302, amd64, []uint64{9, 7, 0x1000}, retNotify},
		{"limits at an address whose low half is 0", "amd64", 302, amd64, []uint64{9, 7, 0x7fff_00000000}, retNotify},
		{"one's own priority", "amd64", 141, amd64, []uint64{0, 0, 5}, retAllow},
		{"another's priority", "amd64", 141, amd64, []uint64{0, 9, 5}, retNotify},
		{"an account's priority", "amd64", 141, amd64, []uint64{2, 0, 5}, retNotify},
		{"one's own priority at the disk", "amd64", 251, amd64, []uint64{1, 0, 5}, retAllow},
		{"another's processors", "arm64", 122, arm64, []uint64{9, 8}, retNotify},
		{"being asked about files", "amd64", 300, amd64, []uint64{4, 0}, retNotify},
		{"being told of files", "amd64", 300, amd64, []uint64{0, 0}, retAllow},
		{"attaching to another", "amd64", 101, amd64, []uint64{16, 9}, retNotify},
		{"being traced by the parent", "amd64", 101, amd64, []uint64{0}, retAllow},
		{"removing shared memory", "amd64", 31, amd64, []uint64{3, 0}, retNotify},
		{"looking at shared memory", "amd64", 31, amd64, []uint64{3, 2}, retAllow},
		{"audit socket", "amd64", 41, amd64, []uint64{16, 3, 9}, retNotify},
		{"firewall rules by setsockopt", "amd64", 54, amd64, []uint64{3, 0, 64}, retNotify},
		{"ARP rules by setsockopt", "amd64", 54, amd64, []uint64{3, 0, 96}, retNotify},
		{"load spreading by setsockopt", "amd64", 54, amd64, []uint64{3, 0, 1154}, retNotify},
		{"the same number at another level", "amd64", 54, amd64, []uint64{3, 1, 64}, retAllow},
		{"setsockopt", "amd64", 54, amd64, []uint64{3, 0, 2}, retAllow},
		{"file flags", "amd64", 16, amd64, []uint64{3, 0x40086602}, retNotify},
		{"reading the kernel's log", "amd64", 103, amd64, []uint64{3}, retAllow},
		{"emptying the kernel's log", "amd64", 103, amd64, []uint64{5}, retNotify},
		{"process_vm_writev", "amd64", 311, amd64, nil, perm},
		{"mount", "amd64", 165, amd64, nil, retNotify},
		{"fsopen", "amd64", 430, amd64, nil, nosys},
		{"a call that no kernel has yet", "amd64", 499, amd64, nil, nosys},
		{"a number in a gap of the table", "amd64", 400, amd64, nil, nosys},
		{"a number in a gap of the table", "arm64", 300, arm64, nil, nosys},
	} {
		t.Run(row.goarch+" "+row.name, func(t *testing.T) {
			if got := verdict(t, row.goarch, row.nr, row.arch, row.args...); got != row.want {
				t.Errorf("the filter answers %#x, want %#x", got, row.want)
			}
		})
	}
}

func TestProgramUnknownMachine(t *testing.T) {
	for _, goarch := range []string{"386", "riscv64", ""} {
		if _, err := Program(goarch); err == nil {
			t.Errorf("there is a filter for %q", goarch)
		}
	}
}

// TestEveryCallHasARow holds the table against the numbers of the kernel's
// headers, as x/sys carries them.
func TestEveryCallHasARow(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/sys").Output()
	if err != nil {
		t.Skip("needs the go command: ", err)
	}
	for _, goarch := range []string{"amd64", "arm64"} {
		file := filepath.Join(strings.TrimSpace(string(dir)), "unix", "zsysnum_linux_"+goarch+".go")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := rowsOf(goarch)
		if err != nil {
			t.Fatal(err)
		}
		have := map[string]uint32{}
		for _, r := range rows {
			have[r.name] = r.number
		}
		calls := regexp.MustCompile(`SYS_(\w+)\s+= (\d+)`).FindAllStringSubmatch(string(text), -1)
		if len(calls) < 300 || len(rows) != len(calls) {
			t.Errorf("%s: %d rows for %d calls", goarch, len(rows), len(calls))
		}
		for _, c := range calls {
			if n, ok := have[strings.ToLower(c[1])]; !ok || strconv.Itoa(int(n)) != c[2] {
				t.Errorf("%s: %s is %s; the table says %d, %v", goarch, c[1], c[2], n, ok)
			}
		}
	}
}
