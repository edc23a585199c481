package record

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
)

// file is what the record needs of an open file; tests put a full disk there.
type file interface {
	io.Writer
	Sync() error
	Close() error
}

// out is a file that only grows, and knows its length and digest.
type out struct {
	f      file
	size   int64
	digest hash.Hash
}

func newOut(f file) out { return out{f: f, digest: sha256.New()} }

func (o *out) write(p []byte) error {
	n, err := o.f.Write(p)
	o.size += int64(n)
	o.digest.Write(p[:n])
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	return err
}

func (o *out) sync() error  { return o.f.Sync() }
func (o *out) close() error { return o.f.Close() }

// present checks that path still leads to the open file and that nobody else
// made it longer or shorter. Files that are no files of the system pass.
func (o *out) present(path string) error {
	f, ok := o.f.(*os.File)
	if !ok {
		return nil
	}
	mine, err := f.Stat()
	if err != nil {
		return err
	}
	there, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s was removed", path)
	case err != nil:
		return err
	case !os.SameFile(mine, there):
		return fmt.Errorf("%s was replaced by another file", path)
	case mine.Size() != o.size:
		return fmt.Errorf("%s has %d bytes, but %d were written", path, mine.Size(), o.size)
	}
	return nil
}

// Mark says how long the cast was and what was in it.
type Mark struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	Cut    int64  `json:"cut,omitempty"` // bytes of output that were not kept
}

func (o *out) mark() Mark {
	return Mark{Bytes: o.size, SHA256: hex.EncodeToString(o.digest.Sum(nil))}
}
