package host

import (
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
)

const (
	maxPacked  = 2 << 20 // bytes of a manual page's file
	maxPage    = 4 << 20 // bytes of its text
	maxReferal = 5       // pages that only say "see that page", one after the other
)

// manualFolders and manualSections are searched in this order. The sections
// are those of programs and of what they read; a program's page comes first.
var (
	manualFolders  = []string{"/usr/local/share/man", "/usr/local/man", "/usr/share/man"}
	manualSections = []string{"1", "8", "6", "7", "5"}
)

// packings are the ways pages are packed, by what their names end in.
var packings = []struct {
	suffix string
	open   func(io.Reader) (io.Reader, error)
}{
	{"", func(r io.Reader) (io.Reader, error) { return r, nil }},
	{".gz", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
	{".bz2", func(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }},
}

// manual returns the installed manual page of name as plain text, below a line
// with its name and section.
func (m *machine) manual(ctx context.Context, name string) (string, error) {
	if name == "" || len(name) > 255 || strings.ContainsAny(name, "/\x00") || strings.HasPrefix(name, ".") {
		return "", missing(name)
	}
	doubt := missing(name)
	for _, folder := range manualFolders {
		for _, section := range manualSections {
			if ctx.Err() != nil {
				return "", unknown("manual page %q: %v", name, ctx.Err())
			}
			text, err := m.page(folder, "man"+section+"/"+name+"."+section, maxReferal)
			switch {
			case err == nil:
				return name + "(" + section + ")\n" + renderRoff(text), nil
			case !errors.Is(err, fs.ErrNotExist):
				doubt = err
			}
		}
	}
	return "", doubt
}

// page reads the page rel of a manual folder, following ".so".
func (m *machine) page(folder, rel string, referals int) ([]byte, error) {
	for _, p := range packings {
		file, err := m.follow(path.Join(folder, rel)+p.suffix, true)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		// What others could have written is not quoted as the manual.
		if owner, ok := ownerID(file.info); ok && owner != 0 || file.info.Mode().Perm()&0o022 != 0 {
			return nil, unknown("%q can be changed by others than the administrator", file.path)
		}
		text, err := m.unpack(file, p.open)
		if err != nil {
			return nil, err
		}
		to, ok := strings.CutPrefix(string(bytes.TrimSpace(firstRequest(text))), ".so ")
		if !ok {
			return text, nil
		}
		if referals == 0 {
			return nil, unknown("%q: too many pages that only name another", file.path)
		}
		return m.page(folder, path.Join("/", strings.TrimSpace(to))[1:], referals-1)
	}
	return nil, missing(rel)
}

func (m *machine) unpack(p place, open func(io.Reader) (io.Reader, error)) ([]byte, error) {
	if p.info.Size() > maxPacked {
		return nil, unknown("%q has %d bytes", p.path, p.info.Size())
	}
	packed, err := m.read(p, maxPacked)
	if err != nil {
		return nil, err
	}
	r, err := open(bytes.NewReader(packed))
	if err != nil {
		return nil, unknown("%q: %v", p.path, err)
	}
	text, err := io.ReadAll(io.LimitReader(r, maxPage+1))
	switch {
	case err != nil:
		return nil, unknown("%q: %v", p.path, err)
	case len(text) > maxPage:
		return nil, unknown("%q holds more than %d bytes of text", p.path, maxPage)
	}
	return text, nil
}

// firstRequest is the first line of a page that is no comment.
func firstRequest(text []byte) []byte {
	for line := range bytes.Lines(text) {
		if l := bytes.TrimSpace(line); len(l) > 0 && !bytes.HasPrefix(l, []byte(`.\"`)) && !bytes.HasPrefix(l, []byte(`'\"`)) {
			return l
		}
	}
	return nil
}
