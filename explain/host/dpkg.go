package host

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"hash/maphash"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
)

const (
	infoFolder    = "/var/lib/dpkg/info"
	maxListFile   = 64 << 20  // bytes of one package's list of files or sums
	maxLists      = 512 << 20 // bytes of all lists together
	maxPackages   = 1 << 16   // as many as a table entry can name
	maxSummedFile = 64 << 20  // bytes of a file that is compared with its sum
	packageBits   = 16
)

// origin is where a file comes from.
type origin struct {
	name       string // of the package, without architecture; "": none or not known
	unmodified *bool  // as the package brought it; nil: not known
}

// packages answers from dpkg's lists of files. The index of all paths is
// built when it is first needed and again when a package was installed.
type packages struct {
	m *machine

	mu    sync.Mutex
	built *index
	sums  map[string]bool // version of a file: as its package brought it
}

// notPackaged are folders that no package brings files in, so that asking
// about them needs no index.
var notPackaged = []string{"/home/", "/root/", "/tmp/", "/var/tmp/", "/run/", "/dev/", "/proc/", "/sys/", "/mnt/", "/media/"}

// origin tells where p comes from.
func (k *packages) origin(ctx context.Context, p place) (origin, error) {
	if slices.ContainsFunc(notPackaged, func(dir string) bool { return strings.HasPrefix(p.path, dir) }) {
		return origin{}, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.refresh(ctx); err != nil {
		return origin{}, err
	}
	for _, name := range k.m.namesOf(p.path) {
		pkg, err := k.owner(name)
		if err != nil {
			return origin{}, err
		}
		if pkg != "" {
			short, _, _ := strings.Cut(pkg, ":")
			return origin{short, k.unmodified(pkg, name, p)}, nil
		}
	}
	return origin{}, nil
}

// namesOf lists the names under which dpkg may know path. Where /bin is a
// link to usr/bin, packages still bring /bin/sh, which is then /usr/bin/sh.
func (m *machine) namesOf(path string) []string {
	names := []string{path}
	if short, ok := strings.CutPrefix(path, "/usr"); ok && strings.HasPrefix(short, "/") {
		if p, err := m.follow(short, true); err == nil && p.linked && p.path == path {
			names = append(names, short)
		}
	}
	return names
}

// owner is the package whose list has the line name. The index only says
// which list to look in, so that no clash of hashes can name a wrong one.
func (k *packages) owner(name string) (string, error) {
	if slices.Contains(k.built.diverted, name) || strings.ContainsRune(name, '\n') {
		return "", nil
	}
	for _, pkg := range k.built.find(name) {
		text, err := k.m.info(pkg + ".list")
		if err != nil {
			return "", err
		}
		if hasLine(text, name) {
			return pkg, nil
		}
	}
	return "", nil
}

func hasLine(text []byte, line string) bool {
	for l := range bytes.Lines(text) {
		if string(bytes.TrimSuffix(l, []byte("\n"))) == line {
			return true
		}
	}
	return false
}

// unmodified compares p with the sum that its package keeps for name; nil
// where there is none, as for settings files.
func (k *packages) unmodified(pkg, name string, p place) *bool {
	if p.info.Size() > maxSummedFile {
		return nil
	}
	key := version(p.info)
	if same, ok := k.sums[key]; ok && key != "" {
		return &same
	}
	text, err := k.m.info(pkg + ".md5sums")
	if err != nil {
		return nil
	}
	want := sumOf(text, strings.TrimPrefix(name, "/"))
	if want == nil {
		return nil
	}
	f, err := k.m.open(p)
	if err != nil {
		return nil
	}
	defer f.Close()
	h := md5.New()
	if _, err := io.Copy(h, io.LimitReader(f, maxSummedFile+1)); err != nil {
		return nil
	}
	same := bytes.Equal(h.Sum(nil), want)
	if key != "" {
		k.sums[key] = same
	}
	return &same
}

// sumOf finds name in the text of an md5sums file: sum, two spaces, name.
func sumOf(text []byte, name string) []byte {
	for l := range bytes.Lines(text) {
		sum, file, ok := bytes.Cut(bytes.TrimSuffix(l, []byte("\n")), []byte("  "))
		if !ok || string(file) != name {
			continue
		}
		if b, err := hex.DecodeString(string(sum)); err == nil && len(b) == md5.Size {
			return b
		}
	}
	return nil
}

// info reads a file of dpkg's own folder.
func (m *machine) info(name string) ([]byte, error) {
	p, err := m.follow(infoFolder+"/"+name, false)
	if err != nil {
		return nil, err
	}
	return m.read(p, maxListFile)
}

// refresh builds the index unless it is there and current.
func (k *packages) refresh(ctx context.Context) error {
	p, err := k.m.follow(infoFolder, true)
	if err != nil {
		return err // also where there is no dpkg
	}
	if v := p.info.ModTime().String() + version(p.info); k.built == nil || k.built.version != v {
		x, err := k.m.index(ctx, p)
		if err != nil {
			return err
		}
		x.version = v
		k.built, k.sums = x, map[string]bool{}
	}
	return nil
}

// index is a hash table from paths to packages. An entry is the upper part of
// a path's hash and the number of its package, plus one, in the lower
// [packageBits] bits; 0 is free. Hashes are keyed, so that nobody can choose
// paths that clash.
type index struct {
	version  string
	seed     maphash.Seed
	packages []string // names as in "NAME.list"
	table    []uint64 // length a power of two
	used     int
	diverted []string // paths that dpkg moved, whose owner the lists do not tell
}

// index reads all lists of the folder p.
func (m *machine) index(ctx context.Context, p place) (*index, error) {
	entries, err := os.ReadDir(m.outside(p.path))
	if err != nil {
		return nil, m.failure(p.path, err)
	}
	x := &index{seed: maphash.MakeSeed(), table: make([]uint64, 1<<16)}
	if x.diverted, err = m.diversions(); err != nil {
		return nil, err
	}
	left := maxLists
	var buf []byte
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".list")
		if !ok || !e.Type().IsRegular() {
			continue
		}
		if ctx.Err() != nil || left <= 0 || len(x.packages) == maxPackages-1 {
			return nil, unknown("dpkg's lists of files: stopped after %d packages", len(x.packages))
		}
		if buf, err = readList(m.outside(p.path)+"/"+e.Name(), buf[:0]); err != nil {
			return nil, unknown("dpkg's list of %q: %v", name, err)
		}
		left -= len(buf)
		x.add(name, buf)
	}
	return x, nil
}

// readList appends the contents of a regular file to buf. Unlike machine.open
// it costs only four system calls; what a swapped link could make of it is an
// index that names a wrong list, which owner then does not believe.
func readList(name string, buf []byte) ([]byte, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY|noFollow, 0)
	if err != nil {
		return buf, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return buf, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxListFile {
		return buf, errors.New("too large, or no file")
	}
	n := int(info.Size())
	buf = slices.Grow(buf, n)[:n]
	_, err = io.ReadFull(f, buf)
	return buf, err
}

func (x *index) add(name string, list []byte) {
	x.packages = append(x.packages, name)
	number := uint64(len(x.packages))
	for len(list) > 0 {
		line := list
		if end := bytes.IndexByte(list, '\n'); end >= 0 {
			line, list = list[:end], list[end+1:]
		} else {
			list = nil
		}
		if 2*(x.used+1) > len(x.table) {
			x.grow()
		}
		x.insert(maphash.Bytes(x.seed, line)>>packageBits<<packageBits | number)
	}
}

// insert puts an entry at the first free place after its own, unless there
// are several for its path already: that is a folder, which many packages have.
func (x *index) insert(entry uint64) {
	const several = 8
	mask := uint64(len(x.table) - 1)
	same := 0
	for i := entry >> packageBits & mask; ; i = (i + 1) & mask {
		switch {
		case x.table[i] == 0:
			x.table[i] = entry
			x.used++
			return
		case x.table[i]>>packageBits == entry>>packageBits:
			if same++; same == several {
				return
			}
		}
	}
}

func (x *index) grow() {
	old := x.table
	x.table, x.used = make([]uint64, 2*len(old)), 0
	for _, entry := range old {
		if entry != 0 {
			x.insert(entry)
		}
	}
}

// find lists the packages that may have path.
func (x *index) find(path string) []string {
	var found []string
	h := maphash.String(x.seed, path) >> packageBits
	mask := uint64(len(x.table) - 1)
	for i := h & mask; x.table[i] != 0; i = (i + 1) & mask {
		if x.table[i]>>packageBits == h {
			found = append(found, x.packages[x.table[i]&(1<<packageBits-1)-1])
		}
	}
	return found
}

// diversions lists the paths that dpkg-divert(1) has to do with: groups of
// three lines, from, to, and by which package.
func (m *machine) diversions() ([]string, error) {
	p, err := m.follow("/var/lib/dpkg/diversions", false)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	text, err := m.read(p, maxListFile)
	if err != nil {
		return nil, err
	}
	var paths []string
	lines := strings.Split(string(text), "\n")
	for i := 0; i+1 < len(lines); i += 3 {
		paths = append(paths, lines[i], lines[i+1])
	}
	return paths, nil
}
