package manual

import "strings"

// tag is one spelling of an option in a line of options.
type tag struct {
	name  string // "-a", "--all"
	value bool
}

const (
	maxTagLine = 160 // bytes
	maxTags    = 16
	maxWords   = 4 // of the value that an option takes
)

// tagsOf reads a line that holds nothing but options and their values: "-a,
// --all", "-o FILE", "--opt=VALUE", "--color[=WHEN]", "--[no-]opt", "-f|--file
// <path>", "-a or --all". It is nil for any other line.
func tagsOf(line string) []tag {
	if len(line) > maxTagLine {
		return nil
	}
	var out []tag
	value, words := false, 0
	for _, w := range strings.Fields(separated(line)) {
		switch {
		case w == "," || w == "|" || w == "/" || w == "or" || w == "and":
			words = 0
		case w[0] == '-' && len(w) > 1 && len(out) < maxTags:
			names, takes := spellings(w)
			if names == nil {
				return nil
			}
			value, words = value || takes, 0
			for _, n := range names {
				out = append(out, tag{name: n})
			}
		case len(out) == 0, words == maxWords, strings.HasSuffix(w, ".") && !strings.HasSuffix(w, "..."):
			return nil
		default:
			words++
			value = value || w[0] != '['
		}
	}
	for i := range out { // a value is often written behind the last spelling only
		out[i].value = value
	}
	return out
}

// separated sets what divides options off by spaces, outside of brackets: the
// comma in "-a,--all", not the one in "<name>[,<value>]".
func separated(line string) string {
	if !strings.ContainsAny(line, ",|") {
		return line
	}
	var b strings.Builder
	depth := 0
	for i := range len(line) {
		c := line[i]
		switch c {
		case '[', '<', '{', '(':
			depth++
		case ']', '>', '}', ')':
			depth--
		case ',', '|':
			if rest := strings.TrimLeft(line[i+1:], " "); depth <= 0 && strings.HasPrefix(rest, "-") {
				b.WriteString(" " + string(c) + " ")
				continue
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}

// spellings reads one word such as "--[no-]opt=VALUE": the options that it
// stands for, and whether they take a value. It is nil for what is no option.
func spellings(word string) (names []string, value bool) {
	end := nameEnd(word)
	name, rest := word[:end], word[end:]
	if names, value := optional(name, rest); names != nil {
		return names, value
	}
	switch {
	case strings.Trim(name, "-") == "":
		return nil, false
	case rest == "", strings.HasPrefix(rest, "["): // --color[=WHEN]: never the next word
	case rest[0] == '=' || rest[0] == '<':
		value = true
	case rest == ",", rest == "...", rest == ";", rest == ":":
	default:
		return nil, false
	}
	return []string{name}, value
}

// optional reads a name of which a part stands in brackets, as in "--[no-]opt"
// and "--verb[ose]"; rest is what follows name in the word.
func optional(name, rest string) (names []string, value bool) {
	if rest == "" || rest[0] != '[' && rest[0] != '(' {
		return nil, false
	}
	inside, after, ok := strings.Cut(rest[1:], map[byte]string{'[': "]", '(': ")"}[rest[0]])
	if !ok || inside == "" || strings.Trim(inside, letters+"-") != "" {
		return nil, false
	}
	n := nameEnd("-"+after) - 1
	tail := after[:max(n, 0)]
	if bare := strings.Trim(name, "-") == ""; bare && tail == "" || !bare && !strings.HasPrefix(name, "--") {
		return nil, false
	}
	return []string{name + tail, name + inside + tail}, strings.HasPrefix(after[len(tail):], "=")
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// nameEnd is where the name of the option that word begins with ends. A name
// of one dash may be one sign: "-?", "-@".
func nameEnd(word string) int {
	i := 0
	for i < len(word) && i < 2 && word[i] == '-' {
		i++
	}
	if i == 1 && len(word) > 1 && strings.IndexByte("?@#$%^!+~", word[1]) >= 0 {
		return 2
	}
	start := i
	for i < len(word) && (strings.IndexByte(letters, word[i]) >= 0 || i > start && strings.IndexByte("-_.+", word[i]) >= 0) {
		i++
	}
	for i > start && word[i-1] == '.' { // "-a..." is one that may be repeated
		i--
	}
	return i
}
