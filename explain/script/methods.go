package script

import "strings"

// on makes a method of a function that takes what it is called on first.
func on(w work) methodWork {
	return func(f *folder, v value, args []value) value { return w(f, append([]value{v}, args...)) }
}

func allMethods() map[string]methodWork {
	m := map[string]methodWork{
		"reverse": func(_ *folder, v value, _ []value) value { return v.reversed() }, "rev": func(_ *folder, v value, _ []value) value { return v.reversed() }, "reverse!": nil,
		"join": methodJoin, "split": methodSplit, "chars": on(itemsOf), "each_char": on(itemsOf), "to_a": on(itemsOf), "map": methodMap, "collect": methodMap,
		"bytes": func(_ *folder, v value, _ []value) value { v.bytes = true; return listOf(v.items()) }, "each_byte": func(_ *folder, v value, _ []value) value { v.bytes = true; return listOf(v.items()) },
		"replace": methodReplace(false), "replaceAll": methodReplace(true), "gsub": methodReplace(true), "sub": methodReplace(false), "gsub!": nil,
		"delete": func(_ *folder, v value, a []value) value { return v.translated(a, "", true) }, "tr": func(_ *folder, v value, a []value) value {
			if len(a) != 2 {
				return value{}
			}
			return v.translated(a[:1], a[1].text(), false)
		},
		"decode": methodDecode, "encode": methodDecode, "toString": methodDecode, "force_encoding": methodSame, "to_str": methodSame, "to_sym": methodSame, "intern": methodSame, "valueOf": methodSame, "freeze": methodSame, "dup": methodSame, "itself": methodSame, "to_s": methodText,
		"to_i": func(f *folder, v value, a []value) value { return integer(f, append([]value{v}, a...)) }, "hex": on(based(16)), "oct": on(based(8)),
		"chr": on(letters), "ord": func(f *folder, v value, _ []value) value { return functions()["ord"](f, []value{v}) },
		"charCodeAt": methodCode, "codePointAt": methodCode, "byte": methodCode, "charAt": methodAt, "at": methodAt,
		"slice": methodSlice, "substring": methodSlice, "substr": on(part), "sub_": nil,
		"translate": methodTranslate, "scan": methodChunks, "gmatch": methodLetters, "forEach": methodEach, "each": methodEach, "each_with_index": methodEach, "match": methodChunks,
		"pack": func(_ *folder, v value, a []value) value {
			if len(a) != 1 {
				return value{}
			}
			out, _ := packed(a[0].text(), v.items())
			return out
		},
		"unpack": methodUnpack, "unpack1": methodUnpackOne,
		"format": func(_ *folder, v value, a []value) value { return braced(v.s, a) }, "concat": func(_ *folder, v value, a []value) value { return str(v.text() + listOf(a).joined("")) },
		"repeat": on(repeated), "rep": on(repeated), "length": func(_ *folder, v value, _ []value) value { return num(int64(len(v.items()))) },
		"hexdigest": nil,
	}
	for n, c := range map[string]codec{
		"strip": trim, "trim": trim, "lower": lower, "toLowerCase": lower, "downcase": lower, "upper": upper, "toUpperCase": upper, "upcase": upper, "chomp": trim, "lstrip": trim, "rstrip": trim,
		"decode64": unbase64, "fromhex": unhex, "swapcase": nil,
	} {
		if c != nil {
			m[n] = on(decoding(c))
		}
	}
	for n, w := range m {
		if w == nil {
			delete(m, n)
		}
	}
	return m
}

func methodSame(_ *folder, v value, _ []value) value { return v }

func methodText(_ *folder, v value, a []value) value {
	if len(a) > 0 {
		return value{}
	}
	return str(v.text())
}

func methodJoin(_ *folder, v value, args []value) value {
	sep := ""
	switch {
	case v.kind == wording && len(args) == 1: // "x".join(list)
		if !args[0].known() {
			return value{}
		}
		return listOf(args[0].items()).together(v.s)
	case v.kind != many || !v.known() || len(args) > 1:
		return value{}
	case len(args) == 1:
		if args[0].kind != wording {
			return value{}
		}
		sep = args[0].s
	}
	return v.together(sep)
}

func methodSplit(f *folder, v value, args []value) value {
	if v.kind != wording || !v.known() {
		return value{}
	}
	var parts []string
	switch {
	case len(args) == 0:
		parts = strings.Fields(v.s)
	case args[0].pat != nil:
		sep, ok := plainPattern(args[0].pat.from)
		if !ok {
			return value{}
		}
		parts = strings.Split(v.s, sep)
	case args[0].kind == wording:
		parts = strings.Split(v.s, args[0].s)
	default:
		return value{}
	}
	f.left -= len(parts)
	var out []value
	for _, p := range parts {
		out = append(out, value{kind: wording, s: p, made: v.made})
	}
	return listOf(out)
}

func methodMap(f *folder, v value, args []value) value {
	if len(args) != 1 || !v.known() {
		return value{}
	}
	return f.each(args[0], v.items())
}

// methodEach hands every item on; what it does with them stays in the code.
func methodEach(f *folder, v value, args []value) value {
	methodMap(f, v, args)
	return value{}
}

// methodLetters is gmatch(".") of Lua.
func methodLetters(_ *folder, v value, args []value) value {
	if len(args) != 1 || args[0].text() != "." {
		return value{}
	}
	return listOf(v.items())
}

func methodReplace(all bool) methodWork {
	return func(f *folder, v value, args []value) value {
		if len(args) < 2 || v.kind != wording || args[1].kind != wording {
			return value{}
		}
		if p := args[0].pat; p != nil {
			return replaced(v, p.from, args[1].s, all || strings.Contains(p.flags, "g")).hid()
		}
		if args[0].kind != wording || args[0].s == "" || hasSize(v.s, args[0].s, args[1].s) {
			return value{}
		}
		n := 1
		if all || f.language == "python" {
			n = -1
		}
		out := str(strings.Replace(v.s, args[0].s, args[1].s, n))
		out.bytes, out.made = v.bytes, v.made || args[1].s == "" && out.s != v.s
		return out
	}
}

func (v value) translated(args []value, to string, drop bool) value {
	if len(args) != 1 || v.kind != wording || args[0].kind != wording {
		return value{}
	}
	return str(translate(v.s, ranged(args[0].s), ranged(to), drop)).hid()
}

func methodDecode(f *folder, v value, args []value) value {
	if v.kind == many {
		s, ok := v.binary()
		if !ok {
			return value{}
		}
		v = str(s).hid()
	}
	if v.kind == whole {
		return str(v.text())
	}
	v.bytes = false
	if len(args) == 0 || args[0].kind == dark {
		return v
	}
	c := codecs[strings.ToLower(args[0].text())]
	if c == nil {
		return value{}
	}
	return decoding(c)(f, []value{v})
}

func methodCode(f *folder, v value, args []value) value {
	at := methodAt(f, v, args)
	for _, r := range at.s {
		return num(int64(r))
	}
	return value{}
}

func methodAt(f *folder, v value, args []value) value {
	n := int64(0)
	if len(args) > 0 {
		k, ok := args[0].number()
		if !ok {
			return value{}
		}
		n = k
		if f.language == "lua" {
			n--
		}
	}
	items := v.items()
	if n < 0 {
		n += int64(len(items))
	}
	if n < 0 || n >= int64(len(items)) {
		return value{}
	}
	return items[n]
}

func methodSlice(f *folder, v value, args []value) value {
	var bounds [2]*int64
	for i, a := range args {
		n, ok := a.number()
		if !ok || i > 1 {
			return value{}
		}
		bounds[i] = &n
	}
	if f.language == "ruby" && bounds[1] != nil {
		return part(f, append([]value{v}, args...))
	}
	return v.slice(bounds[0], bounds[1], nil)
}

func methodUnpack(f *folder, v value, args []value) value {
	if len(args) != 1 || v.kind != wording {
		return value{}
	}
	out, ok := unpack(args[0].text(), v.s)
	if !ok {
		return value{}
	}
	if len(out.list) == 1 && f.language != "ruby" {
		return out.list[0]
	}
	return out
}

// methodUnpackOne gives the first of what was unpacked.
func methodUnpackOne(f *folder, v value, args []value) value {
	out := methodUnpack(f, v, args)
	if out.kind == many && len(out.list) > 0 {
		return out.list[0]
	}
	return out
}

// methodTranslate puts letters in place of others by a table that was made of
// two texts.
func methodTranslate(_ *folder, v value, args []value) value {
	if len(args) != 1 || len(args[0].list) != 2 || v.kind != wording {
		return value{}
	}
	out := str(translate(v.s, []rune(args[0].list[0].text()), []rune(args[0].list[1].text()), false)).hid()
	out.bytes = v.bytes
	return out
}

// methodChunks divides a text by a pattern of nothing but dots.
func methodChunks(_ *folder, v value, args []value) value {
	if len(args) != 1 || args[0].pat == nil || v.kind != wording {
		return value{}
	}
	n := 0
	switch p := strings.Trim(args[0].pat.from, "()"); {
	case p != "" && strings.Trim(p, ".") == "":
		n = len(p)
	case p == ".{1,2}" || p == ".{2}" || p == "..?" || p == "[a-f0-9]{2}" || p == "[0-9a-f]{2}":
		n = 2
	}
	if n == 0 {
		return value{}
	}
	var out []value
	for s := v.s; s != "" && len(out) < maxItems; {
		size := min(n, len(s))
		out = append(out, str(s[:size]))
		s = s[size:]
	}
	return listOf(out)
}
