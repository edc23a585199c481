package lore

import (
	"embed"
	"errors"
	"fmt"
	"hash/fnv"
	"path"
	"sort"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed data/*.yaml
var files embed.FS

// chunk is the text of one entry that has not been read yet.
type chunk struct {
	family string
	key    string
	line   int
	text   string
	once   sync.Once
	entry  *Entry
	err    error
}

// index finds every entry by its lines alone: a key in the first column. The
// YAML of an entry is only read when somebody asks for it, because reading all
// of it takes longer than a person should wait for an answer.
var index = sync.OnceValue(func() map[string]*chunk {
	m := map[string]*chunk{}
	for _, c := range chunks() {
		for _, n := range splitNames(c.key) {
			if _, taken := m[n]; !taken {
				m[n] = c
			}
		}
	}
	return m
})

var chunks = sync.OnceValue(func() []*chunk {
	var all []*chunk
	names, _ := files.ReadDir("data") // embedded: cannot fail
	for _, f := range names {
		b, _ := files.ReadFile("data/" + f.Name())
		all = append(all, split(strings.TrimSuffix(path.Base(f.Name()), ".yaml"), string(b))...)
	}
	return all
})

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

func (c *chunk) load() (*Entry, error) {
	c.once.Do(func() {
		var doc map[string]*Entry
		if err := yaml.UnmarshalWithOptions([]byte(c.text), &doc, yaml.Strict()); err != nil {
			c.err = fmt.Errorf("%s.yaml, entry %q at line %d: %w", c.family, c.key, c.line, err)
			return
		}
		for _, e := range doc {
			if e == nil {
				c.err = fmt.Errorf("%s.yaml: entry %q is empty", c.family, c.key)
				return
			}
			e.Names, e.Family = splitNames(c.key), c.family
			if err := e.prepare(); err != nil {
				c.err = fmt.Errorf("%s.yaml, entry %q at line %d: %w", c.family, c.key, c.line, err)
				return
			}
			c.entry = e
		}
	})
	return c.entry, c.err
}

// Lookup returns the entry of the program with this name, without its folder.
// The error tells of a defect in the data; callers treat it as no entry.
func Lookup(name string) (*Entry, error) {
	c, ok := index()[name]
	if !ok {
		return nil, nil
	}
	return c.load()
}

// All reads every entry, for tests and listings. Entries with defects are left
// out and told of in the error.
func All() ([]*Entry, error) {
	var out []*Entry
	var errs []error
	for _, c := range chunks() {
		e, err := c.load()
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, e)
	}
	return out, errors.Join(errs...)
}

// Names lists every program that has an entry, sorted.
func Names() []string {
	var out []string
	for n := range index() {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// Version identifies the data: it changes when any entry or path does.
var Version = sync.OnceValue(func() string {
	h := fnv.New32a()
	for _, c := range chunks() {
		h.Write([]byte(c.text))
	}
	h.Write([]byte(pathTable))
	return fmt.Sprintf("%08x", h.Sum32())
})
