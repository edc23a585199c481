package release

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Masked is a line as it may be given.
type Masked struct {
	Text   string
	Hidden bool // something was masked in it
}

// Mask masks what is secret in lines that follow each other. Each line stays one.
func Mask(lines []string) []Masked { return mask(lines, rules()) }

func mask(lines []string, rs []*Rule) []Masked {
	s := &sheet{lines: lines, kinds: make([]map[int]string, len(lines))}
	plain, joined := s.view(false), s.view(true)
	for _, r := range rs {
		switch {
		case r.Token != "":
			s.tokens(r, plain, false)
			s.tokens(r, joined, true)
		case r.Value != "":
			s.values(r, plain)
		default:
			s.blocks(r, plain)
		}
	}
	return s.masked()
}

// sheet is lines while they are masked: which bytes of each are secret, and what
// of.
type sheet struct {
	lines []string
	kinds []map[int]string // by the byte at which a character begins
}

// place is where a byte of a view comes from.
type place struct{ line, at int }

// view is the lines as one text in which patterns are looked for.
type view struct {
	text string
	from []place // of each byte
}

// view makes one. What is not seen is left out; so are, where lines are joined,
// their ends and the blanks there.
func (s *sheet) view(joined bool) view {
	var b strings.Builder
	var v view
	for n, line := range s.lines {
		shift := 0
		if joined {
			trimmed := strings.TrimLeft(line, " \t")
			shift, line = len(line)-len(trimmed), strings.TrimRight(trimmed, " \t")
		} else if n > 0 {
			b.WriteByte('\n')
			v.from = append(v.from, place{n, -1})
		}
		for i, c := range line {
			if unicode.In(c, unicode.Mn, unicode.Me, unicode.Cf) {
				continue
			}
			size := b.Len()
			b.WriteRune(c)
			for range b.Len() - size {
				v.from = append(v.from, place{n, shift + i})
			}
		}
	}
	v.text = b.String()
	return v
}

// hide marks what stands between two bytes of a view.
func (s *sheet) hide(v view, from, to int, kind string) {
	for _, p := range v.from[from:to] {
		if p.at < 0 {
			continue
		}
		if s.kinds[p.line] == nil {
			s.kinds[p.line] = map[int]string{}
		}
		if s.kinds[p.line][p.at] == "" {
			s.kinds[p.line][p.at] = kind
		}
	}
}

func (s *sheet) hidden(p place) bool { return p.at >= 0 && s.kinds[p.line][p.at] != "" }

// tokens hides what is secret by its shape. In joined lines only those count that
// a line's end breaks.
func (s *sheet) tokens(r *Rule, v view, joined bool) {
	for _, m := range r.find.FindAllStringIndex(v.text, -1) {
		first, last := v.from[m[0]], v.from[m[1]-1]
		before, _ := utf8.DecodeLastRuneInString(v.text[:m[0]])
		switch {
		case joined && (first.line == last.line || s.hidden(first)):
			continue
		case m[0] > 0 && v.from[m[0]-1].line == first.line && (unicode.IsLetter(before) || unicode.IsDigit(before)):
			continue
		}
		s.hide(v, m[0], m[1], r.Kind)
		s.goOn(last, r.Kind)
	}
}

// leastRest is how few characters a line has that goes on with a token.
const leastRest = 8

// goOn hides the lines after a token that ends with its line, as long as they
// look like more of it.
func (s *sheet) goOn(last place, kind string) {
	if _, n := utf8.DecodeRuneInString(s.lines[last.line][last.at:]); strings.TrimSpace(s.lines[last.line][last.at+n:]) != "" {
		return
	}
	for n := last.line + 1; n < len(s.lines); n++ {
		rest := strings.TrimSpace(s.lines[n])
		if len(rest) < leastRest || strings.Trim(rest, tokenLetters) != "" {
			return
		}
		s.hideLine(n, kind)
	}
}

const tokenLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_.-"

// hideLine hides a line but for the blanks before it.
func (s *sheet) hideLine(n int, kind string) {
	if s.kinds[n] == nil {
		s.kinds[n] = map[int]string{}
	}
	start := len(s.lines[n]) - len(strings.TrimLeft(s.lines[n], " \t"))
	for i := range s.lines[n] {
		if i >= start && s.kinds[n][i] == "" {
			s.kinds[n][i] = kind
		}
	}
}

// values hides the groups of what is found.
func (s *sheet) values(r *Rule, v view) {
	for _, m := range r.find.FindAllStringSubmatchIndex(v.text, -1) {
		if r.except != nil && r.except.MatchString(v.text[m[0]:m[1]]) {
			continue
		}
		for i := 2; i < len(m); i += 2 {
			if m[i] < 0 || m[i] == m[i+1] {
				continue
			}
			if value := v.text[m[i]:m[i+1]]; r.random(value) && !veiled(value) && v.from[m[0]+leading(v.text[m[0]:])].line == v.from[m[i+1]-1].line {
				s.hide(v, m[i], m[i+1], r.Kind)
			}
		}
	}
}

// leading is how many line ends and blanks a text begins with.
func leading(text string) int { return len(text) - len(strings.TrimLeft(text, " \t\n")) }

// blocks hides from the begin to the end of a block; one that does not end, to the
// last line.
func (s *sheet) blocks(r *Rule, v view) {
	for at := 0; at < len(v.text); {
		m := r.find.FindStringIndex(v.text[at:])
		if m == nil {
			return
		}
		from, to := at+m[0], len(v.text)
		if e := r.end.FindStringIndex(v.text[at+m[1]:]); e != nil {
			to = at + m[1] + e[1]
		}
		s.hide(v, from, to, r.Kind)
		at = to
	}
}

// masked writes the lines with what is secret replaced.
func (s *sheet) masked() []Masked {
	out := make([]Masked, len(s.lines))
	for n, line := range s.lines {
		if len(s.kinds[n]) == 0 {
			out[n].Text = line
			continue
		}
		var b strings.Builder
		was := ""
		for i, c := range line {
			kind := s.kinds[n][i]
			switch {
			case kind == "" && was != "" && unicode.In(c, unicode.Mn, unicode.Me, unicode.Cf):
				continue // of a character that is masked
			case kind == "":
				b.WriteRune(c)
			case kind != was:
				b.WriteString(masked(kind))
			}
			was = kind
		}
		out[n] = Masked{b.String(), true}
	}
	return out
}
