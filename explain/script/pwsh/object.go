package pwsh

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"escort/explain/coding"
	"escort/explain/say"
)

// property is a value's property.
func (p *parser) property(v Value, name string) Value {
	p.last = name
	if v.Kind == Table {
		if e, ok := v.field(name); ok {
			return e
		}
	}
	if t, ok := strings.CutPrefix(v.Type, "type:"); ok {
		switch {
		case strings.HasSuffix(t, "encoding"):
			return Value{Type: "encoding:" + name}
		case t == "string" && name == "empty":
			return text("")
		case t == "environment" && name == "newline":
			return text("\n")
		case t == "io.path" && strings.HasSuffix(name, "separatorchar"):
			return text("/")
		}
		return Value{Type: "member:" + t + "::" + name}
	}
	switch name {
	case "historysavepath":
		return text("~/.local/share/powershell/PSReadLine/ConsoleHost_history.txt")
	case "length", "count", "longlength":
		if v.Kind == Text && v.Known() {
			return num(int64(len([]rune(v.Text))))
		}
		if v.Kind == List {
			return num(int64(len(v.List)))
		}
		return Value{}
	case "name", "value", "definition", "fullname", "path", "source":
		if v.Kind == Text || v.Kind == Unknown && v.Text != "" {
			return v
		}
	}
	if v.Kind == Text || v.Kind == Number {
		return Value{}.marked(v)
	}
	if v.Kind == List && len(v.List) > 0 && v.List[0].Kind == Unknown {
		return v.List[0]
	}
	return Value{Text: v.Text, Of: v.Of, Type: v.Type}.marked(v)
}

// method is the call of a method.
func (p *parser) method(v Value, name string, args []Value) Value {
	if t, ok := strings.CutPrefix(v.Type, "type:"); ok {
		return p.static(t, name, args)
	}
	if strings.HasPrefix(v.Type, "member:") { // [Some.Type]::Field.Method()
		v = Value{}.marked(v)
	}
	if e, ok := strings.CutPrefix(v.Type, "encoding:"); ok {
		return encoded(e, name, args)
	}
	if v.Kind == Block && (strings.HasPrefix(name, "invoke") || name == "getnewclosure") {
		if name == "getnewclosure" {
			return v
		}
		return p.runBlock(v, args, nil)
	}
	if v.Kind == Text && (name == "readtoend" || name == "toarray" || name == "getbuffer" || name == "copyto") {
		return v
	}
	if v.Kind == Text || v.Kind == List {
		if out, ok := p.textMethod(v, name, args); ok {
			return out
		}
	}
	if out, ok := p.acts(v, name, args); ok {
		return out
	}
	out := Value{Text: v.Text, Of: v.Of, Type: v.Type}.marked(v)
	if v.Kind == Text || v.Kind == List {
		out = Value{}.marked(v)
	}
	return out
}

// encoded is what a kind of letters makes of bytes or of text.
func encoded(kind, name string, args []Value) Value {
	if len(args) == 0 {
		return Value{Type: "encoding:" + kind}
	}
	a := args[0]
	switch name {
	case "getstring":
		b, ok := bytesOf(a)
		if !ok {
			return Value{}.marked(a)
		}
		if kind == "unicode" {
			b = coding.UTF16(b)
		}
		return text(b).marked(a).hidden()
	case "getbytes":
		if !a.Known() {
			return Value{}.marked(a)
		}
		return Value{Kind: Text, Text: a.String(), Type: "byte[]"}.marked(a)
	case "getencoding":
		return Value{Type: "encoding:" + strings.ReplaceAll(strings.ToLower(a.String()), "utf-16", "unicode")}
	}
	return Value{}.marked(a)
}

// textMethod is a method of a text or of a list.
func (p *parser) textMethod(v Value, name string, args []Value) (Value, bool) {
	arg := func(n int) string {
		if n < len(args) {
			return args[n].String()
		}
		return ""
	}
	n, isNumber := int64(0), false
	if len(args) > 0 {
		n, isNumber = args[0].number()
	}
	known := v.Known() && !slices.ContainsFunc(args, func(a Value) bool { return !a.Known() })
	if v.Kind == List {
		switch {
		case name == "foreach" && len(args) > 0 && args[0].Kind == Block:
			return p.forEach(args[0], &v), true
		case name == "invoke" || name == "tostring":
			return Value{}.marked(v), name == "tostring"
		}
		return Value{}, false
	}
	if !known {
		return Value{Kind: Unknown}.marked(v), name == "replace" || name == "split" || name == "tostring" || name == "trim" || name == "substring"
	}
	s := v.Text
	made := func(t string) (Value, bool) {
		o := text(t).marked(v)
		o.Coded = o.Coded || t != s
		return o, true
	}
	switch name {
	case "replace":
		if arg(0) == "" {
			return v, true
		}
		return made(strings.ReplaceAll(s, arg(0), arg(1)))
	case "tolower", "tolowerinvariant":
		return text(strings.ToLower(s)).marked(v), true
	case "toupper", "toupperinvariant":
		return text(strings.ToUpper(s)).marked(v), true
	case "tostring", "normalize", "clone", "getnewclosure":
		return v, true
	case "trim":
		if arg(0) != "" {
			return text(strings.Trim(s, arg(0))).marked(v), true
		}
		return text(strings.TrimSpace(s)).marked(v), true
	case "trimend":
		return text(strings.TrimRight(s, " \t\r\n"+arg(0))).marked(v), true
	case "trimstart":
		return text(strings.TrimLeft(s, " \t\r\n"+arg(0))).marked(v), true
	case "split":
		by := arg(0)
		f := func(r rune) bool { return strings.ContainsRune(by, r) || by == "" && r == ' ' }
		var out []Value
		for _, e := range strings.FieldsFunc(s, f) {
			out = append(out, text(e))
		}
		return list(out).marked(v), true
	case "tochararray":
		return v.chars(), true
	case "substring", "remove":
		r := []rune(s)
		to := int64(len(r))
		if len(args) > 1 {
			if m, ok := args[1].number(); ok {
				to = n + m
			}
		}
		if !isNumber || n < 0 || to < n || to > int64(len(r)) {
			return Value{}.marked(v), true
		}
		if name == "remove" {
			return made(string(r[:n]) + string(r[to:]))
		}
		return made(string(r[n:to]))
	case "insert":
		if !isNumber || n < 0 || n > int64(len(s)) {
			return Value{}.marked(v), true
		}
		return made(s[:n] + arg(1) + s[n:])
	case "chars", "get_chars":
		return index(v, num(n)), true
	case "padleft", "padright":
		return v, true
	}
	return Value{}, false
}

// static is the call of a function of a type.
func (p *parser) static(t, name string, args []Value) Value {
	all := Value{}
	for _, a := range args {
		all = all.marked(a)
	}
	first := Value{Kind: Null}
	if len(args) > 0 {
		first = args[0]
	}
	switch t + "::" + name {
	case "convert::frombase64string":
		s := strings.Map(func(r rune) rune {
			if r == '\n' || r == '\r' || r == ' ' || r == '\t' {
				return -1
			}
			return r
		}, first.String())
		b, err := base64.StdEncoding.DecodeString(s)
		if err != nil || !first.Known() {
			return Value{}.marked(first).hidden()
		}
		return Value{Kind: Text, Text: string(b), Type: "byte[]", Coded: true}.marked(first)
	case "convert::toint32", "convert::toint16", "convert::tobyte", "convert::toint64", "int::parse", "byte::parse":
		base := int64(10)
		if len(args) > 1 {
			base, _ = args[1].number()
		}
		if base == 10 && first.Kind == Number {
			return first
		}
		n, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(first.String()), "0x"), int(max(2, min(base, 36))), 64)
		if err != nil {
			if n, ok := first.number(); ok {
				return num(n).marked(first)
			}
			return Value{}.marked(first)
		}
		return num(n).marked(first)
	case "convert::tochar", "char::parse":
		return p.cast("char", first)
	case "string::join":
		if len(args) < 2 {
			return all
		}
		rest := args[1]
		if len(args) > 2 {
			rest = list(args[1:])
		}
		return p.binary("join", rest, first)
	case "string::concat":
		return p.binary("join", list(args), text(""))
	case "string::format":
		return formatted(first, args[min(1, len(args)):]).marked(all)
	case "string::new":
		return text(first.joined("")).marked(all)
	case "scriptblock::create":
		if first.Kind == Text {
			return Value{Kind: Block, Text: first.Text, Line: p.lineAt()}.marked(first)
		}
		return Value{Type: "code"}.marked(first)
	case "array::reverse":
		return p.reverse(first)
	case "regex::replace":
		return replaced(first, args[min(1, len(args)):]).marked(all)
	case "regex::split":
		return split(first, args[min(1, len(args)):]).marked(all)
	case "regex::matches":
		return matches(first, args).marked(all)
	case "regex::unescape", "text.regularexpressions.regex::unescape", "uri::unescapedatastring", "net.webutility::urldecode":
		return first.hidden()
	case "environment::getenvironmentvariable":
		return p.vars["env:"+strings.ToLower(first.String())]
	case "environment::exit":
		return Value{Kind: Null}
	case "io.path::gettemppath":
		return text("/tmp/")
	case "io.path::gettempfilename":
		return text("/tmp/x.tmp")
	case "io.path::combine":
		if all := list(args); all.Known() {
			return text(all.joined("/"))
		}
		return Value{Kind: Text, Text: first.String() + "/" + Hole}
	}
	if name == "new" {
		return p.object(t, args)
	}
	if c, ok := calls[t+"::"+name]; ok {
		return p.called(c, args, Value{})
	}
	if strings.HasSuffix(t, "encoding") && name == "getencoding" {
		return encoded("", name, args)
	}
	if t == "activator" || t == "type" || t == "runtime.interopservices.marshal" {
		p.pass(say.Text("windows.a-call-of", "t", t))
	}
	return all
}

// reverse turns a list around, and the variable that holds it.
func (p *parser) reverse(v Value) Value {
	if v.Kind != List {
		return Value{}.marked(v)
	}
	old := v.String()
	turned := slices.Clone(v.List)
	slices.Reverse(turned)
	for name, o := range p.vars {
		if o.Kind == List && len(o.List) == len(v.List) && o.String() == old {
			p.vars[name] = list(turned).hidden()
		}
	}
	return Value{Kind: Null}
}

// matches lists what a pattern finds.
func matches(v Value, args []Value) Value {
	if len(args) < 2 || !v.Known() {
		return Value{}
	}
	re := pattern(args[1].String())
	if re == nil {
		return Value{}
	}
	var out []Value
	for _, s := range re.FindAllString(v.String(), maxTurns) {
		out = append(out, text(s))
	}
	if len(args) > 2 && strings.Contains(strings.ToLower(args[2].String()), "righttoleft") {
		slices.Reverse(out)
	}
	return list(out).hidden()
}
