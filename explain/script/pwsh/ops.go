package pwsh

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"escort/explain/regex"
)

// binary works out an operator.
func (p *parser) binary(op string, a, b Value) Value {
	out := Value{}.marked(a).marked(b)
	switch op {
	case "+":
		return plus(a, b)
	case "-", "*", "/", "%", "band", "bor", "bxor", "shl", "shr":
		return sums(op, a, b, out)
	case "f":
		return formatted(a, b.items()).marked(out)
	case "..":
		return p.span(a, b).marked(out)
	case "join":
		if !a.Known() || !b.Known() {
			return out
		}
		v := text(a.joined(b.String())).marked(out)
		v.Coded = v.Coded || len(a.items()) > 1
		return v
	case "split":
		return split(a, b.items()).marked(out)
	case "replace":
		return replaced(a, b.items()).marked(out)
	case "as":
		return p.cast(strings.TrimPrefix(b.Type, "type:"), a)
	case "eq", "ne", "lt", "le", "gt", "ge":
		return compared(op, a, b)
	case "and", "or":
		x, known := a.is()
		y, also := b.is()
		if known && also {
			return truth(op == "and" && x && y || op == "or" && (x || y))
		}
	}
	return Value{}
}

func plus(a, b Value) Value {
	out := Value{}.marked(a).marked(b)
	switch {
	case a.Kind == List:
		if len(a.List) > maxTurns {
			return out
		}
		return list(append(slices.Clone(a.List), b.items()...)).marked(out)
	case a.Kind == Number && a.Type == "":
		x, ok := b.number()
		if ok {
			return num(a.Int + x).marked(out)
		}
		return out
	case a.Kind == Null:
		return b
	case a.Kind == Text || b.Kind == Text && a.Kind == Unknown:
		v := text(a.String() + b.String()).marked(out)
		v.Coded = v.Coded || a.Kind == Text && (b.Kind == Text || b.Kind == List) && b.Known() && a.Text != ""
		return v
	}
	return out
}

func sums(op string, a, b, out Value) Value {
	x, ok := a.number()
	y, also := b.number()
	if op == "*" && a.Kind == Text && also && y >= 0 && y*int64(len(a.Text)) <= maxText {
		return text(strings.Repeat(a.Text, int(y))).marked(out)
	}
	if !ok || !also {
		return out
	}
	var n int64
	switch op {
	case "-":
		n = x - y
	case "*":
		n = x * y
	case "/", "%":
		if y == 0 {
			return out
		}
		n = x / y
		if op == "%" {
			n = x % y
		}
	case "band":
		n = x & y
	case "bor":
		n = x | y
	case "bxor":
		n = x ^ y
		out.Coded = true
	case "shl":
		n = x << (uint64(y) & 63)
	case "shr":
		n = x >> (uint64(y) & 63)
	}
	return num(n).marked(out)
}

func compared(op string, a, b Value) Value {
	x, ok := a.number()
	y, also := b.number()
	if !ok || !also {
		if a.Kind == Text && b.Kind == Text && a.Known() && b.Known() && (op == "eq" || op == "ne") {
			return truth(strings.EqualFold(a.Text, b.Text) == (op == "eq"))
		}
		return Value{}
	}
	return truth(map[string]bool{"eq": x == y, "ne": x != y, "lt": x < y, "le": x <= y, "gt": x > y, "ge": x >= y}[op])
}

// span is a..b.
func (p *parser) span(a, b Value) Value {
	x, ok := a.number()
	y, also := b.number()
	n := max(x-y, y-x)
	if !ok || !also || n > maxTurns || !p.spend(int(n)/8) {
		return Value{}
	}
	var out []Value
	for i := x; ; {
		out = append(out, num(i))
		if i == y {
			break
		}
		if x < y {
			i++
		} else {
			i--
		}
	}
	return list(out)
}

var place = regex.New(`\{(\d+)(?:,-?\d+)?(?::([xXdD]?)\d*)?\}`)

// formatted is -f.
func formatted(a Value, args []Value) Value {
	if a.Kind != Text {
		return Value{}
	}
	s := place.ReplaceAllStringFunc(a.Text, func(m string) string {
		g := place.FindStringSubmatch(m)
		n, err := strconv.Atoi(g[1])
		if err != nil || n >= len(args) {
			return Hole
		}
		if strings.EqualFold(g[2], "x") {
			if v, ok := args[n].number(); ok {
				return strconv.FormatInt(v, 16)
			}
		}
		return args[n].String()
	})
	v := text(strings.NewReplacer("{{", "{", "}}", "}").Replace(s))
	v.Coded = len(place.FindAllString(a.Text, 3)) > 1
	return v
}

// pattern compiles a pattern of .NET; nil: it is not known here.
func pattern(s string) *regexp.Regexp {
	if len(s) > 4<<10 || strings.Contains(s, Hole) {
		return nil
	}
	re, err := regexp.Compile("(?i)" + s)
	if err != nil {
		return nil
	}
	return re
}

func split(a Value, args []Value) Value {
	if len(args) == 0 || !a.Known() {
		return Value{}
	}
	by := args[0].String()
	re := pattern(by)
	if by == " " {
		re = regexp.MustCompile(`\s+`)
	}
	if re == nil {
		return Value{}
	}
	var out []Value
	for _, e := range a.items() {
		for _, s := range re.Split(e.String(), maxTurns) {
			out = append(out, text(s))
		}
	}
	return list(out)
}

var group = regex.New(`\$(\d)`)

// replaced is -replace.
func replaced(a Value, args []Value) Value {
	if len(args) == 0 || !a.Known() {
		return Value{}
	}
	re := pattern(args[0].String())
	with := ""
	if len(args) > 1 {
		with = args[1].String()
	}
	if re == nil || strings.Contains(with, Hole) {
		return Value{}
	}
	with = group.ReplaceAllString(strings.ReplaceAll(with, "$&", "${0}"), "${$1}")
	one := func(v Value) Value {
		s := re.ReplaceAllString(v.String(), with)
		return text(s).marked(Value{Coded: s != v.String()})
	}
	if a.Kind != List {
		return one(a)
	}
	var out []Value
	for _, e := range a.List {
		out = append(out, one(e))
	}
	return list(out)
}

// index is v[i], v[1,2,3] and v[-1..-5].
func index(v, i Value) Value {
	if v.Kind == Table {
		if e, ok := v.field(i.String()); ok {
			return e
		}
		return Value{}.marked(v)
	}
	seq := v.items()
	if v.Kind == Text {
		seq = v.chars().List
	}
	if v.Kind != Text && v.Kind != List {
		return Value{Text: v.Text, Of: v.Of}.marked(v)
	}
	pick := func(n Value) (Value, bool) {
		k, ok := n.number()
		if k < 0 {
			k += int64(len(seq))
		}
		if !ok || k < 0 || k >= int64(len(seq)) {
			return Value{Kind: Null}, ok
		}
		return seq[k], true
	}
	if i.Kind != List {
		e, ok := pick(i)
		if !ok {
			return Value{}.marked(v)
		}
		return e.marked(v)
	}
	var out []Value
	for _, n := range i.List {
		e, ok := pick(n)
		if !ok {
			return Value{}.marked(v)
		}
		out = append(out, e)
	}
	r := list(out).marked(v)
	r.Coded = r.Coded || v.Kind == Text
	return r
}

// cast is [type]value.
func (p *parser) cast(t string, v Value) Value {
	t = strings.TrimPrefix(t, "system.")
	switch t {
	case "char":
		if n, ok := v.number(); ok && v.Kind == Number && n > 0 && n <= 0x10FFFF {
			return Value{Kind: Text, Text: string(rune(n)), Type: "char"}.marked(v).hidden()
		}
		return v
	case "char[]":
		if v.Kind == List {
			var out []Value
			for _, e := range v.List {
				out = append(out, p.cast("char", e))
			}
			return list(out).marked(v)
		}
		return v.chars()
	case "string":
		if v.Kind == Unknown {
			return v
		}
		return text(v.String()).marked(v)
	case "int", "int32", "int64", "long", "byte", "uint32", "int16", "uint16", "uint64", "sbyte":
		if n, ok := v.number(); ok {
			return num(n).marked(v)
		}
		return Value{}.marked(v)
	case "int[]", "byte[]", "int32[]":
		if v.Kind == Text && v.Type == "byte[]" {
			return v
		}
		var out []Value
		for _, e := range v.items() {
			out = append(out, p.cast("int", e))
		}
		return list(out).marked(v)
	case "scriptblock":
		if v.Kind == Text {
			return Value{Kind: Block, Text: v.Text, Line: p.lineAt()}.marked(v)
		}
	case "bool":
		if yes, known := v.is(); known {
			return truth(yes)
		}
	case "void":
		return Value{Kind: Null}
	case "wmiclass":
		return Value{Type: "wmi:" + strings.ToLower(v.String()), Text: v.String()}
	case "net.sockets.tcplistener", "net.sockets.tcpclient":
		return p.object(t, v.items())
	case "type":
		return Value{Type: "type:" + strings.TrimPrefix(strings.ToLower(v.String()), "system.")}.marked(v)
	}
	return v
}
