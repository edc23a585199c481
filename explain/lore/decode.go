package lore

import (
	"encoding/binary"
	"errors"
	"reflect"
	"sync"
)

var errBroken = errors.New("the compiled lore is broken or of another release: run go generate ./explain/lore")

// table is one table of the compiled file: where its rows end, and the rows.
type table struct {
	n    int
	ends string
	rows string
}

// cutTable takes a table off the beginning of s.
func cutTable(s string) (t table, rest string, ok bool) {
	if len(s) < 4 {
		return t, "", false
	}
	t.n, s = int(uint32At(s, 0)), s[4:]
	if t.n > len(s)/4 {
		return t, "", false
	}
	t.ends, s = s[:4*t.n], s[4*t.n:]
	size := 0
	if t.n > 0 {
		size = int(uint32At(t.ends, t.n-1))
	}
	if size > len(s) {
		return t, "", false
	}
	t.rows = s[:size]
	return t, s[size:], true
}

// row is row i; it shares memory with the file. Empty where there is none.
func (t table) row(i uint64) string {
	if i >= uint64(t.n) {
		return ""
	}
	from := uint32(0)
	if i > 0 {
		from = uint32At(t.ends, int(i)-1)
	}
	to := uint32At(t.ends, int(i))
	if from > to || int(to) > len(t.rows) {
		return ""
	}
	return t.rows[from:to]
}

func uint32At(s string, i int) uint32 {
	i *= 4
	return uint32(s[i]) | uint32(s[i+1])<<8 | uint32(s[i+2])<<16 | uint32(s[i+3])<<24
}

// decoder reads one value after the other.
type decoder struct {
	in      string
	strings table
	bad     bool
}

func (r *decoder) uint() uint64 {
	var n uint64
	for i := range min(len(r.in), binary.MaxVarintLen64) {
		b := r.in[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			r.in = r.in[i+1:]
			return n
		}
	}
	r.bad, r.in = true, ""
	return 0
}

// count is a number of values that follow, each at least a byte long.
func (r *decoder) count() int {
	n := r.uint()
	if n > uint64(len(r.in)) {
		r.bad, r.in = true, ""
		return 0
	}
	return int(n)
}

// value reads into v what encoder.value wrote.
func (r *decoder) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(r.strings.row(r.uint()))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(int64(r.uint()))
	case reflect.Slice:
		n := r.count()
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			r.value(v.Index(i))
		}
	case reflect.Map:
		r.entries(v)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.value(v.Elem())
	case reflect.Struct:
		set := r.uint()
		for bit, f := range members(v.Type()) {
			if set&(1<<bit) != 0 {
				r.value(v.Field(f))
			}
		}
	}
}

func (r *decoder) entries(v reflect.Value) {
	n := r.count()
	t := v.Type()
	v.Set(reflect.MakeMapWithSize(t, n))
	for range n {
		key, elem := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		r.value(key)
		r.value(elem)
		v.SetMapIndex(key, elem)
	}
}

var memberLists sync.Map // reflect.Type to []int

// members are the indexes of the exported members of a struct, in order.
func members(t reflect.Type) []int {
	if l, ok := memberLists.Load(t); ok {
		return l.([]int)
	}
	var out []int
	for i := range t.NumField() {
		if t.Field(i).IsExported() {
			out = append(out, i)
		}
	}
	if len(out) > 64 {
		panic("lore: too many members for the bits of one number: " + t.String())
	}
	memberLists.Store(t, out)
	return out
}
