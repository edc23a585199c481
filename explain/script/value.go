package script

import (
	"strconv"
	"strings"

	"escort/explain/shell"
)

// hole stands in a text for a stretch that is only known when the code runs.
const hole = shell.Unknown

// What one value may hold at most.
const (
	maxValue = 128 << 10 // bytes
	maxItems = 8_192
)

// valueKind says what a value is.
type valueKind byte

const (
	dark    valueKind = iota // not known
	wording                  // text; it may have holes
	whole                    // a whole number
	many                     // a list
	lambda                   // a function
)

// value is what an expression comes to, as far as can be told.
type value struct {
	kind  valueKind
	s     string
	n     int64
	list  []value
	fn    *function
	bytes bool     // a text that is a row of numbers when it is taken apart
	made  bool     // worked out in a way that hides what it is
	pat   *pattern // of a regular expression
}

// function is one that the code makes: its body is a stretch of tokens.
type function struct {
	name   string // of one that is known; it has no body
	params []string
	body   []token // the expression that it comes to
	block  []token // all that it does, where that is more
}

func str(s string) value {
	if len(s) > maxValue {
		return value{}
	}
	return value{kind: wording, s: s}
}

func num(n int64) value { return value{kind: whole, n: n} }

func listOf(vs []value) value {
	if len(vs) > maxItems {
		return value{}
	}
	v := value{kind: many, list: vs}
	for _, e := range vs {
		v.made = v.made || e.made
	}
	return v
}

// hid marks a value as worked out in a way that hides it.
func (v value) hid() value {
	v.made = true
	return v
}

// known reports that nothing of the value is open.
func (v value) known() bool {
	switch v.kind {
	case wording:
		return !strings.Contains(v.s, hole)
	case whole:
		return true
	case many:
		for _, e := range v.list {
			if !e.known() {
				return false
			}
		}
		return true
	}
	return false
}

// text is the value as a text; what is not known is a hole.
func (v value) text() string {
	switch v.kind {
	case wording:
		return v.s
	case whole:
		return strconv.FormatInt(v.n, 10)
	case many:
		return v.joined("")
	}
	return hole
}

func (v value) joined(sep string) string {
	var b strings.Builder
	for i, e := range v.items() {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(e.text())
		if b.Len() > maxValue {
			return hole
		}
	}
	return b.String()
}

// together is the text that the elements make.
func (v value) together(sep string) value {
	out := str(v.joined(sep))
	out.made = v.made
	for _, e := range v.list {
		out.made = out.made || e.made
	}
	return out
}

// items are the elements: of bytes the numbers, of a text its letters.
func (v value) items() []value {
	switch v.kind {
	case many:
		return v.list
	case wording:
		var out []value
		if len(v.s) > maxItems*4 {
			return nil
		}
		if v.bytes {
			for i := range len(v.s) {
				out = append(out, num(int64(v.s[i])))
			}
			return out
		}
		for _, r := range v.s {
			out = append(out, value{kind: wording, s: string(r), made: v.made})
		}
		return out
	}
	return nil
}

// number is the value as a whole number.
func (v value) number() (int64, bool) {
	switch v.kind {
	case whole:
		return v.n, true
	case wording:
		n, err := strconv.ParseInt(strings.TrimSpace(v.s), 10, 64)
		return n, err == nil
	}
	return 0, false
}

// binary are the bytes that a text or a list of numbers stands for.
func (v value) binary() (string, bool) {
	if v.kind == wording {
		return v.s, v.known()
	}
	var b strings.Builder
	for _, e := range v.items() {
		n, ok := e.number()
		if !ok || n < 0 || n > 0x10FFFF {
			return "", false
		}
		if n > 255 {
			b.WriteRune(rune(n))
		} else {
			b.WriteByte(byte(n))
		}
	}
	return b.String(), v.kind == many
}

// index is where n points to in a row of length size, from the end where it is
// negative.
func index(n int64, size int) int {
	if n < 0 {
		n += int64(size)
	}
	return int(max(0, min(n, int64(size))))
}

// slice is a part of a text or list, with a step.
func (v value) slice(from, to, step *int64) value {
	s := int64(1)
	if step != nil {
		s = *step
	}
	items := v.items()
	size := len(items)
	if s == 0 || size == 0 {
		return v
	}
	a, b := 0, size
	if s < 0 {
		a, b = size-1, -1
	}
	if from != nil {
		a = index(*from, size)
		if s < 0 {
			a = min(a, size-1)
		}
	}
	if to != nil {
		b = index(*to, size)
	}
	var out []value
	for i := int64(a); s > 0 && i < int64(b) || s < 0 && i > int64(b); i += s {
		out = append(out, items[i])
	}
	part := v.like(out)
	part.made = v.made || v.kind == wording && (s != 1 || a > 0 && len(out) > 1)
	return part
}

// like puts items together to what v is.
func (v value) like(items []value) value {
	if v.kind == many {
		return listOf(items)
	}
	l := value{kind: many, list: items}
	if v.bytes {
		s, ok := l.binary()
		if !ok {
			return value{}
		}
		out := str(s)
		out.bytes = true
		return out
	}
	return str(l.joined(""))
}

// reversed is a text or list from its end to its beginning.
func (v value) reversed() value {
	step := int64(-1)
	return v.slice(nil, nil, &step)
}
