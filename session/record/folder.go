package record

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// RootError says that there is no place for the state of sessions.
type RootError struct{ What string }

func (e *RootError) Error() string { return "there is no folder for " + e.What }

// Hint says what to do about it.
func (e *RootError) Hint() string { return "set HOME or XDG_STATE_HOME to a folder of yours" }

// StateRoot is the folder that all sessions are kept in:
// $XDG_STATE_HOME/escort, else $HOME/.local/state/escort.
func StateRoot(getenv func(string) string) (string, error) {
	if d := UserFolder(getenv, "XDG_STATE_HOME", ".local/state"); d != "" {
		return d, nil
	}
	return "", &RootError{What: "the records of sessions"}
}

// UserFolder is escort's folder inside the one that variable names, else inside
// usual below HOME; empty: there is none. As the XDG base directory
// specification has it, a relative path counts as not set.
func UserFolder(getenv func(string) string, variable, usual string) string {
	if d := getenv(variable); filepath.IsAbs(d) {
		return filepath.Join(d, "escort")
	}
	if d := getenv("HOME"); filepath.IsAbs(d) {
		return filepath.Join(d, usual, "escort")
	}
	return ""
}

// RunRoot is the folder for sockets: $XDG_RUNTIME_DIR/escort, else run inside
// of [StateRoot].
func RunRoot(getenv func(string) string) (string, error) {
	if d := getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(d) {
		return filepath.Join(d, "escort"), nil
	}
	state, err := StateRoot(getenv)
	if err != nil {
		return "", &RootError{What: "sockets"}
	}
	return filepath.Join(state, "run"), nil
}

// makeFolder makes a new folder sessions/ID below root.
func makeFolder(root string, started time.Time) (id, dir string, err error) {
	sessions := filepath.Join(root, "sessions")
	for _, d := range []string{root, sessions} {
		if err := private(d); err != nil {
			return "", "", err
		}
	}
	for range 64 {
		id = newID(started)
		dir = filepath.Join(sessions, id)
		err = os.Mkdir(dir, 0o700)
		if !errors.Is(err, fs.ErrExist) {
			return id, dir, err
		}
	}
	return "", "", err
}

// private makes d, where it is missing, and takes it away from everybody else
// where it is not: records may show what only their owner may see.
func private(d string) error {
	if err := os.MkdirAll(d, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(d)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	if err := os.Chmod(d, 0o700); err != nil {
		return fmt.Errorf("others can open %s: %w", d, err)
	}
	return nil
}

func newID(started time.Time) string {
	var b [2]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return started.UTC().Format("20060102-150405-") + hex.EncodeToString(b[:])
}

// replace puts text in the place of the file name, whole or not at all.
func replace(name string, text []byte) error {
	if err := os.WriteFile(name+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// syncFolder makes the names in a folder survive a power failure. File systems
// that cannot do that for folders answer EINVAL and keep names by themselves.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
