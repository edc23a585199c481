// Package manual reads an installed manual page, as explain/host gives its
// text, for what it says of a program and of its options, so that this can be
// quoted where nothing better is known.
//
// A quotation is one sentence of the page, cut where it is long, on one line,
// with everything invisible made visible and its own quotation marks made
// single. It is found in two places: the NAME section, and a paragraph that
// stands below a line which holds nothing but options ("-a, --all", "-o FILE",
// "--[no-]opt"). What a page only mentions in its synopsis, its examples or in
// running text is not quoted.
//
// # Limits
//
// An option that a page describes twice, in different words, is quoted only
// from a section about options. A page is read up to 4 MB and for its first
// 4,096 options. Pages in other languages are not looked for.
package manual

import "strings"

const (
	maxText    = 4 << 20 // bytes of a page
	maxOptions = 4096
	maxName    = 64 // bytes of the name of a page
)

// Page is one page, read.
type Page struct {
	Source  string // "frob(1)"; the name alone where the section is not known
	does    string // what the NAME section says, the names left out
	options map[string]option
	longer  int // options of several letters after one dash
}

// option is what is said below a line of options.
type option struct {
	text   string // its first paragraph
	value  bool   // the next word is its value where none is attached
	listed bool   // it stands in a section about options
	vague  bool   // other sections say something else
	of     string // the option that the text is about, where this one is its opposite
}

// Plain reports whether name can be that of a page: it is not only one for
// whoever reads it, so nothing is taken off or put right.
func Plain(name string) bool {
	if name == "" || len(name) > maxName || name[0] == '-' || name[0] == '.' {
		return false
	}
	for i := range len(name) {
		c := name[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_.+@:", c) >= 0) {
			return false
		}
	}
	return true
}

// Read reads the text of the page called name. It is nil where the page is not
// about a program, or says nothing that could be quoted.
func Read(name, text string) *Page {
	if len(text) > maxText {
		text = text[:maxText]
	}
	p := &Page{Source: name, options: map[string]option{}}
	first, rest, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	if s := section(first); s != "" {
		if strings.IndexByte("168", s[0]) < 0 {
			return nil
		}
		p.Source, text = name+"("+s+")", rest
	}
	r := reader{page: p}
	for line := range strings.SplitSeq(text, "\n") {
		r.line(line)
	}
	if p.does == "" && len(p.options) == 0 {
		return nil
	}
	return p
}

// section is the section in a first line such as "frob(1)"; empty: there is
// none.
func section(line string) string {
	name, rest, ok := strings.Cut(line, "(")
	s, _, closed := strings.Cut(rest, ")")
	if !ok || !closed || !Plain(name) || s == "" || len(s) > 8 || s[0] < '1' || s[0] > '9' || !Plain(s) {
		return ""
	}
	return s
}

// reader walks the lines of a page.
type reader struct {
	page   *Page
	kind   kind
	tags   []tag // of the lines above that wait for their paragraph
	indent int   // of these lines
}

// kind is what a section is about.
type kind int

const (
	plain kind = iota
	naming
	listing // options
	passed  // what stands there is no description
)

// passedTitles are words in the titles of sections that describe no options of
// the program.
var passedTitles = []string{"SYNOPSIS", "EXAMPLE", "SEE ALSO", "FILES", "ENVIRONMENT", "EXIT ", "AUTHOR", "HISTORY", "BUGS", "COPYRIGHT"}

func kindOf(title string) kind {
	title = strings.ToUpper(title)
	if title == "NAME" {
		return naming
	}
	for _, t := range passedTitles {
		if strings.Contains(title, t) {
			return passed
		}
	}
	for _, t := range []string{"OPTION", "FLAG", "SWITCH"} {
		if strings.Contains(title, t) {
			return listing
		}
	}
	return plain
}

// line reads one line: a title at the margin, options, or a paragraph.
func (r *reader) line(s string) {
	text := strings.TrimLeft(s, " \t")
	indent := len(s) - len(text)
	switch {
	case text == "":
	case indent == 0 && text[0] == '-' && r.kind != naming && r.kind != passed: // a title that is an option
		r.option(text, 0)
	case indent == 0:
		r.kind, r.tags = kindOf(strings.TrimSpace(text)), nil
	case r.kind == naming:
		r.name(text)
	case r.kind == passed:
	case len(r.tags) > 0 && indent > r.indent:
		r.describe(text)
	case text[0] != '-':
		r.tags = nil
	default:
		r.option(text, indent)
	}
}

// name reads "frob, frobnicate - turns things round".
func (r *reader) name(text string) {
	if r.page.does != "" {
		return
	}
	for _, dash := range []string{" - ", " -- ", " — ", " – "} {
		if _, rest, ok := strings.Cut(text, dash); ok {
			r.page.does = strings.TrimSpace(rest)
			return
		}
	}
}

// option reads a line of options, perhaps with what they mean after a gap.
func (r *reader) option(text string, indent int) {
	tags, below := tagsOf(text), ""
	for _, gap := range []string{"  ", ": ", " - "} {
		head, rest, ok := strings.Cut(text, gap)
		if rest = strings.TrimLeft(rest, " "); !ok || rest == "" || rest[0] == '-' && !strings.HasPrefix(rest, "- ") {
			continue
		}
		if strings.Count(head, "[") != strings.Count(head, "]") {
			continue
		}
		if t := tagsOf(head); t != nil && (tags == nil || gap != " - ") {
			tags, below = t, strings.TrimPrefix(rest, "- ")
			break
		}
	}
	if len(tags) == 0 || indent != r.indent {
		r.tags = nil
	}
	r.tags, r.indent = append(r.tags, tags...), indent
	if below != "" && len(tags) > 0 {
		r.describe(below)
	}
}

// describe gives a paragraph to the options above it.
func (r *reader) describe(text string) {
	for _, t := range r.tags {
		r.add(t.name, option{text: text, value: t.value, listed: r.kind == listing, of: opposite(t.name, r.tags)})
	}
	r.tags = nil
}

// opposite is the one of tags that name is the opposite of, as --no-check is of
// --check; empty: there is none.
func opposite(name string, tags []tag) string {
	rest := strings.TrimLeft(name, "-")
	positive, ok := strings.CutPrefix(rest, "no")
	if !ok {
		return ""
	}
	dashes := name[:len(name)-len(rest)]
	for _, t := range tags {
		if t.name == dashes+positive || t.name == dashes+strings.TrimPrefix(positive, "-") {
			return t.name
		}
	}
	return ""
}

func (r *reader) add(name string, o option) {
	all := r.page.options
	old, there := all[name]
	switch {
	case !there && len(all) >= maxOptions:
	case !there, o.listed && !old.listed:
		all[name] = o
		if !there && len(name) > 2 && name[1] != '-' {
			r.page.longer++
		}
	case !old.listed && old.text != o.text:
		old.vague = true
		all[name] = old
	}
}
