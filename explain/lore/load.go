package lore

import (
	_ "embed"
	"fmt"
	"hash/fnv"
	"reflect"
	"sort"
	"strings"
	"sync"

	"escort/explain/say"
)

//go:generate go test . -run ^TestCompiled$ -update

// compiled is what data/*.yaml comes to; see [Encode].
//
//go:embed lore.bin
var compiledLore string

// store is the opened file.
type store struct {
	strings table
	entries []slot
	names   map[string]int
	other   sync.Map // entries in another language, by language and name
	err     error
}

// slot is one entry, read when it is first asked for.
type slot struct {
	body  string
	once  sync.Once
	entry *Entry
	err   error
}

var opened = sync.OnceValue(func() *store { return open(compiledLore) })

// open reads the tables; the entries are left for later.
func open(file string) *store {
	s := &store{err: errBroken}
	rest, ok := strings.CutPrefix(file, magic)
	if !ok || len(rest) < 8 || uint32At(rest, 1) != shape(reflect.TypeFor[Entry]()) {
		return s
	}
	texts, rest, ok := cutTable(rest[8:])
	if !ok {
		return s
	}
	bodies, rest, ok := cutTable(rest)
	if !ok || len(rest) < 4 {
		return s
	}
	n := int(uint32At(rest, 0))
	index := decoder{in: rest[4:], strings: texts}
	if n > len(index.in) {
		return s
	}
	s.strings, s.entries, s.names = texts, make([]slot, bodies.n), make(map[string]int, n)
	for range n {
		name, at := texts.row(index.uint()), index.uint()
		if at >= uint64(bodies.n) || index.bad {
			return s
		}
		s.names[name] = int(at)
	}
	for i := range s.entries {
		s.entries[i].body = bodies.row(uint64(i))
	}
	s.err = nil
	return s
}

func (s *store) entry(i int) (*Entry, error) {
	e := &s.entries[i]
	e.once.Do(func() { e.entry, e.err = s.decode(e.body, nil) })
	return e.entry, e.err
}

// decode reads an entry and puts it into other words.
func (s *store) decode(body string, words func(e *Entry)) (*Entry, error) {
	r := decoder{in: body, strings: s.strings}
	var read Entry
	r.value(reflect.ValueOf(&read).Elem())
	if r.bad || r.in != "" {
		return nil, errBroken
	}
	if words != nil {
		words(&read)
	}
	if err := read.Prepare(); err != nil {
		return nil, err
	}
	return &read, nil
}

// Lookup returns the entry of the program with this name, without its folder;
// nil if there is none. The error tells of a defect in the compiled data;
// callers treat it as no entry. Entries are shared: nobody may change them.
func Lookup(name string) (*Entry, error) {
	s := opened()
	if s.err != nil {
		return nil, s.err
	}
	i, ok := s.names[name]
	if !ok {
		return nil, nil
	}
	if c := say.Current(); c.Language != say.English {
		return s.translated(c, name, i)
	}
	return s.entry(i)
}

// Names lists every program that has an entry, sorted.
func Names() []string {
	var out []string
	for n := range opened().names {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// Version identifies the data: it changes when any entry or path does.
var Version = sync.OnceValue(func() string {
	h := fnv.New32a()
	if len(compiledLore) > len(magic)+4 { // the hash of the rest
		h.Write([]byte(compiledLore[len(magic) : len(magic)+4]))
	}
	h.Write([]byte(pathTable))
	h.Write([]byte(deedText()))
	return fmt.Sprintf("%08x", h.Sum32())
})
