package theme

import (
	"strings"
	"testing"

	"escort/explain/quote"
)

func TestWrapLosesNothing(t *testing.T) {
	for _, text := range []string{
		"", "one", "one two three four five", strings.Repeat("x", 50), "a  b   c    d", "ж 漢字漢字漢字 e\u0301e\u0301e\u0301",
	} {
		for n := 2; n < 30; n++ {
			var got []string
			for _, l := range (Line{Of(Plain, quote.Line(text))}).Wrap(n, 2) {
				if w := l.Width(); w > n {
					t.Errorf("%q at %d: %q is %d wide", text, n, l.Text(), w)
				}
				got = append(got, l.Text())
			}
			squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
			if want := squeeze(quote.Line(text).String()); squeeze(strings.Join(got, "")) != want {
				t.Errorf("%q at %d became %q", text, n, got)
			}
		}
	}
}

func TestRenderIsExact(t *testing.T) {
	th := Theme{Bare: true}
	for _, tc := range []struct {
		text string
		n    int
		want string
	}{{"abc", 5, "abc  "}, {"abcdef", 4, "abc…"}, {"漢字漢", 4, "漢… "}, {"", 2, "  "}} {
		if got := th.Render(Line{Of(Strong, quote.Line(tc.text))}, tc.n); got != tc.want {
			t.Errorf("%q in %d: %q, want %q", tc.text, tc.n, got, tc.want)
		}
	}
	if got := th.Render(Line{{text: "a\x1b]0;x\x07\u009b"}}, 8); strings.ContainsAny(got, "\x1b\x07\u009b") {
		t.Errorf("a control got through: %q", got)
	}
}
