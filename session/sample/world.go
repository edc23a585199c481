package sample

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"escort/explain/effect"
)

// world shows a sample's files to whoever explains. It is closed: what the
// sample does not have is surely absent.
type world struct {
	sample Sample
	files  map[string]File
	dirs   map[string]bool
}

const programDir = "/usr/bin"

// World is the sample's host as an explanation may see it.
func (s Sample) World() effect.World {
	w := &world{sample: s, files: map[string]File{}, dirs: map[string]bool{"/": true, "/tmp": true}}
	for _, p := range s.Programs {
		w.add(File{
			Path: programDir + "/" + p, Text: "\x7fELF", Owner: "root", Package: p, Age: Age(400 * 24 * time.Hour), Mode: 0o755,
		})
	}
	for _, f := range s.Files {
		w.add(f)
	}
	w.parents(s.Home + "/.")
	return w
}

func (w *world) add(f File) {
	w.files[f.Path] = f
	w.parents(f.Path)
}

// parents makes every folder that name lies in.
func (w *world) parents(name string) {
	for d := path.Dir(name); !w.dirs[d]; d = path.Dir(d) {
		w.dirs[d] = true
	}
}

func (w *world) Facts() (cwd, user string, now time.Time) {
	return w.sample.Home, w.sample.User(), w.sample.Start()
}

func (w *world) Lookup(_ context.Context, kind, name string) (string, error) {
	switch kind {
	case effect.LookupProgram:
		p := programDir + "/" + name
		if strings.Contains(name, "/") {
			p = w.abs(name)
		}
		if w.has(p) {
			return p, nil
		}
		return "", fs.ErrNotExist
	case effect.LookupVariable:
		if v, ok := w.variables()[name]; ok {
			return v, nil
		}
		return "", effect.ErrUnknown
	case effect.LookupAlias:
		if text, ok := w.sample.Aliases[name]; ok {
			return text, nil
		}
	case effect.LookupAllowed:
		if f := w.files[w.abs(name)]; f.Was != "" {
			sum := sha256.Sum256([]byte(f.Was))
			return hex.EncodeToString(sum[:]) + " " + w.sample.Start().AddDate(0, 0, -7).Format(time.DateOnly), nil
		}
	case effect.LookupManual:
		return "", effect.ErrUnknown
	}
	return "", fs.ErrNotExist
}

func (w *world) variables() map[string]string {
	return map[string]string{
		"HOME": w.sample.Home, "PWD": w.sample.Home, "USER": w.sample.User(), "LOGNAME": w.sample.User(), "PATH": programDir,
	}
}

func (w *world) has(name string) bool {
	_, ok := w.files[name]
	return ok
}

// abs is the clean absolute form of a path.
func (w *world) abs(name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(w.sample.Home, name)
}

func (w *world) Stat(_ context.Context, name string) (effect.Info, error) {
	name = w.abs(name)
	if w.dirs[name] {
		owner := "root"
		if name == w.sample.Home || strings.HasPrefix(name, w.sample.Home+"/") {
			owner = w.sample.User()
		}
		return effect.Info{Mode: fs.ModeDir | 0o755, Owner: owner, ModTime: w.sample.Start()}, nil
	}
	f, ok := w.files[name]
	if !ok {
		return effect.Info{}, fs.ErrNotExist
	}
	i := effect.Info{
		Mode: fs.FileMode(f.Mode), Size: int64(len(f.Text)), ModTime: w.sample.Start().Add(-time.Duration(f.Age)),
		Owner: f.Owner, Package: f.Package,
	}
	if i.Mode == 0 {
		i.Mode = 0o644
	}
	if f.Package != "" {
		same := !f.Changed
		i.Unmodified = &same
	}
	return i, nil
}

func (w *world) Read(_ context.Context, name string, limit int) ([]byte, error) {
	f, ok := w.files[w.abs(name)]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return []byte(f.Text[:max(0, min(limit, len(f.Text)))]), nil
}

func (w *world) Glob(_ context.Context, pattern string, limit int) (paths []string, more bool, err error) {
	full := pattern
	if !path.IsAbs(full) {
		full = w.sample.Home + "/" + full
	}
	var found []string
	for name := range w.names() {
		ok, err := path.Match(full, name)
		if err != nil {
			return nil, false, effect.ErrUnknown // a pattern that only a shell reads
		}
		if ok && !hides(full, name) {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	for i, name := range found {
		if !path.IsAbs(pattern) {
			found[i] = strings.TrimPrefix(name, w.sample.Home+"/")
		}
	}
	if len(found) > limit {
		return found[:max(limit, 0)], true, nil
	}
	return found, false, nil
}

// names yields every file and folder.
func (w *world) names() func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for name := range w.files {
			if !yield(name) {
				return
			}
		}
		for name := range w.dirs {
			if !yield(name) {
				return
			}
		}
	}
}

// hides reports whether name has a part that begins with a dot where the
// pattern, which matches, does not ask for one: shells leave those out.
func hides(pattern, name string) bool {
	parts := strings.Split(pattern, "/")
	for i, n := range strings.Split(name, "/") {
		if strings.HasPrefix(n, ".") && !strings.HasPrefix(parts[i], ".") {
			return true
		}
	}
	return false
}
