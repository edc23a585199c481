package script

import (
	"strings"
	"sync"
	"unicode"
)

// work makes a value of the arguments of a function.
type work func(f *folder, args []value) value

// methodWork makes a value of what a method is called on, and its arguments.
type methodWork func(f *folder, on value, args []value) value

// decoding makes a function of a codec.
func decoding(c codec) work {
	return func(_ *folder, args []value) value {
		in, ok := args[0].binary()
		if !ok {
			return value{}
		}
		out, ok := c(in)
		if !ok {
			return value{}
		}
		v := str(out)
		v.bytes = args[0].bytes
		v.made = args[0].made || args[0].kind == many || out != in && !strings.EqualFold(out, in) && out != strings.TrimSpace(in)
		return v
	}
}

// rawBytes is decoding that gives a row of bytes.
func rawBytes(c codec) work {
	return func(f *folder, args []value) value {
		v := decoding(c)(f, args)
		v.bytes = v.kind == wording && f.language == "python"
		return v
	}
}

// named are the codecs that are functions, by the ends of their names.
var codecCalls = map[string]codec{
	"b64decode": unbase64, "urlsafe_b64decode": unbase64, "standard_b64decode": unbase64, "atob": unbase64, "base64_decode": unbase64, "decode_base64": unbase64, "decode64": unbase64,
	"strict_decode64": unbase64, "urlsafe_decode64": unbase64, "b32decode": unbase32, "a2b_base64": unbase64, "decodebytes": unbase64, "unb64": unbase64,
	"fromhex": unhex, "unhexlify": unhex, "a2b_hex": unhex, "hex2bin": unhex, "b16decode": unhex, "str_rot13": rot13, "convert_uudecode": uudecode, "a2b_uu": uudecode,
	"gzinflate": inflate, "gzuncompress": inflate, "gzdecode": inflate, "zlib_decode": inflate, "decompress": inflate, "inflateSync": inflate, "gunzipSync": inflate, "unzipSync": inflate, "inflateRawSync": inflate,
	"inflate": inflate, "uncompress": inflate, "memGunzip": inflate, "brotliDecompressSync": nil,
	"unquote": percent, "unquote_plus": percent, "urldecode": percent, "rawurldecode": percent, "decodeURIComponent": percent, "unescape": percent, "decodeURI": percent, "uri_unescape": percent,
	"strtolower": lower, "strtoupper": upper, "lc": lower, "uc": upper, "trim": trim, "stripcslashes": unescape, "stripslashes": same, "utf8_decode": same,
	"String": same, "bytes": same, "bytearray": same, "scalar": same, "chomp": same, "repr": nil,
}

// table is made when it is first asked for. Its makers refer to it, so that it
// cannot stand where it is declared.
type table[T any] struct {
	once sync.Once
	all  map[string]T
}

func (t *table[T]) get(fill func() map[string]T) map[string]T {
	t.once.Do(func() { t.all = fill() })
	return t.all
}

var (
	functionTable table[work]
	methodTable   table[methodWork]
)

func functions() map[string]work { return functionTable.get(allFunctions) }

func methods() map[string]methodWork { return methodTable.get(allMethods) }

func allFunctions() map[string]work {
	m := map[string]work{
		"chr": letters, "fromCharCode": letters, "fromCodePoint": letters, "char": letters, "unichr": letters, "intToUtf8": letters,
		"ord": func(_ *folder, a []value) value {
			for _, r := range a[0].s {
				return num(int64(r))
			}
			return value{}
		},
		"int": integer, "intval": integer, "parseInt": integer, "Number": integer, "hexdec": based(16), "hex": based(16), "octdec": based(8), "oct": based(8), "bindec": based(2),
		"strrev": backwards, "reverse": backwards, "reversed": backwards, "rev": backwards, "array_reverse": backwards,
		"list": itemsOf, "tuple": itemsOf, "str_split": itemsOf, "sorted": nil, "Array": nil,
		"implode": joinedBy, "join": joinedBy, "concat": concatenated, "paste0": func(_ *folder, a []value) value { return str(listOf(a).joined("")) },
		"range": counted, "sprintf": formatted, "format": formatted, "vsprintf": formatted,
		"substr": part, "strtr": strtr, "str_replace": phpReplace, "preg_replace": phpReplace, "str_repeat": repeated, "rep": repeated,
		"map": mapped, "array_map": mapped, "pack": func(_ *folder, a []value) value {
			v, _ := packed(a[0].text(), flat(a[1:]))
			return v
		},
		"unpack": func(_ *folder, a []value) value { return second(a, unpack) },
		"from":   setting, "decode": setting, "encode": setting, "getBytes": setting, "pathjoin": nil,
		"str": func(_ *folder, a []value) value { return str(a[0].text()) }, "strval": func(_ *folder, a []value) value { return str(a[0].text()) }, "tostring": func(_ *folder, a []value) value { return str(a[0].text()) },
		"split": func(f *folder, a []value) value {
			if len(a) < 2 {
				return value{}
			}
			return methodSplit(f, a[1], a[:1])
		},
		"explode": func(f *folder, a []value) value {
			if len(a) != 2 {
				return value{}
			}
			return methodSplit(f, a[1], a[:1])
		},
		"ipairs": itself, "pairs": itself, "enumerate": itself, "len": length, "strlen": length, "count": length,
		"maketrans": func(_ *folder, a []value) value {
			if len(a) != 2 {
				return value{}
			}
			return listOf(a)
		},
		"array": func(_ *folder, a []value) value { return listOf(a) }, "c": nil,
	}
	for n, c := range codecCalls {
		if c != nil {
			m[n] = rawBytes(c)
		}
	}
	for n, w := range m {
		if w == nil {
			delete(m, n)
		}
	}
	// What is made of something that is not known is not known.
	for n, w := range m {
		m[n] = func(f *folder, args []value) value {
			for _, a := range args {
				if a.kind == dark && a.pat == nil || a.kind == wording && !a.known() {
					return value{}
				}
			}
			return w(f, args)
		}
	}
	return m
}

func itself(_ *folder, args []value) value { return args[0] }

func length(_ *folder, args []value) value {
	if args[0].kind != wording && args[0].kind != many {
		return value{}
	}
	return num(int64(len(args[0].items())))
}

func flat(vs []value) []value {
	var out []value
	for _, v := range vs {
		if v.kind == many {
			out = append(out, v.list...)
		} else {
			out = append(out, v)
		}
	}
	return out
}

// letters makes a text of numbers: chr(65), String.fromCharCode(65, 66).
func letters(_ *folder, args []value) value {
	var b strings.Builder
	for _, a := range flat(args) {
		n, ok := a.number()
		if !ok || n <= 0 || n > unicode.MaxRune {
			return value{}
		}
		b.WriteRune(rune(n))
	}
	return str(b.String()).hid()
}

func integer(_ *folder, args []value) value {
	if len(args) > 1 {
		if b, ok := args[1].number(); ok && b >= 2 && b <= 36 {
			return based(int(b))(nil, args[:1])
		}
	}
	if n, ok := args[0].number(); ok {
		return num(n)
	}
	return value{}
}

// based reads a number that is written to a base.
func based(base int) work {
	return func(_ *folder, args []value) value {
		var n int64
		s := strings.ToLower(strings.TrimLeft(strings.TrimSpace(args[0].text()), "\\"))
		for _, p := range []string{"0x", "0o", "0b"} {
			if (base == 16) == (p == "0x") {
				s = strings.TrimPrefix(s, p)
			}
		}
		for _, r := range s {
			d := strings.IndexRune("0123456789abcdefghijklmnopqrstuvwxyz", r)
			if d < 0 || d >= base || n > 1<<50 {
				return value{}
			}
			n = n*int64(base) + int64(d)
		}
		if s == "" {
			return value{}
		}
		return num(n)
	}
}

func backwards(_ *folder, args []value) value {
	if len(args) == 1 {
		return args[0].reversed()
	}
	return listOf(args).reversed()
}

func itemsOf(_ *folder, args []value) value {
	if len(args) != 1 {
		return value{}
	}
	return listOf(args[0].items())
}

func joinedBy(_ *folder, args []value) value {
	if len(args) == 1 && args[0].kind == many {
		return args[0].together("")
	}
	if args[0].kind == many { // implode(list, "x")
		if len(args) == 2 {
			return args[0].together(args[1].text())
		}
		return value{}
	}
	return listOf(flat(args[1:])).together(args[0].text())
}

// concatenated is table.concat(list, "x"), and concat of texts.
func concatenated(_ *folder, args []value) value {
	if args[0].kind == many && len(args) == 2 {
		return args[0].together(args[1].text())
	}
	return listOf(args).together("")
}

func counted(_ *folder, args []value) value {
	var n [3]int64
	for i, a := range args {
		v, ok := a.number()
		if !ok || i > 2 {
			return value{}
		}
		n[i] = v
	}
	from, to, step := n[0], n[1], int64(1)
	switch len(args) {
	case 1:
		from, to = 0, n[0]
	case 3:
		step = n[2]
	}
	if step == 0 || (to-from)/step > maxItems {
		return value{}
	}
	var out []value
	for i := from; step > 0 && i < to || step < 0 && i > to; i += step {
		out = append(out, num(i))
	}
	return listOf(out)
}

func formatted(_ *folder, args []value) value {
	if args[0].kind != wording {
		return value{}
	}
	return sprintf(args[0].s, flat(args[1:]))
}

func part(_ *folder, args []value) value {
	if len(args) < 2 {
		return value{}
	}
	from, _ := args[1].number()
	var to *int64
	size := int64(len(args[0].items()))
	if from < 0 {
		from = max(from+size, 0)
	}
	if len(args) > 2 {
		n, _ := args[2].number()
		end := from + n
		if n < 0 {
			end = size + n
		}
		to = &end
	}
	return args[0].slice(&from, to, nil)
}

func strtr(_ *folder, args []value) value {
	if len(args) != 3 {
		return value{}
	}
	return str(translate(args[0].s, []rune(args[1].s), []rune(args[2].s), false)).hid()
}

func phpReplace(_ *folder, args []value) value {
	if len(args) != 3 || args[0].kind != wording {
		return value{}
	}
	from := args[0].s
	if len(from) > 2 && from[0] == from[len(from)-1] && from[0] == '/' {
		from = from[1 : len(from)-1]
	}
	out := replaced(args[2], from, args[1].text(), true)
	out.made = out.made || args[1].text() == ""
	return out
}

// replaced puts text in place of other text, where that is no more than plain.
func replaced(v value, from, to string, all bool) value {
	if strings.ContainsAny(from, `\[]().*+?^$|{}`) {
		plain, ok := plainPattern(from)
		if !ok {
			return value{}
		}
		from = plain
	}
	if from == "" || hasSize(v.s, from, to) {
		return value{}
	}
	n := 1
	if all {
		n = -1
	}
	out := str(strings.Replace(v.s, from, to, n))
	out.bytes = v.bytes
	return out
}

// plainPattern is a pattern in which every sign has a backslash before it.
func plainPattern(p string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		switch {
		case p[i] == '\\' && i+1 < len(p) && !unicode.IsLetter(rune(p[i+1])) && !unicode.IsDigit(rune(p[i+1])):
			i++
			b.WriteByte(p[i])
		case p[i] == '[' && i+2 < len(p) && p[i+2] == ']' && p[i+1] != '^':
			b.WriteByte(p[i+1])
			i += 2
		case strings.IndexByte(`\[]().*+?^$|{}`, p[i]) >= 0:
			return "", false
		default:
			b.WriteByte(p[i])
		}
	}
	return b.String(), true
}

// hasSize reports that replacing would make too much.
func hasSize(s, from, to string) bool {
	return len(to) > len(from) && strings.Count(s, from)*(len(to)-len(from)) > maxValue
}

func repeated(_ *folder, args []value) value {
	if len(args) < 2 {
		return value{}
	}
	n, ok := args[1].number()
	if !ok || n < 0 || n*int64(len(args[0].s)) > maxValue {
		return value{}
	}
	return str(strings.Repeat(args[0].s, int(n)))
}

func mapped(f *folder, args []value) value {
	if len(args) != 2 {
		return value{}
	}
	return f.each(args[0], args[1].items())
}

// setting is what a second argument says about the first: Buffer.from(x,"hex").
func setting(f *folder, args []value) value {
	if len(args) == 1 {
		if args[0].kind == many {
			s, ok := args[0].binary()
			if !ok {
				return value{}
			}
			return str(s).hid()
		}
		return args[0]
	}
	c := codecs[strings.ToLower(args[1].text())]
	if c == nil {
		return value{}
	}
	return decoding(c)(f, args[:1])
}

func second(args []value, w func(string, string) (value, bool)) value {
	if len(args) < 2 {
		return value{}
	}
	v, ok := w(args[0].text(), args[1].text())
	if !ok {
		return value{}
	}
	if len(v.list) == 1 {
		return v.list[0]
	}
	return v
}
