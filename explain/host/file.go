package host

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
)

// read returns the first limit bytes of the regular file p.
func (m *machine) read(p place, limit int) ([]byte, error) {
	if !p.info.Mode().IsRegular() {
		return nil, unknown("%q is no regular file", p.path)
	}
	f, err := m.open(p)
	if err != nil {
		return nil, m.failure(p.path, err)
	}
	defer f.Close()
	if madeByKernel(path.Dir(m.outside(p.path))) {
		return nil, unknown("%q is made up by the kernel as it is read", p.path)
	}
	if limit <= 0 {
		return []byte{}, nil
	}
	b, err := io.ReadAll(io.LimitReader(f, int64(limit)))
	if err != nil {
		return nil, unknown("%q: %v", p.path, err)
	}
	return b, nil
}

// errChanged says that between two looks a name came to mean something else.
var errChanged = errors.New("is no longer the file that it was")

// checkRegular closes f unless it is the regular file that was looked at.
func checkRegular(f *os.File, p place) (*os.File, error) {
	info, err := f.Stat()
	if err == nil && (!info.Mode().IsRegular() || !os.SameFile(info, p.info)) {
		err = fmt.Errorf("%q %w", p.path, errChanged)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
