package host

import (
	"bytes"
	"io/fs"
	"strconv"
	"sync"
)

// maxAccounts bounds how much of /etc/passwd is read, in bytes.
const maxAccounts = 4 << 20

// accounts are the names in /etc/passwd, read again when the file changes.
type accounts struct {
	m *machine

	mu      sync.Mutex
	version string // of the file that names comes from
	names   map[uint32]string
}

// name is the account that owns info, "" where that is not known.
func (a *accounts) name(info fs.FileInfo) string {
	id, ok := ownerID(info)
	if !ok {
		return ""
	}
	return a.of(id)
}

func (a *accounts) of(id uint32) string {
	p, err := a.m.follow("/etc/passwd", true)
	if err != nil {
		return ""
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if v := version(p.info); a.names == nil || v == "" || v != a.version {
		text, err := a.m.read(p, maxAccounts)
		if err != nil {
			return ""
		}
		a.names, a.version = parseAccounts(text), v
	}
	return a.names[id]
}

// parseAccounts reads passwd(5): the first name of an id counts, as it does
// for getpwuid(3).
func parseAccounts(text []byte) map[uint32]string {
	names := map[uint32]string{}
	for line := range bytes.Lines(text) {
		f := bytes.SplitN(line, []byte(":"), 4)
		if len(f) < 4 || len(f[0]) == 0 {
			continue
		}
		id, err := strconv.ParseUint(string(f[2]), 10, 32)
		if err != nil {
			continue
		}
		if _, known := names[uint32(id)]; !known {
			names[uint32(id)] = string(f[0])
		}
	}
	return names
}
