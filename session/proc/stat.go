package proc

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"syscall"
)

// Stat is what /proc/PID/stat says, see proc_pid_stat(5).
type Stat struct {
	PID     int
	Comm    string
	State   byte // R running, S sleeping, D waiting in the kernel, T stopped, t traced, Z ended
	PPID    int
	Group   int
	Session int
	TTY     uint64 // number of its controlling terminal's device; 0: none
	Front   int    // process group in that terminal's foreground; -1: none
	Start   uint64 // when it was started, in clock ticks since boot
}

// InFront reports whether the process is in the foreground of its terminal.
func (s Stat) InFront() bool { return s.Front == s.Group }

// parseStat reads the line of /proc/PID/stat. The name stands in parentheses
// and may itself hold anything, so the last parenthesis ends it.
func parseStat(line []byte) (Stat, error) {
	open, end := bytes.IndexByte(line, '('), bytes.LastIndexByte(line, ')')
	if open < 1 || end < open {
		return Stat{}, fmt.Errorf("%w: a stat line without a name", ErrFormat)
	}
	f := bytes.Fields(line[end+1:])
	if len(f) < 20 || len(f[0]) != 1 {
		return Stat{}, fmt.Errorf("%w: a stat line with %d fields", ErrFormat, len(f))
	}
	s := Stat{Comm: string(line[open+1 : end]), State: f[0][0]}
	for _, n := range []struct {
		to   *int
		text []byte
	}{{&s.PID, bytes.TrimSpace(line[:open])}, {&s.PPID, f[1]}, {&s.Group, f[2]}, {&s.Session, f[3]}, {&s.Front, f[5]}} {
		v, err := strconv.Atoi(string(n.text))
		if err != nil {
			return Stat{}, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		*n.to = v
	}
	tty, err := strconv.ParseInt(string(f[4]), 10, 64)
	if err != nil {
		return Stat{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	s.TTY = uint64(uint32(tty)) // the kernel prints its 32 bits as a signed number
	start, err := strconv.ParseUint(string(f[19]), 10, 64)
	if err != nil {
		return Stat{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	s.Start = start
	return s, nil
}

// Status is what /proc/TID/status says, see proc_pid_status(5).
type Status struct {
	TGID     int    // the process that the thread belongs to
	PPID     int    // its parent process
	Tracer   int    // the thread that traces it; 0: none
	Inner    int    // the process's number in its own, innermost pid namespace
	Pending  uint64 // signals waiting for the thread or the process; see [Status.IsPending]
	UID, GID int    // effective
}

// IsPending reports whether signal sig waits to be taken.
func (s Status) IsPending(sig syscall.Signal) bool {
	return sig > 0 && sig <= 64 && s.Pending&(1<<(uint(sig)-1)) != 0
}

// statusFields says what to do with the lines that matter.
var statusFields = map[string]func(s *Status, words []string) error{
	"Tgid":      func(s *Status, w []string) error { return number(&s.TGID, w, 0) },
	"PPid":      func(s *Status, w []string) error { return number(&s.PPID, w, 0) },
	"TracerPid": func(s *Status, w []string) error { return number(&s.Tracer, w, 0) },
	"NStgid":    func(s *Status, w []string) error { return number(&s.Inner, w, len(w)-1) },
	"Uid":       func(s *Status, w []string) error { return number(&s.UID, w, 1) },
	"Gid":       func(s *Status, w []string) error { return number(&s.GID, w, 1) },
	"SigPnd":    signals,
	"ShdPnd":    signals,
}

func number(to *int, words []string, i int) (err error) {
	if i < 0 || i >= len(words) {
		return fmt.Errorf("%w: a status line is too short", ErrFormat)
	}
	*to, err = strconv.Atoi(words[i])
	return err
}

func signals(s *Status, words []string) error {
	if len(words) != 1 {
		return fmt.Errorf("%w: a set of signals in %d words", ErrFormat, len(words))
	}
	mask, err := strconv.ParseUint(words[0], 16, 64)
	s.Pending |= mask
	return err
}

// parseStatus reads the lines of /proc/TID/status.
func parseStatus(text []byte) (Status, error) {
	var s Status
	for line := range bytes.Lines(text) {
		name, rest, _ := bytes.Cut(line, []byte(":"))
		if take := statusFields[string(name)]; take != nil {
			if err := take(&s, strings.Fields(string(rest))); err != nil {
				return Status{}, fmt.Errorf("%w: %s: %w", ErrFormat, name, err)
			}
		}
	}
	if s.TGID == 0 {
		return Status{}, fmt.Errorf("%w: a status without Tgid", ErrFormat)
	}
	return s, nil
}
