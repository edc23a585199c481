package gate

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"escort/explain/effect"
	"escort/session/proc"
)

// lookFor is how long a look at files may take: what answers later is on a
// file system that hangs.
const lookFor = 2 * time.Second

// maxHashed is how much of one file is hashed to compare it; explanations read
// less.
const maxHashed = 64 << 20

// readLimit is how much of a file an explanation reads, in bytes.
const readLimit = 1 << 20

// note is what the programs of a plan were at the look.
type note struct {
	plan  []byte // the plan itself, to find the note by
	files map[string]fileID
}

// Note remembers, at the look, what the programs of plan p of line or hold id
// are, so that a start can tell whether they were changed since.
func (g *Gate) Note(id string, p effect.Plan) {
	n := g.take(p)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.notes[id] = n
}

// Forget drops what [Gate.Note] remembered for id, which was denied.
func (g *Gate) Forget(id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.notes, id)
}

// take looks at the programs of p. A program that does not answer in time gets
// no entry, and then no start of it is as shown.
func (g *Gate) take(p effect.Plan) note {
	n := note{plan: fingerprint(p), files: map[string]fileID{}}
	look := func(path string) {
		if _, done := n.files[path]; done || path == "" {
			return
		}
		if id, err := within(g, nil, func() (fileID, error) { return identify(g.absolute(path)) }); err == nil {
			n.files[path] = id
		}
	}
	for _, s := range p.Starts {
		look(s.Path)
	}
	for path := range p.Files {
		look(path)
	}
	return n
}

func fingerprint(p effect.Plan) []byte {
	b, err := json.Marshal(p)
	if err != nil {
		return nil // equal to nothing that was noted
	}
	return b
}

// absolute takes a relative path from the shell's working directory.
func (g *Gate) absolute(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	cwd, err := proc.Readlink(g.shell, "cwd")
	if err != nil {
		return path
	}
	return cwd + "/" + path // not cleaned: what stands before .. may be a link
}

// identify looks at one file, through links.
func identify(path string) (fileID, error) {
	p := place{fd: -1}
	switch err := unix.Stat(path, &p.stat); err {
	case nil:
		return p.id(), nil
	case unix.ENOENT, unix.ENOTDIR:
		return fileID{Absent: true}, nil
	default:
		return fileID{}, err
	}
}

// Changed returns the files of p that are not what they were at the look:
// contents that the explanation read, and programs noted by [Gate.Note]. What
// cannot be looked at in time counts as changed.
func (g *Gate) Changed(p effect.Plan) []string {
	var out []string
	sums, whole := map[string]string{}, map[string]bool{}
	for path, sum := range p.Files {
		sums[path] = sum
	}
	for _, s := range p.Starts {
		if s.SHA256 != "" && s.Path != "" {
			sums[s.Path] = s.SHA256
		}
	}
	for path, sum := range sums {
		part, err := within(g, nil, func() (bool, error) { return hasSum(g.absolute(path), sum) })
		if err != nil {
			out = append(out, path)
		}
		whole[path] = err == nil && !part
	}
	for _, s := range p.Starts {
		delete(whole, s.Path) // what is started must be the same file too
	}
	for path, was := range g.noted(p) {
		if whole[path] {
			continue
		}
		now, err := within(g, nil, func() (fileID, error) { return identify(g.absolute(path)) })
		if err != nil || now != was {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// noted returns what was noted for the plan p.
func (g *Gate) noted(p effect.Plan) map[string]fileID {
	want := fingerprint(p)
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, n := range g.notes {
		if want != nil && bytes.Equal(n.plan, want) {
			return n.files
		}
	}
	return nil
}

var errSum = errors.New("the file is not what was read")

// hasSum checks that a regular file has the SHA-256 sum, in hexadecimal, as a
// whole or, which it reports as part, in its first readLimit bytes:
// explanations read no further, and what stands behind has to be compared by
// the file's identity.
func hasSum(path, sum string) (part bool, err error) {
	f, err := os.OpenFile(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxHashed {
		return false, unix.EFBIG
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.LimitReader(f, readLimit)); err != nil {
		return false, err
	}
	if hex.EncodeToString(h.Sum(nil)) == sum {
		return info.Size() > readLimit, nil
	}
	if _, err := io.Copy(h, io.LimitReader(f, maxHashed)); err != nil {
		return false, err
	}
	if hex.EncodeToString(h.Sum(nil)) != sum {
		return false, errSum
	}
	return false, nil
}

// within runs a look at files that may never return, and gives up on it after
// lookFor. What hangs keeps its slot, so that a session cannot pile it up. A
// server looks for itself: others take over when it hangs, see [servers.late].
func within[T any](g *Gate, on *server, look func() (T, error)) (T, error) {
	if on != nil {
		g.servers.looking(on, true)
		v, err := look()
		if g.servers.looking(on, false) {
			err = unix.EINTR // it was answered
		}
		return v, err
	}
	type answer struct {
		v   T
		err error
	}
	var none T
	late := time.NewTimer(lookFor)
	defer late.Stop()
	select {
	case g.lookups <- struct{}{}:
	case <-late.C:
		return none, unix.EIO
	}
	done := make(chan answer, 1)
	go func() {
		defer func() { <-g.lookups }()
		v, err := look()
		done <- answer{v, err}
	}()
	select {
	case a := <-done:
		return a.v, a.err
	case <-late.C:
		return none, unix.EIO
	}
}
