package recipe

import (
	"strings"
	"testing"
)

// odd are texts that could lead a reader astray, or keep it busy.
var odd = []string{
	"", "\x00", "a", "\\", "$", "$(", "a: b\n\t$(", "[", "{", "RUN", "RUN <<", "RUN <<EOF", "ExecStart=\\", "* * * * *", "'", "\"", "$$", "/*", "--",
	"\\!", ".", "delimiter ", "- - - -", "a: &a [*a, *a]", "define x", "x = $(x)\nall: $(x)\n\techo $(x)", "A = $(B)$(B)\nB = $(A)$(A)\n$(A):",
	"command = [", "[alias]\n\tx = !", "{\"scripts\":", "provisioner \"local-exec\"\ncommand = <<EOF",
	strings.Repeat("(", 5000), strings.Repeat("$(", 5000), strings.Repeat("[", 5000), strings.Repeat("- ", 5000), strings.Repeat("select 1;", 5000),
	strings.Repeat("a: b\n\techo\n", 5000), strings.Repeat("'", 5001),
}

// TestOddTextsAreAnswered checks that every reader ends, within its count of
// steps and inside the text.
func TestOddTextsAreAnswered(t *testing.T) {
	for language := range readers {
		for _, text := range odd {
			for _, s := range Read(language, text, Asked{}) {
				if s.Line < 0 || s.Line > strings.Count(text, "\n")+2 {
					t.Errorf("%s of %.30q: line %d", language, text, s.Line)
				}
				n := 0
				for _, set := range []bool{s.Shell != "", s.Verb != "", s.File != "", s.Unread != ""} {
					if set {
						n++
					}
				}
				if n > 1 {
					t.Errorf("%s of %.30q: says more than one thing: %+v", language, text, s)
				}
			}
			if n := len(Read(language, text, Asked{})); n > MaxSteps+1 {
				t.Errorf("%s of %.30q: %d steps", language, text, n)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, o := range odd {
		if len(o) < 200 {
			f.Add(o)
		}
	}
	f.Fuzz(func(_ *testing.T, text string) {
		for language := range readers {
			Read(language, text, Asked{})
		}
	})
}
