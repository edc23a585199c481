package lore_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"escort/explain"
	"escort/explain/lore"
	"escort/explain/prose"
)

var (
	vowels = regexp.MustCompile(`[aeiouy]+`)
	letter = regexp.MustCompile(`^[A-Za-z'-]+[,.:]?$`)
)

// grade is the Flesch–Kincaid grade of a headline. A name or path counts as one
// short word: it is recognised, not read.
func grade(headline string) float64 {
	words, syllables := 0, 0
	for w := range strings.FieldsSeq(headline) {
		words++
		w = strings.ToLower(strings.Trim(w, "().,:"))
		if !letter.MatchString(w) {
			syllables++
			continue
		}
		n := len(vowels.FindAllString(w, -1))
		if strings.HasSuffix(w, "e") && !strings.HasSuffix(w, "le") || strings.HasSuffix(w, "es") && !strings.HasSuffix(w, "ses") {
			n--
		}
		syllables += max(n, 1)
	}
	sentences := max(1, strings.Count(headline, ". ")+1)
	return 0.39*float64(words)/float64(sentences) + 11.8*float64(syllables)/float64(max(words, 1)) - 15.59
}

// TestHeadlinesAreShortAndPlain measures the headlines of all examples.
func TestHeadlinesAreShortAndPlain(t *testing.T) {
	entries := written(t)
	type said struct {
		headline string
		grade    float64
	}
	var all []said
	seen := map[string]bool{}
	var walk func(e *lore.Entry)
	walk = func(e *lore.Entry) {
		for _, x := range e.Examples {
			h := explain.Explain(context.Background(), explain.Request{Text: x.Cmd, World: explain.Nowhere}).Headline
			if n := utf8.RuneCountInString(h); n > prose.MaxHeadline {
				t.Errorf("%s: %d characters: %q", x.Cmd, n, h)
			}
			if first := h[:1]; first != strings.ToUpper(first) || !strings.HasSuffix(h, ".") && !strings.HasSuffix(h, "…") {
				t.Errorf("%s: no sentence: %q", x.Cmd, h)
			}
			if !seen[h] {
				seen[h] = true
				all = append(all, said{h, grade(h)})
			}
		}
		for _, s := range e.Subcommands {
			walk(s)
		}
	}
	for _, e := range entries {
		walk(e)
	}
	slices.SortFunc(all, func(a, b said) int { return int(100 * (a.grade - b.grade)) })
	median, most := all[len(all)/2], all[len(all)*95/100]
	if median.grade > 7 {
		t.Errorf("the median reading grade is %.1f: %q", median.grade, median.headline)
	}
	if most.grade > 10 {
		t.Errorf("the reading grade of one in twenty is over %.1f: %q", most.grade, most.headline)
	}
	t.Logf("%d headlines, median %.1f, 95 %% %.1f", len(all), median.grade, most.grade)
	if testing.Verbose() {
		for _, s := range all[len(all)-25:] {
			t.Logf("%.1f %s", s.grade, s.headline)
		}
	}
}
