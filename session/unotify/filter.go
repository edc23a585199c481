package unotify

import (
	"fmt"
	"slices"

	"golang.org/x/net/bpf"
)

// What a filter returns, from linux/seccomp.h; an errno goes into the low bits.
const (
	retKill   = 0x80000000 // the whole process, not the thread alone
	retErrno  = 0x00050000
	retNotify = 0x7fc00000
	retAllow  = 0x7fff0000

	refused = retErrno | 1  // EPERM
	absent  = retErrno | 38 // ENOSYS
)

// Offsets into struct seccomp_data. Both architectures are little-endian, so
// the low half of an argument comes first.
const (
	offNumber = 0
	offArch   = 4
)

func offArg(i int) uint32 { return uint32(16 + 8*i) }

const (
	x32Bit   = 0x40000000
	noNumber = 0xffffffff // what a tracer writes to skip a call; the kernel answers ENOSYS
)

// machine is what differs between architectures.
type machine struct {
	audit uint32 // AUDIT_ARCH_*
	x32   bool
}

var machines = map[string]machine{
	"amd64": {audit: 0xc000003e, x32: true},
	"arm64": {audit: 0xc00000b7},
}

// What is looked for in registers. All of these are the same on both
// architectures.
const (
	// O_WRONLY, O_RDWR, O_CREAT and O_TRUNC: opens that may change something.
	openChanges = 0o1 | 0o2 | 0o100 | 0o1000
	// O_PATH: names a file and makes all of the above mean nothing.
	openNames = 0o10000000
	// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET.
	newSpaces   = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
	newTime     = 0x80   // CLONE_NEWTIME; in clone(2) it is part of a signal's number
	elsewhere   = 0x8000 // CLONE_PARENT: the child is another's
	msgFastOpen = 0x20000000
)

// Terminal commands that type for the escort, and commands that change what a
// file is though it was opened for reading alone.
var (
	ioctlRefused = []uint32{
		0x8901, // FIOSETOWN: has the kernel send signals
		0x8902, // SIOCSPGRP: the same
		0x5412, // TIOCSTI: types into a terminal
		0x541d, // TIOCCONS: takes the machine's messages
		0x5437, // TIOCVHANGUP: hangs a terminal up
		0x541c, // TIOCLINUX: pastes into a virtual console
		0x5423, // TIOCSETD: puts a line discipline under the terminal
	}
	ioctlNotified = notifiedCommands()
)

// answers maps the words of the table to instructions that are run with the
// call's number in the accumulator and end with an answer on every path.
var answers = map[string][]bpf.Instruction{
	"free":       {give(retAllow)},
	"notify":     {give(retNotify)},
	"refused":    {give(refused)},
	"absent":     {give(absent)},
	"open-1":     opens(1),
	"open-2":     opens(2),
	"clone":      ifBits(0, newSpaces|elsewhere, retNotify, retAllow),
	"unshare":    ifBits(0, newSpaces|newTime, retNotify, retAllow),
	"signal-1":   unless(1, retNotify, retAllow, 0),
	"signal-2":   unless(2, retNotify, retAllow, 0),
	"fastopen-2": ifBits(2, msgFastOpen, refused, retAllow),
	"fastopen-3": ifBits(3, msgFastOpen, refused, retAllow),
	"ioctl":      slices.Concat(load(1), when(0x540e, stealing), among(ioctlRefused, refused), among(ioctlNotified, retNotify), give1(retAllow)),
	"other-0":    unless(0, retNotify, retAllow, 0),
	"other-1":    onOthers(0, 1, 0),
	"ioprio":     onOthers(0, 1, 1),
	"prlimit":    prlimit,
	"fcntl":      slices.Concat(load(1), among([]uint32{8}, retNotify), among([]uint32{15}, refused), give1(retAllow)), // F_SETOWN, F_SETOWN_EX
	"prctl":      slices.Concat(load(0), among([]uint32{35}, refused), give1(retAllow)),                                // PR_SET_MM: what a process is called
	"fanotify":   ifBits(0, 0xc, retNotify, retAllow),                                                                  // that is asked before files are opened
	"ptrace":     slices.Concat(load(0), among([]uint32{16, 0x4206}, retNotify), give1(retAllow)),                      // PTRACE_ATTACH, PTRACE_SEIZE
	"ipc-1":      unless(1, retAllow, retNotify, ipcChanges...),
	"ipc-2":      unless(2, retAllow, retNotify, ipcChanges...),
	"syslog":     unless(0, retNotify, retAllow, 0, 1, 2, 3, 9, 10), // what does not clear or silence
	"setsockopt": setsockopt,
	"sendto":     sendto,
	"socket":     socket,
	"socketpair": local,
}

// setsockopt hands over what replaces the rules of the firewall (64 and up,
// ARP's and the bridges' too), of routing to many (200) and of spreading load
// (1152), by the options of IP and of IPv6.
var setsockopt = slices.Concat(load(1), when(0, rules), when(41, rules), give1(retAllow))

var rules = slices.Concat(
	load(2), among([]uint32{64, 65, 96, 97, 128, 129}, retNotify),
	[]bpf.Instruction{bpf.JumpIf{Cond: bpf.JumpGreaterOrEqual, Val: 200, SkipFalse: 1}, give(retNotify)}, give1(retAllow),
)

// stealing refuses TIOCSCTTY with anything but 0: it takes a terminal away from
// another session.
var stealing = unless(2, refused, retAllow, 0)

// onOthers hands a call over unless its argument which is one, the sort that
// names processes by number, and who is 0, the caller.
func onOthers(which, who int, one uint32) []bpf.Instruction {
	return slices.Concat(load(which), when(one, unless(who, retNotify, retAllow, 0)), give1(retNotify))
}

// prlimit hands over what sets limits of another process.
var prlimit = slices.Concat(
	load(0), among([]uint32{0}, retAllow),
	load(2), []bpf.Instruction{bpf.JumpIf{Cond: bpf.JumpEqual, Val: 0, SkipTrue: 1}, give(retNotify)},
	[]bpf.Instruction{bpf.LoadAbsolute{Off: offArg(2) + 4, Size: 4}}, among([]uint32{0}, retAllow), give1(retNotify),
)

// ipcChanges are the commands that take away or change memory, semaphores and
// queues that programs share: IPC_RMID, IPC_SET, SETVAL and SETALL. The bit is
// IPC_64, which libraries of some machines set.
var ipcChanges = []uint32{0, 1, 16, 17, 0x100, 0x101, 0x110, 0x111}

// sendto hands over what names an address, and refuses what would connect and
// send at once.
var sendto = slices.Concat(
	load(3), []bpf.Instruction{bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: msgFastOpen, SkipFalse: 1}, give(refused)},
	load(4), []bpf.Instruction{bpf.JumpIf{Cond: bpf.JumpEqual, Val: 0, SkipTrue: 1}, give(retNotify)},
	[]bpf.Instruction{bpf.LoadAbsolute{Off: offArg(4) + 4, Size: 4}}, among([]uint32{0}, retAllow), give1(retNotify),
)

// socket lets streams through: what these do is asked about when they connect.
// Datagrams may name a new address with each message, where no filter can see it.
var (
	socket = slices.Concat(
		load(0),
		when(1, local),                // AF_UNIX
		when(2, inet), when(10, inet), // AF_INET, AF_INET6
		give1(retNotify),
	)
	inet = slices.Concat(
		kindOfSocket,
		when(1, unless(2, retNotify, retAllow, 0, 6, 262)), // SOCK_STREAM of TCP and MPTCP; SCTP connects by an option
		give1(retNotify),
	)
	local        = slices.Concat(kindOfSocket, among([]uint32{2, 3}, retNotify), give1(retAllow)) // SOCK_DGRAM, and SOCK_RAW which becomes one
	kindOfSocket = append(load(1), bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: 0xf})
)

func give(answer uint32) bpf.Instruction    { return bpf.RetConstant{Val: answer} }
func give1(answer uint32) []bpf.Instruction { return []bpf.Instruction{give(answer)} }

// load takes the low half of an argument. The kernel takes what is looked at
// here as 32 bits, so a high half must not hide it.
func load(arg int) []bpf.Instruction {
	return []bpf.Instruction{bpf.LoadAbsolute{Off: offArg(arg), Size: 4}}
}

// among answers if the accumulator is one of the values, and goes on if not.
func among(values []uint32, answer uint32) []bpf.Instruction {
	var out []bpf.Instruction
	for _, v := range values {
		out = append(out, bpf.JumpIf{Cond: bpf.JumpEqual, Val: v, SkipFalse: 1}, give(answer))
	}
	return out
}

// when runs a block, which ends with an answer, if the accumulator is value.
func when(value uint32, block []bpf.Instruction) []bpf.Instruction {
	return append([]bpf.Instruction{bpf.JumpIf{Cond: bpf.JumpEqual, Val: value, SkipFalse: uint8(len(block))}}, block...)
}

// ifBits answers by whether an argument has any of the bits.
func ifBits(arg int, bits, set, clear uint32) []bpf.Instruction {
	return append(load(arg), bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: bits, SkipFalse: 1}, give(set), give(clear))
}

// opens hands over opens that may change something; flags is their argument.
func opens(flags int) []bpf.Instruction {
	return slices.Concat(
		load(flags), []bpf.Instruction{bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: openNames, SkipFalse: 1}, give(retAllow)},
		ifBits(flags, openChanges, retNotify, retAllow),
	)
}

// unless answers by whether an argument is one of the values.
func unless(arg int, answer, when uint32, values ...uint32) []bpf.Instruction {
	return slices.Concat(load(arg), among(values, when), give1(answer))
}

// Program is the filter of a session for an architecture as GOARCH names it
// (amd64, arm64). Each number is answered as its row of the table says, and a
// number without a row is refused, so that a newer kernel's calls do nothing
// unseen. The other architectures of the same processor die, since their
// numbers mean other calls.
func Program(goarch string) ([]bpf.RawInstruction, error) {
	rows, err := rowsOf(goarch)
	if err != nil {
		return nil, err
	}
	m := machines[goarch]
	program := []bpf.Instruction{
		bpf.LoadAbsolute{Off: offArch, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: m.audit, SkipTrue: 1},
		give(retKill),
		bpf.LoadAbsolute{Off: offNumber, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: noNumber, SkipFalse: 1},
		give(retAllow),
	}
	if m.x32 {
		program = append(program, bpf.JumpIf{Cond: bpf.JumpGreaterOrEqual, Val: x32Bit, SkipFalse: 1}, give(retKill))
	}
	for _, r := range rows {
		if r.answer == "free" {
			continue
		}
		block, ok := answers[r.answer]
		if !ok {
			return nil, fmt.Errorf("the table of system calls: %s: no such answer %q", r.name, r.answer)
		}
		program = append(program, when(r.number, block)...)
	}
	program = append(program, free(rows)...)
	raw, err := bpf.Assemble(append(program, give(absent)))
	if err != nil {
		return nil, fmt.Errorf("assembling the filter for %s: %w", goarch, err)
	}
	return raw, nil
}

// free lets the runs of numbers through that have a row. Whatever is not free
// among them was answered before.
func free(rows []row) []bpf.Instruction {
	numbers := make([]uint32, len(rows))
	for i, r := range rows {
		numbers[i] = r.number
	}
	slices.Sort(numbers)
	var out []bpf.Instruction
	for i := 0; i < len(numbers); {
		first := numbers[i]
		for i++; i < len(numbers) && numbers[i] == numbers[i-1]+1; {
			i++
		}
		out = append(
			out,
			bpf.JumpIf{Cond: bpf.JumpGreaterOrEqual, Val: first, SkipFalse: 2},
			bpf.JumpIf{Cond: bpf.JumpGreaterThan, Val: numbers[i-1], SkipTrue: 1},
			give(retAllow),
		)
	}
	return out
}
