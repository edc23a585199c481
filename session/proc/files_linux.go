package proc

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"

	"golang.org/x/sys/unix"
)

// path is a file of one process below /proc.
func path(pid int, name string) string { return "/proc/" + strconv.Itoa(pid) + "/" + name }

// read returns the whole of one file of a process, at most maxFile bytes.
func read(pid int, name string) ([]byte, error) {
	f, err := os.Open(path(pid, name))
	if err != nil {
		return nil, wrap("reading "+name, err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, wrap("reading "+name, err)
	}
	if len(b) > maxFile {
		return nil, fmt.Errorf("reading %s: %w", name, ErrTooLong)
	}
	return b, nil
}

// records are buffers for [small].
var records = sync.Pool{New: func() any { return new([8192]byte) }}

// small has parse read a file of one short record, which it must not keep. It
// is on the path of every start.
func small[T any](pid int, name string, parse func([]byte) (T, error)) (T, error) {
	var none T
	fd, err := open(path(pid, name), unix.O_RDONLY)
	if err != nil {
		return none, wrap("reading "+name, err)
	}
	defer unix.Close(fd)
	buf := records.Get().(*[8192]byte)
	defer records.Put(buf)
	got := 0
	for got < len(buf) {
		n, err := unix.Read(fd, buf[got:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return none, wrap("reading "+name, err)
		}
		if n == 0 {
			return parse(buf[:got])
		}
		got += n
	}
	return none, fmt.Errorf("reading %s: %w", name, ErrTooLong)
}

func open(name string, flags int) (int, error) {
	for {
		fd, err := unix.Open(name, flags|unix.O_CLOEXEC, 0)
		if err != unix.EINTR {
			return fd, err
		}
	}
}

// ReadStat reads /proc/PID/stat of a process or a thread.
func ReadStat(pid int) (Stat, error) { return small(pid, "stat", parseStat) }

// ReadStatus reads /proc/TID/status of a process or a thread.
func ReadStatus(tid int) (Status, error) { return small(tid, "status", parseStatus) }

// Cmdline returns the words with which pid was started, as they stand in its
// memory now.
func Cmdline(pid int) ([]string, error) { return strs(pid, "cmdline") }

// Environ returns the environment with which pid was started, as it stands in
// its memory now.
func Environ(pid int) ([]string, error) { return strs(pid, "environ") }

func strs(pid int, name string) ([]string, error) {
	b, err := read(pid, name)
	if err != nil || len(b) == 0 {
		return nil, err
	}
	b = bytes.TrimSuffix(b, []byte{0})
	var words []string
	for _, w := range bytes.Split(b, []byte{0}) {
		words = append(words, string(w))
	}
	return words, nil
}

// Exe opens the program that pid runs, without the right to read it. The
// caller closes the descriptor.
func Exe(pid int) (fd int, err error) { return Link(pid, "exe") }

// Link opens what a link of pid leads to ("exe", "cwd", "root", "fd/3"),
// without the right to read it. The caller closes the descriptor.
func Link(pid int, name string) (fd int, err error) {
	fd, err = open(path(pid, name), unix.O_PATH)
	return fd, wrap("following "+name, err)
}

// Readlink returns where a link of pid leads ("exe", "cwd", "root", "fd/3"), as
// a path in this process's own view.
func Readlink(pid int, name string) (string, error) {
	s, err := os.Readlink(path(pid, name))
	return s, wrap("reading "+name, err)
}
