package gate

import "golang.org/x/sys/unix"

// result is the register in which a system call leaves what it returns.
func result(r *unix.PtraceRegs) int64 { return int64(r.Regs[0]) }
