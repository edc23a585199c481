package unotify

import (
	"encoding/binary"
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
		perm, nosys  = retErrno | errnoPERM, retErrno | errnoNOSYS
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
		{"openat", "amd64", 257, amd64, nil, retAllow},
		{"amd64's execve number on arm64", "arm64", 59, arm64, nil, retAllow},
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
