package worddiff

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCompare(t *testing.T) {
	for _, tc := range []struct{ old, text, words, marked string }{
		{"systemctl restart api", "systemctl restart web", `"web" in place of "api"`, "web"},
		{"rm -i notes", "rm notes", `without "-i"`, ""},
		{"rm notes", "rm -rf / notes", `"-rf /" added`, "-rf /"},
		{"a b c d", "a x c y", `"x" in place of "b", "y" in place of "d"`, "x|y"},
		{"rm 'a b'", "rm 'a  b'", "the words are the same, the blanks between them are not", ""},
		{"", "ls", `"ls" added`, "ls"},
		{"rm a", "rm a\u00a0b", "\"a\u00a0b\" in place of \"a\"", "a\u00a0b"},
		{"a b c d e f", "1 b 2 d 3 f 4", `"1" in place of "a", "2" in place of "c", "3" in place of "e", "4" added`, "1|2|3|4"},
		{"a", "1 a 2", `"1" added, "2" added`, "1|2"},
	} {
		d := Compare(tc.old, tc.text)
		if got := d.Words(); got != tc.words {
			t.Errorf("%q → %q: %s, want %s", tc.old, tc.text, got, tc.words)
		}
		var marked []string
		for _, s := range d.Spans {
			marked = append(marked, tc.text[s[0]:s[1]])
		}
		if diff := cmp.Diff(tc.marked, strings.Join(marked, "|")); diff != "" {
			t.Errorf("%q → %q marks (-want +got):\n%s", tc.old, tc.text, diff)
		}
	}
}

func TestAlike(t *testing.T) {
	for _, tc := range []struct {
		old, text string
		want      bool
	}{
		{"systemctl restart api", "systemctl restart web", true},
		{"cat a", "cat b", false},
		{"", "", false},
		{"ls", "ls -l -a -h", false},
	} {
		if got := Compare(tc.old, tc.text).Alike(2, 3); got != tc.want {
			t.Errorf("%q and %q are alike: %v", tc.old, tc.text, got)
		}
	}
}

// A flood of words is compared in bounded time, and its end still counts.
func TestLongLines(t *testing.T) {
	long := strings.Repeat("a ", 30_000)
	if d := Compare(long+"x", long+"y"); len(d.Changes) != 1 || !strings.HasSuffix(d.Changes[0].New, "y") {
		t.Errorf("%d changes in the end of a long line", len(d.Changes))
	}
}
