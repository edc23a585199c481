package unotify

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// callTable says of every system call what the filter answers; its first lines
// explain it. The numbers are those of the kernel's headers.
//
//go:embed calls.table
var callTable string

// row is one system call of one architecture.
type row struct {
	name   string
	number uint32
	answer string
}

// tables are the rows by architecture as GOARCH names it. A defect of the
// embedded text is told by the error of [rowsOf].
var tables = sync.OnceValues(func() (map[string][]row, error) {
	out := map[string][]row{}
	for line := range strings.Lines(callTable) {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		if len(f) != 4 {
			return nil, fmt.Errorf("the table of system calls has a line of %d words: %q", len(f), line)
		}
		for i, goarch := range []string{"amd64", "arm64"} {
			if f[i+1] == "-" {
				continue
			}
			n, err := strconv.ParseUint(f[i+1], 10, 16)
			if err != nil {
				return nil, fmt.Errorf("the table of system calls: %s: %w", f[0], err)
			}
			out[goarch] = append(out[goarch], row{f[0], uint32(n), f[3]})
		}
	}
	return out, nil
})

// rowsOf lists the system calls of an architecture.
func rowsOf(goarch string) ([]row, error) {
	all, err := tables()
	if err != nil {
		return nil, err
	}
	rows, ok := all[goarch]
	if !ok {
		return nil, fmt.Errorf("nothing can be held on %s: the gate knows amd64 and arm64", goarch)
	}
	return rows, nil
}

// names gives the name of each system call of an architecture by its number.
var names = sync.OnceValue(func() map[string]map[uint32]string {
	out := map[string]map[uint32]string{}
	all, _ := tables() // without a table no filter was installed, and nothing is received
	for goarch, rows := range all {
		out[goarch] = map[uint32]string{}
		for _, r := range rows {
			out[goarch][r.number] = r.name
		}
	}
	return out
})
