package shell

import (
	"encoding/base64"
	"encoding/hex"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"escort/explain/coding"
	"escort/explain/regex"
)

// maxOutput is how much of what a command prints is kept.
const maxOutput = 64 << 10

// printers are commands whose output follows from their words and input
// alone. Each returns the output, the disguise that it takes off, and whether
// it could tell.
var printers = map[string]func(args []string, in *string) (text, how string, ok bool){
	"echo": echoText, "printf": printfText, "cat": catText, "rev": revText, "tr": trText, "xxd": xxdText,
	"base64": base64Text, "base32": base32Text, "openssl": opensslText, "true": silent, ":": silent, "false": silent,
	"basename": basenameText, "dirname": dirnameText, "tac": tacText,
}

func silent([]string, *string) (string, string, bool) { return "", "", true }

func echoText(args []string, _ *string) (string, string, bool) {
	end, escapes := "\n", false
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && strings.Trim(args[0][1:], "neE") == "" {
		for _, c := range args[0][1:] {
			switch c {
			case 'n':
				end = ""
			case 'e':
				escapes = true
			case 'E':
				escapes = false
			}
		}
		args = args[1:]
	}
	text := strings.Join(args, " ")
	how := ""
	if escapes {
		if strings.Contains(text, `\c`) {
			return "", "", false
		}
		if hidesText(text) {
			how = HowEscapes
		}
		out, ok := unescaped(text)
		if !ok {
			return "", "", false
		}
		text = out
	}
	return text + end, how, true
}

// printfText formats as printf does, without widths that would make it grow.
func printfText(args []string, _ *string) (string, string, bool) {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return "", "", false
	}
	format, rest := args[0], args[1:]
	for _, verb := range strings.Split(strings.ReplaceAll(format, "%%", ""), "%")[1:] {
		digits := 0
		for digits < len(verb) && verb[digits] >= '0' && verb[digits] <= '9' {
			digits++
		}
		if digits > 3 || digits == len(verb) || !strings.ContainsRune("sdbcxoiu", rune(verb[digits])) {
			return "", "", false
		}
	}
	how := ""
	if strings.Contains(format, "%b") {
		rest = slices.Clone(rest)
		for i, a := range rest {
			rest[i] = zeroOctal.ReplaceAllString(a, `\$1`)
		}
	}
	if strings.Trim(format, "%sbc") == "" {
		how = seams(rest, how)
	}
	if hidesText(format) || strings.Contains(format, "%b") && hidesText(strings.Join(rest, " ")) {
		how = HowEscapes
	}
	var b strings.Builder
	for {
		if rest == nil {
			rest = []string{}
		}
		text, used, err := formatted(format, rest)
		if err != nil || b.Len() > maxOutput {
			return "", "", false
		}
		b.WriteString(text)
		rest = rest[used:]
		if used == 0 || len(rest) == 0 {
			return b.String(), how, true
		}
	}
}

// zeroOctal is an escape of %b with the zero that it may have in front.
var zeroOctal = regex.New(`\\0([0-7]{1,3})`)

// filter is the input of a command that has no operands.
func filter(args []string, in *string) (string, bool) {
	if in == nil || len(args) > 1 || len(args) == 1 && args[0] != "-" {
		return "", false
	}
	return *in, true
}

func catText(args []string, in *string) (string, string, bool) {
	s, ok := filter(args, in)
	return s, "", ok
}

func revText(args []string, in *string) (string, string, bool) {
	s, ok := filter(args, in)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		runes := []rune(l)
		slices.Reverse(runes)
		lines[i] = string(runes)
	}
	if !ok {
		return "", "", false
	}
	return reordered(s, strings.Join(lines, "\n"))
}

// reordered is text that cannot be read before it was put into order.
func reordered(in, out string) (string, string, bool) {
	if strings.TrimSpace(in) == strings.TrimSpace(out) {
		return out, "", true
	}
	return out, HowSubst, true
}

func tacText(args []string, in *string) (string, string, bool) {
	s, ok := filter(args, in)
	lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	slices.Reverse(lines)
	if !ok {
		return "", "", false
	}
	return reordered(s, strings.Join(lines, "\n")+"\n")
}

func base64Text(args []string, in *string) (string, string, bool) {
	decode, ok := decodes(args)
	if in == nil || !ok {
		return "", "", false
	}
	if !decode {
		out := base64.StdEncoding.EncodeToString([]byte(*in))
		return out + "\n", "", len(out) <= 76 // longer output is wrapped
	}
	return decoded(*in, func(s string) ([]byte, error) {
		s = strings.TrimRight(s, "=")
		return base64.RawStdEncoding.DecodeString(s)
	})
}

func base32Text(args []string, in *string) (string, string, bool) {
	decode, ok := decodes(args)
	if in == nil || !ok || !decode {
		return "", "", false
	}
	return decoded(*in, coding.Base32)
}

// decodes reads the options of base64 and base32.
func decodes(args []string) (decode, ok bool) {
	for _, a := range args {
		switch a {
		case "-d", "-D", "--decode", "-di", "-id", "--d", "--dec":
			decode = true
		case "-i", "--ignore-garbage", "-", "-w0", "--wrap=0":
		default:
			return false, false
		}
	}
	return decode, true
}

func decoded(s string, decode func(string) ([]byte, error)) (string, string, bool) {
	out, err := decode(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s))
	return string(out), HowBase64, err == nil
}

func opensslText(args []string, in *string) (string, string, bool) {
	if in == nil || len(args) < 2 || !slices.Contains(args, "-d") {
		return "", "", false
	}
	for _, a := range args {
		if a != "base64" && a != "enc" && a != "-base64" && a != "-d" && a != "-A" && a != "-a" {
			return "", "", false
		}
	}
	return base64Text([]string{"-d"}, in)
}

func xxdText(args []string, in *string) (string, string, bool) {
	if in == nil || !slices.Contains([]string{"-r -p", "-p -r", "-rp", "-pr", "-r -ps", "-ps -r"}, strings.Join(args, " ")) {
		return "", "", false
	}
	return decoded(*in, hex.DecodeString)
}

// trText maps single characters and ranges.
func trText(args []string, in *string) (string, string, bool) {
	if in == nil || len(args) != 2 {
		return "", "", false
	}
	if args[0] == "-d" {
		drop, ok := trSet(args[1])
		how := howTrimmed
		return strings.Map(func(r rune) rune {
			if slices.Contains(drop, r) {
				if unicode.IsGraphic(r) && r != ' ' && r != '"' && r != '\'' {
					how = HowSubst
				}
				return -1
			}
			return r
		}, *in), how, ok
	}
	from, ok1 := trSet(args[0])
	to, ok2 := trSet(args[1])
	if !ok1 || !ok2 || len(from) == 0 || len(to) == 0 {
		return "", "", false
	}
	letters := false
	out := strings.Map(func(r rune) rune {
		// The last mention of a character counts.
		for i := len(from) - 1; i >= 0; i-- {
			if from[i] == r {
				letters = letters || unicode.IsLetter(r) && unicode.ToLower(to[min(i, len(to)-1)]) != unicode.ToLower(r)
				return to[min(i, len(to)-1)]
			}
		}
		return r
	}, *in)
	if letters {
		return out, HowSubst, true
	}
	return filtered(*in, out)
}

var trClasses = map[string]string{
	"[:upper:]": "A-Z", "[:lower:]": "a-z", "[:digit:]": "0-9", "[:space:]": " \\t\\n\\r\\v\\f", "[:alpha:]": "A-Za-z",
}

func trSet(s string) ([]rune, bool) {
	for name, set := range trClasses {
		s = strings.ReplaceAll(s, name, set)
	}
	if strings.HasPrefix(s, "-") || strings.Contains(s, "[:") || strings.Contains(s, "[=") || strings.HasSuffix(s, "*]") {
		return nil, false
	}
	text, _, err := formatted(s, nil)
	if err != nil || !utf8.ValidString(text) {
		return nil, false
	}
	runes := []rune(text)
	var out []rune
	for i := 0; i < len(runes); i++ {
		if i+2 < len(runes) && runes[i+1] == '-' {
			if runes[i+2] < runes[i] || runes[i+2]-runes[i] > 256 {
				return nil, false
			}
			for c := runes[i]; c <= runes[i+2]; c++ {
				out = append(out, c)
			}
			i += 2
			continue
		}
		out = append(out, runes[i])
	}
	return out, true
}

func basenameText(args []string, _ *string) (string, string, bool) {
	if len(args) == 0 || len(args) > 2 || strings.HasPrefix(args[0], "-") || args[0] == "" {
		return "", "", false
	}
	base := path.Base(args[0])
	if len(args) == 2 && base != args[1] {
		base = strings.TrimSuffix(base, args[1])
	}
	return base + "\n", "", true
}

func dirnameText(args []string, _ *string) (string, string, bool) {
	if len(args) != 1 || strings.HasPrefix(args[0], "-") || args[0] == "" {
		return "", "", false
	}
	trimmed := strings.TrimRight(args[0], "/")
	if trimmed == "" {
		return "/\n", "", true
	}
	i := strings.LastIndexByte(trimmed, '/')
	switch {
	case i < 0:
		return ".\n", "", true
	case strings.Trim(trimmed[:i], "/") == "":
		return "/\n", "", true
	}
	return strings.TrimRight(trimmed[:i], "/") + "\n", "", true
}
