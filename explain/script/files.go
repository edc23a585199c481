package script

import (
	"strings"

	"escort/explain/quote"
)

// opens notes a file that is opened, and how.
func (r *reading) opens(at int, first string, all []string) {
	t := r.toks[at]
	object, mode := first, ""
	if len(all) > 1 && strings.Trim(all[1], "rwaxbtU+") == "" {
		mode = all[1]
	}
	if r.language == "perl" && len(all) > 0 {
		object = all[0]
		if m := strings.TrimLeft(object, " "); len(all) > 1 && strings.Trim(m, "<>+|-") == "" || len(all) > 1 && strings.Contains(m, ":") && strings.HasPrefix(m, "<") {
			mode, object = m, all[1]
		} else if n := span(m, func(c rune) bool { return strings.ContainsRune("<>+| ", c) }); n > 0 {
			mode, object = m[:n], m[n:]
		}
		if strings.Contains(mode, "|") && len(all) > 2 {
			object = quote.Single(all[1:])
		}
		if strings.HasSuffix(object, "|") {
			mode, object = "|", strings.TrimSuffix(object, "|")
		}
	}
	if command, ok := strings.CutPrefix(object, "|"); ok && r.language == "ruby" {
		mode, object = "|", command
	}
	if isURL(object) {
		r.tie.web++
		r.add(t.line, netHit, "")
		return
	}
	switch {
	case strings.Contains(mode, "|"):
		r.ran(t.line, object, r.fed(at))
		if strings.Trim(object, hole+" ") == "" {
			r.add(t.line, startHit, "")
			return
		}
		r.add(t.line, runHit, object)
	case strings.ContainsAny(mode, "wax>+"):
		r.add(t.line, writeHit, object)
	default:
		r.add(t.line, readHit, object)
	}
}

// fork notes a process that copies itself without end.
func (r *reading) fork(at int) {
	t := r.toks[at]
	if len(r.source) > 200 {
		return
	}
	for i := max(at-6, 0); i < min(at+4, len(r.toks)); i++ {
		o := r.toks[i]
		if i > at && o.is(";") {
			return
		}
		if o.kind == name && (o.text == "while" || o.text == "loop" || o.text == "until" || o.text == "for") {
			r.add(t.line, forkHit, "")
			return
		}
	}
}
