package lore

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"reflect"
	"slices"
	"strings"
)

// magic begins the compiled file.
const magic = "lore1\n"

// Encode compiles entries, each with its names and family, into what [Lookup]
// reads. The same entries give the same bytes. Examples are for tests and are
// left out. The first of two entries with one name has it.
func Encode(entries []*Entry) []byte {
	w := &encoder{numbers: map[string]uint64{}}
	w.number("")
	bodies := make([][]byte, len(entries))
	names := map[string]int{}
	for i, e := range entries {
		plain := *e
		plain.Examples = nil
		w.out = nil
		w.value(reflect.ValueOf(plain))
		bodies[i] = w.out
		for _, n := range e.Names {
			if _, taken := names[n]; !taken {
				names[n] = i
				w.number(n)
			}
		}
	}
	w.out = nil
	for _, n := range sortedKeys(names) {
		w.uint(w.number(n))
		w.uint(uint64(names[n]))
	}
	index := w.out
	return assemble(w.strings, index, len(names), bodies)
}

// assemble lays out the file: magic, the hash of the rest, the shape of the
// schema, then three tables, each behind its size: strings, entries, names.
func assemble(texts []string, index []byte, names int, bodies [][]byte) []byte {
	var rest []byte
	rest = binary.LittleEndian.AppendUint32(rest, shape(reflect.TypeFor[Entry]()))
	rest = appendTable(rest, len(texts), func(i int) []byte { return []byte(texts[i]) })
	rest = appendTable(rest, len(bodies), func(i int) []byte { return bodies[i] })
	rest = binary.LittleEndian.AppendUint32(rest, uint32(names))
	rest = append(rest, index...)
	h := fnv.New32a()
	h.Write(rest)
	out := binary.LittleEndian.AppendUint32([]byte(magic), h.Sum32())
	return append(out, rest...)
}

// appendTable writes the number of rows, where each ends, and the rows.
func appendTable(out []byte, n int, row func(i int) []byte) []byte {
	out = binary.LittleEndian.AppendUint32(out, uint32(n))
	var rows bytes.Buffer
	for i := range n {
		rows.Write(row(i))
		out = binary.LittleEndian.AppendUint32(out, uint32(rows.Len()))
	}
	return append(out, rows.Bytes()...)
}

// shape is a hash of the names and types of all members, so that a file that
// was compiled from another schema is not misread.
func shape(t reflect.Type) uint32 {
	h := fnv.New32a()
	seen := map[reflect.Type]bool{}
	var walk func(t reflect.Type)
	walk = func(t reflect.Type) {
		fmt.Fprintf(h, "%s %s;", t.Kind(), t.Name())
		if seen[t] {
			return
		}
		seen[t] = true
		switch t.Kind() {
		case reflect.Struct:
			for _, f := range members(t) {
				h.Write([]byte(t.Field(f).Name))
				walk(t.Field(f).Type)
			}
		case reflect.Map, reflect.Slice, reflect.Pointer:
			walk(t.Elem())
		}
	}
	walk(t)
	return h.Sum32()
}

type encoder struct {
	out     []byte
	strings []string
	numbers map[string]uint64
}

func (w *encoder) uint(n uint64) { w.out = binary.AppendUvarint(w.out, n) }

// number is the row of a text in the table of strings.
func (w *encoder) number(s string) uint64 {
	n, ok := w.numbers[s]
	if !ok {
		n = uint64(len(w.strings))
		w.numbers[strings.Clone(s)] = n
		w.strings = append(w.strings, s)
	}
	return n
}

// value writes v; reader.value reads it back.
func (w *encoder) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		w.uint(w.number(v.String()))
	case reflect.Bool: // only written where it is set
	case reflect.Int:
		w.uint(uint64(v.Int()))
	case reflect.Slice:
		w.uint(uint64(v.Len()))
		for i := range v.Len() {
			w.value(v.Index(i))
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		w.uint(uint64(len(keys)))
		for _, k := range keys {
			w.value(k)
			w.value(v.MapIndex(k))
		}
	case reflect.Pointer:
		w.value(v.Elem())
	case reflect.Struct:
		w.fields(v)
	default:
		panic("lore: a member of the schema has a type that cannot be compiled: " + v.Type().String())
	}
}

// fields writes which members are set, as bits, and those.
func (w *encoder) fields(v reflect.Value) {
	var set uint64
	all := members(v.Type())
	for bit, f := range all {
		if m := v.Field(f); !m.IsZero() && (m.Kind() != reflect.Slice && m.Kind() != reflect.Map || m.Len() > 0) {
			set |= 1 << bit
		}
	}
	w.uint(set)
	for bit, f := range all {
		if set&(1<<bit) != 0 {
			w.value(v.Field(f))
		}
	}
}
