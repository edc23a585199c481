package child

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	killPause = 5 * time.Millisecond // between passes, for the killed to die
	killLimit = 3 * time.Second      // then what is left is called a survivor
)

// task is what /proc/PID/stat says of a process.
type task struct {
	pid, parent int
	dead        bool // a zombie without living threads
	started     uint64
}

// readTask follows proc_pid_stat(5): the name stands in parentheses and may
// hold anything, so fields are counted from the last one.
func readTask(pid int) (task, error) {
	path := fmt.Sprintf("/proc/%d/stat", pid)
	stat, err := os.ReadFile(path)
	if err != nil {
		return task{}, err
	}
	end := bytes.LastIndexByte(stat, ')')
	fields := strings.Fields(string(stat[end+1:]))
	if end < 0 || len(fields) < 20 {
		return task{}, fmt.Errorf("%s: unexpected shape", path)
	}
	parent, err1 := strconv.Atoi(fields[1])
	threads, err2 := strconv.Atoi(fields[17])
	started, err3 := strconv.ParseUint(fields[19], 10, 64)
	if err := errors.Join(err1, err2, err3); err != nil {
		return task{}, fmt.Errorf("%s: %w", path, err)
	}
	dead := fields[0] == "X" || fields[0] == "Z" && threads <= 1
	return task{pid, parent, dead, started}, nil
}

// processes lists every process that can be seen, dead ones included.
func processes() ([]task, error) {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	var all []task
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		// What ended since the listing has no place in it.
		if t, err := readTask(pid); err == nil {
			all = append(all, t)
		}
	}
	return all, nil
}

// below returns the living among the descendants of the given roots, without
// the roots themselves.
func below(all []task, roots ...int) []task {
	children := map[int][]task{}
	for _, t := range all {
		children[t.parent] = append(children[t.parent], t)
	}
	var found []task
	seen := map[int]bool{}
	for len(roots) > 0 {
		next := roots[0]
		roots = roots[1:]
		if seen[next] {
			continue // numbers were reused while we read
		}
		seen[next] = true
		for _, t := range children[next] {
			if !t.dead {
				found = append(found, t)
			}
			roots = append(roots, t.pid)
		}
	}
	return found
}

// kill ends one process, unless its number has passed to another.
func (t task) kill() {
	fd, err := unix.PidfdOpen(t.pid, 0)
	if err != nil {
		return // gone, or the next pass meets it again
	}
	defer unix.Close(fd)
	now, err := readTask(t.pid)
	if err == nil && now.started == t.started {
		_ = unix.PidfdSendSignal(fd, unix.SIGKILL, nil, 0) // whoever remains is seen by the next pass
	}
}

// killUntil kills what find names, again and again, until it names nothing or
// the time is over, and returns what is left. Passes repeat because a process
// may fork between the look and the kill.
func killUntil(limit time.Duration, find func() ([]task, error)) ([]int, error) {
	deadline := time.Now().Add(limit)
	for {
		left, err := find()
		if err != nil || len(left) == 0 {
			return nil, err
		}
		for _, t := range left {
			t.kill()
		}
		if time.Now().After(deadline) {
			pids := make([]int, len(left))
			for i, t := range left {
				pids[i] = t.pid
			}
			return pids, nil
		}
		time.Sleep(killPause)
	}
}
