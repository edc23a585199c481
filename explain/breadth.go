package explain

import (
	"strconv"
	"strings"

	"escort/explain/effect"
	"escort/explain/shell"
)

// From so many files on, a wildcard reaches further than a person checks.
const (
	manyFiles = 100
	tooMany   = 1000
)

// breadth notes wildcards that stand for very many files that are changed.
// They are counted on the host; nothing is run for it.
func (j *job) breadth(s *step, c *shell.Command, f frame) {
	if !changes(s) {
		return
	}
	for _, w := range c.Words {
		if w.Glob == nil || !w.Glob.Known || len(w.Glob.Paths) < manyFiles {
			continue
		}
		count := thousands(len(w.Glob.Paths)) + " files"
		if w.Glob.More {
			count = "more than " + count
		}
		r := effect.Caution
		if len(w.Glob.Paths) >= tooMany || w.Glob.More {
			r = effect.High
		}
		j.finding(s, Finding{
			ID: "many-files", Text: show(w.Glob.Pattern) + " stands for " + count + ".",
			Dimension: effect.Damage, Risk: r, Span: f.at(w.Span),
		})
		said(s, show(w.Glob.Pattern), count)
	}
}

// changes reports whether a step or what it runs changes or deletes files.
func changes(s *step) bool {
	if s.writes() {
		return true
	}
	for _, i := range s.inner {
		if changes(i) {
			return true
		}
	}
	return false
}

// said puts the number of files into the words about a pattern.
func said(s *step, pattern, count string) {
	for i := range s.acts {
		a := &s.acts[i]
		if a.Object != pattern && a.Object != strings.ReplaceAll(pattern, shell.Unknown, "…") {
			continue
		}
		if a.named == "" {
			a.named = a.Object
		}
		a.named += " (" + count + ")"
	}
	for _, i := range s.inner {
		said(i, pattern, count)
	}
}

// thousands writes a number with commas: 3,412.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
