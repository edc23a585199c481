package proc

import (
	"errors"
	"os"
	"strconv"
)

// Threads returns the threads of process pid.
func Threads(pid int) ([]int, error) { return numbers(path(pid, "task")) }

// numbers lists the entries of a folder that are numbers.
func numbers(dir string) ([]int, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, wrap("listing "+dir, err)
	}
	defer f.Close()
	names, err := f.Readdirnames(maxTree)
	if err != nil && len(names) == 0 {
		return nil, wrap("listing "+dir, err)
	}
	var out []int
	for _, name := range names {
		if n, err := strconv.Atoi(name); err == nil {
			out = append(out, n)
		}
	}
	return out, nil
}

// Tree is the processes of the machine at one moment. Those that came or went
// while it was taken may be in it or not: take it again until nothing is new.
type Tree struct {
	Stats    map[int]Stat
	Children map[int][]int
}

// ReadTree takes a picture of all processes.
func ReadTree() (Tree, error) {
	pids, err := numbers("/proc")
	if err != nil {
		return Tree{}, err
	}
	t := Tree{Stats: make(map[int]Stat, len(pids)), Children: map[int][]int{}}
	for _, pid := range pids {
		s, err := ReadStat(pid)
		if errors.Is(err, ErrGone) {
			continue
		}
		if err != nil {
			return Tree{}, err
		}
		t.Stats[pid] = s
		t.Children[s.PPID] = append(t.Children[s.PPID], pid)
	}
	return t, nil
}

// Below returns the processes below root, without root, parents first.
func (t Tree) Below(root int) []Stat {
	var out []Stat
	seen := map[int]bool{root: true}
	for queue := []int{root}; len(queue) > 0; queue = queue[1:] {
		for _, pid := range t.Children[queue[0]] {
			if !seen[pid] {
				seen[pid] = true
				out = append(out, t.Stats[pid])
				queue = append(queue, pid)
			}
		}
	}
	return out
}

// Descendants returns the processes below root at this moment, parents first.
func Descendants(root int) ([]Stat, error) {
	t, err := ReadTree()
	if err != nil {
		return nil, err
	}
	return t.Below(root), nil
}
