package explain

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"escort/explain/effect"
	"escort/explain/say"
)

// marked writes a text in Armenian letters, its slots excepted: a language that
// nobody has translated anything into, and that shows what is not from a table.
func marked(text string) string {
	slot := 0
	return strings.Map(func(r rune) rune {
		switch {
		case r == '{':
			slot++
		case r == '}':
			slot--
		case slot > 0 || r > unicode.MaxASCII:
		case r >= 'a' && r <= 'z':
			return 'ա' + r - 'a'
		case r >= 'A' && r <= 'Z':
			return 'Ա' + r - 'A'
		}
		return r
	}, text)
}

// pseudo is the catalogue of that language.
func pseudo() *say.Catalogue {
	texts := map[string]string{}
	for id, text := range say.Current().Texts() {
		texts[id] = text
		if !strings.HasPrefix(id, "plural.") {
			texts[id] = marked(text)
		}
	}
	c := say.New("xx", texts)
	c.Lore = func(english string) string {
		if strings.HasPrefix(english, "/") || strings.HasPrefix(english, "~") {
			return english // a path
		}
		return marked(english)
	}
	return c
}

// names are those of languages and commands that stand behind what is typed.
const names = "node javascript applescript elisp erlang haskell tcl Import-Assembly"

var asciiWord = regexp.MustCompile(`[A-Za-z]{2,}`)

// saidIn is every sentence and phrase of an explanation, without what is quoted
// from the command.
func saidIn(e Explanation) []string {
	out := append([]string{e.Headline, e.UndoText}, e.Ask...)
	for _, f := range e.Findings {
		out = append(out, f.Text)
	}
	for _, u := range e.Unknowns {
		out = append(out, u.Text)
		if !strings.HasSuffix(u.Why, ownWords(u.Why)) || ownWords(u.Why) == "" {
			out = append(out, u.Why)
		}
	}
	for _, p := range e.Parts {
		out = append(out, p.Meaning)
	}
	for _, s := range e.Scripts {
		out = append(out, s.Unread)
		for _, l := range s.Worst {
			out = append(out, l.Meaning)
		}
	}
	return out
}

// ownWords are the words of the parser of shell text about a mistake, which are
// quoted as they are.
func ownWords(why string) string {
	before, after, ok := strings.Cut(why, ": ")
	if ok && before == marked("it is not complete or has a mistake") {
		return after
	}
	return ""
}

// numbersOf is all that must not depend on the language.
func numbersOf(e Explanation) Explanation {
	e.Headline, e.UndoText, e.Ask, e.Scripts = "", "", nil, nil
	e.Effects, e.Findings, e.Unknowns, e.Parts = slices.Clone(e.Effects), slices.Clone(e.Findings), slices.Clone(e.Unknowns), slices.Clone(e.Parts)
	for i := range e.Effects {
		e.Effects[i].Object = ""
	}
	for i := range e.Findings {
		e.Findings[i].Text = ""
	}
	for i := range e.Unknowns {
		e.Unknowns[i].Text, e.Unknowns[i].Why, e.Unknowns[i].Name = "", "", ""
	}
	for i := range e.Parts {
		e.Parts[i].Meaning = ""
	}
	return e
}

// TestEverySentenceIsFromATable explains commands in a language that is not
// English: no English word is left but names, and nothing but words changes.
func TestEverySentenceIsFromATable(t *testing.T) {
	all := corpus(t)
	other := pseudo()
	left := map[string][]string{}
	for i := 0; i < len(all); i += 5 {
		cmd := all[i]
		english := line(t, cmd, Nowhere)
		say.Use(other)
		e := line(t, cmd, Nowhere)
		say.Use(nil)
		if a, b := numbersOf(english), numbersOf(e); string(a.AppendJSON(nil)) != string(b.AppendJSON(nil)) {
			t.Errorf("%s: the language changes more than words\n%s\n%s", cmd, a.AppendJSON(nil), b.AppendJSON(nil))
		}
		typed := strings.ToLower(cmd + " " + unbracketed.Replace(cmd) + " " + namesIn(english) + " " + names)
		for _, text := range saidIn(e) {
			for _, w := range asciiWord.FindAllString(text, -1) {
				if !strings.Contains(typed, strings.ToLower(w)) {
					left[w] = append(left[w], cmd+"\n\t\t"+text)
				}
			}
		}
	}
	for _, w := range slices.Sorted(maps.Keys(left)) {
		t.Errorf("%q is in no table, %d times: %s", w, len(left[w]), left[w][0])
	}
}

// unbracketed writes grep's [m]yapp as the name that is looked for.
var unbracketed = strings.NewReplacer("[", "", "]", "")

// namesIn are the names that an explanation adds to those in the command: of
// programs, of accounts, of files that a program has by itself.
func namesIn(e Explanation) string {
	var b strings.Builder
	for _, x := range e.Effects {
		if strings.HasPrefix(x.Object, "/") || strings.HasPrefix(x.Object, "~") || !strings.Contains(x.Object, " ") {
			b.WriteString(" " + x.Object)
		}
		b.WriteString(" " + x.As)
	}
	for _, s := range e.Plan.Starts {
		for _, w := range s.Argv {
			if w != nil {
				b.WriteString(" " + *w)
			}
		}
	}
	for _, p := range e.Parts {
		if p.Kind == effect.PartProgram {
			b.WriteString(" " + p.Program)
		}
	}
	return b.String()
}
