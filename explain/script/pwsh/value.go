package pwsh

import (
	"strconv"
	"strings"
)

// Kind says what a value is.
type Kind byte

// The kinds of values.
const (
	Unknown Kind = iota
	Text
	Number
	List
	Block
	Table
	Null
)

// Value is what an expression comes to, as far as can be told.
type Value struct {
	Kind  Kind
	Text  string // of a text or block; of an unknown value what it stands for: "*.log"
	Int   int64
	List  []Value
	Keys  []string // of a table, beside List
	Type  string   // of .NET, in small letters
	Of    string   // the command whose output it is, in small letters
	Net   bool     // it comes from another machine
	Coded bool     // it is put together or decoded so that it cannot be read
	Line  int      // of a block
	From  int      // 1 + index of the command whose output it is; 0: none
}

func text(s string) Value {
	if len(s) > maxText {
		return Value{Coded: true}
	}
	return Value{Kind: Text, Text: s}
}

func num(n int64) Value { return Value{Kind: Number, Int: n} }

func truth(b bool) Value {
	v := Value{Kind: Number, Type: "bool"}
	if b {
		v.Int = 1
	}
	return v
}

func list(vs []Value) Value {
	v := Value{Kind: List, List: vs}
	for _, i := range vs {
		v = v.marked(i)
	}
	return v
}

// marked takes over where another value comes from.
func (v Value) marked(o Value) Value {
	v.Net, v.Coded = v.Net || o.Net, v.Coded || o.Coded
	if v.From == 0 {
		v.From = o.From
	}
	return v
}

// hidden marks a value as put together.
func (v Value) hidden() Value {
	v.Coded = true
	return v
}

// Known reports whether all of it is a literal.
func (v Value) Known() bool {
	switch v.Kind {
	case Text:
		return !strings.Contains(v.Text, Hole)
	case Number, Block, Null:
		return true
	case List, Table:
		for _, i := range v.List {
			if !i.Known() {
				return false
			}
		}
		return true
	}
	return false
}

// String is the value as a text; what is not known is a Hole.
func (v Value) String() string {
	switch v.Kind {
	case Text:
		return v.Text
	case Block:
		return "{" + v.Text + "}"
	case Number:
		if v.Type == "bool" {
			if v.Int != 0 {
				return "True"
			}
			return "False"
		}
		return strconv.FormatInt(v.Int, 10)
	case Null:
		return ""
	case List:
		return v.joined(" ")
	case Unknown:
		if v.Text != "" {
			return v.Text
		}
	}
	return Hole
}

func (v Value) joined(sep string) string {
	var b strings.Builder
	for i, e := range v.items() {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(e.String())
		if b.Len() > maxText {
			return Hole
		}
	}
	return b.String()
}

// items are the elements of a list; any other value is one itself.
func (v Value) items() []Value {
	switch v.Kind {
	case List:
		return v.List
	case Null:
		return nil
	}
	return []Value{v}
}

// number is the value as a whole number.
func (v Value) number() (int64, bool) {
	switch v.Kind {
	case Number:
		return v.Int, true
	case Null:
		return 0, true
	case Text:
		s := strings.TrimSpace(v.Text)
		if v.Type == "char" {
			for _, r := range s {
				return int64(r), true
			}
			if v.Text != "" {
				return int64([]rune(v.Text)[0]), true
			}
		}
		n, err := strconv.ParseInt(s, 0, 64)
		return n, err == nil
	}
	return 0, false
}

// is reports whether the value is true, where that can be told.
func (v Value) is() (yes, known bool) {
	switch v.Kind {
	case Number:
		return v.Int != 0, true
	case Null:
		return false, true
	case Text:
		return v.Text != "", v.Known()
	}
	return false, false
}

// chars divides a text into its letters.
func (v Value) chars() Value {
	if v.Kind != Text || len(v.Text) > maxTurns*4 {
		return Value{}.marked(v)
	}
	var out []Value
	for _, r := range v.Text {
		out = append(out, Value{Kind: Text, Text: string(r), Type: "char"})
	}
	return list(out).marked(v)
}

// bytesOf is a list of numbers, or text that stands for bytes, as bytes.
func bytesOf(v Value) (string, bool) {
	if v.Kind == Text {
		return v.Text, v.Known()
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
	return b.String(), v.Kind == List
}

// field is an entry of a table.
func (v Value) field(name string) (Value, bool) {
	for i, k := range v.Keys {
		if strings.EqualFold(k, name) && i < len(v.List) {
			return v.List[i], true
		}
	}
	return Value{}, false
}
