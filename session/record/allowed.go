package record

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// allowedFile keeps which files were allowed to run, below the state folder.
const allowedFile = "allowed.json"

// maxAllowed bounds that file; the ones longest ago are forgotten.
const maxAllowed = 5_000

// Allowed remembers, over all sessions of an account, what the files were that
// lines which were allowed ran. It is a help for judging, no proof: what cannot
// be read or written counts as not remembered.
type Allowed struct {
	name string

	mu    sync.Mutex
	files map[string]allowed
}

// allowed is one file as it was.
type allowed struct {
	Sum string    `json:"sha256"`
	At  time.Time `json:"time"`
}

// OpenAllowed reads what is remembered below the state folder root.
func OpenAllowed(root string) (*Allowed, error) {
	a := &Allowed{name: filepath.Join(root, allowedFile), files: map[string]allowed{}}
	b, err := os.ReadFile(a.name)
	if errors.Is(err, fs.ErrNotExist) {
		return a, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &a.files)
	}
	if err != nil || a.files == nil {
		a.files = map[string]allowed{}
	}
	return a, err
}

// Find says what is remembered of the file at path: its sum and the day,
// "sum 2026-11-03".
func (a *Allowed) Find(path string) (text string, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f, ok := a.files[path]
	return f.Sum + " " + f.At.UTC().Format(time.DateOnly), ok
}

// Add remembers files, path to SHA-256 sum, as allowed now.
func (a *Allowed) Add(files map[string]string, now time.Time) error {
	if len(files) == 0 {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for path, sum := range files {
		if filepath.IsAbs(path) {
			a.files[path] = allowed{sum, now.UTC()}
		}
	}
	for len(a.files) > maxAllowed {
		oldest := ""
		for path, f := range a.files {
			if oldest == "" || f.At.Before(a.files[oldest].At) {
				oldest = path
			}
		}
		delete(a.files, oldest)
	}
	b, err := json.Marshal(a.files)
	if err != nil {
		return err
	}
	return replace(a.name, b)
}
