package recipe

import (
	"iter"
	"strings"

	"escort/explain/effect"
)

// tableRows are the rows of a table of commands: what each is about, and the
// step that it is. The first line of a table names its columns. Other languages
// have the sentence of a row as "lore/TABLE/COMMAND".
func tableRows(name, table string) iter.Seq2[string, Step] {
	return func(yield func(string, Step) bool) {
		for line := range strings.Lines(table) {
			f := strings.Split(strings.TrimSpace(line), " | ")
			if strings.HasPrefix(line, "#") || len(f) < 6 {
				continue
			}
			s := Step{Verb: f[1], Role: effect.Role(f[2]), Dimension: effect.Dimension(f[3]), Risk: effect.Letters[f[4]], Say: f[5], table: name + "/" + f[0]}
			if len(f) > 6 {
				s.ID, s.Technique, _ = strings.Cut(f[6], ", ")
			}
			if !yield(f[0], s) {
				return
			}
		}
	}
}
