package shell

import (
	"regexp"
	"strconv"
	"strings"
)

// basicPattern is a pattern of grep and sed as one of this language; nil: it
// says something that has none.
func basicPattern(s string, extended bool) *regexp.Regexp {
	if len(s) > 1<<10 {
		return nil
	}
	var b strings.Builder
	set := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case set:
			set = c != ']' || s[i-1] == '[' || s[i-1] == '^' && s[i-2] == '['
			if c == '\\' || c == '[' && (i+1 >= len(s) || s[i+1] != ':') {
				b.WriteByte('\\')
			} else if c == '[' {
				return nil
			}
			b.WriteByte(c)
		case c == '[':
			set = true
			b.WriteByte(c)
		case c == '\\' && i+1 < len(s):
			i++
			switch n := s[i]; {
			case strings.IndexByte("(){}|+?", n) >= 0:
				if extended {
					b.WriteByte('\\')
				}
				b.WriteByte(n)
			case n == 'n' || n == 't' || n == 's' || n == 'w' || n == 'b':
				b.WriteString(`\` + string(n))
			case n >= '0' && n <= '9' || n|0x20 >= 'a' && n|0x20 <= 'z':
				return nil
			default:
				b.WriteString(`\` + string(n))
			}
		case !extended && strings.IndexByte("(){}|+?", c) >= 0:
			b.WriteString(`\` + string(c))
		case !extended && c == '*' && (i == 0 || i == 1 && s[0] == '^'):
			b.WriteString(`\*`)
		default:
			b.WriteByte(c)
		}
	}
	re, err := regexp.Compile(b.String())
	if err != nil {
		return nil
	}
	re.Longest()
	return re
}

// sedText is sed with substitutions, y, and the printing of lines by number.
func sedText(args []string, in *string) (string, string, bool) {
	if in == nil {
		return "", "", false
	}
	extended, quiet := false, false
	var scripts []string
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "-E" || a == "-r":
			extended = true
		case a == "-n":
			quiet = true
		case a == "-e" && i+1 < len(args):
			i++
			scripts = append(scripts, args[i])
		case strings.HasPrefix(a, "-") || len(scripts) > 0:
			return "", "", false
		default:
			scripts = append(scripts, a)
		}
	}
	script := strings.Join(scripts, ";")
	if quiet {
		n, err := strconv.Atoi(strings.TrimSuffix(script, "p"))
		lines := units(*in, false)
		if err != nil || !strings.HasSuffix(script, "p") || n < 1 || n > len(lines) {
			return "", "", false
		}
		return filtered(*in, lines[n-1])
	}
	changes := sedChanges(script, extended)
	if changes == nil {
		return "", "", false
	}
	return filtered(*in, eachLine(*in, func(l string) string {
		for _, c := range changes {
			if len(l) <= maxValue {
				l = c(l)
			}
		}
		return l
	}))
}

// sedChanges are the s and y of a script; nil: it holds something else.
func sedChanges(script string, extended bool) []func(string) string {
	var out []func(string) string
	for script = strings.TrimLeft(script, "; \n\t"); script != ""; script = strings.TrimLeft(script, "; \n\t") {
		if len(script) < 4 || script[0] != 's' && script[0] != 'y' || len(out) > 32 {
			return nil
		}
		kind, end := script[0], script[1]
		from, rest, ok1 := until(script[2:], end)
		to, rest, ok2 := until(rest, end)
		if !ok1 || !ok2 || alnum(end) {
			return nil
		}
		flags := ""
		for rest != "" && strings.IndexByte("; \n\t", rest[0]) < 0 {
			flags, rest = flags+rest[:1], rest[1:]
		}
		script = rest
		change := substitution(kind, from, to, flags, extended)
		if change == nil {
			return nil
		}
		out = append(out, change)
	}
	return out
}

// until cuts s at the next end that is not escaped.
func until(s string, end byte) (before, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == end:
			return b.String(), s[i+1:], true
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == end:
			i++
			b.WriteByte(end)
		case s[i] == '\\' && i+1 < len(s):
			b.WriteByte('\\')
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", false
}

func substitution(kind byte, from, to, flags string, extended bool) func(string) string {
	if kind == 'y' {
		a, b := []rune(from), []rune(to)
		if len(a) != len(b) || flags != "" || strings.Contains(from+to, `\`) {
			return nil
		}
		table := make(map[rune]rune, len(a))
		for i := len(a) - 1; i >= 0; i-- {
			table[a[i]] = b[i]
		}
		return func(l string) string {
			return strings.Map(func(c rune) rune {
				if by, ok := table[c]; ok {
					return by
				}
				return c
			}, l)
		}
	}
	re := basicPattern(from, extended)
	if re == nil || flags != "" && flags != "g" {
		return nil
	}
	by := replacement(to)
	return func(l string) string {
		n := 0
		return re.ReplaceAllStringFunc(l, func(m string) string {
			if n++; n > 1 && flags == "" {
				return m
			}
			return string(re.ExpandString(nil, by, m, re.FindStringSubmatchIndex(m)))
		})
	}
}

// replacement writes what sed puts in place as the templates here do.
func replacement(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '$':
			b.WriteString("$$")
		case s[i] == '&':
			b.WriteString("${0}")
		case s[i] == '\\' && i+1 < len(s):
			i++
			switch {
			case s[i] >= '0' && s[i] <= '9':
				b.WriteString("${" + string(s[i]) + "}")
			case s[i] == 'n':
				b.WriteByte('\n')
			case s[i] == 't':
				b.WriteByte('\t')
			default:
				b.WriteByte(s[i])
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
