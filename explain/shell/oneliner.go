package shell

import (
	"bytes"
	"encoding/hex"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"escort/explain/coding"
	"escort/explain/regex"
)

// oneLiner is a short program in another language that prints a text made from
// what stands in it or from its input.
type oneLiner struct {
	form *regexp.Regexp
	text func(found []string, in string) (string, bool)
}

// maxFrame is how many bytes a one-liner may have around the text that it holds:
// one that does more than print it is longer.
const maxFrame = 120

const quotedText = `\(?\s*b?["']([\w+/=\s-]*)["']`

// oneLiners are tried one after another.
var oneLiners = sync.OnceValue(func() []oneLiner {
	return []oneLiner{
		{regexp.MustCompile(`(?:b64decode|decode_base64|atob|base64_decode|decode64)` + quotedText), fromBase64},
		{regexp.MustCompile(`Buffer\.from\(\s*["']([\w+/=]*)["']\s*,\s*["']base64["']`), fromBase64},
		{regexp.MustCompile(`^"([\w+/=]*)"\s*\|\s*@base64d`), fromBase64},
		{regexp.MustCompile(`(?:fromhex|unhexlify|hex2bin)` + quotedText), fromHex},
		{regexp.MustCompile(`Buffer\.from\(\s*["']([0-9a-fA-F]*)["']\s*,\s*["']hex["']`), fromHex},
		{regexp.MustCompile(`pack\(?\s*["']H\*["']\s*,\s*["']([0-9a-fA-F]*)["']`), fromHex},
		{regexp.MustCompile(`\[["']([0-9a-fA-F]*)["']\]\.pack\(?\s*["']H\*["']`), fromHex},
		{regexp.MustCompile(`(?:map\s*\(?chr\s*,\s*[\[(]?|chr\s+for\s+|fromCharCode\(|pack\(?\s*["']C\*["']\s*,\s*)([\d,\s]+)`), fromNumbers},
		{regexp.MustCompile(`^\[([\d,\s]+)\]\s*\|\s*implode`), fromNumbers},
		{regexp.MustCompile(`["']([^"'\\]+)["']\[::-1\]`), func(m []string, _ string) (string, bool) { return backwards(m[1]), true }},
		{regexp.MustCompile(`print\s*\(?\s*"((?:\\x[0-9a-fA-F]{2}|\\[0-7]{3})+)"`), func(m []string, _ string) (string, bool) { return unescaped(m[1]) }},
		{regexp.MustCompile(`b64decode\((?:sys\.)?stdin|decode_base64\(\$_\)|^@base64d$`), func(_ []string, in string) (string, bool) { return fromBase64([]string{"", in}, "") }},
		{regexp.MustCompile(`print\s+scalar\s+reverse\s+shift`), nil},
	}
})

func fromBase64(m []string, _ string) (string, bool) {
	b, err := coding.Base64(m[1])
	return string(b), err == nil
}

func fromHex(m []string, _ string) (string, bool) {
	b, err := hex.DecodeString(strings.ReplaceAll(m[1], " ", ""))
	return string(b), err == nil
}

func fromNumbers(m []string, _ string) (string, bool) { return characters(splitNumbers(m[1])) }

func splitNumbers(s string) []string {
	return strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ' ' || c == '\n' || c == '\t' })
}

// characters is the text that a list of numbers spells.
func characters(list []string) (string, bool) {
	var b strings.Builder
	for _, f := range list {
		n, err := strconv.Atoi(f)
		if err != nil || n < 1 || n > 0x10ffff {
			return "", false
		}
		b.WriteRune(rune(n))
	}
	return b.String(), b.Len() > 0
}

func backwards(s string) string {
	runes := []rune(s)
	slices.Reverse(runes)
	return string(runes)
}

// codeText is what such a one-liner prints.
func codeText(args []string, in *string) (string, string, bool) {
	input := ""
	if in != nil {
		input = *in
	}
	if slices.Equal(args, []string{"-m", "base64", "-d"}) && in != nil {
		out, ok := fromBase64([]string{"", input}, "")
		return out, HowBase64, ok
	}
	for i, code := range args {
		if strings.HasPrefix(code, "-") {
			continue
		}
		for _, o := range oneLiners() {
			m := o.form.FindStringSubmatch(code)
			if m == nil || len(code)-len(m[len(m)-1]) > maxFrame {
				continue
			}
			if o.text == nil {
				if i+1 == len(args) {
					return "", "", false
				}
				return backwards(args[i+1]) + "\n", HowSubst, true
			}
			out, ok := o.text(m, input)
			if ok && (strings.Contains(code, "decompress") || strings.Contains(code, "uncompress")) {
				out, ok = inflated(out)
			}
			return out, HowBase64, ok
		}
		break
	}
	return "", "", false
}

func inflated(s string) (string, bool) {
	r, err := unzlib(strings.NewReader(s))
	if err != nil {
		return "", false
	}
	var out bytes.Buffer
	_, err = io.Copy(&out, io.LimitReader(r, maxOutput))
	return out.String(), err == nil
}

// awkForms are the ways in which awk is made to spell a text.
var awkForms = sync.OnceValue(func() []oneLiner {
	return []oneLiner{
		{regexp.MustCompile(`^BEGIN\s*\{\s*printf\s*\(?\s*"(?:%c)+"\s*,([\d,\s]+)\)?;?\s*\}$`), fromNumbers},
		{regexp.MustCompile(`^BEGIN\s*\{\s*\w+\s*=\s*split\("([\d\s]+)",\s*\w+(?:,\s*" ")?\);\s*for\s*\([^)]*\)\s*\{?\s*printf\s*\(?"%c",\s*\w+\[\w+\]\)?;?\s*\}?\s*\}$`), fromNumbers},
		{regexp.MustCompile(`^\{\s*for\s*\(\w+=1;\s*\w+<=NF;\s*\w+\+\+\)\s*\{?\s*printf\s*\(?"%c",\s*\$\w+\)?;?\s*\}?\s*\}$`), func(_ []string, in string) (string, bool) { return characters(strings.Fields(in)) }},
		{regexp.MustCompile(`^\{\s*printf\s*\(?"%c",\s*\$[01]\)?;?\s*\}$`), func(_ []string, in string) (string, bool) { return characters(strings.Fields(in)) }},
		{regexp.MustCompile(`^BEGIN\s*\{\s*printf?i?n?t?\s*\(?\s*"((?:\\[0-7]{3}|\\x[0-9a-fA-F]{2}|[^"\\%])+)"\)?;?\s*\}$`), func(m []string, _ string) (string, bool) { return unescaped(m[1]) }},
		{regexp.MustCompile(`^\{\s*for\s*\(\w+=length(?:\(\$0\)|\(\))?;\s*\w+(?:>0|>=1)?;\s*\w+--\)\s*\{?\s*printf\s*\(?"%s",\s*substr\(\$0,\s*\w+,\s*1\)\)?;?\s*\}?\s*\}$`), func(_ []string, in string) (string, bool) {
			return backwards(strings.TrimSuffix(in, "\n")), true
		}},
		{regexp.MustCompile(`^\{\s*gsub\(/([^/]*)/,\s*"([^"\\&]*)"\);?\s*print;?\s*\}$`), func(m []string, in string) (string, bool) {
			re := basicPattern(m[1], true)
			if re == nil {
				return "", false
			}
			return re.ReplaceAllLiteralString(in, m[2]), true
		}},
		{regexp.MustCompile(`^\{\s*print\s+substr\(\$0,\s*(\d+)(?:,\s*(\d+))?\);?\s*\}$`), func(m []string, in string) (string, bool) {
			from, _ := strconv.Atoi(m[1])
			return eachLine(in, func(l string) string {
				l = l[min(max(from-1, 0), len(l)):]
				if n, err := strconv.Atoi(m[2]); err == nil {
					l = l[:min(n, len(l))]
				}
				return l
			}), true
		}},
		{regexp.MustCompile(`^\{\s*print\s+tolower\(\$0\);?\s*\}$`), func(_ []string, in string) (string, bool) { return strings.ToLower(in), true }},
		{regexp.MustCompile(`^\{\s*print\s+toupper\(\$0\);?\s*\}$`), func(_ []string, in string) (string, bool) { return strings.ToUpper(in), true }},
	}
})

var awkField = regex.New(`^\{\s*print\s+\$(\d+);?\s*\}$`)

// awkText is what awk prints for the few programs that only spell a text.
func awkText(args []string, in *string) (string, string, bool) {
	sep, rest, _ := option(args, "-F")
	if len(rest) != 1 {
		return "", "", false
	}
	code, input := strings.TrimSpace(rest[0]), ""
	if in != nil {
		input = *in
	}
	if !strings.HasPrefix(code, "BEGIN") && in == nil {
		return "", "", false
	}
	if m := awkField.FindStringSubmatch(code); m != nil {
		n, _ := strconv.Atoi(m[1])
		return filtered(input, eachLine(input, func(l string) string { return nthField(l, sep, n) }))
	}
	for _, f := range awkForms() {
		if m := f.form.FindStringSubmatch(code); m != nil && sep == "" {
			out, ok := f.text(m, input)
			if !ok {
				return "", "", false
			}
			_, how, _ := filtered(input, out)
			if input == "" && strings.ContainsAny(code, `%\`) {
				how = HowEscapes
			}
			return out, how, true
		}
	}
	return "", "", false
}

// nthField is the nth field of a line, as awk counts.
func nthField(l, sep string, n int) string {
	parts := strings.Fields(l)
	if sep != "" && sep != " " {
		parts = strings.Split(l, sep)
	}
	switch {
	case n == 0:
		return l
	case n <= len(parts):
		return parts[n-1]
	}
	return ""
}
