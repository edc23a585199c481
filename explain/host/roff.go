package host

import (
	"bytes"
	"slices"
	"strings"
)

// renderRoff turns a manual page in man(7) or mdoc(7) into plain text: titles
// stand at the margin, paragraphs are one line each, indented by four, what
// describes an option by eight, below the line with the option. It knows the
// macros that pages use to mark up words; requests that compute or define
// (roff(7)) are left out, and so is what they would have printed.
func renderRoff(page []byte) string {
	r := roff{}
	for line := range bytes.Lines(page) {
		r.line(strings.TrimRight(string(line), "\r\n"))
	}
	r.flush()
	return r.out.String()
}

type roff struct {
	out     strings.Builder
	pending []string // words of the paragraph being gathered
	deep    bool     // the paragraph describes the tag above it
	tag     bool     // the next text is a tag
	long    bool     // it goes on to .Xc
	plain   bool     // lines are kept as they are
	until   string   // what ends a definition that is left out; "": none
	braces  int      // depth of a conditional block that is left out
	name    string   // what .Nm without words stands for
}

func (r *roff) line(s string) {
	switch {
	case r.until != "":
		if s == r.until {
			r.until = ""
		}
	case r.braces > 0:
		r.braces += strings.Count(s, `\{`) - strings.Count(s, `\}`)
	case strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'"):
		r.request(s[1:])
	case strings.TrimSpace(s) == "":
		r.flush()
	case (s[0] == ' ' || s[0] == '\t') && !r.plain && !r.tag && r.until == "":
		r.indented(clean(strings.TrimLeft(s, " \t")))
	default:
		r.text(clean(s))
	}
}

// indented adds a line that begins with a space, which starts a new line on
// the page: some pages write what an option means so.
func (r *roff) indented(s string) {
	r.flush()
	r.deep = true
	r.text(s)
}

// text adds words, or a whole line where lines are kept.
func (r *roff) text(s string) {
	if s = strings.TrimRight(s, " "); s == "" {
		return
	}
	r.pending = append(r.pending, s)
	switch {
	case r.long:
	case r.tag:
		r.tagged()
	case r.plain:
		r.flush()
	}
}

// tagged ends a tag: what follows describes it.
func (r *roff) tagged() {
	r.flush()
	r.tag, r.long, r.deep = false, false, true
}

// flush ends the paragraph.
func (r *roff) flush() {
	if len(r.pending) > 0 {
		r.out.WriteString("    ")
		if r.deep && !r.tag {
			r.out.WriteString("    ")
		}
		r.out.WriteString(strings.Join(r.pending, " "))
		r.out.WriteByte('\n')
	}
	r.pending = r.pending[:0]
}

// title writes a heading.
func (r *roff) title(s string) {
	r.flush()
	r.deep, r.tag, r.long, r.plain = false, false, false, false
	if s != "" {
		r.out.WriteString("\n" + s + "\n")
	}
}

// request acts on a line that starts with a dot.
func (r *roff) request(s string) {
	s = strings.TrimLeft(s, " \t")
	if strings.HasPrefix(s, `\"`) || s == "" {
		return
	}
	name, rest, _ := strings.Cut(strings.ReplaceAll(s, "\t", " "), " ")
	args := roffWords(rest)
	switch {
	case layout[name] != nil:
		layout[name](r, args)
	case alternating[name]:
		r.text(strings.Join(args, ""))
	case marking[name]:
		r.text(strings.Join(args, " "))
	case mdocWords[name]:
		r.text(r.mdoc(append([]string{name}, args...)))
		if r.long && name == "Xc" {
			r.tagged()
		}
	case name == "de" || name == "ig" || name == "am":
		r.until = ".."
		if name != "ig" && len(args) > 1 {
			r.until = "." + args[1]
		}
	case name == "if" || name == "ie" || name == "el" || name == "while":
		r.braces = max(0, strings.Count(rest, `\{`)-strings.Count(rest, `\}`))
	}
}

// layout says what the macros do that shape the page rather than mark words.
var layout = map[string]func(r *roff, args []string){
	"SH": heading, "SS": heading, "Sh": heading, "Ss": heading,
	"PP": paragraph, "P": paragraph, "LP": paragraph, "HP": paragraph, "Pp": paragraph, "El": paragraph,
	"br": func(r *roff, _ []string) { r.flush() },
	"sp": func(r *roff, _ []string) { r.flush() },
	"RS": func(r *roff, _ []string) { r.flush(); r.deep = true },
	"RE": func(r *roff, _ []string) { r.flush(); r.deep = false },
	"nf": func(r *roff, _ []string) { r.flush(); r.plain = true },
	"EX": func(r *roff, _ []string) { r.flush(); r.plain = true },
	"Bd": func(r *roff, _ []string) { r.flush(); r.plain = true },
	"fi": func(r *roff, _ []string) { r.flush(); r.plain = false },
	"EE": func(r *roff, _ []string) { r.flush(); r.plain = false },
	"Ed": func(r *roff, _ []string) { r.flush(); r.plain = false },
	"TP": func(r *roff, _ []string) { r.flush(); r.tag = true },
	"TQ": func(r *roff, _ []string) { r.flush(); r.tag = true },
	"IP": func(r *roff, args []string) {
		r.flush()
		r.deep = len(args) == 0 || !bullets[strings.TrimSpace(args[0])]
		if len(args) > 0 && r.deep && strings.TrimSpace(args[0]) != "" {
			r.tag = true
			r.text(args[0])
			r.deep = true
		}
	},
	"It": func(r *roff, args []string) {
		r.flush()
		r.tag, r.long = true, slices.Contains(args, "Xo") && !slices.Contains(args, "Xc")
		r.text(r.mdoc(args))
		if !r.long {
			r.tag, r.deep = false, true
		}
	},
	"UR": func(r *roff, args []string) { r.text(strings.Join(args, " ")) },
	"MT": func(r *roff, args []string) { r.text(strings.Join(args, " ")) },
	"OP": func(r *roff, args []string) { r.text("[" + strings.Join(args, " ") + "]") },
	"SY": func(r *roff, args []string) { r.flush(); r.text(strings.Join(args, " ")) },
	"YS": func(r *roff, _ []string) { r.flush() },
}

// bullets are the tags of paragraphs that are only marked, not described.
var bullets = map[string]bool{"-": true, "o": true, "*": true, "+": true, "·": true, "•": true}

func heading(r *roff, args []string) { r.title(strings.Join(args, " ")) }

func paragraph(r *roff, _ []string) { r.flush(); r.deep, r.tag, r.long = false, false, false }

// alternating macros set their words in two fonts without a space between.
var alternating = words("BR BI IB IR RB RI")

// marking macros set their words in one font.
var marking = words("B I R SM SB")

func words(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// roffWords splits the words of a request, quotes taken off.
func roffWords(s string) []string {
	var args []string
	for {
		s = strings.TrimLeft(s, " ")
		if s == "" || strings.HasPrefix(s, `\"`) {
			return args
		}
		var w strings.Builder
		quoted := s[0] == '"'
		i := 0
		if quoted {
			i = 1
		}
		for ; i < len(s); i++ {
			switch c := s[i]; {
			case c == '\\' && i+1 < len(s): // also an escaped space
				w.WriteString(s[i : i+2])
				i++
				continue
			case quoted && c == '"' && i+1 < len(s) && s[i+1] == '"':
				i++
			case quoted && c == '"', !quoted && c == ' ':
				s = s[i:]
				goto next
			}
			w.WriteByte(s[i])
		}
		s = ""
	next:
		s = strings.TrimPrefix(s, `"`)
		args = append(args, clean(w.String()))
	}
}
