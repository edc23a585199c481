package shell

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

func init() {
	for name, fn := range map[string]func([]string, *string) (string, string, bool){
		"gunzip": unpackText(unzip, ""), "zcat": unpackText(unzip, ""), "gzip": unpackText(unzip, "d"),
		"bunzip2": unpackText(unbzip, ""), "bzcat": unpackText(unbzip, ""), "bzip2": unpackText(unbzip, "d"),
		"pigz": unpackText(unzip, "d"), "zlib-flate": unpackText(unzlib, "uncompress"),
		"basenc": basencText, "iconv": iconvText, "cut": cutText, "head": headText, "tail": tailText, "sed": sedText, "grep": grepText,
		"sort": sortText, "paste": pasteText, "fold": foldText, "colrm": colrmText, "dd": ddText, "expr": exprText, "seq": seqText,
		"tee": teeText, "awk": awkText, "gawk": awkText, "mawk": awkText, "nawk": awkText,
		"python3": codeText, "python": codeText, "python2": codeText, "perl": codeText, "ruby": codeText, "node": codeText, "nodejs": codeText, "php": codeText, "jq": codeText,
	} {
		printers[name] = fn
	}
	for _, name := range []string{"tee", "dd", "seq", "expr"} {
		literal[name] = true
	}
}

// filtered is the output of a filter: text that it changed is disguised.
func filtered(in, out string) (string, string, bool) {
	if strings.TrimSpace(in) == strings.TrimSpace(out) {
		return out, "", true
	}
	return out, howTrimmed, true
}

// eachLine changes every line of a text.
func eachLine(in string, change func(string) string) string {
	end := strings.HasSuffix(in, "\n")
	lines := strings.Split(strings.TrimSuffix(in, "\n"), "\n")
	for i, l := range lines {
		lines[i] = change(l)
	}
	out := strings.Join(lines, "\n")
	if end {
		out += "\n"
	}
	return out
}

// option finds the value of an option, in its word or the next, and returns the
// other words.
func option(args []string, names ...string) (value string, rest []string, found bool) {
	for i := 0; i < len(args); i++ {
		name := args[i]
		at := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(name, n) })
		if at < 0 || found {
			rest = append(rest, name)
			continue
		}
		found = true
		if value = strings.TrimPrefix(strings.TrimPrefix(name, names[at]), "="); value == "" && i+1 < len(args) {
			i++
			value = args[i]
		}
	}
	return value, rest, found
}

// ranges reads "2", "2-", "-3", "2-5" and lists of them: does n belong to it?
func ranges(list string) (func(n int) bool, bool) {
	type pair struct{ from, to int }
	var pairs []pair
	for _, p := range strings.Split(list, ",") {
		from, to, both := strings.Cut(p, "-")
		a, b := 1, 1<<30
		var err1, err2 error
		if from != "" {
			a, err1 = strconv.Atoi(from)
		}
		if to != "" {
			b, err2 = strconv.Atoi(to)
		}
		if !both {
			b = a
		}
		if err1 != nil || err2 != nil || from == "" && to == "" {
			return nil, false
		}
		pairs = append(pairs, pair{a, b})
	}
	return func(n int) bool {
		return slices.ContainsFunc(pairs, func(p pair) bool { return n >= p.from && n <= p.to })
	}, len(pairs) > 0 && len(pairs) < 64
}

func cutText(args []string, in *string) (string, string, bool) {
	if in == nil {
		return "", "", false
	}
	if list, rest, ok := option(args, "-c", "-b", "--characters", "--bytes"); ok {
		keep, fits := ranges(list)
		if !fits || len(rest) > 0 {
			return "", "", false
		}
		return filtered(*in, eachLine(*in, func(l string) string {
			var b strings.Builder
			for i := range len(l) {
				if keep(i + 1) {
					b.WriteByte(l[i])
				}
			}
			return b.String()
		}))
	}
	list, rest, ok := option(args, "-f", "--fields")
	sep, rest, given := option(rest, "-d", "--delimiter")
	if !given {
		sep = "\t"
	}
	keep, fits := ranges(list)
	if !ok || !fits || len(rest) > 0 || len(sep) != 1 {
		return "", "", false
	}
	return filtered(*in, eachLine(*in, func(l string) string {
		parts := strings.Split(l, sep)
		if len(parts) == 1 {
			return l
		}
		var out []string
		for i, p := range parts {
			if keep(i + 1) {
				out = append(out, p)
			}
		}
		return strings.Join(out, sep)
	}))
}

// amount reads the -n N, -c N or -N of head and tail.
func amount(args []string) (n int, sign string, bytewise, ok bool) {
	text, rest, found := option(args, "-c", "--bytes")
	bytewise = found
	if !found {
		text, rest, found = option(args, "-n", "--lines")
	}
	if !found && len(args) == 1 && strings.HasPrefix(args[0], "-") {
		text, rest, found = args[0][1:], nil, true
	}
	if !found && len(args) == 0 {
		text, found = "10", true
	}
	if text != "" && (text[0] == '+' || text[0] == '-') {
		sign, text = text[:1], text[1:]
	}
	n, err := strconv.Atoi(text)
	return n, sign, bytewise, err == nil && found && len(rest) == 0 && n >= 0
}

func headText(args []string, in *string) (string, string, bool) {
	n, sign, bytewise, ok := amount(args)
	if in == nil || !ok || sign == "+" {
		return "", "", false
	}
	parts := units(*in, bytewise)
	if sign == "-" {
		n = len(parts) - n
	}
	return filtered(*in, strings.Join(parts[:max(0, min(n, len(parts)))], ""))
}

func tailText(args []string, in *string) (string, string, bool) {
	n, sign, bytewise, ok := amount(args)
	if in == nil || !ok {
		return "", "", false
	}
	parts := units(*in, bytewise)
	from := len(parts) - n
	if sign == "+" {
		from = n - 1
	}
	return filtered(*in, strings.Join(parts[min(max(0, from), len(parts)):], ""))
}

// units are the bytes or lines of a text.
func units(s string, bytewise bool) []string {
	if !bytewise {
		return slices.Collect(strings.Lines(s))
	}
	out := make([]string, len(s))
	for i := range len(s) {
		out[i] = s[i : i+1]
	}
	return out
}

func sortText(args []string, in *string) (string, string, bool) {
	if in == nil {
		return "", "", false
	}
	reverse := false
	for _, a := range args {
		switch a {
		case "-r":
			reverse = true
		case "-n", "-k1.1,1.3n":
		default:
			return "", "", false
		}
	}
	lines := strings.Split(strings.TrimSuffix(*in, "\n"), "\n")
	slices.Sort(lines)
	if slices.Contains(args, "-n") && !slices.ContainsFunc(lines, func(l string) bool { return len(leadingNumber(l)) == 0 }) {
		slices.SortStableFunc(lines, func(a, b string) int {
			x, _ := strconv.Atoi(leadingNumber(a))
			y, _ := strconv.Atoi(leadingNumber(b))
			return x - y
		})
	}
	if reverse {
		slices.Reverse(lines)
	}
	return filtered(*in, strings.Join(lines, "\n")+"\n")
}

func leadingNumber(s string) string {
	n := 0
	for n < len(s) && n < 9 && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return s[:n]
}

func pasteText(args []string, in *string) (string, string, bool) {
	args = slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "-" })
	sep := "\t"
	switch {
	case in == nil:
		return "", "", false
	case slices.Equal(args, []string{"-s"}):
	case len(args) == 2 && args[0] == "-sd" || len(args) == 3 && args[0] == "-s" && args[1] == "-d":
		sep = args[len(args)-1]
	case len(args) == 1 && strings.HasPrefix(args[0], "-sd"):
		sep = args[0][3:]
	default:
		return "", "", false
	}
	if len(sep) > 1 {
		return "", "", false
	}
	return filtered(*in, strings.ReplaceAll(strings.TrimSuffix(*in, "\n"), "\n", sep)+"\n")
}

func foldText(args []string, in *string) (string, string, bool) {
	text, rest, ok := option(args, "-w", "-b", "--width")
	n, err := strconv.Atoi(text)
	if in == nil || !ok || err != nil || n < 1 || len(rest) > 0 {
		return "", "", false
	}
	return filtered(*in, eachLine(*in, func(l string) string {
		var parts []string
		for len(l) > n {
			parts, l = append(parts, l[:n]), l[n:]
		}
		return strings.Join(append(parts, l), "\n")
	}))
}

func colrmText(args []string, in *string) (string, string, bool) {
	if in == nil || len(args) != 2 {
		return "", "", false
	}
	from, err1 := strconv.Atoi(args[0])
	to, err2 := strconv.Atoi(args[1])
	if err1 != nil || err2 != nil || from < 1 || to < from {
		return "", "", false
	}
	return filtered(*in, eachLine(*in, func(l string) string { return l[:min(from-1, len(l))] + l[min(to, len(l)):] }))
}

// ddText passes on its input, perhaps without its beginning.
func ddText(args []string, in *string) (string, string, bool) {
	size, skip, count := 512, 0, -1
	for _, a := range args {
		name, text, _ := strings.Cut(a, "=")
		n, err := strconv.Atoi(text)
		if name == "status" {
			continue
		}
		if err != nil || n < 0 {
			return "", "", false
		}
		switch name {
		case "bs", "ibs":
			size = n
		case "skip":
			skip = n
		case "count":
			count = n
		default:
			return "", "", false
		}
	}
	if in == nil || size > maxOutput || skip > maxOutput || count > maxOutput {
		return "", "", false
	}
	out := (*in)[min(size*skip, len(*in)):]
	if count >= 0 {
		out = out[:min(size*count, len(out))]
	}
	return filtered(*in, out)
}

func exprText(args []string, _ *string) (string, string, bool) {
	if len(args) == 4 && args[0] == "substr" {
		from, err1 := strconv.Atoi(args[2])
		n, err2 := strconv.Atoi(args[3])
		if err1 != nil || err2 != nil || from < 1 || n < 0 {
			return "", "", false
		}
		rest := args[1][min(from-1, len(args[1])):]
		return filtered(args[1], rest[:min(n, len(rest))]+"\n")
	}
	if len(args) == 3 && args[1] == ":" {
		re := basicPattern(args[2], false)
		if re == nil {
			return "", "", false
		}
		m := re.FindStringSubmatchIndex(args[0])
		if len(m) < 4 || m[0] != 0 || m[2] < 0 {
			return "", "", false
		}
		return filtered(args[0], args[0][m[2]:m[3]]+"\n")
	}
	return "", "", false
}

func seqText(args []string, _ *string) (string, string, bool) {
	nums := make([]int, len(args))
	for i, a := range args {
		n, err := strconv.Atoi(a)
		if err != nil {
			return "", "", false
		}
		nums[i] = n
	}
	from, by, to := 1, 1, 0
	switch len(nums) {
	case 1:
		to = nums[0]
	case 2:
		from, to = nums[0], nums[1]
	case 3:
		from, by, to = nums[0], nums[1], nums[2]
	default:
		return "", "", false
	}
	var b strings.Builder
	for n := from; by > 0 && n <= to || by < 0 && n >= to; n += by {
		if fmt.Fprintln(&b, n); b.Len() > maxValue {
			return "", "", false
		}
	}
	return b.String(), "", by != 0
}

func teeText(_ []string, in *string) (string, string, bool) {
	if in == nil {
		return "", "", false
	}
	return *in, "", true
}

func grepText(args []string, in *string) (string, string, bool) {
	if in == nil || len(args) == 0 {
		return "", "", false
	}
	flags, pattern := args[:len(args)-1], args[len(args)-1]
	only, not := false, false
	extended := false
	for _, f := range flags {
		if !strings.HasPrefix(f, "-") || strings.Trim(f[1:], "ovEa") != "" {
			return "", "", false
		}
		only, not = only || strings.Contains(f, "o"), not || strings.Contains(f, "v")
		extended = extended || strings.Contains(f, "E")
	}
	re := basicPattern(pattern, extended)
	if re == nil || only && not {
		return "", "", false
	}
	var out bytes.Buffer
	for l := range strings.Lines(*in) {
		l = strings.TrimSuffix(l, "\n")
		switch {
		case only:
			for _, m := range re.FindAllString(l, -1) {
				if m != "" {
					out.WriteString(m + "\n")
				}
			}
		case re.MatchString(l) != not:
			out.WriteString(l + "\n")
		}
	}
	return filtered(*in, out.String())
}
