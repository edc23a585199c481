package script

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// joiners put two literals together in each language; "+" where it is not
// here.
var joiners = map[string]string{"perl": ".", "php": ".", "lua": ".", "awk": ""}

// decoders are functions that make text of a literal, by the end of their
// names.
var decoders = map[string]func(string) (string, bool){
	"b64decode": unbase64, "urlsafe_b64decode": unbase64, "standard_b64decode": unbase64, "atob": unbase64, "base64_decode": unbase64, "decode_base64": unbase64, "decode64": unbase64,
	"fromhex": unhex, "unhexlify": unhex, "a2b_hex": unhex, "hex2bin": unhex, "a2b_base64": unbase64, "decodebytes": unbase64,
	"str_rot13": rot13, "strrev": backwards, "reverse": backwards,
	"decode": same, "encode": same, "toString": same, "to_s": same, "str": same, "bytes": same, "String": same, "strip": same, "lower": lower, "strtolower": lower,
	"toLowerCase": lower, "downcase": lower,
}

func same(s string) (string, bool)  { return s, true }
func lower(s string) (string, bool) { return strings.ToLower(s), true }

func unbase64(s string) (string, bool) {
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(strings.NewReplacer("-", "+", "_", "/", "\n", "", " ", "").Replace(s), "="))
	return string(b), err == nil && s != ""
}

func unhex(s string) (string, bool) {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	return string(b), err == nil && s != ""
}

func rot13(s string) (string, bool) {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z':
			return 'a' + (c-'a'+13)%26
		case c >= 'A' && c <= 'Z':
			return 'A' + (c-'A'+13)%26
		}
		return c
	}, s), true
}

func backwards(s string) (string, bool) {
	r := []rune(s)
	slices.Reverse(r)
	return string(r), true
}

// fold puts literals together that the code computes from literals alone. It
// reports whether any was decoded.
func fold(language string, in []token) (out []token, decoded bool) {
	join, ok := joiners[language]
	if !ok {
		join = "+"
	}
	out = in
	for range 12 {
		before := len(out)
		out = foldOnce(language, join, out, &decoded)
		if len(out) == before {
			break
		}
	}
	return out, decoded
}

func foldOnce(language, join string, in []token, decoded *bool) []token {
	out := make([]token, 0, len(in))
	for i := 0; i < len(in); i++ {
		rest := in[i:]
		if n := literalCall(rest, &out, decoded); n > 0 {
			i += n - 1
			continue
		}
		if n := method(rest, &out, decoded); n > 0 {
			i += n - 1
			continue
		}
		last := len(out) - 1
		if rest[0].kind == text && last >= 0 && !rest[0].bare {
			gap := 0
			for last-gap >= 0 && join != "" && out[last-gap].is(join) && gap < 2 {
				gap++
			}
			if last-gap >= 0 && out[last-gap].kind == text && (gap > 0 || language == "python" || language == "ruby") && (gap < 2 || language == "lua") {
				out[last-gap].text += rest[0].text
				out = out[:last-gap+1]
				continue
			}
		}
		out = append(out, rest[0])
	}
	return out
}

// literalCall folds f("…"), chr(65) and String.fromCharCode(65, 66); n is how
// many tokens it took.
func literalCall(in []token, out *[]token, decoded *bool) int {
	if len(in) < 4 || in[0].kind != name || !in[1].is("(") {
		return 0
	}
	base := lastPart(in[0].text)
	if base == "chr" || base == "fromCharCode" || base == "char" {
		var b strings.Builder
		for i := 2; i+1 < len(in) && in[i].kind == number; i += 2 {
			n, err := strconv.ParseInt(in[i].text, 0, 32)
			if err != nil || n <= 0 {
				return 0
			}
			b.WriteRune(rune(n))
			if in[i+1].is(")") {
				dropPath(out)
				*out = append(*out, token{kind: text, text: b.String(), line: in[0].line})
				return i + 2
			}
			if !in[i+1].is(",") {
				return 0
			}
		}
		return 0
	}
	f, ok := decoders[base]
	if base == "pack" && len(in) > 6 && in[2].kind == text && strings.HasPrefix(in[2].text, "H") && in[3].is(",") && in[4].kind == text && in[5].is(")") {
		s, ok := unhex(in[4].text)
		if ok {
			*out = append(*out, token{kind: text, text: s, line: in[0].line})
			*decoded = true
			return 6
		}
	}
	if (base == "from" || base == "decode") && len(in) > 5 && in[2].kind == text && in[3].is(",") && in[4].kind == text && in[5].is(")") {
		f, ok = map[string]func(string) (string, bool){"base64": unbase64, "hex": unhex, "rot13": rot13, "rot_13": rot13}[in[4].text]
		if ok {
			if s, ok := f(in[2].text); ok {
				dropPath(out)
				*out = append(*out, token{kind: text, text: s, line: in[0].line})
				*decoded = true
				return 6
			}
		}
		return 0
	}
	if !ok || in[2].kind != text || !in[3].is(")") {
		return 0
	}
	s, ok := f(in[2].text)
	if !ok {
		return 0
	}
	*decoded = *decoded || s != in[2].text
	dropPath(out)
	*out = append(*out, token{kind: text, text: s, line: in[0].line})
	return 4
}

// dropPath takes off what stands before a folded name: "base64 ." of
// base64.b64decode.
func dropPath(out *[]token) {
	o := *out
	for n := len(o); n >= 2 && (o[n-1].is(".") || o[n-1].is(":")); n = len(o) {
		o = o[:n-1]
		if k := len(o); k > 0 && o[k-1].kind == name {
			o = o[:k-1]
		}
	}
	*out = o
}

// method folds what is done to a literal: [::-1], .decode(), .join([…]).
func method(in []token, out *[]token, decoded *bool) int {
	if in[0].kind != text || len(in) < 3 {
		return 0
	}
	if len(in) > 5 && in[1].is("[") && in[2].is(":") && in[3].is(":") && in[4].is("-") && in[5].text == "1" {
		s, _ := backwards(in[0].text)
		*out = append(*out, token{kind: text, text: s, line: in[0].line})
		*decoded = true
		return 7
	}
	if !in[1].is(".") || in[2].kind != name {
		return 0
	}
	if in[2].text == "join" && len(in) > 4 && in[3].is("(") && (in[4].is("[") || in[4].is("(")) {
		var list []string
		for i := 5; i+1 < len(in) && in[i].kind == text; i += 2 {
			list = append(list, in[i].text)
			if (in[i+1].is("]") || in[i+1].is(")")) && i+2 < len(in) && in[i+2].is(")") {
				*out = append(*out, token{kind: text, text: strings.Join(list, in[0].text), line: in[0].line})
				return i + 3
			}
			if !in[i+1].is(",") {
				return 0
			}
		}
		return 0
	}
	f, ok := decoders[in[2].text]
	if !ok {
		return 0
	}
	s, ok := f(in[0].text)
	if !ok {
		return 0
	}
	used := 3
	if len(in) > 4 && in[3].is("(") {
		switch {
		case in[4].is(")"):
			used = 5
		case len(in) > 5 && in[4].kind == text && in[5].is(")"):
			used = 6
		default:
			return 0
		}
	}
	*decoded = *decoded || s != in[0].text
	*out = append(*out, token{kind: text, text: s, line: in[0].line})
	return used
}

// lastPart is a name without what it belongs to.
func lastPart(s string) string { return s[strings.LastIndexAny(s, ".:>")+1:] }
