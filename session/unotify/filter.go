package unotify

import (
	"fmt"

	"golang.org/x/net/bpf"
)

// What a filter returns, from linux/seccomp.h; an errno goes into the low bits.
const (
	retKill   = 0x80000000 // the whole process, not the thread alone
	retErrno  = 0x00050000
	retNotify = 0x7fc00000
	retAllow  = 0x7fff0000
)

// Errno values and ioctl commands are the same on both architectures.
const (
	errnoPERM  = 1
	errnoNOSYS = 38

	cmdTIOCSTI   = 0x5412 // types into a terminal: allows one's own hold
	cmdTIOCLINUX = 0x541c // pastes into a virtual console
	cmdTIOCSETD  = 0x5423 // puts a line discipline under the terminal
)

// Offsets into struct seccomp_data. Both architectures are little-endian, so
// the low half of an argument comes first.
const (
	offNumber = 0
	offArch   = 4
	offArg1   = 16 + 8
)

const (
	x32Bit   = 0x40000000
	noNumber = 0xffffffff // what a tracer writes to skip a call; the kernel answers ENOSYS
)

// machine is what differs between architectures.
type machine struct {
	audit                             uint32 // AUDIT_ARCH_*
	x32                               bool
	execve, execveat, ioctl           uint32
	pidfdGetfd, ioUringSetup, openat2 uint32
}

var machines = map[string]machine{
	"amd64": {
		audit: 0xc000003e, x32: true,
		execve: 59, execveat: 322, ioctl: 16,
		pidfdGetfd: 438, ioUringSetup: 425, openat2: 437,
	},
	"arm64": {
		audit:  0xc00000b7,
		execve: 221, execveat: 281, ioctl: 29,
		pidfdGetfd: 438, ioUringSetup: 425, openat2: 437,
	},
}

// Program is the filter of a session for an architecture as GOARCH names it
// (amd64, arm64). Starts are handed over; the other architectures of the same
// processor die, since their numbers mean other calls; what would steal the
// listener, type into a terminal or work behind the filter's back is refused;
// all else passes.
func Program(goarch string) ([]bpf.RawInstruction, error) {
	m, ok := machines[goarch]
	if !ok {
		return nil, fmt.Errorf("starts cannot be held on %s: the gate knows amd64 and arm64", goarch)
	}
	program := []bpf.Instruction{
		bpf.LoadAbsolute{Off: offArch, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: m.audit, SkipTrue: 1},
		bpf.RetConstant{Val: retKill},
		bpf.LoadAbsolute{Off: offNumber, Size: 4},
	}
	if m.x32 {
		program = append(
			program,
			bpf.JumpIf{Cond: bpf.JumpEqual, Val: noNumber, SkipTrue: 2},
			bpf.JumpIf{Cond: bpf.JumpGreaterOrEqual, Val: x32Bit, SkipFalse: 1},
			bpf.RetConstant{Val: retKill},
		)
	}
	for _, rule := range []struct{ number, answer uint32 }{
		{m.execve, retNotify},
		{m.execveat, retNotify},
		{m.pidfdGetfd, retErrno | errnoPERM},
		{m.ioUringSetup, retErrno | errnoNOSYS},
		{m.openat2, retErrno | errnoNOSYS},
	} {
		program = append(program, answer(rule.number, rule.answer)...)
	}
	program = append(program, ioctls(m.ioctl)...)
	raw, err := bpf.Assemble(append(program, bpf.RetConstant{Val: retAllow}))
	if err != nil {
		return nil, fmt.Errorf("assembling the filter for %s: %w", goarch, err)
	}
	return raw, nil
}

// answer returns what to say when the loaded word is the given value.
func answer(value, with uint32) []bpf.Instruction {
	return []bpf.Instruction{
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: value, SkipFalse: 1},
		bpf.RetConstant{Val: with},
	}
}

// ioctls refuses the terminal commands. The kernel takes the command as 32
// bits, so a high half must not hide it.
func ioctls(number uint32) []bpf.Instruction {
	var refused []bpf.Instruction
	for _, cmd := range []uint32{cmdTIOCSTI, cmdTIOCLINUX, cmdTIOCSETD} {
		refused = append(refused, answer(cmd, retErrno|errnoPERM)...)
	}
	head := []bpf.Instruction{
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: number, SkipFalse: uint8(1 + len(refused))},
		bpf.LoadAbsolute{Off: offArg1, Size: 4},
	}
	return append(head, refused...)
}
