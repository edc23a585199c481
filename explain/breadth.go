package explain

import (
	"strings"

	"escort/explain/effect"
	"escort/explain/say"
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
		number := say.Digits(len(w.Glob.Paths))
		count := say.Count("command.files", len(w.Glob.Paths), "number", number)
		if w.Glob.More {
			count = say.Count("command.more-files", len(w.Glob.Paths), "number", number)
		}
		r := effect.Caution
		if len(w.Glob.Paths) >= tooMany || w.Glob.More {
			r = effect.High
		}
		j.finding(s, Finding{
			ID: "many-files", Text: say.Text("finding.many-files", "pattern", show(w.Glob.Pattern), "count", count),
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
		a.named = say.Text("command.object-count", "object", a.named, "count", count)
	}
	for _, i := range s.inner {
		said(i, pattern, count)
	}
}
