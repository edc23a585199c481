// Package source reads what people write about programs, the YAML files in
// explain/lore/data, for tests and for compiling. The program itself only reads
// what they were compiled to, lore.bin, which go generate makes: reading YAML
// at the start would take longer than a person should wait for an answer.
//
// # Limits
//
// An entry begins in the first column. Anchors and aliases of YAML do not reach
// from one entry into another.
package source

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"escort/explain/lore"

	"github.com/goccy/go-yaml"
)

// chunk is the text of one entry.
type chunk struct {
	family string
	key    string
	line   int
	text   string
}

// Read reads every *.yaml in the folder, by file and in the order of the file.
// Entries with defects are left out and told of in the error.
func Read(folder fs.FS) ([]*lore.Entry, error) {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return nil, err
	}
	var out []*lore.Entry
	var errs []error
	for _, name := range names {
		b, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		for _, c := range split(strings.TrimSuffix(path.Base(name), ".yaml"), string(b)) {
			if e, err := c.read(); err != nil {
				errs = append(errs, err)
			} else {
				out = append(out, e)
			}
		}
	}
	return out, errors.Join(errs...)
}

func split(family, text string) []*chunk {
	var out []*chunk
	start, line := 0, 0
	flush := func(end int) {
		if n := len(out); n > 0 {
			out[n-1].text = text[start:end]
		}
	}
	for pos := 0; pos < len(text); {
		line++
		end := strings.IndexByte(text[pos:], '\n')
		if end < 0 {
			end = len(text) - pos - 1
		}
		if c := text[pos]; c != ' ' && c != '#' && c != '\n' && c != '-' && c != '\t' && c != '\r' {
			flush(pos)
			start = pos
			out = append(out, &chunk{family: family, key: keyOf(text[pos : pos+end+1]), line: line})
		}
		pos += end + 1
	}
	flush(len(text))
	return out
}

// keyOf is the key of a mapping's line, quoted or not.
func keyOf(line string) string {
	if q := line[0]; q == '"' || q == '\'' {
		key, _, _ := strings.Cut(line[1:], line[:1])
		return key
	}
	key, _, _ := strings.Cut(strings.TrimRight(line, "\r\n")+" ", ": ")
	return strings.TrimSuffix(strings.TrimSpace(key), ":")
}

func (c *chunk) read() (*lore.Entry, error) {
	var doc map[string]*lore.Entry
	where := fmt.Sprintf("%s.yaml, entry %q at line %d", c.family, c.key, c.line)
	if err := yaml.UnmarshalWithOptions([]byte(c.text), &doc, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %w", where, err)
	}
	for _, e := range doc {
		if e == nil {
			break
		}
		e.Names, e.Family = lore.SplitNames(c.key), c.family
		if err := e.Prepare(); err != nil {
			return nil, fmt.Errorf("%s: %w", where, err)
		}
		return e, nil
	}
	return nil, fmt.Errorf("%s: it is empty", where)
}
